"""Make plans of recorded flights: corridors that hold every recorded position.

A recording says where aircraft were, not what anybody planned. Plans made of it serve
exercises, benchmarks and replays with traffic as it really is. Each flight becomes one
operation; each leg of it one volume. For every recorded position there is a volume that
holds it in plan, height and time, and no volume is larger than its settings say. Between
two positions a straight line is taken; across gaps nothing is claimed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from keepclear.errors import InvalidFile, InvalidInput
from keepclear.formats.reading import Reading, derived_id
from keepclear.formats.trajectories import Trajectory
from keepclear.geometry.simplify import simplified
from keepclear.model.altitude import HIGHEST_M, LOWEST_M, Altitude, AltitudeBand
from keepclear.model.operation import Mode, Operation, OperationClass, Source, SourceKind
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import WIDEST_M, Circle, Corridor, Footprint, Position, Volume
from keepclear.model.window import Window
from keepclear.services.party_rule import PartyRule

__all__ = ["PartyRule", "VolumeSettings", "plans_by_party", "plans_from_trajectories"]

MOST_POSITIONS_IN_A_LEG = 2_000
"""Keeps volumes within what a footprint may hold, and the work on dense tracks small."""
_LONGEST_S = 3_600.0
"""Within it even the fastest aircraft stays within a quarter of the globe."""
_TALLEST_M = 30_000.0


@dataclass(frozen=True, slots=True)
class VolumeSettings:
    """How tightly volumes are drawn around recorded positions.

    Attributes:
        half_width_m: half width of each corridor, radius of each circle.
        half_height_m: added below the lowest and above the highest recorded altitude.
        tolerance_s: each operation's tolerance; it widens every window at both ends.
        gap_s: a longer time without a position ends a flight.
        longest_s: a longer leg is cut, so that windows stay tight.
        tallest_m: a leg whose altitudes spread further is cut, so that bands stay tight.
            A single step beyond `longest_s` or `tallest_m` is a leg of its own.
        line_share: the part of `half_width_m` within which every position lies of the
            centre line, 0 .. 1; the rest of the width is for what was not recorded.

    Raises:
        InvalidInput: a setting is out of its range.
    """

    half_width_m: float
    half_height_m: float
    tolerance_s: float = 0.0
    gap_s: float = 300.0
    longest_s: float = 900.0
    tallest_m: float = 600.0
    line_share: float = 0.25

    def __post_init__(self) -> None:
        for name, lowest, highest in (
            ("half_width_m", 1.0, WIDEST_M),
            ("half_height_m", 0.0, _TALLEST_M),
            ("tolerance_s", 0.0, 86_400.0),
            ("gap_s", 1.0, _LONGEST_S),
            ("longest_s", 1.0, _LONGEST_S),
            ("tallest_m", 1.0, _TALLEST_M),
            ("line_share", 0.0, 1.0),
        ):
            value = getattr(self, name)
            if not lowest <= value <= highest:
                raise InvalidInput(
                    f"{name} of {value} is not within {lowest:,g} .. {highest:,g}",
                    remedy="Give a value within that range; the unit ends the name.",
                )


def plans_from_trajectories(
    trajectories: Sequence[Trajectory],
    *,
    settings: VolumeSettings,
    party_rule: PartyRule,
    reading: Reading,
    operation_class: OperationClass = OperationClass.MANNED,
) -> PlanSet:
    """Make one set of plans of recorded trajectories; see `plans_by_party`."""
    plans = PlanSet()
    for of_party in plans_by_party(
        trajectories,
        settings=settings,
        party_rule=party_rule,
        reading=reading,
        operation_class=operation_class,
    ).values():
        plans = plans.joined(of_party)
    return plans


def plans_by_party(
    trajectories: Sequence[Trajectory],
    *,
    settings: VolumeSettings,
    party_rule: PartyRule,
    reading: Reading,
    operation_class: OperationClass = OperationClass.MANNED,
) -> Mapping[str, PlanSet]:
    """Make plans of recorded trajectories, one set for each party.

    The same recording and settings always give the same plans, ids included. The sets carry
    no coverage statement: what a recording covers, the caller must say.

    Args:
        trajectories: as a reader of `formats.trajectories` gives them.
        settings: how tightly volumes are drawn.
        party_rule: whose each aircraft shall be.
        reading: the recording's name, the mode, when it came in, and whether flights with
            unknown altitude are left out (`skip_invalid`) or refuse the recording.
        operation_class: what sort of aircraft they are.

    Returns:
        Sets by party, sorted; empty where the rule leaves out every aircraft. Positions
        without altitude stand in `rejected`, one entry for each aircraft.

    Raises:
        InvalidFile: positions have no altitude, and none near enough tells it.
        InvalidInput: the reading states no mode.
    """
    if reading.mode is None:
        raise InvalidInput(
            "plans made of tracks need a mode", remedy="Say whether they are EXERCISE or REAL."
        )
    flights, rejected = _flights_by_party(trajectories, settings, party_rule, reading)
    plans: dict[str, PlanSet] = {}
    for party in sorted({*flights, *rejected}):
        counter: Counter[str] = Counter()
        operations = tuple(
            _operation(flight, party, counter, settings, reading, reading.mode, operation_class)
            for flight in sorted(flights.get(party, ()), key=_start_and_aircraft)
        )
        plans[party] = PlanSet(operations, rejected=tuple(rejected.get(party, ())))
    return plans


def _flights_by_party(
    trajectories: Sequence[Trajectory],
    settings: VolumeSettings,
    party_rule: PartyRule,
    reading: Reading,
) -> tuple[dict[str, list[Trajectory]], dict[str, list[InvalidFile]]]:
    """Flights whose altitudes are known, and what had to be left out, by party."""
    flights: list[tuple[str, Trajectory]] = []
    rejected: dict[str, list[InvalidFile]] = {}
    for trajectory in trajectories:
        party = party_rule.party_of(trajectory.aircraft_id, trajectory.callsign)
        if party is None:
            continue
        known = _with_altitudes(trajectory, settings.gap_s)
        if left_out := len(trajectory) - len(known):
            refusal = _no_altitude(trajectory, left_out, reading)
            if not reading.skip_invalid:
                raise refusal
            rejected.setdefault(party, []).append(refusal)
        flights.extend((party, flight) for flight in _cut_at_gaps(known, settings.gap_s))
    by_party: dict[str, list[Trajectory]] = {}
    for party, flight in _joined_at_callsigns(flights, settings.gap_s):
        by_party.setdefault(party, []).append(flight)
    return by_party, rejected


def _start_and_aircraft(flight: Trajectory) -> tuple[float, str]:
    return float(flight.times_s[0]), flight.aircraft_id


def _no_altitude(trajectory: Trajectory, count: int, reading: Reading) -> InvalidFile:
    return reading.refuse(
        f"{count:,} of {len(trajectory):,} positions have no altitude, and none near enough "
        "tells it",
        feature=f"aircraft {trajectory.aircraft_id} {trajectory.callsign}".strip(),
        remedy="Leave them out with --skip-invalid; the plans then say nothing of these positions.",
    )


def _part(trajectory: Trajectory, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Trajectory:
    return replace(
        trajectory,
        times_s=trajectory.times_s[rows],
        latitude_deg=trajectory.latitude_deg[rows],
        longitude_deg=trajectory.longitude_deg[rows],
        altitude_m=trajectory.altitude_m[rows],
    )


def _with_altitudes(trajectory: Trajectory, gap_s: float) -> Trajectory:
    """The positions whose altitude is recorded, or lies between two recorded within a gap.

    Altitudes in between are taken as straight in time; others are not guessed.
    """
    recorded = np.flatnonzero(~np.isnan(trajectory.altitude_m))
    if recorded.size in (0, len(trajectory)):
        return _part(trajectory, recorded)
    times_s = trajectory.times_s
    rows = np.arange(len(trajectory))
    after = np.searchsorted(recorded, rows)
    earlier = recorded[np.clip(np.searchsorted(recorded, rows, side="right") - 1, 0, None)]
    later = recorded[np.minimum(after, recorded.size - 1)]
    known = (earlier <= rows) & (rows <= later) & (times_s[later] - times_s[earlier] <= gap_s)
    between_m = np.interp(times_s, times_s[recorded], trajectory.altitude_m[recorded])
    return _part(replace(trajectory, altitude_m=between_m), known)


def _cut_at_gaps(trajectory: Trajectory, gap_s: float) -> Iterator[Trajectory]:
    ends = np.flatnonzero(np.diff(trajectory.times_s) > gap_s) + 1
    for rows in np.split(np.arange(len(trajectory)), ends):
        if rows.size:
            yield _part(trajectory, rows)


def _joined_at_callsigns(
    flights: Iterable[tuple[str, Trajectory]], gap_s: float
) -> Iterator[tuple[str, Trajectory]]:
    """Let a flight that goes on under another callsign start where it was last seen.

    Otherwise no volume would hold the stretch between the two callsigns.
    """
    before: Trajectory | None = None
    ordered = sorted(flights, key=lambda f: (f[1].aircraft_id, float(f[1].times_s[0])))
    for party, flight in ordered:
        joined = flight
        if before is not None and before.aircraft_id == flight.aircraft_id:
            pause_s = float(flight.times_s[0] - before.times_s[-1])
            if 0.0 < pause_s <= gap_s:
                joined = _led_in(flight, before)
        yield party, joined
        before = flight


def _led_in(flight: Trajectory, before: Trajectory) -> Trajectory:
    """The flight with the last position of the one before it put in front."""
    return replace(
        flight,
        times_s=np.append(before.times_s[-1], flight.times_s),
        latitude_deg=np.append(before.latitude_deg[-1], flight.latitude_deg),
        longitude_deg=np.append(before.longitude_deg[-1], flight.longitude_deg),
        altitude_m=np.append(before.altitude_m[-1], flight.altitude_m),
    )


def _operation(
    flight: Trajectory,
    party: str,
    counter: Counter[str],
    settings: VolumeSettings,
    reading: Reading,
    mode: Mode,
    operation_class: OperationClass,
) -> Operation:
    name = flight.callsign or flight.aircraft_id.upper()
    counter[name] += 1
    designator = f"{name}-{counter[name]}"
    start = _second(flight.times_s[0], math.floor)
    return Operation(
        # The start keeps apart the same callsign on two days.
        id=derived_id(party, f"{designator} {flight.aircraft_id} {start.isoformat()}"),
        party=party,
        designator=designator,
        operation_class=operation_class,
        volumes=tuple(_volume(leg, settings) for leg in _legs(flight, settings)),
        mode=mode,
        source=Source(SourceKind.TRACKS, reading.name, f"aircraft {flight.aircraft_id}"),
        received_at=reading.received_at,
        tolerance_s=settings.tolerance_s,
        aircraft_count=1,
    )


def _legs(flight: Trajectory, settings: VolumeSettings) -> Iterator[Trajectory]:
    """Cut a flight so that windows and bands stay tight; neighbours share a position."""
    last = len(flight) - 1
    start = 0
    while True:
        end = _end_of_leg(flight, start, settings)
        yield _part(flight, np.arange(start, end + 1))
        if end >= last:
            return
        start = end


def _end_of_leg(flight: Trajectory, start: int, settings: VolumeSettings) -> int:
    """The last position that still fits the leg; the next one where none does."""
    latest_s = flight.times_s[start] + settings.longest_s
    end = int(np.searchsorted(flight.times_s, latest_s, side="right"))
    altitude_m = flight.altitude_m[start : min(end, start + MOST_POSITIONS_IN_A_LEG)]
    spread_m = np.maximum.accumulate(altitude_m) - np.minimum.accumulate(altitude_m)
    fitting = int(np.searchsorted(spread_m, settings.tallest_m, side="right"))
    return min(start + max(fitting - 1, 1), len(flight) - 1)


def _volume(leg: Trajectory, settings: VolumeSettings) -> Volume:
    start, end = _second(leg.times_s[0], math.floor), _second(leg.times_s[-1], math.ceil)
    if start == end:
        end = _second(leg.times_s[-1] + 1.0, math.floor)
    low_m = max(float(leg.altitude_m.min()) - settings.half_height_m, LOWEST_M)
    high_m = min(float(leg.altitude_m.max()) + settings.half_height_m, HIGHEST_M)
    return Volume(
        _footprint(leg, settings),
        AltitudeBand(Altitude(low_m, leg.reference), Altitude(high_m, leg.reference)),
        Window(start, end),
    )


def _footprint(leg: Trajectory, settings: VolumeSettings) -> Footprint:
    """A corridor along the leg; a circle where the aircraft stayed where it was."""
    vertices = simplified(
        leg.latitude_deg, leg.longitude_deg, settings.line_share * settings.half_width_m
    )
    line: list[Position] = []
    for index in vertices:
        position = Position(float(leg.latitude_deg[index]), float(leg.longitude_deg[index]))
        if not line or position != line[-1]:
            line.append(position)
    if len(line) < 2:
        return Circle(line[0], settings.half_width_m)
    return Corridor(tuple(line), settings.half_width_m)


def _second(at_s: float, rounded: Callable[[float], int]) -> datetime:
    return datetime.fromtimestamp(rounded(at_s), UTC)
