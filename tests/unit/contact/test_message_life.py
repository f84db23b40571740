from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from keepclear.contact.life import EffectKind, advance, allowed, due, received
from keepclear.errors import InvalidMessage, StateForbids
from keepclear.formats.documents.life import life_bytes, stored_life
from keepclear.model.message_life import (
    ActKind,
    AnswerWord,
    ClockKind,
    Life,
    MessageSide,
    State,
    Units,
)
from keepclear.model.operation import Precedence
from samples import NOON
from unit.contact.lives import CHANNELS, act, after, came, did, sent, terms


def kinds(effects: object) -> list[EffectKind]:
    return [each.kind for each in effects]  # type: ignore[attr-defined]  # effects of a step


def test_a_message_that_asks_for_nothing_is_over_once_a_person_has_it() -> None:
    life = did(sent(terms()), ActKind.DELIVER)
    assert life.state is State.DELIVERED
    life = did(life, ActKind.ACKNOWLEDGE)
    assert (life.state, life.is_open, life.deadlines) == (State.CLOSED, False, ())
    assert life.acknowledged_by == "duty officer"


def test_readback_and_answer_are_proved_one_by_one() -> None:
    life = came(terms(needs_readback=True, needs_answer=True))
    life = did(life, ActKind.ACKNOWLEDGE)
    assert life.state is State.READBACK_DUE
    life = did(life, ActKind.READBACK, matches=True)
    assert life.state is State.AWAITING_ANSWER
    life = did(life, ActKind.ANSWER, answer=AnswerWord.ANSWERED)
    assert (life.state, life.is_open) == (State.ANSWERED, False)


def test_an_answer_alone_closes_nothing_until_a_person_has_it_and_read_it_back() -> None:
    life = sent(terms(needs_readback=True, needs_answer=True))
    life = did(life, ActKind.ANSWER, answer=AnswerWord.ANSWERED)
    assert (life.state, life.is_open) == (State.SENT, True)
    life = did(life, ActKind.READBACK, matches=True)
    assert life.is_open
    life = did(life, ActKind.ACKNOWLEDGE)
    assert life.state is State.ANSWERED


def test_flash_goes_up_at_60_s_to_another_channel_at_120_s_and_to_the_top_at_300_s() -> None:
    life = did(sent(terms()), ActKind.DELIVER)
    assert after(life, 59).life.level == 0
    at_60 = after(life, 60)
    assert (at_60.life.level, at_60.life.channel) == (1, 0)
    assert EffectKind.PAGE in kinds(at_60.effects)
    at_120 = after(at_60.life, 120)
    assert at_120.life.channel == 1
    assert kinds(at_120.effects) == [EffectKind.ALTERNATE]
    at_300 = after(at_120.life, 300)
    assert at_300.life.level == 2
    assert [each.level for each in at_300.effects if each.kind is EffectKind.PAGE] == [2]
    assert [each.at for each in at_300.life.history[-4:]] == [
        NOON + timedelta(seconds=s) for s in (60, 60, 120, 300)
    ]


def test_every_channel_is_tried_before_a_message_counts_as_undelivered_and_it_stays_open() -> None:
    life = sent(terms(Precedence.ROUTINE))
    for _ in CHANNELS:
        assert life.state is State.SENT
        life = due(life, life.deadlines[0].due).life
    assert (life.state, life.is_open) == (State.UNDELIVERED, True)
    assert did(life, ActKind.DELIVER).state is State.DELIVERED


def test_an_acknowledgement_stops_the_ladder_and_the_next_proof_begins_at_the_watch() -> None:
    life = after(sent(terms(needs_readback=True)), 61).life
    assert life.level == 1
    life = did(life, ActKind.ACKNOWLEDGE, NOON + timedelta(seconds=70))
    assert (life.level, life.overdue) == (0, ())
    assert {each.kind for each in life.deadlines} == {ClockKind.READBACK}


def test_a_third_readback_that_differs_asks_for_voice_and_a_second_linguist() -> None:
    life = did(came(terms(needs_readback=True)), ActKind.ACKNOWLEDGE)
    for count in (1, 2, 3):
        step = advance(life, act(ActKind.READBACK, MessageSide.RECEIVER), NOON)
        assert step.life.state is State.DISPUTED
        assert (EffectKind.VOICE in kinds(step.effects)) is (count == 3)
        life = did(step.life, ActKind.CORRECTION)
        assert life.state is State.READBACK_DUE
    assert did(life, ActKind.READBACK, matches=True).state is State.CLOSED


def test_a_disputed_message_is_withdrawn_or_superseded_and_stays_readable() -> None:
    disputed = did(did(sent(terms(needs_readback=True)), ActKind.ACKNOWLEDGE), ActKind.READBACK)
    assert did(disputed, ActKind.WITHDRAW).state is State.WITHDRAWN
    superseded = did(disputed, ActKind.SUPERSEDE, successor="the new one")
    assert (superseded.state, superseded.superseded_by) == (State.SUPERSEDED, "the new one")
    assert len(superseded.history) > len(disputed.history)


