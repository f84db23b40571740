"""What the records of a line have in common over HTTP: list, read, keep.

A record is told as it is stored, with `version`, and with `now`: what follows from it at this
moment, so that a console needs no rules of its own. What was read may be sent back whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.paging import Cursor, Limit, cut
from keepclear.api.replies import Reply
from keepclear.errors import InvalidInput
from keepclear.formats.documents.fields import moment
from keepclear.formats.strict_json import decoded_value
from keepclear.formats.times import iso_text
from keepclear.model.node import Subject
from keepclear.ports.store import Declaration, View
from keepclear.services.line.keeping import Kept, found
from keepclear.services.node import Node

KEEPING_ERRORS = (
    errors.InvalidOperation,
    errors.InvalidWindow,
    errors.NotFound,
    errors.NotOurs,
    errors.StateForbids,
    errors.VersionMissing,
    errors.VersionMismatch,
    errors.StoreFull,
)
"""What may stand against keeping a record."""

_FAR = datetime(9999, 1, 1, tzinfo=UTC)
_TOLD = re.compile(rb'"(now|live)"')


class RecordsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which records are meant."""

    line: Annotated[str, Meta(description="Only of this line")] = ""
    party: Annotated[str, Meta(description="Only this party's account")] = ""
    text: Annotated[str, Meta(description="Only where this stands in it, capitals or not")] = ""
    limit: Limit = 50
    cursor: Cursor = ""


class ActionNow(Told, frozen=True, kw_only=True):
    """An action that is open."""

    number: int
    remaining_s: Annotated[float | None, Meta(description="Below 0 once overdue; null: no date")]
    is_overdue: bool


class NowTold(Told, frozen=True, kw_only=True):
    """What follows from any record at this moment."""

    at: Annotated[Time, Meta(description="The node's clock")]
    author: Annotated[str, Meta(description="Whose account it is")]
    is_ours: Annotated[bool, Meta(description="Whether that is this node's party")]
    may_change: Annotated[
        tuple[str, ...],
        Meta(description="Fields that may change now; `*` for all"),
    ]


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of record, as the API speaks of it.

    Attributes:
        subject: what it is called.
        plural: several, in the path.
        part: the name of its id in the path.
        document: its record as it is sent.
        told: its record as it is told.
        page: a page of those.
        moment: the field by which lists are ordered, the latest first.
        now: what follows from a record at this moment.
        keep: keeps what was sent.
        keeping: what that does, in a line.
    """

    subject: Subject
    plural: str
    part: str
    document: Any
    told: Any
    page: Any
    moment: str
    now: Callable[[View, Node, Declaration], Told]
    keep: Callable[[Call[NoQuery], object, str], Kept] | None = None
    keeping: str = ""


def endpoints_of(kind: Kind) -> tuple[Endpoint, ...]:
    """List, read and, unless it is read-only, keep one sort of record."""
    writing = () if kind.keep is None else (_put(kind, kind.keep),)
    return (_list(kind), _get(kind), *writing)


def record_of(kind: Kind, view: View, node: Node, declaration: Declaration) -> dict[str, object]:
    """A record as it is told."""
    document: dict[str, object] = msgspec.json.decode(declaration.body)
    now = kind.now(view, node, declaration)
    return {**document, "version": declaration.version, "now": now}


def common_now(
    node: Node, declaration: Declaration, may_change: tuple[str, ...] = ("*",)
) -> dict[str, Any]:
    """What every record's `now` holds."""
    return {
        "at": iso_text(node.now()),
        "author": declaration.party,
        "is_ours": declaration.party == node.identity.party,
        "may_change": may_change,
    }


def remaining_s(due: datetime | None, now: datetime) -> float | None:
    """How long until something is due, below zero once it is overdue; None where it never is."""
    return None if due is None else (due - now).total_seconds()


