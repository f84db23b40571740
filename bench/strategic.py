"""The strategic engine against its numbers: `make bench-strategic`.

Prints one table. Anchors named "this run" were measured beside ours in the same run; those
of PostGIS come from the study of the peers, on a machine of the same size.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from statistics import median

import numpy as np

from bench.anchors import PlaneTree, SqliteTree, shapes_of
from bench.commands import command_rows
from bench.explained import explained_row
from bench.oracle import within
from bench.table import Row, print_rows
from bench.workload import Workload, make_workload, on_the_globe
from keepclear.deconflict.index import LiveIndex, Snapshot
from keepclear.deconflict.packing import PackedVolumes, part
from keepclear.deconflict.pairs import Minima
from keepclear.deconflict.warming import compile_kernels

MEETING = Minima(0.0, 0.0, 0.0)
CLOSE = Minima(5_556.0, 914.4, 0.0)
PLANS = 1_000
REPEATS = 5


class Queries:
    """A thousand plans that are not in the index."""

    def __init__(self) -> None:
        self.plane = make_workload(PLANS, seed=999)
        self.shapes = shapes_of(self.plane)
        self.packed = on_the_globe(self.plane)

    def rows(self, snapshot: Snapshot, plan: int, minima: Minima) -> set[int]:
        begin, end = int(self.plane.first[plan]), int(self.plane.first[plan + 1])
        return set(snapshot.operations_meeting(self.packed, begin, end, minima)[0].tolist())

    def times_ms(self, snapshot: Snapshot, minima: Minima) -> tuple[float, float]:
        """Medians over repeats of the p50 and the p99 of one query."""
        p50, p99 = [], []
        first = self.plane.first.tolist()
        for _ in range(REPEATS):
            spent = []
            for plan in range(PLANS):
                begin = time.perf_counter()
                snapshot.operations_meeting(self.packed, first[plan], first[plan + 1], minima)
                spent.append((time.perf_counter() - begin) * 1e3)
            p50.append(float(np.percentile(spent, 50)))
            p99.append(float(np.percentile(spent, 99)))
        return median(p50), median(p99)


def seconds(work: Callable[[], object], repeats: int = 3) -> float:
    """The median time of some work."""
    spent = []
    for _ in range(repeats):
        gc.collect()
        begin = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begin)
    return median(spent)


def filled(packed: PackedVolumes, count: int) -> LiveIndex:
    """An index of so many operations, in one run."""
    index = LiveIndex()
    index.add(packed, count)
    return index


def query_rows(plane: Workload, packed: PackedVolumes, queries: Queries) -> list[Row]:
    """Query times, the anchors beside them, and the truth about each answer."""
    count = len(plane.first) - 1
    snapshot = filled(packed, count).snapshot()
    p50, p99 = queries.times_ms(snapshot, MEETING)
    close50, close99 = queries.times_ms(snapshot, CLOSE)
    tree = PlaneTree(plane)
    sqlite = SqliteTree(plane, tree.shapes)
    anchor: dict[str, float] = {}
    wrong = {"ours": 0, "SQLite": 0}
    touching = 0
    for name, peer in (("shapely STRtree", tree), ("SQLite R*Tree", sqlite)):
        spent = []
        for plan in range(PLANS):
            begin = time.perf_counter()
            found = peer.meeting(queries.plane, queries.shapes, plan)
            spent.append((time.perf_counter() - begin) * 1e3)
            if peer is tree:
                for row in found ^ queries.rows(snapshot, plan, MEETING):
                    apart_m = tree.least_m(queries.plane, queries.shapes, plan, row)
                    if apart_m <= 0.0103:  # a centimetre, and what the plane stretches it by
                        touching += 1
                        print(f"  plan {plan}, operation {row}: {apart_m * 1e3:.1f} mm apart")
                    else:
                        wrong["ours"] += 1
            elif found != tree.meeting(queries.plane, queries.shapes, plan):
                wrong["SQLite"] += 1
        anchor[name] = float(np.percentile(spent, 50))
    beside = ", ".join(f"{name} {ms:.2f} ms ({ms / p50:.0f}x)" for name, ms in anchor.items())
    return [
        Row("query, 100k, meeting, p50 / p99", f"{p50:.3f} / {p99:.3f} ms", "0.03 / 0.2 ms",
            f"this run: {beside}; PostGIS 2.04 ms"),
        Row("query, 100k, 3 NM and 3,000 ft, p50 / p99", f"{close50:.3f} / {close99:.2f} ms",
            "0.25 / 2 ms", "none"),
        Row("mismatches with shapely, 1,000 plans", str(wrong["ours"]), "0",
            f"besides {touching} within the centimetre that counts as contact; SQLite, in "
            f"single precision: {wrong['SQLite']}"),
    ]  # fmt: skip


def oracle_row(plane: Workload, packed: PackedVolumes, queries: Queries, plans: int) -> list[Row]:
    """Answers at 3 NM against dense sampling, on as many plans."""
    count = len(plane.first) - 1
    snapshot, tree = filled(packed, count).snapshot(), PlaneTree(plane)
    wrong, disputes, measured = 0, [], 0
    for plan in range(plans):
        truth = within(tree, queries.plane, queries.shapes, plan, *CLOSE[:2])
        measured += len(truth.least_m)
        for row in truth.too_close ^ queries.rows(snapshot, plan, CLOSE):
            off_m = abs(truth.least_m.get(row, np.inf) - (CLOSE.lateral_m - 0.01))
            if off_m <= 1.0:
                disputes.append(f"plan {plan} and operation {row}: {off_m:.2f} m from the limit")
            else:
                wrong += 1
    for dispute in disputes:
        print("  dispute within 1 m:", dispute)
    return [
        Row(f"mismatches with GeographicLib at 3 NM, {plans} plans, {measured} operations",
            f"{wrong}, disputes within 1 m: {len(disputes)}", "0", "dense sampling, 25 m"),
    ]  # fmt: skip


def build_rows(packed: PackedVolumes, count: int) -> list[Row]:
    """Building, and finding all pairs."""
    build_s = seconds(lambda: filled(packed, count), REPEATS)
    snapshot = filled(packed, count).snapshot()
    pairs = snapshot.all_pairs(packed, MEETING)
    pairs_s = seconds(lambda: snapshot.all_pairs(packed, MEETING))
    return [
        Row("build, 100k", f"{build_s:.2f} s", "0.5 s", "STRtree 1.25 s, PostGIS 23 s"),
        Row(f"all conflicts among 100k ({len(pairs):,} pairs), 2 threads", f"{pairs_s:.2f} s",
            "2.5 s", f"PostGIS 164.7 s ({164.7 / pairs_s:.0f}x)"),
    ]  # fmt: skip


def million_rows(queries: Queries) -> list[Row]:
    """A million operations."""
    packed = on_the_globe(make_workload(1_000_000))
    begin = time.perf_counter()
    snapshot = filled(packed, 1_000_000).snapshot()
    build_s = time.perf_counter() - begin
    p50, p99 = queries.times_ms(snapshot, MEETING)
    close50, close99 = queries.times_ms(snapshot, CLOSE)
    return [
        Row("query, 1M, meeting, p50 / p99", f"{p50:.3f} / {p99:.2f} ms", "0.1 ms",
            "SQLite R*Tree 1.18, PostGIS 9.70 ms"),
        Row("query, 1M, 3 NM and 3,000 ft, p50 / p99", f"{close50:.2f} / {close99:.1f} ms",
            "none", "none"),
        Row("build, 1M", f"{build_s:.1f} s", "none", "prototype 2.5 s, PostGIS 234 s"),
    ]  # fmt: skip


def adding_row(packed: PackedVolumes, count: int, queries: Queries) -> list[Row]:
    """Additions from packed arrays in batches of 200, with queries going on beside them."""
    first = np.searchsorted(packed.facts["operation"], np.arange(0, count + 1, 200))
    batches = []
    for begin, end in zip(first[:-1].tolist(), first[1:].tolist(), strict=True):
        batch = _own_vertices(packed, begin, end)
        batch.facts["operation"] -= batch.facts["operation"][0]
        batches.append(batch)
    index = LiveIndex()
    done = threading.Event()
    spent: list[float] = []

    def read() -> None:
        plan = 0
        while not done.is_set():
            begin = time.perf_counter()
            queries.rows(index.snapshot(), plan % PLANS, MEETING)
            spent.append((time.perf_counter() - begin) * 1e3)
            plan += 1

    def tidy() -> None:
        while not done.wait(0.05):
            index.merge()

    threads = [threading.Thread(target=work) for work in (read, tidy)]
    for thread in threads:
        thread.start()
    begin = time.perf_counter()
    for batch in batches:
        index.add(batch, 200)
    rate = len(batches) * 200 / (time.perf_counter() - begin)
    done.set()
    for thread in threads:
        thread.join()
    return [
        Row("adds a second to 100k, batches of 200, queries going on", f"{rate:,.0f}", "20,000",
            f"queries meanwhile p50 {np.percentile(spent, 50):.2f}, "
            f"p99 {np.percentile(spent, 99):.1f} ms"),
    ]  # fmt: skip


def _own_vertices(packed: PackedVolumes, begin: int, end: int) -> PackedVolumes:
    """Volumes begin .. end with only their own vertices."""
    facts = part(packed, begin, end).facts.copy()
    low, high = int(facts["begin"][0]), int(facts["begin"][-1] + facts["size"][-1])
    facts["begin"] -= low
    return PackedVolumes(facts, packed.vertices[low:high].copy(), packed.following[low:high].copy())


def main() -> None:
    """Measure everything and print the table."""
    compile_kernels()
    queries = Queries()
    plane = make_workload(100_000)
    packed = on_the_globe(plane)
    rows = query_rows(plane, packed, queries)
    rows += oracle_row(plane, packed, queries, plans=60)
    rows += build_rows(packed, 100_000)
    rows += adding_row(packed, 100_000, queries)
    rows += explained_row(plane, packed, queries.plane)
    rows += command_rows()
    del plane, packed
    rows += million_rows(queries)
    print_rows("Strategic engine", rows)


if __name__ == "__main__":
    main()
