"""Take in messages that came over the line. Nothing is ever dropped, nothing is new twice.

What speaks against a message is told beside it; a person reads it in any case.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.contact.catalogue import CATALOGUE
from keepclear.contact.catalogue.answering import answers_of
from keepclear.contact.catalogue.checking import check_fields, check_header
from keepclear.contact.catalogue.terms import terms_of
from keepclear.contact.life import advance, received
from keepclear.errors import InvalidMessage, ModeMismatch
from keepclear.formats.documents.life import life_bytes
from keepclear.formats.documents.message import message_document
from keepclear.formats.times import iso_text
from keepclear.ledger.entries import EntryKind
from keepclear.model.message import Message
from keepclear.model.message_life import Act, ActKind, Life, MessageSide
from keepclear.ports.line_store import StoredMessage
from keepclear.ports.store import Unit
from keepclear.services.line.messaging_drafting import agreed_clocks
from keepclear.services.line.messaging_held import Entered, Held, find, keep_step
from keepclear.services.line.messaging_told import (
    hold,
    note_unapplied,
    supersede,
    with_held_acts,
)
from keepclear.services.line.taken import Taken
from keepclear.services.node import Node
from keepclear.services.units.tellings import begin as begin_telling


def require_ours(node: Node, taken: Taken) -> None:
    """Refuse a message that speaks of another line, other parties or another mode.

    Raises:
        InvalidMessage: it is not of this line.
        ModeMismatch: it is of the other mode.
    """
    message, line = taken.message, taken.line
    if (message.line, message.sender, message.recipient) != (line.id, line.them, line.us):
        raise InvalidMessage(
            f"the message is of {message.sender} to {message.recipient} on {message.line}, "
            f"and came over {line.id}"
        )
    if message.mode is not node.identity.mode:
        raise ModeMismatch(f"the message is {message.mode}, the node is {node.identity.mode}")


def take_message(unit: Unit, node: Node, taken: Taken) -> Held:
    """Take a message in; one that is here already stays as it is.

    What its type says against its fields is noted beside it, never a reason to lose it: the
    other side may run a newer keepclear, and a person reads it in any case.
    """
    message, now = taken.message, taken.received_at
    if (known := find(unit, message.id)) is not None:
        return _again(unit, node, known, message, taken)
    terms = terms_of(message, agreed_clocks(unit, taken.line, now))
    doubts = _doubts(node, message, taken)
    step = received(terms, now, their_at=taken.at_theirs, doubts=doubts)
    body: dict[str, JsonValue] = {
        "message": message_document(message),
        "epoch": taken.epoch,
        "serial": taken.serial,
        "hash": taken.envelope_hash.hex(),
        "their_at": iso_text(taken.at_theirs),
        "doubts": list(doubts),
    }
    entered = Entered(EntryKind.MESSAGE_RECEIVED, body, message.sender)
    fresh = Held(_unstored(message, step.life, taken), message, _unbegun(step.life))
    kept = keep_step(unit, node, fresh, step.life, entered, now=now, effects=step.effects)
    begin_telling(unit, node, message, terms)
    _supersede(unit, node, taken)
    _answer(unit, node, kept, taken)
    return with_held_acts(unit, node, kept, taken)


def delivered(unit: Unit, node: Node, ids: Sequence[str], at: datetime) -> None:
    """Keep that the other node has these messages of ours; acts among them have no life."""
    for known_id in ids:
        about = find(unit, known_id)
        if about is None or not about.stored.outgoing:
            continue
        act = Act(f"{known_id}/delivered", ActKind.DELIVER, MessageSide.RECEIVER)
        step = advance(about.life, act, at)
        if step.life is not about.life:
            entered = Entered(EntryKind.MESSAGE_DELIVERED, {})
            keep_step(unit, node, about, step.life, entered, now=at, effects=step.effects)


def _supersede(unit: Unit, node: Node, taken: Taken) -> None:
    """Have what it supersedes be over; a FLASH may come before what it supersedes."""
    ref = taken.message.supersedes
    old = find(unit, ref) if ref else None
    if old is not None:
        supersede(unit, node, old, taken)
    elif ref:
        hold(unit, node, ref, taken)


def _answer(unit: Unit, node: Node, kept: Held, taken: Taken) -> None:
    answers = answers_of(kept.message)
    for ref in answers.refs if answers is not None else ():
        asked = find(unit, ref)
        if answers is None or asked is None or not _is_asked_there(asked, kept):
            continue
        act = Act(
            kept.stored.id,
            ActKind.ANSWER,
            MessageSide.RECEIVER,
            kept.message.from_role,
            kept.message.sender,
            answers.words,
            taken.at_theirs,
            answer=answers.how_far,
        )
        step = advance(asked.life, act, taken.received_at)
        if step.life is asked.life:
            continue  # it names the same question twice
        entered = Entered(EntryKind.MESSAGE_ACTED, {"answered_by": kept.stored.id})
        keep_step(
            unit, node, asked, step.life, entered, now=taken.received_at, effects=step.effects
        )


def _is_asked_there(asked: Held, kept: Held) -> bool:
    """Whether it is a question of ours on the line that the answer came over."""
    return asked.stored.outgoing and asked.stored.line == kept.stored.line


def _again(unit: Unit, node: Node, known: Held, message: Message, taken: Taken) -> Held:
    """A message that is here already: never new a second time; noted where it says otherwise."""
    same = canonical_bytes(message_document(message)) == known.stored.content
    if not same:
        note_unapplied(unit, node, taken, "another message of the same id came; the first stands")
    return known


def _doubts(node: Node, message: Message, taken: Taken) -> tuple[str, ...]:
    """What a person must know who reads it."""
    found = [taken.copy] if taken.copy else []
    if taken.clock_doubtful:
        found.append("clock doubtful")
    if taken.agreement_differs:
        found.append("agreement differs")
    if message.code not in CATALOGUE:
        found.append(f"{message.code:.20} is not in this node's catalogue")
    problems = (
        *check_header(message, node.identity.mode, taken.received_at),
        *check_fields(message.code, message.fields, taken.received_at),
    )
    found += [f"{each.place}: {each.text}" for each in problems[:20]]
    return tuple(found)


def _unbegun(life: Life) -> Life:
    return Life(life.side, life.terms)


def _unstored(message: Message, life: Life, taken: Taken) -> StoredMessage:
    return StoredMessage(
        number=0,
        id=message.id,
        line=message.line,
        outgoing=False,
        code=message.code,
        precedence=message.precedence.value,
        state=life.state.value,
        is_open=life.is_open,
        epoch=taken.epoch,
        serial=taken.serial,
        version=0,
        content=b"",
        life=life_bytes(life),
        at=taken.received_at,
        entry=None,
    )
