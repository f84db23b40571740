"""Envelopes as files: what waits goes out in a bundle, what came in one is taken like any other.

A bundle also carries receipts for what the other side sent, so that two nodes that never reach
each other know what the other has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from keepclear.canonical import JsonValue
from keepclear.contact.streams import MOST_AHEAD, End, gaps
from keepclear.errors import InvalidMessage, KeyFault, ModeMismatch, NotOurs, PeerTrouble
from keepclear.formats.bundle import Bundle, bundle_bytes, bundle_of
from keepclear.formats.documents.delivery import MOST_ENVELOPE_BYTES, MOST_TOGETHER
from keepclear.formats.documents.receipt import receipt_bytes
from keepclear.identity.certificates import certificate_bytes
from keepclear.identity.envelopes import sign_receipt
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.envelope import Receipt, ReceiptItem, Result
from keepclear.model.line import Line
from keepclear.model.node import Subject
from keepclear.ports.line_store import StoredEnvelope, StoredStream
from keepclear.ports.store import Unit, View
from keepclear.services.line.delivering import take_receipts
from keepclear.services.line.pairing import line_of
from keepclear.services.line.posting import signer_of
from keepclear.services.line.quarantine import refusal_of
from keepclear.services.line.receiving import receive
from keepclear.services.node import Node
from keepclear.services.paper.entering import note_unreadable
from keepclear.services.recording import record

MOST_RECEIPTED: Final = 5_000
"""So many of the other side's envelopes, the newest of a stream, are receipted in a bundle."""
_EPOCHS: Final = 3
_MOST_WAITING: Final = 50_000


class Written(NamedTuple):
    """A bundle that was written.

    Attributes:
        content: the file.
        envelopes: how many of ours it holds.
        receipted: how many of theirs it is a receipt for.
    """

    content: bytes
    envelopes: int
    receipted: int


class Taken(NamedTuple):
    """What became of a bundle.

    Attributes:
        line: of which line.
        sender: whose node wrote it.
        results: how many envelopes had each result.
        settled: how many of ours it was a receipt for that we did not have.
        receipts_refused: why its receipts were not believed; empty where they were.
        missing: serials that still lack, of each epoch of theirs.
    """

    line: str
    sender: str
    results: dict[str, int]
    settled: int
    receipts_refused: str
    missing: tuple[tuple[int, int, int], ...]


def write_bundle(node: Node, line_id: str, *, everything: bool = False, actor: str = "") -> Written:
    """Write what waits on a line, with receipts for what came, as a file.

    Args:
        node: ours.
        line_id: which line.
        everything: all of the present epoch, also what was delivered: for a restored node.
        actor: who does it.

    Raises:
        NotFound: there is no such line.
        KeyFault: the node was opened without its key.
    """
    with node.store.view() as view:
        line = line_of(view, line_id)
        if node.certificate is None:
            raise KeyFault("the node was opened without its certificate; nothing can be sent")
        ours = _ours(node, view, line, everything=everything)
        receipts = tuple(_receipts(node, view, line))
    content = bundle_bytes(
        Bundle(
            line=line.id,
            sender=line.us,
            mode=line.mode,
            at=to_millisecond(node.now()),
            certificate=certificate_bytes(node.certificate),
            envelopes=tuple(each.content for each in ours),
            receipts=tuple(receipt_bytes(each) for each in receipts),
        )
    )
    receipted = sum(len(each.items) for each in receipts)
    body: dict[str, JsonValue] = {"envelopes": len(ours), "receipted": receipted}
    _note(node, line, EntryKind.LINE_BUNDLE_WRITTEN, content, body, actor)
    return Written(content, len(ours), receipted)


def take_bundle(node: Node, line_id: str, content: bytes, *, actor: str = "") -> Taken:
    """Take in a bundle of a line; the same one again changes nothing.

    Raises:
        NotFound: there is no such line.
        InvalidMessage: it is no bundle, or is cut short; it is kept as evidence.
        NotOurs: it is of another line, or our own; kept as evidence.
        ModeMismatch: it is of the other mode; kept as evidence.
    """
    with node.store.view() as view:
        line = line_of(view, line_id)
    try:
        bundle = bundle_of(content)
        _require_of(line, bundle)
    except (InvalidMessage, NotOurs, ModeMismatch) as error:
        text = content[:20_000].decode("utf-8", "replace")
        note_unreadable(node, text, f"bundle: {error.message}", source=line.id)
        raise
    settled, refused = _settled(node, line, bundle)
    results: dict[str, int] = {}
    for batch in _batches(bundle.envelopes):
        receipts = receive(node, line.id, batch, certificate=bundle.certificate)
        for item in (item for each in receipts.receipts for item in each.items):
            results[item.result.value] = results.get(item.result.value, 0) + 1
    body: dict[str, JsonValue] = {"results": dict(results), "settled": settled}
    _note(node, line, EntryKind.LINE_BUNDLE_TAKEN, content, body, actor)
    with node.store.view() as view:
        missing = tuple(
            (stream.epoch, first, last)
            for stream in _newest(view, line)[-1:]
            for first, last in _missing(view, line, stream)
        )
    return Taken(line.id, bundle.sender, results, settled, refused, missing)


