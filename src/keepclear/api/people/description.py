"""The OpenAPI document itself."""

from __future__ import annotations

from typing import Any

from keepclear.api.endpoint import Call, Endpoint, NoQuery, Returned
from keepclear.api.replies import Reply
from keepclear.contact.rights import Capability


def _get(call: Call[NoQuery]) -> Reply:
    return Reply(call.equipment.openapi())


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/openapi.json",
        summary="This description of the interface",
        needs=Capability.ENTER,
        handler=_get,
        returns=(Returned(200, "OpenAPI 3.1", dict[str, Any]),),
    ),
)
