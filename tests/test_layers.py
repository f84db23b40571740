"""The import contracts hold, and they notice what they are there to notice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = ROOT / ".importlinter"

PLANTED = {
    "Data flows one way": ("geometry/geodesy.py", "from keepclear.services import checking"),
    "Model, formats and engines have no clock": ("rules/verdict.py", "import time"),
    "The model knows only itself": ("model/window.py", "import numpy"),
    "Units meet people at the edges only": ("services/checking.py", "import keepclear.units"),
    "Compiled kernels stay behind": ("reports/wording.py", "import numba"),
    "Only compose knows": ("services/reading_plans.py", "import sqlite3"),
    "Geometry libraries stay behind": ("cli/check.py", "import shapely"),
}
"""For each contract a line, in a file, that breaks it."""


def lint(package_parent: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [tool, "--config", CONTRACTS, "--no-cache"],
        cwd=package_parent,
        env={**os.environ, "PYTHONPATH": str(package_parent)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a copy of the package with every planted line in it."""
    parent = tmp_path_factory.mktemp("planted")
    shutil.copytree(ROOT / "src" / "keepclear", parent / "keepclear")
    for file, line in PLANTED.values():
        path = parent / "keepclear" / file
        path.write_text(f"{path.read_text()}\n{line}\n")
    result = lint(parent)
    assert result.returncode == 1, result.stdout + result.stderr
    return result.stdout


def test_the_contracts_hold() -> None:
    result = lint(ROOT / "src")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("contract", PLANTED)
def test_a_planted_import_breaks_its_contract(planted: str, contract: str) -> None:
    verdicts = [line for line in planted.splitlines() if line.endswith((" KEPT", " BROKEN"))]
    (verdict,) = (line for line in verdicts if line.startswith(contract))
    assert verdict.endswith("BROKEN")


def test_the_report_names_the_planted_import(planted: str) -> None:
    assert "keepclear.geometry.geodesy -> keepclear.services" in planted


def test_every_contract_has_its_planted_import() -> None:
    names = [
        line.removeprefix("name = ")
        for line in CONTRACTS.read_text().splitlines()
        if line.startswith("name = ")
    ]
    assert len(names) == len(PLANTED)
    assert all(any(name.startswith(planted) for planted in PLANTED) for name in names)
