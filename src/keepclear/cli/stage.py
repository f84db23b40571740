"""Two running nodes as the stage on which the exercise's script is played, over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx

from keepclear import compose
from keepclear.compose.machine import ExerciseClock, forward_seconds
from keepclear.errors import InvalidInput, NodeFault, NodeUnreachable, PeerSilent
from keepclear.formats.times import iso_text

PATIENCE_S = 60.0
"""So long something may take to come over the line, in real time."""
_LOOK_EVERY_S = 0.05


class HttpStage:
    """Fits the `Stage` port of the exercise."""

    def __init__(self, nodes: Mapping[str, httpx.Client], clock: ExerciseClock) -> None:
        """Play on these nodes.

        Args:
            nodes: a client for each party, with its token.
            clock: the clock of the conductor, turned together with theirs.
        """
        self.nodes = nodes
        self.clock = clock
        self._entropy = compose.entropy()

    def now(self) -> datetime:
        """The moment of the exercise."""
        return self.clock.now()

    def turn_to(self, at: datetime) -> None:
        """Have all clocks go on from a later moment.

        Whoever else has the conductor's clock (the issuer of tokens) waits meanwhile, so that
        nothing is dated before the turn and judged after it.
        """
        with self.clock.held():
            for party in self.nodes:
                self.put(party, "/exercise/clock", {"now": iso_text(at)})
            self.clock.turn_to(at)

    def new_id(self) -> str:
        """A fresh UUID."""
        return self._entropy.new_id()

    def get(self, party: str, path: str, /, **query: str) -> Any:
        """What a party's node answers."""
        return self._ask(party, "GET", path, params=query)

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
        """Put something on a party's node."""
        headers = {"keepclear-actor": quote(actor)} if actor else {}
        if version is not None:
            headers["if-match"] = f'"{version}"'
        if is_new:
            headers["if-none-match"] = "*"
        return self._ask(party, "PUT", path, json=body, headers=headers)

    def post(self, party: str, path: str, body: Mapping[str, Any]) -> Any:
        """Ask a question that needs a body."""
        return self._ask(party, "POST", path, json=body)

    def until(self, what: str, found: Callable[[], Any]) -> Any:
        """Ask again and again until there is something; what that is."""
        ends_s = forward_seconds() + PATIENCE_S
        while True:
            if seen := found():
                return seen
            if forward_seconds() > ends_s:
                raise PeerSilent(f"{what} did not come within {PATIENCE_S:.0f} s")
            time.sleep(_LOOK_EVERY_S)

    def _ask(self, party: str, method: str, path: str, **sent: Any) -> Any:
        response = self.asked(party, method, path, **sent)
        return response.json() if response.content else None

    def asked(self, party: str, method: str, path: str, **sent: Any) -> httpx.Response:
        """A party's node's answer to a request, whatever it holds.

        Raises:
            NodeUnreachable: it does not answer.
            InvalidInput, NodeFault: it refuses, or fails.
        """
        try:
            response = self.nodes[party].request(method, f"/api/v1{path}", **sent)
        except httpx.HTTPError as error:
            raise NodeUnreachable(f"{party}'s node does not answer: {error}") from None
        if response.is_success:
            return response
        said = response.json() if "json" in response.headers.get("content-type", "") else {}
        text = f"{party}: {method} {path}: {said.get('detail', response.status_code)}"
        kind = InvalidInput if response.status_code < 500 else NodeFault
        raise kind(text, remedy=said.get("remedy"))
