"""A discovery service that can be asked, new for each test, and one that a file shares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from f3548.asking import AskedDss, asked_dss


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[AskedDss]:
    with asked_dss(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def shared_dss(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AskedDss]:
    """For tests that only read, or do not mind what others wrote."""
    with asked_dss(tmp_path_factory.mktemp("dss")) as made:
        yield made
