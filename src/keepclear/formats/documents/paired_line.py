"""A line as the node keeps it: the stored form of `model.line.Line`, never sent."""

from __future__ import annotations

import msgspec

from keepclear.canonical import JsonValue
from keepclear.formats.documents.exact import HexText
from keepclear.formats.documents.fields import moment
from keepclear.formats.times import iso_text
from keepclear.model.line import Line, Peer
from keepclear.model.operation import Mode


class PeerPart(msgspec.Struct, frozen=True, kw_only=True):
    """The other party's node."""

    party: str
    name: str
    root: HexText
    node: str
    certificates: tuple[str, ...]
    url: str
    tls: str


class LineDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A line."""

    id: str
    us: str
    them: str
    mode: Mode
    agreement: str
    peer: PeerPart
    paired_at: str
    confirmed_by: str
    channels: tuple[str, ...]
    skew_s: float | None
    skew_at: str | None


_DECODER = msgspec.json.Decoder(LineDocument)


def line_document(line: Line) -> dict[str, JsonValue]:
    """A line as plain values, every field written."""
    peer = line.peer
    return {
        "id": line.id,
        "us": line.us,
        "them": line.them,
        "mode": line.mode.value,
        "agreement": line.agreement_id,
        "peer": {
            "party": peer.party,
            "name": peer.name,
            "root": peer.root_public_key.hex(),
            "node": peer.node_id,
            "certificates": [each.decode() for each in peer.certificates],
            "url": peer.url,
            "tls": peer.spki_pin,
        },
        "paired_at": iso_text(line.paired_at),
        "confirmed_by": line.fingerprint_confirmed_by,
        "channels": list(line.channels),
        "skew_s": line.skew_s,
        "skew_at": None if line.skew_at is None else iso_text(line.skew_at),
    }


def stored_line(body: bytes, *, version: int) -> Line:
    """The line that `line_document` wrote.

    Args:
        body: its canonical bytes.
        version: which version of it they are; it stands beside them.
    """
    told = _DECODER.decode(body)
    return Line(
        id=told.id,
        us=told.us,
        them=told.them,
        mode=told.mode,
        agreement_id=told.agreement,
        peer=Peer(
            party=told.peer.party,
            name=told.peer.name,
            root_public_key=bytes.fromhex(told.peer.root),
            node_id=told.peer.node,
            certificates=tuple(each.encode() for each in told.peer.certificates),
            url=told.peer.url,
            spki_pin=told.peer.tls,
        ),
        paired_at=moment(told.paired_at),
        fingerprint_confirmed_by=told.confirmed_by,
        channels=told.channels,
        skew_s=told.skew_s,
        skew_at=None if told.skew_at is None else moment(told.skew_at),
        version=version,
    )
