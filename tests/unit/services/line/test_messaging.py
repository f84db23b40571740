from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from keepclear.errors import InvalidMessage, NotFound, NotPermitted, StateForbids, VersionMismatch
from keepclear.formats.documents.query import stored_query
from keepclear.model.message_life import ActKind, AnswerWord, State, Units
from keepclear.model.node import Subject
from keepclear.model.query import QueryState
from keepclear.services.expected import NEW
from keepclear.services.line.alarms import alarms
from keepclear.services.line.messaging import Releasing, drop_draft, release, save_draft
from line_fixture import verified
from line_pair import Pair, paired_nodes, state_at
from messages import PLACE, an_id, at, do, document, draft, heard, released
from samples import NOON


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with paired_nodes(tmp_path) as made:
        made.carry()
        yield made


def states(pair: Pair, message: str) -> tuple[State, State]:
    return at(pair.blue, message).life.state, at(pair.amber, message).life.state


def test_a_draft_is_local_until_it_is_released(pair: Pair) -> None:
    size = len(pair.blue.kinds())
    made = draft(pair.blue, "M07")
    assert (made.life.state, made.stored.entry) == (State.READY, None)
    assert len(pair.blue.kinds()) == size
    drop_draft(pair.blue.node, made.stored.id, expected=1)
    with pytest.raises(NotFound):
        at(pair.blue, made.stored.id)


def test_an_incomplete_draft_is_kept_and_cannot_be_released(pair: Pair) -> None:
    made = draft(pair.blue, "M07", fields={"rule": None})
    assert made.life.state is State.DRAFTED
    with pytest.raises(InvalidMessage, match=r"fields\.rule: missing"):
        release(pair.blue.node, made.stored.id, Releasing(an_id("r"), "duty officer", "first"))


def test_two_people_never_overwrite_each_others_draft(pair: Pair) -> None:
    draft(pair.blue, "M07")
    changed = document("M07", remark="another")
    with pytest.raises(VersionMismatch):
        save_draft(pair.blue.node, an_id("BLUE M07"), changed, expected=NEW)
    again = save_draft(pair.blue.node, an_id("BLUE M07"), changed, expected=1)
    assert again.stored.version == 2


def test_what_two_people_have_read_is_what_is_released(pair: Pair) -> None:
    read = draft(pair.blue, "M07").stored
    save_draft(pair.blue.node, read.id, document("M07", remark="another"), expected=read.version)
    mine = Releasing(an_id("r"), "duty officer", "first", version=read.version)
    with pytest.raises(VersionMismatch):
        release(pair.blue.node, read.id, mine)
    sent = release(pair.blue.node, read.id, mine._replace(version=read.version + 1))
    assert sent.message.remark == "another"


def test_an_advisory_goes_through_its_whole_life_on_both_sides(pair: Pair) -> None:
    sent = released(pair.blue, "M07")
    name = sent.stored.id
    assert sent.life.state is State.SENT
    pair.carry()
    assert states(pair, name) == (State.DELIVERED, State.DELIVERED)
    do(pair.amber, name, ActKind.ACKNOWLEDGE)
    pair.carry()
    assert states(pair, name) == (State.READBACK_DUE, State.READBACK_DUE)
    assert at(pair.blue, name).life.acknowledged_by == "duty officer"
    do(pair.amber, name, ActKind.READBACK, heard=heard(sent))
    pair.carry()
    assert states(pair, name) == (State.AWAITING_ANSWER, State.AWAITING_ANSWER)
    answer = save_draft(
        pair.amber.node,
        an_id("the answer"),
        {
            "code": "M08",
            "line": "AMBER-BLUE",
            "refs": [name],
            "fields": {"advisory": name, "answer": "will move"},
        },
        expected=NEW,
    )
    release(pair.amber.node, answer.stored.id, Releasing(an_id("r"), "duty officer", "first"))
    pair.carry()
    assert states(pair, name) == (State.ANSWERED, State.ANSWERED)
    assert not at(pair.blue, name).stored.is_open
    assert at(pair.blue, answer.stored.id).life.state is State.DELIVERED
    verified(*pair.sides)


def test_a_slip_of_nine_kilometres_is_disputed_on_both_sides_and_put_right(pair: Pair) -> None:
    sent = released(pair.blue, "M09")
    name = sent.stored.id
    pair.carry()
    do(pair.amber, name, ActKind.ACKNOWLEDGE)
    slipped = heard(sent, position="35.7900N 035.9500E")
    do(pair.amber, name, ActKind.READBACK, "wrong", heard=slipped)
    pair.carry()
    assert states(pair, name) == (State.DISPUTED, State.DISPUTED)
    assert "m away" in at(pair.blue, name).life.history[-1].reason
    do(pair.blue, name, ActKind.CORRECTION)
    pair.carry()
    assert states(pair, name) == (State.READBACK_DUE, State.READBACK_DUE)
    do(pair.amber, name, ActKind.READBACK, "right", heard=heard(sent, position=PLACE))
    pair.carry()
    do(pair.amber, name, ActKind.PASSED_TO_UNITS, units=Units.CONFIRMED)
    pair.carry()
    assert states(pair, name) == (State.CLOSED, State.CLOSED)


