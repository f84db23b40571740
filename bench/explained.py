"""Queries from operations to explained conflicts: what a caller of the engine waits for."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime, timedelta

import numpy as np

from bench.table import Row
from bench.workload import DAY_S, Workload, sphere_normals
from keepclear.deconflict.conflict import Comparison
from keepclear.deconflict.packing import PackedVolumes
from keepclear.geometry.geodesy import FloatArray
from keepclear.model.agreement import Agreement, SeparationRule
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.operation import Mode, Operation, OperationClass, Source, SourceKind
from keepclear.model.volume import Circle, Polygon, Position, Volume
from keepclear.model.window import Window

_MIDNIGHT = datetime.fromtimestamp(DAY_S, UTC)


def operations_of(workload: Workload, party: str) -> list[Operation]:
    """A workload as operations."""
    n = sphere_normals(workload.rings)
    latitude = np.degrees(np.arcsin(n[:, 2])).tolist()
    longitude = np.degrees(np.arctan2(n[:, 1], n[:, 0])).tolist()
    positions = [Position(*pair) for pair in zip(latitude, longitude, strict=True)]
    ring_first = workload.ring_first.tolist()
    volumes = [
        Volume(
            Polygon((tuple(positions[ring_first[v] : ring_first[v + 1]]),)),
            AltitudeBand(
                Altitude(low, AltitudeReference.HAE), Altitude(high, AltitudeReference.HAE)
            ),
            Window(_MIDNIGHT + timedelta(seconds=start), _MIDNIGHT + timedelta(seconds=end)),
        )
        for v, (low, high, start, end) in enumerate(
            zip(
                workload.low_m.tolist(),
                workload.high_m.tolist(),
                workload.start_s.tolist(),
                workload.end_s.tolist(),
                strict=True,
            )
        )
    ]
    first = workload.first.tolist()
    return [
        Operation(
            id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{party}/{row}")),
            party=party,
            designator=f"{party[0]}-{row}",
            operation_class=OperationClass.MANNED,
            volumes=tuple(volumes[first[row] : first[row + 1]]),
            mode=Mode.EXERCISE,
            source=Source(SourceKind.TYPED),
            received_at=_MIDNIGHT,
        )
        for row in range(len(first) - 1)
    ]


def explained_row(plane: Workload, packed: PackedVolumes, plans: Workload) -> list[Row]:
    """Whole answers, with closest places and rules, against 100,000 operations as objects."""
    del packed  # the objects are packed anew: that is part of what a caller waits for
    theirs = operations_of(plane, "AMBER")
    ours = operations_of(plans, "BLUE")
    begin = time.perf_counter()
    rows = []
    for name, rule in (
        ("meeting", SeparationRule("M", 0.0, 0.0)),
        ("3 NM and 3,000 ft", SeparationRule("R1", 5_556.0, 914.4)),
    ):
        comparison = Comparison(theirs, _agreement(rule), geoid=_level)
        ready_s = time.perf_counter() - begin
        spent, found = [], 0
        for operation in ours[:300]:
            begin = time.perf_counter()
            found += len(comparison.conflicts_of(operation))
            spent.append((time.perf_counter() - begin) * 1e3)
        rows.append(
            Row(
                f"explained answers, 100k objects, {name}, p50 / p99",
                f"{np.percentile(spent, 50):.2f} / {np.percentile(spent, 99):.1f} ms",
                "reported",
                f"{found / 300:.1f} conflicts a plan; made ready in {ready_s:.1f} s",
            )
        )
        begin = time.perf_counter()
    return rows


def _agreement(rule: SeparationRule) -> Agreement:
    return Agreement(
        id="BENCH",
        title="",
        version=1,
        mode=Mode.EXERCISE,
        parties=(),
        area=Circle(Position(48.0, 11.0), 1_900_000.0),
        valid=Window(_MIDNIGHT - timedelta(days=9), _MIDNIGHT + timedelta(days=9)),
        rules=(rule,),
    )


def _level(latitude_deg: FloatArray, longitude_deg: FloatArray) -> FloatArray:
    return np.zeros(np.broadcast(latitude_deg, longitude_deg).shape)
