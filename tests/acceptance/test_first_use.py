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


ASKED = """
import numpy as np
from keepclear.geometry.closest import foot_on_edge
from keepclear.geometry.compiled import kernel_cache_folder
point, a, b = np.eye(3)
foot = np.empty(3)
print(round(foot_on_edge(point, a, b, foot)), [round(each, 6) for each in foot.tolist()])
print(kernel_cache_folder())
"""
"""One kernel and what it calls; to compile all of them takes half a minute."""


def asked(cache: Path) -> list[str]:
    environment = {**os.environ, "KEEPCLEAR_CACHE_DIR": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", ASKED], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_a_cache_that_cannot_be_written_does_not_hinder_the_answer(tmp_path: Path) -> None:
    blocked, writable = tmp_path / "a file, not a folder", tmp_path / "a folder"
    blocked.write_text("")
    answer, folder = asked(blocked)
    same, kept = asked(writable)
    assert answer == same
    assert not folder.startswith(str(tmp_path))
    assert kept.startswith(str(writable))
