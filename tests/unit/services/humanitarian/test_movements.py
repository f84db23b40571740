"""Humanitarian movements: told by name, never denied, warned when units do not know."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from humanitarian import TELLING, convoy, listed, notified, said
from keepclear.contact.humanitarian import movement_flags
from keepclear.errors import InvalidMessage, NotOurs, NotPermitted, StateForbids, VersionMismatch
from keepclear.model.humanitarian import Assurance, AssuranceWord, HazardWarning, Movement
from keepclear.model.message_life import ActKind, AnswerWord, State, Units
from keepclear.model.telling import UnitWord
from keepclear.model.unit import MeansKind
from keepclear.services.expected import NEW
from keepclear.services.humanitarian.entries import movements, warnings
from keepclear.services.humanitarian.keeping import keep_movement
from keepclear.services.humanitarian.passing import Passing, pass_on, warn
from keepclear.services.humanitarian.releasing import Telling, release_movement
from keepclear.services.line.alarms import AlarmLevel, alarms
from keepclear.services.line.messaging import Acting, act_on
from line_fixture import LINE, Side, message, verified
from line_pair import Pair
from messages import an_id, at, do


def kept(side: Side) -> tuple[Movement, ...]:
    with side.node.store.view() as view:
        return movements(view)


def warned(side: Side) -> tuple[HazardWarning, ...]:
    with side.node.store.view() as view:
        return warnings(view)


def test_a_movement_is_told_to_whom_it_names_and_kept_there_under_its_name(pair: Pair) -> None:
    name = notified(pair.blue)
    pair.carry()
    (theirs,) = kept(pair.amber)
    assert (theirs.party, theirs.message, theirs.recipients) == ("BLUE", name, ())
    assert theirs.legs == kept(pair.blue)[0].legs
    (release,) = kept(pair.blue)[0].releases
    assert (release.party, release.second) == ("AMBER", "second")
    verified(pair.blue, pair.amber)


def test_nobody_is_told_who_is_not_named_and_by_no_one_alone(pair: Pair) -> None:
    movement = convoy(pair.blue.clock.at, recipients=())
    keep_movement(pair.blue.node, movement, expected=NEW)
    with pytest.raises(NotPermitted, match="AMBER is not among them"):
        release_movement(pair.blue.node, movement.id, an_id("m"), TELLING)
    keep_movement(pair.blue.node, replace(movement, recipients=("AMBER",)), expected=1)
    for second in ("", "first"):
        alone = replace(TELLING, second=second)
        with pytest.raises(NotPermitted):
            release_movement(pair.blue.node, movement.id, an_id("m"), alone)
    planner = Telling(LINE, "planner", "second", "first")
    with pytest.raises(NotPermitted, match="planner"):
        release_movement(pair.blue.node, movement.id, an_id("m"), planner)
    assert kept(pair.blue)[0].releases == ()


def test_what_two_people_have_read_is_what_is_told(pair: Pair) -> None:
    movement = convoy(pair.blue.clock.at)
    keep_movement(pair.blue.node, movement, expected=NEW)
    keep_movement(pair.blue.node, replace(movement, marks="white flag"), expected=1)
    with pytest.raises(VersionMismatch):
        release_movement(pair.blue.node, movement.id, an_id("m"), replace(TELLING, version=1))
    assert kept(pair.blue)[0].releases == ()
    release_movement(pair.blue.node, movement.id, an_id("m"), replace(TELLING, version=2))
    assert kept(pair.blue)[0].releases[0].version == 2


def test_a_movement_told_again_supersedes_what_was_told(pair: Pair) -> None:
    name = notified(pair.blue)
    pair.carry()
    movement = replace(convoy(pair.blue.clock.at), marks="white flag")
    keep_movement(pair.blue.node, movement, expected=2)
    again = an_id("again")
    release_movement(pair.blue.node, movement.id, again, TELLING)
    pair.carry()
    assert at(pair.amber, name).life.state is State.SUPERSEDED
    (theirs,) = kept(pair.amber)
    assert (theirs.marks, theirs.message) == ("white flag", again)


@pytest.mark.parametrize("kind", [ActKind.CANNOT_COMPLY, ActKind.ANSWER, ActKind.CONSIDER])
def test_no_act_denies_a_humanitarian_notice(pair: Pair, kind: ActKind) -> None:
    name = notified(pair.blue)
    pair.carry()
    do(pair.amber, name, ActKind.ACKNOWLEDGE)
    until = pair.amber.clock.at + timedelta(hours=1)
    acting = Acting(kind, "duty officer", text="no", answer=AnswerWord.DECLINED, until=until)
    with pytest.raises(StateForbids):
        act_on(pair.amber.node, name, an_id("no"), acting)
    assert at(pair.amber, name).life.answer is None


@pytest.mark.parametrize("kind", ["cannot comply", "answer", "consider"])
def test_what_another_program_sends_as_a_denial_is_kept_as_words_and_counts_for_nothing(
    pair: Pair, kind: str
) -> None:
    name = notified(pair.blue)
    pair.carry()
    do(pair.amber, name, ActKind.ACKNOWLEDGE)
    pair.carry()
    before = at(pair.blue, name).life
    fields = {"kind": kind, "ref": name, "role": "duty officer", "text": "not approved"}
    if kind != "consider":
        fields["answer"] = "declined"
    pair.amber.post(message("AMBER", code="M25", fields=fields, at=pair.amber.clock.at))
    pair.carry()
    life = at(pair.blue, name).life
    assert (life.state, life.answer) == (before.state, None)
    assert "never denied" in life.history[-1].reason
    assert "not approved" in life.history[-1].reason


def test_a_movement_is_warned_when_units_are_not_known_to_be_told_half_an_hour_before(
    pair: Pair,
) -> None:
    listed(pair.amber)
    name = notified(pair.blue)
    pair.carry()
    do(pair.amber, name, ActKind.ACKNOWLEDGE)
    pair.turn(hours=3, minutes=20)
    assert warned(pair.blue) == ()
    pair.turn(minutes=15)
    (warning,) = warned(pair.blue)
    assert warning.words.startswith("EXERCISE. HAZARD WARNING to Relief Example")
    assert warning.words.endswith("EXERCISE")
    assert warning.why == "AMBER has not said that its units were told of you"
    (alarm,) = [each for each in alarms(pair.blue.node) if each.subject.value == "warning"]
    assert (alarm.level, alarm.what) == (AlarmLevel.WARNING, "warn the movement by +00 5551")
    assert at(pair.blue, name).life.level >= 1
    passing = Passing("movement officer", MeansKind.TELEPHONE, reached=False, words="no answer")
    pass_on(pair.blue.node, warning.id, an_id("first try"), passing)
    assert [each for each in alarms(pair.blue.node) if each.subject.value == "warning"]
    passing = Passing("movement officer", MeansKind.RADIO, reached=True, words="they wait")
    pass_on(pair.blue.node, warning.id, an_id("second try"), passing)
    assert not [each for each in alarms(pair.blue.node) if each.subject.value == "warning"]


def test_no_movement_is_warned_when_every_unit_confirmed(pair: Pair) -> None:
    tower = listed(pair.amber)
    name = notified(pair.blue)
    pair.carry()
    do(pair.amber, name, ActKind.ACKNOWLEDGE)
    said(pair.amber, name, tower, UnitWord.CONFIRMED)
    pair.turn(hours=3, minutes=45)
    assert warned(pair.blue) == warned(pair.amber) == ()


def test_a_movement_is_warned_at_once_where_a_unit_cannot_be_told(pair: Pair) -> None:
    tower = listed(pair.amber)
    name = notified(pair.blue)
    pair.carry()
    do(pair.amber, name, ActKind.ACKNOWLEDGE)
    said(pair.amber, name, tower, UnitWord.CANNOT, words="no answer")
    pair.carry()
    assert at(pair.blue, name).life.units is Units.CANNOT
    assert "cannot" not in kept(pair.blue)[0].remark
    (warning,) = warned(pair.blue)
    assert "not every one of its units" in warning.why


def test_another_partys_movement_is_warned_over_the_line_and_passed_on_there(pair: Pair) -> None:
    name = notified(pair.blue)
    pair.carry()
    warning = warn(pair.amber.node, name, an_id("w"), "the road is mined", role="duty officer")
    passed = pass_on(pair.amber.node, warning.id, an_id("sent"), Passing("duty officer"))
    pair.carry()
    assert passed.is_passed
    sent = at(pair.blue, an_id("sent")).message
    assert (sent.code, sent.precedence.value, sent.refs) == ("M09", "FLASH", (name,))
    (here,) = warned(pair.blue)
    assert "the road is mined" in here.words
    assert not here.is_passed  # the movement itself does not know yet


def test_what_others_said_is_kept_in_their_words_and_never_changed(pair: Pair) -> None:
    movement = convoy(pair.blue.clock.at)
    keep_movement(pair.blue.node, movement, expected=NEW)
    said_so = Assurance(
        an_id("a"),
        "AMBER",
        AssuranceWord.WITHHELD,
        "we cannot speak for the eastern road",
        "liaison officer",
        pair.blue.clock.at,
    )
    keep_movement(pair.blue.node, replace(movement, assurances=(said_so,)), expected=1)
    for changed in ((), (replace(said_so, word=AssuranceWord.GIVEN),)):
        with pytest.raises(NotOurs, match="as they said it"):
            keep_movement(pair.blue.node, replace(movement, assurances=changed), expected=2)


def test_a_like_movement_and_a_stale_one_are_flagged_and_stay(pair: Pair) -> None:
    now = pair.blue.clock.at
    one, other = convoy(now), convoy(now, "the same convoy", organisation="relief  example")
    elsewhere = convoy(now, "later", lead_h=48.0)
    assert [each.kind.value for each in movement_flags(one, (one, other, elsewhere), now)] == [
        "duplicate"
    ]
    for each in (one, other):
        keep_movement(pair.blue.node, each, expected=NEW)
    late = now + timedelta(days=2)
    assert [each.kind.value for each in movement_flags(one, (), late)] == ["expired"]
    asked = replace(one, confirm_by=now + timedelta(minutes=5))
    soon = now + timedelta(minutes=6)
    assert [each.kind.value for each in movement_flags(asked, (), soon)] == ["not confirmed again"]
    assert len(kept(pair.blue)) == 2


def test_a_movement_to_be_confirmed_again_asks_for_it(pair: Pair) -> None:
    confirm_by = pair.blue.clock.at + timedelta(minutes=20)
    movement = convoy(pair.blue.clock.at, confirm_by=confirm_by)
    keep_movement(pair.blue.node, movement, expected=NEW)
    pair.turn(minutes=30)
    (alarm,) = [each for each in alarms(pair.blue.node) if each.subject.value == "movement"]
    assert (alarm.what, alarm.due) == ("confirm it again, or retire it", confirm_by)
    assert "movement stale" in pair.blue.kinds()
    later = replace(movement, confirm_by=None)
    keep_movement(pair.blue.node, later, expected=1)
    assert not [each for each in alarms(pair.blue.node) if each.subject.value == "movement"]


def test_what_cannot_be_told_is_not_kept_and_theirs_is_not_ours_to_change(pair: Pair) -> None:
    with pytest.raises(InvalidMessage, match="volumes"):
        keep_movement(pair.blue.node, convoy(pair.blue.clock.at, lead_h=-5.0), expected=NEW)
    notified(pair.blue)
    pair.carry()
    (theirs,) = kept(pair.amber)
    with pytest.raises(NotOurs):
        keep_movement(pair.amber.node, theirs, expected=1)
