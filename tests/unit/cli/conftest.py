"""A node in a temporary folder, made once by `init` and copied for each test."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from keepclear.cli.main import main
from keepclear.exercise.generating import build_exercise
from keepclear.exercise.writing import write_exercise
from keepclear.formats.geojson import write_geojson
from keepclear.model.coverage import Completeness
from keepclear.model.operation import Mode, OperationClass
from keepclear.model.plan_set import PlanSet

NOW = datetime.now(UTC)  # noqa: TID251  (commands speak of the real time)
EXERCISE = build_exercise(NOW.date())
FILES = write_exercise(EXERCISE)


def empty_sets() -> bytes:
    """What the other parties release when they plan nothing and say so now."""
    complete = tuple((each, Completeness.COMPLETE) for each in OperationClass)
    stated = [
        replace(each, as_of=NOW, notice_count=0, completeness=complete)
        for each in (*EXERCISE.amber.coverages, *EXERCISE.others.coverages)
    ]
    return write_geojson(PlanSet(coverages=tuple(stated)), mode=Mode.EXERCISE).data


@pytest.fixture(scope="session")
def made_node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """BLUE's exercise node with the exercise's agreement; never changed."""
    folder = tmp_path_factory.mktemp("made")
    agreement = folder / "agreement.toml"
    agreement.write_bytes(FILES["agreement.toml"])
    node = folder / "node"
    arguments = ["--party", "BLUE", "--mode", "EXERCISE", "--agreement", str(agreement)]
    assert main(["init", "--node", str(node), *arguments]) == 0
    return node


@pytest.fixture
def node(made_node: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, the node that commands mean, in the folder in which they run."""
    folder = tmp_path / "node"
    shutil.copytree(made_node, folder)
    monkeypatch.setenv("KEEPCLEAR_NODE", str(folder))
    monkeypatch.chdir(tmp_path)
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "empty.geojson").write_bytes(empty_sets())
    return folder


Ask = Callable[..., Any]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run a command with --json and give back what it printed, and its exit code."""

    def asked(*arguments: str) -> tuple[Any, int]:
        capsys.readouterr()
        code = main([*arguments, "--json"])
        printed = capsys.readouterr().out
        return (json.loads(printed) if printed else None), code

    return asked


@pytest.fixture
def plan(tmp_path: Path) -> Callable[..., str]:
    """Write an operation's document and give back its name."""

    def written(designator: str = "B-900", *, later_h: float = 1.0, **fields: object) -> str:
        start = NOW + timedelta(hours=later_h)
        document = {
            "designator": designator,
            "class": "manned",
            "contact": "EXERCISE BLUE control",
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
            **fields,
        }
        path = tmp_path / f"{designator}.json"
        path.write_text(json.dumps(document))
        return path.name

    return written
