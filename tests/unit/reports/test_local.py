"""Shapes as flat drawings: faithful near the centre, whole anywhere on the globe."""

from __future__ import annotations

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

from keepclear.model.volume import Position
from keepclear.reports.local import (
    Projection,
    along_great_circles,
    middle_of,
    outline,
    table,
    thinned,
)
from keepclear.reports.region import LEAST_REACH_M, region_of
from unit.reports.latakia import NM, around, circle, corridor, latakia, polygon

latitudes = st.floats(-89.5, 89.5)
longitudes = st.floats(-180.0, 180.0)
near_m = st.floats(-60_000.0, 60_000.0)


@given(latitudes, longitudes, near_m, near_m)
def test_distances_from_the_centre_are_true(
    latitude: float, longitude: float, east: float, north: float
) -> None:
    projection = Projection(Position(latitude, longitude))
    lat, lon = projection.positions(np.array([[east, north]]))[0]
    true_m = Geodesic.WGS84.Inverse(latitude, longitude, lat, lon)["s12"]
    assert true_m == pytest.approx(np.hypot(east, north), rel=3e-3, abs=1.0)


@given(latitudes, longitudes, near_m, near_m)
def test_the_way_to_the_plane_and_back_ends_where_it_began(
    latitude: float, longitude: float, east: float, north: float
) -> None:
    projection = Projection(Position(latitude, longitude))
    flat = np.array([[east, north]])
    back = projection.flat(projection.positions(flat))
    assert back == pytest.approx(flat, abs=0.01)


@given(latitudes, longitudes, st.floats(0.2, 60.0))
def test_a_circle_is_drawn_at_its_geodesic_radius(
    latitude: float, longitude: float, radius_nm: float
) -> None:
    (ring,) = outline(circle(latitude, longitude, radius_nm))
    for lat, lon in ring[::30]:
        away_m = Geodesic.WGS84.Inverse(latitude, longitude, lat, lon)["s12"]
        assert away_m == pytest.approx(radius_nm * NM, abs=0.01)


def test_a_corridor_across_the_antimeridian_is_one_shape() -> None:
    (ring,) = outline(corridor(2, (-17.0, 179.5), (-17.0, -179.5)))
    flat = Projection(Position(-17.0, 180.0)).flat(ring)
    assert np.abs(flat).max() < 60_000.0
    assert np.abs(np.diff(flat, axis=0)).max() < 60_000.0


def test_a_corridor_that_closes_on_itself_keeps_its_hole() -> None:
    square = corridor(1, (35, 36), (35, 37), (36, 37), (36, 36), (35, 36))
    assert len(outline(square)) == 2


def test_a_polygon_around_the_pole_is_drawn_around_it() -> None:
    (ring,) = outline(polygon((85, 0), (85, 90), (85, 180), (85, -90)))
    flat = Projection(Position(90.0, 0.0)).flat(ring)
    turns = np.unwrap(np.arctan2(flat[:, 0], flat[:, 1]))
    assert abs(turns[-1] - turns[0]) > 5.0


def test_long_edges_bend_towards_the_pole() -> None:
    line = along_great_circles(np.array([[50.0, -60.0], [50.0, 60.0]]), closed=False)
    assert line[:, 0].max() > 65.0
    assert line[0] == pytest.approx([50.0, -60.0])
    assert line[-1] == pytest.approx([50.0, 60.0])


def test_short_edges_stay_as_they_are() -> None:
    ring = table((Position(35.0, 36.0), Position(35.1, 36.0), Position(35.0, 36.1)))
    assert along_great_circles(ring, closed=True) is ring


def test_the_middle_of_positions_around_the_antimeridian_lies_there() -> None:
    middle = middle_of(np.array([[-17.0, 179.0], [-17.0, -179.0]]))
    assert abs(middle.longitude_deg) == pytest.approx(180.0)


def test_opposite_positions_still_have_a_middle() -> None:
    middle = middle_of(np.array([[0.0, 0.0], [0.0, 180.0]]))
    assert middle == Position(0.0, 0.0)


def test_thinning_keeps_both_ends_and_drops_what_is_crowded() -> None:
    line = np.stack([np.linspace(0.0, 10.0, 1_001), np.zeros(1_001)], axis=-1)
    thin = thinned(line, 1.0)
    assert 10 <= len(thin) <= 14
    assert thin[0] == pytest.approx(line[0])
    assert thin[-1] == pytest.approx(line[-1])


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(35.4, 35.95), (-17.0, 179.95), (89.6, 20.0), (-89.9, -100.0)]
)
def test_the_region_holds_every_operation_that_was_checked(
    latitude: float, longitude: float
) -> None:
    subject = around(latitude, longitude)
    region = region_of(subject)
    projection = Projection(region.centre)
    for operation in (*subject.ours.operations, *subject.theirs.operations):
        for ring in outline(operation.volumes[0].footprint):
            east, north = np.abs(projection.flat(ring)).max(axis=0)
            assert east <= region.east_m
            assert north <= region.north_m
    assert region.radius_m < 400_000.0


def test_with_nothing_checked_the_region_is_the_agreements_area() -> None:
    subject = latakia()
    empty = type(subject)(
        type(subject.report)(
            subject.report.mode, subject.report.now, "A", "", 1, "", ("BLUE",), ()
        ),
        type(subject.ours)(),
        subject.theirs,
        subject.agreement,
        subject.basemap,
    )
    region = region_of(empty)
    assert region.centre.latitude_deg == pytest.approx(35.4, abs=0.2)
    assert region.east_m > 150_000.0 > LEAST_REACH_M
