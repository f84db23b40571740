"""Find operations by what they are, and by where they are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from keepclear.deconflict.packing import PackedVolumes, pack_volumes
from keepclear.deconflict.pairs import Minima
from keepclear.errors import InvalidFootprint
from keepclear.model.agreement import Atmosphere
from keepclear.model.altitude import (
    HIGHEST_M,
    LOWEST_M,
    Altitude,
    AltitudeBand,
    AltitudeReference,
)
from keepclear.model.operation import Uncertainty
from keepclear.model.volume import Polygon, Position, Volume
from keepclear.model.window import Window
from keepclear.ports.store import OperationQuery, Page
from keepclear.services.node import Node

_TILE_DEG = 5.0
_BULGE = Minima(4_000.0, 0.0, 0.0)
"""An edge of a tile, a great circle, leaves its parallel by 3 km at most."""
_ALL_HEIGHTS = AltitudeBand(
    Altitude(LOWEST_M, AltitudeReference.HAE), Altitude(HIGHEST_M, AltitudeReference.HAE)
)
_ALL_TIMES = Window(datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
_NEAR_POLE_DEG = 89.999


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a map; one whose west is greater than its east crosses ±180°.

    Raises:
        InvalidFootprint: not finite, out of range, or upside down.
    """

    south_deg: float
    west_deg: float
    north_deg: float
    east_deg: float

    def __post_init__(self) -> None:
        for latitude_deg in (self.south_deg, self.north_deg):
            if not abs(latitude_deg) <= 90.0:
                raise InvalidFootprint(f"latitude {latitude_deg} is not within ±90°")
        for longitude_deg in (self.west_deg, self.east_deg):
            if not abs(longitude_deg) <= 180.0:
                raise InvalidFootprint(f"longitude {longitude_deg} is not within ±180°")
        if self.south_deg >= self.north_deg:
            raise InvalidFootprint("the box's south is not below its north")


def find_operations(
    node: Node, query: OperationQuery, *, box: Box | None = None, cursor: str = "", limit: int = 50
) -> Page:
    """A page of operations, in the order of their start.

    Args:
        node: the node.
        query: every condition must hold.
        box: only live operations that come into it, or within 4 km of it.
        cursor: where to go on; empty for the beginning.
        limit: how many at most.

    Raises:
        InvalidInput: the cursor belongs to another question.
    """
    if box is not None:
        query = replace(query, numbers=_numbers_in(node, box, query.window or _ALL_TIMES))
    with node.store.view() as view:
        return view.find(query, cursor=cursor, limit=limit)


def _numbers_in(node: Node, box: Box, window: Window) -> frozenset[int]:
    standing = node.picture.standing()
    packed = _packed(node, list(_tiles(box)), window, standing.atmosphere)
    found: set[int] = set()
    for v in range(len(packed.facts)):
        rows, _ = standing.snapshot.operations_meeting(packed, v, v + 1, _BULGE)
        found.update(standing.numbers[rows].tolist())
    return frozenset(found)


def _packed(node: Node, tiles: list[Polygon], window: Window, air: Atmosphere) -> PackedVolumes:
    return pack_volumes(
        [Volume(tile, _ALL_HEIGHTS, window) for tile in tiles],
        [window] * len(tiles),
        [Uncertainty()] * len(tiles),
        list(range(len(tiles))),
        geoid=node.geoid.undulation_m,
        atmosphere=air,
    )


def _tiles(box: Box) -> Iterator[Polygon]:
    """The box cut into pieces so small that great circles hardly leave their edges."""
    south_deg, north_deg = max(box.south_deg, -_NEAR_POLE_DEG), min(box.north_deg, _NEAR_POLE_DEG)
    width_deg = (box.east_deg - box.west_deg) % 360.0 or 360.0
    across, up = math.ceil(width_deg / _TILE_DEG), math.ceil((north_deg - south_deg) / _TILE_DEG)
    for i in range(across):
        west_deg = box.west_deg + width_deg * i / across
        east_deg = box.west_deg + width_deg * (i + 1) / across
        for j in range(up):
            low_deg = south_deg + (north_deg - south_deg) * j / up
            high_deg = south_deg + (north_deg - south_deg) * (j + 1) / up
            yield Polygon(
                (
                    tuple(
                        Position(latitude_deg, _wrapped(longitude_deg))
                        for latitude_deg, longitude_deg in (
                            (low_deg, west_deg),
                            (low_deg, east_deg),
                            (high_deg, east_deg),
                            (high_deg, west_deg),
                        )
                    ),
                )
            )


def _wrapped(longitude_deg: float) -> float:
    return longitude_deg - 360.0 if longitude_deg > 180.0 else longitude_deg
