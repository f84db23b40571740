"""Leaving out far edges leaves out no closest place."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from keepclear.geometry.closest import Core, closest_cores, foot_on_edge
from keepclear.geometry.footprint import pack_footprints
from keepclear.geometry.geodesy import geodesic_between
from keepclear.model.volume import Corridor, Position


@st.composite
def lines(draw: st.DrawFn) -> Core:
    """Lines of long and short edges, near enough to be compared."""
    size_deg = draw(st.sampled_from([0.001, 0.1, 3.0, 15.0]))
    west = draw(st.sampled_from([0.0, 0.002, 0.3, 20.0]))
    south = draw(st.sampled_from([-40.0, 0.0, 55.0]))
    steps = draw(
        st.lists(st.tuples(*[st.floats(0.0, 1.0)] * 2), min_size=2, max_size=9, unique=True)
    )
    line = tuple(Position(south + size_deg * y, west + size_deg * x) for y, x in steps)
    if len(set(line)) < 2:
        line = (Position(south, west), Position(south + size_deg, west))
    packed = pack_footprints([Corridor(line, 1.0)])
    return Core(packed.vertices, packed.following, 0, len(packed.vertices))


def least2(points: Core, edges: Core) -> float:
    """The least squared distance of all points and all edges, none left out."""
    foot, best2 = np.empty(3), math.inf
    for point in points.vertices:
        for k in range(edges.end - 1):
            best2 = min(best2, foot_on_edge(point, edges.vertices[k], edges.vertices[k + 1], foot))
    return best2


def chord_m(one: np.ndarray, other: np.ndarray) -> float:
    """The straight distance of two places, by way of an edge without length."""
    return math.sqrt(foot_on_edge(one, other, other, np.empty(3)))


@given(lines(), lines())
def test_the_closest_places_are_those_of_all_edges(one: Core, other: Core) -> None:
    at = np.empty((2, 3))
    found_m = closest_cores(one, other, at[0], at[1])
    expected_m = math.sqrt(min(least2(one, other), least2(other, one)))
    assert abs(chord_m(at[0], at[1]) - expected_m) <= 1e-6 + 1e-9 * expected_m
    assert found_m == geodesic_between(*at[0], *at[1])