def as_sent(body: bytes) -> object:
    """A record's document as its reader takes it: what the node alone tells is left out.

    A body that is no document is returned as it is; its reader says what is wrong with it.
    """
    if not _TOLD.search(body):
        return body
    try:
        document = decoded_value(body.decode())
    except (InvalidInput, UnicodeDecodeError):
        return body
    if isinstance(document, dict):
        for name in ("now", "live"):
            document.pop(name, None)
    return document


def latest_first(at: datetime, record_id: str) -> str:
    """A key by which the latest comes first."""
    microseconds = round((_FAR - at).total_seconds() * 1e6)
    return f"{microseconds:020} {record_id}"


def kept_reply(kind: Kind, node: Node, kept: Kept) -> Reply:
    """What became of a record, as a reply."""
    with node.store.view() as view:
        record = record_of(kind, view, node, kept.declaration)
    return Reply(record, 201 if kept.created else 200, version=kept.declaration.version)


def _list(kind: Kind) -> Endpoint:
    def handler(call: Call[RecordsQuery]) -> Reply:
        query = call.query
        with call.node.store.view() as view:
            meant = _meant(view.declarations(kind.subject), query)
            key = _key(kind)
            page = cut(meant, key, cursor=query.cursor, limit=query.limit)
            items = [record_of(kind, view, call.node, each) for each in page.items]
        return Reply({"total": page.total, "items": items, "next": page.following or None})

    return Endpoint(
        method="GET",
        path=f"/api/v1/{kind.plural}",
        summary=f"List {kind.plural}, the latest first",
        handler=handler,
        query=RecordsQuery,
        returns=(Returned(200, f"A page of {kind.plural}", kind.page),),
    )


def _get(kind: Kind) -> Endpoint:
    def handler(call: Call[NoQuery]) -> Reply:
        with call.node.store.view() as view:
            declaration = found(view, kind.subject, call.path[kind.part])
            record = record_of(kind, view, call.node, declaration)
        return Reply(record, version=declaration.version)

    return Endpoint(
        method="GET",
        path=f"/api/v1/{kind.plural}/{{{kind.part}}}",
        summary=f"One {kind.subject}",
        handler=handler,
        returns=(Returned(200, f"The {kind.subject}", kind.told, has_version=True),),
        errors=(errors.NotFound,),
    )


def _put(kind: Kind, keep: Callable[[Call[NoQuery], object, str], Kept]) -> Endpoint:
    def handler(call: Call[NoQuery]) -> Reply:
        return kept_reply(kind, call.node, keep(call, as_sent(call.body), call.path[kind.part]))

    return Endpoint(
        method="PUT",
        path=f"/api/v1/{kind.plural}/{{{kind.part}}}",
        summary=kind.keeping,
        description="What was read may be sent back whole; `version` and `now` are not used.",
        handler=handler,
        body=Body(kind.document),
        returns=(
            Returned(201, "Kept for the first time", kind.told, has_version=True),
            Returned(200, "Changed, or kept already", kind.told, has_version=True),
        ),
        errors=KEEPING_ERRORS,
        has_precondition=True,
        may_make=True,
    )


def _meant(every: Sequence[Declaration], query: RecordsQuery) -> list[Declaration]:
    text = query.text.casefold()
    return [
        each
        for each in every
        if (not query.party or each.party == query.party)
        and (not query.line or msgspec.json.decode(each.body).get("line") == query.line)
        and (not text or text in _words(each.body))
    ]


def _words(body: bytes) -> str:
    """Every text of a document, one after the other, in small letters."""
    found: list[str] = []
    waiting: list[Any] = [msgspec.json.decode(body)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return "\n".join(found).casefold()


def _key(kind: Kind) -> Callable[[Declaration], str]:
    def key(declaration: Declaration) -> str:
        at = msgspec.json.decode(declaration.body).get(kind.moment)
        return latest_first(_FAR if at is None else moment(at), declaration.id)

    return key
