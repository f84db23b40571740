"""What of mine comes too close to theirs: operation by operation, under an agreement.

The rulebook says which pairs of volumes break which rule; here the worst pair of each
operation and rule is told, with where and when and why.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from keepclear.deconflict.declared import GeoidHeights
from keepclear.deconflict.index import LiveIndex, Snapshot
from keepclear.deconflict.measuring import places_between
from keepclear.deconflict.packing import PackedVolumes
from keepclear.deconflict.pairs import CONFLICT
from keepclear.deconflict.rulebook import MEETING_RULE, Broken, RefsAt, Rulebook
from keepclear.model.agreement import Agreement, SeparationRule
from keepclear.model.answer import Conflict, OperationRef, Separations, Verdict
from keepclear.model.operation import Operation
from keepclear.model.window import Window
from keepclear.rules.verdict import TOUCH_M

__all__ = [
    "MEETING_RULE",
    "Comparison",
    "Conflicts",
    "LiveComparison",
    "conflict_id",
    "ref",
]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_S = (datetime.max.replace(tzinfo=UTC) - _EPOCH).total_seconds() - 1.0


class Conflicts(NamedTuple):
    """The conflicts of one operation.

    Attributes:
        told: the worst of them, worst first.
        total: how many there are.
    """

    told: tuple[Conflict, ...]
    total: int


class LiveComparison:
    """Other operations as an index has them at one moment, ready for questions about ours.

    Cheap to make: one for each snapshot.

    Attributes:
        rulebook: the rules.
        snapshot: the others, by row.
    """

    def __init__(self, rulebook: Rulebook, snapshot: Snapshot, refs_at: RefsAt) -> None:
        """Compare with the operations of a snapshot; `refs_at` names its rows."""
        self.rulebook = rulebook
        self.snapshot = snapshot
        self._refs_at = refs_at

    def conflicts_of(
        self, operation: Operation, packed: PackedVolumes, *, most: int | None = None
    ) -> Conflicts:
        """Everything that comes too close to an operation, or may; worst first.

        Operations of the same id are the same operation and never in conflict.

        Args:
            operation: ours.
            packed: its volumes and no other's, as the rulebook packs them.
            most: how many are told; None for all.
        """
        broken = self.rulebook.broken(operation, packed, self.snapshot, self._refs_at)
        if broken is None:
            return Conflicts((), 0)
        groups = _worst_first(broken)
        told = tuple(self._told(operation, packed, broken, group) for group in groups[:most])
        return Conflicts(told, len(groups))

    def breaks(self, operation: Operation, packed: PackedVolumes) -> bool:
        """Tell whether anything at all comes too close, or may."""
        broken = self.rulebook.broken(operation, packed, self.snapshot, self._refs_at)
        return broken is not None

    def _told(self, ours: Operation, packed: PackedVolumes, broken: Broken, group: int) -> Conflict:
        item = int(broken.first[group])
        pair, rule = int(broken.pair[item]), self.rulebook.rules[int(broken.rule[item])]
        theirs, pairs = broken.refs[int(broken.who[item])], broken.pairs
        v, w = int(pairs.ours[pair]), int(pairs.which[pair])
        our_closest, their_closest = places_between(
            pairs.gaps.closest[pair],
            float(pairs.gaps.core_m[pair]),
            float(packed.facts["radius_m"][v]),
            float(pairs.theirs.facts["radius_m"][w]),
        )
        separations = _separations(broken, pair, rule)
        conflict = bool(broken.outcome[item] == CONFLICT)
        start_s, end_s = broken.spans_s[pair].tolist()
        return Conflict(
            id=conflict_id(self.rulebook.agreement.id, rule.id, ours.id, theirs.id),
            verdict=Verdict.CONFLICT if conflict else Verdict.CANNOT_SAY,
            ours=ref(ours),
            theirs=theirs,
            rule_id=rule.id,
            our_volume=v,
            their_volume=int(pairs.theirs.facts["number"][w]),
            volume_pairs=int(broken.first[group + 1]) - item,
            span=Window(_moment(start_s), _moment(end_s)),
            separations=separations,
            our_closest=our_closest,
            their_closest=their_closest,
            reason=_reason(separations, rule, certain=conflict),
            own=ours.party == theirs.party,
        )


class Comparison:
    """A set of other operations, ready for questions about ours.

    Attributes:
        theirs: the operations compared with.
        agreement: the rules.
        live: the same as an index has it.
    """

    def __init__(
        self,
        theirs: Sequence[Operation],
        agreement: Agreement,
        *,
        geoid: GeoidHeights,
        rulebook: Rulebook | None = None,
    ) -> None:
        """Compare with some operations; a rulebook of the agreement made before saves time."""
        self.theirs = tuple(theirs)
        self.agreement = agreement
        rulebook = rulebook or Rulebook(agreement, geoid=geoid)
        index = LiveIndex()
        index.add(rulebook.pack(self.theirs), len(self.theirs))
        self.live = LiveComparison(
            rulebook, index.snapshot(), lambda rows: [ref(self.theirs[row]) for row in rows]
        )

    def pack(self, operations: Sequence[Operation]) -> PackedVolumes:
        """Operations as arrays, under this agreement's atmosphere."""
        return self.live.rulebook.pack(operations)

    def conflicts_of(
        self, operation: Operation, packed: PackedVolumes | None = None
    ) -> tuple[Conflict, ...]:
        """Everything that comes too close to an operation, or may; worst first.

        Operations of the same id are the same operation and never in conflict.

        Args:
            operation: ours.
            packed: its volumes, where `pack` made them already.
        """
        return self.live.conflicts_of(operation, packed or self.pack([operation])).told

    def breaks(self, operation: Operation, packed: PackedVolumes) -> bool:
        """Tell whether anything at all comes too close, or may."""
        return self.live.breaks(operation, packed)


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


