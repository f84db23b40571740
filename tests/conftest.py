"""How hypothesis runs, and where the research data is, for every test."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A compiled kernel's first call takes seconds, so no example has a deadline.
settings.register_profile(
    "fast",
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("dev", max_examples=200, deadline=None)
settings.register_profile("nightly", max_examples=5_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))

ROOT = Path(__file__).resolve().parent.parent


def pytest_xdist_auto_num_workers() -> int:
    """Half as many workers again as there are cores: many tests wait for nodes and browsers."""
    cores = os.cpu_count() or 1
    return cores + cores // 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Another order for each `SHUFFLE`: no test may need what another one left, or its absence."""
    word = os.environ.get("SHUFFLE")
    if word:
        items.sort(key=lambda each: hashlib.sha256(f"{word} {each.nodeid}".encode()).digest())


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of research data beside the repository; skips where it is not."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"the research data is not on this machine (no folder {folder.name} beside)")
    return folder
