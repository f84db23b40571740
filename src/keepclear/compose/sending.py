"""One thread that delivers what waits on a line, and tries again for as long as it takes."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event
from typing import NamedTuple

from keepclear.compose.attempting import attempted, tell
from keepclear.errors import PeerRefused
from keepclear.logs import say
from keepclear.model.line import Line
from keepclear.ports.peers import Peers
from keepclear.services.line.delivering import Delivered, Gap, deliver
from keepclear.services.line.pairing import line_of
from keepclear.services.node import Node

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
LONGEST_FLASH_DELAY_S = 5.0
"""A failed attempt is repeated after this, doubled each time up to a longest."""
LEAST_PAUSE_S = 0.25
"""Nothing makes a failed attempt be repeated sooner."""
IDLE_S = 60.0
"""Even where nobody rings, it looks after so long."""


class Sending(NamedTuple):
    """What a sender works with.

    Attributes:
        node: ours.
        peers: how nodes are reached.
        stop: set once it must end.
        ear: set whenever there may be something to send.
    """

    node: Node
    peers: Peers
    stop: Event
    ear: Event


@dataclass(slots=True)
class Sender:
    """Delivers on one line: FLASH alone, or all else.

    Attributes:
        sending: what it works with.
        line: which line; its address is read anew at each attempt.
        flash: whether it is the one for FLASH.
    """

    sending: Sending
    line: Line
    flash: bool
    _again: tuple[Gap, ...] = ()
    _delay_s: float = 0.0
    _peer_epoch: int | None = None
    _probe: bool = True
    _has_more: bool = False

    def run(self) -> None:
        """Deliver until told to stop."""
        while not self.sending.stop.is_set():
            self.sending.ear.clear()
            if self._attempt():
                continue
            if self._delay_s:
                self.sending.stop.wait(LEAST_PAUSE_S)
                self.sending.ear.wait(max(0.0, self._delay_s - LEAST_PAUSE_S))
            else:
                self.sending.ear.wait(IDLE_S)

    def _attempt(self) -> bool:
        """Try once; whether there is more to do at once."""
        self._has_more = False
        error = attempted(self._deliver)
        if error is not None:
            self._failed(error)
        return self._has_more

    def _deliver(self) -> None:
        done = deliver(
            self.sending.node,
            self.line.id,
            self.sending.peers,
            flash=self.flash,
            again=self._again,
            probe=self._is_probe_due(),
        )
        self._has_more = self._succeeded(done)

    def _succeeded(self, done: Delivered) -> bool:
        if self._delay_s:
            say("line answers again", party=self.line.them)
        self._probe = False
        is_stuck = bool(done.sent) and not done.settled and done.missing == self._again
        self._again = () if self.flash else done.missing
        if is_stuck:
            # It answered, and took nothing: sending the same at once would change nothing.
            self._delay_s = LONGEST_DELAY_S
            return False
        self._delay_s = 0.0
        return bool(self._again or done.more)

    def _failed(self, error: Exception) -> None:
        if not self._delay_s:
            tell("line does not deliver", error, party=self.line.them)
        longest_s = LONGEST_FLASH_DELAY_S if self.flash else LONGEST_DELAY_S
        self._delay_s = min(longest_s, max(FIRST_DELAY_S, 2 * self._delay_s))
        if isinstance(error, PeerRefused) and error.retry_after_s:
            self._delay_s = min(longest_s, error.retry_after_s)
        # After a silence the other node may have been restored: ask how far it is.
        self._probe = not self.flash

    def _is_probe_due(self) -> bool:
        """Whether to ask how far the other node is: at first, and once it begins a new epoch."""
        if self.flash:
            return False
        with self.sending.node.store.view() as view:
            is_reached = bool(line_of(view, self.line.id).peer.url)
            found = view.streams(self.line.id, outgoing=False)
        if not is_reached:
            return False
        epoch = found[-1].epoch if found else None
        is_new = epoch is not None and self._peer_epoch not in (None, epoch)
        self._peer_epoch = epoch
        return self._probe or is_new
