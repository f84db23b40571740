"""Files taken in after a look, sessions, and the stream of changes."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from keepclear.exercise.generating import build_exercise
from keepclear.exercise.writing import write_exercise

if TYPE_CHECKING:
    from e2e.console.conftest import OpenConsole
    from e2e.console.watching import NodeAddress, Visit

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect


def amber_file(folder: Path, *, is_broken: bool) -> Path:
    document = json.loads(write_exercise(build_exercise(date(2026, 3, 14)))["amber.geojson"])
    feature = next(one for one in document["features"] if "A-203" in json.dumps(one))
    feature["properties"] |= {"id": "7d9b2f8e-5c1a-4e6f-9a3b-2c4d6e8f0a1b", "designator": "A-999"}
    if is_broken:
        document["features"][0]["geometry"]["coordinates"] = [[999, 1]]
    path = folder / "amber.geojson"
    path.write_text(json.dumps(document))
    return path


def test_a_file_is_looked_at_before_anything_is_stored(own_visit: Visit, tmp_path: Path) -> None:
    page = own_visit.page
    own_visit.keys("i")
    page.get_by_label("GeoJSON, KML").set_input_files(amber_file(tmp_path, is_broken=False))
    panel = own_visit.panel("Take in a file")
    expect(panel).to_contain_text("Nothing is stored yet")
    expect(panel).to_contain_text("1 new")
    expect(page.get_by_role("button", name="Operations 68")).to_be_visible()
    assert own_visit.faults() == []
    page.get_by_role("button", name="Take it in").click()
    expect(panel).to_contain_text("Taken in")
    expect(page.get_by_role("button", name="Operations 69")).to_be_visible()


def test_what_a_file_gets_wrong_is_named_with_its_remedy(visit: Visit, tmp_path: Path) -> None:
    visit.keys("i")
    visit.page.get_by_label("GeoJSON, KML").set_input_files(amber_file(tmp_path, is_broken=True))
    panel = visit.panel("Take in a file")
    expect(panel).to_contain_text("Refused (1)")
    expect(panel).to_contain_text("Check the order of latitude and longitude")
    expect(panel.get_by_role("button", name="Take it in")).to_be_disabled()
    panel.get_by_label("Leave unusable features out").check()
    expect(panel.get_by_role("button", name="Take it in")).to_be_enabled()


def test_without_a_session_the_token_is_asked_for(visit_in: OpenConsole, node: NodeAddress) -> None:
    visit = visit_in(node, signs_in=False)
    page = visit.page
    page.get_by_label("Token", exact=True).fill("wrong")
    visit.keys("Enter")
    expect(page.get_by_role("alert")).to_contain_text("token")
    assert visit.faults() == []
    page.get_by_label("Token", exact=True).fill(node.token)
    visit.keys("Enter")
    visit.wait_for_answers()
    visit.complaints[:] = [one for one in visit.complaints if "401" not in one]


def test_what_another_window_files_comes_by_itself(
    own_visit: Visit, visit_in: OpenConsole, own_node: NodeAddress
) -> None:
    other = visit_in(own_node)
    other.wait_for_answers()
    other.keys("o")
    other.write_circle("B-977")
    expect(other.page.get_by_role("form")).to_contain_text("if filed as it stands")
    other.keys("Control+Enter")
    expect(own_visit.answer("B-977")).to_contain_text("CONFLICT")
    expect(own_visit.page.get_by_role("button", name="Answers 42")).to_be_visible()


def test_a_lost_line_is_said_with_its_time(visit_in: OpenConsole, node: NodeAddress) -> None:
    visit = visit_in(node)
    visit.wait_for_answers()
    strip = visit.page.get_by_role("banner")
    expect(strip).to_contain_text("LIVE")
    visit.page.route("**/api/v1/events**", lambda route: route.abort())
    visit.page.reload()
    expect(strip).to_contain_text(re.compile(r"RECONNECTING since \d\d:\d\d:\d\dZ"))
    visit.page.unroute("**/api/v1/events**")
    expect(strip).to_contain_text("LIVE")
    visit.complaints.clear()
