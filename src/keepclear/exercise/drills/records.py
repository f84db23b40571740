"""Look for what the trainee did in the records of their node: messages, checks, the ledger.

Every moment is one that the node itself wrote down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from keepclear.exercise.article.words import LINE
from keepclear.exercise.drills.debrief import Seen
from keepclear.exercise.drills.drill import TRAINEE, Scene

Looking = Callable[[Scene], Seen | None]
_PAGE = "200"
_DISPUTED = "DISPUTED"


def moment(text: str) -> datetime:
    """A moment as the API writes it."""
    return datetime.fromisoformat(text)


def acknowledged(key: str) -> Looking:
    """Whether a message was acknowledged, counted from when it came."""
    return lambda scene: _acted(scene, key, "acknowledge")


def read_back(key: str) -> Looking:
    """Whether a message was read back as it was sent."""

    def seen(scene: Scene) -> Seen | None:
        return _acted(scene, key, "readback", lambda each: bool(each["state"] != _DISPUTED))

    return seen


def answered(key: str) -> Looking:
    """Whether a message was answered."""
    return lambda scene: _acted(scene, key, "answer")


def doing(key: str, act: str, *, to: str = "") -> Looking:
    """Whether something was done to a message; counted from the step's beginning.

    Args:
        key: which message of the drill.
        act: what.
        to: the state it led to; empty for any.
    """

    def seen(scene: Scene) -> Seen | None:
        found = _steps(scene, key, act, lambda each: not to or each["state"] == to)
        return None if found is None else Seen(moment(found["at"]))

    return seen


def message_at(scene: Scene, key: str) -> Any:
    """A message of the drill as the trainee's node holds it; None where there is none yet."""
    if key not in scene.made:
        return None
    return scene.stage.get(TRAINEE, f"/messages/{scene.made[key]}")


def sent(scene: Scene, *codes: str) -> Iterator[tuple[datetime, Any]]:
    """The trainee's messages of some types released since the drill began, the oldest first."""
    page = scene.stage.get(TRAINEE, "/messages", outgoing="true", line=LINE, limit=_PAGE)
    for message in reversed(page["items"]):
        if message["document"]["code"] not in codes:
            continue
        history = message["life"]["history"]
        at = next((moment(each["at"]) for each in history if each["act"] == "release"), None)
        if at is not None and at >= scene.begun_at:
            yield at, message


def entries(scene: Scene, *kinds: str) -> Iterator[Any]:
    """Entries of some kinds in the trainee's ledger since the drill began, the oldest first."""
    after = str(scene.ledger_from - 1)
    while items := scene.stage.get(TRAINEE, "/ledger/entries", after=after, limit=_PAGE)["items"]:
        yield from (each for each in items if each["kind"] in kinds)
        after = str(items[-1]["number"])


def entered(*kinds: str, wrong: Callable[[Scene], str] | None = None) -> Looking:
    """Whether the ledger has an entry of one of these kinds since the step began."""

    def seen(scene: Scene) -> Seen | None:
        for each in entries(scene, *kinds):
            if moment(each["at"]) >= scene.step_at:
                return Seen(moment(each["at"]), wrong="" if wrong is None else wrong(scene))
        return None

    return seen


def checks(scene: Scene, channel: str = "") -> list[Any]:
    """Checks made by hand since the step began, the oldest first, maybe of one channel."""
    found = scene.stage.get(TRAINEE, f"/lines/{LINE}/checks")["items"]
    return [
        each
        for each in reversed(found)
        if each["by_hand"]
        and moment(each["at"]) >= scene.step_at
        and channel in ("", each["channel"])
    ]


def first_of(found: Iterable[tuple[datetime, Any]], wrong: Callable[[Any], str]) -> Seen | None:
    """The first thing of several that is as it should be, else the first, with what is wrong."""
    judged = [Seen(at, wrong=wrong(each)) for at, each in found]
    return next((each for each in judged if not each.wrong), judged[0] if judged else None)


def _acted(
    scene: Scene, key: str, act: str, fits: Callable[[Any], bool] = lambda _: True
) -> Seen | None:
    found = _steps(scene, key, act, fits)
    if found is None:
        return None
    history = message_at(scene, key)["life"]["history"]
    came = next((each["at"] for each in history if each["act"] == "delivered"), None)
    return Seen(moment(found["at"]), None if came is None else moment(came))


def _steps(scene: Scene, key: str, act: str, fits: Callable[[Any], bool]) -> Any:
    message = message_at(scene, key)
    if message is None:
        return None
    history = message["life"]["history"]
    return next((each for each in history if each["act"] == act and fits(each)), None)
