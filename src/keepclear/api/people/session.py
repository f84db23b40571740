"""Sessions: a browser gives the token or a one-time ticket once, and gets a cookie."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.replies import Reply

_USED = b"""This link was used before, or it is too old.
Open the node's address without it and give the token that stands in the node's folder,
or start the node again for a new link.
"""


class TokenBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What opens a session."""

    token: Annotated[
        str, Meta(max_length=200, description="What stands in the file `token` of the node")
    ]
    actor: Annotated[
        str,
        Meta(
            max_length=100,
            pattern=r"^[^\x00-\x1f\x7f]*$",
            description="Who is on duty, as they call themselves; stands in the ledger",
        ),
    ] = ""


class TicketQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """What opens a session without the token."""

    ticket: Annotated[str, Meta(max_length=200, description="As `keepclear serve` printed it")]


def _open(call: Call[NoQuery]) -> Reply:
    given = body_of(call.body, TokenBody)
    access = call.equipment.access
    session = access.open_session(given.token, given.actor)
    cookie = access.set_cookie(session, is_secure=call.is_secure)
    return Reply(status=204, headers={"set-cookie": cookie})


def _end(call: Call[NoQuery]) -> Reply:
    access = call.equipment.access
    access.end_session(call.headers)
    return Reply(status=204, headers={"set-cookie": access.set_cookie("")})


def _enter(call: Call[TicketQuery]) -> Reply:
    access = call.equipment.access
    session = access.use_ticket(call.query.ticket)
    if session is None:
        return Reply(_USED, 403, content_type="text/plain; charset=utf-8")
    cookie = access.set_cookie(session, is_secure=call.is_secure)
    return Reply(status=303, headers={"set-cookie": cookie, "location": "/"})


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/api/v1/session",
        summary="Open a session with the token",
        handler=_open,
        body=Body(TokenBody),
        returns=(Returned(204, "Opened; the cookie holds it", None, ""),),
        is_open=True,
        takes_token=True,
    ),
    Endpoint(
        method="DELETE",
        path="/api/v1/session",
        summary="End the session",
        handler=_end,
        returns=(Returned(204, "Ended; nothing happens where there was none", None, ""),),
        is_open=True,
    ),
    Endpoint(
        method="GET",
        path="/enter",
        summary="Open a session with a one-time ticket, and go to the console",
        handler=_enter,
        query=TicketQuery,
        returns=(
            Returned(303, "Opened; on to the console", None, ""),
            Returned(403, "The ticket is used or too old", None, "text/plain"),
        ),
        is_open=True,
    ),
)
