"""A message as this node holds it, and how a step of its life is kept: whole, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.contact.catalogue import CATALOGUE
from keepclear.contact.life import Effect
from keepclear.errors import NotFound
from keepclear.formats.documents.life import life_bytes, stored_life
from keepclear.formats.documents.message import message_document, stored_message
from keepclear.formats.times import iso_text
from keepclear.ledger.entries import EntryKind
from keepclear.model.message import Message
from keepclear.model.message_life import Life, State, Transition
from keepclear.model.node import Subject
from keepclear.model.operation import Precedence
from keepclear.ports.line_store import StoredMessage
from keepclear.ports.store import Unit, View
from keepclear.services.humanitarian.warning import look_for_hazard
from keepclear.services.line.checking import look_again
from keepclear.services.line.querying import look_for_withdrawal
from keepclear.services.node import Node
from keepclear.services.recording import record

_URGENT = (Precedence.FLASH, Precedence.IMMEDIATE)
_MOST_SEARCHED = 10_000


class Held(NamedTuple):
    """A message with its life.

    Attributes:
        stored: as the store has it.
        message: what it says.
        life: what is proved of it, on this side.
    """

    stored: StoredMessage
    message: Message
    life: Life


class Entered(NamedTuple):
    """What a step's ledger entry says beside the step itself.

    Attributes:
        kind: what happened.
        body: more than the steps; the whole document when it was released or came.
        actor: who did it.
        note: why, in their words.
    """

    kind: EntryKind
    body: Mapping[str, JsonValue]
    actor: str = ""
    note: str = ""


def held(view: View, message_id: str) -> Held:
    """One message.

    Raises:
        NotFound: the node never held it.
    """
    found = find(view, message_id)
    if found is None:
        raise NotFound(f"there is no message {message_id}")
    return found


def find(view: View, message_id: str) -> Held | None:
    """One message; None where the node never held it."""
    stored = view.message(message_id)
    return None if stored is None else held_of(stored)


def held_of(stored: StoredMessage) -> Held:
    """A stored message, read."""
    return Held(stored, stored_message(stored.content), stored_life(stored.life))


def keep_step(
    unit: Unit,
    node: Node,
    before: Held,
    life: Life,
    entered: Entered,
    *,
    now: datetime,
    effects: tuple[Effect, ...] = (),
) -> Held:
    """Keep a step: the life, its clocks, and an entry in the ledger, in one unit of work."""
    version = before.stored.version + 1
    steps = life.history[len(before.life.history) :]
    body: dict[str, JsonValue] = {
        "line": before.stored.line,
        "code": before.stored.code,
        "steps": [step_document(each) for each in steps],
        "effects": [_effect_document(each) for each in effects],
        **entered.body,
    }
    about = (Subject.MESSAGE, before.stored.id, version)
    entry = unit.append(
        record(
            node.identity,
            entered.kind,
            about,
            body,
            at=now,
            actor=entered.actor,
            note=entered.note,
        )
    )
    kept = _put(unit, before, life, version=version, entry=entry, now=now, action=steps[-1].act)
    look_for_hazard(unit, node, before.message, before.life, life)
    look_for_withdrawal(unit, node, before.message, life.state)
    is_urgent = before.message.precedence in _URGENT
    if is_urgent and bool(before.life.overdue) is not bool(life.overdue):
        look_again(unit, node, before.stored.line, now)  # what is overdue degrades the line
    return kept


def keep_draft(unit: Unit, before: Held, *, now: datetime) -> Held:
    """Keep a draft: local, told to nobody, not in the ledger."""
    version = before.stored.version + 1
    return _put(unit, before, before.life, version=version, entry=None, now=now, action="drafted")


def keep_clocks(unit: Unit, message_id: str, life: Life) -> None:
    """Keep a life's clocks as the node's deadlines."""
    due = [(each.kind.value, each.due) for each in life.deadlines]
    unit.put_deadlines(Subject.MESSAGE, message_id, due)


def unstored(message: Message, life: Life, now: datetime) -> StoredMessage:
    """A message of ours that the store does not hold yet."""
    return StoredMessage(
        number=0,
        id=message.id,
        line=message.line,
        outgoing=True,
        code=message.code,
        precedence=message.precedence.value,
        state=State.DRAFTED.value,
        is_open=True,
        epoch=None,
        serial=None,
        version=0,
        content=b"",
        life=life_bytes(life),
        at=now,
        entry=None,
    )


def step_document(step: Transition) -> dict[str, JsonValue]:
    """One line of a history as plain values."""
    return {
        "at": iso_text(step.at),
        "act": step.act,
        "state": step.state.value,
        "id": step.act_id,
        "role": step.role,
        "actor": step.actor,
        "reason": step.reason,
        "their_at": None if step.their_at is None else iso_text(step.their_at),
        "late": step.late,
        "due": None if step.due is None else iso_text(step.due),
    }


def _effect_document(effect: Effect) -> dict[str, JsonValue]:
    return {
        "kind": effect.kind.value,
        "level": effect.level,
        "channel": effect.channel,
        "text": effect.text,
    }


def _put(
    unit: Unit,
    before: Held,
    life: Life,
    *,
    version: int,
    entry: int | None,
    now: datetime,
    action: str,
) -> Held:
    message = before.message
    stored = before.stored._replace(
        precedence=message.precedence.value,
        code=message.code,
        state=life.state.value,
        is_open=life.is_open,
        version=version,
        content=canonical_bytes(message_document(message)),
        life=life_bytes(life),
        at=now,
        entry=entry,
    )
    kept = unit.put_message(stored, action=action, searchable=_searchable(message))
    keep_clocks(unit, message.id, life)
    return Held(kept, message, life)


def _searchable(message: Message) -> str:
    name = CATALOGUE[message.code].name if message.code in CATALOGUE else ""
    words = [message.code, name, message.sender, message.recipient, message.remark]
    words += list(_words(message.fields))
    return "\n".join(filter(None, words))[:_MOST_SEARCHED]


def _words(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [word for each in value.values() for word in _words(each)]
    if isinstance(value, list | tuple):
        return [word for each in value for word in _words(each)]
    return []