def _require_of(line: Line, bundle: Bundle) -> None:
    if bundle.line != line.id or bundle.sender != line.them:
        raise NotOurs(
            f"the bundle is of {bundle.sender:.40} on {bundle.line:.80}",
            remedy=f"Take on {line.id} what {line.them} wrote.",
        )
    if bundle.mode is not line.mode:
        raise ModeMismatch(f"the bundle is {bundle.mode}, the line is {line.mode}")


def _settled(node: Node, line: Line, bundle: Bundle) -> tuple[int, str]:
    if not bundle.receipts:
        return 0, ""
    try:
        return take_receipts(node, line.id, bundle.certificate, bundle.receipts), ""
    except (PeerTrouble, KeyFault) as error:
        return 0, error.message


def _ours(node: Node, view: View, line: Line, *, everything: bool) -> Sequence[StoredEnvelope]:
    if everything:
        return view.envelopes_between(
            line.id, outgoing=True, epoch=node.store.epoch, first=1, last=_MOST_WAITING
        )
    return view.envelopes_waiting(line.id, limit=_MOST_WAITING)


def _newest(view: View, line: Line) -> Sequence[StoredStream]:
    return view.streams(line.id, outgoing=False)[-_EPOCHS:]


def _receipts(node: Node, view: View, line: Line) -> Iterator[Receipt]:
    """What we have of their newest streams, signed."""
    signer = signer_of(node)
    for stream in _newest(view, line):
        first = max(1, stream.serial - MOST_RECEIPTED)
        kept = view.envelopes_between(
            line.id,
            outgoing=False,
            epoch=stream.epoch,
            first=first,
            last=stream.serial + MOST_AHEAD,
        )
        unsigned = Receipt(
            line=line.id,
            node=node.identity.id,
            key=signer.key_id,
            at=to_millisecond(node.now()),
            epoch=stream.epoch,
            have=stream.serial,
            missing=_missing(view, line, stream),
            items=tuple(_item(view, each) for each in kept),
        )
        yield sign_receipt(unsigned, signer.sign)


def _item(view: View, each: StoredEnvelope) -> ReceiptItem:
    refusal = refusal_of(view, each.line, each.epoch, each.serial)
    if refusal:
        return ReceiptItem(each.serial, each.hash.hex(), Result.REFUSED, refusal)
    result = Result.TAKEN if each.applied else Result.HELD
    return ReceiptItem(each.serial, each.hash.hex(), result)


def _missing(view: View, line: Line, stream: StoredStream) -> tuple[tuple[int, int], ...]:
    ahead = view.envelopes_between(
        line.id,
        outgoing=False,
        epoch=stream.epoch,
        first=stream.serial + 1,
        last=stream.serial + MOST_AHEAD,
    )
    return gaps(End(stream.serial, stream.hash), (each.serial for each in ahead))


def _batches(envelopes: Sequence[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size_bytes = 0
    for each in envelopes:
        if len(batch) == MOST_TOGETHER or (batch and size_bytes + len(each) > MOST_ENVELOPE_BYTES):
            yield batch
            batch, size_bytes = [], 0
        batch.append(each)
        size_bytes += len(each)
    if batch:
        yield batch


def _note(
    node: Node,
    line: Line,
    kind: EntryKind,
    content: bytes,
    body: dict[str, JsonValue],
    actor: str,
) -> None:
    told: JsonValue = {"digest": sha256(content).hexdigest(), "bytes": len(content), **body}
    about = (Subject.LINE, line.id, line.version)
    entry = record(node.identity, kind, about, told, at=node.now(), actor=actor)

    def work(unit: Unit) -> None:
        unit.append(entry)

    node.store.write(work)
