"""Kill either node of a pair that talks, again and again, and look at what both have then.

From the folder `tests`:  python -m fault.line.crash_runs 30

Two processes serve BLUE's and AMBER's node; people on both sides release, acknowledge, read
back and answer over HTTP. Each kill comes without warning, after some of what they did and a
moment more, both different each time; sometimes while the node is still starting. A pair is
killed several times, so that a crash follows a crash.
"""

from __future__ import annotations

import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

import httpx

from drill.conftest import DAY, empty
from fault.killing import Served, chance_of, ledger_faults, pause, run_all, until
from fault.line.crash_people import CODE, Done, People
from fault.line.matrix_sameness import came_as_new, stream_faults
from keepclear.cli.exercise_pair import Place, make_pair, pair_places, serve_arguments
from keepclear.cli.progress import compile_kernels_once
from keepclear.compose.machine import ExerciseClock
from keepclear.compose.opening import read_store
from keepclear.exercise.generating import build_exercise
from keepclear.formats.times import iso_text
from keepclear.ports.line_store import MessageQuery
from keepclear.ports.store import View
from keepclear.services.line.messaging import Held, held_of
from line_fixture import LINE

KILLS_A_PAIR = 6
PARTIES = ("BLUE", "AMBER")
UNTOLD = frozenset({"release"})
"""What the other side learns in another way than by an act."""


class Figures(NamedTuple):
    """What a run came to.

    Attributes:
        kills: how often a node was killed.
        messages: how many were released.
        acts: how many acts a node said it had done.
        lost, twice: of messages and acts; both must be 0.
    """

    kills: int = 0
    messages: int = 0
    acts: int = 0
    lost: int = 0
    twice: int = 0

    def __add__(self, other: object) -> Figures:
        assert isinstance(other, Figures)
        return Figures(*(a + b for a, b in zip(self, other, strict=True)))


class Ended(NamedTuple):
    """How a pair ended: its figures, and what is wrong."""

    figures: Figures
    faults: list[str]


@dataclass
class Pair:
    """Two nodes, their people, and how to end either.

    Attributes:
        clock: of the exercise, which goes on while a node is dead.
        places, nodes, people: by party.
        kills: how many there were.
    """

    clock: ExerciseClock
    places: Mapping[str, Place]
    nodes: Mapping[str, Served]
    people: Mapping[str, People]
    kills: int = 0

    @property
    def done(self) -> list[Done]:
        return [each for people in self.people.values() for each in list(people.done)]

    def kill(self, seed: str) -> None:
        """Kill one of the nodes after it did some more, and a moment more; start it again."""
        chance = chance_of(seed)
        party = PARTIES[chance[0] % 2]
        before, more, delay_s = self._did(party), chance[1] % 24, chance[2] / 500
        self.until(f"{party} to do {more} more", lambda: self._did(party) >= before + more)
        pause(delay_s)
        self.nodes[party].end(signal.SIGKILL)
        self.kills += 1
        self.nodes[party].start()

    def _did(self, party: str) -> int:
        assert self.people[party].is_working, f"the people of {party} do nothing any more"
        return len(self.people[party].done)

    def settle(self) -> None:
        """Let everything come to its end that was begun."""
        for people in self.people.values():
            people.writing.clear()
        self.until("both sides to hold the same", self._is_settled)

    def until(self, what: str, is_so: Callable[[], bool]) -> None:
        """Wait for either node, as long as both live."""
        until(what, is_so, alive=list(self.nodes.values()))

    def _is_settled(self) -> bool:
        told = [settled_state(self.people[party]) for party in PARTIES]
        return told[0] is not None and told[0] == told[1] and not any(told[0].values())


def settled_state(people: People) -> dict[str, bool] | None:
    """Each message and whether it is open, as a node tells; None where some wait, or it does."""
    try:
        return _told_state(people)
    except httpx.HTTPError:
        return None


def _told_state(people: People) -> dict[str, bool] | None:
    found: dict[str, bool] = {}
    with closing(people.client()) as http:
        peers = http.get("/peers").raise_for_status().json()
        if sum(each["waiting"] for each in peers["items"]):
            return None
        query = {"line": LINE, "code": CODE, "limit": "100"}
        while True:
            page = http.get("/messages", params=query).raise_for_status().json()
            found |= {each["id"]: each["life"]["is_open"] for each in page["items"]}
            if not page["next"]:
                return found
            query["cursor"] = page["next"]


