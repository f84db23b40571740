"""One small airspace for all tests of a file; each test flies at a place of its own."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import msgspec
import pytest

from keepclear import compose
from keepclear.compose.f3548_uss import f3548_clients, uss_settings_of
from keepclear.compose.folder import NodeFolder
from keepclear.compose.making import make_node
from keepclear.compose.opening import open_node
from keepclear.model.node import NodeKind
from keepclear.model.operation import Mode
from keepclear.services.uss import OwnPublished, Uss
from keepclear.store.exchange_files import ExchangeFiles
from uss.stranger import not_found
from uss.world import World, world


@pytest.fixture(scope="package")
def shared_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("airspace")) as made:
        yield made


@pytest.fixture
def airspace(shared_world: World) -> Iterator[World]:
    """The shared one, with a stranger that knows nothing yet."""
    yield shared_world
    shared_world.stranger.answer = not_found
    shared_world.stranger.heard.clear()


@pytest.fixture(scope="package")
def lone(shared_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Uss]:
    """A USS none of whose threads runs."""
    folder = NodeFolder(tmp_path_factory.mktemp("lone") / "node")
    make_node(folder, party="LONE", mode=Mode.EXERCISE, kind=NodeKind.INTEGRATED)
    usual = shared_world.settings["guest"]
    settings = msgspec.structs.replace(
        usual, base_url="http://127.0.0.1:1", token_parameters=("sub=lone",)
    )
    log = ExchangeFiles(folder.exchanges, compose.clock())
    with ExitStack() as stack:
        node = stack.enter_context(open_node(folder)).node
        clients = stack.enter_context(f3548_clients(settings, log, node.clock))
        pool = stack.enter_context(ThreadPoolExecutor(8))
        with node.store.view() as view:
            own = OwnPublished(view)
        yield Uss(
            node=node, dss=clients.dss, peers=clients.peers, log=log, own=own,
            settings=uss_settings_of(settings), pool=pool, ring=lambda: None,
        )  # fmt: skip
