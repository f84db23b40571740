"""What the script of the article needs of the two nodes it is played on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol


class Stage(Protocol):
    """Two nodes in one exercise, and the clock they share."""

    def now(self) -> datetime:
        """The moment of the exercise. Never absent."""
        ...

    def turn_to(self, at: datetime) -> None:
        """Have both clocks go on from a later moment."""
        ...

    def new_id(self) -> str:
        """A fresh UUID for what a step makes."""
        ...

    def get(self, party: str, path: str, /, **query: str) -> Any:
        """What a party's node answers. Raises KeepclearError for a refusal."""
        ...

    def put(
        self,
        party: str,
        path: str,
        body: Mapping[str, Any],
        *,
        version: int | None = None,
        is_new: bool = False,
        actor: str = "",
    ) -> Any:
        """Put something on a party's node. Raises KeepclearError for a refusal."""
        ...

    def until(self, what: str, found: Callable[[], Any]) -> Any:
        """Ask again and again until there is something; what that is.

        Raises:
            PeerSilent: it did not come within a minute of real time; `what` says what.
        """
        ...
