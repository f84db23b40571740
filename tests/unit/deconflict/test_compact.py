"""Two numbers for a vertex give back the third."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.deconflict.compact import WHOLE, unpacked
from keepclear.deconflict.packing import PackedVolumes, lateral_pack
from keepclear.deconflict.run import build_run
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position
from samples import circle, square

positions = st.builds(Position, st.floats(-90.0, 90.0), st.floats(-180.0, 180.0))
HOLED = Polygon((square(35.0, 36.0, 1.0).rings[0], square(35.2, 36.2, 0.1).rings[0]))
ROUND_THE_GLOBE = Polygon((tuple(Position(0.0, x) for x in (0.0, 120.0, -120.0)),))


@st.composite
def shapes(draw: st.DrawFn) -> Footprint:
    """Shapes of any kind anywhere, up to the widest that is sound."""
    place = draw(positions)
    kind = draw(st.integers(0, 2))
    if kind == 0:
        return Circle(place, 500.0)
    reach = draw(st.floats(1e-6, 13.0))
    turns = (place.longitude_deg, place.longitude_deg + reach, place.longitude_deg + 2 * reach)
    latitudes = (place.latitude_deg, place.latitude_deg + 0.3 * reach, place.latitude_deg)
    line = tuple(
        Position(min(90.0, latitude), (turn + 180.0) % 360.0 - 180.0)
        for latitude, turn in zip(latitudes, turns, strict=True)
    )
    if len(set(line)) < 3:
        return Circle(place, 500.0)
    return Polygon((line,)) if kind == 1 else Corridor(line, 500.0)


def there_and_back(footprints: list[Footprint]) -> tuple[PackedVolumes, PackedVolumes]:
    before = lateral_pack(footprints)
    before.facts["operation"] = np.arange(len(footprints))
    run = build_run(before, 0, 0.0)
    return before, unpacked(run.volumes, np.argsort(run.volumes.facts["operation"]))


@given(st.lists(shapes(), min_size=1, max_size=20))
def test_vertices_come_back_to_some_nanometres(footprints: list[Footprint]) -> None:
    before, after = there_and_back(footprints)
    assert np.abs(after.vertices - before.vertices).max() < 1e-15
    assert after.following.tolist() == before.following.tolist()
    assert after.facts.tolist() == before.facts.tolist()


@pytest.mark.parametrize("footprint", [HOLED, ROUND_THE_GLOBE])
def test_what_two_numbers_cannot_tell_is_kept_whole(footprint: Polygon) -> None:
    before, after = there_and_back([circle(), footprint, circle(-35.0, 120.0)])
    assert np.array_equal(after.vertices[1:-1], before.vertices[1:-1])
    assert after.following.tolist() == before.following.tolist()
    forms = build_run(before, 0, 0.0).volumes.facts["form"].tolist()
    assert forms.count(WHOLE) == 1


def test_a_vertex_takes_two_numbers_and_no_more() -> None:
    run = build_run(lateral_pack([square(35.0, 36.0, 1.0), circle()]), 0, 0.0)
    assert run.volumes.rows.shape == (5, 2)
