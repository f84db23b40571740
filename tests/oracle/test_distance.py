"""Distances against independent authorities: GeographicLib, and pyproj's geodesics."""

from __future__ import annotations

import numpy as np
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

from keepclear.deconflict.measuring import closest_places
from keepclear.deconflict.packing import PackedVolumes, pack_operations
from keepclear.deconflict.pairs import lateral_gap, make_room, stand_on
from keepclear.geometry.geodesy import geodesic_between, normal_of
from keepclear.model.agreement import Atmosphere
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position
from samples import LevelGeoid, operation

latitudes = st.floats(-90.0, 90.0)
longitudes = st.floats(-180.0, 180.0)


def packed(footprint: Footprint) -> PackedVolumes:
    one = operation("X", footprint)
    return pack_operations([one], geoid=LevelGeoid().undulation_m, atmosphere=Atmosphere())


def gap_m(one: Footprint, other: Footprint) -> float:
    ours, theirs = packed(one), packed(other)
    room = make_room(len(ours.vertices), len(theirs.vertices))
    stand_on(ours, 0, room)
    return float(lateral_gap(ours, 0, theirs, 0, room))


def destination(start: Position, bearing_deg: float, distance_m: float) -> Position:
    end = Geodesic.WGS84.Direct(start.latitude_deg, start.longitude_deg, bearing_deg, distance_m)
    return Position(end["lat2"], (end["lon2"] + 180.0) % 360.0 - 180.0)


def distance_m(one: Position, other: Position) -> float:
    return float(
        Geodesic.WGS84.Inverse(
            one.latitude_deg, one.longitude_deg, other.latitude_deg, other.longitude_deg
        )["s12"]
    )


def edge_points(one: Position, other: Position, count: int) -> list[Position]:
    """Points of the great circle through two normals, by plain interpolation."""
    from keepclear.geometry.geodesy import position_of

    a, b = normal_of(one), normal_of(other)
    return [position_of(a + t * (b - a)) for t in np.linspace(0.0, 1.0, count)]


@given(latitudes, longitudes, st.floats(0.0, 360.0), st.floats(0.001, 4_000_000.0))
def test_geodesics_agree_with_geographiclib_to_a_millimetre(
    latitude_deg: float, longitude_deg: float, bearing_deg: float, length_m: float
) -> None:
    start = Position(latitude_deg, longitude_deg)
    end = destination(start, bearing_deg, length_m)
    ours = geodesic_between(*normal_of(start), *normal_of(end))
    assert abs(ours - distance_m(start, end)) < 1e-3


@given(
    latitudes,
    longitudes,
    st.floats(0.0, 360.0),
    st.floats(10.0, 2_000_000.0),
    st.floats(0.0, 1.0),
    st.floats(0.0, 360.0),
    st.floats(50.0, 92_600.0),
)
def test_a_point_and_a_line_are_as_far_apart_as_a_dense_oracle_says(
    latitude_deg: float,
    longitude_deg: float,
    along_deg: float,
    length_m: float,
    share: float,
    across_deg: float,
    off_m: float,
) -> None:
    """Within 1 m to 50 NM, for lines from 10 m to 2,000 km, anywhere on the globe."""
    start = Position(latitude_deg, longitude_deg)
    end = destination(start, along_deg, length_m)
    centre = destination(destination(start, along_deg, length_m * share), across_deg, off_m)
    measured = gap_m(Circle(centre, 5.0), Corridor((start, end), 5.0)) + 10.0
    low, high = 0.0, 1.0
    a, b = normal_of(start), normal_of(end)
    from keepclear.geometry.geodesy import position_of

    def oracle(t: float) -> float:
        return distance_m(centre, position_of(a + t * (b - a)))

    grid = np.linspace(0.0, 1.0, 65)
    best = int(np.argmin([oracle(t) for t in grid]))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, 64)]
    for _ in range(45):
        one, other = low + 0.382 * (high - low), low + 0.618 * (high - low)
        low, high = (low, other) if oracle(one) < oracle(other) else (one, high)
    truth = oracle(0.5 * (low + high))
    assert abs(max(measured, 10.0) - max(truth, 10.0)) < 1.0


def test_a_circle_astride_the_antimeridian_meets_one_from_the_other_side() -> None:
    assert (
        gap_m(Circle(Position(10.0, 179.99), 2_000.0), Circle(Position(10.0, -179.99), 500.0)) == 0
    )


def test_polygons_around_the_pole_meet() -> None:
    around = Polygon((tuple(Position(89.0, lon) for lon in (0.0, 90.0, 180.0, -90.0)),))
    assert gap_m(around, Circle(Position(90.0, 0.0), 10.0)) == 0.0
    assert gap_m(around, Circle(Position(88.0, 45.0), 10.0)) > 50_000.0


def test_closest_places_lie_as_far_apart_as_the_gap() -> None:
    one = Corridor((Position(35.0, 36.0), Position(35.5, 37.0)), 1_852.0)
    other = Circle(Position(35.0, 37.0), 3_000.0)
    ours, theirs = packed(one), packed(other)
    here, there = closest_places(ours, 0, theirs, 0)
    assert abs(distance_m(here, there) - gap_m(one, other)) < 0.01


def test_edges_are_great_circles_through_normals_not_parallels() -> None:
    edge = (Position(60.0, 0.0), Position(60.0, 40.0))
    top = edge_points(*edge, 3)[1]
    assert top.latitude_deg > 61.4
    assert gap_m(Circle(top, 1.0), Corridor(edge, 1.0)) == 0.0
