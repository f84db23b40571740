"""Add another party's node: its card, believed for a fingerprint that was compared by voice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from keepclear.canonical import canonical_bytes
from keepclear.errors import InvalidInput, ModeMismatch, NotFound, StateForbids
from keepclear.formats.documents.paired_line import line_document
from keepclear.formats.hosts import is_this_machine
from keepclear.identity.cards import check_card, is_confirmed
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.card import Card
from keepclear.model.line import Line, Peer, line_id
from keepclear.model.node import Subject
from keepclear.model.operation import Mode
from keepclear.ports.store import Declaration, Unit
from keepclear.services.expected import Expected, require_expected
from keepclear.services.line.pairing import agreement_of, line_of, require_signed
from keepclear.services.line.signing import given
from keepclear.services.node import Node
from keepclear.services.recording import record

MOST_CERTIFICATES = 20
"""So many of a peer's are kept, the newest: a certificate lasts two years."""


class Paired(NamedTuple):
    """What became of adding a peer.

    Attributes:
        line: the line to it.
        created: whether there was none before.
    """

    line: Line
    created: bool


def add_peer(
    node: Node, card: Card, *, agreement_id: str, heard: str, expected: Expected, actor: str = ""
) -> Paired:
    """Make the line to another party's node, or make it anew with a newer card.

    Args:
        node: ours.
        card: the other node's.
        agreement_id: the agreement that binds the line.
        heard: the fingerprint of the party's root as it was heard by voice, or its hex.
        expected: which version of the line is changed; NEW where there is none.
        actor: who heard it.

    Raises:
        InvalidInput: the card does not hold, what was heard is not its root's fingerprint, it is
            of our own party, or it names an address that cannot be used.
        ModeMismatch: it is of the other mode.
        NotFound, StateForbids: the agreement is not filed, or not signed by both.
        VersionMissing, VersionMismatch: there is a line already, or it was changed meanwhile.
    """
    _require_ours(node, card)
    with given():
        check_card(card, node.now())
    if not is_confirmed(card.root_public_key, heard):
        raise InvalidInput(
            f"what was heard is not the fingerprint of the root in {card.party}'s card",
            remedy="Hear the six groups again, from somebody you know to speak for the party.",
        )
    require_address(card.url, card.spki_pin, card.mode)
    paired = node.store.write(lambda unit: _pair(unit, node, card, agreement_id, expected, actor))
    node.ring()
    return paired


def require_address(url: str, spki_pin: str, mode: Mode) -> None:
    """Refuse an address at which no node may be reached; none at all is allowed.

    Raises:
        InvalidInput: not https with a pin, and not plain HTTP to this machine in EXERCISE.
    """
    if not url:
        return
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    plain = url == f"{parts.scheme}://{parts.netloc}" and bool(host) and "@" not in parts.netloc
    is_safe = parts.scheme == "https" and bool(spki_pin)
    is_near = parts.scheme == "http" and mode is Mode.EXERCISE and is_this_machine(host)
    if not (plain and (is_safe or is_near)):
        raise InvalidInput(
            f"{url!r:.200} is no address at which a {mode} node may be reached",
            remedy="Have the card written with https://HOST:PORT; plain HTTP is for nodes in "
            "EXERCISE on one machine alone.",
        )


def store_line(
    unit: Unit, node: Node, line: Line, kind: EntryKind, *, actor: str = "", note: str = ""
) -> Line:
    """Keep a line as it is now, as its next version, inside a unit of work."""
    current = unit.declaration(Subject.LINE, line.id)
    kept = replace(line, version=1 if current is None else current.version + 1)
    at = node.now()
    document = line_document(kept)
    about = (Subject.LINE, line.id, kept.version)
    entry = unit.append(record(node.identity, kind, about, document, at=at, actor=actor, note=note))
    unit.put_declaration(
        Declaration(
            Subject.LINE, line.id, line.them, kept.version, True, canonical_bytes(document), entry
        ),
        action=kind.value.rpartition(" ")[2],
        at=at,
    )
    return kept


def _pair(
    unit: Unit, node: Node, card: Card, agreement_id: str, expected: Expected, actor: str
) -> Paired:
    us, now = node.identity.party, node.now()
    agreement = agreement_of(unit, agreement_id, now)
    _, theirs = require_signed(unit, agreement, us, card.party)
    if theirs.root_public_key != card.root_public_key:
        raise InvalidInput(
            f"{card.party} signed the agreement with another root than the one in the card",
            remedy="Have the agreement signed anew by the root whose fingerprint you heard.",
        )
    current = _current(unit, line_id(us, card.party))
    fresh = _line(card, us, agreement_id, actor, to_millisecond(now))
    if current is not None and _is_same(current, fresh):
        return Paired(current, created=False)
    require_expected(expected, None if current is None else current.version, f"line {fresh.id}")
    if current is not None:
        fresh = _renewed(current, fresh)
    line = store_line(unit, node, fresh, EntryKind.LINE_PAIRED, actor=actor)
    _opened(unit, node, line)
    return Paired(line, created=current is None)


def _require_ours(node: Node, card: Card) -> None:
    if card.party == node.identity.party:
        raise InvalidInput(f"the card is {card.party}'s own; no party has a line with itself")
    if card.mode is not node.identity.mode:
        raise ModeMismatch(f"the card is {card.mode}, this node is {node.identity.mode}")


def _line(card: Card, us: str, agreement_id: str, actor: str, at: datetime) -> Line:
    peer = Peer(
        party=card.party,
        name=card.name or card.party,
        root_public_key=card.root_public_key,
        node_id=card.node_id,
        certificates=(card.certificate,),
        url=card.url,
        spki_pin=card.spki_pin,
    )
    return Line(
        id=line_id(us, card.party),
        us=us,
        them=card.party,
        mode=card.mode,
        agreement_id=agreement_id,
        peer=peer,
        paired_at=at,
        fingerprint_confirmed_by=actor,
    )


def _renewed(current: Line, fresh: Line) -> Line:
    """The line with a newer card; its streams go on, so it must be the same node."""
    if current.peer.node_id != fresh.peer.node_id:
        raise StateForbids(
            f"the line goes to {current.them}'s node {current.peer.node_id}; the card is of "
            f"another, {fresh.peer.node_id}",
            remedy="A party that lost its node restores a backup of it (`keepclear restore`); "
            "it then begins a new epoch, and the line goes on.",
        )
    before = [each for each in current.peer.certificates if each not in fresh.peer.certificates]
    if current.peer.root_public_key != fresh.peer.root_public_key:
        before = []  # what another root said counts for nothing any more
    kept = (*before, *fresh.peer.certificates)[-MOST_CERTIFICATES:]
    return replace(
        fresh,
        peer=replace(fresh.peer, certificates=kept),
        channels=current.channels,
        skew_s=current.skew_s,
        skew_at=current.skew_at,
    )


def _is_same(current: Line, fresh: Line) -> bool:
    peer, other = current.peer, fresh.peer
    return (
        replace(peer, certificates=()) == replace(other, certificates=())
        and set(other.certificates) <= set(peer.certificates)
        and current.agreement_id == fresh.agreement_id
    )


def _current(unit: Unit, name: str) -> Line | None:
    try:
        return line_of(unit, name)
    except NotFound:
        return None


def _opened(unit: Unit, node: Node, line: Line) -> None:
    """Have the line's checks begin; their module reads lines itself, hence the late import."""
    from keepclear.services.line.checking import open_line

    open_line(unit, node, line.id, node.now())
