"""The catalogue of messages as data: a console draws its forms from it and holds no rules."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from keepclear.api.answer_record import Told
from keepclear.api.endpoint import Call, Endpoint, NoQuery, Returned
from keepclear.api.replies import Reply
from keepclear.contact.catalogue.forms import catalogue_items
from keepclear.contact.catalogue.kinds import FieldKind
from keepclear.contact.rights import Capability
from keepclear.model.operation import Precedence


class FieldRecord(Told, frozen=True, kw_only=True):
    """One field of a form."""

    key: Annotated[str, Meta(description="Its name in documents")]
    label: Annotated[str, Meta(description="Its name on forms")]
    kind: Annotated[FieldKind, Meta(description="What it holds")]
    explanation: Annotated[str, Meta(description="What to write")]
    mandatory: bool
    read_back: Annotated[bool, Meta(description="Whether the receiver says it back")]
    choices: Annotated[tuple[str, ...], Meta(description="The words it may hold; empty for any")]
    most: Annotated[int, Meta(description="Characters of a text, items of a list, at most")]
    must_lie_ahead: Annotated[bool, Meta(description="Whether its time must be still to come")]


class AnswerWhenRecord(Told, frozen=True, kw_only=True):
    """When a message asks for an answer."""

    field: Annotated[str, Meta(description="It asks where this field")]
    words: Annotated[tuple[str, ...], Meta(description="holds one of these")]


class MessageTypeRecord(Told, frozen=True, kw_only=True):
    """One type of message."""

    code: str
    name: str
    purpose: str
    precedence: Annotated[Precedence, Meta(description="Unless the writer chooses another")]
    fields: tuple[FieldRecord, ...]
    needs_readback: bool
    needs_answer: bool
    answer_when: Annotated[AnswerWhenRecord | None, Meta(description="null: always, if at all")]
    answered_by: Annotated[
        tuple[str, ...], Meta(description="Types that answer it; empty: the act `answer` does")
    ]
    asks_units: Annotated[bool, Meta(description="Whether the receiver's units must be told")]
    roles: Annotated[tuple[str, ...], Meta(description="Who may release it; FLASH: any role")]
    needs_second: Annotated[bool, Meta(description="Two people release it, unless FLASH")]
    needs_validity: bool
    written_by_hand: Annotated[bool, Meta(description="false where a service writes it")]


class CatalogueRecord(Told, frozen=True, kw_only=True):
    """Every type of message."""

    total: int
    items: tuple[MessageTypeRecord, ...]
    next: None


def _get(call: Call[NoQuery]) -> Reply:
    del call
    items = catalogue_items()
    return Reply({"total": len(items), "items": items, "next": None})


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/catalogue",
        summary="The catalogue of messages, with the fields of each",
        needs=Capability.ENTER,
        handler=_get,
        returns=(Returned(200, "Every type, by code", CatalogueRecord),),
    ),
)
