"""One small airspace for all tests of a file; each test flies at a place of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
