"""What of mine comes too close to theirs: operation by operation, under an agreement.

The index finds the pairs of volumes that could break the widest rule; each binding rule is
then judged on its own for each pair, and the worst pair of each rule is measured and told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keepclear.deconflict.airspace import Airspace
from keepclear.deconflict.containment import Shape
from keepclear.deconflict.index import LiveIndex
from keepclear.deconflict.measuring import closest_places
from keepclear.deconflict.packing import GeoidHeights, PackedVolumes, pack_operations
from keepclear.deconflict.pairs import Minima
from keepclear.model.agreement import Agreement, SeparationRule
from keepclear.model.answer import Conflict, OperationRef, Separations, Verdict
from keepclear.model.operation import Operation
from keepclear.model.window import Window
from keepclear.rules.binding import binding_rules
from keepclear.rules.verdict import TOUCH_M, pair_verdict

MEETING_RULE = SeparationRule(id="meeting", lateral_m=0.0, vertical_m=0.0)
"""What is judged where no agreed rule binds: only whether volumes meet."""


_Zones = tuple[frozenset[str], frozenset[str]]
"""Ids of the rules' zones that a volume touches, and of those that wholly hold it."""


class _Measured(NamedTuple):
    lateral_m: float
    vertical_low_m: float
    vertical_high_m: float
    time_s: float
    lateral_uncertainty_m: float
    vertical_uncertainty_m: float


class _Judged(NamedTuple):
    verdict: Verdict
    rule: SeparationRule
    our_volume: int
    their_volume: int
    measured: _Measured
    span: Window


class Comparison:
    """A set of other operations, ready for questions about ours.

    Attributes:
        theirs: the operations compared with.
        agreement: the rules.
    """

    def __init__(
        self, theirs: Sequence[Operation], agreement: Agreement, *, geoid: GeoidHeights
    ) -> None:
        self.theirs = tuple(theirs)
        self.agreement = agreement
        self._geoid = geoid
        self._packed = self.pack(self.theirs)
        self._first = _first_volumes(self.theirs)
        index = LiveIndex()
        index.add(self._packed, len(self.theirs))
        self._snapshot = index.snapshot()
        self._zones = Airspace.of_rules(agreement, geoid)
        self._area = Shape(agreement.area)
        self._their_zones = cache(lambda w: self._zones_of(self._packed, w))
        self._their_place = cache(lambda w: self._in_area(self._packed, w))
        rules = (*agreement.rules, MEETING_RULE)
        self._widest = Minima(
            max(rule.lateral_m for rule in rules),
            max(rule.vertical_m for rule in rules),
            max(rule.min_time_s for rule in rules),
        )

    def pack(self, operations: Sequence[Operation]) -> PackedVolumes:
        """Operations as arrays, under this agreement's atmosphere."""
        return pack_operations(operations, geoid=self._geoid, atmosphere=self.agreement.atmosphere)

    def conflicts_of(
        self, operation: Operation, packed: PackedVolumes | None = None
    ) -> tuple[Conflict, ...]:
        """Everything that comes too close to an operation, or may; worst first.

        Operations of the same id are the same operation and never in conflict.

        Args:
            operation: ours.
            packed: its volumes, where `pack` made them already.
        """
        packed = packed or self.pack([operation])
        judged: dict[tuple[int, str], list[_Judged]] = {}
        for row, item in self._judged_pairs(operation, packed):
            judged.setdefault((row, item.rule.id), []).append(item)
        conflicts = [
            self._told(operation, packed, row, items) for (row, _), items in judged.items()
        ]
        return tuple(sorted(conflicts, key=_worst_first))

    def breaks(self, operation: Operation, packed: PackedVolumes) -> bool:
        """Tell whether anything at all comes too close, or may; stops at the first."""
        return next(iter(self._judged_pairs(operation, packed)), None) is not None

    def _judged_pairs(
        self, operation: Operation, packed: PackedVolumes
    ) -> Iterable[tuple[int, _Judged]]:
        our_zones = cache(lambda v: self._zones_of(packed, v))
        our_place = cache(lambda v: self._in_area(packed, v))
        for found in self._snapshot.pairs_meeting(packed, 0, len(packed.facts), self._widest):
            for fact, v, gaps in zip(found.theirs, found.ours.tolist(), found.gaps, strict=True):
                row, number = int(fact["operation"]), int(fact["number"])
                other = self.theirs[row]
                if other.id == operation.id:
                    continue
                w = self._first[row] + number
                span = _span(operation, v, other, number)
                rules: tuple[SeparationRule, ...] = ()
                if our_place(v) and self._their_place(w) and self._in_force(span):
                    rules = self._binding(operation, other, our_zones(v), self._their_zones(w))
                measured = _measured(gaps, packed.facts[v], fact)
                for rule in rules or (MEETING_RULE,):
                    verdict = pair_verdict(_separations(measured, rule))
                    if verdict is not Verdict.NO_CONFLICT_FOUND:
                        yield row, _Judged(verdict, rule, v, number, measured, span)

    def _in_force(self, span: Window) -> bool:
        return self.agreement.valid.gap_s(span) <= 0.0

    def _binding(
        self, ours: Operation, theirs: Operation, our_zones: _Zones, their_zones: _Zones
    ) -> tuple[SeparationRule, ...]:
        return binding_rules(
            self.agreement.rules,
            (ours.party, theirs.party),
            (ours.operation_class, theirs.operation_class),
            touched=our_zones[0] | their_zones[0],
            inside=our_zones[1] & their_zones[1],
        )

    def _zones_of(self, packed: PackedVolumes, v: int) -> _Zones:
        return self._zones.touched(packed, v), self._zones.holding(packed, v)

    def _in_area(self, packed: PackedVolumes, v: int) -> bool:
        return self._area.touches(packed, v)

    def _told(
        self, ours: Operation, packed: PackedVolumes, row: int, items: list[_Judged]
    ) -> Conflict:
        theirs = self.theirs[row]
        worst = min(items, key=_closest_first)
        rule = worst.rule
        our_closest, their_closest = closest_places(
            packed, worst.our_volume, self._packed, self._first[row] + worst.their_volume
        )
        return Conflict(
            id=conflict_id(self.agreement.id, rule.id, ours.id, theirs.id),
            verdict=worst.verdict,
            ours=ref(ours),
            theirs=ref(theirs),
            rule_id=rule.id,
            our_volume=worst.our_volume,
            their_volume=worst.their_volume,
            volume_pairs=len(items),
            span=worst.span,
            separations=_separations(worst.measured, rule),
            our_closest=our_closest,
            their_closest=their_closest,
            reason=_reason(worst),
            own=ours.party == theirs.party,
        )


