"""Who was shown something of an operation."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.endpoint import Call, Endpoint, Returned
from keepclear.api.paging import PageQuery, cut
from keepclear.api.people.kept import latest_first
from keepclear.api.replies import Reply
from keepclear.errors import NotFound
from keepclear.formats.times import iso_text
from keepclear.services.disclosing.viewing import Seen, views_of


class ViewRecord(Told, frozen=True, kw_only=True):
    """One view."""

    party: Annotated[str, Meta(description="Who was shown it")]
    member: Annotated[str, Meta(description="The member of that party; empty for the party")]
    level: str
    what: Annotated[str, Meta(description="By what: an answer, a notice")]
    line: str
    at: Time
    about: Annotated[str, Meta(description="The question or message")]
    conflict: Annotated[str, Meta(description="The conflict that was named; empty for none")]
    actor: Annotated[str, Meta(description="Who of our own people looked; else empty")]


class ViewPage(Told, frozen=True, kw_only=True):
    """A page of views, the latest first."""

    total: int
    items: tuple[ViewRecord, ...]
    next: str | None


def _get(call: Call[PageQuery]) -> Reply:
    operation_id, query = call.path["operation_id"], call.query
    with call.node.store.view() as view:
        if view.operation(operation_id) is None:
            raise NotFound(f"there is no operation {operation_id}")
        seen = views_of(view, call.node, operation_id)
    page = cut(seen, _key, cursor=query.cursor, limit=query.limit)
    items = [_record(each) for each in page.items]
    return Reply({"total": page.total, "items": items, "next": page.following or None})


def _key(seen: Seen) -> str:
    return latest_first(seen.at, f"{seen.about} {seen.conflict} {seen.actor}")


def _record(seen: Seen) -> dict[str, str]:
    told = {name: str(value) for name, value in seen._asdict().items() if name != "operation"}
    return {**told, "level": seen.level.name, "at": iso_text(seen.at)}


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/operations/{operation_id}/views",
        summary="Who was shown something of an operation, the latest first",
        handler=_get,
        query=PageQuery,
        returns=(Returned(200, "A page of views", ViewPage),),
        errors=(errors.NotFound,),
    ),
)
