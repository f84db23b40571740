"""The tutorials' files and commands, in order, give the exit codes and lines they print."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from e2e.line.pairs import free_port, until
from keepclear.cli.exit_codes import ExitCode
from keepclear.cli.main import main

TUTORIALS = Path(__file__).resolve().parent.parent / "docs/tutorial"
BLOCK = re.compile(r"^```(text)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SERVES = re.compile(r"^keepclear serve .*--node (\w+) .*> (\S+) &$", re.MULTILINE)
LOOKS = frozenset({"show", "status", "list", "ping"})
"""Commands that change nothing, and show what another process did once it has done it."""
WORDS_BEFORE = re.compile(r"into `([a-z]+\.csv)`:\n\n$")


def blocks(page: str) -> list[tuple[str, str]]:
    """Each block of a page: ("file mine.csv" | "serve" | "run" | "shell" | "prints", its text)."""
    found = []
    for block in BLOCK.finditer(page):
        file = WORDS_BEFORE.search(page[: block.start()])
        runs = "run" if re.search(r"^keepclear ", block[2], re.MULTILINE) else "shell"
        runs = "serve" if SERVES.search(block[2]) else runs
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
    erred: str = ""
    last: str = ""
    codes: list[int] = field(default_factory=list)
    served: dict[Path, int] = field(default_factory=dict)

    def follow(self, page: str) -> None:
        """Do every block in order."""
        self.monkeypatch.chdir(self.folder)
        for kind, text in blocks(page):
            if kind == "prints":
                self.compare(text.splitlines())
            elif kind == "serve":
                self.serve(text)
            elif kind == "run":
                self.run(text)
            elif kind == "shell":
                self.shell(text)
            else:
                (self.folder / kind.removeprefix("file ")).write_text(text)

    def compare(self, lines: list[str]) -> None:
        """Find all lines in what was printed; look again while another process may be at it."""
        if self.waits_for(self.last):
            until(lambda: all(line in self.printed for line in lines) or self.look_again())
        for line in lines:
            assert line in self.printed

    def waits_for(self, line: str) -> bool:
        """Whether a command shows what a node in another process may not have done yet."""
        return bool(self.served) and bool(LOOKS & set(line.split()[1:3]))

    def look_again(self) -> bool:
        self.printed = ""
        self.run_one(self.last)
        return False

    def run(self, text: str) -> None:
        """Run a block's commands here, one after the other, without processes of their own."""
        self.printed, code = "", 0
        for line in text.splitlines():
            if line.startswith("keepclear "):
                if self.waits_for(line):
                    until(lambda line=line: self.run_one(line) < ExitCode.BAD_INPUT)  # type: ignore[misc]  # a default
                code = self.run_one(line)
                assert code < ExitCode.BAD_INPUT, (line, self.erred)
        if "echo $?" in text:
            self.codes.append(code)

    def run_one(self, line: str) -> int:
        self.last = line
        command, _, target = line.partition(" > ")
        code = main(shlex.split(os.path.expandvars(command))[1:])
        told = self.capsys.readouterr()
        self.printed, self.erred = self.printed + told.out, told.err
        if target:
            (self.folder / target).write_text(told.out)
        return code

    def serve(self, text: str) -> None:
        """Have a real shell start nodes, and wait until each says that it serves."""
        self.shell(text)
        for node, told in SERVES.findall(text):
            output = self.folder / told
            until(lambda output=output: "serves on" in output.read_text())  # type: ignore[misc]  # a default
            serving = self.folder / node / "serving.json"
            self.served[serving] = int(json.loads(serving.read_text())["pid"])

    def shell(self, text: str) -> None:
        """Have a real shell do a block, and keep the variables that it sets."""
        variables = self.folder.with_suffix(".env")
        command = ["bash", "-c", f"set -ae\n{text}\nenv -0 > {shlex.quote(str(variables))}"]
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        # No pipes: a node that goes on in the background would hold their other ends.
        subprocess.run(
            command,
            cwd=self.folder,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        for pair in variables.read_text().rstrip("\0").split("\0"):
            name, _, value = pair.partition("=")
            if os.environ.get(name) != value:
                self.monkeypatch.setenv(name, value)

    def all_stopped(self) -> bool:
        return not any(serving.exists() for serving in self.served)

    def kill_all(self) -> None:
        """End what a page that was broken off left running."""
        for serving, pid in self.served.items():
            if serving.exists():
                os.kill(pid, signal.SIGKILL)


def told_codes(page: str) -> list[int]:
    return [int(code) for code in re.findall(r"exit code is \*\*(\d)\*\*", page)]


@pytest.fixture
def reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Reader]:
    folder = tmp_path / "reader"
    folder.mkdir()
    made = Reader(folder, monkeypatch, capsys)
    yield made
    made.kill_all()


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


def test_the_tutorial_of_the_line_says_what_happens(reader: Reader) -> None:
    page = (TUTORIALS / "a-line.md").read_text()
    ports = sorted(set(re.findall(r"--(?:peers-)?port (\d+)", page)))
    assert len(ports) == 4
    for port in ports:
        page = page.replace(port, str(free_port()))
    reader.follow(page)
    assert reader.codes == told_codes(page) == [1]
    assert len(reader.served) == 2
    until(reader.all_stopped)
