"""The OpenAPI document, made from the very declarations that build the routes.

Source: OpenAPI 3.1.0; JSON Schema 2020-12.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from keepclear import errors
from keepclear.api import problems
from keepclear.api.auth import COOKIE
from keepclear.api.endpoint import Endpoint, NoQuery, Returned
from keepclear.api.parts import PARTS
from keepclear.api.problems import KIND_OF, HttpKind, Problem

REFERENCES = "#/components/schemas/{name}"
ABOUT = (
    "What people ask of a keepclear node, through the console, the command line or programs of "
    "their own. Numbers are SI with the unit at the end of their name, times are UTC. No answer "
    "is a permission. Every error is a problem document (RFC 9457) with a code and a remedy."
)

ANYWHERE = (errors.InvalidInput, errors.NodeBusy, errors.NodeStopping, errors.StoreFailed)
"""Errors that any endpoint may end in."""

_PART = re.compile(r"\{(\w+)\}")
_TAG_HEADER = {
    "ETag": {
        "description": "The version, in quotation marks.",
        "schema": {"type": "string", "pattern": '^"[1-9][0-9]*"$'},
    }
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": 'The version that is changed, in quotation marks, as `"3"`.',
    "schema": {"type": "string", "pattern": '^"[1-9][0-9]{0,15}"$'},
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "`*` says that it is new.",
    "schema": {"type": "string", "enum": ["*"]},
}


def openapi_document(endpoints: Sequence[Endpoint], *, version: str) -> dict[str, Any]:
    """The whole document, as plain values; the same endpoints give the same document.

    Args:
        endpoints: every endpoint there is.
        version: keepclear's.
    """
    schemas = _Schemas(endpoints)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "keepclear", "version": version, "description": ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.components(),
            "responses": {
                "Problem": {
                    "description": "What went wrong, and what to do.",
                    "content": {problems.CONTENT_TYPE: {"schema": schemas.of(Problem)}},
                }
            },
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "What stands in the file `token` of the node's folder. The "
                    "header Keepclear-Actor may say, percent-encoded, for whom a program asks; "
                    "it stands in the ledger.",
                },
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
            },
        },
    }


class _Schemas:
    """Every record of the interface, described once."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        kinds: list[Any] = [Problem]
        self._queries = {each.query: None for each in endpoints if each.query is not NoQuery}
        for endpoint in endpoints:
            body = endpoint.body
            kinds += [] if body is None or body.schema is None else [body.schema]
            kinds += [each.schema for each in endpoint.returns if each.schema is not None]
        kinds = list(dict.fromkeys((*kinds, *self._queries)))
        schemas, self._components = msgspec.json.schema_components(kinds, ref_template=REFERENCES)
        self._of = dict(zip(kinds, schemas, strict=True))

    def of(self, kind: Any) -> Any:
        return self._of[kind]

    def query(self, kind: Any) -> Mapping[str, Any]:
        return self._components[kind.__name__] if kind in self._queries else {}

    def components(self) -> dict[str, Any]:
        asked = {kind.__name__ for kind in self._queries}
        return {
            name: schema for name, schema in sorted(self._components.items()) if name not in asked
        }


def _operation(endpoint: Endpoint, schemas: _Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": operation_id(endpoint),
        "tags": [tag_of(endpoint)],
        "summary": endpoint.summary,
    }
    if endpoint.description:
        operation["description"] = endpoint.description
    if endpoint.is_open:
        operation["security"] = []
    else:
        operation["x-keepclear-needs"] = endpoint.needed.value
    parameters = [*_parts(endpoint), *_query(endpoint, schemas), *_headers(endpoint)]
    if parameters:
        operation["parameters"] = parameters
    if endpoint.body is not None:
        operation["requestBody"] = _body(endpoint, schemas)
    operation["responses"] = _responses(endpoint, schemas)
    return operation


def operation_id(endpoint: Endpoint) -> str:
    """The endpoint's name in the document: method and path as one word."""
    path = endpoint.path.removeprefix("/api/v1")
    return "_".join((endpoint.method.lower(), *re.findall(r"\w+", path)))


def tag_of(endpoint: Endpoint) -> str:
    """The noun that the endpoint is about."""
    first = endpoint.path.removeprefix("/api/v1").split("/")[1]
    return first.removesuffix(".json")


def _parts(endpoint: Endpoint) -> Iterable[dict[str, Any]]:
    for name in _PART.findall(endpoint.path):
        part = PARTS[name]
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": part.description,
            "schema": {**part.schema},
        }


def _query(endpoint: Endpoint, schemas: _Schemas) -> Iterable[dict[str, Any]]:
    schema = schemas.query(endpoint.query)
    required = schema.get("required", ())
    for name, described in schema.get("properties", {}).items():
        rest = {key: value for key, value in described.items() if key != "description"}
        yield {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": described.get("description", ""),
            "schema": rest,
        }


def _headers(endpoint: Endpoint) -> Iterable[dict[str, Any]]:
    if endpoint.has_precondition:
        yield _IF_MATCH
    if endpoint.may_make:
        yield _IF_NONE_MATCH


def _body(endpoint: Endpoint, schemas: _Schemas) -> dict[str, Any]:
    body = endpoint.body
    if body is None:
        return {}
    schema = {"type": "string"} if body.schema is None else schemas.of(body.schema)
    types = body.content_types or ("application/octet-stream",)
    described = {"description": body.description} if body.description else {}
    return {**described, "required": True, "content": {each: {"schema": schema} for each in types}}


def _returned(returns: Iterable[Returned], schemas: _Schemas) -> dict[str, Any]:
    replies: dict[str, Any] = {}
    for each in returns:
        reply = replies.setdefault(str(each.status), {"description": each.description})
        if each.has_version:
            reply["headers"] = _TAG_HEADER
        if each.content_type:
            schema = None if each.schema is None else schemas.of(each.schema)
            content = {} if schema is None else {"schema": schema}
            reply.setdefault("content", {})[each.content_type] = content
    return replies


def kinds_of_problems(endpoint: Endpoint) -> dict[int, list[str]]:
    """Which codes an endpoint's problems may have, by HTTP status."""
    found: dict[int, list[str]] = {}
    for status, code in sorted(_kinds(endpoint)):
        found.setdefault(status, []).append(code)
    return found


def _kinds(endpoint: Endpoint) -> Iterable[tuple[int, str]]:
    http: list[HttpKind] = [problems.FOREIGN, problems.FOREIGN_HOST, problems.INTERNAL]
    if endpoint.takes_token or not endpoint.is_open:
        http += [problems.UNAUTHENTICATED, problems.TOO_MANY_ATTEMPTS]
    if endpoint.body is not None:
        http += [problems.TOO_LARGE, problems.MEDIA_TYPE]
    if not endpoint.is_open:
        yield KIND_OF[errors.NotPermitted].status, errors.NotPermitted.code
    yield from {(kind.status, kind.code) for kind in http}
    yield from {(KIND_OF[each].status, each.code) for each in endpoint.errors}
    yield from {(KIND_OF[each].status, each.code) for each in ANYWHERE}


def _responses(endpoint: Endpoint, schemas: _Schemas) -> dict[str, Any]:
    replies = _returned(endpoint.returns, schemas)
    for status, codes in kinds_of_problems(endpoint).items():
        text, reply = ", ".join(codes), replies.get(str(status))
        if reply is None:
            replies[str(status)] = {"$ref": "#/components/responses/Problem", "description": text}
        else:
            reply["description"] += f"; or a problem: {text}"
            reply["content"][problems.CONTENT_TYPE] = {"schema": schemas.of(Problem)}
    return replies
