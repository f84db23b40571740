"""Bundles: signed envelopes of a line, and receipts for the other side's, in one file.

One JSON document a line: a heading, then envelopes and receipts, each as its signed bytes,
then how many there were. Everything that counts is signed by itself; the heading only says
which line it is about, and nothing is believed because of it.

Source: keepclear's own format (docs/reference/text-lines.md, Bundles).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from keepclear.canonical import canonical_bytes
from keepclear.errors import InvalidInput, InvalidMessage
from keepclear.formats.documents.fields import moment
from keepclear.formats.times import iso_text
from keepclear.model.operation import Mode

WHAT: Final = "keepclear bundle/1"
MOST_BYTES: Final = 60_000_000
MOST_ITEMS: Final = 100_000
LONGEST_ITEM: Final = 300_000
_REMEDY: Final = "Have the bundle written again, and compare its size with the sender's."


class Bundle(NamedTuple):
    """A bundle.

    Attributes:
        line: of which line.
        sender: the party whose node wrote it.
        mode: EXERCISE or REAL.
        at: when, by that node's clock.
        certificate: what its root says of its key, as a document.
        envelopes: its own, each as its signed bytes.
        receipts: for what it received, likewise.
    """

    line: str
    sender: str
    mode: Mode
    at: datetime
    certificate: bytes
    envelopes: tuple[bytes, ...]
    receipts: tuple[bytes, ...]


class _Heading(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    what: str
    line: str
    sender: str = msgspec.field(name="from")
    mode: Mode
    at: str
    certificate: str


class _Item(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    envelope: msgspec.Raw = msgspec.Raw()
    receipt: msgspec.Raw = msgspec.Raw()
    end: int | None = None


_HEADINGS = msgspec.json.Decoder(_Heading)
_ITEMS = msgspec.json.Decoder(_Item)


def bundle_bytes(bundle: Bundle) -> bytes:
    """A bundle as a file."""
    heading = canonical_bytes(
        {
            "what": WHAT,
            "line": bundle.line,
            "from": bundle.sender,
            "mode": bundle.mode.value,
            "at": iso_text(bundle.at),
            "certificate": bundle.certificate.decode(),
        }
    )
    items = [b'{"envelope":' + each + b"}" for each in bundle.envelopes]
    items += [b'{"receipt":' + each + b"}" for each in bundle.receipts]
    end = canonical_bytes({"end": len(items)})
    return b"\n".join((heading, *items, end, b""))


def bundle_of(data: bytes) -> Bundle:
    """Read a bundle; no signature is checked.

    Raises:
        InvalidMessage: it is none, too large, or cut short.
    """
    if len(data) > MOST_BYTES:
        raise InvalidMessage(f"{len(data):,} bytes are too many for a bundle", remedy=_REMEDY)
    lines = data.split(b"\n")
    if len(lines) > MOST_ITEMS + 3:
        raise InvalidMessage("too many things are in the bundle", remedy=_REMEDY)
    try:
        heading = _HEADINGS.decode(lines[0])
        items = [_ITEMS.decode(each) for each in lines[1:] if each]
        at = moment(heading.at)
    except (ValueError, RecursionError, InvalidInput) as error:
        raise InvalidMessage(f"this is no bundle: {error}"[:300], remedy=_REMEDY) from None
    if heading.what != WHAT:
        raise InvalidMessage(f"it says it is {heading.what!r:.60}", remedy=_REMEDY)
    _require_whole(items)
    return Bundle(
        heading.line,
        heading.sender,
        heading.mode,
        at,
        heading.certificate.encode(),
        _those(each.envelope for each in items),
        _those(each.receipt for each in items),
    )


def _those(raws: Iterable[msgspec.Raw]) -> tuple[bytes, ...]:
    return tuple(each for each in map(bytes, raws) if each)


def _require_whole(items: Sequence[_Item]) -> None:
    for each in items[:-1]:
        envelope, receipt = bytes(each.envelope), bytes(each.receipt)
        if bool(envelope) is bool(receipt) or each.end is not None:
            raise InvalidMessage("a line holds not one envelope or receipt", remedy=_REMEDY)
        size = len(envelope or receipt)
        if size > LONGEST_ITEM:
            raise InvalidMessage(f"one of it has {size:,} bytes", remedy=_REMEDY)
    if not items or items[-1].end != len(items) - 1:
        raise InvalidMessage("the bundle is cut short, or was added to", remedy=_REMEDY)
