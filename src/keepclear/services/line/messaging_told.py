"""What an M25 of the other side does to a message: one act, judged by this node.

An act that comes before its message is kept and counts when the message is there, and so is
a FLASH that supersedes what it overtook; an act that comes after the end is kept and marked
late. The sender's own node judges every readback.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.contact.catalogue.checking import LONGEST_ROLE
from keepclear.contact.life import advance
from keepclear.contact.readback import compare
from keepclear.errors import InvalidInput, InvalidMessage
from keepclear.formats.documents.fields import moment
from keepclear.formats.documents.message import message_document, message_from
from keepclear.formats.times import iso_text
from keepclear.ledger.entries import EntryKind
from keepclear.model.message import message_id
from keepclear.model.message_life import Act, ActKind, AnswerWord, MessageSide, Units
from keepclear.model.node import Subject
from keepclear.ports.line_store import Declaration
from keepclear.ports.store import Unit
from keepclear.services.line.messaging_acting import differences_words
from keepclear.services.line.messaging_held import Entered, Held, find, keep_step
from keepclear.services.line.taken import Taken
from keepclear.services.node import Node
from keepclear.services.paper.settling import meant_by
from keepclear.services.recording import record

MOST_HELD = 500
"""So many acts are kept for one message that has not come."""
_ACTS: Mapping[str, ActKind] = {
    "acknowledge": ActKind.ACKNOWLEDGE,
    "readback": ActKind.READBACK,
    "correction": ActKind.CORRECTION,
    "answer": ActKind.ANSWER,
    "consider": ActKind.CONSIDER,
    "passed to units": ActKind.PASSED_TO_UNITS,
    "cannot comply": ActKind.CANNOT_COMPLY,
    "cancel": ActKind.CANCEL,
    "withdraw": ActKind.WITHDRAW,
}


def take_act(unit: Unit, node: Node, taken: Taken) -> None:
    """Take an act on a message in (M25); one that comes before its message is kept for it.

    Raises:
        InvalidMessage: it names no message, or one of another line.
    """
    told = taken.message
    if told.fields.get("kind") == "gap request":
        note_unapplied(unit, node, taken, "gaps are told and filled by receipts")
        return
    ref = meant_by(unit, taken.line, message_id(told.fields.get("ref", "")))
    about = find(unit, ref)
    if about is None:
        if not hold(unit, node, ref, taken):
            raise InvalidMessage(f"ref: too many acts wait for message {ref}")
    elif about.stored.line != taken.line.id:
        raise InvalidMessage(f"ref: message {ref} is of another line")
    else:
        _apply(unit, node, about, taken)


def hold(unit: Unit, node: Node, ref: str, taken: Taken) -> bool:
    """Keep what speaks of something that has not come; whether there was room for it.

    Args:
        unit, node: where it is kept.
        ref: the id of the message, or of the operation, that it speaks of.
        taken: what came.
    """
    told = taken.message
    if len(_waiting(unit, ref, told.sender)) >= MOST_HELD:
        return False
    entry = note_unapplied(unit, node, taken, f"{ref}, of which it speaks, is not here yet")
    held_id, body = f"{ref}/{told.id}", canonical_bytes(_body(taken))
    act = Declaration(Subject.MESSAGE, held_id, told.sender, 1, True, body, entry)
    unit.put_declaration(act, action="held", at=taken.received_at)
    return True


def supersede(unit: Unit, node: Node, old: Held, taken: Taken) -> Held:
    """Have the message that came take the place of one before; that one as it is then."""
    if old.stored.outgoing or old.stored.line != taken.line.id:
        return old
    told = taken.message
    act = Act(
        told.id,
        ActKind.SUPERSEDE,
        MessageSide.SENDER,
        told.from_role,
        told.sender,
        their_at=taken.at_theirs,
        successor=told.id,
    )
    step = advance(old.life, act, taken.received_at)
    if step.life is old.life:
        return old
    entered = Entered(EntryKind.MESSAGE_ACTED, {"superseded_by": told.id})
    return keep_step(
        unit, node, old, step.life, entered, now=taken.received_at, effects=step.effects
    )


def held_for(unit: Unit, ref: str, taken: Taken) -> Iterator[Taken]:
    """What the sender said of something before it came, as it came; each is given back once."""
    for each in _waiting(unit, ref, taken.message.sender):
        body = msgspec.json.decode(each.body)
        done = each._replace(live=False, version=each.version + 1)
        unit.put_declaration(done, action="applied", at=taken.received_at)
        yield replace(
            taken,
            message=message_from(body["message"]),
            at_theirs=moment(body["their_at"]),
            envelope_hash=bytes.fromhex(body["hash"]),
        )


def with_held_acts(unit: Unit, node: Node, kept: Held, taken: Taken) -> Held:
    """Have what came before its message count: acts, and what supersedes it."""
    for early in held_for(unit, kept.stored.id, taken):
        if early.message.code == "M25":
            kept = _apply(unit, node, kept, early)
        elif early.message.supersedes == kept.stored.id:
            kept = supersede(unit, node, kept, early)
    return kept


def note_unapplied(unit: Unit, node: Node, taken: Taken, why: str) -> int:
    """Keep in the ledger what came and counts for nothing now; the entry's number."""
    told, at = taken.message, taken.received_at
    about = (Subject.MESSAGE, told.id, told.version)
    kind = EntryKind.MESSAGE_ACT_HELD
    body = _body(taken)
    return unit.append(record(node.identity, kind, about, body, at=at, actor=told.sender, note=why))


