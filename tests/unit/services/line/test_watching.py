"""The watch is taken, and the other party is told by role."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from keepclear.errors import NotOurs
from keepclear.formats.documents.watch import stored_watch
from keepclear.model.node import Subject
from keepclear.model.watch import DutyRole, Watch
from keepclear.services.expected import NEW
from keepclear.services.line.receiving import receive
from keepclear.services.line.records import tick
from keepclear.services.line.watching import take_watch, watches
from line_fixture import LINE, Side, two_nodes
from node_fixture import START

WATCH = Watch(
    "BLUE",
    START,
    (
        DutyRole("duty officer", ("en",)),
        DutyRole("interpreter", ("en", "ru"), certified_linguist=True, alternates=("liaison",)),
    ),
    next_handover=START + timedelta(hours=8),
)


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    with two_nodes(tmp_path) as made:
        yield made


def test_a_watch_that_is_taken_goes_out_as_a_statement_of_roles(sides: tuple[Side, Side]) -> None:
    blue, _ = sides
    took = take_watch(blue.node, WATCH, expected=NEW, actor="jk")
    assert (took.told, took.untold) == ((LINE,), ())
    (envelope,) = blue.sent()
    told = json.loads(envelope)["message"]
    assert told["code"] == "M02"
    assert told["fields"] == {
        "room": "BLUE watch",
        "roles": ["duty officer", "interpreter, certified linguist"],
        "languages": ["en", "ru"],
        "alternates": ["liaison"],
        "next_handover": "2026-03-14T14:00:00Z",
    }
    assert blue.rung


def test_the_other_node_shows_it_as_the_partys_own_word(sides: tuple[Side, Side]) -> None:
    blue, amber = sides
    take_watch(blue.node, WATCH, expected=NEW)
    receive(amber.node, LINE, blue.sent(), sent_at=blue.clock.now())
    with amber.node.store.view() as view:
        (theirs,) = watches(view, amber.node).theirs
        held = view.message(stored_watch(theirs.body).message)
    assert (theirs.party, stored_watch(theirs.body).has_linguist) == ("BLUE", True)
    assert held is not None
    with blue.node.store.view() as view:
        assert view.message(held.id) is not None


def test_the_same_watch_again_tells_nobody_twice(sides: tuple[Side, Side]) -> None:
    blue, _ = sides
    take_watch(blue.node, WATCH, expected=NEW)
    assert take_watch(blue.node, WATCH, expected=NEW).told == ()
    assert len(blue.sent()) == 1


def test_the_watch_is_taken_even_where_nothing_can_be_signed(sides: tuple[Side, Side]) -> None:
    blue, _ = sides
    took = take_watch(replace(blue.node, signer=None), WATCH, expected=NEW)
    assert (took.told, [each.line for each in took.untold]) == ((), [LINE])
    assert took.kept.created


def test_a_role_that_may_not_speak_on_the_line_leaves_it_to_the_duty_officer(
    sides: tuple[Side, Side],
) -> None:
    blue, _ = sides
    take_watch(blue.node, replace(WATCH, taken_over_by="signaller"), expected=NEW)
    (envelope,) = blue.sent()
    assert json.loads(envelope)["message"]["from_role"] == "duty officer"


def test_a_watch_without_languages_is_taken_and_the_line_says_what_is_missing(
    sides: tuple[Side, Side],
) -> None:
    blue, _ = sides
    took = take_watch(blue.node, replace(WATCH, roles=(DutyRole("planner"),)), expected=NEW)
    (untold,) = took.untold
    assert untold.line == LINE
    assert "languages" in untold.why


def test_a_handover_that_nobody_made_is_put_on_record(sides: tuple[Side, Side]) -> None:
    blue, _ = sides
    take_watch(blue.node, WATCH, expected=NEW)
    blue.clock.turn(hours=8)
    with blue.node.store.view() as view:
        due = [each for each in view.due(blue.clock.now()) if each.subject is Subject.WATCH]
    assert [each.id for each in due] == ["BLUE"]
    blue.node.store.write(
        lambda unit: tick(unit, blue.node, Subject.WATCH, "BLUE", blue.clock.now())
    )
    assert blue.kinds()[-1] == "watch overdue"
    with blue.node.store.view() as view:
        assert view.deadlines(Subject.WATCH, "BLUE") == []
        assert watches(view, blue.node).ours is not None


def test_another_partys_watch_is_not_taken_here(sides: tuple[Side, Side]) -> None:
    with pytest.raises(NotOurs):
        take_watch(sides[0].node, replace(WATCH, party="AMBER"), expected=NEW)
