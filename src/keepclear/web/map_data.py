"""Land, borders and places as the files that the console's map reads (GeoJSON).

Pictures only: coordinates are rounded to about 100 m and no rule is ever judged by them.
Borders are lines without names; drawing one takes no position on it.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from keepclear.ports.world import Place

FloatArray = NDArray[np.float64]

_DECIMALS = 3
_LEAST_POPULATION = 50_000
_POLE_DEG = 90.0


class MapFiles(Mapping[str, bytes]):
    """The files by name, made when the first of them is asked for, and then kept."""

    def __init__(self, make: Callable[[], Mapping[str, bytes]]) -> None:
        self._make = functools.cache(make)

    def __getitem__(self, name: str) -> bytes:
        """The file of this name; KeyError where there is none."""
        return self._make()[name]

    def __iter__(self) -> Iterator[str]:
        """Their names."""
        return iter(self._make())

    def __len__(self) -> int:
        """How many there are."""
        return len(self._make())


def map_data(
    land: Iterable[FloatArray], borders: Iterable[FloatArray], places: Iterable[Place]
) -> dict[str, bytes]:
    """Write the three files under the console's map, ready for `console_routes`.

    Args:
        land: rings, each of shape (N, 2), latitude and longitude in degrees; lakes are
            rings inside rings.
        borders: open lines of the same shape.
        places: towns; the smallest are left out.

    Returns:
        `land.json`, `borders.json` and `places.json`, as bytes of GeoJSON. Longitudes run
        on past ±180° where a shape crosses the antimeridian.
    """
    return {
        "land.json": _collection(_polygon(rings) for rings in _nested(land)),
        "borders.json": _collection([_lines(borders)]),
        "places.json": _collection(
            _point(place) for place in places if place.population >= _LEAST_POPULATION
        ),
    }


def _nested(land: Iterable[FloatArray]) -> list[list[FloatArray]]:
    """Rings in groups: an outer one, then its holes; an island in a lake begins a new group."""
    rings = sorted((_unrolled(ring) for ring in land), key=_size, reverse=True)
    boxes = np.array([(*ring.min(axis=0), *ring.max(axis=0)) for ring in rings]).reshape(-1, 4)
    groups: dict[int, list[FloatArray]] = {}
    for index, ring in enumerate(rings):
        around = _rings_around(ring, rings, boxes, index)
        if len(around) % 2:
            groups[around[-1]].append(ring)
        else:
            groups[index] = [ring]
    return list(groups.values())


def _rings_around(
    ring: FloatArray, rings: Sequence[FloatArray], boxes: FloatArray, index: int
) -> list[int]:
    """Which larger rings hold this one, largest first."""
    south, west = ring.min(axis=0)
    north, east = ring.max(axis=0)
    held = (boxes[:index, 0] <= south) & (boxes[:index, 1] <= west)
    held &= (boxes[:index, 2] >= north) & (boxes[:index, 3] >= east)
    return [int(i) for i in np.flatnonzero(held) if _holds(rings[int(i)], ring[0])]


def _holds(ring: FloatArray, point: FloatArray) -> bool:
    """Even-odd: how often a line from the point eastwards crosses the closed ring."""
    lat, lon = ring[:-1, 0], ring[:-1, 1]
    next_lat, next_lon = ring[1:, 0], ring[1:, 1]
    spans = (lat > point[0]) != (next_lat > point[0])
    rise = np.where(spans, next_lat - lat, 1.0)
    crossing = lon + (point[0] - lat) / rise * (next_lon - lon)
    return int(np.count_nonzero(spans & (point[1] < crossing))) % 2 == 1


def _unrolled(ring: FloatArray) -> FloatArray:
    """The ring closed, longitudes running on; one around a pole is closed along that pole."""
    closed = np.concatenate([ring, ring[:1]]) if not np.array_equal(ring[0], ring[-1]) else ring
    run = _run(closed)
    if abs(run[-1, 1] - run[0, 1]) < 180.0:
        return run
    pole = float(np.copysign(_POLE_DEG, run[:, 0].mean()))
    ends = np.array([[pole, run[-1, 1]], [pole, run[0, 1]], run[0]])
    return np.concatenate([run, ends])


def _run(line: FloatArray) -> FloatArray:
    """Longitudes without jumps, around the turn of the Earth on which most of them lie."""
    longitudes = np.unwrap(line[:, 1], period=360.0)
    longitudes -= 360.0 * round(float(longitudes.mean()) / 360.0)
    return np.stack([line[:, 0], longitudes], axis=-1)


def _size(ring: FloatArray) -> float:
    lat, lon = ring[:, 0], ring[:, 1]
    return abs(float(np.sum(lon[:-1] * lat[1:] - lon[1:] * lat[:-1])))


def _polygon(rings: Sequence[FloatArray]) -> dict[str, object]:
    return _feature("Polygon", [_pairs(ring) for ring in rings])


def _lines(lines: Iterable[FloatArray]) -> dict[str, object]:
    return _feature("MultiLineString", [_pairs(_run(line)) for line in lines])


def _point(place: Place) -> dict[str, object]:
    at = place.position
    pair = [round(at.longitude_deg, _DECIMALS), round(at.latitude_deg, _DECIMALS)]
    return _feature("Point", pair, name=place.name, population=place.population)


def _pairs(line: FloatArray) -> list[list[float]]:
    """Longitude before latitude, as GeoJSON wants it (RFC 7946, 3.1.1)."""
    pairs: list[list[float]] = np.round(line[:, ::-1], _DECIMALS).tolist()
    return pairs


def _feature(kind: str, coordinates: object, **properties: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def _collection(features: Iterable[dict[str, object]]) -> bytes:
    document = {"type": "FeatureCollection", "features": list(features)}
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
