"""Tell one recipient of a movement or a site: by name, by two people, never by level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from keepclear.canonical import JsonValue
from keepclear.contact.catalogue import type_of
from keepclear.contact.life import allowed
from keepclear.errors import NotOurs, NotPermitted, StateForbids
from keepclear.formats.documents.movement import movement_fields, stored_movement
from keepclear.formats.documents.site import site_fields, stored_site
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.humanitarian import Movement, Released
from keepclear.model.line import Line
from keepclear.model.message import Message, Role
from keepclear.model.message_life import ActKind
from keepclear.model.node import Subject
from keepclear.model.site import Site
from keepclear.ports.store import Declaration, Unit
from keepclear.services.expected import require_expected
from keepclear.services.humanitarian.entries import movement_content, site_content
from keepclear.services.line.keeping import Content, found, write
from keepclear.services.line.messaging import Held, Releasing, find, send
from keepclear.services.line.pairing import line_of
from keepclear.services.node import Node


@dataclass(frozen=True, slots=True)
class Telling:
    """Who is told, and by whom.

    Attributes:
        line: on which line.
        role: of who releases it.
        second: who has read it with them; a different person.
        actor: how who releases it calls themselves.
        reason: in their words.
        version: of the entry, as both have read it; None where they do not say.
    """

    line: str
    role: str
    second: str
    actor: str = ""
    reason: str = ""
    version: int | None = None


def release_movement(node: Node, movement_id: str, message_id: str, telling: Telling) -> Held:
    """Tell one recipient of a movement, as it is kept now.

    Args:
        node: ours.
        movement_id: which movement.
        message_id: a UUID for the message; the same again changes nothing.
        telling: to whom, and by whom.

    Raises:
        NotFound: there is no such movement or line.
        NotOurs: another party notified it.
        NotPermitted: the recipient is not among those named, the role may not, or a second,
            different person is needed.
        StateForbids: the entry has expired.
        VersionMismatch: it is no longer what both have read.
        InvalidMessage: it cannot be told as it stands.
    """

    def work(unit: Unit) -> Held:
        current = found(unit, Subject.MOVEMENT, movement_id)
        movement = stored_movement(current.body)
        fields = movement_fields(movement)
        return _told(unit, node, movement, current, _Notice("M14", message_id, fields), telling)

    kept = node.store.write(work)
    node.ring()
    return kept


def release_site(node: Node, site_id: str, message_id: str, telling: Telling) -> Held:
    """Tell one recipient of a site, as it is kept now.

    Raises:
        NotFound: there is no such site or line.
        NotOurs: another party notified it.
        NotPermitted: the recipient is not among those named, the role may not, or a second,
            different person is needed.
        StateForbids: the entry has expired.
        VersionMismatch: it is no longer what both have read.
        InvalidMessage: it cannot be told as it stands.
    """

    def work(unit: Unit) -> Held:
        current = found(unit, Subject.SITE, site_id)
        site = stored_site(current.body)
        fields = site_fields(site, line_of(unit, telling.line).them)
        return _told(unit, node, site, current, _Notice("M15", message_id, fields), telling)

    kept = node.store.write(work)
    node.ring()
    return kept


@dataclass(frozen=True, slots=True)
class _Notice:
    code: str
    id: str
    fields: Mapping[str, JsonValue]


def _told(
    unit: Unit,
    node: Node,
    entry: Movement | Site,
    current: Declaration,
    notice: _Notice,
    telling: Telling,
) -> Held:
    before = find(unit, notice.id)
    if before is not None:
        return before
    if telling.version is not None:
        require_expected(telling.version, current.version, f"{current.subject} {current.id}")
    line = line_of(unit, telling.line)
    _require_may(node, entry, line)
    released = Released(
        line=line.id,
        party=line.them,
        message=notice.id,
        at=to_millisecond(node.now()),
        role=telling.role,
        actor=telling.actor,
        second=telling.second,
        version=current.version,
    )
    earlier = _earlier(unit, entry, line)
    content = _content(replace(entry, releases=(*entry.releases, released)))
    is_site = isinstance(entry, Site)
    kind = EntryKind.SITE_RELEASED if is_site else EntryKind.MOVEMENT_RELEASED
    write(unit, node, content, kind, actor=telling.actor, note=telling.reason)
    message = _message(node, line, notice, earlier)
    releasing = Releasing(notice.id, telling.role, telling.actor, telling.second, telling.reason)
    return send(unit, node, message, releasing)


def _require_may(node: Node, entry: Movement | Site, line: Line) -> None:
    if entry.party != node.identity.party:
        raise NotOurs(
            f"the entry is of {entry.party}", remedy="Only who notified it tells others of it."
        )
    if line.them not in entry.recipients:
        raise NotPermitted(
            f"recipients: {line.them} is not among them",
            remedy="Name the party in `recipients` first; nobody is told by level.",
        )
    if entry.expiry <= node.now():
        raise StateForbids("the entry has expired", remedy="Confirm it with a later expiry first.")


def _earlier(unit: Unit, entry: Movement | Site, line: Line) -> Held | None:
    """The message that told this recipient last, where it can still be superseded."""
    told = [each.message for each in entry.releases if each.line == line.id]
    last = find(unit, told[-1]) if told else None
    if last is None or ActKind.SUPERSEDE not in allowed(last.life):
        return None
    return last


def _message(node: Node, line: Line, notice: _Notice, earlier: Held | None) -> Message:
    return Message(
        id=notice.id,
        code=notice.code,
        version=1 if earlier is None else earlier.message.version + 1,
        line=line.id,
        sender=line.us,
        recipient=line.them,
        from_role=Role.MOVEMENT_OFFICER.value,
        to_role=Role.DUTY_OFFICER.value,
        mode=line.mode,
        precedence=type_of(notice.code).precedence,
        originated_at=to_millisecond(node.now()),
        fields=notice.fields,
        supersedes="" if earlier is None else earlier.stored.id,
    )


def _content(entry: Movement | Site) -> Content:
    return site_content(entry) if isinstance(entry, Site) else movement_content(entry)
