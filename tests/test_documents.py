"""The documents are current, complete, and ask no network for anything."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from keepclear import __version__

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
ADRS = sorted((DOCS / "adr").glob("0*.md"))


def test_the_generated_pages_are_current() -> None:
    command = [sys.executable, "scripts/reference_pages.py", "--check"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documents as built; any broken link or page left out of the contents fails.

    Never with --quiet: mkdocs then counts no warnings, and --strict passes everything.
    """
    folder = tmp_path_factory.mktemp("site")
    build = ["-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    command = [sys.executable, *build]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


def test_no_page_loads_anything_from_a_network(site: Path) -> None:
    foreign = re.compile(
        r"<(script|link|img|iframe)\b[^>]*(src|href)=.?(https?:)?//", re.IGNORECASE
    )
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    assert [page.name for page in pages if foreign.search(page.read_text())] == []


@pytest.mark.parametrize("page", ADRS, ids=lambda page: page.stem)
def test_each_decision_has_context_choice_and_cost(page: Path) -> None:
    text = page.read_text()
    assert text.startswith(f"# {int(page.name[:4])}. ")
    assert all(f"**{part}.**" in text for part in ("Context", "Choice", "Cost"))


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(page.name[:4]) for page in ADRS] == list(range(1, len(ADRS) + 1))


@pytest.mark.parametrize("page", ADRS, ids=lambda page: page.stem)
def test_no_decision_is_of_a_release_that_is_still_to_come(page: Path) -> None:
    stated = re.search(r"^Accepted, release (\d+)\.(\d+)\.", page.read_text(), re.MULTILINE)
    assert stated is not None
    this = tuple(int(part) for part in __version__.split(".")[:2])
    assert (int(stated[1]), int(stated[2])) <= this


def test_each_hazard_names_tests_that_exist_or_says_that_it_is_not_met() -> None:
    sections = (DOCS / "hazards.md").read_text().split("\n## ")[1:]
    assert len(sections) >= 6
    for section in sections:
        named = re.findall(r"`(tests/[^`]+)`", section)
        assert named or "Not met" in section, section[:60]
        assert [path for path in named if not (ROOT / path).exists()] == []


def test_exit_codes_are_told_alike_everywhere() -> None:
    pages = [DOCS / "explanation" / "answers.md", DOCS / "reference" / "errors.md"]
    for page in pages:
        told = re.findall(r"^\| (\d) \| ", page.read_text(), re.MULTILINE)
        assert told == ["0", "1", "2", "3", "4"], page
