"""Lines over HTTP: their state, checks, declarations, restoration and history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.asking import BEARER, ORIGIN, PORT, TOKEN, InProcess, Seconds
from keepclear.api.application import node_application
from keepclear.api.auth import Access
from line_pair import LINE, Pair, Side, paired_nodes

A_CHECK = "11111111-1111-4111-8111-111111111111"
AN_ID = "22222222-2222-4222-8222-222222222222"
ACTOR = {"keepclear-actor": "First Person"}
NEW = {"if-none-match": "*"}


@dataclass
class Asked:
    """Two nodes, and a client for each."""

    pair: Pair
    blue: httpx.Client
    amber: httpx.Client


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    with ExitStack() as stack:
        pair = stack.enter_context(paired_nodes(tmp_path))
        pair.look()
        yield Asked(pair, client(stack, pair.blue), client(stack, pair.amber))


def client(stack: ExitStack, side: Side) -> httpx.Client:
    access = Access(TOKEN, side.node.entropy, Seconds())
    application = node_application(side.node, access, port=PORT)
    stack.callback(application.close)
    return stack.enter_context(
        httpx.Client(
            base_url=f"{ORIGIN}/api/v1",
            transport=InProcess(application),
            headers={**BEARER, **ACTOR},
        )
    )


def line_of(http: httpx.Client) -> Any:
    response = http.get(f"/lines/{LINE}")
    assert response.status_code == 200, response.text
    return response.json()


def test_a_line_shows_what_is_declared_beside_what_is_observed(asked: Asked) -> None:
    line = line_of(asked.blue)
    assert (line["party"], line["state"], line["mode"]) == ("AMBER", "up", "EXERCISE")
    assert line["declared"] == {"us": "open", "them": "open"}
    network = line["channels"][0]
    assert (network["id"], network["order"], network["observed"]) == (
        "network",
        "primary",
        "answering",
    )
    assert network["next_check_at"] == line["next_check_due"] == "2026-03-14T13:00:00Z"
    assert line["last_check"]["result"] == "answered"
    assert (line["caution_factor"], line["lapse"], line["restoration"]) == (1.0, None, None)
    assert line["acts"] == ["suspend", "change channel", "close"]


def test_the_list_holds_every_line(asked: Asked) -> None:
    page = asked.blue.get("/lines").json()
    assert (page["total"], page["next"]) == (1, None)
    assert page["items"] == [line_of(asked.blue)]


def test_an_unknown_line_is_not_found(asked: Asked) -> None:
    for path in ("/lines/BLUE-GREY", "/lines/BLUE-GREY/checks", "/lines/BLUE-GREY/history"):
        assert asked.blue.get(path).status_code == 404


def test_a_check_is_made_by_machine_and_answered(asked: Asked) -> None:
    made = asked.blue.put(f"/lines/{LINE}/checks/{A_CHECK}", json={}, headers=NEW)
    assert (made.status_code, made.json()["result"]) == (201, "waiting")
    asked.pair.carry()
    one = asked.blue.get(f"/lines/{LINE}/checks/{A_CHECK}")
    assert one.json()["result"] == "answered"
    assert one.headers["etag"] == '"2"'
    checks = asked.blue.get(f"/lines/{LINE}/checks").json()
    assert A_CHECK in [each["id"] for each in checks["items"]]


def test_a_check_by_telephone_is_entered_with_its_result(asked: Asked) -> None:
    said = {"channel": "telephone", "result": "answered", "reader_role": "duty officer"}
    made = asked.blue.put(f"/lines/{LINE}/checks/{A_CHECK}", json=said, headers=NEW)
    assert made.status_code == 201, made.text
    again = asked.blue.put(f"/lines/{LINE}/checks/{A_CHECK}", json=said, headers=NEW)
    assert again.status_code == 200
    telephone = next(c for c in line_of(asked.blue)["channels"] if c["id"] == "telephone")
    assert telephone["observed"] == "answering"


def test_a_correction_of_a_check_names_the_version_it_changes(asked: Asked) -> None:
    path = f"/lines/{LINE}/checks/{A_CHECK}"
    said = {"channel": "radio", "result": "not answered"}
    assert asked.blue.put(path, json=said, headers=NEW).json()["cause"] == "unknown"
    better = {**said, "cause": "technical"}
    assert asked.blue.put(path, json=better).status_code == 428
    assert asked.blue.put(path, json=better, headers={"if-match": '"9"'}).status_code == 412
    done = asked.blue.put(path, json=better, headers={"if-match": '"1"'})
    assert (done.status_code, done.json()["cause"]) == (200, "technical")


@pytest.mark.parametrize(
    "said",
    [
        {"channel": "smoke"},
        {"channel": "telephone"},
        {"result": "answered"},
        {"channel": "radio", "result": "waiting"},
        {"channel": "radio", "result": "not answered", "cause": "answered"},
        {"unknown": 1},
        [],
    ],
)
def test_a_check_that_cannot_be_is_refused_with_a_remedy(asked: Asked, said: object) -> None:
    refused = asked.blue.put(f"/lines/{LINE}/checks/{A_CHECK}", json=said, headers=NEW)
    assert refused.status_code == 400, refused.text
    assert refused.json()["remedy"]


def test_a_suspension_needs_a_second_person_and_reaches_the_other_side(asked: Asked) -> None:
    path = f"/lines/{LINE}/declaration"
    said = {"id": AN_ID, "act": "suspend", "scope": "air", "residue": "FLASH and IMMEDIATE"}
    assert asked.amber.put(path, json=said).json()["code"] == "not-permitted"
    told = asked.amber.put(path, json={**said, "second": "Second Person"})
    assert told.status_code == 200, told.text
    assert told.json()["declaration"]["party"] == "AMBER"
    assert told.json()["line"]["state"] == "suspended"
    asked.pair.carry()
    line = line_of(asked.blue)
    assert (line["state"], line["scope"], line["takes_flash"]) == ("suspended", "air", True)
    assert line["declared"] == {"us": "open", "them": "suspended"}
    assert line["channels"][0]["observed"] == "answering"
    assert line["caution_factor"] == 1.5


def test_a_suspended_line_is_restored_step_by_step(asked: Asked) -> None:
    said = {"act": "suspend", "second": "Second Person"}
    asked.amber.put(f"/lines/{LINE}/declaration", json=said)
    asked.pair.carry()
    asked.pair.turn(minutes=1)
    path = f"/lines/{LINE}/restoration"
    early = asked.blue.put(path, json={"act": "confirm"})
    assert (early.status_code, early.json()["code"]) == (409, "state-forbids")
    for act in ("offer", "test", "verify", "list", "confirm"):
        for http in (asked.blue, asked.amber):
            told = http.put(path, json={"act": act})
            assert told.status_code == 200, told.text
            asked.pair.carry()
    assert (line_of(asked.blue)["state"], line_of(asked.amber)["state"]) == ("up", "up")


def test_a_restoration_under_way_shows_both_sides_proofs(asked: Asked) -> None:
    asked.pair.cut = True
    asked.pair.turn(days=2)
    asked.pair.cut = False
    path = f"/lines/{LINE}/restoration"
    asked.blue.put(path, json={"act": "offer"})
    asked.blue.put(path, json={"act": "list"})
    asked.pair.carry()
    restoration = line_of(asked.amber)["restoration"]
    assert (restoration["ours"], restoration["theirs"]) == ([], ["offer", "list"])
    assert line_of(asked.amber)["restoration_steps"] == ["offer"]
    asked.amber.put(path, json={"act": "offer"})
    asked.amber.put(path, json={"act": "list"})
    gap = line_of(asked.amber)["restoration"]["gap"]
    assert gap["unheard"] == 0
    ended = asked.amber.put(path, json={"act": "break off", "reason": "not yet"})
    assert (ended.json()["state"], ended.json()["restoration"]) == ("lapsed", None)


def test_an_unknown_step_is_refused(asked: Asked) -> None:
    refused = asked.blue.put(f"/lines/{LINE}/restoration", json={"act": "forget"})
    assert refused.status_code == 400


def test_both_datings_of_the_last_contact_are_told(asked: Asked) -> None:
    asked.pair.cut = True
    asked.pair.turn(days=2)
    common = {"kind": "call", "level": "minister", "channel": "telephone"}
    august = {**common, "at": {"text": "August 2014"}, "side": "press", "source": "agency"}
    year = {
        "text": "more than a year",
        "earliest": "2000-01-01T00:00:00Z",
        "latest": "2014-07-01T00:00:00Z",
    }
    other = {**common, "at": year, "side": "other", "source": "ministry"}
    for name, said in ((A_CHECK, august), (AN_ID, other)):
        path = f"/lines/{LINE}/contacts/{name}"
        made = asked.blue.put(path, json=said, headers=NEW)
        assert made.status_code == 201, made.text
        assert asked.blue.put(path, json=made.json(), headers=NEW).status_code == 200
    history = asked.blue.get(f"/lines/{LINE}/history").json()
    assert (history["total"], history["differ"]) == (2, True)
    assert [each["source"] for each in history["datings"]] == ["agency", "ministry"]
    lapse = line_of(asked.blue)["lapse"]
    assert [each["text"] for each in lapse["datings"]] == ["August 2014", "more than a year"]


def test_cautions_of_an_operation_are_empty_while_lines_can_be_relied_on(asked: Asked) -> None:
    from keepclear.services.expected import NEW as NOT_YET
    from keepclear.services.filing import file_operation
    from samples import operation

    filed = file_operation(asked.pair.blue.node, operation("B-1"), expected=NOT_YET)
    found = asked.blue.get(f"/operations/{filed.stored.operation.id}/cautions")
    assert found.json() == {
        "operation": filed.stored.operation.id,
        "widened": [],
        "total": 0,
        "items": [],
    }
    assert asked.blue.get(f"/operations/{A_CHECK}/cautions").status_code == 404


def test_who_comes_inside_a_widened_buffer_is_told_as_a_caution(asked: Asked) -> None:
    from samples import NM, circle, operation
    from unit.services.line.test_cautioning import apart, take

    asked.pair.cut = True
    asked.pair.turn(days=2)
    at = operation("x").window.shifted(2 * 86_400.0)
    ours = take(asked.pair.blue, operation("B-1", at=at))
    near = circle(35.0 + apart(4 * NM))
    take(asked.pair.blue, operation("A-1", near, at=at, party="AMBER"))
    found = asked.blue.get(f"/operations/{ours.id}/cautions").json()
    assert found["widened"] == [{"party": "AMBER", "factor": 1.5}]
    (caution,) = found["items"]
    assert (caution["theirs"]["designator"], caution["state"]) == ("A-1", "lapsed")
    assert caution["lateral_m"] < caution["lateral_minimum_m"] == 8_334
