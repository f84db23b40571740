"""Whether the node works, for whoever watches over it; asked without a token it names no names."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from keepclear.api.answer_record import Told
from keepclear.api.endpoint import Call, Endpoint, NoQuery, Returned
from keepclear.api.permits import identified
from keepclear.api.problems import Refusal
from keepclear.api.replies import Reply
from keepclear.contact.rights import Capability
from keepclear.model.operation import Mode
from keepclear.services.examining import Examined, Status, worst_status

_WORDS = {Status.OK: "ok", Status.WARNING: "degraded", Status.FAULT: "failing"}


class CheckRecord(Told, frozen=True, kw_only=True):
    """One thing that was looked at."""

    name: str
    status: Status
    detail: Annotated[str, Meta(description="One sentence; empty where no token was given")]
    remedy: Annotated[str, Meta(description="What to do; empty where all is well, or no token")]


class HealthRecord(Told, frozen=True, kw_only=True):
    """Whether the node works."""

    status: Literal["ok", "degraded", "failing"]
    mode: Mode
    checks: tuple[CheckRecord, ...]


def _get(call: Call[NoQuery]) -> Reply:
    examined = call.equipment.examined.now(call.node)
    status = worst_status(examined)
    is_told = _is_known(call)
    return Reply(
        {
            "status": _WORDS[status],
            "mode": call.node.identity.mode.value,
            "checks": [_check(each, is_told=is_told) for each in examined],
        },
        503 if status is Status.FAULT else 200,
    )


def _is_known(call: Call[NoQuery]) -> bool:
    try:
        _, permit = identified(call.equipment.access, call.equipment.roster, call.headers, "GET")
    except Refusal:
        return False
    return permit.allows(Capability.VIEW)


def _check(examined: Examined, *, is_told: bool) -> dict[str, str]:
    return {
        "name": examined.name,
        "status": examined.status.value,
        "detail": examined.detail if is_told else "",
        "remedy": examined.remedy if is_told else "",
    }


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/health",
        summary="Whether the node works",
        description="Details and remedies are told to those alone who give the token.",
        handler=_get,
        returns=(
            Returned(200, "It works, fully or with a warning", HealthRecord),
            Returned(503, "It does not work, or its answers cannot be relied on", HealthRecord),
        ),
        is_open=True,
    ),
)
