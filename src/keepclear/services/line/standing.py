"""What is remembered of a line: read it, derive its state, note every change of it.

Whatever happens on a line ends here: the state is derived anew, a change of it goes into the
ledger, and the moments at which it may change by itself become stored deadlines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.contact.checks import next_due
from keepclear.contact.history import last_contact
from keepclear.contact.line_facts import LineFacts
from keepclear.contact.line_life import changes_after, derive, is_kept_alive
from keepclear.formats.documents.line import standing_document, stored_standing
from keepclear.ledger.entries import EntryKind
from keepclear.model.agreement import Agreement, CheckPlan
from keepclear.model.line import Line
from keepclear.model.line_standing import LineStanding
from keepclear.model.line_state import LineState
from keepclear.model.node import Subject
from keepclear.ports.store import Unit, View
from keepclear.services.frame import in_their_time
from keepclear.services.line.checks_kept import check_of
from keepclear.services.line.contacts_kept import contacts_of
from keepclear.services.line.keeping import Content, write
from keepclear.services.line.pairing import signed_versions
from keepclear.services.line.traffic import contact_by_messages, overdue_count
from keepclear.services.line.watches_seen import has_linguist
from keepclear.services.node import Node
from keepclear.services.recording import record

CHECK_DUE = "check"
ANSWER_DUE = "answer"
STATE_DUE = "state"
"""The deadlines of a line: all of them lead to one look at it."""


def standing_of(view: View, line: Line) -> LineStanding:
    """What is remembered of a line; as it is opened where nothing is yet."""
    found = view.declaration(Subject.LINE, _name(line.id))
    if found is not None:
        return stored_standing(found.body)
    return LineStanding(line.id, line.paired_at, LineState.DEGRADED, line.paired_at)


def is_opened(view: View, line_id: str) -> bool:
    """Whether anything is remembered of a line."""
    return view.declaration(Subject.LINE, _name(line_id)) is not None


def agreement_in_force(view: View, line: Line, now: datetime) -> Agreement | None:
    """The agreement that binds a line now, signed by both; None where none does."""
    timed = in_their_time(signed_versions(view, line))
    return next((each for each in timed if each.valid.start <= now <= each.valid.end), None)


def facts_of(view: View, line: Line, standing: LineStanding, now: datetime) -> LineFacts:
    """Everything the state of a line is derived from, at one moment."""
    agreement = agreement_in_force(view, line, now)
    by_messages = contact_by_messages(view, line.id)
    contacts = [at for at in (standing.contact_at, by_messages) if at is not None]
    return LineFacts(
        us=line.us,
        them=line.them,
        opened_at=standing.opened_at,
        agreed_until=None if agreement is None else agreement.valid.end,
        plan=CheckPlan() if agreement is None else agreement.check_plan,
        channels=standing.channels,
        declarations=standing.declarations,
        contact_at=max(contacts, default=None),
        lapsed_at=standing.lapsed_at,
        restoring_at=None if standing.restoration is None else standing.restoration.moved_at,
        overdue=overdue_count(view, line.id),
        skew_s=skew_of(line, standing)[0],
        has_linguist=has_linguist(view, line),
    )


def skew_of(line: Line, standing: LineStanding) -> tuple[float | None, datetime | None]:
    """By how much their clock is ahead, and when that was seen: as was measured last.

    A check measures it there and back, a delivery one way.
    """
    by_check = (standing.skew_s, standing.skew_at)
    if line.skew_at is None or (standing.skew_at is not None and standing.skew_at >= line.skew_at):
        return by_check
    return line.skew_s, line.skew_at


def settle(
    unit: Unit, node: Node, line: Line, standing: LineStanding, now: datetime, *, actor: str = ""
) -> LineStanding:
    """Keep what is remembered of a line, with the state that follows from it.

    Args:
        unit: the unit of work.
        node: the node.
        line: which line.
        standing: what is to be remembered.
        now: when it happened; the state is as of the moment at which it is written.
        actor: who caused it; empty for the node itself.

    Returns:
        What is remembered from now on: a lapse stays noted until the line is restored.
    """
    # Whoever read the clock before another wrote must not undo what was only then to count.
    now = max(now, node.now())
    facts = facts_of(unit, line, standing, now)
    status = derive(facts, now)
    kept = replace(standing, lapsed_at=_known_lapse(unit, line, standing, facts, now))
    if kept.lapsed_at is not standing.lapsed_at:
        facts = replace(facts, lapsed_at=kept.lapsed_at)
        status = derive(facts, now)
    if status.state is LineState.LAPSED and kept.lapsed_at is None:
        kept = replace(kept, lapsed_at=status.since or now)
    is_new = not is_opened(unit, line.id)
    is_change = status.state is not kept.state
    if is_change or is_new:
        kept = replace(kept, state=status.state, state_since=status.since or now)
    kind = (
        EntryKind.LINE_OPENED
        if is_new
        else EntryKind.LINE_STATE_CHANGED
        if is_change
        else EntryKind.LINE_OBSERVED
    )
    note = f"{standing.state} -> {kept.state}: {'; '.join(status.reasons)}" if is_change else ""
    _keep(unit, node, kept, kind, actor=actor, note=note)
    _arm(unit, line, replace(facts, lapsed_at=kept.lapsed_at), kept, now)
    return kept


def note(
    unit: Unit,
    node: Node,
    line: Line,
    kind: EntryKind,
    body: Mapping[str, JsonValue],
    now: datetime,
    *,
    actor: str = "",
    why: str = "",
) -> None:
    """Put something that happened on a line into the ledger, beside what is remembered of it."""
    found = unit.declaration(Subject.LINE, _name(line.id))
    about = (Subject.LINE, line.id, 0 if found is None else found.version)
    unit.append(record(node.identity, kind, about, dict(body), at=now, actor=actor, note=why))


def _known_lapse(
    view: View, line: Line, standing: LineStanding, facts: LineFacts, now: datetime
) -> datetime | None:
    """Since when a line is lapsed: as was noted, or as the history says of one never tested.

    Two parties that have not spoken for a year do not have a line that is up because their
    nodes were paired this morning.
    """
    if standing.lapsed_at is not None or facts.contact_at is not None:
        return standing.lapsed_at
    if any(each.answered_at or each.reached_at for each in standing.channels):
        return None
    last = last_contact(contacts_of(view, line.id), now)
    over = None if last is None else last + timedelta(seconds=facts.plan.lapse_after_s)
    return over if over is not None and over <= now else None


def _keep(
    unit: Unit, node: Node, standing: LineStanding, kind: EntryKind, *, actor: str, note: str
) -> None:
    document = standing_document(standing)
    current = unit.declaration(Subject.LINE, _name(standing.line))
    if current is not None and current.body == canonical_bytes(document):
        return
    content = Content(Subject.LINE, _name(standing.line), "", document)
    write(unit, node, content, kind, actor=actor, note=note)


def _arm(unit: Unit, line: Line, facts: LineFacts, standing: LineStanding, now: datetime) -> None:
    """Store the moments at which somebody must look at the line again."""
    within = timedelta(seconds=facts.plan.answer_within_s)
    waiting = [check for each in standing.waiting if (check := check_of(unit, each)) is not None]
    moments = (
        (CHECK_DUE, next_due(facts.plan, now, daily=is_kept_alive(facts, now))),
        (ANSWER_DUE, min((each.at + within for each in waiting), default=None)),
        (STATE_DUE, changes_after(facts, now)),
    )
    first = [(CHECK_DUE, now)] if not standing.last_check and facts.agreed_until else []
    armed = [(kind, due) for kind, due in moments if due is not None and kind not in dict(first)]
    unit.put_deadlines(Subject.LINE, line.id, [*first, *armed])


def _name(line_id: str) -> str:
    """What is remembered stands behind the line's name."""
    return f"{line_id}/state"
