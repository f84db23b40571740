"""Restoring a line between two nodes, as after the thirteen months of the article."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from keepclear.errors import NotPermitted, StateForbids
from keepclear.ledger.entries import EntryKind
from keepclear.model.channel import ChannelKind
from keepclear.model.line_state import (
    ContactEvent,
    ContactKind,
    ContactLevel,
    Dating,
    SourceSide,
)
from keepclear.model.restoration import Step
from keepclear.services.filing import entry_of, put_version, version_of
from keepclear.services.line.remembering import note_contact
from keepclear.services.line.restoring import break_off, restore_line
from keepclear.services.proving import verify_ledger
from line_pair import LINE, Pair, Side, paired_nodes, report_at, state_at
from samples import operation, window

STEPS = (Step.OFFER, Step.TEST, Step.VERIFY, Step.LIST, Step.CONFIRM)


@pytest.fixture
def lapsed(tmp_path: Path) -> Iterator[Pair]:
    """Two nodes paired this morning, whose parties have not spoken for a year."""
    with paired_nodes(tmp_path, have_met=False) as pair:
        for side in pair.sides:
            long_ago(side)
        pair.meet()
        pair.look()
        yield pair


def long_ago(side: Side) -> None:
    last = datetime(2025, 2, 1, tzinfo=UTC)
    event = ContactEvent(
        id="55555555-5555-4555-8555-555555555555",
        line=LINE,
        kind=ContactKind.CALL,
        level=ContactLevel.MINISTER,
        channel=ChannelKind.TELEPHONE,
        at=Dating("February 2025", last, last + timedelta(days=27)),
        side=SourceSide.PRESS,
        source="agency",
    )
    side.node.store.write(lambda unit: note_contact(unit, side.node, event))


def restore(pair: Pair, *steps: Step) -> None:
    for step in steps:
        for side in pair.sides:
            restore_line(side.node, LINE, step)
            pair.carry()


def test_two_parties_that_have_not_spoken_for_a_year_begin_lapsed(lapsed: Pair) -> None:
    report = report_at(lapsed.blue)
    assert report.status.state == "lapsed"
    assert report.silence is not None
    assert [each.last.text for each in report.silence.datings] == ["February 2025"]
    assert report.caution_factor == 1.5


def test_the_line_is_up_when_every_proof_is_there_on_both_sides(lapsed: Pair) -> None:
    restore(lapsed, Step.OFFER, Step.TEST, Step.VERIFY, Step.LIST)
    assert (state_at(lapsed.blue), state_at(lapsed.amber)) == ("restoring", "restoring")
    restore_line(lapsed.blue.node, LINE, Step.CONFIRM)
    lapsed.carry()
    assert state_at(lapsed.blue) == "restoring"
    restore_line(lapsed.amber.node, LINE, Step.CONFIRM)
    lapsed.carry()
    assert (state_at(lapsed.blue), state_at(lapsed.amber)) == ("up", "up")
    assert report_at(lapsed.blue).caution_factor == 1.0
    for side in lapsed.sides:
        with side.node.store.view() as view:
            assert verify_ledger(view, thorough=True).holds


def test_a_restored_line_stays_up_over_the_next_checks(lapsed: Pair) -> None:
    restore(lapsed, *STEPS)
    lapsed.turn(hours=30)
    assert (state_at(lapsed.blue), state_at(lapsed.amber)) == ("up", "up")


def test_a_proof_given_twice_stands_once(lapsed: Pair) -> None:
    restore(lapsed, Step.OFFER, Step.OFFER, Step.TEST, Step.TEST)
    with lapsed.blue.node.store.view() as view:
        steps = [each for each in view.entries() if each.kind == "line restoration step"]
    assert len(steps) == 4  # offer and test, ours and theirs
    bodies = [json.loads(each.payload or b"")["body"] for each in steps]
    assert sorted(each["party"] for each in bodies) == ["AMBER", "AMBER", "BLUE", "BLUE"]


def test_offers_that_cross_become_one_restoration(lapsed: Pair) -> None:
    lapsed.cut = True
    for side in lapsed.sides:
        restore_line(side.node, LINE, Step.OFFER)
    lapsed.cut = False
    lapsed.carry()
    found = [report_at(side).standing.restoration for side in lapsed.sides]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0].id == found[1].id
    restore(lapsed, *STEPS[1:])
    assert state_at(lapsed.amber) == "up"


def test_what_expired_in_the_gap_is_told_and_not_brought_back(lapsed: Pair) -> None:
    soon, later = window(-240, 30), window(120, 60)
    for name, at in (("A-1", soon), ("A-2", later)):
        plan = operation(name, at=at, party="AMBER")
        version = version_of(lapsed.amber.node, plan, EntryKind.OPERATION_FILED)
        entry = entry_of(lapsed.amber.node, version, at=lapsed.amber.clock.now())
        lapsed.amber.node.store.write(lambda u, v=version, e=entry: put_version(u, v, e))  # type: ignore[misc]
    restore(lapsed, Step.OFFER, Step.TEST, Step.VERIFY, Step.LIST)
    lapsed.turn(minutes=100)
    gap = report_at(lapsed.blue).gap
    assert gap is not None
    assert [each.sort for each in gap.unknown] == ["operation"]
    assert [each.sort for each in gap.over] == ["operation"]
    with lapsed.blue.node.store.view() as view:
        assert not view.is_live(gap.over[0].id)


def test_clocks_ten_minutes_apart_are_not_verified(lapsed: Pair) -> None:
    lapsed.amber.clock.turn(minutes=10)
    restore(lapsed, Step.OFFER, Step.TEST)
    with pytest.raises(StateForbids, match="clocks are 600 s apart"):
        restore_line(lapsed.blue.node, LINE, Step.VERIFY)


def test_nobody_confirms_before_every_proof_is_there(lapsed: Pair) -> None:
    restore(lapsed, Step.OFFER, Step.TEST)
    with pytest.raises(StateForbids, match="our verify"):
        restore_line(lapsed.blue.node, LINE, Step.CONFIRM)


def test_a_restoration_that_is_broken_off_leaves_the_line_as_it_was(lapsed: Pair) -> None:
    restore(lapsed, Step.OFFER, Step.TEST)
    break_off(lapsed.blue.node, LINE, "the other side asked to wait")
    lapsed.carry()
    assert (state_at(lapsed.blue), state_at(lapsed.amber)) == ("lapsed", "lapsed")
    restore(lapsed, *STEPS)
    assert state_at(lapsed.blue) == "up"


def test_a_line_that_is_up_needs_no_restoring_and_a_planner_restores_none(lapsed: Pair) -> None:
    with pytest.raises(NotPermitted):
        restore_line(lapsed.blue.node, LINE, Step.OFFER, role="planner")
    restore(lapsed, *STEPS)
    with pytest.raises(StateForbids, match="nothing to restore"):
        restore_line(lapsed.blue.node, LINE, Step.OFFER)


def test_a_restored_line_is_suspended_no_more(tmp_path: Path) -> None:
    from unit.services.line.test_suspending import declare

    with paired_nodes(tmp_path) as pair:
        pair.look()
        declare(pair.amber)
        pair.carry()
        assert state_at(pair.blue) == "suspended"
        pair.turn(minutes=1)
        restore(pair, *STEPS)
        assert (state_at(pair.blue), state_at(pair.amber)) == ("up", "up")


def test_the_steps_that_may_be_taken_are_named(lapsed: Pair) -> None:
    assert report_at(lapsed.blue).steps == (Step.OFFER,)
    restore(lapsed, Step.OFFER)
    assert report_at(lapsed.blue).steps == (Step.TEST, Step.VERIFY, Step.LIST)
    restore(lapsed, Step.TEST, Step.VERIFY, Step.LIST)
    assert report_at(lapsed.blue).steps == (Step.CONFIRM,)


def test_a_restoration_that_stood_still_for_a_day_begins_anew(lapsed: Pair) -> None:
    restore(lapsed, Step.OFFER, Step.TEST)
    lapsed.turn(hours=25)
    assert (state_at(lapsed.blue), state_at(lapsed.amber)) == ("lapsed", "lapsed")
    assert report_at(lapsed.blue).standing.restoration is None
    restore(lapsed, *STEPS)
    assert (state_at(lapsed.blue), state_at(lapsed.amber)) == ("up", "up")


def test_a_side_that_begins_again_is_followed_with_every_proof_anew(lapsed: Pair) -> None:
    restore(lapsed, Step.OFFER, Step.TEST, Step.VERIFY)
    lapsed.cut = True
    break_off(lapsed.blue.node, LINE, "the watch changed")
    restore_line(lapsed.blue.node, LINE, Step.OFFER)
    assert report_at(lapsed.amber).standing.restoration is not None
    lapsed.cut = False
    lapsed.carry()
    begun = report_at(lapsed.amber).standing.restoration
    assert begun is not None
    assert not begun.ours
    assert begun.theirs == {Step.OFFER}
    restore(lapsed, *STEPS)
    assert state_at(lapsed.amber) == "up"
