"""Kill a USS that publishes, again and again, and look at what the service and others have then.

From the folder `tests`:  python -m fault.uss.crash_runs 100

Real processes: an issuer of tokens, a discovery service, the USS. People publish, move, activate,
withdraw and end. Some kills come without warning after some of what was done and a moment more;
others exactly when the service has answered and nobody got it, or when what was asked is still
under way and reaches the service after the USS is back.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from fault.killing import chance_of, ledger_faults, pause, run_all, until
from fault.uss.airspace import (
    Airspace,
    airspace_in,
    found,
    listening,
    subscribed,
    told_to_peer,
)
from fault.uss.crash_operators import GONE, LIVE, PRIORITY, Operators
from fault.uss.crash_wire import SORTS, Named

KILLS_TOGETHER = 10
PLACES = 3
MOMENTS = ("anywhere", "answer", "answer", "request")
"""When the USS is killed: how often each, of so many."""


class Figures(NamedTuple):
    """What runs came to.

    Attributes:
        kills: how often the USS was killed.
        unheard: how many of them when the service's answer was on its way.
        late: how many of them when what was asked reached the service afterwards.
        acts: how much a person was told is done.
        named: how many subscribers the service named.
        lost: of those, and of what was released; must be 0.
        loose: left at the service and nobody's; must be 0.
    """

    kills: int = 0
    unheard: int = 0
    late: int = 0
    acts: int = 0
    named: int = 0
    lost: int = 0
    loose: int = 0

    def __add__(self, other: object) -> Figures:
        assert isinstance(other, Figures)
        return Figures(*(a + b for a, b in zip(self, other, strict=True)))


@dataclass
class Run:
    """An airspace, its people, and how to kill the USS.

    Attributes:
        airspace: where.
        people: who works there.
        kills: of which kind how many there were.
    """

    airspace: Airspace
    people: Sequence[Operators]
    kills: dict[str, int] = field(default_factory=dict)

    @property
    def acts(self) -> int:
        return sum(each.acts for each in self.people)

    def kill(self, moment: str, sort: str, chance: bytes) -> None:
        """Kill the USS at a moment of its work, and start it again."""
        wire, node = self.airspace.wire, self.airspace.node
        if moment == "anywhere":
            self._did(chance[1] % 12)
        else:
            wire.hold(moment, sort)
            self.until(f"the {moment} of what is {sort}", wire.held.is_set)
        pause(chance[2] / 2_000)
        node.end(signal.SIGKILL)
        self.kills[moment] = self.kills.get(moment, 0) + 1
        if moment == "answer":
            wire.forget_hold()
        node.start()
        until("the USS to serve", self.airspace.answers, alive=[node])
        if moment == "request":
            pause(chance[3] / 200)
            wire.forget_hold()

    def _did(self, more: int) -> None:
        before = self.acts
        self.until(f"{more} more to be done", lambda: self.acts >= before + more)

    def until(self, what: str, is_so: Any) -> None:
        def still() -> bool:
            assert all(each.is_working for each in self.people), "nobody works any more"
            return bool(is_so())

        until(what, still, alive=[self.airspace.node])

    def settle(self) -> None:
        """Let everything come to its end that was begun."""
        for each in self.people:
            each.writing.clear()
        self.until("people to be done", lambda: all(each.is_idle for each in self.people))
        self.until("nothing to be open", lambda: not open_in(self.airspace) and not self._faults())

    def _faults(self) -> list[str]:
        """What is not there yet; at the end of its patience the run says what it is."""
        return looked_at(self).faults

    def looked_at_last(self) -> Looked:
        """What is wrong once everything had its time; what stays wrong is told."""
        with suppress(TimeoutError):
            self.settle()
        return looked_at(self)


class Looked(NamedTuple):
    """What was found: figures, and what is wrong."""

    figures: Figures
    faults: list[str]


def open_in(airspace: Airspace) -> int:
    """How much the USS has still to settle or to tell; more than nothing where it is starting.

    What is gone and only looked for a while is no more open: were it there, it would be found.
    """
    try:
        with closing(airspace.client()) as http:
            told = http.get("/f3548").raise_for_status().json()
    except httpx.HTTPError:
        return 1
    unsettled = [each for each in told["intents"] if not each["is_settled"]]
    waited_for = [each for each in unsettled if each["is_wanted"] or each["version"]]
    return int(told["waiting"]) + len(waited_for)


def looked_at(run: Run) -> Looked:
    """What the service and the peer hold, against what people were told is done."""
    airspace = run.airspace
    dss = airspace.as_node.dss
    references = found(dss.query_intents)
    held = {name: each for name, each in references.items() if each.manager == "node"}
    released = {name: what for each in run.people for name, what in each.done.items()}
    lost = [f"{name} was published and is not there" for name in wanted_of(released) - held.keys()]
    loose = [f"{name} is there and should not be" for name in held.keys() - wanted_of(released)]
    never = {name for each in run.people for name in each.never}
    loose += [f"{name} was never released" for name in never & airspace.wire.made]
    own = {each.subscription_id for each in held.values()}
    loose += [
        f"subscription {name} is nobody's" for name in found(dss.query_subscriptions).keys() - own
    ]
    faults = [fault for each in held.values() for fault in shown_faults(airspace, each)]
    lost += untold(airspace.wire.named, told_to_peer(airspace), airspace.peer.base_url)
    constraint_lost, constraint_loose = constraint_faults(run)
    lost, loose = lost + constraint_lost, loose + constraint_loose
    refused = [f"refused: {each}" for people in run.people for each in people.refused]
    refused += [f"{each.number} are not done" for each in run.people if not each.is_idle]
    figures = Figures(
        kills=sum(run.kills.values()),
        unheard=run.kills.get("answer", 0),
        late=run.kills.get("request", 0),
        acts=run.acts,
        named=len(airspace.wire.named),
        lost=len(lost),
        loose=len(loose),
    )
    return Looked(figures, lost + loose + faults + refused)


def wanted_of(released: Mapping[str, str]) -> set[str]:
    return {name for name, what in released.items() if what == LIVE}


def shown_faults(airspace: Airspace, reference: Any) -> Iterator[str]:
    """What the USS shows of an intent, against what the service says of it."""
    try:
        told = airspace.as_peer.peers.intent(airspace.base_url, reference.id)
    except Exception as error:  # noqa: BLE001  (whatever it is, it is told)
        yield f"{reference.id} is not shown: {error}"
        return
    for name in ("version", "ovn", "state", "time_start", "time_end"):
        here, there = getattr(told.reference, name), getattr(reference, name)
        if here != there:
            yield f"{name} of {reference.id} is shown as {here}, the service has {there}"
    if told.details.priority != PRIORITY:
        yield f"{reference.id} is shown with priority {told.details.priority}"


def untold(named: Sequence[Named], told: Sequence[Any], base_url: str) -> list[str]:
    """Subscribers that the service named and that were not told, as often as it is so."""
    highest: dict[tuple[str, str], int] = {}
    last: dict[str, Any] = {}
    for each in told:
        entity = each.get("operational_intent_id") or each["constraint_id"]
        last[entity] = each
        for one in each["subscriptions"]:
            key = entity, one["subscription_id"]
            highest[key] = max(highest.get(key, -1), one["notification_index"])
    faults = [
        f"{each.subscription} was not told with {each.number} of version {each.version} of "
        f"{each.entity}, gone: {each.is_gone}"
        for each in list(named)
        if each.base_url == base_url
        and highest.get((each.entity, each.subscription), -1) < each.number
    ]
    return faults + [
        f"the last that was told of {each.entity} is not that it is gone"
        for each in {each.entity: each for each in list(named)}.values()
        if each.is_gone and _record_in(last.get(each.entity, {})) is not None
    ]


def _record_in(told: Mapping[str, Any]) -> Any:
    return told.get("operational_intent") or told.get("constraint")


def constraint_faults(run: Run) -> tuple[list[str], list[str]]:
    """Zones that were published and are not there; constraints that are there and nobody's."""
    references = found(run.airspace.as_node.dss.query_constraints)
    there = {name: each for name, each in references.items() if each.manager == "node"}
    try:
        with closing(run.airspace.client()) as http:
            shown = http.get("/f3548").raise_for_status().json()["constraints"]
    except httpx.HTTPError:
        return [], ["the USS does not say what it publishes"]
    zones = {zone: what for each in run.people for zone, what in each.zones.items()}
    known = {each["zone"]: each["id"] for each in shown}
    lost = [
        f"zone {zone} was published and is not there"
        for zone, what in zones.items()
        if what == LIVE and known.get(zone) not in there
    ]
    loose = [
        f"zone {zone} is there" for zone, what in zones.items() if what == GONE and zone in known
    ]
    loose += [f"constraint {each} is nobody's" for each in there.keys() - set(known.values())]
    versions = {each["id"]: each["version"] for each in shown}
    lost += [
        f"constraint {each.id} is version {each.version}, here {versions.get(each.id)}"
        for each in there.values()
        if versions.get(each.id) != each.version
    ]
    return lost, loose


