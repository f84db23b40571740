"""The least change after which nothing is found: later, higher, or elsewhere.

Each kind of change is tried alone, on a grid, nearest first, and each trial is checked
against everything: the others' operations and our own, every zone, boundary and airfield,
the coverage and the agreement's area. What is suggested is what was tried, to the minute and
the foot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice, repeat

from keepclear.geometry.geodesy import destination
from keepclear.model.agreement import SuggestionLimits
from keepclear.model.altitude import Altitude, AltitudeBand
from keepclear.model.answer import Suggestion, SuggestionKind
from keepclear.model.operation import Operation, OperationClass
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position, Volume

STEP_S = 60.0
"""One minute."""
STEP_M = 152.4
"""500 ft."""
STEP_UNMANNED_M = 15.24
"""50 ft."""
STEP_LATERAL_M = 185.2
"""A tenth of a nautical mile."""
BEARINGS = 16

FirstPassing = Callable[[Sequence[Operation]], int | None]
"""Which of several trials is the first that meets nothing at all, checked against everything;
None where none is."""
_BATCHES = (8, 32, 128)
"""How many trials are handed over at once: few at first, since small changes often suffice."""


def suggestions_for(
    operation: Operation, limits: SuggestionLimits, *, now: datetime, first_passing: FirstPassing
) -> tuple[Suggestion, ...]:
    """The least change of each kind that passes, or that none within the limits does.

    Args:
        operation: the one to change.
        limits: how far a change may go.
        now: no volume is moved to start before it.
        first_passing: the check.
    """
    kinds = [
        (SuggestionKind.TIME, times(operation, limits, now)),
        (SuggestionKind.LATERAL, places(limits)),
    ]
    if operation.operation_class is not OperationClass.GROUND_MOVEMENT:
        kinds.insert(1, (SuggestionKind.ALTITUDE, heights(operation, limits)))
    return tuple(_first(operation, kind, changes, first_passing) for kind, changes in kinds)


def _first(
    operation: Operation,
    kind: SuggestionKind,
    changes: Iterator[Suggestion],
    first_passing: FirstPassing,
) -> Suggestion:
    for size in chain(_BATCHES, repeat(_BATCHES[-1])):
        batch = list(islice(changes, size))
        if not batch:
            break
        found = first_passing([changed(operation, change) for change in batch])
        if found is not None:
            return batch[found]
    return Suggestion(kind, found=False)


def times(operation: Operation, limits: SuggestionLimits, now: datetime) -> Iterator[Suggestion]:
    """Later and earlier by whole minutes, nearest first; never to start before `now`."""
    ahead_s = (min(v.window.start for v in operation.volumes) - now).total_seconds()
    for step in range(1, int(limits.time_s / STEP_S) + 1):
        yield Suggestion(SuggestionKind.TIME, found=True, time_s=step * STEP_S)
        if step * STEP_S <= ahead_s:
            yield Suggestion(SuggestionKind.TIME, found=True, time_s=-step * STEP_S)


def heights(operation: Operation, limits: SuggestionLimits) -> Iterator[Suggestion]:
    """Higher and lower by whole steps, nearest first; never below the reference surface."""
    unmanned = operation.operation_class is OperationClass.UNMANNED
    step_m = STEP_UNMANNED_M if unmanned else STEP_M
    lowest_m = min(volume.band.lower.value_m for volume in operation.volumes)
    for step in range(1, int(limits.vertical_m / step_m + 1e-9) + 1):
        yield Suggestion(SuggestionKind.ALTITUDE, found=True, vertical_m=step * step_m)
        if lowest_m - step * step_m >= 0.0:
            yield Suggestion(SuggestionKind.ALTITUDE, found=True, vertical_m=-step * step_m)


def places(limits: SuggestionLimits) -> Iterator[Suggestion]:
    """Moved whole by tenths of a mile on sixteen bearings, nearest first."""
    for step in range(1, int(limits.lateral_m / STEP_LATERAL_M + 1e-9) + 1):
        for bearing in range(BEARINGS):
            yield Suggestion(
                SuggestionKind.LATERAL,
                found=True,
                lateral_m=step * STEP_LATERAL_M,
                bearing_deg=bearing * 360.0 / BEARINGS,
            )


def changed(operation: Operation, suggestion: Suggestion) -> Operation:
    """The operation as a suggestion would have it; every volume changes alike."""
    if suggestion.kind is SuggestionKind.TIME:
        volumes = [
            replace(v, window=v.window.shifted(suggestion.time_s)) for v in operation.volumes
        ]
    elif suggestion.kind is SuggestionKind.ALTITUDE:
        volumes = [_raised(v, suggestion.vertical_m) for v in operation.volumes]
    else:
        volumes = [replace(v, footprint=_moved(v.footprint, suggestion)) for v in operation.volumes]
    return replace(operation, volumes=tuple(volumes))


def _raised(volume: Volume, by_m: float) -> Volume:
    def raised(altitude: Altitude) -> Altitude:
        return replace(altitude, value_m=altitude.value_m + by_m)

    return replace(volume, band=AltitudeBand(raised(volume.band.lower), raised(volume.band.upper)))


def _moved(footprint: Footprint, by: Suggestion) -> Footprint:
    """Every position moved along the geodesic of that bearing; widths are kept."""

    def moved(positions: tuple[Position, ...]) -> tuple[Position, ...]:
        return tuple(destination(p, by.bearing_deg, by.lateral_m) for p in positions)

    match footprint:
        case Circle():
            return replace(footprint, centre=moved((footprint.centre,))[0])
        case Corridor():
            return replace(footprint, centreline=moved(footprint.centreline))
        case Polygon():
            return Polygon(tuple(moved(ring) for ring in footprint.rings))
