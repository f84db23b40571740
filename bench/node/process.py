"""A node in a process of its own, as a party runs it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from keepclear.compose.folder import NodeFolder

_PATIENCE_S = 600.0


@dataclass(frozen=True, slots=True)
class Served:
    """A running node.

    Attributes:
        port: where it answers.
        token: what lets a client in.
        pid: its process.
        started_s: how long it took from the command to the first good answer.
        entry: the address printed for a browser.
    """

    port: int
    token: str
    pid: int
    started_s: float
    entry: str

    def connection(self) -> http.client.HTTPConnection:
        """A connection that stays open."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def headers(self, **more: str) -> dict[str, str]:
        """What every request carries."""
        return {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            **{name.replace("_", "-"): value for name, value in more.items()},
        }

    def most_bytes(self) -> int:
        """The most memory the process ever held."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024


@contextmanager
def serving(folder: NodeFolder, *options: str) -> Iterator[Served]:
    """Run `keepclear serve` on a folder for as long as the block runs."""
    begin = time.perf_counter()
    command = [
        str(Path(sys.executable).with_name("keepclear")),
        "serve", "--node", str(folder.path), "--port", "0", *options,
    ]  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ
    )
    try:
        port, entry = _announced(process, folder, begin)
        token = folder.token.read_text().strip()
        yield Served(port, token, process.pid, time.perf_counter() - begin, entry)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _announced(process: subprocess.Popen[str], folder: NodeFolder, begin: float) -> tuple[int, str]:
    assert process.stdout is not None
    entry = ""
    while time.perf_counter() - begin < _PATIENCE_S:
        if process.poll() is not None:
            raise RuntimeError(f"the node stopped with code {process.returncode}")
        line = process.stdout.readline()
        if "http://" in line:
            entry = next(word for word in line.split() if word.startswith("http://"))
        if entry and folder.serving.exists():
            port = int(json.loads(folder.serving.read_text())["port"])
            if _healthy(port):
                return port, entry
    raise RuntimeError("the node did not come up")


def _healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status in (200, 503)
    except OSError:
        return False
    finally:
        connection.close()
