"""The OpenAPI document tells every endpoint, from the declarations that build the routes."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from keepclear.api.answer_record import AnswerRecord
from keepclear.api.application import openapi_bytes
from keepclear.api.endpoint import Endpoint
from keepclear.api.openapi import operation_id
from keepclear.api.routes import ENDPOINTS, by_path
from keepclear.formats.documents.schemas import schema_components

DOCUMENT: dict[str, Any] = json.loads(openapi_bytes())


def described(endpoint: Endpoint) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"][endpoint.path][endpoint.method.lower()]
    return found


def test_every_endpoint_stands_in_the_document_and_nothing_else() -> None:
    told = {
        (method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods
    }
    assert told == {(each.method, each.path) for each in ENDPOINTS}
    assert sum(len(methods) for methods in by_path().values()) == len(ENDPOINTS)


def test_no_two_endpoints_share_a_name() -> None:
    assert len({operation_id(each) for each in ENDPOINTS}) == len(ENDPOINTS)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=operation_id)
def test_each_endpoint_says_what_it_does_and_what_may_go_wrong(endpoint: Endpoint) -> None:
    told = described(endpoint)
    assert told["summary"]
    assert not told["summary"].endswith(".")
    statuses = set(told["responses"])
    assert {str(each.status) for each in endpoint.returns} <= statuses
    assert {"400", "403", "421", "500", "503"} <= statuses
    assert ("401" in statuses) == (endpoint.takes_token or not endpoint.is_open)
    assert ({"413", "415"} <= statuses) == (endpoint.body is not None)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=operation_id)
def test_only_endpoints_that_change_something_take_preconditions(endpoint: Endpoint) -> None:
    if endpoint.has_precondition:
        assert endpoint.method in ("PUT", "DELETE")
        assert {"412", "428"} <= set(described(endpoint)["responses"])
    assert endpoint.has_precondition or not endpoint.may_make


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=operation_id)
def test_every_parameter_is_described(endpoint: Endpoint) -> None:
    for parameter in described(endpoint).get("parameters", []):
        assert parameter["description"], parameter["name"]


def test_the_token_is_asked_for_everywhere_but_where_it_is_given() -> None:
    is_open = {each.path for each in ENDPOINTS if each.is_open}
    assert is_open == {"/api/v1/session", "/enter", "/health"}
    assert DOCUMENT["security"] == [{"token": []}, {"session": []}]


def test_every_reference_leads_somewhere() -> None:
    text = openapi_bytes().decode()
    named = set(re.findall(r'"#/components/schemas/(\w+)"', text))
    assert named <= set(DOCUMENT["components"]["schemas"])


def test_the_documents_of_the_model_are_described_as_the_formats_do() -> None:
    told = DOCUMENT["components"]["schemas"]
    for name, schema in json.loads(msgspec.json.encode(schema_components())).items():
        assert told[name] == schema


def test_every_schema_is_one() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        jsonschema_rs.meta.validate(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
        )


def test_the_same_program_writes_the_same_document() -> None:
    openapi_bytes.cache_clear()
    assert json.loads(openapi_bytes()) == DOCUMENT


def test_numbers_of_the_answer_name_their_unit() -> None:
    fields = {field.encode_name for field in msgspec.structs.fields(AnswerRecord)}
    assert {"operation", "overall", "verdict", "conflicts", "conflicts_total"} <= fields
