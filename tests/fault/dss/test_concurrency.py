"""Twenty writers on overlapping airspace: every conflict is found and nothing is lost."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path
from threading import Barrier, Lock, Thread
from typing import TypeVar

import pytest

from dss_fixture import CMSA, URL, Desk, entity, volume
from fault.dss.histories import Asked, Event, checked
from keepclear.errors import AirspaceConflict, KeepclearError
from keepclear.f3548.extent import Extent, extent_of
from keepclear.formats.f3548 import (
    ChangeOperationalIntentReferenceResponse,
    PutOperationalIntentReferenceParameters,
    Volume4D,
    area_of,
)
from keepclear.model.coordination import IntentState
from keepclear.ports.dss_store import DssUnit
from keepclear.services.dss import delete_intent, put_intent

WRITERS = 20
TURNS = 12
Answer = ChangeOperationalIntentReferenceResponse
T = TypeVar("T")


class Chance:
    """What looks like chance and is the same in every run."""

    def __init__(self, word: object) -> None:
        self._word = word
        self._drawn = count()

    def share(self) -> float:
        """From 0 to 1."""
        drawn = hashlib.sha256(f"{self._word} {next(self._drawn)}".encode()).digest()
        return int.from_bytes(drawn[:4], "big") / 2**32

    def choice(self, things: Sequence[T]) -> T:
        return things[int(self.share() * len(things))]


class Recorder:
    """Sends requests, and writes down what became of each and in which order."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.events: list[Event] = []
        self.known: dict[str, str] = {}
        self._places = 0
        self._gate = Lock()

    def ask(self, caller: str, asked: Asked, where: Volume4D | None) -> Answer | KeepclearError:
        """Do one request; whatever it brings is written down and told to the other writers."""
        work = (
            delete_intent(self.desk.dss, caller, asked.id, str(asked.ovn))
            if where is None
            else put_intent(
                self.desk.dss,
                caller,
                asked.id,
                asked.ovn,
                PutOperationalIntentReferenceParameters(
                    extents=(where,),
                    key=tuple(asked.key),
                    state=IntentState.ACCEPTED,
                    uss_base_url=URL,
                ),
                scopes=CMSA,
            )
        )
        places: list[int] = []

        def placed(unit: DssUnit) -> Answer:
            places.append(self._next_place())
            return work(unit)

        invoked = time.perf_counter()
        (outcome,) = self.desk.store.write_each([placed])
        returned = time.perf_counter()
        assert isinstance(outcome, (Answer, KeepclearError)), outcome
        with self._gate:
            self.events.append(Event(asked, invoked, returned, places[0], outcome))
            self._tell(asked, outcome)
        return outcome

    def _next_place(self) -> int:
        # In the writer's thread alone: the place in its order.
        self._places += 1
        return self._places

    def _tell(self, asked: Asked, outcome: Answer | KeepclearError) -> None:
        if isinstance(outcome, KeepclearError):
            return
        if asked.extent is None:
            self.known.pop(asked.id, None)
        else:
            self.known[asked.id] = str(outcome.operational_intent_reference.ovn)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path)
    yield opened
    opened.store.close()


def somewhere(chance: Chance) -> Volume4D:
    """Near enough to others to meet many of them, and not all."""
    place = (35.0 + chance.share() * 0.03, 36.0 + chance.share() * 0.03)
    return volume(place, starts=timedelta(minutes=chance.choice((0, 30))))


def extent(where: Volume4D) -> Extent:
    return extent_of([area_of(where)])


def write(recorder: Recorder, number: int, together: Barrier) -> None:
    """One writer: makes, changes and removes its intents, knowing what it was told."""
    chance, caller = Chance(number), f"uss{number % 4}"
    mine: dict[str, str] = {}
    together.wait()
    for turn in range(TURNS):
        id_ = chance.choice([*mine, entity(f"{number}-{turn}")])
        ovn = mine.get(id_)
        if ovn and chance.share() < 0.3:
            recorder.ask(caller, Asked(id_, ovn, None), None)
            del mine[id_]
            continue
        where = somewhere(chance)
        for _ in range(3):
            asked = Asked(id_, ovn, extent(where), frozenset(dict(recorder.known).values()))
            answer = recorder.ask(caller, asked, where)
            if isinstance(answer, Answer):
                mine[id_] = str(answer.operational_intent_reference.ovn)
                break


def history(desk: Desk) -> tuple[Recorder, dict[str, Extent]]:
    places = {word: somewhere(Chance(word)) for word in "stuvw"}
    for word, where in places.items():
        desk.subscribe(word, where)
    recorder, together = Recorder(desk), Barrier(WRITERS)
    threads = [Thread(target=write, args=(recorder, n, together)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return recorder, {entity(word): extent(where) for word, where in places.items()}


def test_what_20_writers_are_told_is_what_one_after_the_other_would_be(desk: Desk) -> None:
    recorder, subscriptions = history(desk)
    model = checked(recorder.events, subscriptions)
    assert model.faults == []
    refused = [e for e in recorder.events if isinstance(e.answer, AirspaceConflict)]
    assert len(refused) > WRITERS, "the writers never met"
    with desk.store.view() as view:
        for id_, held in model.intents.items():
            stored = view.intent(id_)
            assert stored is not None
            assert (stored.record.ovn, stored.record.version) == (held.ovn, held.version)
        for id_, count in model.notified.items():
            subscription = view.subscription(id_)
            assert subscription is not None
            assert subscription.record.notified == count
        everywhere = extent(volume(radius_m=20_000.0, starts=None, ends=None))
        assert len(view.intents_meeting(everywhere, most=10_000)) == len(model.intents)


def test_a_lost_update_a_missed_conflict_or_a_number_twice_would_be_noticed(desk: Desk) -> None:
    desk.subscribe("s", volume(radius_m=9_000.0))
    recorder, subscriptions = Recorder(desk), {entity("s"): extent(volume(radius_m=9_000.0))}
    here = extent(volume())
    recorder.ask("uss1", Asked(entity("a"), None, here), volume())
    ovn = recorder.known[entity("a")]
    recorder.ask("uss1", Asked(entity("b"), None, here, frozenset([ovn])), volume())
    first, second = recorder.events
    assert checked(recorder.events, subscriptions).faults == []
    unknown = second._replace(asked=second.asked._replace(key=frozenset()))
    assert checked([first, unknown], subscriptions).faults
    twice = second._replace(answer=first.answer)
    assert checked([first, twice], subscriptions).faults
    lost = second._replace(asked=second.asked._replace(id=entity("a")))
    assert checked([first, lost], subscriptions).faults
    late = [first._replace(place=2), second._replace(place=1, asked=second.asked)]
    assert any("answered before" in fault for fault in checked(late, subscriptions).faults)
