"""Own units: their list, who of them must be told of a message, what they said, who saw it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Told
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.people.kept import Kind, NowTold, common_now, endpoints_of
from keepclear.api.preconditions import expected_of
from keepclear.api.replies import Reply
from keepclear.api.telling_record import (
    SeenPage,
    TellingRecord,
    seen_record,
    telling_record,
)
from keepclear.formats.documents.unit import UnitDocument, stored_unit, unit_from
from keepclear.model.node import Subject
from keepclear.model.telling import UnitWord
from keepclear.model.unit import MeansKind
from keepclear.ports.store import Declaration, View
from keepclear.services.line.keeping import Kept
from keepclear.services.line.messaging_held import held
from keepclear.services.node import Node
from keepclear.services.units.listing import keep_unit
from keepclear.services.units.seeing import seen_by
from keepclear.services.units.telling_units import (
    Saying,
    require_telling,
    say_now,
    say_of_unit,
)


class UnitNow(NowTold, frozen=True, kw_only=True):
    """What follows from a unit at this moment."""

    is_on_duty: Annotated[bool, Meta(description="Somebody is there; it is told in any case")]
    acts: Annotated[tuple[str, ...], Meta(description="What may be done next")]


class UnitRecord(UnitDocument, frozen=True, kw_only=True):
    """A unit as it is kept."""

    now: UnitNow


class UnitPage(Told, frozen=True, kw_only=True):
    """A page of units."""

    total: int
    items: tuple[UnitRecord, ...]
    next: str | None


class UnitWordBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a unit said, or that it was told."""

    word: Annotated[UnitWord, Meta(description="told, confirmed or cannot")]
    role: Annotated[str, Meta(max_length=60, description="As what you are on duty")]
    means: Annotated[MeansKind | None, Meta(description="By which it was told")] = None
    words: Annotated[str, Meta(max_length=500, description="As said; why, of cannot")] = ""


class RoleBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As what somebody acts."""

    role: Annotated[str, Meta(max_length=60, description="As what you are on duty")]


def _now(view: View, node: Node, declaration: Declaration) -> UnitNow:
    del view
    own = stored_unit(declaration.body)
    return UnitNow(
        **common_now(node, declaration),
        is_on_duty=own.is_on_duty(node.now()),
        acts=("change", "list no more") if own.is_listed else ("list again",),
    )


def _keep(call: Call[NoQuery], sent: object, unit_id: str) -> Kept:
    own = unit_from(sent, unit_id=unit_id)
    return keep_unit(call.node, own, expected=expected_of(call.headers), actor=call.caller.actor)


_KIND = Kind(
    subject=Subject.UNIT,
    plural="units",
    part="unit_id",
    document=UnitDocument,
    told=UnitRecord,
    page=UnitPage,
    moment="",
    now=_now,
    keep=_keep,
    keeping="List a unit that must be told, change it, or list it no more",
)


def _telling(call: Call[NoQuery]) -> Reply:
    return _reply(call, call.path["message_id"])


def _say(call: Call[NoQuery]) -> Reply:
    body, message_id = body_of(call.body, UnitWordBody), call.path["message_id"]
    saying = Saying(body.word, body.role, body.means, body.words, call.caller.actor)
    say_of_unit(call.node, message_id, call.path["unit_id"], call.path["step_id"], saying)
    return _reply(call, message_id)


def _say_now(call: Call[NoQuery]) -> Reply:
    body, message_id = body_of(call.body, RoleBody), call.path["message_id"]
    say_now(call.node, message_id, role=body.role, actor=call.caller.actor)
    return _reply(call, message_id)


def _seen(call: Call[NoQuery]) -> Reply:
    with call.node.store.view() as view:
        items = [seen_record(each) for each in seen_by(view, call.path["message_id"])]
    return Reply({"total": len(items), "items": items})


def _reply(call: Call[NoQuery], message_id: str) -> Reply:
    with call.node.store.view() as view:
        about = held(view, message_id)
        telling = require_telling(view, message_id)
        return Reply(telling_record(view, telling, about.life.units, call.node.now()))


_PATH = "/api/v1/messages/{message_id}"
_TELLING = Returned(200, "Who must be told, and what they said", TellingRecord)
_SAYING_ERRORS = (
    errors.InvalidInput,
    errors.NotFound,
    errors.NotPermitted,
    errors.StateForbids,
    errors.KeyFault,
    errors.StoreFull,
)

ENDPOINTS = (
    *endpoints_of(_KIND),
    Endpoint(
        method="GET",
        path=f"{_PATH}/units",
        summary="Which units must be told of a message, and what they said",
        handler=_telling,
        returns=(_TELLING,),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=f"{_PATH}/units",
        summary="Tell the other side what the units said, where that is decided and new",
        description="It follows from the units' words; there is nothing to choose here.",
        handler=_say_now,
        body=Body(RoleBody),
        returns=(_TELLING,),
        errors=_SAYING_ERRORS,
    ),
    Endpoint(
        method="PUT",
        path=f"{_PATH}/units/{{unit_id}}/words/{{step_id}}",
        summary="Put on record that a unit was told, confirmed, or cannot be told",
        handler=_say,
        body=Body(UnitWordBody),
        returns=(_TELLING,),
        errors=_SAYING_ERRORS,
    ),
    Endpoint(
        method="GET",
        path=f"{_PATH}/seen",
        summary="Everybody who is on record as having seen a message",
        handler=_seen,
        returns=(Returned(200, "Who saw it", SeenPage),),
        errors=(errors.NotFound,),
    ),
)
