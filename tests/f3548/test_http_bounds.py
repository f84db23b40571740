"""What is large over HTTP: told whole without holding anybody up, or refused with what to do."""

from __future__ import annotations

from typing import Any

import pytest

from f3548.asking import (
    INTENTS,
    SUBSCRIPTIONS,
    AskedDss,
    intent,
    message_of,
    moment,
    new_id,
    subscription,
    volume,
)
from keepclear.api.f3548.endpoint import REPORT_BYTES


def test_a_conflict_with_hundreds_names_each_of_them(asked: AskedDss) -> None:
    made = [
        asked.new_intent(extents=[{**volume(), **minute(number)}])["id"] for number in range(101)
    ]
    whole = {"time_start": moment(0), "time_end": moment(60 * 101)}
    response = asked.ask("PUT", f"{INTENTS}/{new_id()}", intent(extents=[{**volume(), **whole}]))
    assert response.status_code == 409
    assert "101 operational intents" in message_of(response)
    assert [each["id"] for each in response.json()["missing_operational_intents"]] == made


def minute(number: int) -> dict[str, Any]:
    return {"time_start": moment(60 * number), "time_end": moment(60 * number + 59)}


def test_a_subscription_answers_with_what_is_there(asked: AskedDss) -> None:
    made = asked.new_intent()
    path = f"{SUBSCRIPTIONS}/{new_id()}"
    response = asked.ask("PUT", path, subscription())
    assert response.status_code == 200, response.text
    answer = response.json()
    assert [each["id"] for each in answer["operational_intent_references"]] == [made["id"]]
    assert asked.ask("GET", path).json()["subscription"] == answer["subscription"]


def test_a_report_larger_than_any_exchange_is_refused(shared_dss: AskedDss) -> None:
    exchange = {
        "url": "https://uss1.example",
        "method": "GET",
        "recorder_role": "Client",
        "request_time": moment(0),
        "response_body": "A" * REPORT_BYTES,
    }
    response = shared_dss.ask("POST", "/dss/v1/reports", {"exchange": exchange})
    assert response.status_code == 413
    message_of(response)


@pytest.mark.parametrize("path", [INTENTS, SUBSCRIPTIONS, "/dss/v1/constraint_references"])
def test_a_circle_that_is_too_large_is_400_with_what_to_do(shared_dss: AskedDss, path: str) -> None:
    area = volume()
    center = {"lat": 46.0, "lng": 7.0}
    for radius_m, status in ((12_000.0, 200), (29_000.0, 400), (2.1e7, 400)):
        circle = {"center": center, "radius": {"value": radius_m, "units": "M"}}
        area["volume"] = {"outline_circle": circle}
        response = shared_dss.ask("POST", f"{path}/query", {"area_of_interest": area})
        assert response.status_code == status, response.text
        if status == 400:
            assert "are more than 2,500 km². Narrow the area" in message_of(response)
