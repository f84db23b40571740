"""Browsers for all tests of a process, one that draws the map and one that does not.

One driver starts both: a second driver in a process would not start.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from e2e.chromium import ARGUMENTS, CHROMIUM, DRAWING, NOT_DRAWING, PATIENCE_MS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    playwright.expect.set_options(timeout=PATIENCE_MS)
    with playwright.sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    """A browser on a machine that cannot draw the map; the lists hold all that stands on it."""
    yield from _started(driver, NOT_DRAWING)


@pytest.fixture(scope="session")
def map_browser(driver: Playwright) -> Iterator[Browser]:
    """One that draws the map."""
    yield from _started(driver, DRAWING)


def _started(driver: Playwright, drawing: str) -> Iterator[Browser]:
    arguments = [*ARGUMENTS, drawing]
    started = driver.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
    yield started
    started.close()
