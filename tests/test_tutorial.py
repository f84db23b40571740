"""The tutorials' files and commands, in order, give the exit codes and lines they print."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from keepclear.cli.exit_codes import ExitCode
from keepclear.cli.main import main

TUTORIALS = Path(__file__).resolve().parent.parent / "docs/tutorial"
BLOCK = re.compile(r"^```(text)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WORDS_BEFORE = re.compile(r"into `([a-z]+\.csv)`:\n\n$")


def blocks(page: str) -> list[tuple[str, str]]:
    """Each block of a page: ("file mine.csv" | "run" | "shell" | "prints", its text)."""
    found = []
    for block in BLOCK.finditer(page):
        file = WORDS_BEFORE.search(page[: block.start()])
        runs = "run" if re.search(r"^keepclear ", block[2], re.MULTILINE) else "shell"
        kind = f"file {file[1]}" if file else "prints" if block[1] else runs
        found.append((kind, block[2]))
    return found


@dataclass
class Reader:
    """Somebody who does what a page says, in an empty folder."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    printed: str = ""
    codes: list[int] = field(default_factory=list)

    def follow(self, page: str) -> None:
        """Do every block in order."""
        self.monkeypatch.chdir(self.folder)
        for kind, text in blocks(page):
            if kind == "prints":
                for line in text.splitlines():
                    assert line in self.printed
            elif kind == "run":
                self.run(text)
            elif kind == "shell":
                self.shell(text)
            else:
                (self.folder / kind.removeprefix("file ")).write_text(text)

    def run(self, text: str) -> None:
        """Run the one command of a block here, without a process of its own."""
        (command,) = (line for line in text.splitlines() if line.startswith("keepclear "))
        command, _, target = command.partition(" > ")
        code = main(shlex.split(command)[1:])
        told = self.capsys.readouterr()
        self.printed = told.out
        assert code < ExitCode.BAD_INPUT, told.err
        if target:
            (self.folder / target).write_text(told.out)
        if "echo $?" in text:
            self.codes.append(code)

    def shell(self, text: str) -> None:
        """Have a real shell do a block, and keep the variables that it sets."""
        command = ["bash", "-c", f"set -ae\n{text}\nenv -0"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=True)
        for pair in done.stdout.rstrip("\0").split("\0"):
            name, _, value = pair.partition("=")
            if os.environ.get(name) != value:
                self.monkeypatch.setenv(name, value)


def told_codes(page: str) -> list[int]:
    return [int(code) for code in re.findall(r"exit code is \*\*(\d)\*\*", page)]


@pytest.fixture
def reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Reader:
    return Reader(tmp_path, monkeypatch, capsys)


def test_the_first_tutorial_says_what_happens(reader: Reader) -> None:
    page = (TUTORIALS / "first-check.md").read_text()
    reader.follow(page)
    assert reader.codes == told_codes(page)
    assert sorted(reader.codes) == [0, 1, 2]
    assert (reader.folder / "report.html").exists()


def test_the_tutorial_of_the_node_says_what_happens(reader: Reader) -> None:
    page = (TUTORIALS / "a-node.md").read_text()
    reader.follow(page)
    assert reader.codes == told_codes(page) == [1, 2, 0]
    assert (reader.folder / "safe.sqlite").exists()
