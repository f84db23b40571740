"""A simplified line stays within its tolerance, measured by an authority of its own."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from keepclear.geometry.geodesy import normals
from keepclear.geometry.simplify import distance_bounds_m, simplified

FloatArray = NDArray[np.float64]


def geodesic_m(first: FloatArray, second: FloatArray) -> float:
    """GeographicLib's distance between two positions (latitude, longitude)."""
    return float(Geodesic.WGS84.Inverse(*first, *second, Geodesic.DISTANCE)["s12"])


def on_edge(start: FloatArray, end: FloatArray, share: float) -> FloatArray:
    """The position at a share of the way along the great circle of the normals."""
    normal = (1.0 - share) * normals(*start) + share * normals(*end)
    latitude = np.degrees(np.arctan2(normal[2], np.hypot(normal[0], normal[1])))
    return np.array([latitude, np.degrees(np.arctan2(normal[1], normal[0]))])


def oracle_m(point: FloatArray, start: FloatArray, end: FloatArray) -> float:
    """The least distance to an edge, by ternary search."""
    low, high = 0.0, 1.0
    for _ in range(60):
        third = (high - low) / 3.0
        nearer = geodesic_m(point, on_edge(start, end, low + third))
        if nearer < geodesic_m(point, on_edge(start, end, high - third)):
            high -= third
        else:
            low += third
    return min(
        geodesic_m(point, on_edge(start, end, share)) for share in (0.0, 0.5 * (low + high), 1.0)
    )


@st.composite
def lines(draw: st.DrawFn) -> FloatArray:
    """Recorded lines anywhere, over poles and the antimeridian; shape (N, 2)."""
    start = draw(st.tuples(st.floats(-89.9, 89.9), st.floats(-180.0, 180.0)))
    steps = draw(
        st.lists(
            st.tuples(st.floats(0.0, 360.0), st.floats(0.0, 30_000.0)), min_size=1, max_size=15
        )
    )
    line = [start]
    for bearing_deg, step_m in steps:
        there = Geodesic.WGS84.Direct(*line[-1], bearing_deg, step_m)
        line.append((there["lat2"], there["lon2"]))
    return np.array(line)


@given(lines(), st.floats(0.0, 5_000.0))
def test_every_position_lies_within_the_tolerance_of_its_edge(
    line: FloatArray, tolerance_m: float
) -> None:
    chosen = simplified(line[:, 0], line[:, 1], tolerance_m)
    assert chosen[0] == 0
    assert chosen[-1] == len(line) - 1
    for start, end in pairwise(chosen):
        for between in range(start + 1, end):
            distance_m = oracle_m(line[between], line[start], line[end])
            assert distance_m <= tolerance_m + 0.001


@given(lines())
def test_a_distance_bound_is_never_short_and_at_most_one_per_cent_long(line: FloatArray) -> None:
    first, start, end = (normals(*line[index]) for index in (0, -2, -1))
    bound_m = distance_bounds_m(first[np.newaxis], start, end).item()
    true_m = oracle_m(line[0], line[-2], line[-1])
    assert true_m - 0.001 <= bound_m <= 1.0102 * true_m + 0.001


def test_positions_on_one_great_circle_leave_its_two_ends() -> None:
    ends = np.array([46.0, 6.0]), np.array([47.5, 10.0])
    line = np.array([on_edge(*ends, share) for share in np.linspace(0.0, 1.0, 50)])
    assert simplified(line[:, 0], line[:, 1], 0.01).tolist() == [0, 49]


def test_a_corner_is_kept() -> None:
    latitude, longitude = np.array([46.0, 46.5, 47.0, 47.0]), np.array([7.0, 7.0, 7.0, 8.0])
    assert simplified(latitude, longitude, 500.0).tolist() == [0, 2, 3]


def test_a_loop_that_ends_where_it_began_keeps_its_far_side() -> None:
    latitude, longitude = np.array([46.0, 46.2, 46.0]), np.array([7.0, 7.0, 7.0])
    assert simplified(latitude, longitude, 500.0).tolist() == [0, 1, 2]


def test_a_line_over_the_antimeridian_is_no_detour_around_the_world() -> None:
    latitude, longitude = np.zeros(3), np.array([179.9, -180.0, -179.9])
    assert simplified(latitude, longitude, 1.0).tolist() == [0, 2]


@pytest.mark.parametrize("tolerance_m", [0.0, 100.0])
def test_a_single_position_stays(tolerance_m: float) -> None:
    assert simplified(np.array([46.0]), np.array([7.0]), tolerance_m).tolist() == [0]
