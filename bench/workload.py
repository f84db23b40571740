"""A made-up day of traffic over 1,500 km square, the same for the same seed.

Thirty metropolitan areas of very unequal weight, two daily peaks, and five kinds of
operations: deliveries of a few rotated rectangles (55 %), circles (25 %), ragged polygons
(11.5 %), long corridors (8 %), large reserved areas (0.5 %). Planar metres; `on_the_globe`
lays the plane on the earth by inverse gnomonic projection, so that straight planar edges
become great circles and planar truth about meeting stays exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keepclear.deconflict.packing import FACTS, PackedVolumes, with_footprints
from keepclear.geometry.footprint import PackedFootprints
from keepclear.geometry.geodesy import normals
from keepclear.geometry.heights import SURFACE_HAE

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SIDE_M = 1_500_000.0
METROS = 30
SHARES = (0.55, 0.25, 0.115, 0.08, 0.005)
CENTRE_DEG = (48.0, 11.0)
SPHERE_M = 6_371_008.8
DAY_S = 1_773_446_400.0
"""2026-03-14T00:00:00Z."""


@dataclass(frozen=True)
class Workload:
    """Operations in the plane.

    Attributes:
        operation: the row of each volume's operation, ascending; shape (V,).
        first: volumes first[r] .. first[r + 1] are those of operation r.
        rings: vertices of all volumes, metres, open rings; shape (n, 2).
        ring_first: volume v has the vertices ring_first[v] .. ring_first[v + 1].
        low_m, high_m, start_s, end_s: bands and windows, shape (V,).
    """

    operation: IntArray
    first: IntArray
    rings: FloatArray
    ring_first: IntArray
    low_m: FloatArray
    high_m: FloatArray
    start_s: FloatArray
    end_s: FloatArray


class _Part(NamedTuple):
    operation: IntArray
    order: IntArray
    rings: FloatArray
    low_m: FloatArray
    high_m: FloatArray
    start_s: FloatArray
    end_s: FloatArray


class _Sky:
    """Where and when things start: shared by all kinds."""

    def __init__(self, seed: int) -> None:
        self.draw = np.random.default_rng(seed)
        places = np.random.default_rng(7)
        self._centres = places.uniform(0.08, 0.92, (METROS, 2)) * SIDE_M
        weights = 1.0 / np.arange(1, METROS + 1) ** 0.8
        self._weights = weights / weights.sum()
        self._spread_m = places.uniform(5_000, 14_000, METROS)

    def places(self, count: int) -> FloatArray:
        metro = self.draw.choice(METROS, count, p=self._weights)
        scatter = self.draw.normal(0.0, 1.0, (count, 2)) * self._spread_m[metro][:, None]
        return np.asarray(self._centres[metro] + scatter)

    def starts_s(self, count: int) -> FloatArray:
        share = self.draw.random(count)
        morning = self.draw.normal(9.5, 2.0, count)
        evening = self.draw.normal(16.5, 2.5, count)
        any_time = self.draw.uniform(0.0, 24.0, count)
        hours = np.where(share < 0.35, morning, np.where(share < 0.7, evening, any_time))
        return np.asarray(np.mod(hours, 24.0) * 3_600.0)

    def between(self, low: float, high: float, count: int) -> FloatArray:
        return self.draw.uniform(low, high, count)

    def log_between(self, low: float, high: float, count: int) -> FloatArray:
        return np.exp(self.draw.uniform(np.log(low), np.log(high), count))


def make_workload(count: int, seed: int = 1) -> Workload:
    """Make so many operations."""
    sky = _Sky(seed)
    kind = sky.draw.choice(5, count, p=SHARES)
    rows = [np.flatnonzero(kind == k) for k in range(5)]
    parts = [
        *_deliveries(sky, rows[0]),
        *_circles(sky, rows[1]),
        *_ragged(sky, rows[2]),
        *_corridors(sky, rows[3]),
        *_reserved(sky, rows[4]),
    ]
    return _joined(parts, count)


def _deliveries(sky: _Sky, rows: IntArray) -> list[_Part]:
    n = len(rows)
    start = sky.places(n)
    length = np.clip(sky.draw.lognormal(8.3, 0.5, n), 1_000, 15_000)
    heading = sky.between(0.0, 2.0 * np.pi, n)
    end = start + _unit(heading) * length[:, None]
    low = sky.between(30.0, 110.0, n)
    return _legs(
        sky, rows, start, end, sky.draw.integers(2, 9, n),
        half_m=sky.between(40.0, 100.0, n), lap_m=20.0, speed_mps=sky.between(10.0, 22.0, n),
        margin_s=(np.full(n, 60.0), sky.between(60.0, 180.0, n)),
        low_m=low, high_m=low + sky.between(20.0, 45.0, n),
    )  # fmt: skip


def _corridors(sky: _Sky, rows: IntArray) -> list[_Part]:
    n = len(rows)
    start, end = sky.places(n), sky.places(n)
    near = np.hypot(*(start - end).T) < 50_000.0
    end[near] = sky.draw.uniform(0.05, 0.95, (int(near.sum()), 2)) * SIDE_M
    low = sky.between(300.0, 9_000.0, n)
    return _legs(
        sky, rows, start, end, sky.draw.integers(8, 21, n),
        half_m=sky.between(500.0, 3_000.0, n), lap_m=500.0, speed_mps=sky.between(40.0, 220.0, n),
        margin_s=(np.full(n, 180.0), sky.between(180.0, 420.0, n)),
        low_m=low, high_m=low + sky.between(150.0, 300.0, n),
    )  # fmt: skip


def _legs(
    sky: _Sky,
    rows: IntArray,
    start: FloatArray,
    end: FloatArray,
    legs: IntArray,
    *,
    half_m: FloatArray,
    lap_m: float,
    speed_mps: FloatArray,
    margin_s: tuple[FloatArray, FloatArray],
    low_m: FloatArray,
    high_m: FloatArray,
) -> list[_Part]:
    """Overlapping rectangles along a gently bent path, each live while it is flown."""
    own, order = _each(legs)
    way = end - start
    bend = np.stack([-way[:, 1], way[:, 0]], 1) * sky.draw.normal(0.0, 0.06, len(rows))[:, None]
    middle = (start + end) / 2.0 + bend
    begin_share, end_share = order / legs[own], (order + 1) / legs[own]

    def at(share: FloatArray) -> FloatArray:
        s = share[:, None]
        return np.asarray(
            (1 - s) ** 2 * start[own] + 2 * s * (1 - s) * middle[own] + s**2 * end[own]
        )

    duration_s = np.hypot(way[:, 0], way[:, 1]) / speed_mps
    departs_s = sky.starts_s(len(rows))
    return [
        _Part(
            rows[own],
            order,
            _rectangles(at(begin_share), at(end_share), half_m[own], lap_m),
            low_m[own],
            high_m[own],
            departs_s[own] + begin_share * duration_s[own] - margin_s[0][own],
            departs_s[own] + end_share * duration_s[own] + margin_s[1][own],
        )
    ]


def _circles(sky: _Sky, rows: IntArray) -> list[_Part]:
    """Circles drawn around as 32 corners, so that shapely can tell the truth about them."""
    n = len(rows)
    own, order = _each(sky.draw.choice([1, 2, 3], n, p=[0.75, 0.18, 0.07]))
    drift = sky.draw.normal(0.0, 1.0, (len(own), 2)) * (order[:, None] * 600.0)
    centre = sky.places(n)[own] + drift
    radius = sky.log_between(100.0, 1_000.0, n)[own] / np.cos(np.pi / 32)
    begin_s, each_s = sky.starts_s(n), sky.between(1_200.0, 5_400.0, n)
    start_s = begin_s[own] + order * each_s[own]
    return [
        _Part(
            rows[own], order, _round(centre, radius), np.zeros(len(own)),
            sky.between(60.0, 140.0, n)[own], start_s, start_s + each_s[own] + 60.0,
        )
    ]  # fmt: skip


def _ragged(sky: _Sky, rows: IntArray) -> list[_Part]:
    n = len(rows)
    own, order = _each(sky.draw.integers(1, 5, n))
    centre = sky.places(n)[own] + sky.draw.normal(0, 1, (len(own), 2)) * (order[:, None] * 500.0)
    radius = sky.log_between(150.0, 1_500.0, n)[own]
    begin_s, each_s = sky.starts_s(n), sky.between(1_200.0, 3_600.0, n)
    high_m = sky.between(60.0, 150.0, n)
    corners = sky.draw.integers(6, 15, len(own))
    parts = []
    for count in range(6, 15):
        here = np.flatnonzero(corners == count)
        jitter = sky.draw.uniform(0.0, 0.8, (len(here), count))
        angle = (np.arange(count)[None] + jitter) * 2.0 * np.pi / count
        reach = radius[here][:, None] * sky.draw.uniform(0.45, 1.0, (len(here), count))
        ring = centre[here][:, None, :] + reach[..., None] * _unit(angle)
        who, which = own[here], order[here]
        start_s = begin_s[who] + which * each_s[who]
        end_s = start_s + each_s[who] + 60.0
        parts.append(
            _Part(rows[who], which, ring, np.zeros(len(here)), high_m[who], start_s, end_s)
        )
    return parts


def _reserved(sky: _Sky, rows: IntArray) -> list[_Part]:
    n = len(rows)
    own, order = _each(sky.draw.integers(1, 4, n))
    centre = (sky.draw.uniform(0.05, 0.95, (n, 2)) * SIDE_M)[own]
    radius = sky.between(4_000.0, 30_000.0, n)[own] / np.cos(np.pi / 32)
    begin_s, each_s = sky.starts_s(n), sky.between(3_600.0, 10_800.0, n)
    low = sky.between(300.0, 6_000.0, n)
    high = low + sky.between(600.0, 4_000.0, n)
    start_s = begin_s[own] + order * each_s[own]
    ring = _round(centre, radius)
    return [_Part(rows[own], order, ring, low[own], high[own], start_s, start_s + each_s[own])]


def _unit(angle: FloatArray) -> FloatArray:
    return np.stack([np.cos(angle), np.sin(angle)], -1)


def _round(centre: FloatArray, radius: FloatArray) -> FloatArray:
    corners = _unit(np.linspace(0.0, 2.0 * np.pi, 32, endpoint=False))
    return np.asarray(centre[:, None, :] + radius[:, None, None] * corners[None])


def _rectangles(a: FloatArray, b: FloatArray, half_m: FloatArray, lap_m: float) -> FloatArray:
    along = (b - a) / np.hypot(*(b - a).T)[:, None]
    across = np.stack([-along[:, 1], along[:, 0]], 1) * half_m[:, None]
    a, b = a - along * lap_m, b + along * lap_m
    return np.stack([a + across, a - across, b - across, b + across], 1)


def _each(counts: IntArray) -> tuple[IntArray, IntArray]:
    """For every volume the index of its operation and its number there."""
    own = np.repeat(np.arange(len(counts)), counts)
    return own, np.arange(len(own)) - (np.cumsum(counts) - counts)[own]


def _joined(parts: list[_Part], count: int) -> Workload:
    operation = np.concatenate([part.operation for part in parts])
    sort = np.lexsort((np.concatenate([part.order for part in parts]), operation))
    sizes = np.concatenate([np.full(len(p.operation), p.rings.shape[1]) for p in parts])
    flat = np.concatenate([part.rings.reshape(-1, 2) for part in parts])
    begins = (np.cumsum(sizes) - sizes)[sort]
    ring_first = np.concatenate([[0], np.cumsum(sizes[sort])])
    take = np.repeat(begins - ring_first[:-1], sizes[sort]) + np.arange(ring_first[-1])

    def sorted_values(name: str) -> FloatArray:
        joined = np.concatenate([getattr(part, name) for part in parts])
        return np.asarray(np.round(joined[sort], 1))

    rows = operation[sort]
    return Workload(
        operation=rows,
        first=np.searchsorted(rows, np.arange(count + 1)),
        rings=np.round(flat[take], 2),
        ring_first=ring_first,
        low_m=sorted_values("low_m"),
        high_m=sorted_values("high_m"),
        start_s=sorted_values("start_s"),
        end_s=sorted_values("end_s"),
    )


def on_the_globe(workload: Workload) -> PackedVolumes:
    """Lay a workload on the earth, as packed arrays; heights count from the ellipsoid."""
    volumes = len(workload.operation)
    facts = np.zeros(volumes, FACTS)
    facts["operation"] = workload.operation
    facts["number"] = np.arange(volumes) - workload.first[workload.operation]
    facts["start_s"], facts["end_s"] = workload.start_s + DAY_S, workload.end_s + DAY_S
    for name, values in (("lower", workload.low_m), ("upper", workload.high_m)):
        facts[f"{name}_m"], facts[f"{name}_surface"] = values, SURFACE_HAE
        facts[f"{name}_low_m"] = np.nextafter(values.astype(np.float32), np.float32(-np.inf))
        facts[f"{name}_high_m"] = np.nextafter(values.astype(np.float32), np.float32(np.inf))
    following = np.arange(1, len(workload.rings) + 1)
    following -= np.repeat(workload.ring_first[:-1], np.diff(workload.ring_first))
    following[workload.ring_first[1:] - 1] = 0
    return with_footprints(
        facts,
        PackedFootprints(
            sphere_normals(workload.rings),
            following.astype(np.int32),
            workload.ring_first,
            np.zeros(volumes),
            np.ones(volumes, np.bool_),
        ),
    )


def sphere_normals(plane_m: FloatArray) -> FloatArray:
    """Inverse gnomonic projection around the workload's middle: n-vectors, shape (n, 3)."""
    middle = normals(np.array(CENTRE_DEG[0]), np.array(CENTRE_DEG[1]))
    east = np.array([-middle[1], middle[0], 0.0]) / np.hypot(middle[0], middle[1])
    north = np.cross(middle, east)
    offset = (plane_m - SIDE_M / 2.0) / SPHERE_M
    directions = middle + offset[:, :1] * east + offset[:, 1:] * north
    return np.asarray(directions / np.linalg.norm(directions, axis=1, keepdims=True))
