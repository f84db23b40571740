"""Units, allies, movements and sites over HTTP, on two nodes with a line between them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.test_messages import NEW, Line, asking, told
from humanitarian import convoy, hospital, own_unit
from keepclear.formats.documents.movement import movement_document
from keepclear.formats.documents.site import site_document
from keepclear.formats.documents.unit import unit_document
from keepclear.formats.movement_mail import movement_mail
from keepclear.model.operation import Mode
from line_pair import paired_nodes
from messages import an_id

ACTOR = {"keepclear-actor": "first"}
FIRST: dict[str, Any] = {"if-match": '"1"'}
RELEASE = {"line": "AMBER-BLUE", "role": "movement officer", "second": "second"}


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    with ExitStack() as stack:
        pair = stack.enter_context(paired_nodes(tmp_path))
        pair.carry()
        clients = [stack.enter_context(asking(side)) for side in pair.sides]
        yield Line(pair, clients[0], clients[1])


def put(http: httpx.Client, path: str, body: Any, status: int = 200, **headers: str) -> Any:
    reply = http.put(f"/api/v1{path}", json=body, headers={**ACTOR, **headers})
    assert reply.status_code == status, reply.text
    return reply.json()


def got(http: httpx.Client, path: str, **query: str) -> Any:
    reply = http.get(f"/api/v1{path}", params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()


def sent(document: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in document.items() if k not in ("releases", "message", "party")}


def notified(line: Line, **changes: Any) -> str:
    """A convoy of BLUE's, told to AMBER and acknowledged there; the message's id."""
    movement = convoy(line.pair.blue.clock.at, **changes)
    document = sent(movement_document(movement))
    put(line.blue, f"/movements/{movement.id}", document, 201, **NEW)
    name = an_id("m14")
    put(line.blue, f"/movements/{movement.id}/releases/{name}", RELEASE)
    line.pair.carry()
    line.act(line.amber, name, "acknowledge")
    return name


def listed(line: Line, **changes: Any) -> str:
    own = own_unit(**changes)
    put(line.amber, f"/units/{own.id}", unit_document(own), 201, **NEW)
    return own.id


def say(line: Line, name: str, unit: str, word: str, status: int = 200, **more: str) -> Any:
    body = {"word": word, "role": "duty officer", **more}
    step = an_id(f"{word} {more}")
    reply = put(line.amber, f"/messages/{name}/units/{unit}/words/{step}", body, status)
    line.pair.carry()
    return reply


def test_units_are_told_and_the_other_side_learns_what_follows(line: Line) -> None:
    unit = listed(line)
    name = notified(line)
    before = got(line.amber, f"/messages/{name}/units")
    assert (before["passed"], before["units"][0]["word"]) == ("asked", "to be told")
    assert before["units"][0]["try_now"] == {"kind": "telephone", "address": "5551"}
    say(line, name, unit, "told", means="telephone")
    after = say(line, name, unit, "confirmed", means="telephone", words="understood")
    assert (after["passed"], after["was_told"]) == ("confirmed", "confirmed")
    assert told(line.blue, name)["life"]["units"] == "confirmed"
    (here,) = got(line.blue, f"/movements/{convoy(line.pair.blue.clock.at).id}")["now"]["told"]
    assert (here["units"], here["acknowledged_by"]) == ("confirmed", "duty officer")
    seen = got(line.amber, f"/messages/{name}/seen")["items"]
    assert {"TOWER", "duty officer"} <= {each["who"] for each in seen}


def test_the_free_act_of_passing_to_units_is_gone(line: Line) -> None:
    listed(line)
    name = notified(line)
    assert "pass to units" not in [each["kind"] for each in told(line.amber, name)["acts"]]
    refused = line.act(line.amber, name, "pass to units")
    assert (refused.status_code, refused.json()["code"]) == (409, "state-forbids")


def test_a_notice_offers_no_act_that_denies_it(line: Line) -> None:
    name = notified(line)
    kinds = [each["kind"] for each in told(line.amber, name)["acts"]]
    assert not {"answer", "consider", "cannot comply"} & set(kinds)
    for kind in ("answer", "consider", "cannot comply"):
        assert line.act(line.amber, name, kind, text="no").status_code >= 400


def test_a_unit_is_read_changed_and_sent_back_whole(line: Line) -> None:
    unit = listed(line)
    record = got(line.amber, f"/units/{unit}")
    assert record["now"]["is_on_duty"] is True
    record["means"].append({"kind": "runner", "address": "the gate"})
    changed = put(line.amber, f"/units/{unit}", record, **FIRST)
    assert (changed["version"], len(changed["means"])) == (2, 3)
    page = got(line.amber, "/units")
    assert [each["name"] for each in page["items"]] == ["TOWER"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"means": []}, "means"),
        ({"codes": ["M99x"]}, "codes"),
        ({"duty": [{"start": "25:00", "end": "06:00"}]}, "duty"),
        ({"told_by": "Colonel Smith"}, "role"),
        ({"strength": 12}, "strength"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_at_its_place(
    line: Line, changes: dict[str, Any], place: str
) -> None:
    document = {**unit_document(own_unit()), **changes}
    reply = line.amber.put(f"/api/v1/units/{own_unit().id}", json=document, headers=NEW)
    assert reply.status_code in (400, 403), reply.text
    assert place in reply.json()["detail"]


def test_a_relay_is_decided_yes_or_no_and_says_so_until_then(line: Line) -> None:
    name = notified(line)
    assert got(line.amber, f"/messages/{name}/relay")["is_relayed"] is None
    no = put(line.amber, f"/messages/{name}/relay", {"relay": False, "role": "duty officer"})
    assert (no["is_relayed"], no["to"]) == (False, [])
    body = {"relay": True, "role": "duty officer"}
    reply = line.amber.put(f"/api/v1/messages/{name}/relay", json=body)
    assert reply.json()["code"] == "state-forbids"  # AMBER has no allies in this agreement


def test_movements_are_read_from_an_email_and_nothing_is_kept(line: Line) -> None:
    text = movement_mail(convoy(line.pair.blue.clock.at), Mode.EXERCISE)
    content = text.replace("MOVEMENT\n", "MOVEMENT\nHello\n").encode()
    reply = line.blue.post("/api/v1/movement-readings?format=mail", content=content)
    read = reply.json()
    assert [each["text"] for each in read["unread"]] == ["not read: Hello"]
    assert got(line.blue, "/movements")["total"] == 0
    (movement,) = read["movements"]
    kept = put(line.blue, f"/movements/{movement['id']}", movement, 201, **NEW)
    assert (kept["source"], kept["source_text"]) == ("e-mail", content.decode())
    table = line.blue.get(f"/api/v1/movements/{movement['id']}/table")
    again = line.blue.post("/api/v1/movement-readings?format=csv", content=table.content)
    assert [each["id"] for each in again.json()["movements"]] == [movement["id"]]


def test_a_warning_goes_back_to_the_movement_and_is_on_record(line: Line) -> None:
    name = notified(line)
    body = {"words": "the bridge is down", "role": "duty officer"}
    warning = put(line.amber, f"/messages/{name}/warnings/{an_id('w')}", body)
    assert warning["is_due"] is True
    step: dict[str, Any] = {"role": "duty officer"}
    put(line.amber, f"/warnings/{warning['id']}/steps/{an_id('over the line')}", step)
    line.pair.carry()
    (here,) = got(line.blue, "/warnings")["items"]
    assert "the bridge is down" in here["words"]
    step = {"role": "movement officer", "means": "radio", "reached": True, "words": "we stop"}
    passed = put(line.blue, f"/warnings/{here['id']}/steps/{an_id('passed')}", step)
    assert (passed["is_due"], passed["steps"][0]["words"]) == (False, "we stop")


def test_no_list_shows_where_sites_are_and_each_look_is_on_record(line: Line) -> None:
    site = hospital(line.pair.blue.clock.at)
    put(line.blue, f"/sites/{site.id}", sent(site_document(site)), 201, **NEW)
    page = line.blue.get("/api/v1/sites")
    assert "35.2" not in page.text
    assert "latitude" not in page.text
    one = line.blue.get(f"/api/v1/sites/{site.id}", headers=ACTOR).json()
    assert one["point"] == {"latitude_deg": 35.2, "longitude_deg": 36.1}
    assert line.pair.blue.kinds().count("site viewed") == 1
    put(line.blue, f"/sites/{site.id}/releases/{an_id('m15')}", RELEASE)
    line.pair.carry()
    (theirs,) = got(line.amber, "/sites")["items"]
    assert (theirs["party"], theirs["recipients"]) == ("BLUE", [])


def test_an_export_of_sites_comes_with_its_mark_to_two_people_alone(line: Line) -> None:
    site = hospital(line.pair.blue.clock.at)
    put(line.blue, f"/sites/{site.id}", sent(site_document(site)), 201, **NEW)
    body = {
        "recipient": "AMBER",
        "role": "movement officer",
        "second": "second",
        "reason": "weekly list",
    }
    path = f"/api/v1/site-exports/{an_id('export')}"
    reply = line.blue.put(path, json=body, headers=ACTOR)
    assert reply.status_code == 200, reply.text
    assert reply.headers["keepclear-mark"] in reply.text
    alone = line.blue.put(path, json={**body, "second": "first"}, headers=ACTOR)
    assert alone.status_code == 403


def test_the_warning_and_the_units_stand_among_the_alarms(line: Line) -> None:
    listed(line)
    notified(line)
    line.pair.turn(hours=3, minutes=40)
    blue, amber = (got(http, "/alarms")["items"] for http in (line.blue, line.amber))
    assert [each["level"] for each in blue if each["about"]["subject"] == "warning"] == ["warning"]
    (units,) = [each for each in amber if each["about"]["subject"] == "telling"]
    assert units["level"] == "warning"
    assert "TOWER" in units["what"]
