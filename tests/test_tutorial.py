"""The tutorial's files and commands, in order, give the exit codes and lines it prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from keepclear.cli.main import main

PAGE = (Path(__file__).resolve().parent.parent / "docs/tutorial/first-check.md").read_text()
BLOCK = re.compile(r"^```(text)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WORDS_BEFORE = re.compile(r"into `([a-z]+\.csv)`:\n\n$")


def blocks() -> list[tuple[str, str]]:
    """Each block of the page: ("file mine.csv" | "run" | "prints", its text)."""
    found = []
    for block in BLOCK.finditer(PAGE):
        file = WORDS_BEFORE.search(PAGE[: block.start()])
        kind = f"file {file[1]}" if file else "prints" if block[1] else "run"
        found.append((kind, block[2]))
    return found


def test_the_tutorial_says_what_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    codes, printed = [], ""
    for kind, text in blocks():
        if kind.startswith("file "):
            (tmp_path / kind.removeprefix("file ")).write_text(text)
        elif kind == "prints":
            for line in text.splitlines():
                assert line in printed
        else:
            (command,) = (line for line in text.splitlines() if line.startswith("keepclear "))
            code = main(shlex.split(command)[1:])
            printed = capsys.readouterr().out
            if "echo $?" in text:
                codes.append(code)
    assert codes == [int(code) for code in re.findall(r"exit code is \*\*(\d)\*\*", PAGE)]
    assert sorted(codes) == [0, 1, 2]
    assert (tmp_path / "report.html").exists()
