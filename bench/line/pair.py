"""Two nodes bound by a signed agreement, as processes of their own."""

from __future__ import annotations

import shutil
import socket
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from bench.node.process import Served, serving
from bench.node.stock import agreement
from keepclear.compose.folder import NodeFolder
from keepclear.compose.making import make_node
from keepclear.compose.opening import open_node
from keepclear.compose.pair_making import End, pair
from keepclear.formats.agreement import read_agreement, write_agreement
from keepclear.model.node import NodeKind
from keepclear.model.operation import Mode

LINE = "AMBER-BLUE"


class Party(NamedTuple):
    """One side.

    Attributes:
        folder: its node's.
        peers_port: where its peer reaches it.
    """

    folder: NodeFolder
    peers_port: int

    @property
    def options(self) -> tuple[str, str]:
        """What `keepclear serve` is told beside the folder."""
        return "--peers-port", str(self.peers_port)


class Pair(ExitStack):
    """BLUE and AMBER in a folder that is made anew; each served as long as it is wanted."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        toml = write_agreement(agreement(0.0, 0.0)).encode()
        self.blue = Party(NodeFolder(root / "blue"), _free_port())
        self.amber = Party(NodeFolder(root / "amber"), _free_port())
        for name, side in (("BLUE", self.blue), ("AMBER", self.amber)):
            make_node(
                side.folder,
                party=name,
                mode=Mode.EXERCISE,
                kind=NodeKind.INTEGRATED,
                agreement=toml,
            )
        with open_node(self.blue.folder) as one, open_node(self.amber.folder) as other:
            pair(
                End(self.blue.folder, one, f"http://127.0.0.1:{self.blue.peers_port}"),
                End(self.amber.folder, other, f"http://127.0.0.1:{self.amber.peers_port}"),
                read_agreement(toml, name="bench"),
            )

    def serve(self, side: Party) -> Served:
        """Run one side's node until the block ends."""
        return self.enter_context(serving(side.folder, *side.options))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
