"""Nodes as real processes: how tests run commands about one, serve it and stop it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

COMMAND = (
    sys.executable,
    "-c",
    "import sys; from keepclear.cli.main import main; sys.exit(main())",
)
START_S = 120.0
"""A first start may have to compile the kernels."""


@dataclass
class Node:
    """A node's folder, and how to run commands about it.

    Attributes:
        folder: the node's folder.
        process: what serves it; None while nobody does.
    """

    folder: Path
    process: subprocess.Popen[str] | None = None

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            env=self.environment,
            timeout=START_S,
        )

    @property
    def environment(self) -> Mapping[str, str]:
        return {**os.environ, "KEEPCLEAR_NODE": str(self.folder), "COLUMNS": "100"}

    @property
    def serving(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.folder / "serving.json").read_text())
        return told

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.serving['port']}"

    @property
    def token(self) -> str:
        return (self.folder / "token").read_text().strip()

    def http(self) -> httpx.Client:
        """A program on the same machine that was given the token."""
        headers = {"authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30.0, trust_env=False)

    @contextmanager
    def served(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """Have it served while the block runs; killed afterwards if it still is."""
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
        )
        self.process = process
        try:
            self._wait(process)
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=30.0)
            self.process = None

    def _wait(self, process: subprocess.Popen[str]) -> None:
        until_s = time.perf_counter() + START_S
        while not (self.folder / "serving.json").exists():
            assert process.poll() is None, process.communicate()
            assert time.perf_counter() < until_s
            time.sleep(0.05)


def stop(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> tuple[str, str, int]:
    """Stop it as a service manager does; what it printed, and its exit code."""
    process.send_signal(number)
    out, err = process.communicate(timeout=30.0)
    return out, err, process.returncode
