"""Keep what M14, M15 and M09 say as records, under the name of who sent them.

What cannot be read is no reason to lose a message: it stays as a message, and a person reads it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from keepclear.canonical import JsonValue
from keepclear.errors import InvalidInput, InvalidMessage
from keepclear.formats.documents.movement import movement_told
from keepclear.formats.documents.site import site_told
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.humanitarian import Movement, RecordSource, Released
from keepclear.model.message import Message
from keepclear.model.node import Subject
from keepclear.model.site import Site
from keepclear.ports.store import Unit
from keepclear.services.humanitarian.entries import (
    movement_content,
    movement_of_message,
    site_content,
    site_of_message,
)
from keepclear.services.humanitarian.expiring import arm_entry
from keepclear.services.humanitarian.warning import raise_warning
from keepclear.services.line.keeping import write
from keepclear.services.node import Node
from keepclear.services.recording import record

Entry = TypeVar("Entry", Movement, Site)

_UNREADABLE = (InvalidInput, KeyError, TypeError, ValueError)


def take_movement(unit: Unit, node: Node, message: Message) -> None:
    """Keep the movement that an M14 tells of; the one it supersedes is the same movement."""
    if movement_of_message(unit, message.id) is not None:
        return
    before = movement_of_message(unit, message.supersedes) if message.supersedes else None
    try:
        told = movement_told(message, message.id if before is None else before.id)
    except _UNREADABLE as error:
        _unusable(unit, node, message, error)
        return
    movement = _joined(told, before, message, node)
    write(unit, node, movement_content(movement), EntryKind.MOVEMENT_TAKEN, actor=message.sender)
    arm_entry(unit, Subject.MOVEMENT, movement, node.now())


def take_site(unit: Unit, node: Node, message: Message) -> None:
    """Keep the site that an M15 tells of.

    Raises:
        InvalidMessage: it is ours, and its list of release does not name who is told.
    """
    is_ours = message.sender == node.identity.party
    if is_ours and message.recipient not in message.fields.get("release_list", ()):
        raise InvalidMessage(
            f"release_list: {message.recipient} is not on it",
            remedy="A site is told to whom its list names, and to nobody else.",
        )
    if site_of_message(unit, message.id) is not None:
        return
    before = site_of_message(unit, message.supersedes) if message.supersedes else None
    try:
        told = site_told(message, message.id if before is None else before.id)
    except _UNREADABLE as error:
        _unusable(unit, node, message, error)
        return
    site = _joined(told, before, message, node)
    write(unit, node, site_content(site), EntryKind.SITE_TAKEN, actor=message.sender)
    arm_entry(unit, Subject.SITE, site, node.now())


def take_hazard(unit: Unit, node: Node, message: Message) -> None:
    """Have an M09 about a movement of ours passed on to that movement."""
    if message.sender == node.identity.party:
        return
    for ref in message.refs:
        movement = movement_of_message(unit, ref)
        if movement is not None and movement.party == node.identity.party:
            notice = unit.message(ref)
            asked = str(message.fields.get("requested_action", ""))
            why = f"{message.sender} warns: {asked}".rstrip(": ")
            if notice is not None:
                raise_warning(unit, node, ref, why, key=message.id)


def _joined(told: Entry, before: Entry | None, message: Message, node: Node) -> Entry:
    """What came, with what this node knew of it; ours is told already by this message."""
    if message.sender != node.identity.party:
        kept = () if before is None else before.assurances
        return replace(told, assurances=kept)
    release = Released(
        line=message.line,
        party=message.recipient,
        message=message.id,
        at=to_millisecond(node.now()),
        role=message.from_role,
        actor="",
        second="",
        version=message.version,
    )
    earlier: tuple[Released, ...] = () if before is None else before.releases
    named: tuple[str, ...] = () if before is None else before.recipients
    return replace(
        told,
        message="",
        source=RecordSource.FORM,
        recipients=tuple(dict.fromkeys((*named, message.recipient))),
        releases=(*earlier, release),
        assurances=() if before is None else before.assurances,
    )


def _unusable(unit: Unit, node: Node, message: Message, error: Exception) -> None:
    about = (Subject.MESSAGE, message.id, message.version)
    body: dict[str, JsonValue] = {
        "code": message.code,
        "detail": str(error)[:500],
        "kind": type(error).__name__,
    }
    kind = EntryKind.MESSAGE_UNUSABLE
    unit.append(record(node.identity, kind, about, body, at=node.now()))
