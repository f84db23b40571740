"""Send what a schema allows, and what it does not, and compare the answers with the document.

A few examples for each endpoint; HYPOTHESIS_PROFILE=nightly tries many more.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from keepclear.api.f3548.endpoint import F3548Endpoint
from keepclear.api.f3548.openapi import openapi_document
from keepclear.formats.times import iso_text
from samples import NOON

# Times near each other, or hardly any window would start before it ends. The same as for the
# interface of people: what is registered holds for the whole process.
schemathesis.openapi.format(
    "date-time",
    st.integers(0, 48).map(lambda hours: iso_text(NOON + timedelta(hours=hours))),
)
EXAMPLES = 300 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 4
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
POSITIVE, NEGATIVE = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE


def found_in(endpoints: Sequence[F3548Endpoint]) -> list[Any]:
    """The endpoints as schemathesis finds them in their document."""
    document = json.loads(json.dumps(openapi_document(endpoints, version="0")))
    schema = schemathesis.openapi.from_dict(document)
    return [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]  # an error is raised by ok()


def cases_of(found: Sequence[Any]) -> list[Any]:
    """Each endpoint with what its schema allows, and with what it does not."""
    return [
        pytest.param(one, mode, id=f"{one.method.upper()} {one.path}-{mode.value}")
        for one in found
        for mode in (POSITIVE, NEGATIVE)
        if mode is POSITIVE or {"parameters", "requestBody"} & set(one.definition.raw)
    ]


def try_endpoint(
    endpoint: Any,
    mode: schemathesis.GenerationMode,
    *,
    origin: str,
    bearer: Mapping[str, str],
    ask: Callable[..., httpx.Response],
) -> None:
    """Send examples to an endpoint and hold every answer against the document."""

    @given(case=endpoint.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Any) -> None:
        asked = case.as_transport_kwargs(base_url=origin)
        asked.pop("cookies", None)
        if "data" in asked:
            asked["content"] = asked.pop("data")
        own = {k: v for k, v in asked["headers"].items() if k.lower() != "authorization"}
        asked["headers"] = {**own, **bearer}
        response = ask(**asked)
        response.elapsed = timedelta(0)
        case.validate_response(Response.from_httpx(response, verify=False), checks=CHECKS)

    send()
