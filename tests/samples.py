"""Small operations, agreements and skies for tests; nothing here is under test."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keepclear.model.agreement import Agreement, SeparationRule
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.coverage import Completeness, Coverage
from keepclear.model.operation import Mode, Operation, OperationClass, Source, SourceKind
from keepclear.model.party import Party, PartyKind
from keepclear.model.volume import Circle, Footprint, Polygon, Position, Volume
from keepclear.model.window import Window

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
NM = 1_852.0
FT = 0.3048


class LevelGeoid:
    """A geoid of one height everywhere."""

    def __init__(self, height_m: float = 0.0) -> None:
        self.height_m = height_m

    def undulation_m(
        self, latitude_deg: NDArray[np.float64], longitude_deg: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        shape = np.broadcast(latitude_deg, longitude_deg).shape
        return np.full(shape, self.height_m)


def band(
    lower_m: float,
    upper_m: float,
    reference: AltitudeReference = AltitudeReference.HAE,
    datum_m: float | None = None,
) -> AltitudeBand:
    return AltitudeBand(
        Altitude(lower_m, reference, datum_m), Altitude(upper_m, reference, datum_m)
    )


def window(start_min: float = 0.0, length_min: float = 60.0) -> Window:
    start = NOON + timedelta(minutes=start_min)
    return Window(start, start + timedelta(minutes=length_min))


def circle(
    latitude_deg: float = 35.0, longitude_deg: float = 36.0, radius_m: float = 1e3
) -> Circle:
    return Circle(Position(latitude_deg, longitude_deg), radius_m)


def square(south_deg: float, west_deg: float, side_deg: float) -> Polygon:
    corners = ((0, 0), (0, side_deg), (side_deg, side_deg), (side_deg, 0))
    return Polygon((tuple(Position(south_deg + y, west_deg + x) for y, x in corners),))


def operation(
    designator: str,
    footprint: Footprint | None = None,
    altitudes: AltitudeBand | None = None,
    at: Window | None = None,
    *,
    party: str = "BLUE",
    volumes: tuple[Volume, ...] | None = None,
    **changes: Any,
) -> Operation:
    made = (Volume(footprint or circle(), altitudes or band(1_000.0, 2_000.0), at or window()),)
    settings: dict[str, Any] = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{party}/{designator}")),
        "party": party,
        "designator": designator,
        "operation_class": OperationClass.MANNED,
        "volumes": volumes or made,
        "mode": Mode.EXERCISE,
        "source": Source(SourceKind.TYPED),
        "received_at": NOON - timedelta(days=2),
        "contact": "130.000",
    }
    return Operation(**(settings | changes))


def rule(
    lateral_m: float = 3 * NM, vertical_m: float = 3_000 * FT, name: str = "R1", **changes: Any
) -> SeparationRule:
    return SeparationRule(name, lateral_m, vertical_m, **changes)


def agreement(*rules: SeparationRule, **changes: Any) -> Agreement:
    settings: dict[str, Any] = {
        "id": "TEST",
        "title": "for tests",
        "version": 1,
        "mode": Mode.EXERCISE,
        "parties": (
            Party("BLUE", "Blue", PartyKind.COALITION),
            Party("AMBER", "Amber", PartyKind.STATE),
        ),
        "area": square(30.0, 30.0, 12.0),
        "valid": Window(NOON - timedelta(days=30), NOON + timedelta(days=30)),
        "rules": rules or (rule(),),
    }
    return Agreement(**(settings | changes))


def coverage(party: str = "AMBER", **changes: Any) -> Coverage:
    settings: dict[str, Any] = {
        "party": party,
        "area": square(31.0, 31.0, 10.0),
        "window": Window(NOON - timedelta(days=1), NOON + timedelta(days=1)),
        "as_of": NOON - timedelta(minutes=14),
        "completeness": tuple((kind, Completeness.COMPLETE) for kind in OperationClass),
    }
    return Coverage(**(settings | changes))
