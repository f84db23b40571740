"""Messages become records in their sender's words, and clocks put silence on record."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from keepclear.canonical import canonical_bytes
from keepclear.errors import InvalidInput, NotOurs
from keepclear.formats.documents.consultation import stored_consultation
from keepclear.formats.documents.message import message_document
from keepclear.formats.documents.posture import stored_posture
from keepclear.formats.documents.query import stored_query
from keepclear.formats.documents.readout import stored_readout
from keepclear.formats.documents.request import stored_request
from keepclear.formats.documents.watch import stored_watch
from keepclear.formats.times import dtg_or_iso, iso_text
from keepclear.model.call import LineEnd
from keepclear.model.consultation import Consultation, ConsultationKind
from keepclear.model.line_state import ContactLevel
from keepclear.model.message import Message
from keepclear.model.node import Subject
from keepclear.model.note import Note
from keepclear.model.operation import Mode, Precedence
from keepclear.model.posture import Posture, Review
from keepclear.model.query import Ownership, Query, QueryState
from keepclear.model.readout import AboutKind, Mark, Pairing, Stance
from keepclear.model.request import Request, RequestAct, RequestStep
from keepclear.ports.line_store import StoredMessage
from keepclear.ports.store import Declaration
from keepclear.services.expected import NEW
from keepclear.services.line.asking import keep_request
from keepclear.services.line.consulting import keep_consultation
from keepclear.services.line.noting import keep_note
from keepclear.services.line.posturing import keep_posture
from keepclear.services.line.querying import contradicted
from keepclear.services.line.reading_out import keep_readout
from keepclear.services.line.records import SUBJECTS, take, tick, waiting
from node_fixture import START, RunningNode, exercise_node

LINE = "AMBER-BLUE"


def an_id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def message(name: str, code: str, sender: str = "AMBER", hours: float = 0, **more: Any) -> Message:
    told: dict[str, Any] = {
        "id": an_id(name),
        "code": code,
        "version": 1,
        "line": LINE,
        "sender": sender,
        "recipient": "BLUE" if sender == "AMBER" else "AMBER",
        "from_role": "duty officer",
        "to_role": "duty officer",
        "mode": Mode.EXERCISE,
        "precedence": Precedence.PRIORITY,
        "originated_at": START + timedelta(hours=hours),
    }
    return Message(**(told | more))


def question(name: str = "question", sender: str = "BLUE") -> Message:
    fields = {
        "facts": "five trucks at the ford",
        "question": "Whose are they?",
        "answer_by": iso_text(START + timedelta(hours=4)),
    }
    return message(name, "M16", sender, fields=fields)


def declaration(name: str, hours: float, ownership: str, **more: Any) -> Message:
    fields = {
        "query": an_id("question"),
        "kind": "ownership",
        "words": "There are none of ours.",
        "scope": "the ford",
        "ownership": ownership,
    }
    return message(name, "M17", hours=hours, fields=fields, **more)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningNode]:
    with exercise_node(tmp_path) as made:
        yield made


def taken(running: RunningNode, *messages: Message) -> None:
    for each in messages:
        running.node.store.write(partial(take, node=running.node, message=each))


def held(running: RunningNode, subject: Subject, thing_id: str) -> Declaration:
    with running.node.store.view() as view:
        found = view.declaration(subject, thing_id)
    assert found is not None
    return found


def query(running: RunningNode) -> Query:
    return stored_query(held(running, Subject.QUERY, an_id("question")).body)


def ticked(running: RunningNode) -> list[str]:
    """Do everything that is due; the kinds of the entries it made."""
    node = running.node
    with node.store.view() as view:
        before = view.ledger_size()
        due = view.due(node.now())
    for each in due:
        assert each.subject in SUBJECTS
        node.store.write(
            partial(tick, node=node, subject=each.subject, thing_id=each.id, now=node.now())
        )
    with node.store.view() as view:
        return [each.kind for each in view.entries(after=before - 1)]


class TestQueries:
    def test_a_question_of_ours_waits_and_its_silence_is_recorded(
        self, running: RunningNode
    ) -> None:
        taken(running, question())
        assert (query(running).asked_by, query(running).state) == (LineEnd.OURS, QueryState.OPEN)
        running.clock.turn(hours=3)
        assert ticked(running) == []
        running.clock.turn(hours=1)
        assert ticked(running) == ["query lapsed"]
        assert query(running).state is QueryState.NO_ANSWER
        assert ticked(running) == []
        with running.node.store.view() as view:
            (told,) = waiting(view, running.node, START)
        assert (told.why, told.due) == ("no answer", query(running).answer_by)

    def test_a_silence_that_is_noticed_late_was_due_when_it_was_due(
        self, running: RunningNode
    ) -> None:
        taken(running, question())
        running.clock.turn(hours=9)
        assert ticked(running) == ["query lapsed"]
        assert query(running).lapsed_at == query(running).answer_by

    def test_an_answer_stops_the_clock_and_stands_beside_the_question(
        self, running: RunningNode
    ) -> None:
        taken(running, question(), declaration("answer", 1, "not ours"))
        assert query(running).state is QueryState.ANSWERED
        assert query(running).statements[0].ownership is Ownership.NOT_OURS
        running.clock.turn(hours=9)
        assert ticked(running) == []

    def test_the_same_message_again_adds_nothing(self, running: RunningNode) -> None:
        answer = declaration("answer", 1, "not ours")
        taken(running, question(), answer, answer, question())
        assert len(query(running).statements) == 1
        assert held(running, Subject.QUERY, an_id("question")).version == 2

    def test_a_question_asked_anew_keeps_its_declarations(self, running: RunningNode) -> None:
        anew = replace(question("anew"), supersedes=an_id("question"), version=2)
        taken(running, question(), declaration("answer", 1, "unknown"), anew)
        assert query(running).messages == (an_id("question"), an_id("anew"))
        assert len(query(running).statements) == 1

    def test_a_declaration_nobody_asked_for_stands_by_itself(self, running: RunningNode) -> None:
        taken(running, replace(declaration("alone", 1, "ours"), fields={"ownership": "ours"}))
        alone = stored_query(held(running, Subject.QUERY, an_id("alone")).body)
        assert alone.state is QueryState.UNASKED
        assert alone.statements[0].ownership is Ownership.OURS

    def test_drill_9_not_ours_later_contradicted_shows_both_and_what_followed(
        self, running: RunningNode
    ) -> None:
        denied = declaration("denied", 1, "not ours")
        taken(running, question(), denied)
        relied = message("relied", "M07", "BLUE", hours=2, refs=(denied.id,))
        after = message("after", "M07", "BLUE", hours=9, refs=(denied.id,))
        apart = message("apart", "M07", "BLUE", hours=2)
        for each in (relied, after, apart):
            store_message(running, each)
        running.clock.turn(hours=3)
        about = Note(an_id("note"), running.clock.at, "jk", "planner", "x", about=(denied.id,))
        keep_note(running.node, about)
        taken(running, declaration("admitted", 5, "ours", refs=(denied.id,)))
        with running.node.store.view() as view:
            (found,) = contradicted(view, query(running))
        assert found.contradiction.statement.message == denied.id
        assert found.contradiction.statement.at == START + timedelta(hours=1)
        assert found.contradiction.later is not None
        assert found.contradiction.at == START + timedelta(hours=5)
        assert [(each.subject, each.id) for each in found.consequences] == [
            (Subject.MESSAGE, relied.id),
            (Subject.NOTE, about.id),
        ]
        assert [each.ownership for each in query(running).statements] == [
            Ownership.NOT_OURS,
            Ownership.OURS,
        ]

    def test_an_officers_note_contradicts_without_any_word_of_theirs(
        self, running: RunningNode
    ) -> None:
        denied = declaration("denied", 1, "not ours")
        taken(running, question(), denied)
        at = START + timedelta(hours=6)
        running.clock.turn(hours=6)
        note = Note(an_id("n"), at, "jk", "planner", "seen to answer", contradicts=denied.id)
        keep_note(running.node, note)
        assert query(running).notes == (note.id,)
        with pytest.raises(InvalidInput):
            keep_note(running.node, replace(note, id=an_id("m"), contradicts=an_id("nothing")))
        with running.node.store.view() as view:
            (found,) = contradicted(view, query(running))
        assert (found.contradiction.note, found.contradiction.at) == (note, at)


def store_message(running: RunningNode, told: Message) -> None:
    content = canonical_bytes(message_document(told))
    at: datetime = told.originated_at
    stored = StoredMessage(
        0, told.id, LINE, True, told.code, "PRIORITY", "SENT", True, None, None, 1, content,
        b"{}", at, None,
    )  # fmt: skip
    running.node.store.write(lambda unit: unit.put_message(stored, action="sent"))


class TestPostures:
    POSTURE = Posture(
        an_id("posture"),
        LINE,
        "AMBER",
        START,
        "defensive in nature",
        review_at=START + timedelta(days=1),
    )

    def test_a_review_that_nobody_made_is_told_once_for_its_date(
        self, running: RunningNode
    ) -> None:
        keep_posture(running.node, self.POSTURE, expected=NEW)
        running.clock.turn(days=1)
        assert ticked(running) == ["posture overdue"]
        assert ticked(running) == []
        named = replace(self.POSTURE, translation="otherwise")
        keep_posture(running.node, named, expected=1)
        assert ticked(running) == []
        looked = replace(
            named,
            reviews=(Review(running.clock.at, "planner", "as said"),),
            review_at=running.clock.at + timedelta(days=1),
        )
        keep_posture(running.node, looked, expected=2)
        running.clock.turn(days=1)
        assert ticked(running) == ["posture overdue"]

    def test_what_was_declared_over_the_line_stays_as_it_was_said(
        self, running: RunningNode
    ) -> None:
        fields = {
            "kind": "posture",
            "words": "defensive in nature",
            "scope": "the airfield",
            "ownership": "ours",
            "window": {"start": iso_text(START), "end": iso_text(START + timedelta(days=9))},
        }
        taken(running, message("posture", "M17", fields=fields))
        kept = held(running, Subject.POSTURE, an_id("posture"))
        told = stored_posture(kept.body)
        assert (kept.party, told.end) == ("AMBER", START + timedelta(days=9))
        reviewed = replace(told, review_at=START + timedelta(days=3))
        assert keep_posture(running.node, reviewed, expected=1).changed
        with pytest.raises(NotOurs):
            keep_posture(running.node, replace(reviewed, words="offensive"), expected=2)


class TestConsultations:
    SERIES = Consultation(
        an_id("series"),
        LINE,
        "BLUE",
        ConsultationKind.WORKING_GROUP,
        "safety of flight",
        START,
        next_at=START + timedelta(days=2),
    )

    def test_a_date_that_passed_is_told_once(self, running: RunningNode) -> None:
        keep_consultation(running.node, self.SERIES, expected=NEW)
        running.clock.turn(days=2)
        assert ticked(running) == ["consultation overdue"]
        assert ticked(running) == []
        assert held(running, Subject.CONSULTATION, self.SERIES.id).version == 1
        keep_consultation(running.node, replace(self.SERIES, owner_role="planner"), expected=1)
        assert ticked(running) == []

    def test_a_concluded_series_has_no_clock(self, running: RunningNode) -> None:
        keep_consultation(running.node, self.SERIES, expected=NEW)
        done = replace(self.SERIES, concluded_at=START)
        keep_consultation(running.node, done, expected=1)
        running.clock.turn(days=9)
        assert ticked(running) == []

    def test_a_proposal_is_theirs_and_our_series_names_it(self, running: RunningNode) -> None:
        start = START + timedelta(days=5)
        fields = {
            "step": "proposal",
            "consultation": "working group 1",
            "kind": "video conference",
            "window": {"start": iso_text(start), "end": iso_text(start + timedelta(hours=2))},
            "level": "senior",
            "agenda": ["the mechanism"],
            "languages": ["en", "ru"],
            "recording": "none",
        }
        taken(running, message("proposal", "M21", fields=fields))
        kept = held(running, Subject.CONSULTATION, an_id("proposal"))
        told = stored_consultation(kept.body)
        assert (kept.party, told.from_line, told.proposed) == ("AMBER", True, (start,))
        assert (told.kind, told.level) == (ConsultationKind.VTC, ContactLevel.SENIOR)
        assert told.title == "video conference, senior, working group 1"
        by_id = {**fields, "consultation": an_id("their series")}
        taken(running, message("dated", "M21", fields=by_id))
        dated = stored_consultation(held(running, Subject.CONSULTATION, an_id("dated")).body)
        assert dated.title == f"video conference, senior, {dtg_or_iso(start)}"
        with pytest.raises(NotOurs):
            keep_consultation(running.node, replace(told, title="ours now"), expected=1)
        ours = replace(self.SERIES, messages=(an_id("proposal"),))
        assert keep_consultation(running.node, ours, expected=NEW).created


def test_a_request_nobody_answers_is_recorded_as_no_answer(running: RunningNode) -> None:
    asked = Request(
        an_id("r"), LINE, LineEnd.OURS, START, "stay west", answer_by=START + timedelta(hours=2)
    )
    keep_request(running.node, asked, expected=NEW)
    step = RequestStep(
        RequestAct.CONSIDER, START, "duty officer", "will consider", START + timedelta(hours=8)
    )
    keep_request(running.node, replace(asked, steps=(step,)), expected=1)
    running.clock.turn(hours=3)
    assert ticked(running) == []
    running.clock.turn(hours=5)
    assert ticked(running) == ["request lapsed"]
    told = stored_request(held(running, Subject.REQUEST, asked.id).body)
    assert [each.act for each in told.steps] == [RequestAct.CONSIDER, RequestAct.LAPSE]


def test_a_readout_shown_over_the_line_is_theirs_and_only_our_marks_change(
    running: RunningNode,
) -> None:
    fields = {
        "about": an_id("their call"),
        "text": "Views close or coincide.",
        "points": ["views close or coincide on most issues", "contacts restored"],
        "correction_asked": True,
    }
    taken(running, message("readout", "M22", fields=fields))
    kept = held(running, Subject.READOUT, an_id("readout"))
    told = stored_readout(kept.body)
    assert kept.party == "AMBER"
    assert [(each.number, each.stance) for each in told.points] == [
        (1, Stance.CLAIM),
        (2, Stance.CLAIM),
    ]
    mark = Pairing(1, an_id("ours"), 1, Mark.SAME, "liaison officer")
    ours = replace(told, about=an_id("our call"), about_kind=AboutKind.CALL, pairings=(mark,))
    assert keep_readout(running.node, ours, expected=1).changed
    with pytest.raises(NotOurs):
        keep_readout(running.node, replace(ours, text="Views differ."), expected=2)
    with pytest.raises(NotOurs):
        keep_readout(running.node, replace(ours, message=""), expected=2)


def test_a_watch_stated_over_the_line_is_theirs_and_an_older_one_does_not_return(
    running: RunningNode,
) -> None:
    fields = {
        "room": "AMBER watch",
        "roles": ["duty officer", "interpreter, certified linguist", "Interpreter"],
        "languages": ["ru"],
        "next_handover": iso_text(START + timedelta(hours=8)),
    }
    taken(running, message("watch", "M02", hours=1, fields=fields))
    taken(running, message("older", "M02", hours=0, fields={**fields, "roles": ["nobody"]}))
    told = stored_watch(held(running, Subject.WATCH, "AMBER").body)
    assert [each.role for each in told.roles] == ["duty officer", "interpreter"]
    assert told.has_linguist
    assert told.message == an_id("watch")


@pytest.mark.parametrize("code", ["M02", "M16", "M17", "M21", "M22"])
def test_a_signed_message_is_never_lost_over_its_fields(running: RunningNode, code: str) -> None:
    odd = {
        "window": {"start": "2026-05-01T00:00:00Z", "end": "2026-04-01T00:00:00Z"},
        "answer_by": "soon",
        "next_handover": 7,
        "roles": ["one", "ONE", 3],
        "words": "said",
        "ownership": "perhaps",
        "points": "none",
        "kind": "tea",
        "level": 4,
        "about": "the call of Friday",
        "query": None,
    }
    taken(running, message("odd", code, fields=odd), message("empty", code, fields={}))
