"""Operations found by place: whatever comes into the box, at ±180° and near the poles too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import InvalidFootprint
from keepclear.model.altitude import AltitudeReference
from keepclear.ports.store import OperationQuery
from keepclear.services.searching import Box, find_operations
from node_fixture import RunningNode, exercise_node
from samples import band, circle, operation, window

PLACES = [(0.0, 179.99), (0.0, -179.9), (89.5, 20.0), (-60.0, -70.0), (35.0, 36.0), (70.0, 0.0)]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    folder: Path = tmp_path_factory.mktemp("node")
    with exercise_node(folder) as running:
        for n, (latitude_deg, longitude_deg) in enumerate(PLACES):
            running.take(operation(f"B-{n}", circle(latitude_deg, longitude_deg, 500.0)))
        running.take(operation("LOW", circle(10.0, 10.0), band(0.0, 50.0, AltitudeReference.AGL)))
        yield running


def found(running: RunningNode, box: Box, **query: object) -> set[str]:
    page = find_operations(running.node, OperationQuery(**query), box=box)  # type: ignore[arg-type]
    assert page.total == len(page.items)
    return {stored.operation.designator for stored in page.items}


def test_what_lies_in_the_box_is_found(running: RunningNode) -> None:
    assert found(running, Box(34.0, 35.0, 36.0, 37.0)) == {"B-4"}
    assert found(running, Box(9.0, 9.0, 11.0, 11.0)) == {"LOW"}


def test_a_box_may_cross_the_antimeridian(running: RunningNode) -> None:
    assert found(running, Box(-1.0, 179.0, 1.0, -179.0)) == {"B-0", "B-1"}


def test_the_whole_earth_holds_everything(running: RunningNode) -> None:
    assert len(found(running, Box(-90.0, -180.0, 90.0, 180.0))) == len(PLACES) + 1


def test_other_conditions_hold_besides(running: RunningNode) -> None:
    box = Box(34.0, 35.0, 36.0, 37.0)
    assert found(running, box, text="B-4") == {"B-4"}
    assert found(running, box, text="B-5") == set()
    assert found(running, box, window=window(120)) == set()


@given(
    st.sampled_from(range(len(PLACES))),
    st.floats(0.01, 40.0),
    st.floats(0.01, 40.0),
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
)
def test_no_box_around_an_operation_misses_it(
    running: RunningNode, which: int, tall_deg: float, wide_deg: float, up: float, across: float
) -> None:
    latitude_deg, longitude_deg = PLACES[which]
    south_deg = max(-90.0, latitude_deg - up * tall_deg)
    west_deg = (longitude_deg - across * wide_deg + 180.0) % 360.0 - 180.0
    east_deg = (longitude_deg + (1 - across) * wide_deg + 180.0) % 360.0 - 180.0
    north_deg = min(90.0, south_deg + tall_deg + 1e-9)
    if abs(south_deg) == 90.0 or north_deg < latitude_deg or west_deg == east_deg:
        return
    assert f"B-{which}" in found(running, Box(south_deg, west_deg, north_deg, east_deg))


@pytest.mark.parametrize(
    "box",
    [
        (1.0, 0.0, 1.0, 1.0),
        (0.0, 0.0, 91.0, 1.0),
        (0.0, 0.0, 1.0, 181.0),
        (0.0, 0.0, float("nan"), 1.0),
    ],
)
def test_a_box_that_is_none_is_refused(box: tuple[float, float, float, float]) -> None:
    with pytest.raises(InvalidFootprint):
        Box(*box)
