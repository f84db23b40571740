"""The two flights of the second act: where they are, how they are filed, what is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from keepclear.errors import PeerRefused
from keepclear.exercise.article.stage import Stage
from keepclear.exercise.article.words import ACTOR, text_of

BLUE, AMBER = "B-901", "A-901"
ROLE = "planner"
RADIUS_M = 3_000.0
LASTS = timedelta(hours=3)
_LOW_M, _HIGH_M = 380.0, 500.0
"""Above the ellipsoid: F3548 knows no other reference. The ground is at some 220 m there."""
PLACES: Final[Mapping[str, Mapping[str, float]]] = {
    BLUE: {"latitude_deg": 34.9000, "longitude_deg": 40.5500},
    AMBER: {"latitude_deg": 34.9200, "longitude_deg": 40.5360},
}
"""At the line near the Euphrates, away from all else; the two circles meet."""
ASIDE: Final[Mapping[str, float]] = {"latitude_deg": 34.9523, "longitude_deg": 40.5133}
"""Where AMBER's goes instead: the circles are apart, the boxes around them are not, so that the
DSS still tells either USS of the other's flight."""


def file(stage: Stage, party: str, designator: str, start: datetime) -> Any:
    """File one of the two; as it is stored."""
    path = f"/operations/{stage.new_id()}"
    body = _body(party, designator, PLACES[designator], start)
    return stage.put(party, path, body, is_new=True, actor=ACTOR[party])["operation"]


def moved_aside(stage: Stage, party: str, filed: Mapping[str, Any]) -> Any:
    """Change where one is flown, and nothing else; as it is stored."""
    start = datetime.fromisoformat(filed["volumes"][0]["start"])
    body = _body(party, filed["designator"], ASIDE, start)
    path, version = f"/operations/{filed['id']}", filed["version"]
    return stage.put(party, path, body, version=version, actor=ACTOR[party])["operation"]


def turned(stage: Stage, party: str, designator: str, **state: str) -> None:
    """Say what became of a flight, as its operator does; nothing is said to F3548."""
    found = flight(stage, party, designator)
    path, version = f"/operations/{found['id']}/state", found["version"]
    stage.put(party, path, state, version=version, actor=ACTOR[party])


def asked(stage: Stage, party: str, designator: str, act: str, result: str) -> Any:
    """Publish one or take that back, and see that it comes out as the act has it; the answer.

    Raises:
        PeerRefused: it came out otherwise.
    """
    path = f"/operations/{flight(stage, party, designator)['id']}/f3548"
    told = stage.put(party, path, {"role": ROLE, "act": act}, actor=ACTOR[party])
    if told["result"] != result:
        raise PeerRefused(
            f"{designator} came out as {told['result']}, and not {result}: {told['why']}",
            remedy="Look at it in the F3548 pane of its console; then begin the exercise anew.",
        )
    return told


def flight(stage: Stage, party: str, designator: str) -> Any:
    """An own flight as a node has it.

    Raises:
        PeerRefused: there is none: an earlier step of the act has not been played.
    """
    page = stage.get(party, "/operations", text=designator)
    for each in page["items"]:
        if each["designator"] == designator:
            return each
    raise PeerRefused(
        f"{party}'s node has no {designator}", remedy="Play the steps of the act in their order."
    )


def published(stage: Stage, party: str, operation_id: str) -> Any:
    """What a party's USS publishes of an operation; None where it publishes nothing of it."""
    intents = stage.get(party, "/f3548")["intents"]
    return next((each for each in intents if each["id"] == operation_id), None)


def learnt(stage: Stage, party: str, operation_id: str) -> Any:
    """What a party's USS knows of another's intent; None where it knows nothing of it."""
    page = stage.get(party, "/f3548/intents", limit="200")
    return next((each for each in page["items"] if each["id"] == operation_id), None)


def named(text: str, operation: Mapping[str, Any]) -> str:
    """A text with an operation's designator in place of its id."""
    return text.replace(operation["id"], operation["designator"])


def _body(
    party: str, designator: str, centre: Mapping[str, float], start: datetime
) -> dict[str, Any]:
    return {
        "designator": designator,
        "class": "unmanned",
        "category": "humanitarian",
        "crossings": ["L-RIVER"],
        "volumes": [
            {
                "footprint": {"kind": "circle", "centre": centre, "radius_m": RADIUS_M},
                "lower": {"value_m": _LOW_M, "reference": "HAE"},
                "upper": {"value_m": _HIGH_M, "reference": "HAE"},
                "start": text_of(start),
                "end": text_of(start + LASTS),
            }
        ],
        "contact": f"EXERCISE {party} drone operator, 122.750 MHz",
    }
