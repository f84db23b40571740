"""What was reported of exchanges that went wrong: by this node and to it, as a USS and as a DSS.

What this node told others stands in its log of exchanges, or waits to be posted; what others told
its USS in its ledger, what they told its DSS in the DSS's store. All of it goes after the days
that the log is kept. Nothing shown holds a token, whatever somebody sent.

Source: ASTM F3548-21, USS0105, DSS0005; interface UTM API 1.0.0, ErrorReport, ExchangeRecord.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, Struct

from keepclear.errors import InvalidInput, LedgerBroken
from keepclear.f3548.extent import microseconds_of, moment_at
from keepclear.formats.f3548 import ErrorReport, ExchangeRecord, decode
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.pruning import pruned_body
from keepclear.model.node import Subject
from keepclear.ports.dss_store import ArchivedReport, DssView
from keepclear.ports.exchange_log import ExchangeLog, LogLine, LogSort
from keepclear.ports.store import Unit
from keepclear.ports.uss_store import TakenReport, UssView, Waiting
from keepclear.services.recording import record
from keepclear.services.retaining import SUBJECT_ID
from keepclear.services.uss.complaining import GIVEN_UP_AFTER
from keepclear.services.uss.paths import DSS_REPORTS, REPORTS
from keepclear.services.uss.uss import Uss
from keepclear.services.uss.withholding import header_shown, text_of, without_tokens

MOST: Final = 200
"""So many are told at once."""
_AHEAD = timedelta(days=1)
"""An exercise's clock may be ahead of this machine's."""
_LET_GO_AT_ONCE = 50
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Way(StrEnum):
    """Who reported to whom."""

    MADE = "made"
    """This node to another."""
    RECEIVED = "received"


class Sources(NamedTuple):
    """Where reports stand; None for what the node has not.

    Attributes:
        log: of its USS's exchanges.
        node: one moment of its store.
        dss: one moment of its DSS's store.
        mode: EXERCISE or REAL; empty where a DSS is alone.
    """

    log: ExchangeLog | None = None
    node: UssView | None = None
    dss: DssView | None = None
    mode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One report; nothing in it is a token.

    Attributes:
        at: when it was made, or taken.
        way: who reported to whom.
        receiver: "USS" or "DSS": as what it is told, or was told.
        other: where the receiver is, or who the sender is by the `sub` of its token.
        became: what became of it.
        id: under which the receiver keeps it; empty where it did not say.
        exchange: what it is about, bodies left out.
        asked: the body of that request, as text.
        answered: the body of its answer, as text.
    """

    at: datetime
    way: Way
    receiver: str
    other: str
    became: str
    id: str
    exchange: ExchangeRecord
    asked: str
    answered: str


def reports(sources: Sources, since: datetime, now: datetime) -> list[Reported]:
    """The newest reports made or received since a moment, the newest first; `MOST` at most.

    Raises:
        NodeFault: a store cannot be read.
    """
    made: dict[bytes, Reported] = {}
    found: list[Reported] = []
    if sources.log is not None:
        made = _made(sources.log, since, now)
    if sources.node is not None:
        for waiting in sources.node.waiting(limit=10_000):
            if waiting.path in (REPORTS, DSS_REPORTS):
                known = made.get(waiting.body)
                made[waiting.body] = replace(known or _waiting(waiting), became="waits")
        taken = sources.node.taken_reports(since, now + _AHEAD, limit=MOST)
        found += map(_taken, taken)
    if sources.dss is not None:
        found += map(_archived, sources.dss.reports(microseconds_of(since), limit=MOST))
    found += (each for each in made.values() if each.at >= since)
    return sorted(found, key=lambda each: each.at, reverse=True)[:MOST]


def forget_reports(uss: Uss, before: datetime) -> int:
    """Let go of the contents of reports that others made before a moment; how many.

    The ledger keeps that they came, and says that their contents were let go.
    """
    gone = 0
    while True:
        with uss.node.store.view() as view:
            old = view.taken_reports(_BEGINNING, before, limit=_LET_GO_AT_ONCE)
        let_go = uss.node.store.write(partial(_let_go, uss, [each.number for each in old]))
        if not let_go:
            return gone
        gone += let_go


