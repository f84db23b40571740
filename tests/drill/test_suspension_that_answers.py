"""Drill 4: a suspension is declared, and the line still answers.

Source: domain study of keepclear, 5h.4; on 7 April 2017 a party declared suspension, and the
regular call took place the same day.
"""

from __future__ import annotations

from functools import partial

from drill.conftest import Drill
from drill.test_named_person_absent import FLASH
from keepclear.exercise.article.words import (
    ACTOR,
    DUTY,
    LINE,
    SECOND,
    acknowledge,
    later,
    line_at,
    send,
    text_of,
)

DECLARED = {
    "act": "suspend",
    "scope": "all",
    "residue": "flash messages are taken",
    "reason": "the incident of this morning",
    "role": DUTY,
    "second": SECOND,
}


def test_a_declared_suspension_that_answers_is_shown_as_both_and_hides_nothing(
    drill: Drill,
) -> None:
    stage = drill.stage
    before = send(stage, "BLUE", "M16", question(drill))
    known = {
        party: stage.get(party, "/messages", limit="1")["total"] for party in ("BLUE", "AMBER")
    }

    effective = stage.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    body = {**DECLARED, "effective_at": effective}
    stage.put("AMBER", f"/lines/{LINE}/declaration", body, actor=ACTOR["AMBER"])
    stage.until("the suspension at BLUE", lambda: drill.state("BLUE").startswith("suspended"))

    # A check goes out each way and is answered: declared and observed stand side by side.
    for party in ("BLUE", "AMBER"):
        stage.put(party, f"/lines/{LINE}/checks/{stage.new_id()}", {}, is_new=True)
    for party in ("BLUE", "AMBER"):
        stage.until(
            f"{party} to see that it answers",
            partial(answers, drill, party),
        )
    line = line_at(stage, "BLUE")
    assert line["declared"] == {"us": "open", "them": "suspended"}
    assert line["residue"] == "flash messages are taken"
    assert line["takes_flash"]

    # Nothing disappeared, and FLASH passes.
    assert drill.message("AMBER", before["id"])["life"]["is_open"]
    for party, total in known.items():
        assert stage.get(party, "/messages", limit="1")["total"] >= total
    flash = send(stage, "BLUE", "M09", FLASH)
    acknowledge(stage, "AMBER", flash["id"])
    assert drill.message("BLUE", flash["id"])["life"]["acknowledged_by"] == DUTY


def question(drill: Drill) -> dict[str, str]:
    return {
        "facts": "Two aircraft crossed the river.",
        "observed_at": text_of(later(drill.stage, hours=-1)),
        "place": "the ford",
        "question": "Are they yours?",
        "answer_by": text_of(later(drill.stage, hours=24)),
    }


def answers(drill: Drill, party: str) -> bool:
    return drill.state(party) == "suspended but answering"
