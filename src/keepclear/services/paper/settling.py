"""Hold the copies that came as text against the signed envelope once it comes.

The envelope has the word. What differs is DISPUTED and asks for a person; it is no tampering,
for that needs two signatures. What was done on the ground of the copy counts for the message.

Imported by `services/line/taking`, so nothing here may import that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from keepclear.canonical import JsonValue
from keepclear.contact.catalogue.terms import terms_of
from keepclear.contact.comparing_texts import compared
from keepclear.contact.life import advance
from keepclear.contact.text_names import place_of_name
from keepclear.formats.documents.message import message_document, message_from
from keepclear.ledger.entries import EntryKind
from keepclear.model.line import Line
from keepclear.model.message_life import Act, ActKind, Life, MessageSide, Transition
from keepclear.model.node import Subject
from keepclear.model.text_copy import CopyDifference, TextCopy
from keepclear.ports.store import Unit, View
from keepclear.services.line.messaging_drafting import agreed_clocks
from keepclear.services.line.messaging_held import Entered, Held, find, keep_step
from keepclear.services.line.taken import Taken
from keepclear.services.node import Node
from keepclear.services.paper.copies_kept import copies_at, copy_of, keep_copy

_COPY: Final = "TEXT COPY"
SIGNED: Final = "signed message came"


def meant_by(view: View, line: Line, ref: str) -> str:
    """The id of our message that a name of its place means; any other id as it is."""
    place = place_of_name(line.id, line.us, ref)
    if place is None:
        return ref
    found = view.envelope(line.id, outgoing=True, epoch=place.epoch, serial=place.serial)
    return ref if found is None else found.message


def replace_copy(unit: Unit, node: Node, taken: Taken) -> bool:
    """Put the signed message in the place of a copy that was acted on under the same id.

    Returns:
        Whether there was one; the message is then taken.
    """
    if taken.copy:
        return False
    mine = [each for each in _copies(unit, taken) if each.acted_at is not None]
    known = find(unit, taken.message.id)
    if known is None or not any(each.message == taken.message.id for each in mine):
        return False
    differences = compared(known.message, taken.message)
    _sign(unit, node, known, taken, differences)
    return True


def settle_copies(unit: Unit, node: Node, taken: Taken) -> None:
    """Compare every copy of a message that came signed, and carry over what was done on it."""
    if taken.copy:
        return
    for copy in _copies(unit, taken):
        if copy.envelope:
            continue
        differences = compared(message_from(dict(copy.document)), taken.message)
        told = replace(
            copy,
            envelope=taken.envelope_hash.hex(),
            compared_at=taken.received_at,
            differences=differences,
        )
        kind = EntryKind.TEXT_DISPUTED if differences else EntryKind.TEXT_COMPARED
        keep_copy(unit, node, told, kind, actor=taken.message.sender)
        if copy.acted_at is not None and copy.message != taken.message.id:
            _carry_over(unit, node, copy, taken, differences)


def _copies(view: View, taken: Taken) -> Sequence[TextCopy]:
    return copies_at(view, taken.line.id, taken.message.sender, taken.epoch, taken.serial)


def _sign(
    unit: Unit, node: Node, known: Held, taken: Taken, differences: Sequence[CopyDifference]
) -> None:
    now, message = taken.received_at, taken.message
    doubts = tuple(each for each in known.life.doubts if not each.startswith(_COPY))
    step = Transition(now, SIGNED, known.life.state, their_at=taken.at_theirs)
    life = replace(
        known.life,
        terms=terms_of(message, agreed_clocks(unit, taken.line, now)),
        doubts=(*doubts, *_disputed(differences)),
        history=(*known.life.history, step),
    )
    before = Held(known.stored, message, known.life)
    entered = Entered(EntryKind.MESSAGE_RECEIVED, _body(taken), message.sender)
    keep_step(unit, node, before, life, entered, now=now)


def _carry_over(
    unit: Unit,
    node: Node,
    copy: TextCopy,
    taken: Taken,
    differences: Sequence[CopyDifference],
) -> None:
    """Have what was done to the copy count for the message, and end the copy's own life."""
    held, kept = find(unit, copy.message), find(unit, taken.message.id)
    now = taken.received_at
    if held is None or kept is None:
        return
    life = replace(kept.life, doubts=(*kept.life.doubts, *_disputed(differences)))
    for act in _acts(held.life, copy.message):
        step = advance(life, act, now, is_checked=False)
        life = step.life
    if len(life.history) > len(kept.life.history):
        entered = Entered(EntryKind.MESSAGE_ACTED, {"carried_over_from": copy.message})
        keep_step(unit, node, kept, life, entered, now=now)
    over = Act(
        f"{taken.message.id}/signed",
        ActKind.SUPERSEDE,
        MessageSide.SENDER,
        their_at=taken.at_theirs,
        successor=taken.message.id,
    )
    step = advance(held.life, over, now)
    if step.life is not held.life:
        entered = Entered(EntryKind.MESSAGE_ACTED, {"superseded_by": taken.message.id})
        keep_step(unit, node, held, step.life, entered, now=now, effects=step.effects)


def _acts(life: Life, name: str) -> Iterator[Act]:
    """What was proved of a copy, as acts that are idempotent by their ids."""
    side = MessageSide.RECEIVER
    if life.acknowledged_at is not None:
        yield Act(f"{name}/acknowledged", ActKind.ACKNOWLEDGE, side, life.acknowledged_by)
    if life.read_back_at is not None:
        yield Act(f"{name}/read back", ActKind.READBACK, side, matches=True)
    if life.answer is not None:
        yield Act(f"{name}/answered", ActKind.ANSWER, side, answer=life.answer)


def _disputed(differences: Sequence[CopyDifference]) -> tuple[str, ...]:
    return tuple(
        f"the text copy differs: {each.label}: copied {each.copied}, signed {each.sent}"
        for each in differences
    )


def _body(taken: Taken) -> dict[str, JsonValue]:
    return {
        "message": message_document(taken.message),
        "epoch": taken.epoch,
        "serial": taken.serial,
        "hash": taken.envelope_hash.hex(),
        "their_at": taken.at_theirs.isoformat(),
        "doubts": [],
    }


def see_copy(unit: Unit, node: Node, copy_id: str) -> TextCopy:
    """Keep that a person saw a copy: it asks for nobody any more, and stays in the lists.

    Raises:
        NotFound: there is no such copy.
    """
    copy = copy_of(unit, copy_id)
    current = unit.declaration(Subject.TEXT, copy_id)
    if current is not None and current.live:
        unit.put_declaration(current._replace(live=False), action="seen", at=node.now())
    return copy
