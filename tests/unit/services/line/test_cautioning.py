"""Widened buffers: local cautions, never conflicts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from keepclear.errors import NotFound
from keepclear.ledger.entries import EntryKind
from keepclear.model.operation import Operation
from keepclear.services.answering import answer_for
from keepclear.services.filing import entry_of, put_version, version_of
from keepclear.services.line.cautioning import cautions_for
from line_pair import Pair, Side, paired_nodes
from samples import NM, circle, operation


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with paired_nodes(tmp_path) as made:
        made.look()
        yield made


def take(side: Side, plan: Operation) -> Operation:
    version = version_of(side.node, plan, EntryKind.OPERATION_FILED)
    entry = entry_of(side.node, version, at=side.clock.now())
    side.node.store.write(lambda unit: put_version(unit, version, entry))
    return plan


def apart(distance_m: float) -> float:
    """Degrees of latitude between two circles of 1 km that lie so far apart."""
    return (distance_m + 2_000.0) / 110_950.0


def test_nobody_is_inside_a_buffer_that_is_not_widened(pair: Pair) -> None:
    ours = take(pair.blue, operation("B-1"))
    take(pair.blue, operation("A-1", circle(35.0 + apart(4 * NM)), party="AMBER"))
    assert cautions_for(pair.blue.node, ours.id).total == 0


def test_a_lapsed_line_widens_our_buffer_and_tells_who_comes_inside(pair: Pair) -> None:
    pair.cut = True
    for side in pair.sides:
        side.clock.turn(days=2)
    pair.look()
    at = operation("x").window.shifted(2 * 86_400.0)
    ours = take(pair.blue, operation("B-1", at=at))
    take(pair.blue, operation("A-1", circle(35.0 + apart(4 * NM)), at=at, party="AMBER"))
    take(pair.blue, operation("A-2", circle(35.0 + apart(6 * NM)), at=at, party="AMBER"))
    close = take(pair.blue, operation("A-3", circle(35.0 - apart(2 * NM)), at=at, party="AMBER"))
    found = cautions_for(pair.blue.node, ours.id)
    assert found.factors == (("AMBER", 1.5),)
    assert [each.theirs.designator for each in found.told] == ["A-1"]
    assert "no conflict" in found.told[0].reason
    conflicts = answer_for(pair.blue.node, ours).conflicts
    assert [each.theirs.id for each in conflicts] == [close.id]


def test_cautions_of_an_unknown_operation_are_not_found(pair: Pair) -> None:
    with pytest.raises(NotFound):
        cautions_for(pair.blue.node, "66666666-6666-4666-8666-666666666666")
