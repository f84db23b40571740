"""The talks: a call, two readouts of it, the next consultation, a question, a request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from keepclear.exercise.article.stage import Stage
from keepclear.exercise.article.words import (
    ACTOR,
    LIAISON,
    LINE,
    OTHER,
    acknowledge,
    later,
    send,
    text_of,
)

_CALL_MINUTES = 50
_TOPICS = (
    ("contacts", "ours", "We should not meet in the air by accident, and be able to talk.", "en"),
    ("contacts", "theirs", "Мы готовы восстановить контакты военных ведомств.", "ru"),
    ("deconfliction", "ours", "Our staffs should agree how to avoid accidental encounters.", "en"),
    ("further talks", "theirs", "Консультации следует продолжить.", "ru"),
)  # fmt: skip
_TRANSLATED = {
    "Мы готовы восстановить контакты военных ведомств.": "We are ready to restore the contacts "
    "of the military departments.",
    "Консультации следует продолжить.": "The consultations should be continued.",
}


def call(stage: Stage) -> str:
    """A call of fifty minutes, recorded as it goes, by both sides."""
    start = stage.now()
    ids = {party: stage.new_id() for party in ("BLUE", "AMBER")}
    records: dict[str, dict[str, Any]] = {}
    for party, call_id in ids.items():
        records[party] = _call(party, text_of(start))
        kept = stage.put(
            party, f"/calls/{call_id}", records[party], is_new=True, actor=ACTOR[party]
        )
        records[party]["version"] = kept["version"]
    end = start + timedelta(minutes=_CALL_MINUTES)
    stage.turn_to(end)
    for party, call_id in ids.items():
        body = {name: each for name, each in records[party].items() if name != "version"}
        body |= {
            "ended_at": text_of(end),
            "ending": "concluded",
            "points": _points(party),
            "actions": [
                {
                    "number": 1,
                    "text": "Name the officers for the next consultation",
                    "party": party,
                    "role": LIAISON,
                    "due_at": text_of(end + timedelta(days=2)),
                }
            ],
            "characterisations": [{"party": party, "words": "constructive", "where": "the call"}],
        }
        version = records[party]["version"]
        stage.put(party, f"/calls/{call_id}", body, version=version, actor=ACTOR[party])
    return "50 minutes, by office and never by name, four points in the words as said"


def _call(party: str, started_at: str) -> dict[str, Any]:
    other = OTHER[party]
    return {
        "line": LINE,
        "channel": "telephone",
        "kind": "principals",
        "placed_by": "ours" if party == "AMBER" else "theirs",
        "started_at": started_at,
        "level": "minister",
        "language": "English, Russian",
        "participants": [
            {"party": party, "role": "minister of defence"},
            {"party": other, "role": "minister of defence"},
        ],
        "interpreters": [{"party": party, "role": "interpreter", "certified": True}],
    }


def _points(party: str) -> list[dict[str, Any]]:
    """The points, as the party's own record names the sides."""
    mirrored = {"ours": "theirs", "theirs": "ours"}
    return [
        {
            "number": number,
            "topic": topic,
            "side": side if party == "BLUE" else mirrored[side],
            "said": said,
            "language": language,
            "translation": _TRANSLATED.get(said, ""),
            "standing": "agreed" if topic == "further talks" else "noted",
        }
        for number, (topic, side, said, language) in enumerate(_TOPICS, start=1)
    ]


def readouts(stage: Stage) -> str:
    """Each side's own account; the other's is entered as it was published."""
    about = {party: _last(stage, party, "/calls")["id"] for party in ("BLUE", "AMBER")}
    for party in ("BLUE", "AMBER"):
        for author in ("BLUE", "AMBER"):
            body = _readout(author, party, about[party], text_of(stage.now()))
            path = f"/readouts/{stage.new_id()}"
            stage.put(party, path, body, is_new=True, actor=ACTOR[party])
    table = stage.get("BLUE", "/readouts/comparison", about=about["BLUE"])
    return f"compared point by point, {len(table['rows'])} rows, no verdict"


