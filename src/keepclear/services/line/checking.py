"""Check a line: send checks when they are due, answer theirs, note who did not answer.

Source: domain study of keepclear, 5d (checks, both directions; an unanswered check is a
finding, "no answer, cause unknown").
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from keepclear.contact.checks import last_due, result_of, times_of
from keepclear.contact.line_facts import LineFacts
from keepclear.contact.line_life import is_kept_alive
from keepclear.errors import InvalidMessage, NotFound
from keepclear.formats.documents.check import CheckWords, reply_fields, words_of
from keepclear.ledger.entries import EntryKind
from keepclear.model.line import NETWORK, Line
from keepclear.model.line_standing import LineStanding
from keepclear.model.line_state import CauseCode, Check, CheckResult, LineState
from keepclear.model.message import Message
from keepclear.model.node import Subject
from keepclear.ports.store import Unit
from keepclear.services.line.checks_kept import check_of, keep_check
from keepclear.services.line.pairing import line_of
from keepclear.services.line.restoring import with_proof, without_stale
from keepclear.services.line.sending_checks import send_check
from keepclear.services.line.speaking import say
from keepclear.services.line.standing import facts_of, settle, standing_of
from keepclear.services.line.taken import Taken
from keepclear.services.line.watches_seen import role_on_duty
from keepclear.services.node import Node


def open_line(unit: Unit, node: Node, line_id: str, now: datetime) -> None:
    """Begin to look after a line that was made, or made anew: its first check is due at once."""
    line = line_of(unit, line_id)
    settle(unit, node, line, standing_of(unit, line), now)


def tick_line(unit: Unit, node: Node, line_id: str, kind: str, now: datetime) -> None:
    """Do what is due on a line: a check, the end of a wait, or another look at its state.

    All that is due by now is done, whichever deadline was first to say so.
    """
    del kind
    try:
        line = line_of(unit, line_id)
    except NotFound:
        unit.put_deadlines(Subject.LINE, line_id, [])
        return
    standing = without_stale(unit, node, line, standing_of(unit, line), now)
    standing = _with_ended_waits(unit, node, line, standing, now)
    facts = facts_of(unit, line, standing, now)
    if facts.agreed_until is not None and standing.state is not LineState.CLOSED:
        standing = _with_due_check(unit, node, line, standing, facts, now)
    settle(unit, node, line, standing, now)


def look_again(unit: Unit, node: Node, line_id: str, now: datetime) -> None:
    """Note a change of a line's state that something beside it brought: a message, a watch.

    What is no line of ours is left alone.
    """
    try:
        line = line_of(unit, line_id)
    except NotFound:
        return
    settle(unit, node, line, standing_of(unit, line), now)


def take_check(unit: Unit, node: Node, taken: Taken) -> None:
    """Take a check of theirs and answer it by machine, or the reply to one of ours.

    Either twice changes nothing.

    Raises:
        InvalidMessage: its fields are none of M01, or it answers a check we never made.
    """
    words = words_of(taken.message.fields)
    line = line_of(unit, taken.line.id)
    held = check_of(unit, words.check_id)
    if held is not None and held.line != line.id:
        raise InvalidMessage(f"check_id: {words.check_id} is a check of another line")
    if words.is_reply:
        _take_reply(unit, node, line, held, words, taken.message, taken.received_at)
    elif held is None:
        _answer(unit, node, line, words, taken.received_at)


def _answer(unit: Unit, node: Node, line: Line, words: CheckWords, now: datetime) -> None:
    check = Check(
        id=words.check_id,
        line=line.id,
        outgoing=False,
        channel=NETWORK,
        at=now,
        text=words.text,
        language=words.language,
        expected=words.expected,
        due=words.due,
        result=CheckResult.ANSWERED,
        cause=CauseCode.ANSWERED,
        reply=words.expected or words.text,
        answered_at=now,
        reader_role=role_on_duty(unit, line.us),
    )
    fields = reply_fields(check, heard_at=now)
    say(
        unit,
        node,
        line,
        "M01",
        fields,
        now,
        role=check.reader_role,
    )
    keep_check(unit, node, check, EntryKind.CHECK_TAKEN)
    standing = standing_of(unit, line)
    channel = replace(standing.channel(NETWORK), reached_at=now)
    settle(unit, node, line, replace(standing.with_channel(channel), last_check=check.id), now)


def _take_reply(
    unit: Unit,
    node: Node,
    line: Line,
    held: Check | None,
    words: CheckWords,
    message: Message,
    now: datetime,
) -> None:
    if held is None or not held.outgoing:
        raise InvalidMessage(f"check_id: we made no check {words.check_id}")
    if held.result.proves:
        return
    standing = standing_of(unit, line)
    plan = facts_of(unit, line, standing, now).plan
    in_time = now - held.at <= timedelta(seconds=plan.answer_within_s)
    check = _answered(held, words, message, now, in_time=in_time)
    keep_check(unit, node, check, EntryKind.CHECK_ANSWERED)
    known = standing.channel(NETWORK)
    channel = replace(
        known,
        answered_at=now,
        cause=CauseCode.ANSWERED,
        round_trip_s=known.round_trip_s if check.round_trip_s is None else check.round_trip_s,
    )
    standing = replace(
        standing.with_channel(channel),
        contact_at=now,
        waiting=tuple(each for each in standing.waiting if each != check.id),
    )
    if check.skew_s is not None:
        standing = replace(standing, skew_s=check.skew_s, skew_at=now)
    settle(unit, node, line, with_proof(unit, node, line, standing, check.id, now), now)


def _answered(
    held: Check, words: CheckWords, message: Message, now: datetime, *, in_time: bool
) -> Check:
    """The check with its reply; a reply that waited somewhere tells nothing of the clocks."""
    done = replace(
        held,
        result=result_of(held.expected, words.text),
        cause=CauseCode.ANSWERED,
        reply=words.text,
        answered_at=now,
        reader_role=words.reader_role,
    )
    if words.heard_at is None or not in_time:
        return done
    times = times_of(
        asked_at=held.at,
        reached_at=words.heard_at,
        replied_at=message.originated_at,
        answered_at=now,
    )
    return replace(done, round_trip_s=round(times.round_trip_s, 3), skew_s=round(times.skew_s, 3))


def _with_ended_waits(
    unit: Unit, node: Node, line: Line, standing: LineStanding, now: datetime
) -> LineStanding:
    """Note the checks whose time to be answered is over: no answer, cause unknown."""
    within = timedelta(seconds=facts_of(unit, line, standing, now).plan.answer_within_s)
    for name in standing.waiting:
        check = check_of(unit, name)
        if check is None or check.at + within > now:
            continue
        missed = replace(check, result=CheckResult.NOT_ANSWERED, cause=CauseCode.UNKNOWN)
        keep_check(unit, node, missed, EntryKind.CHECK_MISSED)
        known = standing.channel(check.channel)
        is_last = known.answered_at is None or known.answered_at < check.at
        channel = replace(known, cause=CauseCode.UNKNOWN) if is_last else known
        standing = replace(
            standing.with_channel(channel),
            waiting=tuple(each for each in standing.waiting if each != name),
        )
    return standing


def _with_due_check(
    unit: Unit,
    node: Node,
    line: Line,
    standing: LineStanding,
    facts: LineFacts,
    now: datetime,
) -> LineStanding:
    """Send the check that is due; of several that went by only the last one is of any use."""
    if not standing.last_check:
        return send_check(unit, node, line, standing, now)[0]
    due = last_due(facts.plan, now, daily=is_kept_alive(facts, now))
    begun = standing.checked_due or standing.opened_at
    if due is None or due <= begun:
        return standing
    return send_check(unit, node, line, standing, now, due=due)[0]
