"""The OpenAPI document of the F3548 port, made from the declarations that build its routes.

Source: OpenAPI 3.1.0; JSON Schema 2020-12; ASTM F3548-21, annex A.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from keepclear.api.f3548.endpoint import F3548Endpoint
from keepclear.api.f3548.parts import PARTS
from keepclear.formats.f3548 import ErrorResponse

REFERENCES = "#/components/schemas/{name}"
ABOUT = (
    "What F3548 clients ask of a keepclear node: the discovery and synchronization service (DSS), "
    "the USS, or both, as its settings say. Paths, records and scopes are the standard's; what "
    "stands beside them (/aux, /versions, /flight_planning, /versioning) is the field's. Unknown "
    "fields are ignored. Every error is an ErrorResponse, but a 409 that names what is missing."
)
MEANINGS = {
    200: "Done.",
    201: "Made.",
    204: "Taken in.",
    400: "The request cannot be used; the message says why.",
    401: "No access token that holds came with the request.",
    403: "The token lacks the scope, or the record is another manager's.",
    404: "There is none of that id.",
    409: "It was changed meanwhile, exists already, or the key does not prove enough.",
    412: "The state of the caller or of the record does not allow it.",
    413: "The body is too large.",
    429: "Too much is under way; come again after the time that Retry-After names.",
    500: "The service failed at this.",
    503: "The service is stopping, or its store cannot be used.",
}
_PART = re.compile(r"\{(\w+)\}")


def openapi_document(endpoints: Sequence[F3548Endpoint], *, version: str) -> dict[str, Any]:
    """The whole document, as plain values; the same endpoints give the same document.

    Args:
        endpoints: every endpoint there is.
        version: keepclear's.
    """
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {"title": "keepclear for F3548 clients", "version": version, "description": ABOUT},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": _schemas(endpoints),
            "securitySchemes": {
                "Authority": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "Signed with RS256 by an issuer that the node accepts; `aud` "
                    "names the node's host, `exp` is at most an hour ahead. `sub` is the manager "
                    "of whatever is filed.",
                }
            },
        },
    }


def statuses_of(endpoint: F3548Endpoint) -> tuple[int, ...]:
    """Every status that an endpoint may end in, the usual one first."""
    anywhere = (429, 500, 503)
    asked = (401, 403) if endpoint.scopes else ()
    sent = (413,) if endpoint.body is not None else ()
    errors = {*endpoint.errors, *anywhere, *asked, *sent}
    return (endpoint.returns[0], *sorted(errors))


def _schemas(endpoints: Sequence[F3548Endpoint]) -> dict[str, Any]:
    kinds: dict[Any, None] = {ErrorResponse: None}
    for endpoint in endpoints:
        named = (endpoint.body, endpoint.returns[1], endpoint.conflict)
        kinds |= {kind: None for kind in named if kind is not None}
    _, components = msgspec.json.schema_components(list(kinds), ref_template=REFERENCES)
    return dict(sorted(components.items()))


def _operation(endpoint: F3548Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.operation_id,
        "summary": endpoint.summary,
        # OpenAPI names scopes of bearer tokens as roles; any one list suffices.
        "security": [{"Authority": sorted(needed)} for needed in endpoint.scopes],
    }
    if parameters := [*_parts(endpoint), *_query(endpoint)]:
        operation["parameters"] = parameters
    if endpoint.body is not None:
        operation["requestBody"] = {"required": True, "content": _content(endpoint.body)}
    operation["responses"] = {
        str(status): _response(endpoint, status) for status in statuses_of(endpoint)
    }
    return operation


def _parts(endpoint: F3548Endpoint) -> Iterable[dict[str, Any]]:
    for name in _PART.findall(endpoint.path):
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": PARTS[name].description,
            "schema": {**PARTS[name].schema},
        }


def _query(endpoint: F3548Endpoint) -> Iterable[dict[str, Any]]:
    for name in endpoint.query:
        yield {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}


def _response(endpoint: F3548Endpoint, status: int) -> dict[str, Any]:
    usual, record = endpoint.returns
    if status == 409 and endpoint.conflict is not None:
        record = endpoint.conflict
    elif status != usual:
        record = ErrorResponse
    described: dict[str, Any] = {"description": MEANINGS[status]}
    return described if record is None else {**described, "content": _content(record)}


def _content(record: type[msgspec.Struct]) -> dict[str, Any]:
    reference = REFERENCES.format(name=record.__name__)
    return {"application/json": {"schema": {"$ref": reference}}}
