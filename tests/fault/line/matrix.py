"""Two nodes whose transport is faulty both ways until it heals; nothing here is under test."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Final

from fault.line.faulty_peers import Fault, FaultyPeers
from keepclear.compose.sending import Sender, Sending
from keepclear.contact.life import allowed
from keepclear.errors import PeerRefused, PeerTrouble
from keepclear.formats.documents.delivery import handed_of
from keepclear.model.message_life import ActKind
from keepclear.model.operation import Precedence
from keepclear.ports.peers import PeerAddress
from keepclear.services.line.admitting import admit
from keepclear.services.line.messaging import Held, find
from keepclear.services.line.ticking import tick
from line_fixture import LINE, Side, taken_by, two_nodes

FAULTS: Final[dict[str, tuple[Fault, ...]]] = {
    "drop": (Fault.DROP, Fault.DROP_ANSWER),
    "delay": (Fault.DELAY,),
    "duplicate": (Fault.DUPLICATE,),
    "reorder": (Fault.DELAY, Fault.REORDER),
    "corrupt": (Fault.CORRUPT, Fault.CORRUPT_ANSWER),
    "cut": (Fault.CUT, Fault.CUT_ANSWER),
}
"""What the transport does, by the name the issue gives it."""
WAYS: Final = {"ordinary": Precedence.PRIORITY, "flash": Precedence.FLASH}
LONGEST_PLAN = 300
MOST_ROUNDS = 300


class Wire:
    """Hands bodies to one node, as its peers' port does."""

    def __init__(self, receiver: Side) -> None:
        self._receiver = receiver

    def hello(self, address: PeerAddress) -> bytes:
        del address
        raise PeerRefused("nobody says hello here")

    def deliver(self, address: PeerAddress, body: bytes, *, flash: bool = False) -> bytes:
        del address, flash
        admitted = admit(self._receiver.node, handed_of(body))
        if not admitted.is_known:
            raise PeerRefused(str(admitted.reason))
        return taken_by(self._receiver, body)


class Way:
    """One direction: FLASH and all else, each with the sender that a serving node has."""

    def __init__(self, sender: Side, receiver: Side, plan: Sequence[tuple[Fault, int]]) -> None:
        self._wire = Wire(receiver)
        self._weather = FaultyPeers(self._wire, plan)
        self._peers: FaultyPeers | Wire = self._weather
        self._node, line = sender.node, sender.line()
        sending = Sending(sender.node, self, Event(), Event())
        self._senders = [Sender(sending, line, flash) for flash in (True, False)]

    def hello(self, address: PeerAddress) -> bytes:
        return self._peers.hello(address)

    def deliver(self, address: PeerAddress, body: bytes, *, flash: bool = False) -> bytes:
        return self._peers.deliver(address, body, flash=flash)

    @property
    def met(self) -> int:
        """How many deliveries met a fault."""
        return sum(count for fault, count in self._weather.met.items() if fault is not Fault.NONE)

    def heal(self) -> None:
        self._peers = self._wire

    def release(self) -> None:
        """Have what is late arrive now."""
        self._weather.release()

    def attempt(self) -> bool:
        """Have each sender try once, as its thread would; whether something is left to do."""
        left = [self._attempt(each) for each in self._senders]
        return any(left)

    @property
    def waits(self) -> bool:
        """Whether anything waits to be delivered; a machine answers checks by itself."""
        with self._node.store.view() as view:
            return view.waiting_count(LINE) > 0

    def _attempt(self, sender: Sender) -> bool:
        sender._has_more = False
        try:
            sender._deliver()
        except PeerTrouble as trouble:  # anything else is a defect, and fails the test
            sender._failed(trouble)
            return True
        return sender._has_more


@dataclass
class Rig:
    """One cell of the matrix while it is driven.

    Attributes:
        blue, amber: the nodes; BLUE's message is driven, by BLUE as sender and AMBER as receiver.
        ways: BLUE to AMBER, and back.
        precedence: of the message.
        chance: seeded numbers, the next one first.
        acts: the ids of acts that both sides must have in the end.
        sent: the ids of messages that must have come exactly once, by sender.
    """

    blue: Side
    amber: Side
    ways: tuple[Way, Way]
    precedence: Precedence
    chance: list[int]
    acts: list[str] = field(default_factory=list)
    sent: dict[str, list[str]] = field(default_factory=lambda: {"BLUE": [], "AMBER": []})

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.blue, self.amber

    def rounds(self, count: int | None = None) -> None:
        """Let senders try some times, as many as chance says; what is late may come."""
        drawn = self.chance.pop(0)
        for _ in range(drawn % 4 if count is None else count):
            for way in self.ways:
                way.attempt()
        if drawn % 3 == 0:
            for way in self.ways:
                way.release()

    def wait(self, side: Side, message: str, kind: ActKind | None = None) -> None:
        """Until a side holds a message, and may do something to it."""
        held = None
        for _ in range(MOST_ROUNDS):
            held = self.held(side, message)
            if held is not None and (kind is None or kind in allowed(held.life)):
                return
            self.rounds(1)
        raise AssertionError(f"{side.party} never came to {kind or 'it'}: {held}")

    def held(self, side: Side, message: str) -> Held | None:
        with side.node.store.view() as view:
            return find(view, message)

    def turn(self, **by: float) -> None:
        """Let time pass on both nodes, and have them do what is due."""
        for side in self.sides:
            side.clock.turn(**by)
            tick(side.node, side.node.now())

    def heal(self) -> None:
        """Have everything arrive that ever will."""
        late_first = self.chance.pop(0) % 2
        for way in self.ways:
            way.heal()
        for step in (self._release, self._drain) if late_first else (self._drain, self._release):
            step()
        self._drain()
        self.turn()
        self._drain()

    def _release(self) -> None:
        for way in self.ways:
            way.release()

    def _drain(self) -> None:
        for _ in range(MOST_ROUNDS):
            left = [way.attempt() for way in self.ways]
            if not any(left) and not any(way.waits for way in self.ways):
                return
        raise AssertionError("it never came to an end")


@contextmanager
def rig(folder: Path, fault: str, state: str, way: str) -> Iterator[Rig]:
    """A cell's two nodes and its transport; the same cell meets the same faults in every run."""
    with two_nodes(folder) as (blue, amber):
        seed = f"{fault} {state} {way}"
        ways = (
            Way(blue, amber, plan(fault, f"{seed} there")),
            Way(amber, blue, plan(fault, f"{seed} back")),
        )
        yield Rig(blue, amber, ways, WAYS[way], numbers(seed, MOST_ROUNDS * 20))


def plan(fault: str, seed: str) -> list[tuple[Fault, int]]:
    """What deliveries meet, one after the other: three of four meet a fault, the first always."""
    drawn = numbers(seed, 2 * LONGEST_PLAN)
    kinds = FAULTS[fault]
    return [
        (kinds[number % len(kinds)] if index == 0 or number % 4 else Fault.NONE, place)
        for index, (number, place) in enumerate(zip(drawn[::2], drawn[1::2], strict=True))
    ]


def numbers(seed: str, count: int) -> list[int]:
    """So many numbers below 65,536, the same for the same seed."""
    stream = hashlib.shake_256(seed.encode()).digest(2 * count)
    return [int.from_bytes(stream[at : at + 2], "big") for at in range(0, len(stream), 2)]
