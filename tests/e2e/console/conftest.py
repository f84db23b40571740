"""A node to look at through the console, and a browser that may talk to nobody else.

`serving` is all that knows where a node comes from. Tests that change nothing share one node
a module; `own_node` is for the others.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from e2e.chromium import CHROMIUM
from e2e.console.watching import NodeAddress, Visit, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "src" / "keepclear" / "web" / "static" / "index.html"
TOOL = str(Path(sys.executable).with_name("keepclear"))

PARTIES = ("BLUE", "AMBER")
OpenConsole = Callable[..., Visit]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here not in item.path.parents:
            continue
        item.add_marker(pytest.mark.browser)
        if not CHROMIUM.exists():
            item.add_marker(pytest.mark.skip(reason=f"no Chromium at {CHROMIUM} (apt install it)"))
        if not PAGE.exists():
            item.add_marker(pytest.mark.skip(reason="the console is not built (make web)"))


@contextmanager
def serving() -> Iterator[NodeAddress]:
    """A fresh node with the exercise in it, for as long as the block runs."""
    environment = {**os.environ, "PYTHONFAULTHANDLER": "1"}
    command = [TOOL, "exercise", "--date", "2026-03-14", "--serve", "--alone", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        folder = link = ""
        for line in process.stdout:
            folder = line.split()[-1] if "this folder goes" in line else folder
            if "/enter?" in line:
                link = line.split()[-1]
                break
        if not link:
            said, complained = process.communicate(timeout=20)
            pytest.fail(f"the node did not start:\n{said}\n{complained}")
        yield NodeAddress(link, (Path(folder) / "token").read_text().strip())
        process.terminate()
        said, complained = process.communicate(timeout=20)
        assert said.splitlines()[-1] == "stopped", said
        assert "Traceback" not in complained, complained


@contextmanager
def serving_pair() -> Iterator[dict[str, NodeAddress]]:
    """BLUE's and AMBER's nodes in one exercise, in contact, by party."""
    command = [TOOL, "exercise", "--date", "2026-03-14", "--serve", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        folder, links = "", []
        for line in process.stdout:
            folder = line.split()[-1] if "this folder goes" in line else folder
            links += [line.split()[-1]] if "/enter?" in line else []
            if "the script waits" in line:
                break
        if len(links) != len(PARTIES):
            said, complained = process.communicate(timeout=20)
            pytest.fail(f"the two nodes did not start:\n{said}\n{complained}")
        tokens = [(Path(folder) / party.lower() / "token").read_text().strip() for party in PARTIES]
        yield {
            party: NodeAddress(link, token)
            for party, link, token in zip(PARTIES, links, tokens, strict=True)
        }
        process.terminate()
        said, complained = process.communicate(timeout=40)
        assert said.splitlines()[-1] == "stopped", said
        assert "Traceback" not in complained, complained


@pytest.fixture(scope="module")
def pair() -> Iterator[dict[str, NodeAddress]]:
    with serving_pair() as addresses:
        yield addresses


@pytest.fixture(scope="module")
def node() -> Iterator[NodeAddress]:
    with serving() as address:
        yield address


@pytest.fixture
def own_node() -> Iterator[NodeAddress]:
    with serving() as address:
        yield address


@pytest.fixture
def visit_in(request: pytest.FixtureRequest) -> Iterator[OpenConsole]:
    """Opens a node's console in a window of one's choice; at the end all has to be quiet.

    The map is drawn for tests that are marked `map`.
    """
    looks_at_map = request.node.get_closest_marker("map") is not None
    browser: Browser = request.getfixturevalue("map_browser" if looks_at_map else "browser")
    visits: list[Visit] = []

    def open_console(address: NodeAddress, *, signs_in: bool = True, **options: object) -> Visit:
        visit = watched(browser, address, **options)
        visits.append(visit)
        if signs_in:
            visit.sign_in()
        visit.page.goto(visit.node.origin)
        return visit

    yield open_console
    for visit in visits:
        visit.page.context.close()
        assert visit.foreign == []
        assert visit.complaints == []


@pytest.fixture
def visit(visit_in: OpenConsole, node: NodeAddress) -> Visit:
    """The console of the shared node, once its first list stands; change nothing."""
    made = visit_in(node)
    made.wait_for_answers()
    return made


@pytest.fixture
def own_visit(own_node: NodeAddress, visit_in: OpenConsole) -> Visit:
    """The console of a node of one's own, to change at will."""
    made = visit_in(own_node)
    made.wait_for_answers()
    return made