def _apply(unit: Unit, node: Node, about: Held, taken: Taken) -> Held:
    told, now = taken.message, taken.received_at
    act = _act_of(about, taken)
    if act is None:
        note_unapplied(unit, node, taken, "this keepclear knows no such act")
        return about
    if about.life.has_seen(act.id):
        return about
    step = advance(about.life, act, now)
    body: dict[str, JsonValue] = {
        "act": told.id,
        "said": dict(told.fields),
        "their_at": iso_text(taken.at_theirs),
    }
    entered = Entered(EntryKind.MESSAGE_ACTED, body, told.sender, act.reason)
    return keep_step(unit, node, about, step.life, entered, now=now, effects=step.effects)


def _waiting(unit: Unit, ref: str, party: str) -> Sequence[Declaration]:
    found = unit.declarations_of(Subject.MESSAGE, party, after=f"{ref}/", limit=MOST_HELD)
    return [each for each in found if each.live and each.id.startswith(f"{ref}/")]


def _body(taken: Taken) -> dict[str, JsonValue]:
    return {
        "message": message_document(taken.message),
        "hash": taken.envelope_hash.hex(),
        "their_at": iso_text(taken.at_theirs),
    }


def _act_of(about: Held, taken: Taken) -> Act | None:
    """The act that an M25 is; None for a kind this keepclear does not know."""
    told, fields = taken.message, taken.message.fields
    kind = _ACTS.get(str(fields.get("kind")))
    if kind is None:
        return None
    if kind is ActKind.ACKNOWLEDGE and fields.get("of") == "cancellation":
        kind = ActKind.ACKNOWLEDGE_CANCELLATION
    text = str(fields.get("text", ""))
    matches = False
    if kind is ActKind.READBACK:
        heard = fields.get("heard")
        said = compare(
            about.message.code,
            about.message.fields,
            heard if isinstance(heard, Mapping) else {},
            taken.received_at,
        )
        matches, text = said.matches, differences_words(said) or text
    other = MessageSide.RECEIVER if about.life.side is MessageSide.SENDER else MessageSide.SENDER
    return Act(
        told.id,
        kind,
        other,
        str(fields.get("role", told.from_role))[:LONGEST_ROLE],
        told.sender,
        text,
        taken.at_theirs,
        matches=matches,
        answer=_word(AnswerWord, fields.get("answer")) or _full(kind),
        until=_moment(fields.get("until")),
        units=_word(Units, fields.get("units")),
    )


def _full(kind: ActKind) -> AnswerWord | None:
    """An answer that does not say how far it goes is one."""
    return AnswerWord.ANSWERED if kind is ActKind.ANSWER else None


def _word(kind: type[Any], given: object) -> Any:
    try:
        return kind(given)
    except ValueError:
        return None


def _moment(given: object) -> datetime | None:
    try:
        return moment(given) if isinstance(given, str) else None
    except InvalidInput:
        return None
