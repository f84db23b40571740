"""How long a step of a drill may take: by the agreement's clocks, or a time of the drill's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from keepclear.contact.clocks import clocks_for
from keepclear.exercise.drills.drill import TRAINEE, Scene
from keepclear.model.agreement import Clocks
from keepclear.model.operation import Precedence

Within = Callable[[Scene], timedelta]


def at_most(**by: float) -> Within:
    """A time of the drill's own."""
    length = timedelta(**by)
    return lambda _: length


def acknowledging(key: str) -> Within:
    """The clock for acknowledging a message of the drill."""
    return lambda scene: _clock(scene, key, "acknowledge", lambda it: it.acknowledge_s)


def reading_back(key: str) -> Within:
    """The clock for reading a message of the drill back."""
    return lambda scene: _clock(scene, key, "readback", lambda it: it.readback_s)


def answering(key: str) -> Within:
    """The clock for answering a message of the drill."""
    return lambda scene: _clock(scene, key, "answer", lambda it: it.answer_s)


def answering_checks(scene: Scene) -> timedelta:
    """How long the agreement lets a check wait for its answer."""
    return timedelta(seconds=scene.agreement.check_plan.answer_within_s)


def _clock(scene: Scene, key: str, kind: str, agreed_s: Callable[[Clocks], float]) -> timedelta:
    """A clock of a message as the node runs it, clamped to what it speaks of; else as agreed.

    Of a message that is not there yet, as agreed for FLASH, the shortest.
    """
    if key not in scene.made:
        agreed = clocks_for(scene.agreement.clocks, Precedence.FLASH)
        return timedelta(seconds=agreed_s(agreed))
    message = scene.stage.get(TRAINEE, f"/messages/{scene.made[key]}")
    life = message["life"]
    runs = (each for each in life["clocks"] if each["kind"] == kind and not each["overdue"])
    due = next((each["due"] for each in runs), None)
    came = next((each["at"] for each in life["history"] if each["act"] == "delivered"), None)
    if due is not None and came is not None:
        return datetime.fromisoformat(due) - datetime.fromisoformat(came)
    precedence = Precedence(message["document"]["precedence"])
    return timedelta(seconds=agreed_s(clocks_for(scene.agreement.clocks, precedence)))
