"""Checks that people have made: one by machine at once, or one made by telephone or radio."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from keepclear.contact.check_texts import text_for
from keepclear.errors import InvalidInput, StateForbids
from keepclear.formats.documents.check import CheckEntryDocument
from keepclear.formats.documents.fields import moment
from keepclear.ledger.entries import EntryKind
from keepclear.model.channel import ChannelKind, channel_of
from keepclear.model.line import Line
from keepclear.model.line_standing import ChannelFacts, LineStanding
from keepclear.model.line_state import CauseCode, Check, CheckResult
from keepclear.model.node import Subject
from keepclear.ports.store import Unit
from keepclear.services.expected import Expected, require_expected
from keepclear.services.line.checks_kept import check_of, keep_check
from keepclear.services.line.pairing import line_of
from keepclear.services.line.sending_checks import send_check
from keepclear.services.line.standing import settle, standing_of
from keepclear.services.node import Node

_VOICE = frozenset({ChannelKind.TELEPHONE, ChannelKind.RADIO})
"""Who was answered here was heard there: one check proves both ways."""


class CheckMade(NamedTuple):
    """What became of a check that a person had made.

    Attributes:
        check: as it stands now.
        version: which version of it.
        created: whether there was none before.
    """

    check: Check
    version: int
    created: bool


def make_check(
    node: Node,
    line_id: str,
    check_id: str,
    entry: CheckEntryDocument,
    *,
    expected: Expected = None,
    actor: str = "",
) -> CheckMade:
    """Have the machine make a check now, keep one that was made by hand, or say why one failed.

    Args:
        node: the node.
        line_id: which line.
        check_id: a UUID the caller drew.
        entry: what the caller says.
        expected: the version the caller saw, where a cause or a result is corrected.
        actor: who says so.

    Raises:
        NotFound: there is no such line.
        InvalidInput: the result needs a cause, or the network is not to be checked by hand.
        StateForbids: the check was answered by machine; its result stands.
        VersionMismatch, VersionMissing: somebody changed it meanwhile, or nothing was said.
    """

    def work(unit: Unit) -> CheckMade:
        now = node.now()
        line = line_of(unit, line_id)
        held = unit.declaration(Subject.CHECK, check_id)
        known = None if held is None else check_of(unit, check_id)
        if known is not None and known.line != line.id:
            raise InvalidInput(f"{check_id} is a check of the line {known.line}")
        if entry.result is None:
            if known is not None and held is not None:
                return CheckMade(known, held.version, created=False)
            return _by_machine(unit, node, line, check_id, entry, now, actor)
        check = _by_hand(line, check_id, entry, now) if known is None else _said_of(known, entry)
        if held is not None and check == known:
            return CheckMade(check, held.version, created=False)
        if held is not None:
            require_expected(expected, held.version, f"check {check_id}")
        version = keep_check(unit, node, check, EntryKind.CHECK_RECORDED, actor=actor)
        settle(unit, node, line, _with_result(standing_of(unit, line), check), now, actor=actor)
        return CheckMade(check, version, created=held is None)

    made = node.store.write(work)
    node.ring()
    return made


def _by_machine(
    unit: Unit,
    node: Node,
    line: Line,
    check_id: str,
    entry: CheckEntryDocument,
    now: datetime,
    actor: str,
) -> CheckMade:
    if channel_of(entry.channel).kind is not ChannelKind.NETWORK:
        raise InvalidInput(
            f"no machine checks the channel {entry.channel}",
            remedy="Make the check, and give its result.",
        )
    standing = standing_of(unit, line)
    asked, check = send_check(unit, node, line, standing, now, check_id=check_id, actor=actor)
    settle(unit, node, line, asked, now, actor=actor)
    return CheckMade(check, 1, created=True)


def _by_hand(line: Line, check_id: str, entry: CheckEntryDocument, now: datetime) -> Check:
    if channel_of(entry.channel).kind is ChannelKind.NETWORK:
        raise InvalidInput(
            "the network is checked by machine", remedy="Leave the result out to have it checked."
        )
    at = now if entry.at is None else moment(entry.at)
    if at > now:
        raise InvalidInput("at: the check lies ahead", remedy="Enter it when it was made.")
    text = text_for(sum(check_id.encode()))
    check = Check(
        id=check_id,
        line=line.id,
        outgoing=entry.ours,
        channel=entry.channel,
        at=at,
        text=text.text,
        language=text.language,
        expected=text.expected,
        by_hand=True,
    )
    return _said_of(check, entry)


def _said_of(check: Check, entry: CheckEntryDocument) -> Check:
    """The check with what a person says of it: a result by hand, else a cause alone."""
    result = CheckResult.WAITING if entry.result is None else entry.result
    if not check.by_hand and result is not CheckResult.NOT_ANSWERED:
        raise StateForbids(
            "this check was made by machine; people add the cause of its silence alone",
            remedy="Enter what was heard by other means as a check of its own.",
        )
    if check.result.proves and not check.by_hand:
        raise StateForbids("this check was answered", remedy="Enter another one.")
    if result is CheckResult.WAITING:
        raise InvalidInput("result: a check made by hand has one", remedy="Say what came of it.")
    answers = result.proves
    cause = CauseCode.ANSWERED if answers else entry.cause or CauseCode.UNKNOWN
    if not answers and cause is CauseCode.ANSWERED:
        raise InvalidInput("cause: it cannot be `answered` and not be answered")
    return replace(
        check,
        result=result,
        cause=cause,
        reply=entry.reply or check.reply,
        answered_at=check.at if answers else None,
        reader_role=entry.reader_role or check.reader_role,
        remark=entry.remark or check.remark,
    )


def _with_result(standing: LineStanding, check: Check) -> LineStanding:
    """What is remembered of the line with a result that a person gave."""
    known = standing.channel(check.channel)
    noted = replace(
        standing.with_channel(_channel_with(known, check)),
        last_check=check.id,
        waiting=tuple(each for each in standing.waiting if each != check.id),
    )
    if not check.result.proves:
        return noted
    return replace(noted, contact_at=_later(standing.contact_at, check.at))


def _channel_with(known: ChannelFacts, check: Check) -> ChannelFacts:
    if known.asked_at is not None and known.asked_at > check.at:
        return known  # an older check says nothing of how it is now
    is_voice = known.channel.kind in _VOICE
    answers = check.result.proves and (check.outgoing or is_voice)
    reaches = check.result.proves and (not check.outgoing or is_voice)
    return replace(
        known,
        asked_at=check.at if check.outgoing else known.asked_at,
        cause=check.cause if check.outgoing or answers else known.cause,
        answered_at=_later(known.answered_at, check.at) if answers else known.answered_at,
        reached_at=_later(known.reached_at, check.at) if reaches else known.reached_at,
    )


def _later(known: datetime | None, at: datetime) -> datetime:
    return at if known is None else max(known, at)
