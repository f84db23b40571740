"""What of this node is published to an F3548 discovery service, as its store and ledger keep it."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar, cast

import msgspec
from msgspec import Struct

from keepclear.canonical import JsonValue
from keepclear.formats.f3548 import Constraint, OperationalIntent, decode

D = TypeVar("D", bound=Struct)


class PublishedIntent(Struct, frozen=True, kw_only=True):
    """An own operation as it is published.

    Attributes:
        id: the operation's, and the intent's at the discovery service.
        designator: of the operation.
        operation_version: which version of the operation the intent speaks of.
        intent: as the discovery service last took it; null while it never did.
        is_tried: it was asked for, and whether the service took it is not known.
        is_wanted: False once it is to be taken back and the service has not said so yet.
        released_by: who released it, as they call themselves.
        released_at: when.
        note: what stood against the last change; empty where nothing did.
        priority: as the person said who released it; null: as the operation says.
        unanswered_at: when it was found that the service did not answer what it was asked last;
            null where it answered.
        nonconforming_since: since when the flight is off its plan and may come back; null where
            it is not.
    """

    id: str
    designator: str
    operation_version: int
    intent: OperationalIntent | None
    is_tried: bool
    is_wanted: bool
    released_by: str
    released_at: datetime
    note: str = ""
    priority: int | None = None
    unanswered_at: datetime | None = None
    nonconforming_since: datetime | None = None


class PublishedConstraint(Struct, frozen=True, kw_only=True):
    """An own zone as it is published.

    Attributes:
        id: the constraint's at the discovery service.
        zone: which zone.
        zone_version: which version of it.
        constraint: as the discovery service last took it; null while it never did.
        is_wanted: False once it is to be taken back and the service has not said so yet.
        released_by: who released it, as they call themselves.
        released_at: when.
        unanswered_at: as of an intent.
    """

    id: str
    zone: str
    zone_version: int
    constraint: Constraint | None
    is_wanted: bool
    released_by: str
    released_at: datetime
    unanswered_at: datetime | None = None


def published_document(published: Struct) -> dict[str, JsonValue]:
    """As plain values."""
    return cast("dict[str, JsonValue]", msgspec.to_builtins(published))


def stored_published(kind: type[D], body: bytes) -> D:
    """As it was stored."""
    return decode(kind, body)
