"""Who is on watch, and the log that a watch keeps."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from api.asking import Asked, walked

NEW = {"if-none-match": "*"}
SHIFT: dict[str, Any] = {
    "since": "2026-03-14T06:00:00Z",
    "next_handover": "2026-03-14T14:00:00Z",
    "roles": [
        {"role": "duty officer", "languages": ["en"], "alternates": ["senior watch officer"]},
        {"role": "interpreter", "languages": ["en", "ru"], "certified_linguist": True},
    ],
    "taken_over_by": "duty officer",
}
NOTE: dict[str, Any] = {"role": "duty officer", "text": "Morning call came ten minutes late."}


def an_id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def noted(asked: Asked, name: str, **changes: Any) -> Any:
    reply = asked.http.put(f"/api/v1/watch-log/{an_id(name)}", json={**NOTE, **changes})
    assert reply.status_code == 201, reply.text
    return reply.json()


def test_before_anybody_takes_it_the_watch_is_empty(asked: Asked) -> None:
    told = asked.http.get("/api/v1/watch").json()
    assert (told["ours"], told["theirs"]) == (None, [])


def test_the_watch_is_taken_and_handed_over_as_versions(asked: Asked) -> None:
    first = asked.http.put("/api/v1/watch", json=SHIFT, headers=NEW)
    assert first.status_code == 201, first.text
    assert first.json()["now"]["has_linguist"] is True
    assert first.json()["now"]["spoken"] == ["en", "ru"]
    assert first.json()["now"]["remaining_s"] == 8 * 3_600
    asked.running.clock.turn(hours=9)
    late = asked.http.get("/api/v1/watch").json()
    assert late["ours"]["now"]["is_overdue"] is True
    assert [each["why"] for each in late["handover"]["waiting"]] == ["handover due"]
    next_one = {
        **SHIFT,
        "since": "2026-03-14T14:05:00Z",
        "next_handover": "2026-03-14T22:00:00Z",
        "handed_over_by": "duty officer",
        "taken_over_by": "senior watch officer",
    }
    second = asked.http.put("/api/v1/watch", json=next_one, headers={"if-match": '"1"'})
    assert second.status_code == 200, second.text
    assert second.json()["version"] == 2
    back = asked.http.put("/api/v1/watch", json=second.json(), headers={"if-match": '"2"'})
    assert back.json() == second.json()
    with asked.running.node.store.view() as view:
        kinds = [each.kind for each in view.entries() if each.kind.startswith("watch")]
    assert kinds == ["watch begun", "watch begun"]


@pytest.mark.parametrize(
    "changed",
    [
        {"party": "AMBER"},
        {"since": "2026-03-15T06:00:00Z", "next_handover": None},
        {"roles": []},
        {"roles": [{"role": "Interpreter"}, {"role": "interpreter"}]},
        {"next_handover": "2026-03-14T05:00:00Z"},
        {"message": an_id("message")},
    ],
)
def test_a_watch_that_cannot_be_is_refused(shared_node: Asked, changed: dict[str, Any]) -> None:
    reply = shared_node.http.put("/api/v1/watch", json={**SHIFT, **changed}, headers=NEW)
    assert reply.status_code in {400, 403}, reply.text


def test_a_note_is_corrected_by_another_and_both_stay(asked: Asked) -> None:
    first = noted(asked, "first")
    assert first["at"] == "2026-03-14T06:00:00Z"
    url = f"/api/v1/watch-log/{an_id('first')}"
    again = asked.http.put(url, json=NOTE)
    assert (again.status_code, again.json()) == (200, first)
    refused = asked.http.put(url, json={**NOTE, "text": "It came in time."})
    assert (refused.status_code, refused.json()["code"]) == (409, "state-forbids")
    asked.running.clock.turn(minutes=5)
    noted(asked, "second", text="It came twelve minutes late.", corrects=an_id("first"))
    listed = walked(asked.http, "/api/v1/watch-log")
    assert [each["id"] for each in listed] == [an_id("second"), an_id("first")]
    assert listed[1]["now"]["corrected_by"] == [an_id("second")]
    assert listed[1]["text"] == NOTE["text"]
    assert asked.http.get(url).json()["now"]["corrected_by"] == [an_id("second")]


def test_the_log_is_searched_without_regard_to_capitals(asked: Asked) -> None:
    noted(asked, "one", text="Связь восстановлена", about=["MESSAGE-7"])
    noted(asked, "two", line="AMBER-BLUE")
    found = {
        "text=связь": ["one"],
        "text=MORNING": ["two"],
        "q=duty late": ["two"],
        "q=message-7": ["one"],
        "about=MESSAGE-7": ["one"],
        "line=AMBER-BLUE": ["two"],
        "text=nothing": [],
    }
    for asking, names in found.items():
        key, _, value = asking.partition("=")
        listed = walked(asked.http, "/api/v1/watch-log", **{key: value})
        assert [each["id"] for each in listed] == [an_id(name) for name in names], asking


@pytest.mark.parametrize(
    "changed",
    [
        {"text": ""},
        {"text": " \n"},
        {"text": "x" * 4_001},
        {"text": "bell \x07"},
        {"corrects": an_id("never written")},
        {"role": ""},
        {"about": ["one", "one"]},
    ],
)
def test_a_note_that_cannot_be_is_refused(shared_node: Asked, changed: dict[str, Any]) -> None:
    url = f"/api/v1/watch-log/{an_id('bad')}"
    reply = shared_node.http.put(url, json={**NOTE, **changed})
    assert reply.status_code == 400, reply.text


def test_a_note_of_four_thousand_characters_is_kept(asked: Asked) -> None:
    assert len(noted(asked, "long", text="й" * 4_000)["text"]) == 4_000


def test_a_note_cannot_correct_itself(asked: Asked) -> None:
    url = f"/api/v1/watch-log/{an_id('self')}"
    reply = asked.http.put(url, json={**NOTE, "corrects": an_id("self")})
    assert reply.status_code == 400