@contextmanager
def serving(folder: Path, seed: str) -> Iterator[Pair]:
    """Two nodes that serve, with people on both sides who do not talk yet."""
    exercise = empty(build_exercise(DAY))
    clock = ExerciseClock(exercise.now - timedelta(minutes=1))
    places = pair_places(folder, dict.fromkeys(PARTIES, 0))
    compile_kernels_once()
    make_pair(exercise, places, clock)
    clock.turn_to(exercise.now)
    window = {
        "start": iso_text(exercise.now + timedelta(hours=6)),
        "end": iso_text(exercise.now + timedelta(hours=7)),
    }
    nodes = {
        party: Served(partial(_arguments, place, clock), folder / f"{party}.log")
        for party, place in places.items()
    }
    people = {party: People(party, place, seed, window) for party, place in places.items()}
    with ExitStack() as stack:
        for node in nodes.values():
            node.start()
            stack.callback(node.stop)
        yield Pair(clock, places, nodes, people)


def _arguments(place: Place, clock: ExerciseClock) -> Sequence[str]:
    """How a node is served, at the time that it is by then."""
    return serve_arguments(place, clock.now())


@contextmanager
def talking(folder: Path, seed: str) -> Iterator[Pair]:
    """Two nodes that serve, and people on both sides who talk until the block ends."""
    with serving(folder, seed) as pair, ExitStack() as stack:
        for each in pair.people.values():
            each.start()
            stack.callback(each.stop)
        yield pair


def killed_pair(folder: Path, first: int, kills: int) -> Ended:
    """Kill a new pair so often; what it came to."""
    with talking(folder, f"pair {first}") as pair:
        for kill in range(first, first + kills):
            pair.kill(f"kill {kill}")
        pair.settle()
    refused = [f"refused: {each}" for people in pair.people.values() for each in people.refused]
    figures, faults = looked_at(pair.places, pair.done)
    return Ended(figures._replace(kills=pair.kills), refused + faults)


def looked_at(places: Mapping[str, Place], done: Sequence[Done]) -> Ended:
    """What both stores hold, against what the nodes had said they did; none may run."""
    with ExitStack() as stack:
        views = {
            party: stack.enter_context(stack.enter_context(read_store(place.folder.store)).view())
            for party, place in places.items()
        }
        ended = compared(views, done)
    faults = [
        f"{party}'s ledger does not verify: {told}"
        for party, place in places.items()
        if (told := ledger_faults(place.folder.path))
    ]
    return Ended(ended.figures, ended.faults + faults)


def compared(views: Mapping[str, View], done: Sequence[Done]) -> Ended:
    """What is lost and what is there twice."""
    lost, twice, faults = [], [], []
    held = {party: messages(view) for party, view in views.items()}
    released = {each.message: each.party for each in done if each.kind == "release"}
    for party, view in views.items():
        came = came_as_new(view)
        theirs = {name for name, sender in released.items() if sender != party}
        lost += [f"{party} never had message {name}" for name in sorted(theirs - came.keys())]
        twice += [f"{party} had message {name} twice" for name in theirs if came[name] > 1]
        faults += stream_faults(views[other_of(party)], view)
    for name in released:
        faults += _differences(name, [held[party].get(name) for party in PARTIES])
    for act in done:
        for party in PARTIES if act.kind not in UNTOLD else (act.party,):
            count = _times(held[party].get(act.message), act.act)
            text = f"{act.kind} of {act.party} on {act.message}: {count} times at {party}"
            lost += [text] if count < 1 else []
            twice += [text] if count > 1 else []
    figures = Figures(0, len(released), len(done), len(lost), len(twice))
    return Ended(figures, faults + lost + twice)


def messages(view: View) -> dict[str, Held]:
    """Every message on the line."""
    found: dict[str, Held] = {}
    cursor = ""
    while True:
        page = view.messages(MessageQuery(line=LINE, codes=frozenset({CODE})), cursor=cursor)
        found |= {each.id: held_of(each) for each in page.items}
        cursor = page.following
        if not cursor:
            return found


def _differences(name: str, told: Sequence[Held | None]) -> list[str]:
    ours, theirs = told
    if ours is None or theirs is None:
        return [f"message {name} is on one side only"]
    faults = []
    if ours.stored.content != theirs.stored.content:
        faults.append(f"message {name} says something else on the other side")
    if ours.life.state is not theirs.life.state:
        faults.append(f"message {name} is {ours.life.state} and {theirs.life.state}")
    return faults


def _times(held: Held | None, act: str) -> int:
    return 0 if held is None else Counter(step.act_id for step in held.life.history)[act]


def other_of(party: str) -> str:
    return PARTIES[1 - PARTIES.index(party)]


def _said(kills: int, came_to: Sequence[Figures]) -> str:
    del kills
    total = sum(came_to, Figures())
    return ", ".join(f"{name} {count}" for name, count in total._asdict().items())


if __name__ == "__main__":
    sys.exit(run_all(killed_pair, _said, usual=30, together=KILLS_A_PAIR))
