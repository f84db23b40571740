"""Two nodes on a line, and what they write; nothing here is under test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from line_pair import Pair, paired_nodes


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with paired_nodes(tmp_path) as made:
        made.carry()
        yield made
