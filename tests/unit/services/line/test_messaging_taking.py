from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from keepclear.errors import (
    InvalidMessage,
    KeepclearError,
    ModeMismatch,
    PeerTrouble,
    StateForbids,
)
from keepclear.model.message import Message
from keepclear.model.message_life import ActKind, State
from keepclear.model.operation import Mode, Precedence
from keepclear.services.line.alarms import AlarmLevel, alarms, silence
from keepclear.services.line.taken import Taken
from keepclear.services.line.taking import take
from keepclear.services.line.ticking import tick
from line_fixture import Side, message
from line_pair import Pair, paired_nodes
from meanwhile import before_writing
from messages import an_id, at, do, released


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with paired_nodes(tmp_path) as made:
        made.carry()
        yield made


def taken(side: Side, told: Message, *, serial: int = 900) -> Taken:
    now = side.clock.now()
    return Taken(side.line(), b"\x01" * 32, 0, serial, now, now, told)


def give(side: Side, told: Message, *, serial: int = 900) -> None:
    arrived = taken(side, told, serial=serial)
    side.node.store.write(lambda unit: take(unit, side.node, arrived))


def act(ref: str, kind: str = "acknowledge", name: str = "act", **fields: str) -> Message:
    told = message("AMBER", code="M25", precedence=Precedence.FLASH)
    said = {"kind": kind, "ref": ref, "role": "duty officer", **fields}
    return replace(told, id=an_id(name), fields=said)


def test_an_act_that_comes_before_its_message_counts_when_the_message_is_there(pair: Pair) -> None:
    late = message("AMBER", number=5)
    give(pair.blue, act(late.id, "cancel"))
    assert "message act held" in pair.blue.kinds()
    give(pair.blue, late)
    assert at(pair.blue, late.id).life.state is State.CANCELLED


def test_a_message_that_came_twice_is_new_once(pair: Pair) -> None:
    told = message("AMBER", number=6)
    give(pair.blue, told)
    give(pair.blue, told, serial=901)
    assert pair.blue.received().count(told.id) == 1


def test_another_message_of_the_same_id_is_noted_and_the_first_stands(pair: Pair) -> None:
    told = message("AMBER", number=7)
    give(pair.blue, told)
    give(pair.blue, replace(told, remark="otherwise"), serial=901)
    assert at(pair.blue, told.id).message.remark == ""
    assert "message act held" in pair.blue.kinds()


def test_an_act_of_an_unknown_kind_is_noted_and_changes_nothing(pair: Pair) -> None:
    name = released(pair.blue, "M07").stored.id
    before = at(pair.blue, name)
    give(pair.blue, act(name, "bless"))
    assert at(pair.blue, name).life == before.life
    assert pair.blue.kinds()[-1] == "message act held"


def test_a_readback_is_judged_by_the_senders_own_node(pair: Pair) -> None:
    name = released(pair.blue, "M07").stored.id
    give(pair.blue, act(name))
    give(pair.blue, act(name, "readback", "second", verdict="match"))
    life = at(pair.blue, name).life
    assert (life.state, life.mismatches) == (State.DISPUTED, 1)
    assert "not read back" in life.history[-1].reason


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [({"mode": Mode.REAL}, ModeMismatch), ({"line": "AMBER-GREEN"}, InvalidMessage)],
)
def test_what_is_of_another_mode_or_line_is_refused_and_nothing_is_written(
    pair: Pair, changes: dict[str, object], refusal: type[KeepclearError]
) -> None:
    size = len(pair.blue.kinds())
    with pytest.raises(refusal):
        give(pair.blue, replace(message("AMBER"), **changes))  # type: ignore[arg-type]  # of a dict
    assert len(pair.blue.kinds()) == size


def test_what_speaks_against_a_message_is_told_beside_it(pair: Pair) -> None:
    told = replace(message("AMBER", number=8), fields={"weapon_range": 40})
    arrived = replace(taken(pair.blue, told), clock_doubtful=True)
    pair.blue.node.store.write(lambda unit: take(unit, pair.blue.node, arrived))
    doubts = at(pair.blue, told.id).life.doubts
    assert doubts[0] == "clock doubtful"
    assert any("weapon" in each for each in doubts)


