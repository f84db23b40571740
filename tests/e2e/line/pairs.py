"""Two nodes as real processes, brought into contact by commands as two parties would by hand."""

from __future__ import annotations

import json
import socket
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2e.node.processes import Node

PATIENCE_S = 60.0
LINE = "AMBER-BLUE"


@dataclass
class Party:
    """One side.

    Attributes:
        node: its node.
        peers_port: where the other side reaches it.
    """

    node: Node
    peers_port: int

    @property
    def options(self) -> tuple[str, str]:
        return "--peers-port", str(self.peers_port)

    def said(self, *arguments: str) -> str:
        """What a command printed; it must have gone well."""
        done = self.node.run(*arguments)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return done.stdout

    def get(self, path: str, **query: str) -> Any:
        with self.node.http() as http:
            return http.get(f"/api/v1{path}", params=query).raise_for_status().json()

    def release(self, precedence: str = "ROUTINE") -> str:
        """Write a message and release it; its id."""
        name = str(uuid.uuid4())  # noqa: TID251  (a client chooses the id)
        act = str(uuid.uuid4())  # noqa: TID251
        document = {
            "code": "M22",
            "line": LINE,
            "precedence": precedence,
            "from_role": "duty officer",
            "to_role": "duty officer",
            "fields": {
                "about": name,
                "text": "They spoke for 50 minutes.",
                "points": ["contact restored"],
                "correction_asked": False,
            },
        }
        with self.node.http() as http:
            path = f"/api/v1/messages/{name}"
            http.put(path, json=document, headers={"if-none-match": "*"}).raise_for_status()
            body = {"kind": "release", "role": "duty officer"}
            http.put(f"{path}/acts/{act}", json=body).raise_for_status()
        return name

    def came(self) -> list[str]:
        """The ids of the messages that came over the line."""
        found = self.get("/messages", line=LINE, code="M22", outgoing="false", limit="500")
        return sorted(each["id"] for each in found["items"])

    def waiting(self) -> int:
        return sum(each["waiting"] for each in self.get("/peers")["items"])


def until(what: Callable[[], bool]) -> None:
    """Wait for another process, which nobody can step."""
    ends_s = time.perf_counter() + PATIENCE_S
    while not what():
        assert time.perf_counter() < ends_s
        time.sleep(0.05)


def made_pair(folder: Path) -> tuple[Party, Party]:
    """BLUE and AMBER, each with the line to the other, made by commands alone."""
    blue = Party(Node(folder / "blue"), free_port())
    amber = Party(Node(folder / "amber"), free_port())
    agreement = str(folder / "agreement.toml")
    for party, side in (("BLUE", blue), ("AMBER", amber)):
        side.said("init", "--party", party, "--mode", "EXERCISE")
    blue.said("agreement", "new", "--id", "MEMO", "-o", agreement)
    for name, side in (("blue", blue), ("amber", amber)):
        side.said("agreement", "file", agreement)
        side.said("agreement", "sign", "MEMO", "-o", str(folder / f"{name}.signature"))
        url = f"http://127.0.0.1:{side.peers_port}"
        side.said("keys", "card", "--url", url, "-o", str(folder / f"{name}.card"))
    for name, side, other in (("amber", blue, amber), ("blue", amber, blue)):
        side.said("agreement", "accept", str(folder / f"{name}.signature"))
        heard = json.loads(other.said("keys", "show", "--json"))["root_fingerprint"]
        card = str(folder / f"{name}.card")
        side.said("peer", "add", card, "--agreement", "MEMO", "--fingerprint", heard)
    return blue, amber


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
