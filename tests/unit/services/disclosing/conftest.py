"""What most tests of what is told begin with; a file with another beginning makes its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from unit.services.disclosing.answering_pair import BLUE, NEAR, Asking, asking_nodes


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    """Two nodes, each with a flight; the two flights are too close to each other."""
    with asking_nodes(tmp_path) as made:
        made.file(made.blue, BLUE)
        made.file(made.amber, NEAR)
        yield made
