"""Records of a line are kept, told with what follows from them, and never merged."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from api.asking import Asked, walked

NEW = {"if-none-match": "*"}
LINE = "AMBER-BLUE"


def an_id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


CALL: dict[str, Any] = {
    "line": LINE,
    "channel": "telephone",
    "kind": "principals",
    "placed_by": "theirs",
    "started_at": "2026-03-14T05:10:00Z",
    "level": "minister",
    "language": "en, ru",
    "interpreters": [{"party": "BLUE", "role": "interpreter", "certified": True}],
    "participants": [{"party": "AMBER", "role": "minister of defence"}],
    "points": [
        {
            "number": 1,
            "topic": "deconfliction",
            "side": "theirs",
            "said": "взгляды близки или совпадают",
            "language": "ru",
            "translation": "views are close or coincide",
        }
    ],
    "actions": [
        {"number": 1, "text": "date the next talks", "party": "BLUE", "role": "liaison officer"}
    ],
}
CONSULTATION: dict[str, Any] = {
    "line": LINE,
    "kind": "working group",
    "title": "safety of flight",
    "opened_at": "2026-03-14T05:00:00Z",
    "next_at": "2026-03-20T09:00:00Z",
    "owner_role": "liaison officer",
    "agenda": ["the mechanism"],
}
READOUT: dict[str, Any] = {
    "line": LINE,
    "kind": "own",
    "about_kind": "call",
    "about": an_id("call"),
    "points": [
        {"number": 1, "topic": "views", "stance": "common ground", "text": "areas of overlap"}
    ],
}
REQUEST: dict[str, Any] = {
    "line": LINE,
    "asked_by": "theirs",
    "asked_at": "2026-03-14T05:00:00Z",
    "words": "any request would be discussed and considered",
    "answer_by": "2026-03-16T05:00:00Z",
}
POSTURE: dict[str, Any] = {
    "line": LINE,
    "party": "AMBER",
    "declared_at": "2026-03-14T05:00:00Z",
    "words": "defensive in nature",
    "scope": "the airfield",
    "review_at": "2026-04-14T05:00:00Z",
}
RECORDS = {
    "calls": (CALL, "language"),
    "consultations": (CONSULTATION, "title"),
    "readouts": (READOUT, "where"),
    "requests": (REQUEST, "translation"),
    "postures": (POSTURE, "translation"),
}


@pytest.mark.parametrize("plural", RECORDS)
def test_a_record_is_kept_read_changed_and_sent_back_whole(asked: Asked, plural: str) -> None:
    document, changing = RECORDS[plural]
    url = f"/api/v1/{plural}/{an_id('one')}"
    first = asked.http.put(url, json=document, headers=NEW)
    assert first.status_code == 201, first.text
    assert first.headers["etag"] == '"1"'
    assert asked.http.put(url, json=document, headers=NEW).json() == first.json()
    assert asked.http.get(url).json() == first.json()

    other = {**document, changing: "otherwise"}
    assert asked.http.put(url, json=other).status_code == 428
    assert asked.http.put(url, json=other, headers=NEW).status_code == 412
    second = asked.http.put(url, json=other, headers={"if-match": '"1"'})
    assert second.status_code == 200, second.text
    assert second.json()["version"] == 2
    back = asked.http.put(url, json=second.json(), headers={"if-match": '"2"'})
    assert back.json() == second.json()
    assert [each["id"] for each in walked(asked.http, f"/api/v1/{plural}")] == [an_id("one")]
    assert walked(asked.http, f"/api/v1/{plural}", line="BLUE-OTHER") == []
    assert len(walked(asked.http, f"/api/v1/{plural}", text="OTHERWISE")) == 1


@pytest.mark.parametrize("plural", RECORDS)
def test_a_record_names_a_line_that_there_is(asked: Asked, plural: str) -> None:
    document = {**RECORDS[plural][0], "line": "BLUE-NOBODY"}
    told = asked.http.put(f"/api/v1/{plural}/{an_id('one')}", json=document, headers=NEW)
    assert (told.status_code, told.json()["code"]) == (404, "not-found")


@pytest.mark.parametrize("plural", [*RECORDS, "queries"])
def test_what_was_never_kept_is_not_found(shared_node: Asked, plural: str) -> None:
    assert shared_node.http.get(f"/api/v1/{plural}/{an_id('none')}").status_code == 404


def test_faults_are_told_with_their_place(shared_node: Asked) -> None:
    point = {**CALL["points"][0], "said": ""}
    faults: list[tuple[dict[str, Any], str]] = [
        ({"points": [point]}, "points[0].said"),
        ({"started_at": "yesterday"}, "started_at"),
        ({"interpreters": [{"party": "B", "role": "i", "certified": "yes"}]}, "interpreters"),
        ({"participants": [{"party": "B", "name": "somebody"}]}, "participants[0]"),
    ]
    for changed, place in faults:
        url = f"/api/v1/calls/{an_id('bad')}"
        told = shared_node.http.put(url, json={**CALL, **changed}, headers=NEW)
        assert told.status_code == 400, told.text
        assert told.json()["place"].startswith(place)


class TestCalls:
    def test_a_running_call_is_timed_by_the_nodes_clock(self, asked: Asked) -> None:
        url = f"/api/v1/calls/{an_id('call')}"
        asked.running.clock.turn_to(asked.running.clock.at.replace(hour=5, minute=10))
        running = asked.http.put(url, json=CALL, headers=NEW).json()
        at = running["now"]["duration_s"]
        asked.running.clock.turn(seconds=90)
        later = asked.http.get(url).json()["now"]
        assert later["is_running"] is True
        assert later["duration_s"] == at + 90
        assert later["acts"] == ["change", "end"]

    def test_an_ended_call_of_fifty_minutes_is_remembered_as_contact(self, asked: Asked) -> None:
        url = f"/api/v1/calls/{an_id('call')}"
        asked.http.put(url, json=CALL, headers=NEW)
        ended = {**CALL, "ended_at": "2026-03-14T06:00:00Z", "ending": "concluded"}
        told = asked.http.put(url, json=ended, headers={"if-match": '"1"'}).json()
        assert told["now"]["duration_s"] == 50 * 60
        assert told["now"]["has_certified_interpreter"] is True
        assert [each["number"] for each in told["now"]["open_actions"]] == [1]
        with asked.running.node.store.view() as view:
            kinds = [each.kind for each in view.entries()]
        assert "call ended" in kinds
        assert "contact noted" in kinds

    def test_an_ended_call_does_not_run_again(self, asked: Asked) -> None:
        url = f"/api/v1/calls/{an_id('call')}"
        ended = {**CALL, "ended_at": "2026-03-14T06:00:00Z", "ending": "cut off"}
        asked.http.put(url, json=ended, headers=NEW)
        told = asked.http.put(url, json=CALL, headers={"if-match": '"1"'})
        assert told.json()["code"] == "state-forbids"

    @pytest.mark.parametrize(
        "changed", [{"ended_at": "2026-03-14T06:00:00Z"}, {"ending": "concluded"}]
    )
    def test_an_end_says_when_and_how(self, asked: Asked, changed: dict[str, str]) -> None:
        url = f"/api/v1/calls/{an_id('call')}"
        assert asked.http.put(url, json={**CALL, **changed}, headers=NEW).status_code == 400


class TestConsultations:
    def test_a_date_that_passes_without_a_session_is_overdue(self, asked: Asked) -> None:
        url = f"/api/v1/consultations/{an_id('series')}"
        told = asked.http.put(url, json=CONSULTATION, headers=NEW).json()
        assert (told["now"]["overdue"], told["now"]["is_next_dated"]) == (None, True)
        assert told["now"]["remaining_s"] > 0
        asked.running.clock.turn(days=7)
        late = asked.http.get(url).json()["now"]
        assert late["overdue"] == "session not held"
        assert late["remaining_s"] < 0
        held = {**CONSULTATION, "sessions": [{"at": "2026-03-20T09:05:00Z"}]}
        after = asked.http.put(url, json=held, headers={"if-match": '"1"'}).json()["now"]
        assert after["overdue"] == "no next date"
        done = {**held, "concluded_at": "2026-03-21T09:00:00Z"}
        told = asked.http.put(url, json=done, headers={"if-match": '"2"'}).json()
        assert (told["now"]["overdue"], told["now"]["due_at"]) == (None, None)

    def test_the_other_partys_word_cannot_be_typed_in(self, asked: Asked) -> None:
        for changed in ({"from_line": True}, {"party": "AMBER"}):
            url = f"/api/v1/consultations/{an_id('series')}"
            told = asked.http.put(url, json={**CONSULTATION, **changed}, headers=NEW)
            assert told.json()["code"] == "not-ours"


class TestRequests:
    def test_considered_is_not_accepted_and_the_next_acts_are_told(self, asked: Asked) -> None:
        url = f"/api/v1/requests/{an_id('request')}"
        asked.running.clock.turn(hours=3)
        told = asked.http.put(url, json=REQUEST, headers=NEW).json()
        assert told["now"]["state"] == "received"
        assert told["now"]["acts"] == ["consider", "answer", "decline"]
        step = {
            "act": "consider",
            "at": "2026-03-14T06:00:00Z",
            "role": "duty officer",
            "until": "2026-03-18T00:00:00Z",
        }
        considered = {**REQUEST, "steps": [step]}
        told = asked.http.put(url, json=considered, headers={"if-match": '"1"'}).json()
        assert told["now"]["state"] == "under consideration"
        assert told["now"]["acts"] == ["answer", "decline"]
        assert told["now"]["due_at"] == step["until"]

    @pytest.mark.parametrize(
        "step",
        [
            {"act": "lapse", "at": "2026-03-14T05:30:00Z", "role": "duty officer"},
            {"act": "answer", "at": "2026-03-15T05:30:00Z", "role": "duty officer"},
            {"act": "answer", "at": "2026-03-14T05:30:00Z"},
            {"act": "consider", "at": "2026-03-14T05:30:00Z", "role": "duty officer"},
        ],
        ids=["the node's alone", "ahead of the clock", "without a role", "without a date"],
    )
    def test_a_step_that_cannot_be_is_refused(self, asked: Asked, step: dict[str, str]) -> None:
        url = f"/api/v1/requests/{an_id('request')}"
        told = asked.http.put(url, json={**REQUEST, "steps": [step]}, headers=NEW)
        assert (told.status_code, told.json()["code"]) == (409, "state-forbids")

    def test_what_was_done_is_never_taken_out(self, asked: Asked) -> None:
        url = f"/api/v1/requests/{an_id('request')}"
        step = {"act": "decline", "at": "2026-03-14T05:30:00Z", "role": "duty officer"}
        asked.http.put(url, json={**REQUEST, "steps": [step]}, headers=NEW)
        told = asked.http.put(url, json=REQUEST, headers={"if-match": '"1"'})
        assert told.json()["code"] == "state-forbids"


OURS: dict[str, Any] = {
    **READOUT,
    "points": [
        {"number": 1, "topic": "views", "stance": "common ground", "text": "areas of overlap"},
        {"number": 2, "topic": "Views", "stance": "divergence", "text": "areas of divergence"},
        {"number": 3, "topic": "next talks", "stance": "intention", "text": "talk further"},
    ],
    "characterisations": [{"party": "BLUE", "words": "constructive"}],
}
THEIRS: dict[str, Any] = {
    **READOUT,
    "party": "AMBER",
    "kind": "published",
    "published_at": "2026-03-14T05:30:00Z",
    "points": [
        {
            "number": 1,
            "topic": "views",
            "stance": "common ground",
            "text": "взгляды близки или совпадают по большинству вопросов",
            "wording": "quote",
            "language": "ru",
            "translation": "views close or coincide on most issues",
        },
        {"number": 2, "topic": "contacts", "stance": "agreed", "text": "contacts restored"},
    ],
}


class TestReadouts:
    """Drill 14: two readouts of one call, side by side, without a verdict."""

    def keep(self, asked: Asked) -> None:
        for name, document in (("ours", OURS), ("theirs", THEIRS)):
            url = f"/api/v1/readouts/{an_id(name)}"
            assert asked.http.put(url, json=document, headers=NEW).status_code == 201

    def compared(self, asked: Asked) -> Any:
        about = {"about": an_id("call")}
        reply = asked.http.get("/api/v1/readouts/comparison", params=about)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def test_overlap_and_divergence_stand_beside_close_or_coincide(self, asked: Asked) -> None:
        self.keep(asked)
        told = self.compared(asked)
        assert (told["a"]["party"], told["b"]["party"]) == ("BLUE", "AMBER")
        rows = [
            (row["finding"], row["a"] and row["a"]["number"], row["b"] and row["b"]["number"])
            for row in told["rows"]
        ]
        assert rows == [
            ("both", 1, 1),
            ("only A", 2, None),
            ("only A", 3, None),
            ("only B", None, 2),
        ]
        assert told["counts"] == {"only A": 2, "only B": 1, "both": 1, "contradict": 0}
        assert "nothing of who is right" in told["says"]

    def test_an_officer_pairs_what_contradicts(self, asked: Asked) -> None:
        self.keep(asked)
        mark = {
            "point": 2,
            "readout": an_id("theirs"),
            "other": 1,
            "mark": "contradict",
            "role": "liaison officer",
        }
        url = f"/api/v1/readouts/{an_id('ours')}"
        paired = {**OURS, "pairings": [mark]}
        assert asked.http.put(url, json=paired, headers={"if-match": '"1"'}).status_code == 200
        told = self.compared(asked)
        assert told["counts"] == {"only A": 2, "only B": 1, "both": 0, "contradict": 1}
        assert told["rows"][1]["ground"] == "an officer's mark"

    def test_one_account_alone_is_compared_with_nothing(self, asked: Asked) -> None:
        url = f"/api/v1/readouts/{an_id('ours')}"
        asked.http.put(url, json=OURS, headers=NEW)
        told = self.compared(asked)
        assert (told["b"], told["rows"]) == (None, [])

    def test_of_no_account_there_is_no_comparison(self, asked: Asked) -> None:
        for about in (an_id("call"), "", "x"):
            reply = asked.http.get("/api/v1/readouts/comparison", params={"about": about})
            assert reply.status_code == 404

    def test_nobody_keeps_an_own_account_of_another_party(self, asked: Asked) -> None:
        url = f"/api/v1/readouts/{an_id('theirs')}"
        for changed in ({"kind": "own"}, {"message": an_id("message")}):
            told = asked.http.put(url, json={**THEIRS, **changed}, headers=NEW)
            assert told.status_code in {400, 403}
