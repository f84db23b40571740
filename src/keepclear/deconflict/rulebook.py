"""Which rule of an agreement is broken by which pair of volumes.

The index finds and measures the pairs that could break the widest rule. Rules bind by party,
class, place and time; pairs that are alike in these are judged together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keepclear.deconflict.airspace import Airspace
from keepclear.deconflict.containment import Shape
from keepclear.deconflict.declared import GeoidHeights
from keepclear.deconflict.index import Pairs, Snapshot
from keepclear.deconflict.packing import PackedVolumes, pack_operations
from keepclear.deconflict.pairs import APART, Minima, Vagueness, judge_gaps
from keepclear.deconflict.run import RowArray
from keepclear.geometry.geodesy import FloatArray
from keepclear.model.agreement import Agreement, SeparationRule
from keepclear.model.answer import OperationRef
from keepclear.model.operation import Operation, OperationClass
from keepclear.rules.binding import binding_rules

MEETING_RULE = SeparationRule(id="meeting", lateral_m=0.0, vertical_m=0.0)
"""What is judged where no agreed rule binds: only whether volumes meet."""

RefsAt = Callable[[Sequence[int]], Sequence[OperationRef]]
"""Names the operations of some rows of an index, in the order asked; a row that is not meant
to be compared with bears the name of the operation that is asked about."""

_LEAST_SPAN_S = 1e-6
"""Windows that only touch share a moment, as the shortest window there is."""


class _Circumstances(NamedTuple):
    """What of one volume decides which rules bind it.

    Attributes:
        party, operation_class: of its operation.
        in_area: whether it touches the agreement's area.
        touched: ids of the rules' zones that it touches or may touch.
        inside: ids of those in which it wholly lies for certain.
    """

    party: str
    operation_class: OperationClass
    in_area: bool
    touched: frozenset[str]
    inside: frozenset[str]


class Broken(NamedTuple):
    """Rules broken by pairs of volumes, worst first within each operation and rule.

    Attributes:
        pairs: the pairs that were judged.
        refs: the operations they belong to.
        spans_s: when both volumes of each pair are live, or the time between; shape (n, 2).
        vague: how far each pair's gaps may be off besides.
        who: for each item the index of their operation in `refs`; all below have this shape.
        rule: the index of the rule; one more than the last for MEETING_RULE.
        pair: the pair.
        outcome: CONFLICT or CANNOT_SAY.
        first: where the items of each operation and rule begin; their number at the end.
    """

    pairs: Pairs
    refs: Sequence[OperationRef]
    spans_s: FloatArray
    vague: Vagueness
    who: RowArray
    rule: RowArray
    pair: RowArray
    outcome: NDArray[np.int8]
    first: RowArray


class Rulebook:
    """The separation rules of an agreement, ready to be applied to operations of an index.

    Attributes:
        agreement: where they stand.
        rules: its rules, then MEETING_RULE.
        widest: the minima that no rule exceeds.
    """

    def __init__(self, agreement: Agreement, *, geoid: GeoidHeights) -> None:
        self.agreement = agreement
        self.rules = (*agreement.rules, MEETING_RULE)
        self.widest = widest_minima(agreement)
        self._geoid = geoid
        self._numbers = {rule.id: number for number, rule in enumerate(agreement.rules)}
        self._zones = Airspace.of_rules(agreement, geoid)
        self._any_replaced = any(rule.replaces for rule in agreement.rules)
        self._area = Shape(agreement.area)
        self._valid_s = (
            agreement.valid.start.timestamp(),
            agreement.valid.end.timestamp(),
        )

    def pack(self, operations: Sequence[Operation]) -> PackedVolumes:
        """Operations as arrays, under this agreement's atmosphere."""
        return pack_operations(operations, geoid=self._geoid, atmosphere=self.agreement.atmosphere)

    def broken(
        self, operation: Operation, packed: PackedVolumes, snapshot: Snapshot, refs_at: RefsAt
    ) -> Broken | None:
        """Every rule that an operation breaks, or may, against those of a snapshot.

        Operations of the same id are the same operation and break nothing.

        Args:
            operation, packed: ours.
            snapshot: the others.
            refs_at: names its rows; asked once at most.

        Returns:
            None where nothing is broken.
        """
        pairs = snapshot.pairs_meeting(packed, 0, len(packed.facts), self.widest)
        if pairs is None:
            return None
        rows, owner = np.unique(pairs.theirs.facts["operation"], return_inverse=True)
        refs = refs_at(rows.tolist())
        one, other = packed.facts[pairs.ours], pairs.theirs.facts[pairs.which]
        spans_s = _spans(one, other)
        vague = Vagueness(
            *(
                one[name].astype(np.float64) + other[name]
                for name in ("lateral_uncertainty_m", "vertical_uncertainty_m")
            )
        )
        items = [
            self._under(rule, of, pairs, vague)
            for rule, of in self._binding(operation, packed, pairs, spans_s, (refs, owner))
        ]
        rule, pair, outcome = (np.concatenate(each) for each in zip(*items, strict=True))
        if len(pair) == 0:
            return None
        who = owner[pairs.which[pair]]
        gaps = pairs.gaps
        order = np.lexsort(
            (gaps.time_s[pair], gaps.low_m[pair], gaps.lateral_m[pair], -outcome, rule, who)
        )
        who, rule, pair, outcome = who[order], rule[order], pair[order], outcome[order]
        new = np.flatnonzero((np.diff(who, prepend=-1) != 0) | (np.diff(rule, prepend=-1) != 0))
        first = np.append(new, len(pair))
        return Broken(pairs, refs, spans_s, vague, who, rule, pair, outcome, first)

    def _under(
        self, number: int, of: RowArray, pairs: Pairs, vague: Vagueness
    ) -> tuple[RowArray, RowArray, NDArray[np.int8]]:
        """The pairs among some that break one rule: the rule for each, the pair, the outcome."""
        rule = self.rules[number]
        outcome = np.empty(len(of), np.int8)
        minima = Minima(rule.lateral_m, rule.vertical_m, rule.min_time_s)
        judge_gaps(pairs.gaps, of, vague, minima, outcome)
        pair = of[outcome != APART]
        return np.full(len(pair), number), pair, outcome[outcome != APART]

    def _binding(
        self,
        operation: Operation,
        packed: PackedVolumes,
        pairs: Pairs,
        spans_s: FloatArray,
        theirs: tuple[Sequence[OperationRef], RowArray],
    ) -> list[tuple[int, RowArray]]:
        """Which rules bind which pairs: a rule's number with the pairs, as often as need be."""
        refs, owner = theirs
        ours, our_code = self._coded(packed, [operation] * len(packed.facts))
        others, their_code = self._coded(pairs.theirs, [refs[o] for o in owner.tolist()])
        in_force = (spans_s[:, 0] <= self._valid_s[1]) & (spans_s[:, 1] >= self._valid_s[0])
        code = our_code[pairs.ours] * len(others) + their_code[pairs.which]
        same = np.array([ref.id == operation.id for ref in refs])[owner][pairs.which]
        found: list[tuple[int, RowArray]] = [(0, np.empty(0, np.int64))]
        for each in np.unique(code).tolist():
            one, other = ours[each // len(others)], others[each % len(others)]
            numbers = self._numbers_for(one, other)
            here = (code == each) & ~same
            bound = here & in_force
            found.extend((number, np.flatnonzero(bound)) for number in numbers)
            unbound = here & ~in_force if numbers else here
            found.append((len(self.rules) - 1, np.flatnonzero(unbound)))
        return [(number, of) for number, of in found if len(of)] or found[:1]

    def _numbers_for(self, one: _Circumstances, other: _Circumstances) -> list[int]:
        if not (one.in_area and other.in_area):
            return []
        rules = binding_rules(
            self.agreement.rules,
            (one.party, other.party),
            (one.operation_class, other.operation_class),
            touched=one.touched | other.touched,
            inside=one.inside & other.inside,
        )
        return [self._numbers[rule.id] for rule in rules]

    def _coded(
        self, packed: PackedVolumes, owners: Sequence[Operation | OperationRef]
    ) -> tuple[list[_Circumstances], RowArray]:
        """The different circumstances there are, and which of them are each volume's."""
        numbers: dict[_Circumstances, int] = {}
        in_area = self._area.touches_each(packed).tolist()
        codes = []
        for v, owner in enumerate(owners):
            touched, inside = self._zones_of(packed, v)
            each = _Circumstances(owner.party, owner.operation_class, in_area[v], touched, inside)
            codes.append(numbers.setdefault(each, len(numbers)))
        return list(numbers), np.array(codes, np.int64)

    def _zones_of(self, packed: PackedVolumes, v: int) -> tuple[frozenset[str], frozenset[str]]:
        touched = self._zones.touched(packed, v)
        if not (touched and self._any_replaced):
            return touched, frozenset()
        return touched, self._zones.holding(packed, v, touched)


def widest_minima(agreement: Agreement) -> Minima:
    """Minima that no rule of an agreement exceeds: what keeps them is apart under any rule."""
    rules = (*agreement.rules, MEETING_RULE)
    return Minima(
        max(rule.lateral_m for rule in rules),
        max(rule.vertical_m for rule in rules),
        max(rule.min_time_s for rule in rules),
    )


def _spans(one: NDArray[np.void], other: NDArray[np.void]) -> FloatArray:
    """When both volumes of each pair are live, or the time between where they never are."""
    start = np.maximum(one["start_s"], other["start_s"])
    end = np.minimum(one["end_s"], other["end_s"])
    low, high = np.minimum(start, end), np.maximum(start, end)
    return np.stack([low, np.where(low == high, high + _LEAST_SPAN_S, high)], 1)
