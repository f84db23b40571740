"""A recorded history of concurrent writes, held against what one after the other would give.

The writer itself says in which order it did the works: that order is the witness. It must
agree with real time (what was answered before another was asked stands before it), and a model
that does the same works one after the other must give the very same answers.

Source: Herlihy and Wing, "Linearizability: A Correctness Condition for Concurrent Objects",
    ACM TOPLAS 12(3), 1990, section 2.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from dss_fixture import told
from keepclear.errors import AirspaceConflict, KeepclearError, VersionConflict
from keepclear.f3548.extent import Extent, meets
from keepclear.formats.f3548 import (
    AirspaceConflictResponse,
    ChangeOperationalIntentReferenceResponse,
)


class Asked(NamedTuple):
    """What somebody asked for: to put an intent of an extent, or to remove it (no extent)."""

    id: str
    ovn: str | None
    extent: Extent | None
    key: frozenset[str] = frozenset()


class Event(NamedTuple):
    """One request, when it was made and answered, and with what.

    Attributes:
        place: its place in the writer's order.
    """

    asked: Asked
    invoked: float
    returned: float
    place: int
    answer: ChangeOperationalIntentReferenceResponse | KeepclearError


class Held(NamedTuple):
    """An intent in the model."""

    ovn: str
    version: int
    extent: Extent


@dataclass
class Model:
    """The discovery service, one request at a time.

    Attributes:
        subscriptions: extents by id, fixed.
        intents: what there is.
        notified: how often each subscription was.
        faults: where an answer was not that of the model.
    """

    subscriptions: dict[str, Extent]
    intents: dict[str, Held] = field(default_factory=dict)
    notified: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def take(self, event: Event) -> None:
        """Do the next request, and compare its answer."""
        expected = self._expected(event.asked)
        found = _seen(event.answer)
        if expected != found:
            self.faults.append(f"{event.asked.id}: {found}, one by one it would be {expected}")
        if isinstance(event.answer, ChangeOperationalIntentReferenceResponse):
            self._apply(event.asked, event.answer)

    def _expected(self, asked: Asked) -> object:
        held = self.intents.get(asked.id)
        if asked.ovn != (held.ovn if held else None):
            return VersionConflict
        places = [each for each in (asked.extent, held.extent if held else None) if each]
        if asked.extent is not None:
            missing = {
                id_
                for id_, other in self.intents.items()
                if id_ != asked.id and meets(other.extent, asked.extent)
                and other.ovn not in asked.key
            }  # fmt: skip
            if missing:
                return missing
        version = held.version + (asked.extent is not None) if held else 1
        return version, {
            id_: self.notified.get(id_, 0) + 1
            for id_, extent in self.subscriptions.items()
            if any(meets(extent, place) for place in places)
        }

    def _apply(self, asked: Asked, answer: ChangeOperationalIntentReferenceResponse) -> None:
        reference = answer.operational_intent_reference
        self.notified.update(told(answer))
        if asked.extent is None:
            self.intents.pop(asked.id, None)
        else:
            self.intents[asked.id] = Held(str(reference.ovn), reference.version, asked.extent)


def out_of_time(events: Iterable[Event]) -> list[str]:
    """Requests that stand before one that was answered before they were made."""
    faults: list[str] = []
    latest = float("-inf")
    for event in sorted(events, key=lambda each: each.place):
        if event.returned < latest:
            faults.append(f"{event.asked.id} was answered before one in front of it was asked")
        latest = max(latest, event.invoked)
    return faults


def checked(events: Iterable[Event], subscriptions: dict[str, Extent]) -> Model:
    """The model after all requests; its faults name every answer that differs."""
    model = Model(subscriptions)
    for event in sorted(events, key=lambda each: each.place):
        model.take(event)
    model.faults += out_of_time(events)
    return model


def _seen(answer: ChangeOperationalIntentReferenceResponse | KeepclearError) -> object:
    if isinstance(answer, AirspaceConflict):
        response = answer.response
        assert isinstance(response, AirspaceConflictResponse)
        return {each.id for each in response.missing_operational_intents or ()}
    if isinstance(answer, KeepclearError):
        return type(answer)
    return answer.operational_intent_reference.version, told(answer)
