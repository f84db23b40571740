"""Enter a text line that came by voice, radio, mail or on paper: as a copy that nobody signed.

A FLASH warning or a stop-and-check is acted on at once and marked to be verified. Any other
waits until who sent it answered a challenge. What cannot be read is kept as evidence.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple

from keepclear.contact.catalogue import type_of
from keepclear.contact.comparing_texts import compared
from keepclear.contact.readback import position_phrase
from keepclear.contact.text_lines import TextLine, read_line
from keepclear.errors import InvalidInput, InvalidMessage, ModeMismatch, NotFound
from keepclear.formats.documents.envelope import envelope_of
from keepclear.formats.documents.message import message_document, message_from
from keepclear.formats.times import dtg_or_iso
from keepclear.ledger.entries import EntryKind
from keepclear.model.channel import channel_of
from keepclear.model.line import Line
from keepclear.model.message import Message, message_id
from keepclear.model.node import Subject
from keepclear.model.text_copy import AT_ONCE, TextCopy
from keepclear.ports.store import Unit, View
from keepclear.services.line.pairing import line_of
from keepclear.services.line.quarantine import STRANGER, Find, Reason, note
from keepclear.services.line.watch_roles import role_on_watch
from keepclear.services.node import Node
from keepclear.services.paper.acting import VERIFY, act_on_copy
from keepclear.services.paper.copies_kept import copies_at, copy_of, keep_copy

LONGEST_LANGUAGE: Final = 20
_BY_MACHINE: Final = frozenset({"M01", "M24", "M30", "M31", "M32", "M33"})
"""Checks by voice have a record of their own; the others are for machines alone."""
_OLD: Final = timedelta(days=1)
_AHEAD: Final = timedelta(minutes=5)


class Entering(NamedTuple):
    """How a text came.

    Attributes:
        by: by which channel.
        role: as what whoever enters it is on duty.
        actor: how they call themselves.
        language: in which language it was heard.
        source: what it stood in: the address and subject of a mail; empty for nothing.
    """

    by: str
    role: str
    actor: str = ""
    language: str = "en"
    source: str = ""


def enter_text(node: Node, copy_id: str, text: str, entering: Entering) -> TextCopy:
    """Enter a text line; the same under the same id changes nothing.

    Raises:
        InvalidMessage: it cannot be read, or is none of this line; it is kept as evidence.
        ModeMismatch: it is of the other mode; kept as evidence.
        NotFound: it names parties that this node has no line with; kept as evidence.
        NotPermitted: no role on watch is called that.
    """
    known_id = message_id(copy_id)
    channel_of(entering.by)
    if len(entering.language) > LONGEST_LANGUAGE:
        raise InvalidInput("language: too long", remedy="Write a code, as en or ru.")
    try:
        told = read_line(text)
        kept = node.store.write(lambda unit: _entered(unit, node, known_id, text, told, entering))
    except (InvalidInput, ModeMismatch, NotFound) as error:
        note_unreadable(node, text, f"{entering.by} {entering.source}: {error.message}")
        raise
    node.ring()
    return kept


def reading_of(node: Node, text: str) -> TextLine:
    """What a text line says, without entering it.

    Raises:
        InvalidInput: it cannot be read.
    """
    told = read_line(text)
    with node.store.view() as view:
        _require_ours(node, line_of(view, told.message.line), told.message)
    return told


def claims_against(node: Node, told: TextLine) -> tuple[str, ...]:
    """Where a line says that a position lies, and this node's places say otherwise."""
    found = []
    for claim in told.claims:
        here = position_phrase(claim.position, node.gazetteer.nearest(claim.position))
        if here and here.casefold() != claim.phrase.casefold():
            found.append(f"{claim.tag}: the text says {claim.phrase}, our places say {here}")
    return tuple(found)


def note_unreadable(node: Node, text: str, detail: str, *, source: str = STRANGER) -> None:
    """Keep as evidence what came as text and was not taken; a FLASH asks a person to look."""
    content = text.encode("utf-8", "replace")
    is_flash = " FLASH " in f" {text[:400].upper()} "
    find = Find(
        source=source,
        reason=Reason.UNREADABLE,
        detail=f"{'verify by voice: it says FLASH. ' if is_flash else ''}text, {detail}"[:1_000],
        content=content,
        hash=sha256(content).hexdigest(),
        alarm=is_flash,
    )

    def work(unit: Unit) -> None:
        note(unit, node, find)

    node.store.write(work)


def _entered(
    unit: Unit, node: Node, known_id: str, text: str, told: TextLine, entering: Entering
) -> TextCopy:
    before = unit.declaration(Subject.TEXT, known_id)
    if before is not None:
        same = copy_of(unit, known_id)
        if same.text == text:
            return same
        raise InvalidMessage(
            "another text was entered under this id", remedy="Enter it under an id of its own."
        )
    role = role_on_watch(unit, node, entering.role)
    message, now = told.message, node.now()
    _require_ours(node, line_of(unit, message.line), message)
    copy = TextCopy(
        id=known_id,
        line=message.line,
        sender=message.sender,
        epoch=told.place.epoch,
        serial=told.place.serial,
        message=message.id,
        text=text,
        document=message_document(message),
        by=entering.by,
        language=entering.language,
        role=role,
        entered_at=now,
        doubts=(*claims_against(node, told), *_doubts(unit, message, told, now)),
    )
    keep_copy(unit, node, copy, EntryKind.TEXT_ENTERED, actor=entering.actor, note=entering.source)
    came = _compared_at_once(unit, node, copy, entering.actor)
    if came is not None:
        return came
    if message.code in AT_ONCE and unit.message(message.id) is None:
        return act_on_copy(unit, node, copy, VERIFY, actor=entering.actor)
    return copy


def _require_ours(node: Node, line: Line, message: Message) -> None:
    if message.mode is not node.identity.mode:
        raise ModeMismatch(f"the text is {message.mode}, the node is {node.identity.mode}")
    if (message.sender, message.recipient) != (line.them, line.us):
        raise InvalidMessage(
            f"the text is from {message.sender} to {message.recipient}; entered is what "
            f"{line.them} says to {line.us}",
            remedy="Enter what the other party says; own messages are released.",
        )
    if type_of(message.code).code in _BY_MACHINE:
        raise InvalidMessage(
            f"{message.code} is not taken as text",
            remedy="Record a check by voice with `line check`; restoration needs both nodes.",
        )


def _doubts(view: View, message: Message, told: TextLine, now: datetime) -> tuple[str, ...]:
    found = []
    written = message.originated_at
    if written > now + _AHEAD or written < now - _OLD:
        found.append(f"written {dtg_or_iso(written)}, entered {dtg_or_iso(now)}")
    others = copies_at(view, message.line, message.sender, *told.place)
    if any(each.document != message_document(message) for each in others):
        found.append(f"another text of {told.place.epoch}/{told.place.serial} says otherwise")
    return tuple(found)


def _compared_at_once(unit: Unit, node: Node, copy: TextCopy, actor: str) -> TextCopy | None:
    """The copy beside its envelope, where that came before it; else None."""
    came = unit.envelope(copy.line, outgoing=False, epoch=copy.epoch, serial=copy.serial)
    if came is None:
        return None
    signed = message_from(dict(envelope_of(came.content).message))
    told = replace(
        copy,
        envelope=came.hash.hex(),
        compared_at=node.now(),
        differences=compared(message_from(copy.document), signed),
    )
    kind = EntryKind.TEXT_DISPUTED if told.differences else EntryKind.TEXT_COMPARED
    keep_copy(unit, node, told, kind, actor=actor)
    return told
