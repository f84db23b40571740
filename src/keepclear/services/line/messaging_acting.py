"""Act on a message: acknowledge it, read it back, answer it, say that units were told, end it.

Each act is a proof of its own. What the other side must learn goes out as an M25 in the same
unit of work, so that neither is ever there without the other.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from keepclear.canonical import JsonValue
from keepclear.contact.catalogue.checking import canonical_fields
from keepclear.contact.life import EffectKind, advance, allowed
from keepclear.contact.readback import Readback, compare, fields_read_back
from keepclear.errors import InvalidMessage, StateForbids
from keepclear.formats.times import iso_text
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.message import Message, message_id
from keepclear.model.message_life import Act, ActKind, AnswerWord, MessageSide, Units
from keepclear.model.operation import Precedence
from keepclear.ports.store import Unit
from keepclear.services.line.messaging_held import Entered, Held, held, keep_step
from keepclear.services.line.pairing import line_of
from keepclear.services.line.posting import post
from keepclear.services.line.watch_roles import role_on_watch
from keepclear.services.node import Node
from keepclear.services.units.saying import word_of_units

LONGEST_WORDS = 2_000
_UNITS = uuid.UUID("2c1f2a0e-6a55-4d25-9d59-1b1c7b5b8f10")
"""Names what is told of a message's units."""

WORDS: Mapping[str, ActKind] = {
    "acknowledge": ActKind.ACKNOWLEDGE,
    "acknowledge cancellation": ActKind.ACKNOWLEDGE_CANCELLATION,
    "readback": ActKind.READBACK,
    "correct": ActKind.CORRECTION,
    "answer": ActKind.ANSWER,
    "consider": ActKind.CONSIDER,
    "pass to units": ActKind.PASSED_TO_UNITS,
    "cannot comply": ActKind.CANNOT_COMPLY,
    "cancel": ActKind.CANCEL,
    "withdraw": ActKind.WITHDRAW,
    "silence": ActKind.SILENCE,
}
"""What people call what they do; releasing stands by itself. That a message was passed to units
is known here to be refused: it follows from what the units said."""


@dataclass(frozen=True, slots=True)
class Acting:
    """What somebody does to a message.

    Attributes:
        kind: what.
        role: as what they are on duty.
        actor: how they call themselves.
        text: in their words.
        heard: of a readback, what was heard, field by field.
        answer: of an answer, how far it goes.
        until: of a consideration, until when.
        units: of units, what became of it.
    """

    kind: ActKind
    role: str
    actor: str = ""
    text: str = ""
    heard: Mapping[str, Any] = field(default_factory=dict)
    answer: AnswerWord | None = None
    until: datetime | None = None
    units: Units | None = None


def act_on(node: Node, known_id: str, act_id: str, acting: Acting) -> Held:
    """Do something to a message; the same act a second time changes nothing.

    Raises:
        NotFound: there is no such message.
        StateForbids: its state does not allow it; the remedy names what it allows.
        InvalidMessage: the act lacks something, or what it says cannot be.
        NotPermitted: no role on watch is called that.
    """
    if len(acting.text) > LONGEST_WORDS:
        raise InvalidMessage(f"text: more than {LONGEST_WORDS:,} characters")
    if acting.kind is ActKind.PASSED_TO_UNITS:
        raise StateForbids(
            "whether it was passed to units follows from what the units said",
            remedy="Put each unit's word on record: PUT /api/v1/messages/{id}/units/{unit}/...",
        )

    def work(unit: Unit) -> Held:
        before = held(unit, message_id(known_id))
        if before.life.has_seen(act_id):
            return before
        acted = _acted(unit, node, before, message_id(act_id), acting)
        return pass_to_units(unit, node, acted, role=acting.role, actor=acting.actor)

    kept = node.store.write(work)
    node.ring()
    return kept


def pass_to_units(unit: Unit, node: Node, about: Held, *, role: str, actor: str = "") -> Held:
    """Tell the other side what own units said of its message, where that is decided and new."""
    said = word_of_units(unit, about.stored.id, about.life)
    if said is None or ActKind.PASSED_TO_UNITS not in allowed(about.life):
        return about
    act_id = str(uuid.uuid5(_UNITS, f"{about.stored.id}/{about.stored.version}/{said.units}"))
    kind = ActKind.PASSED_TO_UNITS
    return _acted(unit, node, about, act_id, Acting(kind, role, actor, said.text, units=said.units))


def silence(
    node: Node, known_id: str, role: str, *, level: int | None = None, actor: str = ""
) -> Held:
    """Silence the sound of a message until its next level; the alarm itself stays.

    Args:
        node: the node.
        known_id: which message.
        role: as what whoever silences it is on duty.
        level: up to which level it was heard; None for whatever it is at.
        actor: how they call themselves.

    Raises:
        NotFound: there is no such message.
        NotPermitted: no role on watch is called that.
        StateForbids: it makes no sound, or it went up a level that nobody has heard yet.
    """

    def work(unit: Unit) -> Held:
        before = held(unit, message_id(known_id))
        if level is not None and before.life.level > level:
            raise StateForbids(
                "the alarm went up a level meanwhile", remedy="Look at it again, then silence it."
            )
        if before.life.is_open and before.life.silenced_level >= before.life.level:
            return before
        now, named = node.now(), role_on_watch(unit, node, role)
        act_id = f"{before.stored.id}/silence/{before.stored.version}"
        act = Act(act_id, ActKind.SILENCE, before.life.side, named, actor)
        step = advance(before.life, act, now)
        entered = Entered(EntryKind.MESSAGE_ACTED, {}, actor)
        return keep_step(unit, node, before, step.life, entered, now=now)

    return node.store.write(work)


