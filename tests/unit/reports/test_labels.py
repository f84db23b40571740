"""Labels of the map: none covers another, the gravest stays."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from keepclear.model.answer import Verdict
from keepclear.reports.html.drawing import glyph
from keepclear.reports.html.map.labels import SIDES, Pin, Placed, label_box, place_labels

WIDTH, HEIGHT = 800.0, 576.0
pins = st.builds(
    Pin,
    x=st.floats(0.0, WIDTH),
    y=st.floats(0.0, HEIGHT),
    rank=st.integers(1, 7),
    label=st.text("ABC-123", max_size=14),
    kind=st.just("op-label"),
)
Box = tuple[float, float, float, float]


def boxes(placed: tuple[Placed, ...]) -> list[Box]:
    return [label_box(one.pin, *SIDES[one.side]) for one in placed if one.side is not None]


@given(st.lists(pins, max_size=40))
def test_no_label_covers_another_or_leaves_the_map(some: list[Pin]) -> None:
    found = boxes(place_labels(some, WIDTH, HEIGHT))
    for index, a in enumerate(found):
        assert a[0] >= 0.0
        assert a[1] >= 0.0
        assert a[2] <= WIDTH
        assert a[3] <= HEIGHT
        for b in found[:index]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


@given(st.lists(pins, max_size=40))
def test_every_pin_is_accounted_for(some: list[Pin]) -> None:
    assert len(place_labels(some, WIDTH, HEIGHT)) == len(some)


def conflict(x: float, y: float, label: str) -> Pin:
    return Pin(x, y, 0, label, "conflict-pin", glyph(Verdict.CONFLICT))


def test_the_gravest_label_is_placed_first() -> None:
    city = Pin(100.0, 100.0, 6, "Latakia", "city-label", glyph(Verdict.CONFLICT))
    first, second = place_labels([city, conflict(100.0, 100.0, "C1")], WIDTH, HEIGHT)
    assert first.pin.label == "C1"
    assert first.side is not None
    assert second.is_covered


def test_conflicts_at_one_place_are_counted_on_the_first() -> None:
    some = [conflict(100.0 + k, 100.0, f"C{k + 1}") for k in range(4)]
    placed = place_labels(some, WIDTH, HEIGHT)
    assert placed[0].pin.label == "C1 +3"
    assert [one.is_covered for one in placed] == [False, True, True, True]


def test_a_pin_off_the_map_takes_no_room() -> None:
    (placed,) = place_labels([Pin(-50.0, 10.0, 2, "B-1", "op-label")], WIDTH, HEIGHT)
    assert placed.side is None
    assert not placed.is_covered


def test_the_scale_bars_keep_their_corner() -> None:
    (placed,) = place_labels([Pin(30.0, HEIGHT - 20.0, 2, "B-1", "op-label")], WIDTH, HEIGHT)
    assert placed.side is None or label_box(placed.pin, *SIDES[placed.side])[3] <= 0.91 * HEIGHT


def test_no_conflict_is_hidden_without_being_counted() -> None:
    some = [conflict(30.0 * k, HEIGHT - 10.0, f"C{k}") for k in range(1, 20)]
    placed = place_labels(some, WIDTH, HEIGHT)
    assert not any(one.is_covered for one in placed)
