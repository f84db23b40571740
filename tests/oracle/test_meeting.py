"""Whether shapes meet, against shapely in the plane in which great circles are straight.

Polygons are drawn in a gnomonic plane laid anywhere on the earth, poles and antimeridian
included; there shapely's planar answer is the truth.
"""

from __future__ import annotations

import math

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from keepclear.deconflict.packing import PackedVolumes, pack_operations
from keepclear.deconflict.pairs import APART, Minima, judge, make_room, stand_on
from keepclear.geometry.geodesy import normal_of, position_of
from keepclear.model.agreement import Atmosphere
from keepclear.model.volume import Corridor, Footprint, Polygon, Position
from samples import LevelGeoid, operation

SPHERE_M = 6_371_000.0
Ring = list[tuple[float, float]]

centres = st.sampled_from(
    [(35.0, 36.0), (0.0, 180.0), (-12.0, -179.9), (90.0, 0.0), (-89.7, 45.0), (60.0, 0.0)]
)


@st.composite
def stars(draw: st.DrawFn, reach_m: float) -> Ring:
    """A simple ring around a middle: corners in order of their bearing."""
    count = draw(st.integers(3, 9))
    middle = draw(st.tuples(*[st.floats(-reach_m, reach_m)] * 2))
    size_m = draw(st.floats(0.05, 1.0)) * reach_m
    ring = []
    for corner in range(count):
        angle = (corner + draw(st.floats(0.0, 0.7))) * 2.0 * math.pi / count
        reach = size_m * draw(st.floats(0.3, 1.0))
        ring.append((middle[0] + reach * math.cos(angle), middle[1] + reach * math.sin(angle)))
    return ring


def on_earth(ring: Ring, centre: tuple[float, float]) -> tuple[Position, ...]:
    middle = normal_of(Position(*centre))
    across = math.hypot(middle[0], middle[1])
    east = np.array([-middle[1], middle[0], 0.0]) / across if across > 1e-12 else (0.0, 1.0, 0.0)
    north = np.cross(middle, east)
    return tuple(
        position_of(middle + x / SPHERE_M * np.asarray(east) + y / SPHERE_M * north)
        for x, y in ring
    )


def packed(footprint: Footprint) -> PackedVolumes:
    one = operation("X", footprint)
    return pack_operations([one], geoid=LevelGeoid().undulation_m, atmosphere=Atmosphere())


def meets(one: Footprint, other: Footprint) -> bool:
    ours, theirs = packed(one), packed(other)
    room = make_room(len(ours.vertices), len(theirs.vertices))
    stand_on(ours, 0, room)
    return bool(judge(ours, 0, theirs, 0, Minima(0.0, 0.0, 0.0), room) != APART)


def clearly(one: shapely.Geometry, other: shapely.Geometry, scale_m: float) -> bool | None:
    """Shapely's answer; None within a hair of touching, where planar metres are no metres."""
    hair_m = 0.02 + 1e-9 * scale_m
    if not shapely.intersects(one, other):
        return None if shapely.distance(one, other) <= hair_m else False
    return True


@given(st.data(), centres, st.sampled_from([10.0, 1_000.0, 50_000.0, 900_000.0]))
def test_polygons_meet_where_shapely_says_so(
    data: st.DataObject, centre: tuple[float, float], reach_m: float
) -> None:
    one, other = data.draw(stars(reach_m)), data.draw(stars(reach_m))
    shapes = shapely.Polygon(one), shapely.Polygon(other)
    if not all(shape.is_valid and shape.area > 1e-3 * reach_m for shape in shapes):
        return
    truth = clearly(*shapes, reach_m)
    found = meets(Polygon((on_earth(one, centre),)), Polygon((on_earth(other, centre),)))
    assert truth is None or found == truth


@given(st.data(), centres)
def test_what_lies_in_a_hole_does_not_meet_the_polygon(
    data: st.DataObject, centre: tuple[float, float]
) -> None:
    rim = [(-9e4, -9e4), (9e4, -9e4), (9e4, 9e4), (-9e4, 9e4)]
    hole = [(-5e4, -5e4), (5e4, -5e4), (5e4, 5e4), (-5e4, 5e4)]
    one = data.draw(stars(70_000.0))
    shape, holed = shapely.Polygon(one), shapely.Polygon(rim, [hole])
    if not shape.is_valid:
        return
    truth = clearly(shape, holed, 9e4)
    rings = Polygon((on_earth(rim, centre), on_earth(hole, centre)))
    assert truth is None or meets(Polygon((on_earth(one, centre),)), rings) == truth


@given(st.data(), centres, st.sampled_from([100.0, 30_000.0, 900_000.0]))
def test_centre_lines_meet_polygons_where_shapely_says_so(
    data: st.DataObject, centre: tuple[float, float], reach_m: float
) -> None:
    """A corridor of a millimetre is as good as a line."""
    coordinate = st.floats(-reach_m, reach_m).map(lambda value: round(value, 3))
    line = data.draw(st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=4))
    area = data.draw(stars(reach_m))
    shape, path = shapely.Polygon(area), shapely.LineString(line)
    earth = on_earth(line, centre)
    if not shape.is_valid or len(set(line)) < 2 or len(set(earth)) < 2:
        return
    truth = clearly(path, shape, reach_m)
    found = meets(Corridor(earth, 0.001), Polygon((on_earth(area, centre),)))
    assert truth is None or found == truth
