"""The first use on a machine: the compile is announced, done once, and kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def check(cache: Path) -> subprocess.CompletedProcess[str]:
    command = [
        str(Path(sys.executable).with_name("keepclear")),
        "check",
        str(EXAMPLES / "others.geojson"),
        "--own",
        "--agreement",
        str(EXAMPLES / "agreement.toml"),
        "--now",
        "2026-03-14T05:00Z",
    ]
    environment = {**os.environ, "KEEPCLEAR_CACHE_DIR": str(cache)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_first_compile_is_announced_and_the_second_run_needs_none(tmp_path: Path) -> None:
    first, second = check(tmp_path), check(tmp_path)
    assert first.returncode == second.returncode == 0, first.stderr
    assert "compiling the geometry kernels, once" in first.stderr
    assert second.stderr == ""
    assert first.stdout == second.stdout


def test_a_cache_that_cannot_be_written_does_not_hinder_the_answer(tmp_path: Path) -> None:
    blocked = tmp_path / "a file, not a folder"
    blocked.write_text("")
    done = check(blocked)
    assert done.returncode == 0, done.stderr
    assert "compiling" in done.stderr
