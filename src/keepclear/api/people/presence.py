"""Presence (L0), what a line discloses by itself, and what the other party has left to ask."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.preconditions import expected_of
from keepclear.api.replies import Reply
from keepclear.contact.rights import Capability
from keepclear.disclose.budget import refilled
from keepclear.disclose.lattice import limits_of
from keepclear.formats.times import iso_text
from keepclear.model.agreement import DisclosureLimits
from keepclear.model.volume_question import LineDisclosure, Presence
from keepclear.ports.store import View
from keepclear.services.disclosing.asking import discloses
from keepclear.services.disclosing.kept import budget_of
from keepclear.services.disclosing.presence import presences, tell_presence
from keepclear.services.disclosing.setting import set_disclosure, setting_of
from keepclear.services.line.pairing import line_of
from keepclear.services.line.standing import agreement_in_force
from keepclear.services.node import Node


class PresenceRecord(Told, frozen=True, kw_only=True):
    """How many notices a party says it has, in bands."""

    party: str
    line: str
    as_of: Time
    notices: dict[str, str]
    zones: str
    received_at: Time


class PresencePage(Told, frozen=True, kw_only=True):
    """What every party said last, and what we told."""

    total: int
    items: tuple[PresenceRecord, ...]
    next: None


class DisclosureBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What the node does by itself on a line."""

    asks_on_filing: Annotated[
        bool, Meta(description="Ask their node about every own operation filed; it discloses them")
    ]
    tells_presence: Annotated[bool, Meta(description="Tell how many notices there are, in bands")]
    tells_agreed: Annotated[
        bool, Meta(description="Give notice of what the agreement lets them know whole, from L3 on")
    ] = False


class BudgetRecord(Told, frozen=True, kw_only=True):
    """What the other party may still ask us."""

    left: float
    of: int
    window_s: float
    refused: Annotated[int, Meta(description="Questions refused for want of budget, ever")]
    searched: Annotated[int, Meta(description="Refused because they looked for edges, ever")]
    searched_at: Time | None


class DisclosureRecord(Told, frozen=True, kw_only=True):
    """What a line discloses by itself, and what was asked over it."""

    line: str
    version: Annotated[int, Meta(description="For If-Match; 0 where it is as it came")]
    asks_on_filing: bool
    tells_presence: bool
    tells_agreed: bool
    discloses: Annotated[str, Meta(description="What asking tells them")]
    grid_m: float
    grid_height_m: float
    grid_time_s: float
    their_budget: BudgetRecord


def _list(call: Call[NoQuery]) -> Reply:
    with call.node.store.view() as view:
        items = [_told(each) for each in presences(view)]
    return Reply({"total": len(items), "items": items, "next": None})


def _tell(call: Call[NoQuery]) -> Reply:
    actor = call.caller.actor
    told = tell_presence(call.node, call.path["line_id"], call.path["message_id"], actor=actor)
    return Reply(_told(told))


def _get(call: Call[NoQuery]) -> Reply:
    with call.node.store.view() as view:
        setting, version = setting_of(view, call.path["line_id"])
        record = _record(view, call.node, setting, version)
    return Reply(record, version=version or None)


def _put(call: Call[NoQuery]) -> Reply:
    body, line_id = body_of(call.body, DisclosureBody), call.path["line_id"]
    wanted = LineDisclosure(line_id, body.asks_on_filing, body.tells_presence, body.tells_agreed)
    expected = expected_of(call.headers)
    setting, version = set_disclosure(call.node, wanted, expected=expected, actor=call.caller.actor)
    with call.node.store.view() as view:
        record = _record(view, call.node, setting, version)
    return Reply(record, 201 if version == 1 else 200, version=version)


def _record(view: View, node: Node, setting: LineDisclosure, version: int) -> dict[str, Any]:
    line, now = line_of(view, setting.line), node.now()
    agreement = agreement_in_force(view, line, now)
    limits = DisclosureLimits() if agreement is None else limits_of(agreement)
    kept = budget_of(view, line.them, limits, now)
    at = kept.searched_at
    return {
        "line": line.id,
        "version": version,
        "asks_on_filing": setting.asks_on_filing,
        "tells_presence": setting.tells_presence,
        "tells_agreed": setting.tells_agreed,
        "discloses": discloses(line.them),
        "grid_m": limits.grid_m,
        "grid_height_m": limits.grid_height_m,
        "grid_time_s": limits.grid_time_s,
        "their_budget": {
            "left": round(refilled(kept.budget, limits, now).left, 1),
            "of": limits.questions,
            "window_s": limits.window_s,
            "refused": kept.refused,
            "searched": kept.searched,
            "searched_at": None if at is None else iso_text(at),
        },
    }


def _told(presence: Presence) -> dict[str, Any]:
    return {
        "party": presence.party,
        "line": presence.line,
        "as_of": iso_text(presence.as_of),
        "notices": dict(presence.notices),
        "zones": presence.zones,
        "received_at": iso_text(presence.received_at),
    }


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/presence",
        summary="How many notices each party says it has, in bands; and what we told",
        handler=_list,
        returns=(Returned(200, "By line and party", PresencePage),),
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/lines/{line_id}/presence/{message_id}",
        summary="Tell the other party how many notices we have, in bands",
        handler=_tell,
        needs=Capability.RELEASE,
        returns=(Returned(200, "Told, now or before", PresenceRecord),),
        errors=(errors.NotFound, errors.KeyFault),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/lines/{line_id}/disclosure",
        summary="What a line discloses by itself, and what the other party may still ask",
        handler=_get,
        returns=(Returned(200, "As it is", DisclosureRecord, has_version=True),),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/lines/{line_id}/disclosure",
        summary="Set what the node asks and tells by itself on a line",
        handler=_put,
        needs=Capability.RELEASE,
        body=Body(DisclosureBody),
        returns=(
            Returned(201, "Set for the first time", DisclosureRecord, has_version=True),
            Returned(200, "Changed, or as it was", DisclosureRecord, has_version=True),
        ),
        errors=(
            errors.NotFound,
            errors.VersionMissing,
            errors.VersionMismatch,
            errors.StoreFull,
        ),
        has_precondition=True,
        may_make=True,
    ),
)
