"""Messages over HTTP: drafts, releases and acts, each told with what may be done next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.asking import BEARER, ORIGIN, PORT, TOKEN, InProcess, Seconds
from keepclear.api.application import node_application
from keepclear.api.auth import Access
from keepclear.model.message_life import Units
from line_fixture import Side
from line_pair import Pair, paired_nodes
from messages import PLACE, an_id, document, units_say

NEW = {"if-none-match": "*"}


@contextmanager
def asking(side: Side) -> Iterator[httpx.Client]:
    access = Access(TOKEN, side.node.entropy, Seconds())
    application = node_application(side.node, access, port=PORT)
    transport = InProcess(application)
    with httpx.Client(base_url=ORIGIN, transport=transport, headers=BEARER) as http:
        yield http
    application.close()


@dataclass(frozen=True)
class Line:
    pair: Pair
    blue: httpx.Client
    amber: httpx.Client

    def draft(self, code: str = "M09", **header: Any) -> Any:
        path = f"/api/v1/messages/{an_id(code)}"
        reply = self.blue.put(path, json=document(code, **header), headers=NEW)
        assert reply.status_code == 201, reply.text
        return reply.json()

    def act(self, http: httpx.Client, message: str, kind: str, **said: Any) -> httpx.Response:
        act_id = an_id(f"{http is self.blue} {kind} {said}")
        path = f"/api/v1/messages/{message}/acts/{act_id}"
        done = http.put(path, json={"kind": kind, "role": "duty officer", **said})
        self.pair.carry()
        return done


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    with ExitStack() as stack:
        pair = stack.enter_context(paired_nodes(tmp_path))
        pair.carry()
        clients = [stack.enter_context(asking(side)) for side in pair.sides]
        yield Line(pair, clients[0], clients[1])


def told(http: httpx.Client, message: str) -> Any:
    reply = http.get(f"/api/v1/messages/{message}")
    assert reply.status_code == 200, reply.text
    return reply.json()


def kinds(record: Any) -> list[str]:
    return [each["kind"] for each in record["acts"]]


def test_a_message_goes_its_way_by_what_each_record_offers(line: Line) -> None:
    record = line.draft()
    name = record["id"]
    assert (record["life"]["state"], kinds(record), record["problems"]) == (
        "READY",
        ["release"],
        [],
    )
    released = line.act(line.blue, name, "release").json()
    assert released["life"]["state"] == "SENT"
    there = told(line.amber, name)
    assert kinds(there) == ["acknowledge", "silence"]
    assert [clock["kind"] for clock in there["life"]["clocks"]] == ["acknowledge"]
    assert there["life"]["clocks"][0]["remaining_s"] == 60.0
    there = line.act(line.amber, name, "acknowledge").json()
    assert "readback" in kinds(there)
    fields = {each["field"]["key"]: each for each in there["readback"]}
    assert fields["position"]["spoken"].startswith("three five decimal seven one zero zero N")
    heard = {key: there["document"]["fields"][key] for key in fields} | {"position": PLACE}
    compared = line.amber.post(f"/api/v1/messages/{name}/comparison", json={"heard": heard})
    assert compared.json() == {"matches": True, "differences": []}
    line.act(line.amber, name, "readback", heard=heard)
    units_say(line.pair.amber, name, Units.CONFIRMED)
    line.pair.carry()
    here = told(line.blue, name)
    assert (here["life"]["state"], here["life"]["units"], here["acts"]) == (
        "CLOSED",
        "confirmed",
        [],
    )
    acts = [step["act"] for step in here["life"]["history"]]
    assert acts == [
        "validate",
        "release",
        "send",
        "deliver",
        "acknowledge",
        "readback",
        "passed to units",
    ]


def test_a_comparison_tells_each_field_that_differs_and_by_how_far(line: Line) -> None:
    name = line.draft()["id"]
    line.act(line.blue, name, "release")
    heard = {"position": "35.7900N 035.9500E"}
    found = line.amber.post(f"/api/v1/messages/{name}/comparison", json={"heard": heard}).json()
    reasons = {each["key"]: each["reason"] for each in found["differences"]}
    assert not found["matches"]
    assert "m away" in reasons["position"]


def test_a_draft_tells_what_it_lacks_and_can_be_thrown_away(line: Line) -> None:
    record = line.draft(fields={"subject": None})
    assert [each["place"] for each in record["problems"]] == ["fields.subject"]
    path = f"/api/v1/messages/{record['id']}"
    assert line.blue.delete(path, headers={"if-match": '"7"'}).status_code == 412
    assert line.blue.delete(path, headers={"if-match": '"1"'}).status_code == 204
    assert line.blue.get(path).status_code == 404


@pytest.mark.parametrize(
    ("act", "status", "code"),
    [
        ({"kind": "bless", "role": "duty officer"}, 400, "invalid-message"),
        ({"kind": "release", "role": "Colonel Smith"}, 403, "not-permitted"),
        ({"kind": "acknowledge", "role": "duty officer"}, 409, "state-forbids"),
        ({"kind": "release"}, 400, "invalid-input"),
    ],
)
def test_an_act_that_cannot_be_is_refused_with_what_to_do(
    line: Line, act: dict[str, str], status: int, code: str
) -> None:
    name = line.draft()["id"]
    reply = line.blue.put(f"/api/v1/messages/{name}/acts/{an_id('act')}", json=act)
    assert (reply.status_code, reply.json()["code"]) == (status, code), reply.text
    assert reply.json()["remedy"]


def test_messages_are_found_by_state_type_direction_and_text(line: Line) -> None:
    name = line.draft()["id"]
    line.draft("M20")
    line.act(line.blue, name, "release")
    for query, found in (
        ({"code": "M09"}, 1),
        ({"state": ["DELIVERED", "READY"]}, 2),
        ({"outgoing": "false"}, 0),
        ({"text": "fast AIRCRAFT"}, 1),
        ({"line": "AMBER-BLUE", "open": "true"}, 2),
    ):
        page = line.blue.get("/api/v1/messages", params=query).json()
        assert page["total"] == len(page["items"]) == found, query


def test_alarms_tell_what_waits_and_a_sound_can_be_silenced(line: Line) -> None:
    name = line.draft()["id"]
    line.act(line.blue, name, "release")
    first = line.amber.get("/api/v1/alarms").json()["items"][0]
    assert (first["id"], first["level"], first["what"]) == (name, "warning", "acknowledge")
    assert first["about"] == {"subject": "message", "id": name}
    path = f"/api/v1/alarms/{name}/silence"
    assert line.amber.put(path, json={"role": "duty officer"}).status_code == 204
    assert line.amber.put(path, json={"role": "duty officer"}).status_code == 204
    assert not line.amber.get("/api/v1/alarms").json()["items"][0]["is_audible"]
    gone = line.amber.put("/api/v1/alarms/none/silence", json={"role": "duty officer"})
    assert gone.status_code == 404


def test_what_a_draft_tells_beyond_a_level_is_told_and_waits_for_its_confirmation(
    line: Line,
) -> None:
    fields = {"asked_change": "climb 1,370 ft"}
    record = line.draft("M07", fields=fields)
    (caution,) = record["cautions"]
    assert caution["place"] == "fields.asked_change"
    assert caution["remedy"] == 'Write "2,000 ft".'
    refused = line.act(line.blue, record["id"], "release")
    assert refused.status_code == 409
    assert caution["id"] in refused.json()["detail"]
    done = line.act(line.blue, record["id"], "release", confirmed=[caution["id"]])
    assert done.status_code == 200, done.text
    assert done.json()["cautions"] == []


def test_the_catalogue_is_told_as_data(line: Line) -> None:
    items = {each["code"]: each for each in line.blue.get("/api/v1/catalogue").json()["items"]}
    assert items["M07"]["answered_by"] == ["M08"]
    assert items["M15"]["needs_second"]
    assert items["M09"]["fields"][0]["key"] == "subject"
