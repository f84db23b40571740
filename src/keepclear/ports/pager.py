"""What wakes people who are not at the screen."""

from __future__ import annotations

from typing import Protocol


class Pager(Protocol):
    """Reaches whoever must be reached; a node without one is None."""

    def page(self, level: int, text: str) -> None:
        """Tell the people of a level of the escalation ladder.

        Raises:
            PeerTrouble: nobody was reached; the caller notes it and goes on.
        """
        ...
