"""Land and borders around any centre: filled right, cut right."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from keepclear.model.volume import Position
from keepclear.reports.basemap import Basemap, encloses, land_rings, line_pieces
from keepclear.reports.local import FloatArray, Projection, Region
from unit.reports.latakia import basemap

BLOCK = np.array([[10.0, 20.0], [10.0, 60.0], [50.0, 60.0], [50.0, 20.0]])
"""Land from 10° to 50° north, 20° to 60° east, with parallels and meridians as edges."""
POLAR = np.array([[-70.0, lon] for lon in range(-180, 180, 5)], np.float64)
"""Land around the south pole, as one ring without a cut."""
POLAR_CUT = np.array(
    [[-70.0, float(lon)] for lon in range(-180, 181, 5)] + [[-90, 180], [-90, -180]]
)
"""The same land, cut along ±180° and closed along the pole."""
ACROSS = np.array([[-10.0, 170.0], [-10.0, -170.0], [-20.0, -170.0], [-20.0, 170.0]])


def is_filled(rings: tuple[FloatArray, ...], east_m: float, north_m: float) -> bool:
    """Even-odd filling at a point, as a browser does it."""
    point = shapely.Point(east_m, north_m)
    shapes = [shapely.make_valid(shapely.Polygon(ring)) for ring in rings]
    return sum(bool(shape.contains(point)) for shape in shapes) % 2 == 1


def in_block(latitude: float, longitude: float) -> bool:
    return 10.0 < latitude < 50.0 and 20.0 < longitude < 60.0


def test_a_ring_holds_its_smaller_side() -> None:
    assert encloses(BLOCK, 30.0, 40.0)
    assert not encloses(BLOCK, 30.0, -40.0)
    assert encloses(ACROSS, -15.0, 180.0)
    assert encloses(ACROSS, -15.0, -175.0)
    assert not encloses(ACROSS, -15.0, 0.0)


@pytest.mark.parametrize("ring", [POLAR, POLAR_CUT])
def test_a_ring_around_a_pole_holds_the_pole_cut_or_not(ring: FloatArray) -> None:
    assert encloses(ring, -80.0, 77.0)
    assert encloses(ring, -80.0, -179.0)
    assert not encloses(ring, -60.0, 77.0)
    assert not encloses(ring, 80.0, 77.0)


@given(st.floats(-85, 85), st.floats(-180, 180), st.floats(0, 360), st.floats(0.0, 0.85))
def test_land_is_filled_where_it_is_and_nowhere_else(
    latitude: float, longitude: float, bearing: float, share: float
) -> None:
    region = Region(Position(latitude, longitude), 2_500_000.0, 2_500_000.0)
    rings = land_rings(BLOCK, region)
    away_m = share * region.radius_m
    east_m = away_m * math.sin(math.radians(bearing))
    north_m = away_m * math.cos(math.radians(bearing))
    lat, lon = Projection(region.centre).positions(np.array([[east_m, north_m]]))[0]
    edge = min(abs(lat - 10), abs(lat - 50), abs(lon - 20), abs(lon - 60))
    if edge > 1.0:
        assert is_filled(rings, east_m, north_m) == in_block(float(lat), float(lon))


@pytest.mark.parametrize("longitude", [0.0, 90.0, 179.9, -120.0])
def test_polar_land_stays_filled_from_every_side(longitude: float) -> None:
    region = Region(Position(-75.0, longitude), 300_000.0, 300_000.0)
    assert is_filled(land_rings(POLAR, region), 1_000.0, 1_000.0)
    far = Region(Position(-50.0, longitude), 300_000.0, 300_000.0)
    assert not is_filled(land_rings(POLAR, far), 1_000.0, 1_000.0)


def test_nothing_drawn_lies_beyond_the_rim() -> None:
    region = Region(Position(30.0, 61.0), 200_000.0, 200_000.0)
    for ring in land_rings(BLOCK, region):
        assert np.hypot(*ring.T).max() <= region.radius_m * 1.000_001


def test_the_cut_along_the_antimeridian_is_no_coast() -> None:
    east = np.array([[-10.0, 170.0], [-10.0, 180.0], [-20.0, 180.0], [-20.0, 170.0]])
    region = Region(Position(-15.0, 179.0), 2_000_000.0, 2_000_000.0)
    pieces = line_pieces(east, region, closed=True)
    assert sum(len(piece) - 1 for piece in pieces) == 3


def test_a_line_is_cut_where_it_leaves_the_region() -> None:
    line = np.array([[35.0, lon] for lon in range(0, 80, 2)], np.float64)
    region = Region(Position(35.0, 36.0), 400_000.0, 400_000.0)
    (piece,) = line_pieces(line, region, closed=False)
    assert 3 < len(piece) < 15


def test_only_what_a_map_can_show_is_kept() -> None:
    region = Region(Position(35.4, 35.95), 30_000.0, 30_000.0)
    near = basemap().within(region)
    assert len(near.land) == 1
    assert {place.name for place in near.places} >= {"Latakia", "Jableh"}
    assert "Aleppo" not in {place.name for place in near.places}


def test_land_all_around_is_kept_though_no_coast_is_near() -> None:
    region = Region(Position(30.0, 40.0), 60_000.0, 60_000.0)
    assert len(Basemap((BLOCK,)).within(region).land) == 1
    sea = Region(Position(-30.0, -140.0), 60_000.0, 60_000.0)
    assert Basemap((BLOCK,)).within(sea).land == ()
