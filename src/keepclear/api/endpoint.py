"""One declaration per endpoint: it builds the route and its entry in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct
from starlette.datastructures import Headers

from keepclear.api.auth import Access, Caller
from keepclear.api.bodies import DOCUMENT_BYTES, Body
from keepclear.api.live import Feed
from keepclear.api.looking import LastLook
from keepclear.api.permits import EVERYTHING, Permit, role_in, still_holds
from keepclear.api.replies import JSON, Reply
from keepclear.contact.rights import Capability
from keepclear.errors import KeepclearError
from keepclear.exercise.board import Board
from keepclear.services.accounts.roster import Roster
from keepclear.services.node import Node

__all__ = [
    "DOCUMENT_BYTES",
    "IMPORT_BYTES",
    "Body",
    "Call",
    "Endpoint",
    "Equipment",
    "NoQuery",
    "Returned",
]

IMPORT_BYTES = 64_000_000
"""The largest file."""

Q = TypeVar("Q", bound=Struct)


class NoQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """No parameters at all."""


@dataclass(frozen=True, slots=True)
class Equipment:
    """What handlers work with.

    Attributes:
        node: the node.
        access: who may ask.
        feed: tells changes as they come.
        examined: the node's last look at itself.
        openapi: writes the OpenAPI document; few ask for it, so not before somebody does.
        roster: the node's accounts.
        board: the script of the exercise; None where the node is in none.
    """

    node: Node
    access: Access
    feed: Feed
    examined: LastLook
    openapi: Callable[[], bytes]
    roster: Roster
    board: Board | None = None


@dataclass(frozen=True, slots=True)
class Call(Generic[Q]):
    """One request, parsed as far as its declaration says.

    Attributes:
        equipment: what there is to work with.
        path: the parts of the path by name.
        query: the query as its record.
        body: the body, within its limit; empty where none is declared.
        headers: as they came.
        caller: who asks; a caller without a name where anybody may.
        is_secure: whether it came over HTTPS.
        permit: what the caller may; nobody's where anybody may.
    """

    equipment: Equipment
    path: Mapping[str, str]
    query: Q
    body: bytes
    headers: Headers
    caller: Caller
    is_secure: bool = False
    permit: Permit = EVERYTHING

    @property
    def is_over(self) -> bool:
        """Whether the caller's session ended since; open streams ask."""
        return not still_holds(self.caller, self.equipment.roster)

    @property
    def node(self) -> Node:
        """The node."""
        return self.equipment.node


@dataclass(frozen=True, slots=True)
class Returned:
    """One reply that is no error.

    Attributes:
        status: the HTTP status.
        description: what it means.
        schema: the record it is written as; None for no body, or one that is not JSON.
        content_type: of the body.
        has_version: whether an entity tag stands beside it.
    """

    status: int
    description: str
    schema: Any = None
    content_type: str = JSON
    has_version: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An endpoint, whole.

    Attributes:
        method: the HTTP method; GET answers HEAD too.
        path: with `{parts}` as `parts.PARTS` names them.
        summary: one line.
        handler: answers it, in a thread of the pool.
        together: answers several at once instead, in the one thread for lanes; an error stands
            for a call that fails.
        returns: its replies that are no errors; the first is the usual one.
        query: the record of its query.
        body: what the request brings; None for nothing.
        errors: what may go wrong, besides what may go wrong anywhere.
        has_precondition: takes If-Match, and If-None-Match where it may make something new.
        may_make: a PUT that may make something new.
        is_open: asks for no token and no session.
        takes_token: open, but may turn a wrong token away.
        description: more than the summary, where that is not enough.
        needs: what an account must be allowed to; by default to view for GET, else to watch.
        names_role: False where the `role` of its body is not as what somebody acts; else it
            must be one of the account's.
    """

    method: str
    path: str
    summary: str
    handler: Callable[[Call[Any]], Reply]
    returns: tuple[Returned, ...]
    query: type[Struct] = NoQuery
    body: Body | None = None
    errors: tuple[type[KeepclearError], ...] = ()
    has_precondition: bool = False
    may_make: bool = False
    is_open: bool = False
    takes_token: bool = False
    description: str = ""
    together: Callable[[Sequence[Call[Any]]], Sequence[Reply | Exception]] | None = None
    needs: Capability | None = None
    names_role: bool = True

    @property
    def needed(self) -> Capability:
        """What an account must be allowed to."""
        if self.needs is not None:
            return self.needs
        return Capability.VIEW if self.method == "GET" else Capability.WATCH

    def role_of(self, body: bytes) -> str | None:
        """The role that a request acts as; None where it acts as none, or says none that is one."""
        schema = None if self.body is None or not self.names_role else self.body.schema
        if not (isinstance(schema, type) and issubclass(schema, Struct)):
            return None
        for field in msgspec.structs.fields(schema):
            if field.encode_name == "role":
                default = field.default if isinstance(field.default, str) else None
                return role_in(body, default)
        return None
