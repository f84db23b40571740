"""What came over a line and was not taken: kept with its reason, and bounded.

Whoever can reach the node can send rubbish, so rubbish nobody vouches for is noted only so
often in an hour for each source. What a party signed is always noted.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.errors import NotFound
from keepclear.formats.documents.fields import moment
from keepclear.formats.times import iso_text
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.node import Subject
from keepclear.ports.store import Declaration, Unit, View
from keepclear.services.node import Node
from keepclear.services.recording import record

MOST_AN_HOUR = 20
"""So much that nobody vouches for is noted of one source in an hour."""
MOST_KEPT_CHARACTERS = 20_000
"""So much of one is kept; its hash is over all of it."""
STRANGER = "unknown"
"""The source of what names no line of this node."""


class Reason(StrEnum):
    """Why something was not taken."""

    UNREADABLE = "unreadable"
    UNKNOWN_PARTY = "unknown party"
    UNKNOWN_KEY = "unknown key"
    BAD_SIGNATURE = "bad signature"
    EXPIRED_KEY = "certificate not valid now"
    OTHER_LINE = "other line"
    OTHER_MODE = "other mode"
    AGREEMENT_DIFFERS = "agreement differs"
    TAMPERED = "tampered"
    """Two envelopes of one serial, both with a valid signature."""
    FORK = "fork"
    """It contradicts the chain that the same party signed before."""
    NOT_USABLE = "not usable"
    """Its signature holds, its message cannot be taken."""


class Find(NamedTuple):
    """Something to be noted.

    Attributes:
        source: the line it names, or `STRANGER`.
        reason: why it was not taken.
        detail: more, for a person.
        content: as it came.
        hash: SHA-256 over it, hex.
        vouched: whether the other party's signature holds.
        alarm: whether a person must act on it now.
        epoch, serial: its place, where it has one.
        beside: the hash of what it contradicts, hex; empty for nothing.
    """

    source: str
    reason: Reason
    detail: str
    content: bytes
    hash: str
    vouched: bool = False
    alarm: bool = False
    epoch: int = 0
    serial: int = 0
    beside: str = ""


class Quarantined(NamedTuple):
    """Something that was noted.

    Attributes:
        id: what it is called.
        source: the line it names, or `STRANGER`.
        reason: why it was not taken.
        detail: more, for a person; begins with what to do where there is an alarm.
        at: when it came.
        alarm: whether a person must act on it, and nobody has said yet that they saw it.
        hash: SHA-256 over it, hex.
        beside: the hash of what it contradicts, hex.
        epoch, serial: its place; 0 where it has none.
        content: as it came, cut to a length.
        live: False once somebody saw it.
    """

    id: str
    source: str
    reason: str
    detail: str
    at: datetime
    alarm: bool
    hash: str
    beside: str
    epoch: int
    serial: int
    content: str
    live: bool


class _Stored(msgspec.Struct, frozen=True):
    source: str
    reason: str
    detail: str
    at: str
    alarm: bool
    hash: str
    beside: str
    epoch: int
    serial: int
    content: str


_DECODER = msgspec.json.Decoder(_Stored)


def note(unit: Unit, node: Node, find: Find) -> bool:
    """Keep something with its reason inside a unit of work, in ledger and lists.

    Returns:
        False where it was left out: so much came from that source within the hour.
    """
    at = node.now()
    name = _name_of(unit, find, at)
    if name is None:
        return False
    body = _body(find, at)
    about = (Subject.QUARANTINE, name, 1)
    entry = unit.append(record(node.identity, EntryKind.QUARANTINE_NOTED, about, body, at=at))
    kept = Declaration(Subject.QUARANTINE, name, find.source, 1, True, canonical_bytes(body), entry)
    unit.put_declaration(kept, action="noted", at=at)
    return True


def is_full(view: View, source: str, at: datetime) -> bool:
    """Whether so much nobody vouches for came from a source that no more is noted this hour."""
    return _free_place(view, source, at) is None


def refusal_of(view: View, line_id: str, epoch: int, serial: int) -> str:
    """Why the envelope of a place was not taken; empty where it was."""
    found = view.declaration(Subject.QUARANTINE, place_name(line_id, epoch, serial))
    return "" if found is None else _DECODER.decode(found.body).reason


def place_name(line_id: str, epoch: int, serial: int) -> str:
    """What a refused envelope of a stream is called."""
    return f"{line_id}.{epoch}.{serial:010}"


def quarantined(view: View, *, seen: bool = False) -> tuple[Quarantined, ...]:
    """All that was noted, the newest first; `seen` also what somebody saw."""
    found = [_told(each) for each in view.declarations(Subject.QUARANTINE, live=not seen)]
    return tuple(sorted(found, key=lambda each: (each.at, each.id), reverse=True))


def see(node: Node, name: str, *, actor: str = "") -> Quarantined:
    """Keep that a person saw it: it asks for nobody any more, and stays in the lists.

    Raises:
        NotFound: nothing of that name was noted.
    """
    return node.store.write(lambda unit: _see(unit, node, name, actor))


def _see(unit: Unit, node: Node, name: str, actor: str) -> Quarantined:
    current = unit.declaration(Subject.QUARANTINE, name)
    if current is None:
        raise NotFound(f"nothing called {name!r:.120} is in quarantine")
    if not current.live:
        return _told(current)
    at = node.now()
    version = current.version + 1
    body: JsonValue = {"hash": _DECODER.decode(current.body).hash}
    about = (Subject.QUARANTINE, name, version)
    unit.append(record(node.identity, EntryKind.QUARANTINE_SEEN, about, body, at=at, actor=actor))
    # The current version's entry stays the one that holds the content.
    kept = current._replace(version=version, live=False)
    unit.put_declaration(kept, action="seen", at=at)
    return _told(kept)


def _name_of(unit: Unit, find: Find, at: datetime) -> str | None:
    if not find.vouched:
        return _free_place(unit, find.source, at)
    if find.reason in (Reason.TAMPERED, Reason.FORK):
        name = f"{place_name(find.source, find.epoch, find.serial)}.{find.hash[:16]}"
    else:
        name = place_name(find.source, find.epoch, find.serial)
    return None if unit.declaration(Subject.QUARANTINE, name) is not None else name


def _free_place(view: View, source: str, at: datetime) -> str | None:
    hour = f"{source}.{at:%Y-%m-%dT%H}."
    taken = view.declarations_of(Subject.QUARANTINE, source, after=hour, limit=MOST_AN_HOUR)
    count = sum(each.id.startswith(hour) for each in taken)
    return f"{hour}{count + 1:02}" if count < MOST_AN_HOUR else None


def _body(find: Find, at: datetime) -> dict[str, JsonValue]:
    return {
        "source": find.source,
        "reason": find.reason.value,
        "detail": find.detail,
        "at": iso_text(to_millisecond(at)),
        "alarm": find.alarm,
        "hash": find.hash,
        "beside": find.beside,
        "epoch": find.epoch,
        "serial": find.serial,
        "content": find.content.decode("utf-8", "replace")[:MOST_KEPT_CHARACTERS],
    }


def _told(kept: Declaration) -> Quarantined:
    stored: Any = _DECODER.decode(kept.body)
    return Quarantined(
        id=kept.id,
        source=stored.source,
        reason=stored.reason,
        detail=stored.detail,
        at=moment(stored.at),
        alarm=stored.alarm and kept.live,
        hash=stored.hash,
        beside=stored.beside,
        epoch=stored.epoch,
        serial=stored.serial,
        content=stored.content,
        live=kept.live,
    )
