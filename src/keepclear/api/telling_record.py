"""Who must be told of a message, who saw it and to whom it was passed on, as the API tells it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from keepclear.api.answer_record import Time, Told
from keepclear.formats.times import iso_text
from keepclear.model.message_life import Units
from keepclear.model.relay import Relay
from keepclear.model.telling import SAID, MessageTelling, TellingStep, UnitTelling, UnitWord
from keepclear.model.unit import MeansKind
from keepclear.ports.store import View
from keepclear.services.units.seeing import Seen
from keepclear.services.units.waiting import next_means

_PASSED = {
    Units.NONE: "none must be told",
    Units.ASKED: "asked",
    Units.CONFIRMED: "confirmed",
    Units.CANNOT: "cannot",
}


class StepRecord(Told, frozen=True, kw_only=True):
    """One thing on record about telling a unit."""

    id: str
    at: Time
    word: UnitWord
    means: MeansKind | None
    role: str
    actor: str
    words: str


class MeansRecord(Told, frozen=True, kw_only=True):
    """A means of telling a unit."""

    kind: MeansKind
    address: str


class UnitTellingRecord(Told, frozen=True, kw_only=True):
    """One unit that must be told."""

    unit: str
    name: str
    why: Annotated[str, Meta(description="Why it must be told")]
    word: UnitWord
    due: Annotated[Time | None, Meta(description="When the next thing must have happened")]
    remaining_s: Annotated[float | None, Meta(description="Below 0 once overdue")]
    is_overdue: bool
    try_now: Annotated[MeansRecord | None, Meta(description="By which means to try now")]
    acts: Annotated[tuple[UnitWord, ...], Meta(description="What may be put on record")]
    steps: tuple[StepRecord, ...]


class TellingRecord(Told, frozen=True, kw_only=True):
    """Who must be told of a message; PASSED TO UNITS follows from it and from nothing else."""

    message: str
    line: str
    code: str
    is_humanitarian: bool
    passed: Annotated[str, Meta(description="asked, confirmed, cannot, or none must be told")]
    says: Annotated[str, Meta(description="The same in a sentence")]
    was_told: Annotated[Units, Meta(description="What the other side was told of it")]
    has_list: Annotated[bool, Meta(description="Whether a list of own units is kept")]
    units: tuple[UnitTellingRecord, ...]


class SeenRecord(Told, frozen=True, kw_only=True):
    """Somebody who saw a message."""

    at: Time
    who: Annotated[str, Meta(description="A role, a unit or an ally; never a name")]
    what: str
    side: Annotated[str, Meta(description="ours, or theirs")]
    words: str


class SeenPage(Told, frozen=True, kw_only=True):
    """Everybody who is on record as having seen a message."""

    total: int
    items: tuple[SeenRecord, ...]


class ReceiptRecord(Told, frozen=True, kw_only=True):
    """That a message was passed on to one ally."""

    id: str
    to: str
    relayed_at: Time
    means: MeansKind
    role: str
    actor: str
    receipt: str
    was_told: Annotated[bool, Meta(description="The sender was told by an M28")]


class RelayRecord(Told, frozen=True, kw_only=True):
    """Whether a message is passed on to allies."""

    message: str
    is_relayed: Annotated[bool | None, Meta(description="null: nobody decided yet")]
    to: tuple[str, ...]
    decided_at: Time | None
    role: str
    actor: str
    words: str
    stopped: Annotated[tuple[str, ...], Meta(description="Those who left since")]
    missing: Annotated[tuple[str, ...], Meta(description="Those who said nothing to it yet")]
    receipts: tuple[ReceiptRecord, ...]


def telling_record(
    view: View, telling: MessageTelling, was_told: Units, now: datetime
) -> TellingRecord:
    """A telling as it is told."""
    return TellingRecord(
        message=telling.message,
        line=telling.line,
        code=telling.code,
        is_humanitarian=telling.is_humanitarian,
        passed=_PASSED[telling.passed],
        says=telling.says,
        was_told=was_told,
        has_list=telling.has_list,
        units=tuple(_unit(view, each, now) for each in telling.units),
    )


def seen_record(seen: Seen) -> SeenRecord:
    """Who saw a message, as it is told."""
    return SeenRecord(
        at=iso_text(seen.at), who=seen.who, what=seen.what, side=seen.side, words=seen.words
    )


def relay_record(message_id: str, relay: Relay | None) -> RelayRecord:
    """A relay as it is told; one nobody decided on says so."""
    if relay is None:
        return RelayRecord(
            message=message_id,
            is_relayed=None,
            to=(),
            decided_at=None,
            role="",
            actor="",
            words="",
            stopped=(),
            missing=(),
            receipts=(),
        )
    return RelayRecord(
        message=relay.message,
        is_relayed=relay.is_relayed,
        to=relay.to,
        decided_at=iso_text(relay.decided_at),
        role=relay.role,
        actor=relay.actor,
        words=relay.words,
        stopped=relay.stopped,
        missing=relay.missing,
        receipts=tuple(
            ReceiptRecord(
                id=each.id,
                to=each.to,
                relayed_at=iso_text(each.relayed_at),
                means=each.means,
                role=each.role,
                actor=each.actor,
                receipt=each.receipt,
                was_told=each.was_told,
            )
            for each in relay.receipts
        ),
    )


def _unit(view: View, one: UnitTelling, now: datetime) -> UnitTellingRecord:
    means = next_means(view, one)
    done = one.word is UnitWord.CONFIRMED
    return UnitTellingRecord(
        unit=one.unit,
        name=one.name,
        why=one.why,
        word=one.word,
        due=None if one.due is None else iso_text(one.due),
        remaining_s=None if one.due is None else (one.due - now).total_seconds(),
        is_overdue=one.is_overdue,
        try_now=None
        if done or means is None
        else MeansRecord(kind=means.kind, address=means.address),
        acts=() if done else SAID,
        steps=tuple(_step(each) for each in one.steps),
    )


def _step(step: TellingStep) -> StepRecord:
    return StepRecord(
        id=step.id,
        at=iso_text(step.at),
        word=step.word,
        means=step.means,
        role=step.role,
        actor=step.actor,
        words=step.words,
    )