def test_a_new_version_supersedes_the_disputed_one_and_both_texts_stay(pair: Pair) -> None:
    sent = released(pair.blue, "M09")
    pair.carry()
    do(pair.amber, sent.stored.id, ActKind.ACKNOWLEDGE)
    do(pair.amber, sent.stored.id, ActKind.READBACK, heard=heard(sent, subject="one"))
    pair.carry()
    anew = released(pair.blue, "M09", "anew", supersedes=sent.stored.id)
    pair.carry()
    assert anew.message.version == 2
    assert states(pair, sent.stored.id) == (State.SUPERSEDED, State.SUPERSEDED)
    assert states(pair, anew.stored.id) == (State.DELIVERED, State.DELIVERED)
    assert at(pair.amber, sent.stored.id).message.fields["subject"] == "two fast aircraft"


def test_a_cancellation_is_acknowledged_by_itself(pair: Pair) -> None:
    name = released(pair.blue, "M07").stored.id
    pair.carry()
    do(pair.blue, name, ActKind.CANCEL, text="no longer so")
    pair.carry()
    assert at(pair.amber, name).stored.is_open
    do(pair.amber, name, ActKind.ACKNOWLEDGE_CANCELLATION)
    pair.carry()
    assert states(pair, name) == (State.CANCELLED, State.CANCELLED)
    assert not at(pair.blue, name).stored.is_open


def test_the_same_act_and_the_same_release_twice_change_nothing(pair: Pair) -> None:
    sent = released(pair.blue, "M07")
    releasing = Releasing(an_id(f"release {sent.stored.id}"), "duty officer", "first", "second")
    again = release(pair.blue.node, sent.stored.id, releasing)
    assert again.stored.version == sent.stored.version
    pair.carry()
    once = do(pair.amber, sent.stored.id, ActKind.ACKNOWLEDGE)
    twice = do(pair.amber, sent.stored.id, ActKind.ACKNOWLEDGE)
    assert once.stored.version == twice.stored.version
    assert len(pair.amber.sent()) == len(set(pair.amber.sent()))


def test_what_was_released_is_changed_by_nobody(pair: Pair) -> None:
    name = released(pair.blue, "M07").stored.id
    with pytest.raises(StateForbids):
        save_draft(pair.blue.node, name, document("M07", remark="later"), expected=2)
    with pytest.raises(StateForbids):
        drop_draft(pair.blue.node, name, expected=2)


def test_a_declaration_needs_two_different_people(pair: Pair) -> None:
    made = draft(pair.blue, "M17")
    for second in ("", "First"):
        releasing = Releasing(an_id("r"), "liaison officer", "first", second)
        with pytest.raises(NotPermitted):
            release(pair.blue.node, made.stored.id, releasing)
    releasing = Releasing(an_id("r"), "liaison officer", "first", "other")
    assert release(pair.blue.node, made.stored.id, releasing).life.state is State.SENT


def test_flash_is_released_by_any_role_on_watch_and_by_no_named_person(pair: Pair) -> None:
    made = draft(pair.blue, "M09")
    with pytest.raises(NotPermitted, match="no role on watch"):
        release(pair.blue.node, made.stored.id, Releasing(an_id("r"), "Colonel Smith", "first"))
    done = release(pair.blue.node, made.stored.id, Releasing(an_id("r"), "interpreter", "first"))
    assert done.message.from_role == "interpreter"


def test_a_role_that_may_not_release_is_told_who_may(pair: Pair) -> None:
    made = draft(pair.blue, "M20")
    with pytest.raises(NotPermitted) as refused:
        release(pair.blue.node, made.stored.id, Releasing(an_id("r"), "planner", "first"))
    assert "liaison officer" in refused.value.remedy


def test_clocks_of_flash_climb_page_and_try_another_channel(pair: Pair) -> None:
    name = released(pair.blue, "M09").stored.id
    pair.carry()
    sent_at = pair.blue.clock.now()
    for seconds in (60, 120, 300):
        for side in pair.sides:
            side.clock.at = sent_at + timedelta(seconds=seconds)
        pair.look()
    life = at(pair.blue, name).life
    assert (life.level, life.channel) == (2, 1)
    assert at(pair.amber, name).life.level == 2
    assert "message overdue" in pair.blue.kinds()


