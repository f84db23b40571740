"""Nodes made by `init` in a process of its own, each test with a copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from e2e.node.processes import Node
from keepclear import compose
from keepclear.exercise.generating import build_exercise
from keepclear.exercise.writing import write_exercise


@pytest.fixture(scope="session")
def made_node(tmp_path_factory: pytest.TempPathFactory) -> Node:
    """BLUE's exercise node with an agreement in force; never changed."""
    folder = tmp_path_factory.mktemp("made")
    exercise = build_exercise(compose.clock().now().date())
    agreement = folder / "agreement.toml"
    agreement.write_bytes(write_exercise(exercise)["agreement.toml"])
    made = Node(folder / "node")
    party = ("--party", "BLUE", "--mode", "EXERCISE")
    done = made.run("init", *party, "--agreement", str(agreement))
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture
def node(made_node: Node, tmp_path: Path) -> Node:
    """A copy of it for the test alone."""
    shutil.copytree(made_node.folder, tmp_path / "node")
    return Node(tmp_path / "node")


@pytest.fixture
def document() -> Callable[[str], dict[str, Any]]:
    """An operation's document: a circle, an hour from now."""

    def of(designator: str) -> dict[str, Any]:
        start = compose.clock().now() + timedelta(hours=1)
        return {
            "designator": designator,
            "class": "manned",
            "volumes": [
                {
                    "footprint": {
                        "kind": "circle",
                        "centre": {"latitude_deg": 36.3, "longitude_deg": 39.9},
                        "radius_m": 5_000.0,
                    },
                    "lower": {"value_m": 4_877.0, "reference": "STD"},
                    "upper": {"value_m": 5_486.0, "reference": "STD"},
                    "start": start.isoformat(),
                    "end": (start + timedelta(hours=1)).isoformat(),
                }
            ],
        }

    return of
