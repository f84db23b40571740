"""The main job: what of mine comes too close to theirs, and what would mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from keepclear.deconflict.conflict import Comparison, ref
from keepclear.deconflict.coverage import Notices, Released
from keepclear.deconflict.findings import findings_of
from keepclear.deconflict.packing import PackedVolumes, part
from keepclear.deconflict.resolution import suggestions_for
from keepclear.deconflict.zones import Restrictions
from keepclear.errors import InvalidInput, ModeMismatch
from keepclear.model.agreement import Agreement
from keepclear.model.answer import (
    Among,
    Answer,
    CheckReport,
    Conflict,
    Doubt,
    DoubtKind,
    Verdict,
    worst,
)
from keepclear.model.operation import Operation, OperationState
from keepclear.model.plan_set import PlanSet
from keepclear.ports.world import Geoid
from keepclear.services.doubting import NOTHING_RELEASED, Doubting

Progress = Callable[[str, int, int], None]
"""Told a stage, how much of it is done, and how much there is."""


def check_plans(
    plans: PlanSet,
    released: PlanSet | None,
    agreement: Agreement,
    *,
    now: datetime,
    geoid: Geoid,
    own: bool = False,
    suggest: bool = False,
    progress: Progress | None = None,
) -> CheckReport:
    """Answer for each operation of `plans` against everything others released.

    Args:
        plans: ours.
        released: the others', with their coverage statements. One that is empty proves
            nothing; None asks for no other party at all, which needs `own`.
        agreement: the rules, zones and limits.
        now: the moment the check speaks of; ages are counted to it.
        geoid: heights of mean sea level.
        own: compare our operations with each other too.
        suggest: look for the least change that would mend each operation in conflict.
        progress: told how far the check is.

    Raises:
        ModeMismatch: plans and agreement are not of one mode, EXERCISE or REAL.
        InvalidInput: an operation of ours stands among the released ones.
    """
    alone = released is None
    if alone and not own:
        raise InvalidInput("there is nothing to compare with", remedy="Give released plans.")
    released = released or PlanSet()
    _require_one_mode((*plans.operations, *released.operations), agreement)
    for given in (plans, released):
        if given.mode not in (None, agreement.mode):
            raise ModeMismatch(f"a file is {given.mode}, the agreement is {agreement.mode}")
    check = _Check(plans, released, agreement, now=now, geoid=geoid, own=own, alone=alone)
    answers = []
    live = _own_set(plans)
    for number, (operation, packed) in enumerate(check.packed(live)):
        if progress:
            progress("checking", number, len(live))
        answers.append(check.answer(operation, packed))
    for number, answer in enumerate(answers if suggest else ()):
        if progress:
            progress("looking for changes", number, len(answers))
        if answer.conflicts or answer.infringements:
            suggestions = suggestions_for(
                live[number], agreement.suggestions, now=now, first_passing=check.first_passing
            )
            answers[number] = replace(answer, suggestions=suggestions)
    return CheckReport(
        mode=agreement.mode,
        now=now,
        agreement_id=agreement.id,
        agreement_title=agreement.title,
        agreement_version=agreement.version,
        agreement_digest=agreement.digest,
        own_parties=tuple(sorted({o.party for o in plans.operations})),
        answers=tuple(answers),
        rejected=plans.rejected + released.rejected,
    )


class _Check:
    """Everything one check compares with, made ready once."""

    def __init__(
        self,
        plans: PlanSet,
        released: PlanSet,
        agreement: Agreement,
        *,
        now: datetime,
        geoid: Geoid,
        own: bool,
        alone: bool,
    ) -> None:
        self._agreement = agreement
        self._now = now
        own_parties = {operation.party for operation in plans.operations}
        theirs = [o for o in released.operations if o.state is not OperationState.ENDED]
        if shared := own_parties & {o.party for o in theirs}:
            raise InvalidInput(
                f"{', '.join(sorted(shared))} stands on both sides",
                remedy="Give your own plans first and only the others' with --against.",
            )
        compared = [*theirs, *(_own_set(plans) if own else ())]
        self._own = _own_set(plans) if own else None
        self._alone = alone
        self._geoid = geoid.undulation_m
        self._everything = [*theirs, *_own_set(plans)]
        self._comparison = Comparison(compared, agreement, geoid=self._geoid)
        self._restrictions = Restrictions(
            agreement, (*plans.zones, *released.zones), geoid=self._geoid
        )
        self._doubting = Doubting(agreement, _by_party(released, agreement, own_parties), now=now)
        self._left_out = bool(released.rejected or plans.rejected)

    def packed(self, operations: Sequence[Operation]) -> Iterator[tuple[Operation, PackedVolumes]]:
        """Each operation with its volumes as arrays; packing many at once is much cheaper."""
        packed = self._comparison.pack(operations)
        begin = 0
        for operation in operations:
            end = begin + len(operation.volumes)
            yield operation, part(packed, begin, end)
            begin = end

    def answer(self, operation: Operation, packed: PackedVolumes) -> Answer:
        """Say everything about one operation."""
        conflicts = self._comparison.conflicts_of(operation, packed)
        doubts = self._doubts(operation, packed)
        return Answer(
            operation=ref(operation),
            verdict=verdict_of(conflicts, doubts),
            conflicts=conflicts,
            infringements=self._restrictions.infringements_of(operation, packed),
            findings=findings_of(operation, packed, self._agreement),
            doubts=doubts,
            among=self._among(operation),
        )

    def _among(self, operation: Operation) -> tuple[Among, ...]:
        among = self._doubting.among()
        if self._own is None:
            return among
        others = [o for o in self._own if o.id != operation.id]
        ages_s = [(self._now - other.received_at).total_seconds() for other in others]
        oldest_s = max(ages_s, default=None)
        return (
            *among,
            Among(operation.party, len(others), oldest_s, None, None, None, own=True),
        )

    def first_passing(self, trials: Sequence[Operation]) -> int | None:
        """Which of several changed operations is the first that nothing stands against."""
        for number, (operation, packed) in enumerate(self.packed(trials)):
            if self._passes(operation, packed):
                return number
        return None

    @cached_property
    def _for_trials(self) -> Comparison:
        """A change must not trade a conflict with theirs for one with our own."""
        if self._own is not None:
            return self._comparison
        return Comparison(self._everything, self._agreement, geoid=self._geoid)

    def _passes(self, operation: Operation, packed: PackedVolumes) -> bool:
        return (
            not self._for_trials.breaks(operation, packed)
            and not self._restrictions.infringements_of(operation, packed)
            and not self._doubting.place_doubts(operation, packed)
        )

    def _doubts(self, operation: Operation, packed: PackedVolumes) -> tuple[Doubt, ...]:
        found = self._doubting.doubts(operation, packed)
        if not self._doubting.released and not self._alone:
            found.append(NOTHING_RELEASED)
        if self._left_out:
            found.append(
                Doubt(
                    DoubtKind.FEATURES_LEFT_OUT,
                    "some features could not be read and were left out",
                    "Correct them, or ask their owner for them again.",
                )
            )
        return tuple(found)


def _own_set(plans: PlanSet) -> tuple[Operation, ...]:
    return tuple(o for o in plans.operations if o.state is not OperationState.ENDED)


def verdict_of(conflicts: Sequence[Conflict], doubts: Sequence[Doubt]) -> Verdict:
    """The verdict of an answer with these conflicts and doubts."""
    verdicts = [conflict.verdict for conflict in conflicts]
    return worst([*verdicts, *([Verdict.CANNOT_SAY] if doubts else [])])


def _by_party(
    released: PlanSet, agreement: Agreement, own_parties: set[str]
) -> tuple[Released, ...]:
    """One set for each other party: every signatory, and whoever else released something.

    A signatory that released nothing still counts: its silence proves nothing.
    """
    anything = released.operations or released.coverages
    signed = {party.id for party in agreement.parties} - own_parties if anything else set()
    return tuple(
        Released(
            party,
            Notices.of(
                [
                    o
                    for o in released.operations
                    if o.party == party and o.state is not OperationState.ENDED
                ]
            ),
            [c for c in released.coverages if c.party == party],
        )
        for party in sorted(signed | set(released.parties))
    )


def _require_one_mode(operations: Sequence[Operation], agreement: Agreement) -> None:
    for operation in operations:
        if operation.mode is not agreement.mode:
            raise ModeMismatch(
                f"{operation.designator} is {operation.mode}, the agreement is {agreement.mode}"
            )
