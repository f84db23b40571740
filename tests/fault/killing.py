"""The frame of every run that kills a process again and again: chances, processes, figures.

What a writer does and what must be there afterwards is each run's own.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

from e2e.node.processes import COMMAND
from keepclear.compose.machine import forward_seconds

TESTS = Path(__file__).resolve().parents[1]
PATIENCE_S = 120.0
_never = Event()

A = TypeVar("A")
T = TypeVar("T")


def chance_of(seed: str) -> bytes:
    """Bytes that nobody would take for regular, the same for the same seed."""
    return hashlib.sha256(seed.encode()).digest()


def pause(seconds: float) -> None:
    """A moment that is no multiple of anything a writer does."""
    _never.wait(seconds)


def killed_child(module: str, folder: Path, run: int, *, seed: str) -> list[str]:
    """Let a process write into a folder, and kill it after some lines; all that it told."""
    chance = chance_of(seed)
    lines, delay_s = 1 + chance[0] % 97, chance[1] / 10_000
    child = subprocess.Popen(
        [sys.executable, "-m", module, str(folder), f"{run}"],
        cwd=TESTS,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(_paths())},
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    with child.stdout as told:
        first = [told.readline() for _ in range(lines)]
        pause(delay_s)
        child.send_signal(signal.SIGKILL)
        rest = told.read()
    assert child.wait() == -signal.SIGKILL
    return (b"".join(first) + rest).decode().splitlines()


def _paths() -> list[str]:
    before = os.environ.get("PYTHONPATH")
    return [str(TESTS), before] if before else [str(TESTS)]


def killed_in_turn(
    runs: Sequence[int], kill: Callable[[int], list[A]], faults_of: Callable[[list[A]], list[str]]
) -> tuple[int, list[str]]:
    """Kill one store's process several times; how much was answered, and what is wrong."""
    answered: list[A] = []
    for run in runs:
        answered += kill(run)
        faults = faults_of(answered)
        if faults:
            return len(answered), [f"run {run}: {fault}" for fault in faults]
    return len(answered), []


def run_all(
    some: Callable[[Path, int, int], tuple[T, list[str]]],
    say: Callable[[int, list[T]], str],
    *,
    usual: int,
    together: int,
) -> int:
    """So many runs as the first word says, some of them together in a folder; the exit code.

    Args:
        some: does runs in a folder, from a number on, so many; what they came to, and the faults.
        say: what is printed of it all.
        usual: how many runs without a word.
        together: how many share a folder.
    """
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else usual
    came_to: list[T] = []
    for first in range(0, runs, together):
        with tempfile.TemporaryDirectory() as folder:
            figures, faults = some(Path(folder), first, min(together, runs - first))
        came_to.append(figures)
        if faults:
            sys.stdout.write("\n".join(faults) + "\n")
            return 1
    sys.stdout.write(say(runs, came_to) + "\n")
    return 0


@dataclass
class Served:
    """One command as a process that can be killed and started again.

    Attributes:
        command: what `keepclear` is told, anew at each start.
        log: where its words go.
        environment: besides ours.
        process: what runs; None while nothing does.
    """

    command: Callable[[], Sequence[str]]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*COMMAND, *self.command()],
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment},
                start_new_session=True,
            )

    def require_alive(self) -> None:
        ended = self.process is not None and self.process.poll() is not None
        assert not ended, f"it ended by itself: {self.log.read_text()[-2_000:]}"

    def end(self, number: int) -> None:
        """End it by a signal; it must not have ended by itself."""
        self.require_alive()
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(number)
        process.wait(timeout=60.0)

    def stop(self) -> None:
        self.end(signal.SIGTERM)


def until(what: str, is_so: Callable[[], bool], *, alive: Sequence[Served] = ()) -> None:
    """Wait for other processes, which nobody can step, as long as they live."""
    ends_s = forward_seconds() + PATIENCE_S
    while not is_so():
        for each in alive:
            each.require_alive()
        if forward_seconds() > ends_s:
            raise TimeoutError(f"waited in vain for {what}")
        pause(0.05)


def ledger_faults(folder: Path) -> str:
    """What the command that verifies a ledger finds; empty where all holds."""
    command = [*COMMAND, "ledger", "verify", "--signatures", "--json", "--node", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told: dict[str, Any] = json.loads(done.stdout or "{}")
    holds = told.get("holds") is True and not any(each["breaks"] for each in told["faults"])
    return "" if holds else done.stdout + done.stderr


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
