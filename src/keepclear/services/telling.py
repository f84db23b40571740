"""What a node says of itself: whose it is, what it holds, how old others' data are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from keepclear.ledger.heads import SignedHead
from keepclear.model.answer import Among
from keepclear.model.node import NodeIdentity, Subject
from keepclear.model.operation import OperationState
from keepclear.services.agreeing import AgreementStanding, agreements
from keepclear.services.judging import NO_NOTICES
from keepclear.services.node import Node
from keepclear.services.picture import Standing


@dataclass(frozen=True, slots=True)
class DataAge:
    """What one other party released, and whether it is fresh.

    Attributes:
        among: how much, how old, how complete.
        fresh: whether its coverage is declared and fresh under the agreement in force; False
            where none is in force.
        reasons: why nothing can be said against its set; empty where it is sound.
    """

    among: Among
    fresh: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """A node at a glance.

    Attributes:
        identity: what is fixed.
        now: the node's clock.
        is_clock_set: whether that clock was set for an exercise.
        started_at: when it was opened.
        change: the last change of its store.
        head: the last signed head of its ledger; None while the ledger is empty.
        operations: how many it holds by state, all parties together.
        declarations: how many live zones, boundaries, airfields, coverage statements and
            agreement versions.
        drafts: how many drafts.
        data: every other party's released set.
        agreements: every version filed.
    """

    identity: NodeIdentity
    now: datetime
    is_clock_set: bool
    started_at: datetime
    change: int
    head: SignedHead | None
    operations: Mapping[OperationState, int]
    declarations: Mapping[Subject, int]
    drafts: int
    data: tuple[DataAge, ...]
    agreements: tuple[AgreementStanding, ...]


def overview(node: Node) -> Overview:
    """The node at a glance, at this moment."""
    standing = node.picture.standing()
    now = node.now()
    with node.store.view() as view:
        operations = dict.fromkeys(OperationState, 0)
        for (_, state), count in view.counts().items():
            operations[state] += count
        subjects = (
            Subject.ZONE,
            Subject.BOUNDARY,
            Subject.AIRFIELD,
            Subject.COVERAGE,
            Subject.AGREEMENT,
        )
        return Overview(
            identity=node.identity,
            now=now,
            is_clock_set=node.is_clock_set,
            started_at=node.started_at,
            change=view.sequence,
            head=view.head(),
            operations=operations,
            declarations={each: len(view.declarations(each)) for each in subjects},
            drafts=len(view.drafts()),
            data=data_ages(node, standing, now),
            agreements=agreements(node),
        )


def data_ages(node: Node, standing: Standing, now: datetime) -> tuple[DataAge, ...]:
    """Every other party's set: those that released anything, and those that signed."""
    binding = [
        judge
        for judge in standing.judges.all
        if judge.agreement.valid.start <= now <= judge.agreement.valid.end
    ]
    signed = {party.id for judge in binding for party in judge.agreement.parties}
    known = signed | set(standing.notices) | set(standing.frame.coverages or ())
    ages = []
    for party in sorted(known - {node.identity.party}):
        judges = [judge for judge in binding if judge.binds(party)] or binding
        doubting = [j.doubting([party], standing.notices, now=now) for j in judges]
        doubts = [
            d for each in doubting for r in each.released for d in r.doubts(now, each.agreement)
        ]
        among = doubting[0].among()[0] if doubting else _unjudged(party, standing, now)
        reasons = tuple(dict.fromkeys(doubt.reason for doubt in doubts))
        ages.append(DataAge(among, bool(doubting) and not doubts, reasons))
    return tuple(ages)


def _unjudged(party: str, standing: Standing, now: datetime) -> Among:
    notices = standing.notices.get(party, NO_NOTICES)
    oldest_s = (now - notices.oldest).total_seconds() if notices.oldest else None
    newest = max((each.as_of for each in standing.frame.coverages_of(party)), default=None)
    age_s = (now - newest).total_seconds() if newest else None
    return Among(party, notices.number, oldest_s, newest, age_s, None)
