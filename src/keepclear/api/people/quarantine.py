"""What came over a line and was not taken, with its reason."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.endpoint import Call, Endpoint, NoQuery, Returned
from keepclear.api.paging import Cursor, Limit, cut
from keepclear.api.replies import Reply
from keepclear.contact.rights import Capability
from keepclear.formats.times import iso_text
from keepclear.services.line.discreet import discreet_find
from keepclear.services.line.quarantine import Quarantined, quarantined, see


class QuarantineQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which are meant."""

    seen: Annotated[bool, Meta(description="`true` lists those somebody saw too")] = False
    limit: Limit = 50
    cursor: Cursor = ""


class QuarantineRecord(Told, frozen=True, kw_only=True):
    """Something that was not taken."""

    id: str
    source: Annotated[str, Meta(description="The line it names; `unknown` where it names none")]
    reason: str
    detail: Annotated[str, Meta(description="Begins with what to do where there is an alarm")]
    at: Time
    alarm: Annotated[bool, Meta(description="A person must act on it, and none has seen it yet")]
    epoch: int
    serial: Annotated[int, Meta(description="Its place in the stream; 0 where it has none")]
    hash: str
    beside: Annotated[str, Meta(description="The hash of what it contradicts; empty for nothing")]
    content: Annotated[
        str,
        Meta(
            description="As it came, cut to a length; empty for whoever neither keeps movements "
            "and sites nor investigates"
        ),
    ]
    live: Annotated[bool, Meta(description="false once somebody saw it")]


class QuarantinePage(Told, frozen=True, kw_only=True):
    """A page of what was not taken, the newest first."""

    total: int
    items: tuple[QuarantineRecord, ...]
    next: str | None


def quarantine_record(each: Quarantined) -> dict[str, object]:
    """Something that was not taken, as plain values."""
    return {**each._asdict(), "at": iso_text(each.at)}


def _list(call: Call[QuarantineQuery]) -> Reply:
    query = call.query
    with call.node.store.view() as view:
        found = quarantined(view, seen=query.seen)
    ranked = {each.id: f"{rank:08}" for rank, each in enumerate(found)}
    page = cut(found, lambda each: ranked[each.id], cursor=query.cursor, limit=query.limit)
    is_discreet = call.permit.is_discreet and not call.permit.allows(Capability.INVESTIGATE)
    shown = map(discreet_find, page.items) if is_discreet else page.items
    items = [quarantine_record(each) for each in shown]
    return Reply({"total": page.total, "items": items, "next": page.following or None})


def _see(call: Call[NoQuery]) -> Reply:
    return Reply(quarantine_record(see(call.node, call.path["thing_id"], actor=call.caller.actor)))


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/quarantine",
        summary="List what came over lines and was not taken, the newest first",
        handler=_list,
        query=QuarantineQuery,
        returns=(Returned(200, "A page of it", QuarantinePage),),
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/quarantine/{thing_id}/seen",
        summary="Say that a person saw it: it alarms nobody any more, and stays in the lists",
        handler=_see,
        returns=(Returned(200, "Seen, now or before", QuarantineRecord),),
        errors=(errors.NotFound, errors.StoreFull),
    ),
)
