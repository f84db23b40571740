"""What would help an asker, in whole steps of the lattice: earlier, higher, elsewhere.

Each trial moves the asked volume, which the asker knows, against coarse operations, which are
no finer than the lattice. So a hint tells nothing that the answer does not.

Source: our own construction; domain study of keepclear, 5e (which of the asker's own cells to
change); design, section 5 (suggestions are quantised to the grid).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from keepclear.deconflict.conflict import Comparison
from keepclear.deconflict.packing import part
from keepclear.deconflict.resolution import changed
from keepclear.disclose.lattice import Lattice
from keepclear.errors import InvalidInput
from keepclear.model.agreement import Agreement, SuggestionLimits
from keepclear.model.answer import Suggestion, SuggestionKind
from keepclear.model.operation import Operation, OperationClass
from keepclear.model.volume_question import Amount, Hint

BEARINGS = 8
MOST_STEPS = 12
"""So many steps of one kind are tried at most."""


def amounts_for(
    asked: Operation,
    comparison: Comparison,
    agreement: Agreement,
    lattice: Lattice,
    *,
    now: datetime,
) -> tuple[Amount, ...]:
    """For each kind of change the fewest steps after which nothing is found.

    Kinds of which none helps are left out.

    Args:
        asked: the question as an operation.
        comparison: the coarse operations of the answering party.
        agreement: how far a change may go.
        lattice: one step of each kind.
        now: nothing is moved to start before it.
    """
    found = []
    for hint in Hint:
        trials = _sound(asked, _changes(hint, asked, agreement.suggestions, lattice, now))
        passing = _first_passing([operation for _, operation in trials], comparison)
        if passing is not None:
            found.append(_amount(hint, trials[passing][0]))
    return tuple(found)


def _changes(
    hint: Hint, asked: Operation, limits: SuggestionLimits, lattice: Lattice, now: datetime
) -> Iterator[Suggestion]:
    match hint:
        case Hint.EARLIER | Hint.LATER:
            ahead_s = (min(v.window.start for v in asked.volumes) - now).total_seconds()
            sign = 1.0 if hint is Hint.LATER else -1.0
            for steps in _steps(limits.time_s, lattice.pitch_time_s):
                if sign > 0.0 or steps * lattice.pitch_time_s <= ahead_s:
                    time_s = sign * steps * lattice.pitch_time_s
                    yield Suggestion(SuggestionKind.TIME, found=True, time_s=time_s)
        case Hint.HIGHER | Hint.LOWER:
            if asked.operation_class is OperationClass.GROUND_MOVEMENT:
                return
            lowest_m = min(volume.band.lower.value_m for volume in asked.volumes)
            sign = 1.0 if hint is Hint.HIGHER else -1.0
            for steps in _steps(limits.vertical_m, lattice.pitch_height_m):
                by_m = sign * steps * lattice.pitch_height_m
                if sign > 0.0 or lowest_m + by_m >= 0.0:
                    yield Suggestion(SuggestionKind.ALTITUDE, found=True, vertical_m=by_m)
        case Hint.ELSEWHERE:
            for steps in _steps(limits.lateral_m, lattice.pitch_m):
                for bearing in range(BEARINGS):
                    yield Suggestion(
                        SuggestionKind.LATERAL,
                        found=True,
                        lateral_m=steps * lattice.pitch_m,
                        bearing_deg=bearing * 360.0 / BEARINGS,
                    )


def _steps(limit: float, step: float) -> range:
    return range(1, min(MOST_STEPS, int(limit / step + 1e-9)) + 1)


def _sound(asked: Operation, changes: Iterator[Suggestion]) -> list[tuple[Suggestion, Operation]]:
    """Those changes that lead to an operation there can be."""
    found = []
    for change in changes:
        try:
            found.append((change, changed(asked, change)))
        except InvalidInput:  # above the air, over a pole, beyond the calendar
            continue
    return found


def _first_passing(trials: list[Operation], comparison: Comparison) -> int | None:
    if not trials:
        return None
    packed = comparison.pack(trials)
    begin = 0
    for number, trial in enumerate(trials):
        end = begin + len(trial.volumes)
        if not comparison.breaks(trial, part(packed, begin, end)):
            return number
        begin = end
    return None


def _amount(hint: Hint, change: Suggestion) -> Amount:
    return Amount(hint, change.time_s, change.vertical_m, change.lateral_m, change.bearing_deg)
