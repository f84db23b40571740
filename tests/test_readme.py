"""The README's commands run as printed, with the exit codes printed beside them."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from keepclear.exercise.generating import build_exercise
from keepclear.exercise.writing import write_exercise

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
EXAMPLES = ROOT / "examples"
DAY_OF_EXAMPLES = date(2026, 3, 14)

COMMANDS = re.findall(r"^(keepclear .*?)  # exit ([0-4])$", README, re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the examples in it, where the commands may write."""
    place = tmp_path_factory.mktemp("readme")
    shutil.copytree(EXAMPLES, place / "examples")
    return place


def test_there_are_five_commands_and_every_answer_among_their_codes() -> None:
    assert len(COMMANDS) == README.count("  # exit ") == 5
    assert {code for _, code in COMMANDS} == {"0", "1", "2"}


@pytest.mark.parametrize(("command", "code"), COMMANDS)
def test_a_command_of_the_readme_gives_the_exit_code_beside_it(
    command: str, code: str, folder: Path
) -> None:
    program, *arguments = shlex.split(command)
    tool = Path(sys.executable).with_name(program)
    result = subprocess.run(
        [tool, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert result.returncode == int(code), result.stdout + result.stderr


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 120


def test_the_first_lines_say_where_it_comes_from_and_what_is_ours() -> None:
    beginning = "\n".join(README.splitlines()[:20])
    assert "18 September 2015" in beginning
    assert "deconfliction - essentially avoiding accidental encounters" in beginning
    assert "not in the article" in beginning
    assert "cannot say" in beginning


def test_every_file_the_readme_points_to_exists() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_examples_are_the_exercise_of_their_day() -> None:
    written = write_exercise(build_exercise(DAY_OF_EXAMPLES))
    assert {p.name: p.read_bytes() for p in EXAMPLES.iterdir() if p.name != "README.md"} == written


def test_both_make_commands_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert re.findall(r"^make (\w+) ", README, re.MULTILINE) == ["run", "test"]
    assert all(f"\n{target}:" in makefile for target in ("run", "test"))
