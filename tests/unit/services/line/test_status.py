"""A line at a glance: watches, messages and agreements count as much as checks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from keepclear.model.watch import DutyRole, Watch
from keepclear.services.expected import NEW
from keepclear.services.line.checking import look_again
from keepclear.services.line.status import line_reports
from keepclear.services.line.watching import take_watch
from line_pair import LINE, Pair, Side, paired_nodes, report_at, state_at


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with paired_nodes(tmp_path) as made:
        made.look()
        yield made


def state_watch(side: Side, *, linguist: bool = False, shared: str = "") -> None:
    spoken = shared or {"BLUE": "en", "AMBER": "ru"}[side.party]
    roles = (DutyRole("duty officer", (spoken,), certified_linguist=linguist),)
    watch = Watch(side.party, side.clock.at, roles)
    take_watch(side.node, watch, expected=NEW, actor="First Person")


def test_two_watches_without_a_linguist_degrade_the_line(pair: Pair) -> None:
    for side in pair.sides:
        state_watch(side)
    pair.carry()
    assert state_at(pair.blue) == "degraded"
    assert report_at(pair.amber).status.reasons == (
        "no certified linguist on watch, and no language in common",
    )


def test_one_linguist_on_either_side_is_enough(pair: Pair) -> None:
    state_watch(pair.blue)
    state_watch(pair.amber, linguist=True)
    pair.carry()
    assert (state_at(pair.blue), state_at(pair.amber)) == ("up", "up")


def test_a_language_that_both_watches_speak_is_enough(pair: Pair) -> None:
    for side in pair.sides:
        state_watch(side, shared="fr")
    pair.carry()
    assert (state_at(pair.blue), state_at(pair.amber)) == ("up", "up")


def test_another_look_puts_a_change_into_the_ledger(pair: Pair) -> None:
    for side in pair.sides:
        state_watch(side)
    pair.carry()
    node = pair.blue.node
    node.store.write(lambda unit: look_again(unit, node, LINE, node.now()))
    assert pair.blue.kinds().count("line state changed") == 2
    node.store.write(lambda unit: look_again(unit, node, "BLUE-GREY", node.now()))


def test_a_line_is_closed_when_its_agreement_ends(pair: Pair) -> None:
    pair.cut = True
    for side in pair.sides:
        side.clock.turn(days=40)
    pair.look()
    report = report_at(pair.blue)
    assert report.status.state == "closed"
    assert report.status.reasons == ("no agreement is in force",)
    assert (report.steps, report.acts) == ((), ())


def test_what_waits_in_the_outbox_is_counted(pair: Pair) -> None:
    pair.cut = True
    pair.turn(hours=6.5)
    (report,) = line_reports(pair.blue.node)
    assert report.traffic.waiting == 1
    assert report.line.id == LINE