def test_an_answer_by_act_answers_what_no_message_answers(pair: Pair) -> None:
    name = released(pair.blue, "M20").stored.id
    pair.carry()
    do(pair.amber, name, ActKind.ACKNOWLEDGE)
    until = NOON + timedelta(days=1)
    do(pair.amber, name, ActKind.CONSIDER, until=until, text="we look at it")
    pair.carry()
    assert at(pair.blue, name).life.considered_until == until
    do(pair.amber, name, ActKind.ANSWER, answer=AnswerWord.PARTLY, text="two of three")
    pair.carry()
    assert states(pair, name) == (State.PARTLY, State.PARTLY)


def test_a_query_is_answered_by_a_declaration(pair: Pair) -> None:
    name = released(pair.blue, "M16").stored.id
    pair.carry()
    do(pair.amber, name, ActKind.ACKNOWLEDGE)
    released(pair.amber, "M17", fields={"query": name})
    pair.carry()
    assert states(pair, name) == (State.ANSWERED, State.ANSWERED)


def test_a_question_that_is_cancelled_waits_for_no_answer_on_either_side(pair: Pair) -> None:
    name = released(pair.blue, "M16").stored.id
    pair.carry()
    assert queries(pair, name) == [QueryState.OPEN] * 2
    do(pair.blue, name, ActKind.CANCEL)
    pair.carry()
    assert queries(pair, name) == [QueryState.WITHDRAWN] * 2
    pair.turn(hours=48)
    assert queries(pair, name) == [QueryState.WITHDRAWN] * 2
    assert not {"query lapsed"} & {*pair.blue.kinds(), *pair.amber.kinds()}


def test_a_cancellation_that_overtakes_its_question_leaves_nothing_open(pair: Pair) -> None:
    name = released(pair.blue, "M16").stored.id
    do(pair.blue, name, ActKind.CANCEL)
    pair.carry()
    assert queries(pair, name) == [QueryState.WITHDRAWN] * 2


def queries(pair: Pair, name: str) -> list[QueryState]:
    """Where both sides have a question."""
    found = []
    for side in pair.sides:
        with side.node.store.view() as view:
            kept = view.declaration(Subject.QUERY, name)
        assert kept is not None
        found.append(stored_query(kept.body).state)
    return found


def test_what_comes_after_the_end_is_kept_as_late(pair: Pair) -> None:
    end = pair.blue.clock.now() + timedelta(minutes=10)
    valid = {"start": "2026-03-14T06:00:00Z", "end": end.isoformat()}
    name = released(pair.blue, "M20", valid=valid).stored.id
    pair.carry()
    do(pair.amber, name, ActKind.ACKNOWLEDGE)
    pair.blue.clock.at += timedelta(minutes=11)
    pair.look()
    life = at(pair.blue, name).life
    assert (life.state, life.is_late) == (State.EXPIRED, True)
    assert life.acknowledged_at is not None


def test_what_the_other_side_did_in_time_is_no_message_that_expired(pair: Pair) -> None:
    end = pair.blue.clock.now() + timedelta(minutes=10)
    valid = {"start": "2026-03-14T06:00:00Z", "end": end.isoformat()}
    name = released(pair.blue, "M17", valid=valid).stored.id
    pair.carry()
    do(pair.amber, name, ActKind.ACKNOWLEDGE)
    pair.cut = True
    pair.turn(minutes=11)
    assert states(pair, name) == (State.EXPIRED, State.CLOSED)
    pair.cut = False
    pair.carry()
    assert states(pair, name) == (State.CLOSED, State.CLOSED)
    assert at(pair.blue, name).life.is_late


def test_a_message_without_its_line_or_code_says_which_is_missing(pair: Pair) -> None:
    with pytest.raises(InvalidMessage, match="line: missing"):
        save_draft(pair.blue.node, an_id("x"), {"code": "M07"}, expected=NEW)
    with pytest.raises(InvalidMessage, match="written by hand"):
        save_draft(pair.blue.node, an_id("x"), {"code": "M25", "line": "AMBER-BLUE"}, expected=NEW)


def test_an_overdue_flash_degrades_the_line_until_somebody_has_it(pair: Pair) -> None:
    name = released(pair.blue, "M09").stored.id
    pair.carry()
    for side in pair.sides:
        side.clock.at += timedelta(seconds=61)
    pair.look()
    assert state_at(pair.blue) == "degraded"
    size = pair.blue.kinds().count("line state changed")
    do(pair.amber, name, ActKind.ACKNOWLEDGE)
    pair.carry()
    assert pair.blue.kinds().count("line state changed") == size + 1


def test_what_a_flash_still_asks_for_is_heard_until_it_is_done(pair: Pair) -> None:
    sent = released(pair.blue, "M09")
    pair.carry()
    do(pair.amber, sent.stored.id, ActKind.ACKNOWLEDGE)
    (alarm,) = [each for each in alarms(pair.amber.node) if each.what == "read back"]
    assert (alarm.about, alarm.level, alarm.is_audible) == (sent.stored.id, "caution", True)
    do(pair.amber, sent.stored.id, ActKind.READBACK, heard=heard(sent))
    assert "read back" not in {each.what for each in alarms(pair.amber.node)}
