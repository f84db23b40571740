"""Somebody who asks a discovery service of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dss_fixture import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path)
    yield opened
    opened.store.close()
