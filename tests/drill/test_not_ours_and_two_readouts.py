"""Drills 9 and 14: two statements that differ stay, side by side, on both nodes, no verdict.

Source: domain study of keepclear, 5h.9 and 5h.14.
"""

from __future__ import annotations

from drill.conftest import Drill
from drill.test_suspension_that_answers import question
from keepclear.exercise.article import talking
from keepclear.exercise.article.words import send


def test_a_group_that_was_not_ours_and_then_is_shows_both_statements_and_what_was_built_on_them(
    drill: Drill,
) -> None:
    stage = drill.stage
    asked = send(stage, "BLUE", "M16", question(drill))
    answer = {
        "query": asked["id"],
        "kind": "ownership",
        "words": "None of our forces are there.",
        "scope": "the ford",
        "ownership": "not ours",
    }
    first = send(stage, "AMBER", "M17", answer)
    drill.pass_time(hours=2)
    follows = send(stage, "BLUE", "M16", {**question(drill)}, refs=[first["id"]])
    drill.pass_time(hours=1)
    later = {**answer, "words": "They are ours.", "ownership": "ours"}
    second = send(stage, "AMBER", "M17", later)

    for party in ("BLUE", "AMBER"):
        queries = stage.get(party, "/queries")["items"]
        (query,) = [each for each in queries if asked["id"] in (each["id"], *each["messages"])]
        (found,) = query["now"]["contradictions"]
        assert found["statement"]["message"] == first["id"]
        assert found["later"]["message"] == second["id"]
        assert found["statement"]["at"] < found["later"]["at"]
        assert follows["id"] in {each["id"] for each in found["consequences"]}


def test_two_readouts_make_a_table_without_a_verdict_the_same_at_both_nodes(drill: Drill) -> None:
    stage = drill.stage
    talking.call(stage)
    talking.readouts(stage)
    for party in ("BLUE", "AMBER"):
        (call,) = stage.get(party, "/calls")["items"]
        table = stage.get(party, "/readouts/comparison", about=call["id"])
        findings = {row["topic"]: row["finding"] for row in table["rows"]}
        assert findings["course of the talks"] == "contradict"
        assert set(findings.values()) <= {"only A", "only B", "both", "contradict"}
        assert sum(table["counts"].values()) == len(table["rows"]) == 5
        words = " ".join(str(row) for row in table["rows"])
        assert "views close or coincide on most issues" in words
        assert "areas of overlap and areas of divergence" in words
        assert not {"verdict", "right", "true"} & set(table)
