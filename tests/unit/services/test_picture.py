"""The standing picture: fed by commits, and the same after a start as it was before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.deconflict.pairs import Minima
from keepclear.model.agreement import Atmosphere
from keepclear.services.answering import answer_for
from node_fixture import RunningNode, exercise_node
from samples import agreement, circle, operation

WIDE = Minima(20_000.0, 10_000.0, 0.0)


def found(running: RunningNode) -> set[int]:
    """Numbers of everything near the usual place."""
    standing = running.node.picture.standing()
    packed = running.node.pack([operation("Q")])
    rows, _ = standing.snapshot.operations_meeting(packed, 0, 1, WIDE)
    return {int(number) for number in standing.numbers[rows]}


def test_a_start_finds_what_was_there_before(tmp_path: Path) -> None:
    with exercise_node(tmp_path) as running:
        for n in range(5):
            running.take(operation(f"A-{n}", party="AMBER"))
        running.end(operation("A-3", party="AMBER"))
        before, notices = found(running), running.node.picture.standing().notices
    with exercise_node(tmp_path) as running:
        assert found(running) == before
        assert len(before) == 4
        assert running.node.picture.standing().notices == notices


def test_another_atmosphere_packs_everything_anew(tmp_path: Path) -> None:
    with exercise_node(tmp_path) as running:
        running.take(operation("A-1", party="AMBER"))
        before = found(running)
        running.agree(agreement(id="WIDER", atmosphere=Atmosphere(920.0, 1_060.0, -40.0, 40.0)))
        assert running.node.picture.atmosphere.qnh_low_hpa == 920.0
        assert found(running) == before


def test_a_row_belongs_to_one_version(tmp_path: Path) -> None:
    with exercise_node(tmp_path) as running:
        first = operation("B-1")
        running.take(first)
        before = running.node.picture.live_rows("BLUE")
        running.take(replace(first, version=2, volumes=operation("x", circle(36, 36)).volumes))
        after = running.node.picture.live_rows("BLUE")
        assert before.keys() == after.keys()
        assert set(before.values()).isdisjoint(after.values())
        assert running.node.picture.live_rows("NOBODY") == {}


def test_the_oldest_notice_is_found_again_when_it_went(tmp_path: Path) -> None:
    with exercise_node(tmp_path) as running:
        old = operation("A-1", party="AMBER")
        newer = operation("A-2", party="AMBER", received_at=running.clock.now())
        running.take(old)
        running.take(newer)
        assert running.node.picture.standing().notices["AMBER"].oldest == old.received_at
        running.end(old)
        assert running.node.picture.standing().notices["AMBER"].oldest == newer.received_at
        running.end(newer)
        assert running.node.picture.standing().notices["AMBER"].oldest is None


@pytest.fixture(scope="module")
def long_running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    with exercise_node(tmp_path_factory.mktemp("node")) as running:
        yield running


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=25))
def test_whatever_comes_and_goes_the_picture_is_what_the_store_holds(
    long_running: RunningNode, steps: list[tuple[int, bool]]
) -> None:
    running = long_running
    for number, ends in steps:
        with running.node.store.view() as view:
            known = view.operation(operation(f"A-{number}", party="AMBER").id)
        version = 1 if known is None else known.operation.version + 1
        one = operation(f"A-{number}", party="AMBER", version=version)
        if ends and known is not None and not known.operation.end_reason:
            running.end(known.operation)
        else:
            running.take(one)
    with running.node.store.view() as view:
        live = {each.number for each in view.geometries()}
    assert found(running) == live
    standing = running.node.picture.standing()
    assert standing.notices["AMBER"].number == len(live)
    assert answer_for(running.node, operation("B-1")).conflicts_total == len(live)
    assert np.unique(standing.numbers[list(running.node.picture.live_rows("AMBER").values())]).size
