"""Operations as JSON documents, and how far a draft is from being one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from msgspec import UNSET

from keepclear.canonical import JsonValue
from keepclear.errors import ModeMismatch
from keepclear.formats.documents.fields import moment
from keepclear.formats.documents.operation_record import OperationDocument
from keepclear.formats.documents.shapes import volume_document
from keepclear.formats.documents.stated import agreed_id, first_stated
from keepclear.formats.documents.strict import faults_of, read_document, read_stored
from keepclear.formats.times import iso_text
from keepclear.model.operation import (
    DisclosureLevel,
    EndReason,
    Mode,
    Operation,
    OperationState,
    Source,
    SourceKind,
)


@dataclass(frozen=True, slots=True)
class Given:
    """What the node decides or defaults; None takes the document's own word, and demands it.

    Attributes:
        id: the operation's id; a document that states another is refused.
        party: the owner where the document does not say.
        mode: the node's mode; a document that states the other is refused.
        version: in place of the document's.
        ovn: in place of the document's; may be empty.
        state: in place of the document's.
        end_reason: in place of the document's.
        received_at: in place of the document's; aware.
        source: in place of the document's.
    """

    id: str | None = None
    party: str | None = None
    mode: Mode | None = None
    version: int | None = None
    ovn: str | None = None
    state: OperationState | None = None
    end_reason: EndReason | None = None
    received_at: datetime | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a draft cannot be filed yet.

    Attributes:
        place: where, as `volumes[2].lower`; empty where the whole draft is meant.
        text: what is wrong, for a person.
        remedy: what that person can do.
    """

    place: str
    text: str
    remedy: str = ""


_OWN_WORD = Given()
_DRAFTED = Given(
    id="00000000-0000-0000-0000-000000000000",
    party="DRAFT",
    version=1,
    ovn="",
    state=OperationState.PLANNED,
    end_reason=EndReason.NOT_ENDED,
    received_at=datetime(2000, 1, 1, tzinfo=UTC),
    source=Source(SourceKind.TYPED),
)
"""Stands in for what a node would decide, so that a draft is judged by its own words alone."""


def operation_document(operation: Operation) -> dict[str, JsonValue]:
    """An operation as plain values, every field written; `stored_operation` reads it back."""
    return {
        "id": operation.id,
        "party": operation.party,
        "designator": operation.designator,
        "class": operation.operation_class.value,
        "mode": operation.mode.value,
        "version": operation.version,
        "ovn": operation.ovn,
        "state": operation.state.value,
        "end_reason": operation.end_reason.value,
        "category": operation.category.value,
        "level": operation.level.name,
        "tolerance_s": operation.tolerance_s,
        "uncertainty": {
            "lateral_m": operation.uncertainty.lateral_m,
            "vertical_m": operation.uncertainty.vertical_m,
        },
        "precedence": operation.precedence.value,
        "member": operation.member,
        "contact": operation.contact,
        "crossings": list(operation.crossings),
        "entries": list(operation.entries),
        "aircraft_count": operation.aircraft_count,
        "priority": operation.priority,
        "source": {
            "kind": operation.source.kind.value,
            "name": operation.source.name,
            "feature": operation.source.feature,
        },
        "received_at": iso_text(operation.received_at),
        "source_text": operation.source_text,
        "volumes": [volume_document(volume) for volume in operation.volumes],
    }


def operation_from(document: object, *, given: Given) -> Operation:
    """The operation a document from outside speaks of.

    Args:
        document: bytes of JSON, or what a JSON reader made of them.
        given: what the node decides; the document's own words on it are not used.

    Returns:
        The operation. Whether its shapes are sound takes geometry, and is not asked here.

    Raises:
        ModeMismatch: the document states the other mode.
        InvalidInput: something is missing, unknown, or holds what it may not; of the class
            that fits (altitude, window, footprint, operation), the place first.
    """
    return read_document(document, OperationDocument, partial(_operation, given=given))


def stored_operation(body: Mapping[str, Any] | bytes) -> Operation:
    """The very operation that `operation_document` wrote.

    Raises:
        InvalidInput: the document is damaged, or is none.
    """
    return read_stored(body, OperationDocument, partial(_operation, given=_OWN_WORD))


def draft_problems(content: object) -> tuple[Problem, ...]:
    """What keeps a partial operation document from being filed, in the order of the fields.

    Empty where it could be filed. What the node adds (id, party, mode and their like) may be
    absent. Whether its shapes are sound takes geometry, and is not asked here.
    """
    return tuple(
        Problem(fault.place, fault.error.message, fault.error.remedy)
        for fault in faults_of(content, OperationDocument, _drafted)
    )


def _drafted(document: OperationDocument) -> Operation:
    """The operation a draft would be, whatever id and mode it states."""
    mode = Mode.EXERCISE if document.mode is UNSET else document.mode
    return _operation(document, replace(_DRAFTED, mode=mode, id=document.id or _DRAFTED.id))


def _operation(document: OperationDocument, given: Given) -> Operation:
    return Operation(
        id=agreed_id(document.id, given.id, is_uuid=True),
        party=first_stated("party", document.party, given.party),
        designator=document.designator,
        operation_class=document.operation_class,
        volumes=tuple([volume.built() for volume in document.volumes]),
        mode=_mode(document, given),
        source=given.source or first_stated("source", document.source).built(),
        received_at=given.received_at or moment(first_stated("received_at", document.received_at)),
        version=first_stated("version", given.version, document.version),
        ovn=first_stated("ovn", given.ovn, document.ovn),
        state=first_stated("state", given.state, document.state),
        category=document.category,
        level=DisclosureLevel[document.level],
        tolerance_s=document.tolerance_s,
        uncertainty=document.uncertainty.built(),
        precedence=document.precedence,
        member=document.member,
        contact=document.contact,
        crossings=document.crossings,
        entries=document.entries,
        aircraft_count=document.aircraft_count,
        priority=document.priority,
        source_text=document.source_text,
        end_reason=first_stated("end_reason", given.end_reason, document.end_reason),
    )


def _mode(document: OperationDocument, given: Given) -> Mode:
    own = document.mode
    if own and given.mode and own is not given.mode:
        raise ModeMismatch(f"mode: the document is {own.value}, the node is {given.mode.value}")
    return first_stated("mode", own, given.mode)
