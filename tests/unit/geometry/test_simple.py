"""What is surely sound is sound by shapely too, and ordinary shapes are surely so."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import InvalidFootprint
from keepclear.geometry.footprint import pack_footprints, require_sound, unsound
from keepclear.geometry.geodesy import normal_of, position_of
from keepclear.geometry.simple import surely_sound
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position
from samples import square

CENTRES = [(35.0, 36.0), (0.0, 180.0), (-12.0, -179.9), (90.0, 0.0), (-89.7, 45.0)]
Ring = list[tuple[float, float]]


def sure(*footprints: Footprint) -> list[bool]:
    packed = pack_footprints(footprints)
    found = np.empty(len(footprints), np.bool_)
    surely_sound(packed.vertices, packed.following, packed.first, packed.area, found)
    return found.tolist()


def on_earth(ring: Ring, centre: tuple[float, float], size: float) -> tuple[Position, ...]:
    """A ring of the gnomonic plane at a centre, where great circles are straight."""
    middle = normal_of(Position(*centre))
    east = np.array([0.0, 1.0, 0.0])
    if abs(middle[2]) < 0.999_999:
        east = np.array([-middle[1], middle[0], 0.0]) / math.hypot(middle[0], middle[1])
    north = np.cross(middle, east)
    return tuple(position_of(middle + size * (x * east + y * north)) for x, y in ring)


# A coarse grid: corners fall on edges and on each other, edges overlap and cross.
corners = st.tuples(st.integers(0, 4), st.integers(0, 4))


@given(
    st.lists(corners, min_size=3, max_size=8),
    st.sampled_from(CENTRES),
    st.sampled_from([1e-6, 1e-3, 0.05]),
)
def test_what_is_sure_is_valid_and_most_of_what_is_valid_is_sure(
    ring: Ring, centre: tuple[float, float], size: float
) -> None:
    positions = on_earth(ring, centre, size)
    if len(set(positions)) < 3 or positions[0] == positions[-1]:
        return
    polygon = Polygon((positions,))
    valid = bool(shapely.is_valid(shapely.Polygon(ring)))
    (certain,) = sure(polygon)
    assert valid or not certain
    if valid and len(set(ring)) == len(ring):
        assert certain, "nothing on a coarse grid is near enough to be doubtful"
        assert unsound([polygon]) == {}


@given(st.integers(3, 200), st.sampled_from(CENTRES), st.randoms(use_true_random=False))
def test_ordinary_rings_are_surely_sound(
    count: int, centre: tuple[float, float], draw: np.random.Generator
) -> None:
    reach = [draw.uniform(0.4, 1.0) for _ in range(count)]
    ring = [
        (r * math.cos(2 * math.pi * i / count), r * math.sin(2 * math.pi * i / count))
        for i, r in enumerate(reach)
    ]
    if shapely.is_valid(shapely.Polygon(ring)):
        assert sure(Polygon((on_earth(ring, centre, 0.01),))) == [True]


def test_points_and_lines_within_reach_are_sound() -> None:
    near, far = Position(35.0, 36.0), Position(35.0, 100.0)
    line = Corridor((near, Position(36.0, 37.0), near), 900.0)
    assert sure(Circle(near, 5.0), line, Corridor((near, far), 900.0)) == [True, True, False]


def test_doubt_is_left_to_the_exact_test() -> None:
    holed = Polygon((square(35.0, 36.0, 1.0).rings[0], square(35.2, 36.2, 0.1).rings[0]))
    many = Polygon((tuple(Position(math.sin(i / 160), math.cos(i / 160)) for i in range(1_000)),))
    assert sure(holed, many) == [False, False]
    assert unsound([holed, square(1.0, 1.0, 1.0), many]) == {}


def test_faults_keep_the_number_of_their_footprint() -> None:
    bow_tie = Polygon((tuple(Position(y, x) for y, x in ((0, 0), (1, 1), (1, 0), (0, 1))),))
    faults = unsound([square(1.0, 1.0, 1.0), bow_tie, square(2.0, 2.0, 1.0), bow_tie])
    assert list(faults) == [1, 3]
    with pytest.raises(InvalidFootprint, match="not simple"):
        require_sound(bow_tie)