def test_considering_arms_the_answer_clock_anew_once_only() -> None:
    life = did(came(terms(needs_answer=True)), ActKind.ACKNOWLEDGE)
    until = NOON + timedelta(hours=2)
    life = did(life, ActKind.CONSIDER, until=until)
    assert life.state is State.UNDER_CONSIDERATION
    assert life.deadlines[0].due == until
    with pytest.raises(StateForbids):
        did(life, ActKind.CONSIDER, until=until + timedelta(hours=1))


def test_a_second_consideration_of_the_other_side_is_kept_and_moves_no_clock() -> None:
    life = did(sent(terms(needs_answer=True)), ActKind.ACKNOWLEDGE)
    until = NOON + timedelta(hours=2)
    life = did(life, ActKind.CONSIDER, until=until)
    again = did(life, ActKind.CONSIDER, until=until + timedelta(hours=1))
    assert again.considered_until == until
    assert again.deadlines == life.deadlines
    assert len(again.history) == len(life.history) + 1


def test_part_of_an_answer_may_be_completed() -> None:
    life = did(came(terms(needs_answer=True)), ActKind.ACKNOWLEDGE)
    life = did(life, ActKind.ANSWER, answer=AnswerWord.PARTLY)
    assert life.state is State.PARTLY
    assert did(life, ActKind.ANSWER, answer=AnswerWord.ANSWERED).state is State.ANSWERED


def test_a_final_answer_stands_and_another_is_kept_beside_it() -> None:
    life = did(sent(terms(needs_answer=True)), ActKind.ACKNOWLEDGE)
    life = did(life, ActKind.ANSWER, answer=AnswerWord.DECLINED)
    later = did(life, ActKind.ANSWER, answer=AnswerWord.ANSWERED, reason="after all")
    assert later.state is State.DECLINED
    assert later.history[-1].reason == "after all"


def test_a_cancellation_must_itself_be_acknowledged() -> None:
    life = did(came(terms(needs_readback=True)), ActKind.CANCEL)
    assert (life.state, life.is_open) == (State.CANCELLED, True)
    assert allowed(life)[0] is ActKind.ACKNOWLEDGE_CANCELLATION
    assert [each.kind for each in life.deadlines] == [ClockKind.CANCELLATION]
    assert after(life, 60).life.level == 1
    done = did(life, ActKind.ACKNOWLEDGE_CANCELLATION)
    assert (done.state, done.is_open, done.deadlines) == (State.CANCELLED, False, ())


def test_an_acknowledgement_that_crossed_the_cancellation_does_not_acknowledge_it() -> None:
    life = did(did(sent(terms()), ActKind.CANCEL), ActKind.ACKNOWLEDGE)
    assert (life.state, life.is_open, life.is_late) == (State.CANCELLED, True, True)


def test_a_message_ends_with_its_validity_and_what_comes_after_is_kept_as_late() -> None:
    under = terms(Precedence.PRIORITY, valid_until=NOON + timedelta(minutes=10))
    step = after(sent(under), 601)
    assert step.life.state is State.EXPIRED
    assert not step.life.is_open
    late = did(step.life, ActKind.ACKNOWLEDGE, NOON + timedelta(minutes=20))
    assert (late.state, late.is_late, late.history[-1].late) == (State.EXPIRED, True, True)
    assert late.acknowledged_at == NOON + timedelta(minutes=20)


def test_what_was_proved_in_time_and_came_after_the_end_closes_the_message() -> None:
    until = NOON + timedelta(minutes=10)
    expired = after(sent(terms(Precedence.PRIORITY, valid_until=until)), 601).life
    theirs = act(ActKind.ACKNOWLEDGE, MessageSide.RECEIVER, their_at=until)
    known = NOON + timedelta(minutes=11)
    closed = advance(expired, theirs, known).life
    assert (closed.state, closed.is_open, closed.is_late) == (State.CLOSED, False, True)
    too_late = replace(theirs, their_at=until + timedelta(seconds=1))
    assert advance(expired, too_late, known).life.state is State.EXPIRED


def test_part_of_a_proof_in_time_does_not_close_what_expired() -> None:
    until = NOON + timedelta(minutes=10)
    under = terms(Precedence.PRIORITY, valid_until=until, needs_readback=True)
    theirs = act(ActKind.ACKNOWLEDGE, MessageSide.RECEIVER, their_at=NOON)
    life = advance(after(sent(under), 601).life, theirs, until + timedelta(minutes=1)).life
    assert life.state is State.EXPIRED
    heard = replace(theirs, id="heard", kind=ActKind.READBACK, matches=True)
    assert advance(life, heard, until + timedelta(minutes=1)).life.state is State.CLOSED


