"""A transport that loses, delays, repeats, reorders, damages and cuts, by a seeded plan."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from keepclear.errors import InvalidMessage, PeerNonsense, PeerSilent
from keepclear.formats.documents.delivery import handed_of
from keepclear.ports.peers import PeerAddress, Peers


class Fault(StrEnum):
    """What happens to one delivery."""

    NONE = "none"
    DROP = "drop"
    """It never arrives."""
    DROP_ANSWER = "drop the answer"
    """It arrives, its receipts do not."""
    DELAY = "delay"
    """It arrives behind the next one; nobody waits for its receipts."""
    DUPLICATE = "duplicate"
    """It arrives twice."""
    REORDER = "reorder"
    """Those delayed so far arrive the other way round, then it."""
    CORRUPT = "corrupt"
    """Some of its bytes are others."""
    CUT = "cut"
    """It ends in the middle."""
    CORRUPT_ANSWER = "corrupt the answer"
    """It arrives, some bytes of its receipts are others."""
    CUT_ANSWER = "cut the answer"
    """It arrives, its receipts end in the middle."""


FAULTS = tuple(Fault)


class FaultyPeers:
    """Fits the `Peers` port around another; has each delivery meet the next fault of its plan.

    Attributes:
        met: how often each fault was met.
    """

    def __init__(self, peers: Peers, plan: Sequence[tuple[Fault, int]]) -> None:
        self._peers = peers
        self._plan = list(plan)
        self._late: list[tuple[PeerAddress, bytes, bool]] = []
        self.met: dict[Fault, int] = dict.fromkeys(Fault, 0)

    def hello(self, address: PeerAddress) -> bytes:
        return self._peers.hello(address)

    def deliver(self, address: PeerAddress, body: bytes, *, flash: bool = False) -> bytes:
        fault, place = self._plan.pop(0) if self._plan else (Fault.NONE, 0)
        self.met[fault] += 1
        match fault:
            case Fault.DROP:
                raise PeerSilent("lost")
            case Fault.DELAY:
                self._late.append((address, body, flash))
                raise PeerSilent("late")
            case Fault.CORRUPT | Fault.CUT:
                self._damaged(address, body, flash=flash, cut=fault is Fault.CUT, place=place)
            case Fault.REORDER:
                self.release()
            case Fault.DUPLICATE:
                self._peers.deliver(address, body, flash=flash)
            case _:
                pass
        answer = self._peers.deliver(address, body, flash=flash)
        if fault is Fault.DROP_ANSWER:
            raise PeerSilent("the answer is lost")
        if fault is Fault.CUT_ANSWER:
            return answer[: place % max(1, len(answer))]
        return flipped(answer, place) if fault is Fault.CORRUPT_ANSWER else answer

    def release(self) -> None:
        """Have everything late arrive, the last first."""
        while self._late:
            address, body, flash = self._late.pop()
            self._peers.deliver(address, body, flash=flash)

    def _damaged(
        self, address: PeerAddress, body: bytes, *, flash: bool, cut: bool, place: int
    ) -> None:
        """Hand over something damaged; a node refuses it before anything is looked at."""
        given = body[: place % len(body)] if cut else flipped(body, place)
        try:
            handed_of(given)
        except InvalidMessage as error:
            raise PeerNonsense(error.message) from None
        self._peers.deliver(address, given, flash=flash)
        raise PeerSilent("damaged")


def flipped(data: bytes, place: int) -> bytes:
    """The bytes with one of them another."""
    at = place % len(data)
    return data[:at] + bytes([data[at] ^ 0x15]) + data[at + 1 :]
