"""The table of requirements has no gap, its page is current, and a gap would be found."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "requirement_pages.py"
PUBLIC_IDS = ROOT.parent / "shared" / "f3548" / "requirements.txt"
WHOLE = {"id": "GEN0005", "section": "Common", "asks": "Much.", "role": "uss", "reason": "None."}
HERE = "tests/f3548/test_requirements.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("requirement_pages", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_has_no_gap_and_its_page_is_current() -> None:
    command = [sys.executable, str(SCRIPT), "--check"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_every_id_of_the_public_test_material_is_known(script: ModuleType) -> None:
    if not PUBLIC_IDS.exists():
        pytest.skip(f"the list of public ids is not at {PUBLIC_IDS}")
    public = script.known_ids(PUBLIC_IDS.read_text(encoding="utf-8"))
    ours = script.known_ids(script.IDS.read_text(encoding="utf-8"))
    assert len(public) > 100
    assert public.items() <= ours.items()
    assert all(name.startswith("DSS0210,A2-7-2,") for name in ours.keys() - public.keys())


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"id": "GEN9999"}, "GEN0005: is missing"),
        ({"id": "GEN9999"}, "GEN9999: is unknown"),
        ({"reason": ""}, "GEN0005: has neither a test nor a reason"),
        ({"reason": "", "tests": []}, "GEN0005: has neither a test nor a reason"),
        ({"asks": ""}, "GEN0005: has no asks"),
        ({"role": "all"}, "GEN0005: has a role that is none of dss, uss, both"),
        ({"section": "Other"}, "GEN0005: stands under 'Other', and belongs to 'Common'"),
        ({"test": []}, "GEN0005: says test, which means nothing"),
        ({"tests": [f"{HERE}::test_of_nothing"]}, f"GEN0005: no test {HERE}::test_of_nothing"),
        ({"tests": ["tests/no.py::test_no"]}, "GEN0005: no test tests/no.py::test_no"),
        ({"tests": [f"{HERE}::script"]}, f"GEN0005: no test {HERE}::script"),
    ],
)
def test_a_gap_is_found(script: ModuleType, changed: dict[str, Any], fault: str) -> None:
    assert fault in set(script.gaps([{**WHOLE, **changed}], {"GEN0005": "Common"}, ROOT))


def test_a_whole_table_has_no_fault_and_an_id_stands_once(script: ModuleType) -> None:
    known = {"GEN0005": "Common"}
    shown = {**WHOLE, "reason": "", "tests": [f"{HERE}::test_a_gap_is_found"]}
    assert list(script.gaps([shown], known, ROOT)) == []
    assert list(script.gaps([WHOLE, WHOLE], known, ROOT)) == ["GEN0005: is there twice"]
