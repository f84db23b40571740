"""Measure a running node and print one table: `make bench-node`.

Nodes with 100,000 and 1,000,000 stored operations are made at the first call, under
build/bench, and kept. Run nothing else meanwhile: clients and node share the machine.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.node.load import ask, file_all
from bench.node.process import Served, serving
from bench.node.stock import questions, stocked
from bench.node.view import first_view_s
from bench.table import Row, print_rows
from keepclear.compose.folder import NodeFolder

ROOT = Path(__file__).resolve().parent.parent.parent / "build" / "bench"
MANY, MOST = 100_000, 1_000_000
CLOSE = {"lateral_m": 5_556.0, "vertical_m": 914.4}
REPEATS = 5
NM = "3 NM and 3,000 ft"


def answer_row(folder: NodeFolder, rule: str, goal: str) -> Row:
    """How long a plan's answer takes through the API."""
    plans = list(questions(500))
    p50, p99 = [], []
    conflicts: list[int] = []
    with serving(folder) as served:
        for _ in range(REPEATS):
            waits, conflicts = ask(served, plans)
            p50.append(waits.percentile(50))
            p99.append(waits.percentile(99))
    mean = sum(conflicts) / len(conflicts)
    work = f"a plan's answer through the API, {MANY:,} stored, {rule} ({mean:.1f} conflicts a plan)"
    return Row(work, f"p50 {median(p50):.2f} / p99 {median(p99):.2f} ms", goal, _spread(p99, "ms"))


def filing_rows(folder: NodeFolder) -> list[Row]:
    """How many durable filings a second four clients get through."""
    rates, p99 = [], []
    for run in range(REPEATS):
        copy = NodeFolder(ROOT / "filings")
        shutil.rmtree(copy.path, ignore_errors=True)
        shutil.copytree(folder.path, copy.path)
        with serving(copy) as served:
            file_all(served, list(questions(200, seed=50)), 4)
            waits = file_all(served, list(questions(2_000, seed=100 + run)), 4)
            rates.append(waits.rate)
            p99.append(waits.percentile(99))
        shutil.rmtree(copy.path)
    work = f"durable filings over HTTP, 4 writers, {MANY:,} stored"
    return [
        Row(work, f"{median(rates):.0f} a second", ">= 500", _spread(rates, "a second")),
        Row(
            "  how long each waits", f"p99 {median(p99):.1f} ms", "p99 <= 30 ms", _spread(p99, "ms")
        ),
    ]


def start_rows(folder: NodeFolder) -> list[Row]:
    """How long a start takes with a million stored, and how much memory; proofs besides."""
    seconds, most = [], []
    proofs: list[float] = []
    for _ in range(3):
        with serving(folder) as served:
            seconds.append(served.started_s)
            most.append(served.most_bytes() / 1e9)
            proofs = proofs or _proofs_ms(served)
    p99 = sorted(proofs)[int(len(proofs) * 0.99)]
    return [
        Row(
            f"start with {MOST:,} stored",
            f"{median(seconds):.1f} s",
            "<= 20 s",
            _spread(seconds, "s"),
        ),
        Row("  memory at most", f"{median(most):.2f} GB", "<= 1.5 GB", _spread(most, "GB")),
        Row(
            f"a proof among {MOST:,} entries, through the API",
            f"p50 {median(proofs):.2f} / p99 {p99:.2f} ms",
            "<= 5 ms",
            "none",
        ),
    ]


def _proofs_ms(served: Served) -> list[float]:
    connection, headers = served.connection(), served.headers()
    waits = []
    for number in range(1, MOST, MOST // 500):
        begin = time.perf_counter()
        connection.request("GET", f"/api/v1/ledger/entries/{number}/proof", headers=headers)
        response = connection.getresponse()
        response.read()
        assert response.status == 200
        waits.append((time.perf_counter() - begin) * 1e3)
    return waits


def verify_rows(folder: NodeFolder) -> list[Row]:
    """How long the command takes that verifies the whole ledger."""
    command = [str(Path(sys.executable).with_name("keepclear")), "ledger", "verify", "--json"]
    rows = []
    for option, goal in ((), "<= 60 s"), (("--signatures",), "none"):
        spent = []
        said = ""
        for _ in range(3):
            begin = time.perf_counter()
            whole = [*command, *option, "--node", str(folder.path)]
            said = subprocess.run(whole, capture_output=True, check=True, text=True).stdout
            spent.append(time.perf_counter() - begin)
        report = json.loads(said)
        name = f"`ledger verify{''.join(' ' + each for each in option)}`"
        work = f"{name}, {report['entries']:,} entries, {report['heads']:,} heads"
        rows.append(Row(work, f"{median(spent):.1f} s", goal, _spread(spent, "s")))
    return rows


def view_row() -> Row:
    """How long the console takes from the link to the list of answers."""
    spent = [first_view_s() for _ in range(REPEATS)]
    return Row(
        "first console view of the exercise: link to list",
        f"{median(spent):.2f} s",
        "<= 2 s",
        _spread(spent, "s"),
    )


def _spread(values: list[float], unit: str) -> str:
    return f"{min(values):.4g} .. {max(values):.4g} {unit}"


def main() -> None:
    """Measure what is asked for; everything without arguments."""
    parts: dict[str, Callable[[], list[Row]]] = {
        "answer": lambda: [
            answer_row(stocked(ROOT, MANY), "meeting", "p99 <= 5 ms"),
            answer_row(stocked(ROOT, MANY, **CLOSE), NM, "none"),
        ],
        "filing": lambda: filing_rows(stocked(ROOT, MANY)),
        "start": lambda: start_rows(stocked(ROOT, MOST)),
        "verify": lambda: verify_rows(stocked(ROOT, MOST)),
        "view": lambda: [view_row()],
    }
    chooser = argparse.ArgumentParser(prog="python -m bench.node", description=__doc__)
    chooser.add_argument("part", nargs="*", choices=[[], *parts], help="all where none is named")
    chosen = chooser.parse_args().part or list(parts)
    rows = [row for part in chosen for row in parts[part]()]
    print_rows("keepclear's node (spread of the runs in the last column)", rows)


if __name__ == "__main__":
    main()
