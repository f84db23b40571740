"""Land, borders and places become GeoJSON that a map draws as it should."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from keepclear.model.volume import Position
from keepclear.ports.world import Place
from keepclear.web.map_data import FloatArray, map_data


def square(south: float, west: float, side: float) -> FloatArray:
    """Latitude and longitude, closed."""
    north, east = south + side, west + side
    return np.array([[south, west], [south, east], [north, east], [north, west], [south, west]])


def drawn(name: str, **given: Any) -> list[dict[str, Any]]:
    files = map_data(given.get("land", ()), given.get("borders", ()), given.get("places", ()))
    features: list[dict[str, Any]] = json.loads(files[name])["features"]
    return features


def covers(features: list[dict[str, Any]], latitude: float, longitude: float) -> bool:
    point = shapely.Point(longitude, latitude)
    return any(shape(feature["geometry"]).contains(point) for feature in features)


def test_a_lake_is_a_hole_and_its_island_is_land_again() -> None:
    land = [square(5.0, 5.0, 1.0), square(0.0, 0.0, 20.0), square(4.0, 4.0, 6.0)]
    features = drawn("land.json", land=land)
    assert len(features) == 2
    assert covers(features, 1.0, 1.0)
    assert not covers(features, 9.0, 9.0)
    assert covers(features, 5.5, 5.5)


def test_a_ring_over_the_antimeridian_takes_the_short_way() -> None:
    ring = np.array([[0.0, 179.0], [0.0, -179.0], [2.0, -179.0], [2.0, 179.0], [0.0, 179.0]])
    (feature,) = drawn("land.json", land=[ring])
    assert shape(feature["geometry"]).area == pytest.approx(4.0)


def test_land_around_the_pole_reaches_it() -> None:
    longitudes = np.linspace(-180.0, 180.0, 37)
    ring = np.stack([np.full(37, -70.0), longitudes], axis=-1)
    features = drawn("land.json", land=[ring])
    assert covers(features, -85.0, 12.0)
    assert not covers(features, -60.0, 12.0)


def test_borders_are_lines_without_names() -> None:
    (feature,) = drawn("borders.json", borders=[np.array([[1.0, 2.0], [3.0, 4.0]])])
    assert feature["geometry"]["coordinates"] == [[[2.0, 1.0], [4.0, 3.0]]]
    assert feature["properties"] == {}


def test_places_keep_their_letters_and_small_ones_are_left_out() -> None:
    def place(name: str, population: int) -> Place:
        return Place(name, "SY", Position(35.5167, 35.7833), population)

    (feature,) = drawn("places.json", places=[place("Lattaquié", 400_000), place("Hamlet", 900)])
    assert feature["properties"] == {"name": "Lattaquié", "population": 400_000}
    assert feature["geometry"]["coordinates"] == [35.783, 35.517]


def test_the_shipped_data_make_valid_shapes_in_reasonable_size() -> None:
    from keepclear import compose

    basemap = compose.basemap()
    files = map_data(basemap.land, basemap.borders, basemap.places)
    assert {name: len(data) < 2_000_000 for name, data in files.items()} == {
        "land.json": True,
        "borders.json": True,
        "places.json": True,
    }
    features = json.loads(files["land.json"])["features"]
    assert covers(features, 35.0, 38.0)
    assert not covers(features, 34.5, 34.5)
    assert not covers(features, 42.0, 51.0), "the Caspian Sea is no land"
    assert covers(features, -85.0, 0.0)
