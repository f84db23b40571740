"""Drills 9 and 14 with two nodes: what each side said stays, side by side, on both ledgers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from keepclear.contact.comparing_readouts import Finding
from keepclear.formats.documents.query import stored_query
from keepclear.formats.documents.readout import stored_readout
from keepclear.formats.times import iso_text
from keepclear.model.message import Message
from keepclear.model.node import Subject
from keepclear.model.operation import Mode, Precedence
from keepclear.model.query import Ownership, Query, QueryState
from keepclear.model.readout import AboutKind, Readout, ReadoutKind, ReadoutPoint, Stance
from keepclear.services.expected import NEW
from keepclear.services.line.messaging_releasing import Releasing, send
from keepclear.services.line.querying import contradicted
from keepclear.services.line.reading_out import comparison, keep_readout
from keepclear.services.line.receiving import receive
from keepclear.services.line.ticking import tick
from line_fixture import LINE, Side, two_nodes


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    with two_nodes(tmp_path) as made:
        yield made


def said(sender: Side, receiver: Side, code: str, fields: dict[str, Any], *refs: str) -> str:
    """Release a message at one node and have the other take it; the message's id."""
    node, them = sender.node, receiver.party
    message = Message(
        id=node.entropy.new_id(),
        code=code,
        version=1,
        line=LINE,
        sender=sender.party,
        recipient=them,
        from_role="duty officer",
        to_role="duty officer",
        mode=Mode.EXERCISE,
        precedence=Precedence.PRIORITY,
        originated_at=node.now(),
        fields=fields,
        refs=refs,
    )
    releasing = Releasing(node.entropy.new_id(), "duty officer", "first", "second")
    node.store.write(partial(send, node=node, message=message, releasing=releasing))
    receive(receiver.node, LINE, sender.sent(), sent_at=node.now())
    return message.id


def later(sides: tuple[Side, Side], **by: float) -> None:
    for side in sides:
        side.clock.turn(**by)
        tick(side.node, side.clock.now())


def query_at(side: Side, query_id: str) -> Query:
    with side.node.store.view() as view:
        found = view.declaration(Subject.QUERY, query_id)
    assert found is not None
    return stored_query(found.body)


def asked(sides: tuple[Side, Side]) -> str:
    blue, amber = sides
    fields = {
        "facts": "Five trucks at the ford.",
        "observed_at": iso_text(blue.clock.now()),
        "place": "the ford",
        "question": "Are they of your party?",
        "answer_by": iso_text(blue.clock.now() + timedelta(hours=4)),
    }
    return said(blue, amber, "M16", fields)


def declared(sides: tuple[Side, Side], question: str, ownership: str, *refs: str) -> str:
    blue, amber = sides
    fields = {
        "query": question,
        "kind": "ownership",
        "words": "There are none of ours there." if ownership == "not ours" else "They are ours.",
        "scope": "the ford",
        "ownership": ownership,
    }
    return said(amber, blue, "M17", fields, *refs)


def test_drill_9_not_ours_later_contradicted(sides: tuple[Side, Side]) -> None:
    blue, amber = sides
    question = asked(sides)
    assert query_at(amber, question).asked_by == "theirs"
    later(sides, hours=1)
    denied = declared(sides, question, "not ours")
    later(sides, hours=1)
    relied = said(blue, amber, "M22", READOUT_FIELDS, denied)
    later(sides, hours=1)
    admitted = declared(sides, question, "ours", denied)
    later(sides, hours=1)
    said(blue, amber, "M22", READOUT_FIELDS, denied)
    for side in sides:
        query = query_at(side, question)
        assert query.state is QueryState.ANSWERED
        assert [each.ownership for each in query.statements] == [
            Ownership.NOT_OURS,
            Ownership.OURS,
        ]
        with side.node.store.view() as view:
            (found,) = contradicted(view, query)
        contradiction = found.contradiction
        assert contradiction.statement.message == denied
        assert contradiction.later is not None
        assert contradiction.later.message == admitted
        assert contradiction.at - contradiction.statement.at == timedelta(hours=2)
        assert relied in {each.id for each in found.consequences}
        assert len([each for each in found.consequences if each.code == "M22"]) == 1


def test_a_question_that_nobody_answers_is_recorded_at_both_ends(
    sides: tuple[Side, Side],
) -> None:
    question = asked(sides)
    later(sides, hours=3, minutes=59)
    assert {query_at(side, question).state for side in sides} == {QueryState.OPEN}
    later(sides, minutes=1)
    assert {query_at(side, question).state for side in sides} == {QueryState.NO_ANSWER}
    declared(sides, question, "will not say")
    for side in sides:
        assert query_at(side, question).state is QueryState.ANSWERED
        assert query_at(side, question).lapsed_at is not None


READOUT_FIELDS = {
    "about": "the call of Friday",
    "text": "Views are close or coincide on most issues. Contacts are restored.",
    "points": ["views are close or coincide on most issues", "contacts are restored"],
    "correction_asked": False,
}


def test_drill_14_two_readouts_are_compared_without_a_verdict(sides: tuple[Side, Side]) -> None:
    blue, amber = sides
    call = blue.node.entropy.new_id()
    theirs = said(amber, blue, "M22", {**READOUT_FIELDS, "about": call})
    points = (
        ReadoutPoint(1, "views", Stance.COMMON_GROUND, "areas of overlap"),
        ReadoutPoint(2, "views", Stance.DIVERGENCE, "areas of divergence"),
        ReadoutPoint(3, "", Stance.AGREED, "military contacts are restored"),
    )
    own = Readout(
        blue.node.entropy.new_id(),
        LINE,
        "BLUE",
        ReadoutKind.OWN,
        AboutKind.CALL,
        call,
        points=points,
    )
    keep_readout(blue.node, own, expected=NEW)
    with blue.node.store.view() as view:
        told = comparison(view, call)
        held = view.declaration(Subject.READOUT, theirs)
    assert held is not None
    assert held.party == "AMBER"
    assert stored_readout(held.body).text == READOUT_FIELDS["text"]
    assert [row.finding for row in told.rows] == [
        Finding.ONLY_A,
        Finding.ONLY_A,
        Finding.BOTH,
        Finding.ONLY_B,
    ]
