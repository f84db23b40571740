"""The reference of the interface is written from its declarations, and is current."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from keepclear.api.problems import HTTP_KINDS
from keepclear.api.routes import ENDPOINTS

ROOT = Path(__file__).resolve().parents[3]


def test_the_written_reference_is_current() -> None:
    command = [sys.executable, "scripts/openapi_page.py", "--check"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_every_endpoint_and_every_code_stands_in_it() -> None:
    page = (ROOT / "docs" / "reference" / "api.md").read_text()
    assert all(f"### {each.method} {each.path}\n" in page for each in ENDPOINTS)
    assert all(f"| `{kind.code}` | {kind.status} |" in page for kind in HTTP_KINDS)
