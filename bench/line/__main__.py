"""Measure two running nodes in contact and print one table: `make bench-line`.

Both nodes and the people at them share this machine; run nothing else meanwhile.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from bench.line.load import await_total, drafted, reach_ms, release_all, total, waiting
from bench.line.pair import Pair
from bench.table import Row, print_rows
from keepclear.compose.folder import NodeFolder

ROOT = Path(__file__).resolve().parent.parent.parent / "build" / "bench" / "line"
SINGLE, SUSTAINED, OUTAGE = 500, 6_000, 10_000


def reach_row(count: int) -> Row:
    """How long one message takes to the other side's people."""
    with Pair(ROOT) as pair:
        blue, amber = pair.serve(pair.blue), pair.serve(pair.amber)
        ids = drafted(blue, count + 20)
        reach_ms(blue, amber, ids[:20])
        waits = reach_ms(blue, amber, ids[20:])
    p50, p99 = np.percentile(waits, [50, 99])
    ours = f"p50 {p50:.0f} / p99 {p99:.0f} ms"
    return Row("release to acknowledge-able on the other node", ours, "p99 <= 250 ms", "none")


def sustained_row(count: int) -> Row:
    """How many messages a second get through, durable and signed on both sides."""
    with Pair(ROOT) as pair:
        blue, amber = pair.serve(pair.blue), pair.serve(pair.amber)
        ids = drafted(blue, count)
        begin = time.perf_counter()
        release_all(blue, ids)
        await_total(amber, count)
        rate = count / (time.perf_counter() - begin)
    _verify(pair.blue.folder, pair.amber.folder)
    work = f"messages released and received, {count:,} in a row, both ledgers durable"
    return Row(work, f"{rate:.0f} a second", ">= 200 a second", "none")


def outage_row(count: int) -> Row:
    """How long it takes until everything that waited is there, once, after an outage."""
    with Pair(ROOT) as pair:
        blue = pair.serve(pair.blue)
        release_all(blue, drafted(blue, count))
        assert waiting(blue) >= count
        amber = pair.serve(pair.amber)
        begin = time.perf_counter()
        await_total(amber, count)
        spent_s = time.perf_counter() - begin
        assert total(amber) == count
        while waiting(blue):
            time.sleep(0.05)
    _verify(pair.blue.folder, pair.amber.folder)
    work = f"{count:,} messages after an outage, none lost, none twice"
    return Row(work, f"{spent_s:.1f} s", "<= 60 s", "none")


def _verify(*folders: NodeFolder) -> None:
    command = str(Path(sys.executable).with_name("keepclear"))
    for folder in folders:
        verify = [command, "ledger", "verify", "--signatures", "--node", str(folder.path)]
        subprocess.run(verify, check=True, capture_output=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of each, for a first look")
    part = 10 if parser.parse_args().quick else 1
    rows = [
        reach_row(SINGLE // part),
        sustained_row(SUSTAINED // part),
        outage_row(OUTAGE // part),
    ]
    print_rows("two nodes in contact, with their people on one machine", rows)


if __name__ == "__main__":
    main()
