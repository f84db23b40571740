"""Whatever is sent to a discovery service, the answer is as the document says, never a fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis

from f3548.asking import ORIGIN, AskedDss, asked_dss
from f3548.fuzzing import cases_of, found_in, try_endpoint
from keepclear.api.f3548.aux_endpoints import READ_POOL, READ_SERVICE_AREAS, READ_VERSIONS
from keepclear.api.f3548.endpoint import AA, CM, CMSA, CP, SC
from keepclear.api.f3548.roles import served
from samples import NOON

ENDPOINTS = served(dss=True, uss=False, testing=False)
EVERY_SCOPE = f"{SC} {CM} {CP} {CMSA} {AA} {READ_POOL} {READ_SERVICE_AREAS} {READ_VERSIONS}"
FOUND = found_in(ENDPOINTS)


def test_every_endpoint_is_tried() -> None:
    assert len(FOUND) == len(ENDPOINTS)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AskedDss]:
    with asked_dss(tmp_path_factory.mktemp("dss"), at=NOON) as made:
        yield made


@pytest.mark.parametrize(("endpoint", "mode"), cases_of(FOUND))
def test_whatever_is_sent_is_answered_as_the_document_says(
    held: AskedDss, endpoint: Any, mode: schemathesis.GenerationMode
) -> None:
    bearer = held.bearer(EVERY_SCOPE)
    try_endpoint(endpoint, mode, origin=ORIGIN, bearer=bearer, ask=held.http.request)