def preview(node: Node, known_id: str, heard: Mapping[str, Any]) -> Readback:
    """What a readback would come to, before it is sent.

    Raises:
        NotFound: there is no such message.
    """
    now = node.now()
    with node.store.view() as view:
        message = held(view, message_id(known_id)).message
    return compare(message.code, message.fields, heard, now)


def differences_document(readback: Readback) -> dict[str, JsonValue]:
    """What differs, by field, as it was sent; empty where nothing does."""
    return {each.key: each.sent for each in readback.differences}


def differences_words(readback: Readback) -> str:
    """What differs, for the history."""
    return "; ".join(f"{each.label}: {each.reason}" for each in readback.differences)


def _acted(unit: Unit, node: Node, before: Held, act_id: str, acting: Acting) -> Held:
    now = node.now()
    role = role_on_watch(unit, node, acting.role)
    _require_sense(acting, now)
    readback = None
    if acting.kind is ActKind.READBACK:
        readback = compare(before.message.code, before.message.fields, acting.heard, now)
    reason = acting.text if readback is None else differences_words(readback) or acting.text
    act = Act(
        act_id,
        acting.kind,
        before.life.side,
        role,
        acting.actor,
        reason,
        matches=readback is not None and readback.matches,
        answer=acting.answer,
        until=acting.until,
        units=acting.units,
    )
    step = advance(before.life, act, now)
    fields = _fields(unit, before, acting, role, readback, now)
    body: dict[str, JsonValue] = {"act": act_id, "said": fields}
    if any(effect.kind is EffectKind.TELL for effect in step.effects):
        told = _told(node, before, act_id, role, fields, now)
        posted = post(unit, node, line_of(unit, before.stored.line), told)
        body |= {"epoch": posted.epoch, "serial": posted.serial}
    entered = Entered(EntryKind.MESSAGE_ACTED, body, acting.actor, acting.text)
    return keep_step(unit, node, before, step.life, entered, now=now, effects=step.effects)


def _require_sense(acting: Acting, now: datetime) -> None:
    if acting.kind is ActKind.CONSIDER and acting.until is not None and acting.until <= now:
        raise InvalidMessage("until: it is past", remedy="Say by when the answer comes.")
    if acting.kind is ActKind.PASSED_TO_UNITS and acting.units not in (
        Units.CONFIRMED,
        Units.CANNOT,
        Units.NONE,
    ):
        raise InvalidMessage("units: missing", remedy="Write confirmed, cannot, or none.")


def _told(
    node: Node,
    about: Held,
    act_id: str,
    role: str,
    fields: Mapping[str, JsonValue],
    now: datetime,
) -> Message:
    """The M25 that tells the other side; its id is the act's."""
    ours, theirs = about.message.recipient, about.message.sender
    if about.life.side is MessageSide.SENDER:
        ours, theirs = theirs, ours
    return Message(
        id=act_id,
        code="M25",
        version=1,
        line=about.message.line,
        sender=ours,
        recipient=theirs,
        from_role=role,
        to_role=_their_role(about),
        mode=node.identity.mode,
        precedence=Precedence(about.message.precedence),
        originated_at=to_millisecond(now),
        fields=fields,
        no_duff=about.message.no_duff,
        refs=(about.message.id,),
    )


def _their_role(about: Held) -> str:
    is_ours = about.life.side is MessageSide.SENDER
    return about.message.to_role if is_ours else about.message.from_role


def _fields(
    unit: Unit,
    about: Held,
    acting: Acting,
    role: str,
    readback: Readback | None,
    now: datetime,
) -> dict[str, JsonValue]:
    carried = unit.envelope_of(about.message.id, outgoing=about.stored.outgoing)
    is_cancellation = acting.kind is ActKind.ACKNOWLEDGE_CANCELLATION
    kind = ActKind.ACKNOWLEDGE if is_cancellation else acting.kind
    found: dict[str, JsonValue] = {"kind": kind.value, "ref": about.message.id, "role": role}
    if carried is not None:
        found["ref_hash"] = carried.hash.hex()
    if kind is ActKind.ACKNOWLEDGE:
        found["of"] = "cancellation" if is_cancellation else "message"
    if readback is not None:
        found["heard"] = canonical_fields(about.message.code, acting.heard, now)
        found["differences"] = differences_document(readback)
        found["verdict"] = "match" if readback.matches else "mismatch"
    if acting.kind is ActKind.CORRECTION:
        message = about.message
        again = fields_read_back(message.code, message.fields)
        found["differences"] = {each.key: message.fields[each.key] for each in again}
    if acting.answer is not None and acting.kind is ActKind.ANSWER:
        found["answer"] = acting.answer.value
    if acting.units is not None and acting.kind is ActKind.PASSED_TO_UNITS:
        found["units"] = acting.units.value
    if acting.until is not None and acting.kind is ActKind.CONSIDER:
        found["until"] = iso_text(acting.until)
    if acting.text:
        found["text"] = acting.text
    return found
