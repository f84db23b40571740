"""Levels, questions, answers of others and views over HTTP."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.asking import BEARER, ORIGIN, PORT, TOKEN, Asked, InProcess, Seconds
from keepclear.api.application import node_application
from keepclear.api.auth import Access
from line_pair import LINE, Side
from unit.services.disclosing.answering_pair import BLUE, NEAR, Asking, an_id, asking_nodes

NEW = {"if-none-match": "*"}


class People:
    """Two nodes whose people ask over HTTP."""

    def __init__(self, asking: Asking) -> None:
        self.asking = asking
        self.blue = client(asking.blue)
        self.amber = client(asking.amber)


def client(side: Side) -> httpx.Client:
    access = Access(TOKEN, side.node.entropy, Seconds())
    transport = InProcess(node_application(side.node, access, port=PORT))
    return httpx.Client(base_url=ORIGIN, transport=transport, headers=BEARER)


@pytest.fixture
def people(tmp_path: Path) -> Any:
    with asking_nodes(tmp_path) as asking:
        asking.file(asking.blue, BLUE)
        asking.file(asking.amber, NEAR)
        made = People(asking)
        yield made
        made.blue.close()
        made.amber.close()


def test_a_question_its_answer_and_who_saw_it(people: People) -> None:
    path = f"/api/v1/operations/{BLUE.id}/questions/{an_id('q')}"
    asked = people.blue.put(path, json={"line": LINE, "suggests": True})
    assert asked.status_code == 200, asked.text
    assert asked.json()["answer"] is None
    people.asking.pair.carry()

    told = people.blue.get(f"/api/v1/operations/{BLUE.id}/peer-answers").json()
    (item,) = told["items"]
    assert (item["standing"], item["counts_as"], told["overall"]) == (
        "current",
        "conflict",
        "conflict",
    )
    assert "discloses" in item["discloses"]
    (conflict,) = item["question"]["answer"]["conflicts"]
    assert item["question"]["answer"]["amounts"]

    theirs = people.amber.get("/api/v1/questions", params={"asker": "BLUE"}).json()
    (there,) = theirs["items"]
    assert there["answer"]["conflicts"] == [conflict]
    views = people.amber.get(f"/api/v1/operations/{NEAR.id}/views").json()
    assert [(v["party"], v["level"], v["conflict"]) for v in views["items"]] == [
        ("BLUE", "L1", conflict["id"])
    ]
    budget = people.amber.get(f"/api/v1/lines/{LINE}/disclosure").json()["their_budget"]
    assert budget["left"] == 37.0


def test_a_release_is_given_shown_and_taken_back(people: People) -> None:
    path = f"/api/v1/operations/{NEAR.id}/releases"
    (before,) = people.amber.get(path).json()["items"]
    assert (before["party"], before["level"], before["version"]) == ("BLUE", "L1", 0)
    body = {"level": "L3", "role": "planner"}
    given = people.amber.put(f"{path}/BLUE", json=body, headers=NEW)
    assert (given.status_code, given.json()["trouble"]) == (201, "")
    people.asking.pair.carry()
    there = people.blue.get(f"/api/v1/operations/{NEAR.id}").json()
    assert there["designator"] == "A-1"
    back = people.amber.put(
        f"{path}/BLUE", json={"act": "withdraw", "role": "planner"}, headers={"if-match": '"1"'}
    )
    assert back.json()["release"]["ended_by"] == "planner"
    (after,) = people.amber.get(path).json()["items"]
    assert (after["level"], after["told_version"]) == ("L1", 1)
    assert people.blue.get(path).status_code in (403, 404, 409)


def test_l2_that_is_looked_at_is_logged_here_too(people: People) -> None:
    path = f"/api/v1/operations/{NEAR.id}/releases/BLUE"
    people.amber.put(path, json={"level": "L2", "role": "planner"}, headers=NEW)
    ask = f"/api/v1/operations/{BLUE.id}/questions/{an_id('q')}"
    people.blue.put(ask, json={"line": LINE})
    people.asking.pair.carry()
    for _ in range(2):
        people.blue.get(f"/api/v1/operations/{BLUE.id}/peer-answers")
    views = people.blue.get(f"/api/v1/operations/{BLUE.id}/views").json()
    (seen,) = views["items"]
    assert (seen["party"], seen["level"]) == ("BLUE", "L2")
    assert seen["what"] == "looked at what AMBER told at L2"


def test_presence_and_settings_of_a_line(people: People) -> None:
    path = f"/api/v1/lines/{LINE}/disclosure"
    before = people.amber.get(path).json()
    assert (before["version"], before["asks_on_filing"]) == (0, True)
    off = {"asks_on_filing": False, "tells_presence": False}
    assert people.amber.put(path, json=off, headers=NEW).status_code == 201
    assert people.amber.put(path, json=off, headers=NEW).status_code == 201
    told = people.amber.put(f"/api/v1/lines/{LINE}/presence/{uuid.uuid5(uuid.NAMESPACE_OID, 'p')}")
    assert told.json()["notices"] == {"all": "1"}
    people.asking.pair.carry()
    there = people.blue.get("/api/v1/presence").json()["items"]
    assert [each["party"] for each in there] == ["AMBER"]


def test_what_is_not_there_is_said(asked: Asked) -> None:
    nothing = an_id("nothing")
    for path in ("releases", "views", "peer-answers"):
        assert asked.http.get(f"/api/v1/operations/{nothing}/{path}").status_code == 404
    assert asked.http.get("/api/v1/lines/A-B/disclosure").status_code == 404
    assert asked.http.get("/api/v1/questions").json()["total"] == 0