def test_a_message_of_an_unknown_code_reaches_a_person_all_the_same(pair: Pair) -> None:
    told = replace(message("AMBER", number=9), code="M77")
    give(pair.blue, told)
    assert at(pair.blue, told.id).life.state is State.DELIVERED
    assert any(each.about == told.id for each in alarms(pair.blue.node))


def test_alarms_stand_in_the_order_of_their_urgency(pair: Pair) -> None:
    for number, precedence in enumerate((Precedence.ROUTINE, Precedence.FLASH), 20):
        give(pair.blue, message("AMBER", number=number, precedence=precedence), serial=number)
    found = [each for each in alarms(pair.blue.node) if each.precedence is not None]
    assert [each.level for each in found] == [AlarmLevel.WARNING, AlarmLevel.ADVISORY]
    assert found[0].what == "acknowledge"
    assert found[0].is_audible


def test_a_silenced_alarm_stays_in_the_list_and_sounds_again_at_the_next_level(pair: Pair) -> None:
    told = message("AMBER", number=30, precedence=Precedence.FLASH)
    give(pair.blue, told)
    silence(pair.blue.node, told.id, role="duty officer")
    quiet = next(each for each in alarms(pair.blue.node) if each.id == told.id)
    assert not quiet.is_audible
    pair.blue.clock.at += timedelta(seconds=61)
    tick(pair.blue.node, pair.blue.clock.now())
    louder = next(each for each in alarms(pair.blue.node) if each.id == told.id)
    assert louder.is_audible
    assert louder.escalation_level == 1


def test_a_level_that_nobody_has_heard_yet_is_not_silenced(pair: Pair) -> None:
    told, node = message("AMBER", number=31, precedence=Precedence.FLASH), pair.blue.node
    give(pair.blue, told)

    def go_up() -> None:
        pair.blue.clock.at += timedelta(seconds=61)
        tick(node, pair.blue.clock.now())

    with pytest.raises(StateForbids, match="went up a level"):
        silence(before_writing(node, go_up), told.id, role="duty officer")
    with pytest.raises(StateForbids, match="went up a level"):
        silence(node, told.id, role="duty officer", level=0)
    assert next(each for each in alarms(node) if each.id == told.id).is_audible
    silence(node, told.id, role="duty officer", level=1)
    assert not next(each for each in alarms(node) if each.id == told.id).is_audible


class Wakened:
    """Keeps whom it woke; fails where it is told to."""

    def __init__(self, *, fails: bool = False) -> None:
        self.pages: list[tuple[int, str]] = []
        self.fails = fails

    def page(self, level: int, text: str) -> None:
        if self.fails:
            raise PeerTrouble("nobody was reached")
        self.pages.append((level, text))


@pytest.mark.parametrize("fails", [False, True])
def test_the_ladder_reaches_the_pager_and_a_failing_pager_is_recorded(
    pair: Pair, fails: bool
) -> None:
    told = message("AMBER", number=31, precedence=Precedence.FLASH)
    give(pair.blue, told)
    pager = Wakened(fails=fails)
    node = replace(pair.blue.node, pager=pager)
    tick(node, pair.blue.clock.now() + timedelta(seconds=61))
    kind = "message page failed" if fails else "message paged"
    assert kind in pair.blue.kinds()
    if not fails:
        level, text = pager.pages[0]
        assert level == 1
        assert text.startswith("EXERCISE")
        assert text.endswith("EXERCISE")


def test_an_acknowledgement_over_another_line_is_refused(pair: Pair) -> None:
    name = released(pair.blue, "M07").stored.id
    pair.carry()
    do(pair.amber, name, ActKind.ACKNOWLEDGE)
    arrived = taken(pair.blue, act(name))
    stranger = replace(
        arrived,
        line=replace(
            arrived.line, id="BLUE-ZULU", them="ZULU", peer=replace(arrived.line.peer, party="ZULU")
        ),
    )
    told = replace(stranger.message, line="BLUE-ZULU", sender="ZULU")
    with pytest.raises(InvalidMessage, match="another line"):
        pair.blue.node.store.write(
            lambda unit: take(unit, pair.blue.node, replace(stranger, message=told))
        )
