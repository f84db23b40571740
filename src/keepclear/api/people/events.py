"""Changes as they come, as server-sent events."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from keepclear.api.endpoint import Call, Endpoint, Returned
from keepclear.api.replies import Reply
from keepclear.errors import InvalidInput

EVENT_STREAM = "text/event-stream"
_LARGEST = 10**15


class EventsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """From where on."""

    after: Annotated[
        Annotated[int, Meta(ge=0, lt=_LARGEST)] | None,
        Meta(description="The last change known; left out: only what comes from now on"),
    ] = None


def _follow(call: Call[EventsQuery]) -> Reply:
    after = _last_seen(call.headers.get("last-event-id"), call.query.after)
    stream = call.equipment.feed.follow(after, lambda: call.is_over)
    return Reply(content_type=EVENT_STREAM, stream=stream)


def _last_seen(header: str | None, after: int | None) -> int | None:
    """A browser that comes back tells the last number it saw; it outweighs the address."""
    if not header:
        return after
    if not (header.isascii() and header.isdigit() and len(header) <= 15):
        raise InvalidInput(
            "Last-Event-ID is not the number of a change", remedy="Send the last `id` you saw."
        )
    return int(header)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/events",
        summary="Changes as they come, as server-sent events",
        description=(
            "Each event has the change's number as `id`, what changed as `event`, and as `data` "
            '`{"change", "kind", "id", "version", "action", "at"}`. Whoever comes back with the '
            "last number, in `after` or Last-Event-ID, misses nothing. An event `resync` says "
            "that the node never reached that number, as after a backup was restored: read "
            "everything anew. A comment comes at least every 15 seconds."
        ),
        handler=_follow,
        query=EventsQuery,
        returns=(Returned(200, "The stream; it ends when the node stops", None, EVENT_STREAM),),
    ),
)
