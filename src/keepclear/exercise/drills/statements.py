"""Drills of what is said and what is hidden: whose a group is, and a party that probes.

Source: domain study of keepclear, 0.8, 1.5 (7-8 Feb 2018), 5e, 5h.8 and 5h.9.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from keepclear.exercise.article.words import DUTY, text_of
from keepclear.exercise.drills.acting import (
    circle,
    does,
    files,
    notes,
    nothing,
    passes_time,
    puts,
    sends,
    soon,
    writes,
)
from keepclear.exercise.drills.debrief import Seen
from keepclear.exercise.drills.drill import (
    COUNTERPART,
    TRAINEE,
    Doing,
    Drill,
    DrillStep,
    Expected,
    Scene,
)
from keepclear.exercise.drills.records import (
    acknowledged,
    entered,
    entries,
    first_of,
    moment,
    sent,
)
from keepclear.exercise.drills.times import acknowledging, at_most
from keepclear.model.operation import DisclosureLevel


def _asks_whose(scene: Scene) -> str:
    fields = {
        "facts": "A group of about 300 with vehicles is north of the ford.",
        "observed_at": text_of(soon(scene, minutes=-20)),
        "position": "35.2300N 040.1500E",
        "number": "50 or more",
        "question": "Are they yours?",
        "answer_by": text_of(soon(scene, minutes=61)),
    }
    sends(scene, "query", "M16", fields)
    return (
        "AMBER asks whose a group is, and wants an answer within the hour. Your list of units has "
        "nobody there. BLUE-LOCAL, for whom BLUE does not answer, takes no call."
    )


def _ownership(scene: Scene) -> Seen | None:
    found = ((at, each["document"]["fields"]["ownership"]) for at, each in sent(scene, "M17"))
    return first_of(found, _wrong_word)


def _wrong_word(word: str) -> str:
    good = ("unknown", "will not say")
    return "" if word in good else f'"{word}" was said, and nobody knew it'


def _was_wrong(scene: Scene) -> str:
    told = passes_time(scene, hours=2)
    return f"{told} BLUE-LOCAL calls back: the group is theirs, and has been since the morning."


def _put_right(scene: Scene) -> Seen | None:
    for at, message in sent(scene, "M17"):
        if at >= scene.step_at:
            word = message["document"]["fields"]["ownership"]
            wrong = "" if word == "ours" else f'"{word}" was said; by now it is known to be ours'
            return Seen(at, wrong=wrong)
    return None


def _declares(ownership: str, words: str) -> Doing:
    def play(scene: Scene) -> None:
        fields: Mapping[str, Any] = {
            "query": scene.made["query"],
            "kind": "ownership",
            "words": words,
            "scope": "the group north of the ford",
            "ownership": ownership,
        }
        writes(scene, "M17", fields)

    return play


NOT_OURS = Drill(
    name="not-ours",
    title="Not ours",
    briefing="A post well inside the agreed line was attacked. Asked over the channel whose the "
    "attackers were, the other side answered that none of its forces were there. You "
    "are asked whose a group is, and you do not know.",
    source="domain study of keepclear, 0.8, 1.5 (7-8 Feb 2018) and 5h.9",
    slip="NOT OURS is said because the own list has nobody there",
    lesson="NOT OURS is a signed statement with a time, and others act on it. What your list does "
    "not hold is unknown until the affiliates have been asked. A statement that turned out wrong "
    "is followed by a second one at once; both stay.",
    steps=(
        DrillStep(
            title="Are they yours?",
            todo="Messages: acknowledge the question (M16).",
            act=_asks_whose,
            expected=Expected(
                "Acknowledge the question",
                acknowledging("query"),
                "acknowledge, PRIORITY",
                acknowledged("query"),
            ),
            right=does("query", "acknowledge"),
        ),
        DrillStep(
            title="Say what you know",
            todo="Messages: answer with a declaration (M17) of ownership. Choose the word that is "
            "true now; a second person reads it.",
            expected=Expected(
                "Declare: unknown, not NOT OURS",
                at_most(hours=1),
                "answer by, in M16",
                _ownership,
            ),
            right=_declares("unknown", "Our list has nobody there. Our partners are being asked."),
            wrong=_declares("not ours", "None of our forces are there."),
        ),
        DrillStep(
            title="It turns out otherwise",
            todo="Messages: say so in a second declaration (M17), about the same question.",
            act=_was_wrong,
            expected=Expected(
                "Follow it with what is known now",
                at_most(minutes=30),
                "the drill's own",
                _put_right,
            ),
            right=_declares("ours", "The group is of our local partners."),
            wrong=nothing,
        ),
    ),
)


_PLACE = (34.60, 40.60)
_ASKED = 14
"""So many questions about one place: more than planning needs."""
_STEP_DEG = 0.005


def _probes(scene: Scene) -> str:
    start = soon(scene, hours=30)
    hidden = files(
        scene,
        TRAINEE,
        "B-771",
        circle(_PLACE, 9_000.0, (3_000.0, 3_600.0), start, timedelta(hours=1)),
    )
    scene.made["hidden"] = hidden["id"]
    for number in range(_ASKED):
        north, east = divmod(number, 4)
        there = (_PLACE[0] + north * _STEP_DEG, _PLACE[1] + east * _STEP_DEG)
        volume = circle(there, 2_000.0, (3_000.0, 3_600.0), start, timedelta(minutes=30))
        files(scene, COUNTERPART, f"A-{900 + number}", volume)
    scene.stage.until("the finding at BLUE", lambda: _found(scene))
    return (
        f"AMBER's node asked about {_ASKED} small volumes around your flight B-771. Your node "
        "answers no more of them, and an alarm says so."
    )


def _found(scene: Scene) -> bool:
    items = scene.stage.get(TRAINEE, "/alarms")["items"]
    return any(each["about"]["subject"] == "budget" for each in items)


def _raised(scene: Scene) -> Seen | None:
    given = [each for each in entries(scene, "release given", "release changed") if _opens(each)]
    if given:
        wrong = "the flight was released whole to whoever probed for it"
        return Seen(moment(given[0]["at"]), wrong=wrong)
    for each in entries(scene, "line declared"):
        if each["payload"]["body"]["party"] == TRAINEE:
            return Seen(moment(each["at"]), wrong="the line was declared upon; talk first")
    for at, _ in sent(scene, "M16", "M20", "M21"):
        return Seen(at)
    return None


def _opens(entry: Any) -> bool:
    return DisclosureLevel[entry["payload"]["body"]["level"]] >= DisclosureLevel.L3


def _notes_it(scene: Scene) -> None:
    notes(scene, f"AMBER's node asked {_ASKED} times about one place; not answered since.")


def _asks_why(scene: Scene) -> None:
    fields = {
        "facts": f"Your node asked {_ASKED} times about one place within minutes.",
        "observed_at": text_of(scene.stage.now()),
        "question": "What are these questions for?",
        "answer_by": text_of(soon(scene, hours=24)),
    }
    writes(scene, "M16", fields)


def _releases_it(scene: Scene) -> None:
    path = f"/operations/{scene.made['hidden']}/releases/{COUNTERPART}"
    body = {"role": DUTY, "level": "L3", "reason": "so that they stop asking"}
    puts(scene, path, body, is_new=True)


PROBING = Drill(
    name="probing",
    title="Somebody is looking for edges",
    briefing="No such case is known from the real line; it is what a line at L1 must stand. A "
    "party learns only whether its own volume conflicts, and enough small questions "
    "around one place would draw what was not told. Your node counts them, stops "
    "answering, and calls you.",
    source="domain study of keepclear, 5e (leak controls) and 5h.8",
    slip="the flight is released whole, so that they stop asking",
    lesson="The node keeps the grid and the budget; yours is to look who asked what, to write it "
    "down, and to ask back in words. It may be a planner who moves a flight about. Neither give "
    "away what was sought, nor answer with the line itself.",
    steps=(
        DrillStep(
            title="An alarm: they may be probing",
            todo="Alarms, then the flight's list of who saw it: what did AMBER learn? Write it "
            "into the log.",
            act=_probes,
            expected=Expected(
                "Note who asked what in the log",
                at_most(minutes=30),
                "the drill's own",
                entered("note kept"),
            ),
            right=_notes_it,
        ),
        DrillStep(
            title="Ask back",
            todo="Messages: ask what it is for (M16), say that the rule is at stake (M20) or "
            "propose to talk (M21). Release nothing.",
            expected=Expected(
                "Raise it in words; release nothing",
                at_most(hours=1),
                "the drill's own",
                _raised,
            ),
            right=_asks_why,
            wrong=_releases_it,
        ),
    ),
)
