"""Whatever F3548 clients send, the answer is as the document says, and never a fault.

A few examples for each endpoint; HYPOTHESIS_PROFILE=nightly tries many more.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
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
    response_schema_conformance,
    status_code_conformance,
)

from f3548.asking import ORIGIN, AskedDss, asked_dss
from keepclear.api.f3548.aux_endpoints import READ_POOL, READ_SERVICE_AREAS, READ_VERSIONS
from keepclear.api.f3548.endpoint import AA, CM, CMSA, CP, SC
from keepclear.api.f3548.openapi import openapi_document
from keepclear.api.f3548.roles import served
from keepclear.formats.times import iso_text
from samples import NOON

# Times near each other, or hardly any window would start before it ends. The same as for the
# interface of people: what is registered holds for the whole process.
schemathesis.openapi.format(
    "date-time",
    st.integers(0, 48).map(lambda hours: iso_text(NOON + timedelta(hours=hours))),
)
ENDPOINTS = served(dss=True, uss=False, testing=False)
DOCUMENT = json.loads(json.dumps(openapi_document(ENDPOINTS, version="0")))
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
EXAMPLES = 300 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 4
EVERY_SCOPE = f"{SC} {CM} {CP} {CMSA} {AA} {READ_POOL} {READ_SERVICE_AREAS} {READ_VERSIONS}"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
FOUND: list[Any] = [found.ok() for found in SCHEMA.get_all_operations()]  # type: ignore[union-attr]
POSITIVE, NEGATIVE = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
CASES = [
    pytest.param(found, mode, id=f"{found.method.upper()} {found.path}-{mode.value}")
    for found in FOUND
    for mode in (POSITIVE, NEGATIVE)
    if mode is POSITIVE or {"parameters", "requestBody"} & set(found.definition.raw)
]


def test_every_endpoint_is_tried() -> None:
    assert len(FOUND) == len(ENDPOINTS)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AskedDss]:
    with asked_dss(tmp_path_factory.mktemp("dss"), at=NOON) as made:
        yield made


@pytest.mark.parametrize(("endpoint", "mode"), CASES)
def test_whatever_is_sent_is_answered_as_the_document_says(
    held: AskedDss, endpoint: Any, mode: schemathesis.GenerationMode
) -> None:
    bearer = held.bearer(EVERY_SCOPE)

    @given(case=endpoint.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Any) -> None:
        asked = case.as_transport_kwargs(base_url=ORIGIN)
        asked.pop("cookies", None)
        if "data" in asked:
            asked["content"] = asked.pop("data")
        asked["headers"] = {**asked["headers"], **bearer}
        response = held.http.request(**asked)
        response.elapsed = timedelta(0)
        case.validate_response(Response.from_httpx(response, verify=False), checks=CHECKS)

    send()
