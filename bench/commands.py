"""The commands as a person meets them: start-up, a check of 100 against 100, the compile."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bench.explained import operations_of
from bench.table import Row
from bench.workload import DAY_S, make_workload
from keepclear.formats.agreement import write_agreement
from keepclear.formats.geojson import write_geojson
from keepclear.model.agreement import Agreement, SeparationRule
from keepclear.model.coverage import Completeness, Coverage
from keepclear.model.operation import Mode, OperationClass
from keepclear.model.party import Party, PartyKind
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import Polygon, Position
from keepclear.model.window import Window

_NOW = datetime.fromtimestamp(DAY_S, UTC)
_DAYS = Window(_NOW - timedelta(days=2), _NOW + timedelta(days=3))
_AREA = Polygon((tuple(Position(y, x) for y, x in ((38, -5), (38, 27), (58, 27), (58, -5))),))


def command_rows() -> list[Row]:
    """Time the commands in processes of their own."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        _write_sample(here)
        check = [
            "check", str(here / "blue.geojson"), "--against", str(here / "amber.geojson"),
            "--agreement", str(here / "agreement.toml"), "--now", _NOW.isoformat(), "--json",
            str(here / "answer.json"),
        ]  # fmt: skip
        cold = {**os.environ, "KEEPCLEAR_CACHE_DIR": str(here / "cache")}
        compile_s = _run(check, cold)
        return [
            Row("keepclear --help", f"{_median(['--help'], dict(os.environ)):.2f} s", "0.3 s", ""),
            Row("keepclear check, 100 against 100, warm", f"{_median(check, cold):.2f} s",
                "2 s", ""),
            Row("the same with every kernel to compile", f"{compile_s:.1f} s", "30 s", ""),
        ]  # fmt: skip


def _median(arguments: list[str], environment: dict[str, str]) -> float:
    return median(_run(arguments, environment) for _ in range(7))


def _run(arguments: list[str], environment: dict[str, str]) -> float:
    begin = time.perf_counter()
    command = [str(Path(sys.executable).with_name("keepclear")), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    spent = time.perf_counter() - begin
    if done.returncode > 2:
        raise SystemExit(done.stderr.decode())
    return spent


def _write_sample(folder: Path) -> None:
    for party, seed in (("BLUE", 999), ("AMBER", 1)):
        operations = operations_of(make_workload(100, seed), party)
        everything = tuple((kind, Completeness.COMPLETE) for kind in OperationClass)
        coverage = Coverage(party, _AREA, _DAYS, _NOW, everything)
        plans = PlanSet(tuple(replace(one, received_at=_NOW) for one in operations), (coverage,))
        export = write_geojson(plans, mode=Mode.EXERCISE)
        (folder / f"{party.lower()}.geojson").write_bytes(export.data)
    agreement = Agreement(
        id="BENCH",
        title="bench",
        version=1,
        mode=Mode.EXERCISE,
        parties=(
            Party("BLUE", "Blue", PartyKind.COALITION),
            Party("AMBER", "Amber", PartyKind.STATE),
        ),
        area=_AREA,
        valid=_DAYS,
        rules=(SeparationRule("R1", 5_556.0, 914.4),),
    )
    (folder / "agreement.toml").write_text(write_agreement(agreement))
