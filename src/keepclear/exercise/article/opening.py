"""The first steps: silence, the watches, and the restoration of the line."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from keepclear.exercise.article.stage import Stage
from keepclear.exercise.article.words import ACTOR, DUTY, LIAISON, LINE, OTHER, line_at, text_of

_MONTHS_OF_SILENCE = 13


def silence(stage: Stage) -> str:
    """Have both sides remember the last contact, each from its own source."""
    now = stage.now()
    month, year = (now.month - 1 - 1) % 12 + 1, now.year - 1 - (1 if now.month == 1 else 0)
    august = now.replace(year=year, month=month, day=12)
    own = f"{august:%B %Y}"
    told = [
        ("BLUE", "own", "BLUE liaison log", own, f"last call of the two offices, {own}"),
        ("BLUE", "press", "the article", "more than a year", "first talks in more than a year"),
        ("AMBER", "own", "AMBER journal", own, f"last conversation, {own}"),
    ]
    for party, side, source, when, words in told:
        at: dict[str, Any] = {"text": when}
        if when == "more than a year":
            at["earliest"] = text_of(now - timedelta(days=3 * 366))
            at["latest"] = text_of(now - timedelta(days=366))
        body = {
            "kind": "call",
            "level": "minister",
            "channel": "telephone",
            "at": at,
            "side": side,
            "source": source,
            "words": words,
        }
        path = f"/lines/{LINE}/contacts/{stage.new_id()}"
        stage.put(party, path, body, is_new=True, actor=ACTOR[party])
    datings = stage.get("BLUE", f"/lines/{LINE}/history")["datings"]
    words = ", or ".join(f'"{each["text"]}" by {each["source"]}' for each in datings[:3])
    return f"BLUE sees the line as {line_at(stage, 'BLUE')['state']}; last contact: {words}"


def watch(stage: Stage) -> str:
    """Have both sides man the line and tell each other."""
    for party in ("BLUE", "AMBER"):
        man(stage, party)
    for party in ("BLUE", "AMBER"):
        stage.until(
            f"the watch of {OTHER[party]} at {party}",
            partial(_their_watch, stage, party),
        )
    return "each side sees which roles the other has on duty, and in which languages"


def man(stage: Stage, party: str) -> None:
    """Have a party man the line for twelve hours."""
    spoken = {"BLUE": ["English", "Russian"], "AMBER": ["Russian", "English"]}[party]
    body = {
        "since": text_of(stage.now()),
        "roles": [
            {"role": DUTY, "languages": spoken[:1], "alternates": ["senior watch officer"]},
            {"role": "senior watch officer", "languages": spoken[:1]},
            {"role": LIAISON, "languages": spoken},
            {"role": "interpreter", "languages": spoken, "certified_linguist": True},
        ],
        "room": f"{party} operations room (EXERCISE)",
        "languages": spoken,
        "next_handover": text_of(stage.now() + timedelta(hours=12)),
        "taken_over_by": DUTY,
    }
    stage.put(party, "/watch", body, is_new=True, actor=ACTOR[party])


def offer(stage: Stage) -> str:
    """AMBER offers to restore the line; BLUE sees it and joins."""
    _step(stage, "AMBER", "offer")
    stage.until("the offer at BLUE", lambda: "offer" in _given(stage, "BLUE", "theirs"))
    _step(stage, "BLUE", "offer")
    _both(stage, "offer")
    return f"the line is {line_at(stage, 'BLUE')['state']} on both sides; nothing is proved yet"


def test(stage: Stage) -> str:
    """Test both ways, then compare keys and clocks."""
    for party in ("AMBER", "BLUE"):
        _step(stage, party, "test")
    _both(stage, "test")
    for party in ("AMBER", "BLUE"):
        _step(stage, party, "verify")
    _both(stage, "verify")
    check = line_at(stage, "BLUE")["last_check"]
    trip_ms = (check["round_trip_s"] or 0.0) * 1_000
    return f"a neutral text went each way and back in {trip_ms:.0f} ms; keys and clocks agree"


def confirm(stage: Stage) -> str:
    """Exchange what is open, and confirm on both sides."""
    for party in ("AMBER", "BLUE"):
        _step(stage, party, "list")
    _both(stage, "list")
    for party in ("AMBER", "BLUE"):
        _step(stage, party, "confirm")
    for party in ("AMBER", "BLUE"):
        stage.until(
            f"the restored line at {party}",
            partial(_is_restored, stage, party),
        )
    return f"both confirmed; the line is {line_at(stage, 'BLUE')['state']}"


def _step(stage: Stage, party: str, step: str) -> None:
    stage.put(party, f"/lines/{LINE}/restoration", {"act": step, "role": DUTY}, actor=ACTOR[party])


def _given(stage: Stage, party: str, whose: str) -> Any:
    restoration = line_at(stage, party)["restoration"]
    return [] if restoration is None else restoration[whose]


def _both(stage: Stage, step: str) -> None:
    """Wait until both nodes hold a step of both sides."""
    for party in ("AMBER", "BLUE"):
        stage.until(
            f"the step {step} of both at {party}",
            partial(_have_both, stage, party, step),
        )


def _have_both(stage: Stage, party: str, step: str) -> bool:
    return all(step in _given(stage, party, whose) for whose in ("ours", "theirs"))


def _is_restored(stage: Stage, party: str) -> bool:
    return line_at(stage, party)["restoration"] is None


def _their_watch(stage: Stage, party: str) -> Any:
    return stage.get(party, "/watch")["theirs"]
