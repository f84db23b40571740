"""Operations are filed, changed, ended and found over HTTP, and nobody's change is lost."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from api.asking import BEARER, Asked, asked_node, typed, walked
from keepclear.model.node import NodeKind
from samples import NOON, agreement, operation, window

PLAN = operation("B-1")
PATH = f"/api/v1/operations/{PLAN.id}"
NEW = {"if-none-match": "*"}
NOBODY = str(uuid.uuid5(uuid.NAMESPACE_URL, "none"))


def changed(**fields: Any) -> dict[str, Any]:
    return {**typed(PLAN), **fields}


def test_a_plan_is_filed_and_answered(asked: Asked) -> None:
    response = asked.http.put(PATH, json=typed(PLAN), headers=NEW)
    assert response.status_code == 201
    assert response.headers["etag"] == '"1"'
    filed = response.json()
    assert filed["operation"]["id"] == PLAN.id
    assert filed["operation"]["party"] == "BLUE"
    assert filed["operation"]["state"] == "planned"
    assert filed["operation"]["received_at"] == "2026-03-14T06:00:00Z"
    assert filed["answer"]["verdict"] == "cannot say"
    assert asked.http.get(PATH).json() == filed["operation"]
    assert asked.http.get(PATH).headers["etag"] == '"1"'


def test_a_plan_in_conflict_is_filed_all_the_same(asked: Asked) -> None:
    asked.running.take(operation("A-1", party="AMBER"))
    answer = asked.file(PLAN)["answer"]
    assert answer["verdict"] == "conflict"
    assert answer["conflicts_total"] == 1
    assert answer["conflicts"][0]["theirs"]["designator"] == "A-1"
    assert asked.http.get(f"{PATH}/answer").json()["answer"]["verdict"] == "conflict"


def test_the_same_filing_again_changes_nothing(asked: Asked) -> None:
    first = asked.file(PLAN)
    for headers in ({}, NEW, {"if-match": '"1"'}):
        again = asked.http.put(PATH, json=typed(PLAN), headers=headers)
        assert again.status_code == 200
        assert again.json()["operation"] == first["operation"]
    assert asked.http.get("/api/v1/ledger").json()["size"] == 3


def test_two_people_cannot_overwrite_each_other_unseen(asked: Asked) -> None:
    asked.file(PLAN)
    seen = {"if-match": asked.http.get(PATH).headers["etag"]}
    one = asked.http.put(PATH, json=changed(contact="131.000"), headers=seen)
    other = asked.http.put(PATH, json=changed(contact="132.000"), headers=seen)
    assert one.status_code == 200
    assert one.headers["etag"] == '"2"'
    assert other.status_code == 412
    assert other.json()["code"] == "version-mismatch"
    assert asked.http.get(PATH).json()["contact"] == "131.000"


def test_a_change_says_what_it_changes(asked: Asked) -> None:
    assert asked.http.put(PATH, json=typed(PLAN)).status_code == 428
    asked.file(PLAN)
    unsaid = asked.http.put(PATH, json=changed(contact="131.000"))
    assert unsaid.status_code == 428
    assert "If-Match" in unsaid.json()["remedy"]
    new = asked.http.put(PATH, json=changed(contact="131.000"), headers=NEW)
    assert new.status_code == 412


def test_what_was_read_can_be_sent_back(asked: Asked) -> None:
    document = asked.file(PLAN)["operation"]
    document["contact"] = "131.000"
    response = asked.http.put(PATH, json=document, headers={"if-match": '"1"'})
    assert response.status_code == 200
    assert response.json()["operation"]["version"] == 2


def test_a_capital_letter_in_the_path_is_the_same_operation(asked: Asked) -> None:
    asked.file(PLAN)
    upper = f"/api/v1/operations/{PLAN.id.upper()}"
    assert asked.http.get(upper).json()["id"] == PLAN.id


@pytest.mark.parametrize(
    ("fields", "status", "place"),
    [
        ({"volumes": []}, 400, "volumes"),
        ({"class": "flying"}, 400, "class"),
        ({"party": "AMBER"}, 403, ""),
        ({"mode": "REAL"}, 409, ""),
        ({"colour": "red"}, 400, ""),
        ({"designator": ""}, 400, "designator"),
    ],
)
def test_what_cannot_be_filed_is_said_with_its_place(
    shared_node: Asked, fields: dict[str, Any], status: int, place: str
) -> None:
    response = shared_node.http.put(PATH, json=changed(**fields), headers=NEW)
    problem = response.json()
    assert response.status_code == status, problem
    assert problem.get("place", "").startswith(place)
    assert problem["remedy"]
    assert shared_node.http.get(PATH).status_code == 404


def test_a_document_under_another_id_is_refused(shared_node: Asked) -> None:
    response = shared_node.http.put(PATH, json=changed(id=NOBODY), headers=NEW)
    assert response.status_code == 400


def test_an_operation_goes_from_state_to_state(asked: Asked) -> None:
    asked.file(PLAN)
    active = asked.http.put(f"{PATH}/state", json={"state": "active"}, headers={"if-match": '"1"'})
    assert active.status_code == 200, active.text
    assert active.json()["operation"]["state"] == "active"
    ended = asked.http.put(
        f"{PATH}/state",
        json={"state": "ended", "reason": "completed", "text": "landed"},
        headers={"if-match": '"2"'},
    )
    assert ended.json()["operation"]["end_reason"] == "completed"
    assert ended.json()["answer"] is None
    back = asked.http.put(f"{PATH}/state", json={"state": "planned"}, headers={"if-match": '"3"'})
    assert back.status_code == 409
    assert back.json()["code"] == "state-forbids"
    kinds = [entry["kind"] for entry in walked(asked.http, f"{PATH}/history", limit=1)]
    assert kinds == ["operation filed", "operation activated", "operation ended"]


def test_a_state_may_come_with_where_it_is_now(asked: Asked) -> None:
    asked.file(PLAN)
    moved = typed(operation("X", at=window(30.0)))["volumes"]
    response = asked.http.put(
        f"{PATH}/state",
        json={"state": "nonconforming", "volumes": moved},
        headers={"if-match": '"1"'},
    )
    assert response.json()["operation"]["volumes"] == moved


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ({"state": "active"}, {}, 428),
        ({"state": "active"}, {"if-match": '"7"'}, 412),
        ({"state": "active"}, NEW, 400),
        ({"state": "landed"}, {"if-match": '"1"'}, 400),
        ({}, {"if-match": '"1"'}, 400),
        ({"state": "active", "volumes": [{}]}, {"if-match": '"1"'}, 400),
    ],
)
def test_a_state_is_changed_as_strictly_as_a_plan(
    asked: Asked, body: dict[str, Any], headers: dict[str, str], status: int
) -> None:
    asked.file(PLAN)
    assert asked.http.put(f"{PATH}/state", json=body, headers=headers).status_code == status


def test_what_the_node_never_held_is_not_found(shared_node: Asked) -> None:
    gone = f"/api/v1/operations/{NOBODY}"
    for path in (gone, f"{gone}/history", f"{gone}/answer"):
        assert shared_node.http.get(path).status_code == 404
    state = shared_node.http.put(
        f"{gone}/state", json={"state": "active"}, headers={"if-match": '"1"'}
    )
    assert state.status_code == 404


def test_a_check_stores_nothing(asked: Asked) -> None:
    asked.running.take(operation("A-1", party="AMBER"))
    before = asked.http.get("/api/v1/node").json()["change"]
    response = asked.http.post("/api/v1/checks", json=typed(PLAN))
    assert response.json()["answer"]["verdict"] == "conflict"
    assert response.json()["answer"]["suggestions"] == []
    assert asked.http.get("/api/v1/node").json()["change"] == before
    assert asked.http.get(PATH).status_code == 404


def test_a_check_of_a_stored_operation_leaves_its_stored_version_out(asked: Asked) -> None:
    asked.file(PLAN)
    alone = asked.http.post("/api/v1/checks", json={**typed(PLAN), "id": PLAN.id})
    beside = asked.http.post("/api/v1/checks", json=typed(PLAN))
    assert alone.json()["answer"]["conflicts"] == []
    assert beside.json()["answer"]["conflicts"] != []


def test_suggestions_come_when_they_are_asked_for(asked: Asked) -> None:
    asked.running.take(operation("A-1", party="AMBER"))
    response = asked.http.post("/api/v1/checks?suggest=true", json=typed(PLAN))
    assert {each["kind"] for each in response.json()["answer"]["suggestions"]} <= {
        "time",
        "altitude",
        "lateral",
    }
    assert response.json()["answer"]["suggestions"]


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"{", b"\xff", b"[" * 99_999])
def test_a_check_of_nonsense_is_refused_in_plain_words(shared_node: Asked, body: bytes) -> None:
    response = shared_node.http.post(
        "/api/v1/checks", content=body, headers={"content-type": "application/json"}
    )
    assert response.status_code == 400
    assert response.json()["detail"]


def test_an_unsound_shape_is_refused_by_a_check_as_by_a_filing(shared_node: Asked) -> None:
    corners = [(35.0, 36.0), (35.1, 36.1), (35.1, 36.0), (35.0, 36.1)]
    ring = [{"latitude_deg": y, "longitude_deg": x} for y, x in corners]
    document = typed(PLAN)
    document["volumes"][0]["footprint"] = {"kind": "polygon", "rings": [ring]}
    check = shared_node.http.post("/api/v1/checks", json=document)
    filing = shared_node.http.put(PATH, json=document, headers=NEW)
    assert check.status_code == filing.status_code == 400


def test_a_walk_over_the_pages_sees_everything_once(asked: Asked) -> None:
    filed = {asked.file(operation(f"B-{n}", at=window(n)))["operation"]["id"] for n in range(25)}
    for limit in (1, 7, 25, 500):
        seen = [each["id"] for each in walked(asked.http, "/api/v1/operations", limit=limit)]
        assert len(seen) == len(set(seen)) == 25
        assert set(seen) == filed
    seen = [each["operation"]["id"] for each in walked(asked.http, "/api/v1/answers", limit=7)]
    assert sorted(seen) == sorted(filed)


def test_operations_are_found_by_what_is_known_of_them(asked: Asked) -> None:
    asked.file(operation("B-1", at=window(0)))
    asked.file(operation("B-2", at=window(600)))
    asked.running.take(operation("A-1", party="AMBER", contact="tower"))
    asked.http.put(f"{PATH}/state", json={"state": "active"}, headers={"if-match": '"1"'})

    def found(**parameters: object) -> set[str]:
        page = asked.http.get("/api/v1/operations", params=parameters).json()  # type: ignore[arg-type]
        return {each["designator"] for each in page["items"]}

    later = NOON + timedelta(hours=8)
    assert found() == {"B-1", "B-2", "A-1"}
    assert found(party="AMBER") == {"A-1"}
    assert found(state=["active", "ended"]) == {"B-1"}
    assert found(state="live") == {"B-1", "B-2", "A-1"}
    assert found(text="TOWER") == {"A-1"}
    assert found(**{"class": "unmanned"}) == set()
    assert found(**{"from": later.isoformat()}) == {"B-2"}
    assert found(to="2026-03-14T12:30:00Z") == {"B-1", "A-1"}
    assert found(**{"from": "141200ZMAR26", "to": "141200ZMAR26"}) == {"B-1", "A-1"}


@pytest.mark.parametrize(
    "query",
    ["from=yesterday", "to=2026-03-14", "from=2026-03-14T12:00Z&to=2026-03-14T11:00Z", "cursor=x"],
)
def test_a_question_that_cannot_be_read_is_refused(shared_node: Asked, query: str) -> None:
    assert shared_node.http.get(f"/api/v1/operations?{query}").status_code == 400


def test_the_answers_that_need_a_person_come_first(asked: Asked) -> None:
    asked.file(operation("B-2", at=window(600)))
    asked.running.take(operation("A-1", party="AMBER"))
    asked.file(PLAN)
    page = asked.http.get("/api/v1/answers").json()
    assert [each["operation"]["designator"] for each in page["items"]] == ["B-1", "B-2"]
    assert page["counts"]["conflict"] == 1
    assert page["total"] == sum(page["counts"].values()) == 2
    assert page["change"] == asked.http.get("/api/v1/node").json()["change"]


def test_a_line_terminal_takes_nothing_typed(tmp_path: Any) -> None:
    with asked_node(tmp_path, kind=NodeKind.TERMINAL) as asked:
        response = asked.http.put(PATH, json=typed(PLAN), headers=NEW)
        assert response.status_code == 409
        assert response.json()["code"] == "state-forbids"


def test_without_an_agreement_nothing_is_promised(tmp_path: Any) -> None:
    with asked_node(tmp_path, agreed=False) as asked:
        assert asked.file(PLAN)["answer"]["verdict"] == "cannot say"
        assert asked.http.get("/api/v1/node").json()["agreements"] == []
        asked.running.agree(agreement())
        assert asked.http.get("/api/v1/node").json()["agreements"][0]["in_force"] is True


def test_the_token_alone_is_enough_for_a_program(asked: Asked) -> None:
    response = asked.stranger.put(PATH, json=typed(PLAN), headers={**NEW, **BEARER})
    assert response.status_code == 201


def test_a_program_says_for_whom_it_files(asked: Asked) -> None:
    who = {"keepclear-actor": "Ren%C3%A9e, planner"}
    answer = asked.http.put(PATH, json=typed(PLAN), headers={**NEW, **who})
    assert answer.status_code == 201
    history = asked.http.get(f"{PATH}/history").json()
    assert history["items"][0]["payload"]["actor"] == "Ren\u00e9e, planner"


@pytest.mark.parametrize("actor", ["a%0Ab", "%FF", "x" * 101])
def test_what_is_no_name_is_refused(shared_node: Asked, actor: str) -> None:
    answer = shared_node.http.get("/api/v1/node", headers={"keepclear-actor": actor})
    assert answer.status_code == 400
    assert "Keepclear-Actor" in answer.json()["detail"]
