"""The script of the exercise on the console: a step at a time, with the article's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from e2e.console.lining import wait_for_line

if TYPE_CHECKING:
    from e2e.console.conftest import OpenConsole
    from e2e.console.watching import NodeAddress

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect


def test_a_step_is_played_and_tells_what_came_of_it(
    pair: dict[str, NodeAddress], visit_in: OpenConsole
) -> None:
    visit = visit_in(pair["BLUE"])
    wait_for_line(visit)
    bar = visit.page.get_by_role("region", name="The exercise's script")
    expect(bar).to_contain_text(re.compile(r"The exercise has \d+ steps"))
    expect(bar).to_contain_text(re.compile(r"Steps 1 to \d+ stand for words of the article"))
    bar.get_by_text("All steps").click()
    steps = bar.get_by_role("listitem")
    acts = [one.inner_text() for one in steps.all() if "Second act" in one.inner_text()]
    assert len(acts) == 1
    last = steps.last.locator("q")
    expect(last).to_have_count(0)
    bar.get_by_role("button", name="Next step").click()
    expect(bar).to_contain_text(re.compile(r"Step 1 of \d+: .*first talks in more than a year"))
    expect(bar.get_by_role("button", name="Next step")).to_be_enabled()
    strip = visit.page.get_by_role("region", name="Lines")
    expect(strip).to_contain_text("LAPSED")
    dated = re.compile(r"last contact “more than a year” or “[A-Z][a-z]+ 20\d\d”")
    expect(strip).to_contain_text(dated)
    words = visit.page.get_by_role("banner").inner_text().split()
    assert (words[0], words[-1]) == ("EXERCISE", "EXERCISE")
    assert visit.faults() == []
