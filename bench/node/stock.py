"""Nodes with many stored operations, made once and kept for the next run."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.explained import operations_of
from bench.workload import CENTRE_DEG, DAY_S, Workload, make_workload
from keepclear import compose
from keepclear.compose.folder import NodeFolder
from keepclear.compose.making import make_node
from keepclear.compose.opening import open_node
from keepclear.deconflict.cells import cells_of
from keepclear.deconflict.packing import part
from keepclear.deconflict.stored import blobs_of
from keepclear.formats.agreement import write_agreement
from keepclear.formats.documents.operation import operation_document
from keepclear.ledger.entries import EntryKind
from keepclear.model.agreement import Agreement, SeparationRule
from keepclear.model.coverage import Completeness, Coverage
from keepclear.model.node import NodeKind, Subject
from keepclear.model.operation import Mode, Operation, OperationClass
from keepclear.model.party import Party, PartyKind
from keepclear.model.volume import Circle, Position
from keepclear.model.window import Window
from keepclear.ports.store import Unit
from keepclear.services.declaring import state_coverage
from keepclear.services.expected import NEW
from keepclear.services.node import Node
from keepclear.services.recording import record

LATER = timedelta(days=36_500)
"""The workload's day is moved so far ahead that nothing of it expires while it is measured."""
MIDNIGHT = datetime.fromtimestamp(DAY_S, UTC) + LATER
REGION = Circle(Position(*CENTRE_DEG), 1_200_000.0)
_WRITTEN_TOGETHER = 50
_MADE_TOGETHER = 20_000
_DONE = "stocked"


def agreement(lateral_m: float, vertical_m: float) -> Agreement:
    """BLUE and AMBER over the workload's region, under one rule."""
    return Agreement(
        id="BENCH",
        title="for measurements",
        version=1,
        mode=Mode.EXERCISE,
        parties=(
            Party("BLUE", "Blue", PartyKind.COALITION),
            Party("AMBER", "Amber", PartyKind.STATE),
        ),
        area=REGION,
        valid=Window(MIDNIGHT - timedelta(days=40_000), MIDNIGHT + timedelta(days=3_000)),
        rules=(SeparationRule("R1", lateral_m, vertical_m),),
        coverage_max_age_s=3_000 * 86_400.0,
    )


def stocked(
    root: Path, count: int, *, lateral_m: float = 0.0, vertical_m: float = 0.0
) -> NodeFolder:
    """BLUE's node that holds so many operations of AMBER; made at the first call."""
    folder = NodeFolder(root / f"{count}-{lateral_m:.0f}")
    if (folder.path / _DONE).exists():
        return folder
    print(f"making a node with {count:,} operations in {folder.path}", flush=True)
    root.mkdir(parents=True, exist_ok=True)
    toml = write_agreement(agreement(lateral_m, vertical_m)).encode()
    make_node(folder, party="BLUE", mode=Mode.EXERCISE, kind=NodeKind.INTEGRATED, agreement=toml)
    begin = time.perf_counter()
    with open_node(folder) as opened:
        _fill(opened.node, count)
        state_coverage(opened.node, compose.entropy().new_id(), _coverage(), expected=NEW)
    (folder.path / _DONE).touch()
    print(f"made in {time.perf_counter() - begin:.0f} s", flush=True)
    return folder


def _coverage() -> Coverage:
    return Coverage(
        party="AMBER",
        area=REGION,
        window=Window(MIDNIGHT - timedelta(days=1), MIDNIGHT + timedelta(days=3)),
        as_of=compose.clock().now(),
        completeness=tuple((kind, Completeness.COMPLETE) for kind in OperationClass),
    )


def _fill(node: Node, count: int) -> None:
    workload = make_workload(count)
    for begin in range(0, count, _MADE_TOGETHER):
        end = min(begin + _MADE_TOGETHER, count)
        operations = list(operations_of(_slice(workload, begin, end), f"AMBER{begin}"))
        _store(node, [_later(operation, "AMBER") for operation in operations])
        print(f"  {end:,}", flush=True)


def _slice(workload: Workload, begin: int, end: int) -> Workload:
    """The operations begin .. end of a workload."""
    v0, v1 = int(workload.first[begin]), int(workload.first[end])
    r0, r1 = int(workload.ring_first[v0]), int(workload.ring_first[v1])
    return Workload(
        operation=workload.operation[v0:v1] - begin,
        first=workload.first[begin : end + 1] - v0,
        rings=workload.rings[r0:r1],
        ring_first=workload.ring_first[v0 : v1 + 1] - r0,
        low_m=workload.low_m[v0:v1],
        high_m=workload.high_m[v0:v1],
        start_s=workload.start_s[v0:v1],
        end_s=workload.end_s[v0:v1],
    )


def _later(operation: Operation, party: str) -> Operation:
    volumes = tuple(
        replace(volume, window=volume.window.shifted(LATER.total_seconds()))
        for volume in operation.volumes
    )
    return replace(operation, party=party, volumes=volumes)


def _store(node: Node, operations: list[Operation]) -> None:
    declared = node.declare(operations)
    blobs = blobs_of(declared, len(operations))
    packed = node.packed(declared)
    ends = packed.facts["operation"].searchsorted(range(len(operations) + 1)).tolist()

    def work(begin: int, end: int) -> None:
        def put(unit: Unit) -> None:
            at = node.now()
            for i in range(begin, end):
                operation = operations[i]
                subject = (Subject.OPERATION, operation.id, operation.version)
                body = operation_document(operation)
                kind = EntryKind.OPERATION_FILED
                entry = unit.append(record(node.identity, kind, subject, body, at=at))
                unit.put_operation(
                    operation,
                    entry=entry,
                    action="filed",
                    geometry=blobs[i],
                    cells=cells_of(part(packed, ends[i], ends[i + 1])),
                )

        node.store.write(put)

    for begin in range(0, len(operations), _WRITTEN_TOGETHER):
        work(begin, min(begin + _WRITTEN_TOGETHER, len(operations)))


def questions(count: int, seed: int = 999) -> Iterator[Operation]:
    """Operations of BLUE that are not stored."""
    for operation in operations_of(make_workload(count, seed), "BLUE"):
        yield _later(operation, "BLUE")
