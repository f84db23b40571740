"""Mail, out and in. A node without it has None."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol


class Letter(NamedTuple):
    """A mail that waits.

    Attributes:
        name: what the inbox calls it.
        content: as it came.
    """

    name: str
    content: bytes


class Outbox(Protocol):
    """Sends mail to the other party of a line."""

    def send(
        self, line: str, subject: str, text: str, *, attachment: tuple[str, bytes] | None = None
    ) -> str:
        """Send a mail; the address it went to.

        Raises:
            NotFound: the settings name no address for the line.
            PeerTrouble: the server did not take it, or does not answer.
        """
        ...


class Inbox(Protocol):
    """Where mail for the node comes in."""

    def letters(self) -> Iterator[Letter]:
        """Every mail that waits, the oldest first; one too large comes cut short.

        Raises:
            PeerTrouble: it does not answer.
        """
        ...

    def done(self, letter: Letter) -> None:
        """Keep that a mail was taken or refused, so that it does not come again.

        Raises:
            PeerTrouble: it does not answer; the mail comes again, which changes nothing.
        """
        ...