def _worst_first(broken: Broken) -> list[int]:
    """The groups of items, one for each operation and rule, in the order they are told."""
    item = broken.first[:-1]
    outcome = broken.outcome[item].tolist()
    start_s = broken.spans_s[broken.pair[item], 0].tolist()
    names = [broken.refs[who].designator for who in broken.who[item].tolist()]
    return sorted(range(len(item)), key=lambda g: (-outcome[g], start_s[g], names[g]))


def _separations(broken: Broken, pair: int, rule: SeparationRule) -> Separations:
    gaps, vague = broken.pairs.gaps, broken.vague
    return Separations(
        lateral_m=float(gaps.lateral_m[pair]),
        lateral_minimum_m=rule.lateral_m,
        lateral_uncertainty_m=float(vague.lateral_m[pair]),
        vertical_low_m=float(gaps.low_m[pair]),
        vertical_high_m=float(gaps.high_m[pair]),
        vertical_minimum_m=rule.vertical_m,
        time_s=float(gaps.time_s[pair]),
        time_minimum_s=rule.min_time_s,
        vertical_uncertainty_m=float(vague.vertical_m[pair]),
    )


def _moment(at_s: float) -> datetime:
    """A time counted in seconds since 1970, to the microsecond."""
    return _EPOCH + timedelta(seconds=min(at_s, _LAST_S))


def _reason(separations: Separations, rule: SeparationRule, *, certain: bool) -> str:
    s = separations
    if certain:
        if rule is MEETING_RULE:
            return "the volumes meet, and no agreed rule binds this pair"
        parts = [
            "footprints meet" if s.lateral_m <= TOUCH_M else "too close laterally",
            "heights overlap" if s.vertical_high_m <= TOUCH_M else "too close in height",
            "times overlap" if s.time_s <= 0.0 else "too close in time",
        ]
        return ", ".join(parts)
    if s.vertical_low_m < s.vertical_high_m:
        return (
            "the heights count from different surfaces, and what is known of the air and the "
            "ground does not tell whether they keep apart"
        )
    return "the declared uncertainty does not tell whether they keep apart"
