"""One declaration per F3548 endpoint: it builds the route, its checks and its OpenAPI entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from msgspec import Struct

from keepclear.api.f3548.bearer import NOBODY, Bearer
from keepclear.ports.world import Clock, Entropy

if TYPE_CHECKING:
    from keepclear.ports.dss_store import DssUnit, DssView
    from keepclear.services.dss import Dss, Later
    from keepclear.services.uss import Uss

BODY_BYTES = 4_000_000
"""The largest body; an operational intent of 10,000 vertices takes less than 1 MB."""
REPORT_BYTES = 1_000_000
"""The largest report: what is archived is on the disk before the next write goes on."""

Sort: TypeAlias = Literal["read", "write", "brief", "work"]
"""How a request is worked at.

read: asks the DSS's store alone; many go together under one view, which the call carries.
write: prepared outside the writer; its handler returns a Work, and many go in one transaction.
brief: anything else that waits for no other machine, in a few threads of its own.
work: may take long or ask others (planning); in threads of its own, so that it holds up nothing.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class F3548Equipment:
    """What handlers work with.

    Attributes:
        clock: the wall clock.
        entropy: where identifiers come from.
        dss: the discovery service; None where this node is none.
        uss: the USS; None where this node is none.
    """

    clock: Clock
    entropy: Entropy
    dss: Dss | None = None
    uss: Uss | None = None

    @property
    def the_dss(self) -> Dss:
        """The discovery service; only endpoints of a node that is one are served."""
        if self.dss is None:
            raise RuntimeError("an endpoint of the DSS is served without one")
        return self.dss

    @property
    def the_uss(self) -> Uss:
        """The USS; only endpoints of a node that is one are served."""
        if self.uss is None:
            raise RuntimeError("an endpoint of the USS is served without one")
        return self.uss


class F3548Call(NamedTuple):
    """One request, checked as far as its declaration says.

    Attributes:
        equipment: what there is to work with.
        path: the parts of the path by name, each in its form.
        query: the parameters behind the question mark; of one given twice, the last.
        body: the record that the declaration names; None where it names none.
        bearer: who asks; nobody where anybody may.
        view: the DSS's store, for a `read` alone.
    """

    equipment: F3548Equipment
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None
    bearer: Bearer = NOBODY
    view: DssView | None = None

    @property
    def dss(self) -> Dss:
        """The discovery service."""
        return self.equipment.the_dss

    @property
    def uss(self) -> Uss:
        """The USS."""
        return self.equipment.the_uss

    @property
    def dss_view(self) -> DssView:
        """The DSS's store, as it was when the group of reads began."""
        if self.view is None:
            raise RuntimeError("only a read has a view")
        return self.view


class Answer(NamedTuple):
    """What a handler says.

    Attributes:
        status: the HTTP status.
        record: the body; None for none.
    """

    status: int
    record: Struct | None = None


DssWork: TypeAlias = "Callable[[DssUnit], Struct | Later[Any]]"
"""What a write's handler returns: decided inside the one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class F3548Endpoint:
    """An endpoint, whole.

    Attributes:
        method: the HTTP method.
        path: as the standard's interface has it, with `{parts}` as `parts.PARTS` names them.
        operation_id: as the standard's interface has it.
        summary: one line.
        scopes: sets of scopes, any one of which suffices whole; none for an endpoint that is open.
        handler: answers it. That of a `write` returns a DssWork instead, whose record goes out
            under the status of `returns`.
        returns: the status and the record of the usual answer.
        errors: the statuses of its errors, besides 401, 403 and 429, which come anywhere.
        sort: how it is worked at.
        body: the record of its body; None for none.
        most_bytes: the largest body.
        query: the names of its parameters behind the question mark.
        conflict: the record of a 409, where that is not an ErrorResponse.
    """

    method: Literal["GET", "PUT", "POST", "DELETE"]
    path: str
    operation_id: str
    summary: str
    scopes: tuple[frozenset[str], ...]
    handler: Callable[[F3548Call], Answer | DssWork]
    returns: tuple[int, type[Struct] | None]
    sort: Sort
    errors: tuple[int, ...] = (400,)
    body: type[Struct] | None = None
    most_bytes: int = BODY_BYTES
    query: tuple[str, ...] = ()
    conflict: type[Struct] | None = None


SC = "utm.strategic_coordination"
CM = "utm.constraint_management"
CP = "utm.constraint_processing"
CMSA = "utm.conformance_monitoring_sa"
AA = "utm.availability_arbitration"


def any_of(*scopes: str) -> tuple[frozenset[str], ...]:
    """Scopes of which one suffices."""
    return tuple(frozenset((scope,)) for scope in scopes)
