"""Something else that happens at the one moment that matters; nothing here is under test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import msgspec

from keepclear.errors import KeepclearError
from keepclear.formats.f3548 import (
    GetOperationalIntentDetailsResponse,
    OperationalIntent,
    OperationalIntentDetails,
    OperationalIntentReference,
    PutOperationalIntentReferenceParameters,
    Volume4D,
)
from keepclear.model.coordination import IntentState
from keepclear.services.uss import Uss
from keepclear.services.uss.taking import Sender
from keepclear.services.uss.wanted import Result
from uss.publishing import INTENTS
from uss.world import World, new_id

STRANGER = Sender("stranger", "stranger")
DONE = Result.DONE
STUCK_S = 30.0
"""What takes longer than this waits for ever; nothing here waits so long unless it is broken."""


class Meanwhile:
    """Somebody who does as asked and, before it is known that it is done, something else happens.

    Args:
        one: who does it.
        asked: what has to be asked for something else to happen.
        meanwhile: what happens.
        about: of which ids, as often as it is asked; empty for the first, whatever it is about.
    """

    def __init__(
        self,
        one: Any,
        asked: str,
        meanwhile: Callable[[], object],
        *,
        about: frozenset[str] = frozenset(),
    ) -> None:
        self._one, self._asked, self._about = one, asked, about
        self._left = [meanwhile] * max(len(about), 1)

    def __getattr__(self, name: str) -> Any:
        doing = getattr(self._one, name)
        if name != self._asked:
            return doing

        def done(*given: Any) -> Any:
            answer = doing(*given)
            if self._left and (not self._about or not self._about.isdisjoint(given)):
                self._happen(self._left.pop())
            return answer

        return done

    def _happen(self, meanwhile: Callable[[], object]) -> None:
        """What fails here is the test's, and is not to be taken for the service's answer."""
        try:
            meanwhile()
        except KeepclearError as fault:
            raise AssertionError(f"what was to happen meanwhile did not: {fault}") from fault


def while_put(uss: Uss, meanwhile: Callable[[], object]) -> Uss:
    """The same USS; something happens while the service's answer to a new intent is on its way."""
    return replace(uss, dss=Meanwhile(uss.dss, "put_intent", meanwhile))


class AsItWas:
    """A discovery service as somebody saw it who asked before an intent changed."""

    def __init__(self, dss: Any, *references: OperationalIntentReference) -> None:
        self._dss, self._references = dss, references

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dss, name)

    def query_intents(self, *_: Any) -> Any:
        return self._references


class Waiting:
    """What a USS publishes; before somebody has one thing of it alone, something else happens."""

    def __init__(self, own: Any, meanwhile: Callable[[], object]) -> None:
        self._own, self._left = own, [meanwhile]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)

    @contextmanager
    def alone(self, entity_id: str) -> Iterator[None]:
        if self._left:
            self._left.pop()()
        with self._own.alone(entity_id):
            yield


def crowd(airspace: World, where: Volume4D, count: int) -> dict[str, bytes]:
    """So many intents of the stranger's in one place; what it tells of each, by its path."""
    url, key = airspace.stranger.base_url, list[str]()
    bodies: dict[str, bytes] = {}
    for _ in range(count):
        body = PutOperationalIntentReferenceParameters(
            extents=(where,), state=IntentState.ACCEPTED, uss_base_url=url, key=tuple(key)
        )
        put = airspace.as_stranger.dss.put_intent(new_id(), None, body)
        reference = put.operational_intent_reference
        key.append(reference.ovn or "")
        intent = OperationalIntent(
            reference=reference, details=OperationalIntentDetails(volumes=(where,), priority=0)
        )
        told = GetOperationalIntentDetailsResponse(operational_intent=intent)
        bodies[f"{INTENTS}/{reference.id}"] = msgspec.json.encode(told)
    return bodies
