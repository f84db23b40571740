"""A release at L3 follows its operation by itself, and filing asks by itself: two real nodes.

Source: domain study of keepclear, 5e; design, section 5 (disclosure).
"""

from __future__ import annotations

from typing import Any

from drill.conftest import Drill
from drill.test_probing import MIDDLE, covered, file
from keepclear.exercise.article.words import ACTOR


def test_what_is_released_whole_follows_and_what_is_filed_is_asked(drill: Drill) -> None:
    stage = drill.stage
    covered(drill)
    theirs = file(drill, "AMBER", "A-901", MIDDLE, 9_000.0, hours=2)
    path = f"/operations/{theirs['id']}"

    # Nothing is released: BLUE asks by itself when it files, and is told the bit.
    ours = file(drill, "BLUE", "B-901", MIDDLE, 5_000.0, hours=1)

    def asked() -> Any:
        told = stage.get("BLUE", f"/operations/{ours['id']}/peer-answers")
        (item,) = [each for each in told["items"] if each["party"] == "AMBER"]
        return item if item["standing"] == "current" else None

    answer = stage.until("the answer to what was filed", asked)
    assert answer["counts_as"] == "conflict"
    (conflict,) = answer["question"]["answer"]["conflicts"]
    assert stage.get("BLUE", "/operations", party="AMBER")["total"] == 0

    # Released whole: its notice comes, then its change, then its end, by themselves.
    body = {"level": "L3", "role": "duty officer"}
    stage.put("AMBER", f"{path}/releases/BLUE", body, is_new=True, actor=ACTOR["AMBER"])
    held = stage.until("the notice", lambda: there(drill, theirs["id"], 1))
    assert held["designator"] == "A-901"
    # An answer goes by the index, which takes in a commit a moment after lists show it.
    path_ours = f"/operations/{ours['id']}/answer"
    found = stage.until(
        "the index", lambda: stage.get("BLUE", path_ours)["answer"]["conflicts"] or None
    )
    assert [(each["id"], each["rule_id"], each["verdict"]) for each in found] == [
        (conflict["id"], conflict["rule"], conflict["verdict"])
    ]

    changed = {"contact": "131.500"}
    document = {**stage.get("AMBER", path), **changed}
    sent = {name: document[name] for name in ("designator", "class", "category", "volumes")}
    stage.put("AMBER", path, {**sent, **changed}, version=1)
    stage.until("the change", lambda: there(drill, theirs["id"], 2))
    stage.put("AMBER", f"{path}/state", {"state": "ended", "reason": "cancelled"}, version=2)
    stage.until("the end", lambda: stage.get("BLUE", path)["state"] == "ended" or None)
    views = stage.get("AMBER", f"{path}/views")["items"]
    assert [each["what"] for each in views][-1] == "answer at L1"
    assert {each["what"] for each in views} == {"answer at L1", "notice M03", "notice M04"}


def there(drill: Drill, operation_id: str, version: int) -> Any:
    page = drill.stage.get("BLUE", "/operations", party="AMBER", state="live")
    held = [each for each in page["items"] if each["id"] == operation_id]
    return next((each for each in held if each["version"] >= version), None)
