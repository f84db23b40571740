"""A node that can be asked, new for each test, and one that a whole file shares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.asking import Asked, asked_node


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    with asked_node(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def shared_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """For tests that only read, or do not mind what others wrote."""
    with asked_node(tmp_path_factory.mktemp("node")) as made:
        yield made
