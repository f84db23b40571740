from __future__ import annotations

import numpy as np
import pytest

from keepclear.errors import InvalidFootprint
from keepclear.geometry.footprint import caps, pack_footprints, require_sound
from keepclear.geometry.geodesy import position_of
from keepclear.model.volume import Circle, Corridor, Polygon, Position
from samples import square


def polygon(*corners: tuple[float, float]) -> Polygon:
    return Polygon((tuple(Position(y, x) for y, x in corners),))


def test_a_footprint_is_a_core_and_a_radius() -> None:
    packed = pack_footprints(
        [
            Circle(Position(0.0, 0.0), 5.0),
            Corridor((Position(0.0, 0.0), Position(0.0, 1.0)), 7.0),
            square(0.0, 0.0, 1.0),
        ]
    )
    assert packed.first.tolist() == [0, 1, 3, 7]
    assert packed.following.tolist() == [0, 1, -1, 1, 2, 3, 0]
    assert packed.radius_m.tolist() == [5.0, 7.0, 0.0]
    assert packed.area.tolist() == [False, False, True]


def test_nothing_packs_to_nothing() -> None:
    assert len(pack_footprints([]).vertices) == 0
    assert len(caps(pack_footprints([]))[1]) == 0


def test_a_cap_reaches_every_vertex() -> None:
    packed = pack_footprints([square(10.0, 179.5, 0.4)])
    middle, reach = caps(packed)
    angles = np.arccos(packed.vertices @ middle[0])
    assert np.all(angles <= reach[0] + 1e-9)


def test_positions_survive_as_normals_even_at_the_poles() -> None:
    for latitude, longitude in ((90.0, 0.0), (-90.0, 0.0), (12.5, -180.0), (35.0, 179.999)):
        place = position_of(
            pack_footprints([Circle(Position(latitude, longitude), 1.0)]).vertices[0]
        )
        assert place.latitude_deg == pytest.approx(latitude, abs=1e-9)


def test_a_ring_that_crosses_itself_is_refused_with_the_place() -> None:
    bow_tie = polygon((35.0, 36.0), (36.0, 37.0), (36.0, 36.0), (35.0, 37.0))
    with pytest.raises(InvalidFootprint, match=r"self-intersection near 35\.5\d+, 36\.5"):
        require_sound(bow_tie)


def test_a_ring_without_an_inside_is_refused() -> None:
    with pytest.raises(InvalidFootprint, match="not simple"):
        require_sound(polygon((0.0, 30.0), (0.0, 31.0), (0.0, 32.0)))


def test_a_hole_outside_its_ring_is_refused() -> None:
    outer, hole = square(35.0, 36.0, 1.0).rings[0], square(38.0, 36.0, 0.1).rings[0]
    with pytest.raises(InvalidFootprint, match="hole lies outside"):
        require_sound(Polygon((outer, hole)))


def test_a_shape_wider_than_any_flight_is_refused() -> None:
    with pytest.raises(InvalidFootprint, match="wider than"):
        require_sound(Corridor((Position(0.0, 0.0), Position(0.0, 120.0)), 1_000.0))


@pytest.mark.parametrize(
    "sound",
    [
        square(-0.5, 179.5, 0.4),
        polygon((89.0, 0.0), (89.0, 120.0), (89.0, -120.0)),
        polygon((10.0, 179.0), (10.0, -179.0), (11.0, -179.0), (11.0, 179.0)),
        Polygon((square(35.0, 36.0, 1.0).rings[0], square(35.2, 36.2, 0.1).rings[0])),
    ],
)
def test_sound_shapes_pass_also_over_the_pole_and_the_antimeridian(sound: Polygon) -> None:
    require_sound(sound)