def conflict_id(agreement_id: str, rule_id: str, one: str, other: str) -> str:
    """The name both sides give a conflict without asking each other."""
    text = "\n".join([agreement_id, rule_id, *sorted((one, other))])
    return "C-" + hashlib.sha256(text.encode()).hexdigest()[:16]


def ref(operation: Operation) -> OperationRef:
    """Name an operation."""
    return OperationRef(
        operation.id,
        operation.designator,
        operation.party,
        operation.version,
        operation.operation_class,
    )


def _first_volumes(operations: Sequence[Operation]) -> list[int]:
    first = [0]
    for operation in operations:
        first.append(first[-1] + len(operation.volumes))
    return first


def _separations(measured: _Measured, rule: SeparationRule) -> Separations:
    return Separations(
        lateral_m=measured.lateral_m,
        lateral_minimum_m=rule.lateral_m,
        lateral_uncertainty_m=measured.lateral_uncertainty_m,
        vertical_low_m=measured.vertical_low_m,
        vertical_high_m=measured.vertical_high_m,
        vertical_minimum_m=rule.vertical_m,
        time_s=measured.time_s,
        time_minimum_s=rule.min_time_s,
        vertical_uncertainty_m=measured.vertical_uncertainty_m,
    )


def _measured(gaps: NDArray[np.float64], one: np.void, other: np.void) -> _Measured:
    lateral_m, low_m, high_m, time_s = gaps.tolist()
    return _Measured(
        lateral_m,
        low_m,
        high_m,
        time_s,
        float(one["lateral_uncertainty_m"]) + float(other["lateral_uncertainty_m"]),
        float(one["vertical_uncertainty_m"]) + float(other["vertical_uncertainty_m"]),
    )


def _span(ours: Operation, v: int, theirs: Operation, number: int) -> Window:
    """When both volumes are live, or the time between where they never are."""
    one = ours.window_of(ours.volumes[v])
    other = theirs.window_of(theirs.volumes[number])
    start, end = max(one.start, other.start), min(one.end, other.end)
    if start == end:  # they touch: a moment, as the shortest window there is
        return Window(start, start + datetime.resolution)
    return Window(min(start, end), max(start, end))


def _closest_first(item: _Judged) -> tuple[int, float, float, float]:
    m = item.measured
    return (-item.verdict.weight, m.lateral_m, m.vertical_low_m, m.time_s)


def _worst_first(conflict: Conflict) -> tuple[int, datetime, str]:
    return (-conflict.verdict.weight, conflict.span.start, conflict.theirs.designator)


def _reason(item: _Judged) -> str:
    m, rule = item.measured, item.rule
    if item.verdict is Verdict.CONFLICT:
        if rule is MEETING_RULE:
            return "the volumes meet, and no agreed rule binds this pair"
        parts = [
            "footprints meet" if m.lateral_m <= TOUCH_M else "too close laterally",
            "heights overlap" if m.vertical_high_m <= TOUCH_M else "too close in height",
            "times overlap" if m.time_s <= 0.0 else "too close in time",
        ]
        return ", ".join(parts)
    if m.vertical_low_m < m.vertical_high_m:
        return (
            "the heights count from different surfaces, and what is known of the air and the "
            "ground does not tell whether they keep apart"
        )
    return "the declared uncertainty does not tell whether they keep apart"