def _let_go(uss: Uss, numbers: Sequence[int], unit: Unit) -> int:
    pruned = [number for number in numbers if unit.prune(number)]
    if pruned:
        body = pruned_body(pruned, f"reports older than {uss.settings.log_days} days")
        about = (Subject.PAYLOAD, SUBJECT_ID, 1)
        kind = EntryKind.PAYLOAD_PRUNED
        unit.append(record(uss.node.identity, kind, about, body, at=uss.now()))
    return len(pruned)


def _made(log: ExchangeLog, since: datetime, now: datetime) -> dict[bytes, Reported]:
    """What was posted, or tried, by its body: as it was tried last, at the time of the first."""
    made: dict[bytes, Reported] = {}
    for line in log.lines(since.date(), (now + _AHEAD).date()):
        posted = _posted(line)
        if posted is None:
            continue
        with suppress(InvalidInput, ValueError):
            body = base64.b64decode(posted.request_body or "")
            receiver = "DSS" if posted.url.endswith(DSS_REPORTS) else "USS"
            report = decode(ErrorReport, body)
            told = _reported(
                report.exchange,
                at=made[body].at if body in made else line.at,
                way=Way.MADE,
                receiver=receiver,
                other=urlsplit(posted.url).netloc,
                became=_became(posted),
                id=_id_in(posted),
            )
            made[body] = told
        while len(made) > MOST:
            del made[next(iter(made))]
    return made


def _posted(line: LogLine) -> ExchangeRecord | None:
    """The exchange in which this node told a report; None for any other line."""
    if line.sort is not LogSort.MESSAGE or b'/v1/reports"' not in bytes(line.record):
        return None
    try:
        exchange = decode(ExchangeRecord, bytes(line.record))
    except InvalidInput:
        return None
    is_ours = exchange.recorder_role == "Client"
    return exchange if is_ours and exchange.url.endswith((REPORTS, DSS_REPORTS)) else None


def _became(posted: ExchangeRecord) -> str:
    if posted.response_code is UNSET:
        return "not answered"
    return "posted" if posted.response_code < 300 else f"refused with {posted.response_code}"


def _id_in(posted: ExchangeRecord) -> str:
    try:
        answer = decode(ErrorReport, base64.b64decode(posted.response_body or ""))
    except (InvalidInput, ValueError):
        return ""
    return "" if answer.report_id is UNSET else answer.report_id


def _waiting(waiting: Waiting) -> Reported:
    return _reported(
        decode(ErrorReport, waiting.body).exchange,
        at=waiting.until - GIVEN_UP_AFTER,
        way=Way.MADE,
        receiver="DSS" if waiting.path == DSS_REPORTS else "USS",
        other=urlsplit(waiting.base_url).netloc,
        became="waits",
        id="",
    )


class _Entry(Struct, frozen=True):
    body: ErrorReport
    actor: str = ""


_ENTRY = msgspec.json.Decoder(_Entry)


def _taken(taken: TakenReport) -> Reported:
    try:
        entry = _ENTRY.decode(taken.payload)
    except msgspec.DecodeError as fault:
        raise LedgerBroken(f"entry {taken.number} of the ledger is damaged: {fault}") from None
    return _reported(
        entry.body.exchange,
        at=taken.at,
        way=Way.RECEIVED,
        receiver="USS",
        other=entry.actor,
        became="taken",
        id=taken.id,
    )


def _archived(archived: ArchivedReport) -> Reported:
    return _reported(
        decode(ErrorReport, archived.body).exchange,
        at=moment_at(archived.at_us) or _BEGINNING,
        way=Way.RECEIVED,
        receiver="DSS",
        other=archived.manager,
        became="taken",
        id=archived.id,
    )


def _reported(exchange: ExchangeRecord, **about: Any) -> Reported:
    """A report of an exchange that somebody may have told with their token."""
    shown = msgspec.structs.replace(
        exchange,
        url=without_tokens(exchange.url),
        headers=tuple(header_shown(each) for each in exchange.headers or ()),
        problem=without_tokens(exchange.problem or ""),
        request_body=UNSET,
        response_body=UNSET,
    )
    asked, answered = text_of(exchange.request_body or ""), text_of(exchange.response_body or "")
    return Reported(exchange=shown, asked=asked, answered=answered, **about)
