"""PASSED TO UNITS follows from what units say, and from nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from humanitarian import FAR, listed, notified, own_unit, said
from keepclear.errors import InvalidInput, NotFound, StateForbids
from keepclear.model.message_life import ActKind, State, Units
from keepclear.model.telling import MessageTelling, UnitWord
from keepclear.services.line.alarms import alarms
from keepclear.services.line.messaging import Acting, act_on
from keepclear.services.units.listing import keep_unit
from keepclear.services.units.seeing import seen_by
from keepclear.services.units.telling_units import say_now
from keepclear.services.units.tellings import telling_of
from line_fixture import Side, verified
from line_pair import Pair
from messages import an_id, at, do, heard


def telling(side: Side, message: str) -> MessageTelling:
    with side.node.store.view() as view:
        found = telling_of(view, message)
    assert found is not None
    return found


def acknowledged(pair: Pair) -> str:
    name = notified(pair.blue)
    pair.carry()
    do(pair.amber, name, ActKind.ACKNOWLEDGE)
    pair.carry()
    return name


def units(pair: Pair, name: str) -> tuple[Units, Units]:
    return at(pair.blue, name).life.units, at(pair.amber, name).life.units


def test_a_message_is_passed_to_units_once_every_unit_has_confirmed(pair: Pair) -> None:
    tower, guns = listed(pair.amber, "TOWER"), listed(pair.amber, "NORTH BATTERY")
    name = acknowledged(pair)
    said(pair.amber, name, tower, UnitWord.TOLD)
    said(pair.amber, name, tower, UnitWord.CONFIRMED)
    pair.carry()
    assert units(pair, name) == (Units.ASKED, Units.ASKED)
    said(pair.amber, name, guns, UnitWord.CONFIRMED)
    pair.carry()
    assert units(pair, name) == (Units.CONFIRMED, Units.CONFIRMED)
    assert telling(pair.amber, name).says == "2 of 2 units confirmed"
    verified(pair.blue, pair.amber)


def test_one_unit_that_cannot_be_told_is_enough_and_can_be_mended(pair: Pair) -> None:
    tower, guns = listed(pair.amber, "TOWER"), listed(pair.amber, "NORTH BATTERY")
    name = acknowledged(pair)
    said(pair.amber, name, guns, UnitWord.CANNOT, words="no answer on any means")
    pair.carry()
    assert units(pair, name) == (Units.CANNOT, Units.CANNOT)
    said(pair.amber, name, guns, UnitWord.CONFIRMED)
    said(pair.amber, name, tower, UnitWord.CONFIRMED)
    pair.carry()
    assert units(pair, name) == (Units.CONFIRMED, Units.CONFIRMED)


def test_units_that_confirm_before_a_person_acknowledged_count_with_the_acknowledgement(
    pair: Pair,
) -> None:
    tower = listed(pair.amber)
    name = notified(pair.blue)
    pair.carry()
    said(pair.amber, name, tower, UnitWord.CONFIRMED)
    assert at(pair.amber, name).life.units is Units.ASKED
    do(pair.amber, name, ActKind.ACKNOWLEDGE)
    pair.carry()
    assert units(pair, name) == (Units.CONFIRMED, Units.CONFIRMED)


def test_where_no_unit_must_be_told_that_is_said(pair: Pair) -> None:
    listed(pair.amber, "FAR TOWER", FAR)
    name = acknowledged(pair)
    assert units(pair, name) == (Units.NONE, Units.NONE)
    step = at(pair.blue, name).life.history[-1]
    assert step.reason == "no unit of ours must be told of this"


def test_without_a_list_of_units_nobody_can_say_that_none_must_be_told(pair: Pair) -> None:
    name = acknowledged(pair)
    assert units(pair, name) == (Units.ASKED, Units.ASKED)
    assert "no list of own units" in telling(pair.amber, name).says
    listed(pair.amber, "FAR TOWER", FAR)
    assert at(pair.amber, name).life.units is Units.ASKED  # the list may not be whole yet
    say_now(pair.amber.node, name, role="duty officer")
    pair.carry()
    assert units(pair, name) == (Units.NONE, Units.NONE)


def test_nobody_says_by_hand_that_a_message_was_passed_to_units(pair: Pair) -> None:
    listed(pair.amber)
    name = acknowledged(pair)
    acting = Acting(ActKind.PASSED_TO_UNITS, "duty officer", units=Units.CONFIRMED)
    with pytest.raises(StateForbids, match="follows from what the units said"):
        act_on(pair.amber.node, name, an_id("by hand"), acting)


def test_a_unit_listed_later_must_be_told_of_what_is_open(pair: Pair) -> None:
    name = acknowledged(pair)
    tower = listed(pair.amber)
    assert [each.unit for each in telling(pair.amber, name).units] == [tower]
    keep_unit(pair.amber.node, own_unit(is_listed=False), expected=1)
    assert telling(pair.amber, name).units == ()


def test_a_unit_that_was_told_stays_on_record_when_it_is_listed_no_more(pair: Pair) -> None:
    tower = listed(pair.amber)
    name = acknowledged(pair)
    said(pair.amber, name, tower, UnitWord.TOLD)
    keep_unit(pair.amber.node, own_unit(is_listed=False), expected=1)
    assert [each.word for each in telling(pair.amber, name).units] == [UnitWord.TOLD]


def test_a_unit_that_is_not_told_in_time_is_overdue_and_its_next_means_is_named(
    pair: Pair,
) -> None:
    tower = listed(pair.amber)
    name = acknowledged(pair)
    pair.turn(minutes=31)
    one = telling(pair.amber, name).units[0]
    assert (one.is_overdue, one.tried) == (True, 1)
    (alarm,) = [each for each in alarms(pair.amber.node) if each.subject.value == "telling"]
    assert alarm.what == "tell TOWER by radio 130.000"
    assert alarm.level.value == "warning"
    said(pair.amber, name, tower, UnitWord.TOLD)
    pair.turn(minutes=31)
    assert telling(pair.amber, name).units[0].is_overdue  # told, and did not confirm


def test_words_that_make_no_sense_are_refused(pair: Pair) -> None:
    tower = listed(pair.amber)
    name = acknowledged(pair)
    with pytest.raises(InvalidInput, match="words: missing"):
        said(pair.amber, name, tower, UnitWord.CANNOT)
    with pytest.raises(NotFound):
        said(pair.amber, name, "00000000-0000-4000-8000-000000000000", UnitWord.TOLD)
    said(pair.amber, name, tower, UnitWord.CONFIRMED)
    with pytest.raises(StateForbids, match="not taken back"):
        said(pair.amber, name, tower, UnitWord.CANNOT, words="they left")


def test_everybody_who_saw_a_message_is_listed(pair: Pair) -> None:
    tower = listed(pair.amber)
    name = acknowledged(pair)
    said(pair.amber, name, tower, UnitWord.CONFIRMED)
    pair.carry()
    with pair.amber.node.store.view() as view:
        seen = seen_by(view, name)
    assert {("duty officer", "acknowledge"), ("TOWER", "confirmed")} <= {
        (each.who, each.what) for each in seen
    }


def test_a_message_that_ended_asks_nothing_of_units_any_more(pair: Pair) -> None:
    listed(pair.amber)
    name = acknowledged(pair)
    do(pair.blue, name, ActKind.CANCEL, role="movement officer")
    pair.carry()
    assert at(pair.amber, name).life.state is State.CANCELLED
    pair.amber.clock.at += timedelta(days=3)
    assert not [each for each in alarms(pair.amber.node) if each.subject.value == "telling"]


def test_what_is_read_back_does_not_change_what_units_said(pair: Pair) -> None:
    tower = listed(pair.amber)
    name = acknowledged(pair)
    message = at(pair.amber, name)
    do(pair.amber, name, ActKind.READBACK, heard=heard(message))
    said(pair.amber, name, tower, UnitWord.CONFIRMED)
    pair.carry()
    assert at(pair.blue, name).life.state is State.CLOSED
