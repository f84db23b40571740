from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from keepclear.data.gazetteer import CityGazetteer
from keepclear.data.loading import load_gazetteer
from keepclear.model.volume import Position
from keepclear.ports.world import Gazetteer

WGS84 = Geod(ellps="WGS84")


def gazetteer(*places: tuple[str, float, float, int]) -> CityGazetteer:
    names, latitudes, longitudes, populations = zip(*places, strict=True)
    return CityGazetteer(
        names,
        ["XX"] * len(names),
        np.array(latitudes, dtype=np.float64),
        np.array(longitudes, dtype=np.float64),
        np.array(populations, dtype=np.int64),
    )


def test_it_fits_the_port() -> None:
    port: Gazetteer = load_gazetteer()
    place = port.nearest(Position(35.40, 35.95))
    assert place is not None
    assert (place.name, place.country) == ("Jablah", "SY")


def test_the_open_ocean_has_no_nearest_place() -> None:
    assert load_gazetteer().nearest(Position(-48.9, -123.4)) is None


def test_a_place_just_within_500_km_is_nearest_and_one_beyond_is_not() -> None:
    one = gazetteer(("Here", 0.0, 0.0, 1))
    assert one.nearest(Position(4.49, 0.0)) is not None
    assert one.nearest(Position(4.51, 0.0)) is None


def test_the_nearest_place_may_lie_across_the_antimeridian() -> None:
    two = gazetteer(("West", 0.0, 178.0, 9), ("East", 0.0, -179.5, 1))
    nearest = two.nearest(Position(0.0, 179.5))
    assert nearest is not None
    assert nearest.name == "East"


def test_a_box_lists_its_places_most_populous_first() -> None:
    names = [place.name for place in load_gazetteer().within(35.0, 35.5, 36.0, 36.2)]
    assert names[:2] == ["Latakia", "Jablah"]
    populations = [place.population for place in load_gazetteer().within(30, 30, 40, 40)]
    assert populations == sorted(populations, reverse=True)


def test_a_box_may_cross_the_antimeridian() -> None:
    three = gazetteer(("A", 1.0, 179.0, 1), ("B", 2.0, -179.0, 2), ("C", 0.0, 0.0, 3))
    assert [place.name for place in three.within(-5.0, 170.0, 5.0, -170.0)] == ["B", "A"]
    assert [place.name for place in three.within(-5.0, -170.0, 5.0, 170.0)] == ["C"]


def test_a_box_without_places_is_empty() -> None:
    assert load_gazetteer().within(-50.0, -130.0, -45.0, -125.0) == ()


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        CityGazetteer(["A"], [], np.zeros(1), np.zeros(1), np.zeros(1, dtype=np.int64))


def test_a_gazetteer_without_places_knows_none() -> None:
    empty = CityGazetteer([], [], np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64))
    assert len(empty) == 0
    assert empty.nearest(Position(0.0, 0.0)) is None


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.just("P"), st.floats(-90, 90), st.floats(-180, 180), st.integers(0, 9)),
        min_size=1,
        max_size=12,
    ),
    st.floats(-90, 90),
    st.floats(-180, 180),
)
def test_no_other_place_is_clearly_nearer_on_the_ellipsoid(
    places: list[tuple[str, float, float, int]], latitude: float, longitude: float
) -> None:
    here = Position(latitude, longitude)
    found = gazetteer(*places).nearest(here)
    distances_m = [WGS84.inv(longitude, latitude, p[2], p[1])[2] for p in places]
    if found is None:
        assert min(distances_m) > 500_000.0 * 0.994
        return
    found_m = WGS84.inv(
        longitude, latitude, found.position.longitude_deg, found.position.latitude_deg
    )[2]
    assert found_m <= min(distances_m) * 1.012 + 1.0
