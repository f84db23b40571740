"""One flight is released, another that meets it is refused, moved, and taken."""

from __future__ import annotations

from keepclear.exercise.article.stage import Stage
from keepclear.exercise.article.words import later
from keepclear.exercise.f3548_act.flights import (
    AMBER,
    BLUE,
    asked,
    file,
    flight,
    learnt,
    moved_aside,
    named,
)

AHEAD_MIN = 10.0
"""So far ahead both flights are filed: no clock of the article's messages runs out meanwhile."""


def release(stage: Stage) -> str:
    """BLUE files a drone's flight, and releases it to F3548."""
    file(stage, "BLUE", BLUE, later(stage, minutes=AHEAD_MIN))
    intent = asked(stage, "BLUE", BLUE, "publish", "done")["intent"]
    return (
        f"{BLUE} stands with the DSS: {intent['state']}, version {intent['version']}, managed by "
        f"{intent['manager']}, released by {intent['released_by']}; every USS can find it"
    )


def refusal(stage: Stage) -> str:
    """AMBER files a flight that meets it, and is refused its release; the flight stays filed."""
    ours = flight(stage, "BLUE", BLUE)
    filed = file(stage, "AMBER", AMBER, later(stage, minutes=AHEAD_MIN))
    told = asked(stage, "AMBER", AMBER, "publish", "refused")
    known = learnt(stage, "AMBER", ours["id"])
    kept = flight(stage, "AMBER", AMBER)
    stays = "as it was" if kept["version"] == filed["version"] else "NOT as it was"
    return (
        f"refused: {named(told['why'], ours)}. AMBER's USS had got version {known['version']} of "
        f"it from {known['manager']}. {AMBER} itself stays {stays}: filed, {kept['state']}, "
        f"version {kept['version']}"
    )


def change(stage: Stage) -> str:
    """AMBER moves its flight aside and releases it: taken, and BLUE's USS is told."""
    moved = moved_aside(stage, "AMBER", flight(stage, "AMBER", AMBER))
    told = asked(stage, "AMBER", AMBER, "publish", "done")
    intent = told["intent"]
    heard = stage.until(f"{AMBER} at BLUE's USS", lambda: learnt(stage, "BLUE", moved["id"]))
    how = "told" if heard["told"] else "NOT told, but asked"
    met = f"meets {told['conflicts']}" if told["conflicts"] else "meets none"
    return (
        f"{AMBER} is {intent['state']}, version {intent['version']}, managed by "
        f"{intent['manager']}, and {met} of the others; BLUE's USS was {how} of it"
    )
