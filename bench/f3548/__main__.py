"""Measure a DSS and a USS over HTTP with real tokens, one table: `make bench-f3548`.

Stores with 100,000 and 1,000,000 intents are made at the first call, under build/bench, and
kept for some weeks. Run nothing else meanwhile: clients and server share the machine.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bench.f3548.bodies import Ring, box, query_body
from bench.f3548.load import dense_writes, queries, reads, subscribe_elsewhere
from bench.f3548.standing import serving
from bench.f3548.stock import ACROSS, STARTS, STEP_DEG, stocked, stored_id
from bench.f3548.times import times_rows
from bench.table import Row, print_rows

ROOT = Path(__file__).resolve().parent.parent.parent / "build" / "bench"
MANY, MOST, SUBSCRIPTIONS = 100_000, 1_000_000, 1_000
INTENTS, QUICK = 400, 20
REPEATS = 5
PUBLISHED = "2 to 8 a second (published, open DSS)"


def _ring(number: int) -> Ring:
    """Where subscription `number` of the stock lies."""
    place = number * (MANY // SUBSCRIPTIONS)
    return box(-35.0 + STEP_DEG * (place // ACROSS), 10.0 + STEP_DEG * (place % ACROSS), 0.1)


def write_rows(writers: int, *, races: bool) -> list[Row]:
    """Durable writes in one dense area, with the stock elsewhere."""
    rates, p99, refused, done = [], [], 0, 0
    for _ in range(REPEATS):
        copy = _copy(stocked(ROOT, MANY))
        with serving(copy, ROOT) as served:
            subscribe_elsewhere(served.port, served.token, SUBSCRIPTIONS, _ring)
            dense_writes(served.port, served.token, writers=writers, cycles=40, races=races)
            cycles = 2_000 // writers
            waits = dense_writes(
                served.port, served.token, writers=writers, cycles=cycles, races=races
            )
            rates.append(waits.rate)
            p99.append(waits.percentile(99))
            refused += waits.refused
            done += len(waits.waits_ms)
        shutil.rmtree(copy)
    how = f"{writers} that race for keys" if races else f"{writers} at once, keys right"
    work = f"create + change + delete in one dense area, {how}, {MANY:,} elsewhere"
    goals = ("none", "none") if races else (">= 400", "<= 50 ms")
    old = f"{refused / done:.2f} refusals a write for an old key, tried again"
    return [
        Row(work, f"{median(rates):.0f} a second ({_spread(rates)})", goals[0], PUBLISHED),
        Row("  how long each waits", f"p99 {median(p99):.1f} ms ({_spread(p99)})", goals[1], old),
    ]


def read_rows() -> list[Row]:
    """References by id, and areas."""
    ids = [stored_id(number * 7 % MANY) for number in range(20_000)]
    rates, p99, asked, asked_p99 = [], [], [], []
    begin = datetime.now(UTC) + STARTS  # noqa: TID251  (a measurement, not the product)
    window = (begin - timedelta(days=30), begin + timedelta(days=60))
    areas = [query_body(_ring(number % SUBSCRIPTIONS), *window) for number in range(5_000)]
    with serving(stocked(ROOT, MANY), ROOT) as served:
        reads(served.port, served.token, ids[:2_000], readers=8)
        for _ in range(REPEATS):
            waits = reads(served.port, served.token, ids, readers=8)
            rates.append(waits.rate)
            p99.append(waits.percentile(99))
            waits = queries(served.port, served.token, areas, readers=8)
            asked.append(waits.rate)
            asked_p99.append(waits.percentile(99))
    return [
        Row(
            f"reads of a reference, 8 readers, {MANY:,} stored",
            f"{median(rates):.0f} a second ({_spread(rates)}), p99 {median(p99):.1f} ms",
            ">= 2,000",
            "none",
        ),
        Row(
            "questions about an area with about 16 intents",
            f"{median(asked):.0f} a second ({_spread(asked)}), p99 {median(asked_p99):.1f} ms",
            "none",
            "none",
        ),
    ]


def start_rows() -> list[Row]:
    """How long a start takes with a million stored, and how much memory."""
    seconds, most = [], []
    for _ in range(3):
        with serving(stocked(ROOT, MOST), ROOT) as served:
            reads(served.port, served.token, [stored_id(MOST // 2)], readers=1)
            seconds.append(served.started_s)
            most.append(served.most_bytes() / 1e9)
    return [
        Row(
            f"start with {MOST:,} intents stored, to the first answer",
            f"{median(seconds):.2f} s ({_spread(seconds)})",
            "<= 20 s",
            "none",
        ),
        Row("  memory at most", f"{median(most):.2f} GB", "none", "none"),
    ]


def _copy(folder: Path) -> Path:
    copy = ROOT / "dss-written"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    return copy


def _spread(values: list[float]) -> str:
    return f"{min(values):.4g} .. {max(values):.4g}"


def main() -> None:
    """Measure what is asked for; everything without arguments."""
    parts: dict[str, Callable[[], list[Row]]] = {
        "writes": lambda: write_rows(1, races=False) + write_rows(8, races=False),
        "racing": lambda: write_rows(8, races=True),
        "reads": read_rows,
        "start": start_rows,
        "times": lambda: times_rows(QUICK if asked.quick else INTENTS),
    }
    chooser = argparse.ArgumentParser(prog="python -m bench.f3548", description=__doc__)
    chooser.add_argument("part", nargs="*", choices=[[], *parts], help="all where none is named")
    chooser.add_argument("--quick", action="store_true", help="`times` of a few, for a first look")
    asked = chooser.parse_args()
    rows = [row for part in asked.part or list(parts) for row in parts[part]()]
    print_rows("keepclear as a DSS and as a USS (median and spread of the runs)", rows)


if __name__ == "__main__":
    main()
