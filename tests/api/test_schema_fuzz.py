"""Whatever is sent, the node answers as its OpenAPI document says, and never fails.

A few examples for each endpoint; HYPOTHESIS_PROFILE=nightly tries many more.
"""

from __future__ import annotations

import json
import os
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.asking import BEARER, ORIGIN, Asked
from keepclear.api.application import openapi_bytes
from keepclear.formats.times import iso_text
from samples import NOON, operation

# Times near each other, or hardly any window would start before it ends.
schemathesis.openapi.format(
    "date-time",
    st.integers(0, 48).map(lambda hours: iso_text(NOON + timedelta(hours=hours))),
)


@schemathesis.serializer("application/toml", "application/octet-stream")
def as_it_is(ctx: Any, value: Any) -> Any:
    """Files are sent as they are."""
    del ctx
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


SCHEMA = schemathesis.openapi.from_dict(json.loads(openapi_bytes()))
STREAM = "/api/v1/events"
EXAMPLES = 300 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 6
POSITIVE, NEGATIVE = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
FOUND: list[Any] = [found.ok() for found in SCHEMA.get_all_operations()]  # type: ignore[union-attr]
ENDPOINTS = {f"{each.method.upper()} {each.path}": each for each in FOUND if each.path != STREAM}
CASES = [
    pytest.param(found, mode, id=f"{name}-{mode.value}")
    for name, found in ENDPOINTS.items()
    for mode in (POSITIVE, NEGATIVE)
    if mode is POSITIVE or {"parameters", "requestBody"} & set(found.definition.raw)
]


def test_every_endpoint_but_the_stream_is_tried() -> None:
    paths = json.loads(openapi_bytes())["paths"]
    assert len(ENDPOINTS) == sum(len(methods) for methods in paths.values()) - 1


@pytest.fixture(scope="module")
def held(shared_node: Asked) -> Asked:
    """The node with something in it, so that not every question ends at nothing."""
    shared_node.running.take(operation("A-1", party="AMBER"))
    shared_node.file(operation("B-1"))
    return shared_node


@pytest.mark.parametrize(("endpoint", "mode"), CASES)
def test_whatever_is_sent_is_answered_as_the_document_says(
    held: Asked, endpoint: Any, mode: schemathesis.GenerationMode
) -> None:
    @given(case=endpoint.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],  # shrinking documents of this size takes minutes
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Any) -> None:
        asked = case.as_transport_kwargs(base_url=ORIGIN)
        asked.pop("cookies", None)
        if "data" in asked:
            asked["content"] = asked.pop("data")
        asked["headers"] = {**asked["headers"], **BEARER}
        response = held.http.request(**asked)
        response.elapsed = timedelta(0)
        case.validate_response(Response.from_httpx(response, verify=False), checks=CHECKS)

    send()
