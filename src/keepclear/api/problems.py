"""Errors as problem documents: what went wrong, where, and what the caller can do.

Source: RFC 9457 (problem details for HTTP APIs); RFC 9110, 15 (status codes); RFC 6585, 3
and 4 (428, 429); RFC 4918, 11.5 (507).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, NamedTuple

from msgspec import UNSET, Meta, Struct, UnsetType

from keepclear import errors
from keepclear.errors import KeepclearError

CONTENT_TYPE = "application/problem+json"
BUSY_RETRY_S = 1
"""After how long a caller may send again what a busy node did not take."""

_PLACE = re.compile(r"([a-z_]+(?:\[\d+\])*(?:\.[a-z_]+(?:\[\d+\])*)*): ")


class Kind(NamedTuple):
    """How one error is told over HTTP."""

    status: int
    title: str


KIND_OF: Mapping[type[KeepclearError], Kind] = {
    errors.KeepclearError: Kind(500, "The node failed"),
    errors.InvalidInput: Kind(400, "The request cannot be used"),
    errors.InvalidAltitude: Kind(400, "An altitude cannot be used"),
    errors.InvalidWindow: Kind(400, "A time cannot be used"),
    errors.InvalidFootprint: Kind(400, "A position or area cannot be used"),
    errors.InvalidOperation: Kind(400, "The document cannot be used"),
    errors.InvalidAgreement: Kind(400, "The agreement cannot be used"),
    errors.InvalidCoordinates: Kind(400, "The coordinates cannot be read"),
    errors.InvalidFile: Kind(400, "The file cannot be used"),
    errors.ModeMismatch: Kind(409, "EXERCISE and REAL do not mix"),
    errors.NotFound: Kind(404, "There is no such thing"),
    errors.VersionMissing: Kind(428, "The version is not said"),
    errors.VersionMismatch: Kind(412, "Another version is stored"),
    errors.StateForbids: Kind(409, "The state forbids it"),
    errors.NotOurs: Kind(403, "It belongs to another party"),
    errors.NotAllowed: Kind(403, "The request is not allowed"),
    errors.NotPermitted: Kind(403, "The role may not do this"),
    errors.InvalidMessage: Kind(400, "The message cannot be used"),
    errors.VersionConflict: Kind(409, "Another version is stored"),
    errors.AirspaceConflict: Kind(409, "The key does not prove enough"),
    errors.UssIsDown: Kind(412, "The USS is down"),
    errors.StoreMissing: Kind(503, "There is no node"),
    errors.NodeFault: Kind(500, "The node cannot do its work"),
    errors.StoreLocked: Kind(503, "The store is locked"),
    errors.StoreReadOnly: Kind(503, "The store may not be written"),
    errors.StoreFull: Kind(507, "The disk is full"),
    errors.StoreCorrupt: Kind(500, "The store is damaged"),
    errors.StoreTooNew: Kind(500, "The store is too new"),
    errors.StoreFailed: Kind(500, "The disk answers with errors"),
    errors.LedgerBroken: Kind(500, "The ledger does not verify"),
    errors.KeyFault: Kind(500, "A key cannot be used"),
    errors.NodeStopping: Kind(503, "The node is stopping"),
    errors.NodeBusy: Kind(503, "The node is busy"),
    errors.NodeUnreachable: Kind(503, "The node does not answer"),
    errors.PeerTrouble: Kind(502, "The other node could not be dealt with"),
    errors.PeerSilent: Kind(504, "The other node does not answer"),
    errors.PeerRefused: Kind(502, "The other node refuses"),
    errors.PeerNonsense: Kind(502, "The other node's answer cannot be right"),
    errors.ExportLoss: Kind(409, "The export would lose something"),
    errors.DataMissing: Kind(500, "A data file is missing"),
}
"""Every error of keepclear by how it is told; a test holds the table to the tree."""


class Problem(Struct, frozen=True, kw_only=True):
    """What went wrong, for programs (`code`) and for people (all else)."""

    type: Annotated[str, Meta(description="`urn:keepclear:error:` and the code")]
    title: Annotated[str, Meta(description="What sort of thing went wrong; the same each time")]
    status: Annotated[int, Meta(description="The HTTP status again", ge=400, le=599)]
    detail: Annotated[str, Meta(description="What went wrong this time, for a person")]
    code: Annotated[str, Meta(description="Never changes; docs/reference/errors.md lists them")]
    remedy: Annotated[str, Meta(description="What that person can do")]
    place: Annotated[
        str | UnsetType,
        Meta(description="Where in the document or file, as `volumes[2].lower`; left out if none"),
    ] = UNSET


@dataclass(frozen=True, slots=True)
class HttpKind:
    """A refusal that has to do with HTTP alone, before any service is asked."""

    code: str
    status: int
    title: str
    remedy: str


UNAUTHENTICATED = HttpKind(
    errors.NotAllowed.code, 401, "No valid token or session", errors.NotAllowed.default_remedy
)
FOREIGN = HttpKind(
    errors.NotAllowed.code,
    403,
    "The request comes from a foreign page",
    "Use the console at this node's own address, or send the token from a program.",
)
TOO_MANY_ATTEMPTS = HttpKind(
    "too-many-attempts",
    429,
    "Too many wrong tokens",
    "Wait a minute, then give the token that stands in the node's folder.",
)
NO_SUCH_PATH = HttpKind(
    errors.NotFound.code, 404, "There is no such path", "docs/reference/api.md lists the paths."
)
METHOD = HttpKind(
    "method-not-allowed",
    405,
    "The path does not take this method",
    "Use one of the methods that the Allow header names.",
)
TOO_LARGE = HttpKind(
    "too-large", 413, "The request is too large", "Send less at once, for example in two files."
)
MEDIA_TYPE = HttpKind(
    "media-type",
    415,
    "The body is of the wrong type",
    "Send the body in a type that docs/reference/api.md names, not compressed.",
)
FOREIGN_HOST = HttpKind(
    "foreign-host",
    421,
    "The node does not answer to this name",
    "Use 127.0.0.1 or localhost with the node's port, or serve with the name allowed.",
)
INTERNAL = HttpKind(
    "internal",
    500,
    "The node failed at this",
    "Try once more; if it fails again, report it with the word given and the node's log.",
)
HTTP_KINDS = (
    UNAUTHENTICATED,
    FOREIGN,
    TOO_MANY_ATTEMPTS,
    NO_SUCH_PATH,
    METHOD,
    TOO_LARGE,
    MEDIA_TYPE,
    FOREIGN_HOST,
    INTERNAL,
)
"""All of them, for the reference page."""


@dataclass
class Refusal(Exception):
    """Ends a request with a problem; caught where replies are written, never further out.

    Attributes:
        problem: what is told.
        headers: what HTTP asks to stand beside it.
    """

    problem: Problem
    headers: Mapping[str, str] = field(default_factory=dict)


def refusal(kind: HttpKind, detail: str, **headers: str) -> Refusal:
    """A refusal of this kind; names of headers with `_` for `-`."""
    problem = _problem(kind.code, Kind(kind.status, kind.title), detail, kind.remedy)
    return Refusal(problem, {name.replace("_", "-"): value for name, value in headers.items()})


def refusal_of(error: KeepclearError) -> Refusal:
    """How an error of keepclear is told."""
    kind = next(KIND_OF[each] for each in type(error).__mro__ if each in KIND_OF)
    problem = _problem(error.code, kind, error.message, error.remedy, place_of(error))
    is_passing = isinstance(error, errors.NodeBusy | errors.NodeStopping)
    return Refusal(problem, {"retry-after": str(BUSY_RETRY_S)} if is_passing else {})


def place_of(error: KeepclearError) -> str:
    """Where in the document or file the error is; empty where the whole is meant."""
    if isinstance(error, errors.InvalidFile):
        return error.feature
    found = _PLACE.match(error.message) if isinstance(error, errors.InvalidInput) else None
    return found[1] if found else ""


def _problem(code: str, kind: Kind, detail: str, remedy: str, place: str = "") -> Problem:
    return Problem(
        type=f"urn:keepclear:error:{code}",
        title=kind.title,
        status=kind.status,
        detail=detail,
        code=code,
        remedy=remedy,
        place=place or UNSET,
    )
