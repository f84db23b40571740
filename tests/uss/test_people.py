"""People publish through the API, and ask any discovery service by command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from api.asking import BEARER, ORIGIN, PORT, TOKEN, InProcess, Seconds
from keepclear import compose
from keepclear.api.application import node_application
from keepclear.api.auth import Access
from keepclear.cli.main import main
from keepclear.formats.f3548 import time_of
from keepclear.services.declaring import declare
from keepclear.services.expected import NEW
from uss.publishing import strange_intent
from uss.test_following import filed, zone_at
from uss.world import World, new_place, planned, volume, wanted


@pytest.fixture
def people(airspace: World) -> Iterator[httpx.Client]:
    """The guest's API for people."""
    access = Access(TOKEN, compose.entropy(), Seconds())
    application = node_application(airspace.guest.node, access, port=PORT)
    with (
        closing(application),
        httpx.Client(
            transport=InProcess(application), base_url=f"{ORIGIN}/api/v1", headers=BEARER
        ) as http,
    ):
        yield http


def test_an_operation_is_published_shown_and_taken_back(
    airspace: World, people: httpx.Client
) -> None:
    operation = filed(airspace.guest, new_place())
    path = f"/operations/{operation.id}/f3548"
    assert people.get(path).status_code == 404
    told = people.put(path, json={"role": "planner", "priority": 4})
    assert told.status_code == 200, told.text
    assert told.json()["result"] == "done"
    assert told.json()["losses"]
    shown = people.get(path).json()
    assert (shown["state"], shown["priority"], shown["is_settled"]) == ("Accepted", 4, True)
    listed = people.get("/f3548").json()
    assert operation.id in [each["id"] for each in listed["intents"]]
    seen = {"time_measured": msgspec.to_builtins(time_of(compose.clock().now()))}
    assert people.put(f"{path}/telemetry", json=seen).status_code == 204
    told = people.put(path, json={"role": "planner", "act": "withdraw"})
    assert told.json()["intent"] is None
    assert people.get(path).status_code == 404


def test_what_the_rules_refuse_is_told_and_the_operation_stays(
    airspace: World, people: httpx.Client
) -> None:
    place = new_place()
    planned(airspace.home, wanted(volume(place, 30.0, high_m=1_000.0)))
    operation = filed(airspace.guest, place)
    path = f"/operations/{operation.id}"
    told = people.put(f"{path}/f3548", json={"role": "planner"}).json()
    assert told["result"] == "refused"
    assert "SCD0035" in told["why"]
    assert people.get(path).json()["state"] == "planned"


def test_a_zone_is_published_and_taken_back(airspace: World, people: httpx.Client) -> None:
    zone = zone_at(new_place())
    declare(airspace.guest.node, zone, expected=NEW)
    path = f"/zones/{zone.id}/f3548"
    assert people.put(path, json={"role": "planner"}).status_code == 400
    now = compose.clock().now()
    day = {"start": "2026-01-01T00:00:00Z", "end": "2126-01-01T00:00:00Z"}
    assert people.put(path, json={"role": "planner", **day}).status_code == 400
    hour = {"start": now.isoformat(), "end": (now + timedelta(hours=1)).isoformat()}
    told = people.put(path, json={"role": "planner", **hour})
    assert told.status_code == 200, told.text
    assert told.json()["zone"] == zone.id
    assert people.put(path, json={"role": "planner", "act": "withdraw"}).status_code == 204


def test_what_others_told_and_operators_heard_is_listed(
    airspace: World, people: httpx.Client
) -> None:
    place = new_place()
    intent = strange_intent(airspace, volume(place))
    asked = wanted(volume(place), priority=8)
    planned(airspace.guest, asked)
    learnt = people.get("/f3548/intents?limit=500").json()["items"]
    assert intent.reference.id in [each["id"] for each in learnt]
    assert people.get("/f3548/constraints").status_code == 200
    notices = people.get("/f3548/notices").json()["items"]
    assert "SCD0090" in [each["event"] for each in notices if each["operation"] == asked.id]


def command(airspace: World, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    folder = str(airspace.folders["guest"].path)
    assert main(["f3548", *arguments, "--json", "--node", folder]) == 0
    return json.loads(capsys.readouterr().out)


def test_any_discovery_service_is_asked_by_command(
    airspace: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = airspace.settings["guest"]
    for name, value in (
        ("DSS_URL", settings.dss_url),
        ("TOKEN_URL", airspace.token_url),
        ("TOKEN_METHOD", "GET"),
        ("TOKEN_PARAMETERS", "sub=guest"),
        ("BASE_URL", settings.base_url),
        ("ALLOW_HTTP_BASE_URLS", "true"),
    ):
        monkeypatch.setenv(f"KEEPCLEAR_F3548_{name}", value)
    place = new_place()
    asked = wanted(volume(place))
    planned(airspace.guest, asked)
    where = ("--lat", str(place), "--lng", "10.0")
    found = command(airspace, capsys, "query", *where)
    assert [each["id"] for each in found] == [asked.id]
    assert command(airspace, capsys, "query", "--constraints", *where) == []
    made = command(airspace, capsys, "subscribe", *where)["subscription"]
    mine = command(airspace, capsys, "subscriptions", *where)
    assert made["id"] in [each["id"] for each in mine]
    command(airspace, capsys, "unsubscribe", made["id"])
    mine = command(airspace, capsys, "subscriptions", *where)
    assert made["id"] not in [each["id"] for each in mine]
    told = command(airspace, capsys, "availability", "nobody")
    assert told["status"]["availability"] == "Unknown"
    told = command(airspace, capsys, "availability", "nobody", "Down")
    assert told["status"]["availability"] == "Down"
