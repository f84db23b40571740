"""Questions of purpose and ownership beside what was declared, with a clock and no verdict.

A declaration that was contradicted is shown with what stands against it, both times, and what
was said on its ground in between: everything kept here that names it.

Source: domain study of keepclear, 5b and 5h drill 9.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from keepclear.contact.contradicting import Contradiction, contradictions_of
from keepclear.errors import InvalidInput
from keepclear.formats.documents.fields import moment
from keepclear.formats.documents.note import stored_note
from keepclear.formats.documents.query import stored_query
from keepclear.ledger.entries import EntryKind
from keepclear.model.message import Message
from keepclear.model.message_life import State
from keepclear.model.node import Subject
from keepclear.model.note import Note
from keepclear.model.query import Query, QueryState
from keepclear.ports.line_store import MessageQuery
from keepclear.ports.store import Declaration, Unit, View
from keepclear.services.line.keeping import content_of, write
from keepclear.services.line.told_records import query_told, statement_told
from keepclear.services.node import Node

DEADLINE = "answer"
_PAGE = 200
_TAKEN_BACK = frozenset({State.CANCELLED, State.WITHDRAWN})
_MOMENTS = ("declared_at", "asked_at", "started_at", "published_at", "opened_at", "at")
_RELYING = (
    Subject.CALL,
    Subject.CONSULTATION,
    Subject.READOUT,
    Subject.REQUEST,
    Subject.POSTURE,
    Subject.NOTE,
)


@dataclass(frozen=True, slots=True)
class Consequence:
    """Something that was said on the ground of a declaration.

    Attributes:
        subject: what sort of thing.
        id: its id.
        at: when.
        party: whose it is.
        code: for a message which of the catalogue; empty otherwise.
    """

    subject: Subject
    id: str
    at: datetime
    party: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Contradicted:
    """A contradiction with what was said on the ground of the declaration before it.

    Attributes:
        contradiction: both statements, with their times.
        consequences: in the order of their times.
    """

    contradiction: Contradiction
    consequences: tuple[Consequence, ...]


def take_question(unit: Unit, node: Node, message: Message) -> None:
    """Keep a question (M16) that was sent or came, and start its clock."""
    if _query_naming(unit, (message.id,)) is not None:
        return
    asked = query_told(message, node.identity.party)
    held = _query_naming(unit, (message.supersedes,))
    if held is not None:
        messages = tuple(dict.fromkeys((*held.messages, message.id)))
        asked = replace(
            asked,
            id=held.id,
            messages=messages,
            statements=held.statements,
            notes=held.notes,
        )
    _write(unit, node, asked, EntryKind.QUERY_ASKED, actor=message.sender)
    stored = unit.message(message.id)
    if stored is not None:  # its cancellation may have overtaken it
        look_for_withdrawal(unit, node, message, State(stored.state))


def look_for_withdrawal(unit: Unit, node: Node, message: Message, state: State) -> None:
    """Have a question wait for no answer any more once whoever asked took it back."""
    if message.code != "M16" or state not in _TAKEN_BACK:
        return
    held = _query_naming(unit, (message.id,))
    if held is None or held.withdrawn_at is not None or held.messages[-1:] != (message.id,):
        return
    withdrawn = replace(held, withdrawn_at=node.now())
    _write(unit, node, withdrawn, EntryKind.QUERY_WITHDRAWN, actor=message.sender)


def take_declaration(unit: Unit, node: Node, message: Message) -> None:
    """Keep what was declared (M17) beside the question it answers, or by itself."""
    statement = statement_told(message)
    named = (str(message.fields.get("query", "")), *message.refs, message.supersedes)
    held = _query_naming(unit, named) or Query(id=message.id, line=message.line)
    if held.names(message.id):
        return
    answered = replace(held, statements=(*held.statements, statement))
    _write(unit, node, answered, EntryKind.QUERY_ANSWERED, actor=message.sender)


def note_contradiction(unit: Unit, node: Node, note: Note) -> None:
    """Keep with a declaration that a note says it is contradicted; both stay.

    Raises:
        InvalidInput: there is no such declaration.
    """
    held = _query_naming(unit, (note.contradicts,))
    if held is None or note.contradicts not in {each.message for each in held.statements}:
        raise InvalidInput(
            f"contradicts: there is no declaration {note.contradicts}",
            remedy="Name the message (M17) in which it was declared, as queries list it.",
        )
    against = replace(held, notes=(*held.notes, note.id))
    _write(unit, node, against, EntryKind.QUERY_CONTRADICTED, actor=note.actor)


def tick_query(unit: Unit, node: Node, current: Declaration, now: datetime) -> None:
    """Put on record that a question was not answered in time."""
    query = stored_query(current.body)
    if not _is_waiting(query) or query.answer_by is None or now < query.answer_by:
        return _arm(unit, query)
    lapsed = replace(query, lapsed_at=query.answer_by)
    _write(unit, node, lapsed, EntryKind.QUERY_LAPSED, actor="")
    return None


def contradicted(view: View, query: Query) -> tuple[Contradicted, ...]:
    """What stands against a query's declarations, with what was said on their ground."""
    kept = (view.declaration(Subject.NOTE, each) for each in query.notes)
    notes = [stored_note(each.body) for each in kept if each is not None]
    return tuple(
        Contradicted(each, consequences(view, query, each))
        for each in contradictions_of(query, notes)
    )


