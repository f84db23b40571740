"""Kill either node of a pair that talks, again and again, and look at what both have then.

From the folder `tests`:  python -m fault.line.crash_runs 30

Two processes serve BLUE's and AMBER's node; people on both sides release, acknowledge, read
back and answer over HTTP. Each kill comes without warning, after some of what they did and a
moment more, both different each time; sometimes while the node is still starting. A pair is
killed several times, so that a crash follows a crash.
"""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

import httpx

from drill.conftest import DAY, empty
from e2e.node.processes import COMMAND
from fault.line.crash_people import CODE, Done, People
from fault.line.matrix_sameness import came_as_new, stream_faults
from keepclear.cli.exercise_pair import Place, make_pair, pair_places, serve_arguments
from keepclear.cli.progress import compile_kernels_once
from keepclear.compose.machine import ExerciseClock, forward_seconds
from keepclear.compose.opening import read_store
from keepclear.exercise.generating import build_exercise
from keepclear.formats.times import iso_text
from keepclear.ports.line_store import MessageQuery
from keepclear.ports.store import View
from keepclear.services.line.messaging import Held, held_of
from line_fixture import LINE

KILLS_A_PAIR = 6
PATIENCE_S = 120.0
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
class Served:
    """One node as a process.

    Attributes:
        place: where it is.
        clock: of the exercise, which goes on while it is dead.
        process: what serves it; None while nothing does.
    """

    place: Place
    clock: ExerciseClock
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*COMMAND, *serve_arguments(self.place, self.clock.now())],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def require_alive(self) -> None:
        ended = self.process is not None and self.process.poll() is not None
        assert not ended, f"it ended by itself: {self.log.read_text()[-2_000:]}"

    def end(self, number: int) -> None:
        """End it by a signal; it must not have ended by itself."""
        self.require_alive()
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(number)
        process.wait(timeout=60.0)

    def stop(self) -> None:
        self.end(signal.SIGTERM)


@dataclass
class Pair:
    """Two nodes, their people, and how to end either.

    Attributes:
        nodes, people: by party.
        kills: how many there were.
    """

    nodes: Mapping[str, Served]
    people: Mapping[str, People]
    kills: int = 0
    _never: Event = field(default_factory=Event)

    @property
    def done(self) -> list[Done]:
        return [each for people in self.people.values() for each in list(people.done)]

    def kill(self, seed: str) -> None:
        """Kill one of the nodes after it did some more, and a moment more; start it again."""
        chance = hashlib.sha256(seed.encode()).digest()
        party = PARTIES[chance[0] % 2]
        before, more, delay_s = self._did(party), chance[1] % 24, chance[2] / 500
        self.until(f"{party} to do {more} more", lambda: self._did(party) >= before + more)
        self._never.wait(delay_s)  # a moment that is no multiple of anything the node does
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
        """Wait for other processes, which nobody can step, as long as they live."""
        ends_s = forward_seconds() + PATIENCE_S
        while not is_so():
            for node in self.nodes.values():
                node.require_alive()
            if forward_seconds() > ends_s:
                raise TimeoutError(f"waited in vain for {what}")
            self._never.wait(0.05)

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
        party: Served(place, clock, folder / f"{party}.log") for party, place in places.items()
    }
    people = {party: People(party, place, seed, window) for party, place in places.items()}
    with ExitStack() as stack:
        for node in nodes.values():
            node.start()
            stack.callback(node.stop)
        yield Pair(nodes, people)


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
        places = {party: node.place for party, node in pair.nodes.items()}
    refused = [f"refused: {each}" for people in pair.people.values() for each in people.refused]
    figures, faults = looked_at(places, pair.done)
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
        if (told := ledger_faults(place))
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


def ledger_faults(place: Place) -> str:
    """What the command that verifies a ledger finds; empty where all holds."""
    folder = str(place.folder.path)
    command = [*COMMAND, "ledger", "verify", "--signatures", "--json", "--node", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told: dict[str, Any] = json.loads(done.stdout or "{}")
    holds = told.get("holds") is True and not any(each["breaks"] for each in told["faults"])
    return "" if holds else done.stdout + done.stderr


def other_of(party: str) -> str:
    return PARTIES[1 - PARTIES.index(party)]


def main() -> int:
    """So many kills as the first word says; 30 without."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    total = Figures()
    for first in range(0, kills, KILLS_A_PAIR):
        with tempfile.TemporaryDirectory() as folder:
            count = min(KILLS_A_PAIR, kills - first)
            figures, faults = killed_pair(Path(folder), first, count)
        total += figures
        if faults:
            sys.stdout.write("\n".join(faults) + "\n")
            return 1
    said = ", ".join(f"{name} {count}" for name, count in total._asdict().items())
    sys.stdout.write(said + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
