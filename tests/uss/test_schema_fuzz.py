"""Whatever clients send to a USS, the answer is as the document says, never a fault."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis

from f3548.fuzzing import cases_of, found_in, try_endpoint
from keepclear.api.f3548.endpoint import AA, CM, CMSA, CP, SC
from keepclear.api.f3548.roles import served
from keepclear.api.f3548.testing_endpoints import DIRECT_TEST, PLAN
from uss.world import World

ENDPOINTS = [
    each
    for each in served(dss=False, uss=True, testing=True)
    if each.path.startswith(("/uss/", "/flight_planning/"))
]
FOUND = found_in(ENDPOINTS)
EVERY_SCOPE = f"{SC} {CM} {CP} {CMSA} {AA} {PLAN} {DIRECT_TEST}"


def test_every_endpoint_is_tried() -> None:
    assert len(FOUND) == len(ENDPOINTS) > 10


@pytest.mark.parametrize(("endpoint", "mode"), cases_of(FOUND))
def test_whatever_is_sent_is_answered_as_the_document_says(
    airspace: World, endpoint: Any, mode: schemathesis.GenerationMode
) -> None:
    bearer = {"authorization": f"Bearer {airspace.token(EVERY_SCOPE)}"}
    origin = airspace.guest.settings.base_url
    try_endpoint(endpoint, mode, origin=origin, bearer=bearer, ask=airspace.http.request)
