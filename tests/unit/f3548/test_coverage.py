"""Whether a subscription reaches as far as what depends on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.f3548.coverage import covers, surely_covered
from keepclear.f3548.extent import Extent, extent_of, microseconds_of, union_of
from keepclear.geometry.geodesy import destination
from keepclear.model.coordination import Area
from keepclear.model.volume import Circle, Polygon, Position

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOME = Position(47.0, 8.0)
AREA = Area(Circle(HOME, 1_000.0), 0.0, 500.0, NOON, NOON + timedelta(hours=2))
WHOLE = extent_of([AREA])


def like(**changes: Any) -> Extent:
    return extent_of([AREA._replace(**changes)])


@pytest.mark.parametrize(
    ("changes", "short"),
    [
        ({}, ()),
        ({"footprint": Circle(HOME, 1_010.0)}, ("area",)),
        ({"footprint": Circle(destination(HOME, 90.0, 50.0), 1_000.0)}, ("area",)),
        ({"low_m": -1.0}, ("altitude",)),
        ({"high_m": 500.1}, ("altitude",)),
        ({"high_m": None}, ("altitude",)),
        ({"start": NOON - timedelta(minutes=5)}, ()),
        ({"start": NOON - timedelta(minutes=5, seconds=1)}, ("start",)),
        ({"end": NOON + timedelta(hours=2, microseconds=1)}, ("end",)),
        ({"low_m": -1.0, "end": None}, ("altitude", "end")),
    ],
)
def test_a_subscription_says_where_it_falls_short(
    changes: dict[str, object], short: tuple[str, ...]
) -> None:
    assert covers(WHOLE, like(**changes)) == short


def test_what_is_over_needs_no_cover() -> None:
    begun = like(start=NOON - timedelta(hours=3))
    assert covers(WHOLE, begun) == ("start",)
    assert covers(WHOLE, begun, now_us=microseconds_of(NOON)) == ()


@given(st.floats(1.0, 5.5), st.integers(3, 12), st.floats(-89.0, 89.0))
def test_a_circle_covers_every_polygon_inside_it(
    power: float, count: int, latitude_deg: float
) -> None:
    centre, radius_m = Position(latitude_deg, 179.99), 10.0**power
    ring = tuple(destination(centre, 360.0 * i / count, radius_m) for i in range(count))
    assert covers(like(footprint=Circle(centre, radius_m)), like(footprint=Polygon((ring,)))) == ()


@given(
    st.floats(-3_000.0, 3_000.0), st.floats(0.0, 360.0), st.floats(-20.0, 20.0),
    st.floats(-600.0, 600.0), st.floats(-1_000.0, 1_000.0),
)  # fmt: skip
def test_what_lies_inside_what_is_surely_covered_is_covered(
    off_m: float, bearing_deg: float, deeper_m: float, sooner_s: float, now_s: float
) -> None:
    place = destination(HOME, bearing_deg, off_m)
    within = like(
        footprint=Circle(place, 500.0),
        low_m=deeper_m,
        high_m=400.0,
        start=NOON - timedelta(seconds=sooner_s),
        end=NOON + timedelta(hours=1),
    )
    now_us = microseconds_of(NOON + timedelta(seconds=now_s))
    sure = surely_covered(WHOLE, now_us=now_us)
    if union_of((sure, within)) == sure:
        assert covers(WHOLE, within, now_us=now_us) == ()