def consequences(view: View, query: Query, contradiction: Contradiction) -> tuple[Consequence, ...]:
    """Everything that names the declaration or its question, from the one moment to the other."""
    statement = contradiction.statement
    names = {statement.message, query.id, *query.messages}
    itself = {*names, "" if contradiction.note is None else contradiction.note.id}
    if contradiction.later is not None:
        itself.add(contradiction.later.message)
    every = (*_messages_naming(view, query.line, names), *_records_naming(view, names))
    between = [
        each
        for each in every
        if each.id not in itself and statement.at <= each.at <= contradiction.at
    ]
    return tuple(sorted(between, key=lambda each: (each.at, each.id)))


def _query_naming(view: View, messages: Sequence[str]) -> Query | None:
    wanted = [each for each in messages if each]
    for each in wanted:
        direct = view.declaration(Subject.QUERY, each)
        if direct is not None:
            return stored_query(direct.body)
    held = [stored_query(each.body) for each in view.declarations(Subject.QUERY) if wanted]
    return next((one for one in held if any(one.names(each) for each in wanted)), None)


def _messages_naming(view: View, line: str, names: set[str]) -> Iterator[Consequence]:
    cursor = ""
    while True:
        page = view.messages(MessageQuery(line=line), cursor=cursor, limit=_PAGE)
        for stored in page.items:
            if any(name.encode() in stored.content for name in names):
                told = json.loads(stored.content)
                at = moment(told["originated_at"])
                yield Consequence(Subject.MESSAGE, stored.id, at, told["from"], stored.code)
        cursor = page.following
        if not cursor:
            return


def _records_naming(view: View, names: set[str]) -> Iterator[Consequence]:
    for subject in _RELYING:
        for each in view.declarations(subject):
            if any(name.encode() in each.body for name in names):
                told = json.loads(each.body)
                text = next((told[name] for name in _MOMENTS if told.get(name)), None)
                if text is not None and told.get("message") not in names:
                    yield Consequence(subject, each.id, moment(text), each.party)


def _is_waiting(query: Query) -> bool:
    return query.state is QueryState.OPEN


def _write(unit: Unit, node: Node, query: Query, kind: EntryKind, *, actor: str) -> None:
    content = content_of(Subject.QUERY, query.id, node.identity.party, query)
    write(unit, node, content, kind, actor=actor)
    _arm(unit, query)


def _arm(unit: Unit, query: Query) -> None:
    is_armed = _is_waiting(query) and query.answer_by is not None
    due = [(DEADLINE, query.answer_by)] if is_armed and query.answer_by is not None else []
    unit.put_deadlines(Subject.QUERY, query.id, due)