@contextmanager
def flown(folder: Path, seed: str) -> Iterator[Run]:
    """An airspace whose people work until the block ends."""
    with airspace_in(folder) as airspace, ExitStack() as stack:
        listening(airspace)
        subscribed(airspace)
        airspace.node.start()
        stack.callback(airspace.node.stop)
        until("the USS to serve", airspace.answers, alive=[airspace.node])
        people = [Operators(number, seed, airspace.client) for number in range(PLACES)]
        for each in people:
            each.start()
            stack.callback(each.stop)
        yield Run(airspace, people)


def killed_uss(folder: Path, first: int, kills: int) -> tuple[Figures, list[str]]:
    """Kill a new USS so often; what it came to."""
    with flown(folder, f"uss {first}") as run:
        for number in range(first, first + kills):
            chance = chance_of(f"uss kill {number}")
            moment = MOMENTS[number % len(MOMENTS)]
            run.kill(moment, SORTS[chance[0] % len(SORTS)], chance)
        looked = run.looked_at_last()
    broken = ledger_faults(folder / "node")
    return looked.figures, looked.faults + ([f"the ledger: {broken}"] if broken else [])


def _said(kills: int, came_to: Sequence[Figures]) -> str:
    del kills
    total = sum(came_to, Figures())
    return ", ".join(f"{name} {count}" for name, count in total._asdict().items())


if __name__ == "__main__":
    sys.exit(run_all(killed_uss, _said, usual=50, together=KILLS_TOGETHER))
