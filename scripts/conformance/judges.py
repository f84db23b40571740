"""A checkout of interuss/monitoring, and a Python that has what it needs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

PYTHON = "python3.13"
"""The judges need CPython 3.13 or newer."""
_PROTOCOL = Path("interfaces/astm-utm/Protocol/utm.yaml")


class Judges(NamedTuple):
    """Where the judges are.

    Attributes:
        checkout: their repository.
        python: an interpreter with their requirements.
    """

    checkout: Path
    python: Path

    def environment(self, **extra: str) -> dict[str, str]:
        """What their processes run with."""
        return {
            **os.environ,
            "PYTHONPATH": str(self.checkout),
            "PYTHONDONTWRITEBYTECODE": "1",
            **extra,
        }


def judges_in(checkout: Path, work: Path, python: str) -> Judges:
    """Look at a checkout and make an environment for it; the second time there is one.

    Ends the program with a remedy where something is missing.
    """
    if not (checkout / "monitoring" / "prober" / "scd").is_dir():
        sys.exit(f"{checkout} is no checkout of interuss/monitoring; give MONITORING=<folder>.")
    if not (checkout / _PROTOCOL).is_file():
        sys.exit(
            f"{checkout / _PROTOCOL} is missing: run `git submodule update --init` in {checkout}."
        )
    made = work / "python"
    if not (made / "ready").is_file():
        _make(checkout, made, python)
    return Judges(checkout, made / "bin" / "python")


def _make(checkout: Path, made: Path, python: str) -> None:
    found = shutil.which(python)
    if found is None:
        sys.exit(f"there is no {python}; give PYTHON313=<path of a CPython 3.13 or newer>.")
    print(f"making an environment for the judges in {made} (minutes, once) ...", flush=True)
    shutil.rmtree(made, ignore_errors=True)
    subprocess.run([found, "-m", "venv", str(made)], check=True)
    pip = [str(made / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "uv"], check=True)
    wanted = made / "requirements.txt"
    uv = str(made / "bin" / "uv")
    export = [uv, "export", "--quiet", "--frozen", "--no-emit-project", "--all-groups"]
    subprocess.run([*export, "--output-file", str(wanted)], cwd=checkout, check=True)
    subprocess.run([*pip, "--requirement", str(wanted)], check=True)
    (made / "ready").touch()