def _readout(author: str, keeper: str, about: str, at: str) -> dict[str, Any]:
    points = {
        "BLUE": [
            ("course of the talks", "divergence", "areas of overlap and areas of divergence"),
            ("deconfliction", "intention", "to discuss mechanisms for deconfliction"),
            ("counter-terrorism", "claim", "the campaign goes on as before"),
        ],
        "AMBER": [
            ("course of the talks", "common ground", "views close or coincide on most issues"),
            ("contacts", "claim", "contacts between the departments are restored"),
            ("further talks", "intention", "consultations will continue"),
        ],
    }[author]
    return {
        "line": LINE,
        "party": author,
        "kind": "own" if author == keeper else "published",
        "about_kind": "call",
        "about": about,
        "published_at": at,
        "where": f"press office of {author} (EXERCISE)",
        "points": [
            {"number": number, "topic": topic, "stance": stance, "text": text, "wording": "quote"}
            for number, (topic, stance, text) in enumerate(points, start=1)
        ],
        "characterisations": [{"party": author, "words": "constructive", "where": "readout"}],
    }


def consultation(stage: Stage) -> str:
    """AMBER proposes a date for the next talks; BLUE confirms it."""
    start = later(stage, days=7).replace(hour=9, minute=0)
    fields = {
        "step": "proposal",
        "consultation": stage.new_id(),
        "kind": "working group",
        "window": {"start": text_of(start), "end": text_of(start + timedelta(hours=3))},
        "place": "video link",
        "level": "liaison officers",
        "agenda": ["Accidental encounters", "Frequencies", "Check plan of the line"],
        "languages": ["English", "Russian"],
        "recording": "none; each side publishes its own readout",
    }
    asked = send(stage, "AMBER", "M21", fields, role=LIAISON)
    acknowledge(stage, "BLUE", asked["id"])
    send(stage, "BLUE", "M21", {**fields, "step": "confirmation"}, role=LIAISON, refs=[asked["id"]])
    return f"a working group on {start:%d %B, %H:%MZ}, proposed and confirmed; an alarm guards it"


def purpose(stage: Stage) -> str:
    """BLUE asks; AMBER declares, in its own words; BLUE keeps them with a date of review."""
    question = {
        "facts": "Transport aircraft landed at the airfield, and the ramp was widened.",
        "observed_at": text_of(later(stage, hours=-20)),
        "place": "the airfield at Latakia",
        "number": "5-9",
        "question": "What is this activity for?",
        "answer_by": text_of(later(stage, hours=48)),
    }
    asked = send(stage, "BLUE", "M16", question, role=LIAISON)
    acknowledge(stage, "AMBER", asked["id"])
    words = "The presence is defensive in nature."
    answer = {
        "query": asked["id"],
        "kind": "purpose",
        "words": words,
        "scope": "the airfield at Latakia",
        "ownership": "ours",
    }
    told = send(stage, "AMBER", "M17", answer, role=LIAISON)
    acknowledge(stage, "BLUE", told["id"])
    return f'asked with a clock, answered as said: "{words}"'


def request(stage: Stage) -> str:
    """AMBER is asked for something; it will be discussed and considered."""
    now = stage.now()
    body: dict[str, Any] = {
        "line": LINE,
        "asked_by": "theirs",
        "asked_at": text_of(now),
        "words": "That both staffs name one frequency on which crews may call each other.",
        "language": "en",
        "answer_by": text_of(now + timedelta(days=5)),
    }
    path = f"/requests/{stage.new_id()}"
    kept = stage.put("AMBER", path, body, is_new=True, actor=ACTOR["AMBER"])
    body["steps"] = [
        {
            "act": "consider",
            "at": text_of(now),
            "role": LIAISON,
            "words": "Any request would be discussed and considered.",
            "until": text_of(now + timedelta(days=3)),
        }
    ]
    stage.put("AMBER", path, body, version=kept["version"], actor=ACTOR["AMBER"])
    return "under consideration for three days: neither yes nor no, and a clock that says so"


def _last(stage: Stage, party: str, path: str) -> Any:
    return stage.get(party, path)["items"][0]
