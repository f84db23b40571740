"""Cells only ever admit too much: whatever may break the minima shares a cell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from keepclear.deconflict.cells import cells_near, cells_of
from keepclear.deconflict.index import LiveIndex
from keepclear.deconflict.packing import PackedVolumes, pack_operations
from keepclear.deconflict.pairs import Minima
from keepclear.model.agreement import Atmosphere
from keepclear.model.operation import Operation
from keepclear.model.volume import Circle, Corridor, Footprint, Position
from samples import LevelGeoid, band, operation, window

SEAMS = [(0.0, 180.0), (0.0, -180.0), (90.0, 0.0), (-90.0, 12.0), (35.0, 36.0), (51.0, 0.0)]


def packed_of(one: Operation) -> PackedVolumes:
    return pack_operations([one], geoid=LevelGeoid().undulation_m, atmosphere=Atmosphere())


@st.composite
def footprints(draw: st.DrawFn) -> Footprint:
    """Shapes of every size, near the places where coordinates end."""
    latitude_deg, longitude_deg = draw(st.sampled_from(SEAMS))

    def place() -> Position:
        return Position(
            max(-90.0, min(90.0, latitude_deg + draw(st.floats(-3.0, 3.0)))),
            (longitude_deg + draw(st.floats(-3.0, 3.0)) + 180.0) % 360.0 - 180.0,
        )

    width_m = draw(st.sampled_from([50.0, 5_000.0, 300_000.0, 1_900_000.0]))
    first, second = place(), place()
    if draw(st.booleans()) or first == second:
        return Circle(first, width_m)
    return Corridor((first, second), width_m)


@given(
    footprints(),
    footprints(),
    st.sampled_from([0.0, 5_556.0, 185_200.0]),
    st.sampled_from([0.0, 3_000.0]),
)
def test_whatever_may_break_the_minima_shares_a_cell(
    one: Footprint, other: Footprint, lateral_m: float, lower_m: float
) -> None:
    minima = Minima(lateral_m, 914.4, 0.0)
    ours = packed_of(operation("B-1", one))
    theirs = packed_of(operation("A-1", other, band(lower_m, lower_m + 500.0), party="AMBER"))
    index = LiveIndex()
    index.add(theirs, 1)
    rows, _ = index.snapshot().operations_meeting(ours, 0, 1, minima)
    near = cells_near(ours, minima)
    if len(rows) and near is not None:
        assert set(near) & set(cells_of(theirs))


def test_a_usual_operation_has_few_cells() -> None:
    assert len(cells_of(packed_of(operation("B-1")))) <= 4
    assert len(cells_of(packed_of(operation("B-1", Circle(Position(35.0, 36.0), 1.9e6))))) <= 64


def test_what_is_far_away_shares_no_cell() -> None:
    near = cells_near(packed_of(operation("B-1")), Minima(5_556.0, 914.4, 0.0))
    far = packed_of(operation("A-1", Circle(Position(35.0, 60.0), 1_000.0), at=window()))
    assert near is not None
    assert not set(near) & set(cells_of(far))


def test_a_question_of_half_the_earth_looks_at_everything() -> None:
    wide = packed_of(operation("B-1", Circle(Position(35.0, 36.0), 1.9e6)))
    assert cells_near(wide, Minima(0.0, 0.0, 0.0)) is None
