"""The record of a line: everything a console's strip shows of it, and how it is written."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from keepclear.api.answer_record import Time, Told
from keepclear.contact.gaps import Gap
from keepclear.contact.line_facts import ChannelStatus
from keepclear.formats.times import iso_text
from keepclear.model.channel import ChannelKind, ChannelOrder
from keepclear.model.line_state import (
    CauseCode,
    Check,
    CheckResult,
    ContactLevel,
    DeclaredState,
    Lapse,
    LineAct,
    LineDeclaration,
    LineState,
    ObservedState,
    Scope,
    SourceSide,
)
from keepclear.model.operation import Mode
from keepclear.model.restoration import Listed, Restoration, Step
from keepclear.services.line.status import LineReport, Silence


class DeclaredRecord(Told, frozen=True, kw_only=True):
    """What each party says; what is observed stands apart from it."""

    us: DeclaredState
    them: DeclaredState


class ChannelRecord(Told, frozen=True, kw_only=True):
    """One means of the line: two facts, side by side."""

    id: str
    kind: ChannelKind
    order: ChannelOrder
    declared: DeclaredRecord
    observed: ObservedState
    asked_at: Annotated[Time | None, Meta(description="When we last checked it")]
    last_answered_at: Annotated[Time | None, Meta(description="When a check of ours was answered")]
    last_reached_at: Annotated[Time | None, Meta(description="When a check of theirs came")]
    cause: Annotated[CauseCode | None, Meta(description="Why the last check went as it did")]
    round_trip_s: float | None
    next_check_at: Annotated[Time | None, Meta(description="By machine; null for other channels")]


class LineCheckRecord(Told, frozen=True, kw_only=True):
    """A check of the line."""

    id: str
    line: str
    outgoing: Annotated[bool, Meta(description="Whether we asked")]
    channel: str
    at: Time
    due: Annotated[Time | None, Meta(description="Its due time; null for one ad hoc")]
    text: str
    language: str
    expected: str
    reply: str
    result: CheckResult
    cause: CauseCode | None
    answered_at: Time | None
    reader_role: Annotated[str, Meta(description="Who answered, by role")]
    round_trip_s: float | None
    skew_s: Annotated[float | None, Meta(description="Their clock ahead of ours")]
    by_hand: Annotated[bool, Meta(description="Whether a person entered it")]
    remark: str


class LineDeclarationRecord(Told, frozen=True, kw_only=True):
    """What a party declared of the line."""

    id: str
    party: str
    act: LineAct
    scope: Scope
    residue: str
    effective_at: Time
    declared_at: Time
    channel: str
    reason: str
    role: str


class ListedRecord(Told, frozen=True, kw_only=True):
    """One thing of a gap list."""

    id: str
    version: int
    sort: str
    until: Time | None


class GapRecord(Told, frozen=True, kw_only=True):
    """What the gap left on our side."""

    unknown: Annotated[tuple[ListedRecord, ...], Meta(description="Theirs, live, not held here")]
    over: Annotated[tuple[ListedRecord, ...], Meta(description="Theirs, ended meanwhile; ignored")]
    owed: Annotated[tuple[ListedRecord, ...], Meta(description="Ours, never received, still good")]
    lapsed: Annotated[tuple[ListedRecord, ...], Meta(description="Ours, of no use any more")]
    unheard: Annotated[int, Meta(description="How many of their envelopes are not here")]
    keys_differ: Annotated[tuple[str, ...], Meta(description="Parties whose root differs")]
    left_out: Annotated[int, Meta(description="How many things the lists could not name")]


class RestorationRecord(Told, frozen=True, kw_only=True):
    """A restoration under way."""

    id: str
    step: Annotated[Step, Meta(description="The first proof that is not there on both sides")]
    ours: Annotated[tuple[Step, ...], Meta(description="The proofs we gave")]
    theirs: Annotated[tuple[Step, ...], Meta(description="The proofs we have of them")]
    testing: Annotated[bool, Meta(description="Whether our test waits for its answer")]
    begun_at: Time
    moved_at: Time
    gap: Annotated[GapRecord | None, Meta(description="null until both lists are there")]


class DatingRecord(Told, frozen=True, kw_only=True):
    """How long since the last contact, as one source has it."""

    level: ContactLevel
    channel: ChannelKind | None
    side: SourceSide
    source: str
    text: Annotated[str, Meta(description="When, as the source says")]
    earliest: Time
    latest: Time
    at_least_s: float
    at_most_s: float
    event: str


class SilenceRecord(Told, frozen=True, kw_only=True):
    """How long there was no contact."""

    since: Annotated[Time | None, Meta(description="The last contact; null where none is known")]
    for_s: float | None
    datings: Annotated[tuple[DatingRecord, ...], Meta(description="What each source says")]
    differ: Annotated[bool, Meta(description="Whether two of them cannot both be right")]


class UnacknowledgedRecord(Told, frozen=True, kw_only=True):
    """Messages that no person has acknowledged."""

    into: Annotated[int, Meta(description="Theirs, by us")]
    out: Annotated[int, Meta(description="Ours, by them")]


class LineRecord(Told, frozen=True, kw_only=True):
    """A line at a glance."""

    id: str
    mode: Mode
    party: Annotated[str, Meta(description="The other one")]
    name: str
    state: Annotated[LineState, Meta(description="Derived from what is declared and observed")]
    since: Time
    reasons: Annotated[tuple[str, ...], Meta(description="Why it is not up; empty where it is")]
    cautions: Annotated[tuple[str, ...], Meta(description="What to know besides")]
    cause: Annotated[CauseCode | None, Meta(description="Why checks were not answered")]
    takes_flash: bool
    declared: DeclaredRecord
    scope: Annotated[Scope | None, Meta(description="How much is suspended; null: nothing")]
    residue: Annotated[str, Meta(description="What still works, as who suspended says")]
    declarations: Annotated[
        tuple[LineDeclarationRecord, ...], Meta(description="The last ones, the newest first")
    ]
    channels: tuple[ChannelRecord, ...]
    last_check: LineCheckRecord | None
    last_answered_check_at: Time | None
    next_check_due: Time | None
    missed: Annotated[int, Meta(description="Due checks in a row with no sign either way")]
    one_way: bool
    skew_s: float | None
    skew_at: Time | None
    unacknowledged: UnacknowledgedRecord
    overdue: Annotated[int, Meta(description="FLASH and IMMEDIATE with a clock run out")]
    waiting: Annotated[int, Meta(description="In the outbox, not at the other node yet")]
    caution_factor: Annotated[float, Meta(description="1 where own buffers are as agreed")]
    restoration: RestorationRecord | None
    lapse: Annotated[SilenceRecord | None, Meta(description="Of a lapsed line")]
    restoration_steps: Annotated[tuple[Step, ...], Meta(description="What we may give now")]
    acts: Annotated[tuple[LineAct, ...], Meta(description="What we may declare now")]


def line_record(report: LineReport) -> LineRecord:
    """A line at a glance, as it is told."""
    line, standing, status = report.line, report.standing, report.status
    restoration = standing.restoration
    return LineRecord(
        id=line.id,
        mode=line.mode,
        party=line.them,
        name=line.peer.name,
        state=status.state,
        since=iso_text(report.since),
        reasons=status.reasons,
        cautions=status.cautions,
        cause=status.cause,
        takes_flash=status.state.takes_flash,
        declared=DeclaredRecord(us=status.declared_us, them=status.declared_them),
        scope=status.scope,
        residue=status.residue,
        declarations=tuple(declaration_record(e) for e in reversed(standing.declarations[-10:])),
        channels=tuple(_channel(each, report) for each in status.channels),
        last_check=None if report.last_check is None else check_record(report.last_check),
        last_answered_check_at=_time(status.last_answered_at),
        next_check_due=_time(report.next_check),
        missed=status.missed,
        one_way=status.one_way,
        skew_s=report.skew_s,
        skew_at=_time(report.skew_at),
        unacknowledged=UnacknowledgedRecord(
            into=report.traffic.unacknowledged_in, out=report.traffic.unacknowledged_out
        ),
        overdue=report.traffic.overdue,
        waiting=report.traffic.waiting,
        caution_factor=report.caution_factor,
        restoration=None if restoration is None else _restoration(restoration, report),
        lapse=None if report.silence is None else _silence(report.silence),
        restoration_steps=report.steps,
        acts=report.acts,
    )


def check_record(check: Check) -> LineCheckRecord:
    """A check as it is told."""
    return LineCheckRecord(
        id=check.id,
        line=check.line,
        outgoing=check.outgoing,
        channel=check.channel,
        at=iso_text(check.at),
        due=_time(check.due),
        text=check.text,
        language=check.language,
        expected=check.expected,
        reply=check.reply,
        result=check.result,
        cause=check.cause,
        answered_at=_time(check.answered_at),
        reader_role=check.reader_role,
        round_trip_s=check.round_trip_s,
        skew_s=check.skew_s,
        by_hand=check.by_hand,
        remark=check.remark,
    )


def declaration_record(declaration: LineDeclaration) -> LineDeclarationRecord:
    """A declaration as it is told."""
    return LineDeclarationRecord(
        id=declaration.id,
        party=declaration.party,
        act=declaration.act,
        scope=declaration.scope,
        residue=declaration.residue,
        effective_at=iso_text(declaration.effective_at),
        declared_at=iso_text(declaration.declared_at),
        channel=declaration.channel,
        reason=declaration.reason,
        role=declaration.role,
    )


def dating_record(lapse: Lapse) -> DatingRecord:
    """How long since the last contact by one source, as it is told."""
    return DatingRecord(
        level=lapse.level,
        channel=lapse.channel,
        side=lapse.side,
        source=lapse.source,
        text=lapse.last.text,
        earliest=iso_text(lapse.last.earliest),
        latest=iso_text(lapse.last.latest),
        at_least_s=lapse.at_least_s,
        at_most_s=lapse.at_most_s,
        event=lapse.event,
    )


def _channel(status: ChannelStatus, report: LineReport) -> ChannelRecord:
    facts = status.facts
    is_network = facts.channel.kind is ChannelKind.NETWORK
    return ChannelRecord(
        id=facts.channel.id,
        kind=facts.channel.kind,
        order=facts.channel.order,
        declared=DeclaredRecord(us=status.declared_us, them=status.declared_them),
        observed=status.observed,
        asked_at=_time(facts.asked_at),
        last_answered_at=_time(facts.answered_at),
        last_reached_at=_time(facts.reached_at),
        cause=facts.cause,
        round_trip_s=facts.round_trip_s,
        next_check_at=_time(report.next_check) if is_network else None,
    )


def _restoration(current: Restoration, report: LineReport) -> RestorationRecord:
    both = current.ours & current.theirs
    return RestorationRecord(
        id=current.id,
        step=next((step for step in Step if step not in both), Step.CONFIRM),
        ours=tuple(step for step in Step if step in current.ours),
        theirs=tuple(step for step in Step if step in current.theirs),
        testing=current.tested_with in report.standing.waiting,
        begun_at=iso_text(current.begun_at),
        moved_at=iso_text(current.moved_at),
        gap=None if report.gap is None else _gap(report.gap),
    )


def _gap(gap: Gap) -> GapRecord:
    return GapRecord(
        unknown=_listed(gap.unknown),
        over=_listed(gap.over),
        owed=_listed(gap.owed),
        lapsed=_listed(gap.lapsed),
        unheard=sum(count for _, count in gap.unheard),
        keys_differ=gap.keys_differ,
        left_out=gap.left_out,
    )


def _listed(things: tuple[Listed, ...]) -> tuple[ListedRecord, ...]:
    return tuple(
        ListedRecord(id=each.id, version=each.version, sort=each.sort, until=_time(each.until))
        for each in things
    )


def _silence(silence: Silence) -> SilenceRecord:
    return SilenceRecord(
        since=_time(silence.since),
        for_s=silence.for_s,
        datings=tuple(dating_record(each) for each in silence.datings),
        differ=silence.differ,
    )


def _time(at: datetime | None) -> str | None:
    return None if at is None else iso_text(at)
