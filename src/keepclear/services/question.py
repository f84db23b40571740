"""One operation before the agreements of its party, against everything the node holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from keepclear.deconflict.conflict import Comparison, LiveComparison, ref
from keepclear.deconflict.findings import findings_of
from keepclear.deconflict.packing import PackedVolumes, part
from keepclear.deconflict.pairs import Minima
from keepclear.deconflict.resolution import suggestions_for
from keepclear.deconflict.rulebook import widest_minima
from keepclear.model.agreement import Agreement
from keepclear.model.answer import Among, Answer, Conflict, Doubt, OperationRef, Suggestion
from keepclear.model.operation import Operation
from keepclear.ports.store import View
from keepclear.services.checking import verdict_of
from keepclear.services.judging import NO_NOTICES, Judge, no_agreement_doubt, shared_out
from keepclear.services.node import Node
from keepclear.services.picture import Standing


class Question:
    """What comes too close to one operation, as the picture stands.

    Operations of the same id are the same operation: a stored one is not in its own way.
    """

    def __init__(
        self, node: Node, standing: Standing, view: View, operation: Operation, *, most: int
    ) -> None:
        """Ask for an operation; `most` conflicts are explained, the others counted."""
        self._node = node
        self._standing = standing
        self._view = view
        self._operation = operation
        self._most = most
        self._now = node.now()
        self._agreed = standing.judges.of(operation)
        judges = self._agreed or (standing.judges.without_agreement(operation),)
        self._shares = shared_out(operation, judges, self._others(judges))
        self._doubtings = [
            judge.doubting(
                [p for p in parties if p not in {operation.party, node.identity.party}],
                standing.notices,
                now=self._now,
            )
            for judge, parties in self._shares
        ]
        self._our_ref = ref(operation)
        self._refs: dict[int, OperationRef] = {}

    def _others(self, judges: Sequence[Judge]) -> list[str]:
        signed = {party.id for judge in judges for party in judge.agreement.parties}
        known = set(self._standing.notices) | set(self._standing.frame.coverages or ())
        return sorted((signed | known) - {self._operation.party})

    def answer(self, packed: PackedVolumes) -> Answer:
        """Everything the node says of the operation."""
        told: list[Conflict] = []
        total = 0
        for judge, parties in self._shares:
            some = self._comparison(judge, parties, packed).conflicts_of(
                self._operation, self._packed_for(judge, self._operation, packed), most=self._most
            )
            told.extend(some.told)
            total += some.total
        conflicts = worst_first(told)[: self._most]
        doubts = self._doubts(packed)
        first = self._shares[0][0]
        return Answer(
            operation=self._our_ref,
            verdict=verdict_of(conflicts, doubts),
            conflicts=tuple(conflicts),
            infringements=first.restrictions.infringements_of(self._operation, packed),
            findings=findings_of(self._operation, packed, first.agreement),
            doubts=doubts,
            among=self._among(),
            conflicts_total=total,
        )

    def suggestions(self) -> tuple[Suggestion, ...]:
        """The least change of each kind that would mend it, within the agreement's limits."""
        limits = self._shares[0][0].agreement.suggestions
        return suggestions_for(
            self._operation, limits, now=self._now, first_passing=self._first_passing
        )

    def _comparison(
        self, judge: Judge, parties: Sequence[str], packed: PackedVolumes
    ) -> LiveComparison:
        """The operations of these parties under one agreement.

        The index is packed for the widest air that any agreement reckons with; where this
        one reckons with less, what could be too close is compared anew under its own.
        """
        if self._is_of_the_index(judge):
            refs_at = partial(self._refs_at, parties)
            return LiveComparison(judge.rulebook, self._standing.snapshot, refs_at)
        others = self._could_be_close(parties, packed, judge)
        return Comparison(others, judge.agreement, geoid=self._node.geoid.undulation_m).live

    def _packed_for(
        self, judge: Judge, operation: Operation, packed: PackedVolumes
    ) -> PackedVolumes:
        return packed if self._is_of_the_index(judge) else judge.rulebook.pack([operation])

    def _is_of_the_index(self, judge: Judge) -> bool:
        return judge.agreement.atmosphere == self._standing.atmosphere

    def _refs_at(self, parties: Sequence[str], rows: Sequence[int]) -> list[OperationRef]:
        """The names of index rows; what is not to be compared with bears our own."""
        numbers = self._standing.numbers[list(rows)].tolist()
        missing = [number for number in numbers if number not in self._refs]
        self._refs.update(dict.fromkeys(missing, self._our_ref))
        self._refs.update(self._view.refs(missing))
        refs = [self._refs[number] for number in numbers]
        return [each if each.party in parties else self._our_ref for each in refs]

    def _could_be_close(
        self, parties: Sequence[str], packed: PackedVolumes, judge: Judge
    ) -> list[Operation]:
        widest = judge.rulebook.widest
        rows, _ = self._standing.snapshot.operations_meeting(packed, 0, len(packed.facts), widest)
        refs = zip(rows.tolist(), self._refs_at(parties, rows.tolist()), strict=True)
        meant = [row for row, each in refs if each.id != self._operation.id]
        numbers = self._standing.numbers[meant].tolist()
        stored = self._view.operations_numbered(numbers)
        return [stored[number].operation for number in numbers if number in stored]

    def _doubts(self, packed: PackedVolumes) -> tuple[Doubt, ...]:
        if not self._agreed:
            return (no_agreement_doubt(self._operation.party),)
        found = [d for each in self._doubtings for d in each.doubts(self._operation, packed)]
        return tuple(dict.fromkeys(found))

    def _among(self) -> tuple[Among, ...]:
        among = tuple(dict.fromkeys(a for each in self._doubtings for a in each.among()))
        own_party = self._node.identity.party
        ours = self._standing.notices.get(own_party, NO_NOTICES)
        # It is not found among itself.
        others = ours.number - self._view.is_live(self._operation.id)
        if others < 1:
            return among
        oldest_s = (self._now - ours.oldest).total_seconds() if ours.oldest else None
        return (*among, Among(own_party, others, oldest_s, None, None, None, own=True))

    def _first_passing(self, trials: Sequence[Operation]) -> int | None:
        packed = self._node.pack(trials, self._standing.atmosphere)
        begin = 0
        for number, trial in enumerate(trials):
            end = begin + len(trial.volumes)
            if self._passes(trial, part(packed, begin, end)):
                return number
            begin = end
        return None

    def _passes(self, trial: Operation, packed: PackedVolumes) -> bool:
        if self._shares[0][0].restrictions.infringements_of(trial, packed):
            return False
        if any(each.place_doubts(trial, packed) for each in self._doubtings):
            return False
        return not any(
            self._comparison(judge, parties, packed).breaks(
                trial, self._packed_for(judge, trial, packed)
            )
            for judge, parties in self._shares
        )


def worst_first(conflicts: Iterable[Conflict]) -> list[Conflict]:
    """Conflicts in the order in which a person should look at them."""
    return sorted(conflicts, key=_weight)


def _weight(conflict: Conflict) -> tuple[int, datetime, str]:
    return (-conflict.verdict.weight, conflict.span.start, conflict.theirs.designator)


def widest_of(agreements: Sequence[Agreement]) -> Minima:
    """Minima that no pair breaks unless it may break a rule of one of these."""
    widest = [widest_minima(agreement) for agreement in agreements] or [Minima(0.0, 0.0, 0.0)]
    return Minima(
        max(each.lateral_m for each in widest),
        max(each.vertical_m for each in widest),
        max(each.time_s for each in widest),
    )
