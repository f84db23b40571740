"""Compile every kernel once, on a sky small enough to need no thought."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from keepclear.deconflict.conflict import Comparison
from keepclear.deconflict.containment import Shape
from keepclear.deconflict.delta import MOST_AT_ONCE
from keepclear.deconflict.findings import findings_of
from keepclear.deconflict.index import LiveIndex
from keepclear.deconflict.pairs import Minima
from keepclear.deconflict.zones import Restrictions
from keepclear.geometry.compiled import kernels_are_cached, mark_kernels_cached
from keepclear.geometry.footprint import unsound
from keepclear.geometry.geoid import GeoidGrid
from keepclear.model.agreement import Agreement, SeparationRule, SizeLimit
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.operation import Mode, Operation, OperationClass, Source, SourceKind
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position, Volume
from keepclear.model.window import Window
from keepclear.model.zone import Boundary, BoundaryRule, Side, Zone, ZoneKind

_NOON = datetime(2015, 9, 18, 12, tzinfo=UTC)
_SQUARE = tuple(Position(35.0 + y, 36.0 + x) for y, x in ((0, 0), (0, 1), (1, 1), (1, 0)))
_BAND = AltitudeBand(Altitude(0.0, AltitudeReference.HAE), Altitude(900.0, AltitudeReference.HAE))


def compile_kernels() -> None:
    """Compile whatever is not yet compiled, and note that it was done."""
    if kernels_are_cached():
        return
    shapes: list[Footprint] = [
        Polygon((_SQUARE,)),
        Circle(_SQUARE[0], 900.0),
        Corridor(_SQUARE[:2], 900.0),
    ]
    operations = [_operation(number, shape) for number, shape in enumerate(shapes)]
    geoid = GeoidGrid(np.zeros((3, 4))).undulation_m
    comparison = Comparison(operations, _agreement(), geoid=geoid)
    restrictions = Restrictions(_agreement(), (), geoid=geoid)
    probe = _operation(9, Polygon((_SQUARE,)))
    comparison.conflicts_of(probe)
    packed = comparison.pack([probe])
    restrictions.infringements_of(probe, packed)
    findings_of(probe, packed, _agreement())
    unsound(shapes)
    for footprint in shapes:
        Shape(footprint).holds(packed, 0)
    _fill_an_index(comparison)
    mark_kernels_cached()


def _fill_an_index(comparison: Comparison) -> None:
    """Runs, what waits for a run, and a merge."""
    shape = Circle(_SQUARE[0], 900.0)
    crowd = comparison.pack([_operation(number, shape) for number in range(MOST_AT_ONCE + 1)])
    index = LiveIndex()
    for volumes in (crowd, crowd, comparison.pack([_operation(0, shape)])):
        index.add(volumes, len(volumes.facts))
    index.merge()
    index.snapshot().all_pairs(crowd, Minima(0.0, 0.0, 0.0), threads=1)


def _operation(number: int, footprint: Footprint) -> Operation:
    return Operation(
        id=f"00000000-0000-4000-8000-{number:012d}",
        party="BLUE",
        designator=f"B-{number}",
        operation_class=OperationClass.MANNED,
        volumes=(Volume(footprint, _BAND, Window(_NOON, _NOON + timedelta(hours=1))),),
        mode=Mode.EXERCISE,
        source=Source(SourceKind.TYPED),
        received_at=_NOON,
    )


def _agreement() -> Agreement:
    zone = Zone("Z", "zone", ZoneKind.EXCLUSION, Polygon((_SQUARE,)), _BAND)
    return Agreement(
        id="warming",
        title="",
        version=1,
        mode=Mode.EXERCISE,
        parties=(),
        area=Polygon((_SQUARE,)),
        valid=Window(_NOON - timedelta(days=1), _NOON + timedelta(days=1)),
        rules=(SeparationRule("R", 5_556.0, 914.4, zone="Z"),),
        size_limits=(SizeLimit(extent_m=9_000.0),),
        zones=(zone,),
        boundaries=(Boundary("L", "line", _SQUARE[:3], (BoundaryRule("BLUE", Side.LEFT),)),),
    )
