"""The live index finds all that brute force finds, whatever came and went."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keepclear.deconflict.index
from keepclear.deconflict.index import LiveIndex
from keepclear.deconflict.packing import PackedVolumes, pack_operations
from keepclear.deconflict.pairs import APART, Minima, judge, make_room, stand_on
from keepclear.model.agreement import Atmosphere
from keepclear.model.operation import Operation, Uncertainty
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position
from samples import LevelGeoid, band, operation, window

CLOSE = Minima(5_556.0, 914.4, 0.0)


def pack(operations: list[Operation]) -> PackedVolumes:
    return pack_operations(operations, geoid=LevelGeoid().undulation_m, atmosphere=Atmosphere())


def brute_force(ours: PackedVolumes, theirs: PackedVolumes, minima: Minima) -> dict[int, int]:
    found: dict[int, int] = {}
    most = int(max(theirs.facts["size"]))
    for v in range(len(ours.facts)):
        room = make_room(int(ours.facts["size"][v]), most)
        for w in range(len(theirs.facts)):
            stand_on(ours, v, room)
            outcome = int(judge(ours, v, theirs, w, minima, room))
            if outcome != APART:
                row = int(theirs.facts["operation"][w])
                found[row] = max(outcome, found.get(row, 0))
    return found


def answer(index: LiveIndex, ours: PackedVolumes, minima: Minima) -> dict[int, int]:
    rows, outcomes = index.snapshot().operations_meeting(ours, 0, len(ours.facts), minima)
    return dict(zip(rows.tolist(), outcomes.tolist(), strict=True))


# Places where seams and poles would show, and one crowded spot of the ordinary kind.
anchors = st.sampled_from(
    [(35.0, 36.0), (0.0, 179.95), (-10.0, -179.95), (89.9, 10.0), (-90.0, 0.0)]
)
offsets = st.floats(-0.15, 0.15)


@st.composite
def positions(draw: st.DrawFn) -> Position:
    latitude, longitude = draw(anchors)
    y, x = draw(offsets), draw(offsets)
    longitude = (longitude + x + 180.0) % 360.0 - 180.0
    return Position(min(90.0, max(-90.0, latitude + y)), longitude)


@st.composite
def footprints(draw: st.DrawFn) -> Footprint:
    place = draw(positions())
    kind = draw(st.integers(0, 2))
    if kind == 0:
        return Circle(place, draw(st.floats(10.0, 20_000.0)))
    if kind == 1:
        other = draw(positions().filter(lambda p: p != place))
        return Corridor((place, other), draw(st.floats(10.0, 5_000.0)))
    size = draw(st.floats(0.001, 0.2))
    latitude = min(place.latitude_deg, 89.7 - size)
    corners = ((0.0, 0.0), (0.0, size), (size, size), (size, 0.0))
    return Polygon(
        (
            tuple(
                Position(latitude + y, (place.longitude_deg + x + 180.0) % 360.0 - 180.0)
                for y, x in corners
            ),
        )
    )


@st.composite
def wide_footprints(draw: st.DrawFn) -> Footprint:
    """Shapes of hundreds of kilometres: their insides bulge far above their corners."""
    place = draw(positions())
    latitude = max(-60.0, min(60.0, place.latitude_deg))
    reach = draw(st.floats(1.0, 8.0))
    corners = ((-reach, -reach), (-reach, reach), (reach, reach), (reach, -reach))
    ring = tuple(
        Position(latitude + y, (place.longitude_deg + x + 180.0) % 360.0 - 180.0)
        for y, x in corners
    )
    kind = draw(st.integers(0, 2))
    if kind == 0:
        return Circle(place, reach * 100_000.0)
    return Polygon((ring,)) if kind == 1 else Corridor(ring[:3], reach * 10_000.0)


@st.composite
def operations(draw: st.DrawFn, name: str) -> Operation:
    lower = draw(st.floats(0.0, 3_000.0))
    return operation(
        name,
        draw(st.one_of(footprints(), wide_footprints())),
        band(lower, lower + draw(st.floats(0.0, 800.0))),
        window(draw(st.integers(-120, 120)), draw(st.integers(1, 90))),
        uncertainty=Uncertainty(draw(st.sampled_from([0.0, 500.0])), 0.0),
    )


@st.composite
def skies(draw: st.DrawFn) -> list[Operation]:
    return [draw(operations(f"T-{number}")) for number in range(draw(st.integers(1, 12)))]


@given(skies(), operations("Q"), st.sampled_from([Minima(0.0, 0.0, 0.0), CLOSE]))
def test_the_index_finds_all_that_brute_force_finds(
    sky: list[Operation], ours: Operation, minima: Minima
) -> None:
    index = LiveIndex()
    theirs = pack(sky)
    index.add(theirs, len(sky))
    assert answer(index, pack([ours]), minima) == brute_force(pack([ours]), theirs, minima)


@given(skies(), operations("Q"))
def test_adding_one_by_one_and_merging_changes_no_answer(
    sky: list[Operation], ours: Operation
) -> None:
    piecewise = LiveIndex()
    for one in sky:
        piecewise.add(pack([one]), 1)
    piecewise.merge()
    assert answer(piecewise, pack([ours]), CLOSE) == brute_force(pack([ours]), pack(sky), CLOSE)


@given(skies())
@settings(max_examples=20)
def test_all_pairs_are_the_pairs_that_queries_find(sky: list[Operation]) -> None:
    index = LiveIndex()
    packed = pack(sky)
    index.add(packed, len(sky))
    pairs = {(int(a), int(b)) for a, b, _ in index.snapshot().all_pairs(packed, CLOSE, threads=2)}
    expected = {
        (row, other)
        for row, one in enumerate(sky)
        for other in brute_force(pack([one]), packed, CLOSE)
        if other > row
    }
    assert pairs == expected


def test_a_removed_operation_stays_in_snapshots_taken_before() -> None:
    index = LiveIndex()
    row = index.add(pack([operation("A")]), 1)
    before = index.snapshot()
    index.remove(np.array([row]))
    ours = pack([operation("Q")])
    assert len(before.operations_meeting(ours, 0, 1, CLOSE)[0]) == 1
    assert len(index.snapshot().operations_meeting(ours, 0, 1, CLOSE)[0]) == 0
    index.add(pack([operation("B")]), 1)
    index.merge()
    assert index.snapshot().operations_meeting(ours, 0, 1, CLOSE)[0].tolist() == [1]


def test_more_hits_than_expected_are_all_told() -> None:
    index = LiveIndex()
    sky = [operation(f"T-{number}") for number in range(1_500)]
    index.add(pack(sky), len(sky))
    ours = pack([operation("Q")])
    rows, _ = index.snapshot().operations_meeting(ours, 0, 1, CLOSE, room=8)
    assert sorted(rows.tolist()) == list(range(1_500))
    pairs = index.snapshot().pairs_meeting(ours, 0, 1, CLOSE)
    assert pairs is not None
    assert len(pairs.ours) == 1_500


def test_an_empty_index_finds_nothing() -> None:
    assert answer(LiveIndex(), pack([operation("Q")]), CLOSE) == {}


def test_readers_see_a_whole_sky_while_a_writer_adds() -> None:
    index = LiveIndex()
    ours = pack([operation("Q")])
    batch = pack([operation(f"T-{number}") for number in range(10)])
    done = threading.Event()
    counts: list[int] = []

    def read() -> None:
        while not done.is_set():
            counts.append(len(index.snapshot().operations_meeting(ours, 0, 1, CLOSE)[0]))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(60):
        index.add(batch, 10)
    done.set()
    reader.join()
    counts.append(len(index.snapshot().operations_meeting(ours, 0, 1, CLOSE)[0]))
    assert counts[-1] == 600
    assert all(count % 10 == 0 for count in counts)
    assert counts == sorted(counts)


def crowd(count: int) -> PackedVolumes:
    return pack([operation(f"T-{number}") for number in range(count)])


def rows_met(index: LiveIndex) -> list[int]:
    rows, _ = index.snapshot().operations_meeting(pack([operation("Q")]), 0, 1, CLOSE)
    return sorted(rows.tolist())


def test_no_merge_makes_a_run_beyond_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("MOST_MERGED", "_SMALL"):
        monkeypatch.setattr(keepclear.deconflict.index, limit, 500)
    index = LiveIndex()
    for _ in range(8):
        index.add(crowd(200), 200)
    index.add(crowd(900), 900)
    index.merge()
    sizes = sorted(run.filled for run in index.snapshot().runs)
    assert sum(sizes) == 2_500
    assert sizes[-1] == 900
    assert 200 < sizes[-2] <= 500
    assert rows_met(index) == list(range(2_500))


def test_the_room_of_what_was_removed_is_freed_in_the_oldest_run_too() -> None:
    index = LiveIndex()
    for _ in range(4):
        index.add(crowd(3_000), 3_000)
    index.merge()
    index.remove(np.arange(100, 11_900))
    index.merge()
    assert sum(run.filled for run in index.snapshot().runs) < 6_000
    assert rows_met(index) == [*range(100), *range(11_900, 12_000)]


def test_an_index_of_which_all_was_removed_is_empty() -> None:
    index = LiveIndex()
    index.add(crowd(2_000), 2_000)
    index.add(crowd(3), 3)
    index.remove(np.arange(2_003))
    index.merge()
    assert rows_met(index) == []
    assert index.add(crowd(1), 1) == 2_003
    assert rows_met(index) == [2_003]


def test_a_snapshot_does_not_see_what_is_added_to_the_same_delta_later() -> None:
    index = LiveIndex()
    index.add(crowd(1), 1)
    before = index.snapshot()
    index.add(crowd(20), 20)
    rows, _ = before.operations_meeting(pack([operation("Q")]), 0, 1, CLOSE)
    assert rows.tolist() == [0]


def test_shapes_too_large_for_the_delta_are_found_all_the_same() -> None:
    index = LiveIndex()
    corners = 5_000
    turns = np.linspace(0.0, 2.0 * np.pi, corners, endpoint=False)
    ring = tuple(Position(35.0 + 0.1 * np.sin(t), 36.0 + 0.1 * np.cos(t)) for t in turns.tolist())
    large = pack([operation("L", Polygon((ring,)))])
    for _ in range(4):
        index.add(large, 1)
    index.add(crowd(1), 1)
    assert rows_met(index) == [0, 1, 2, 3, 4]


@given(st.lists(st.tuples(st.sampled_from([1, 3, 100, 200]), st.booleans()), max_size=30))
@settings(max_examples=30, deadline=None)
def test_whatever_is_added_removed_and_merged_the_rest_is_found(
    steps: list[tuple[int, bool]],
) -> None:
    index, left = LiveIndex(), set[int]()
    for count, remove in steps:
        first = index.add(crowd(count), count)
        left |= set(range(first, first + count))
        if remove:
            gone = sorted(left)[::3]
            index.remove(np.array(gone, np.int64))
            left -= set(gone)
        if count == 200:
            index.merge()
    assert rows_met(index) == sorted(left)