def test_a_clock_says_when_it_ran_out_and_not_when_somebody_looked() -> None:
    life = sent(terms())
    first = life.deadlines[0]
    (ran_out, *_) = (each for each in due(life, NOON + timedelta(hours=1)).life.history if each.due)
    assert ran_out.act == f"clock: {first.kind}"
    assert (ran_out.due, ran_out.at) == (first.due, NOON + timedelta(hours=1))


def test_units_keep_a_message_open_until_somebody_says_they_were_told_or_cannot_be() -> None:
    speaks_of = NOON + timedelta(hours=2)
    under = terms(Precedence.IMMEDIATE, asks_units=True, speaks_of=speaks_of)
    life = did(came(under), ActKind.ACKNOWLEDGE)
    assert (life.state, life.units, life.is_open) == (State.ACKNOWLEDGED, Units.ASKED, True)
    units = next(each for each in life.deadlines if each.kind is ClockKind.UNITS)
    assert units.due == speaks_of - timedelta(minutes=30)
    assert after(life, 90 * 60).life.level == 1
    cannot = did(life, ActKind.PASSED_TO_UNITS, units=Units.CANNOT)
    assert (cannot.state, cannot.units) == (State.CLOSED, Units.CANNOT)
    told = did(cannot, ActKind.PASSED_TO_UNITS, units=Units.CONFIRMED)
    assert told.units is Units.CONFIRMED


def test_clocks_end_before_what_the_message_speaks_of_and_never_before_now() -> None:
    under = terms(Precedence.PRIORITY, speaks_of=NOON + timedelta(minutes=20))
    life = did(sent(under), ActKind.DELIVER)
    ends = {each.kind: each.due for each in life.deadlines}
    assert ends[ClockKind.ACKNOWLEDGE] == NOON + timedelta(minutes=5)
    begun = sent(terms(Precedence.PRIORITY, speaks_of=NOON - timedelta(hours=1)))
    assert all(each.due > NOON for each in begun.deadlines)
    assert begun.state is State.SENT


def test_an_answer_is_due_when_the_sender_asked_for_it() -> None:
    by = NOON + timedelta(minutes=40)
    life = did(came(terms(needs_answer=True, answer_by=by)), ActKind.ACKNOWLEDGE)
    assert [each.due for each in life.deadlines if each.kind is ClockKind.ANSWER] == [by]


def test_the_same_act_twice_changes_nothing() -> None:
    life = sent(terms())
    done = act(ActKind.ACKNOWLEDGE, MessageSide.RECEIVER, "the one act")
    once = advance(life, done, NOON).life
    assert advance(once, done, NOON + timedelta(minutes=1)).life is once


def test_an_act_that_is_not_theirs_to_do_counts_for_nothing_and_is_kept() -> None:
    life = did(sent(terms()), ActKind.DELIVER)
    forged = advance(life, act(ActKind.CANCEL, MessageSide.RECEIVER), NOON).life
    assert forged.state is State.DELIVERED
    assert "not theirs" in forged.history[-1].reason


@pytest.mark.parametrize("kind", [ActKind.ANSWER, ActKind.PASSED_TO_UNITS])
def test_an_act_that_lacks_what_it_is_about_is_refused(kind: ActKind) -> None:
    life = did(came(terms(needs_answer=True)), ActKind.ACKNOWLEDGE)
    with pytest.raises(InvalidMessage):
        advance(life, act(kind, MessageSide.RECEIVER), NOON)


def test_an_act_that_the_state_does_not_allow_names_what_it_allows() -> None:
    with pytest.raises(StateForbids) as refused:
        did(came(terms()), ActKind.ANSWER, answer=AnswerWord.ANSWERED)
    assert "acknowledge" in refused.value.remedy


def test_silencing_holds_until_the_next_level() -> None:
    life = did(sent(terms()), ActKind.DELIVER)
    quiet = did(life, ActKind.SILENCE)
    assert ActKind.SILENCE not in allowed(quiet)
    louder = after(quiet, 60).life
    assert louder.silenced_level < louder.level
    assert ActKind.SILENCE in allowed(louder)


def test_flash_and_immediate_sound_as_they_come_and_routine_does_not() -> None:
    loud = received(terms(Precedence.IMMEDIATE), NOON, their_at=None)
    quiet = received(terms(Precedence.ROUTINE), NOON, their_at=None)
    assert kinds(loud.effects) == [EffectKind.ALARM]
    assert quiet.effects == ()


def test_cannot_comply_declines_and_is_no_silence() -> None:
    life = did(came(terms(needs_answer=True)), ActKind.ACKNOWLEDGE)
    assert did(life, ActKind.CANNOT_COMPLY).state is State.DECLINED


def test_a_life_is_stored_and_read_back_whole() -> None:
    life: Life = after(sent(terms(needs_readback=True, speaks_of=NOON)), 200).life
    assert stored_life(life_bytes(life)) == life
    with pytest.raises(InvalidMessage):
        stored_life(b"{}")
