"""Hand our waiting envelopes to the other party's node, and keep its signed receipts.

One call is one attempt. Whoever calls waits and tries again; nothing is marked as delivered
without a receipt that the other node signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from keepclear.errors import InvalidMessage, KeyFault, PeerNonsense, PeerRefused
from keepclear.formats.documents.delivery import (
    MOST_ENVELOPE_BYTES,
    MOST_TOGETHER,
    Handed,
    answer_bytes,
    answer_of,
    batch_digest,
    handed_bytes,
)
from keepclear.formats.documents.receipt import receipt_document, receipt_of
from keepclear.identity.certificates import certificate_bytes
from keepclear.identity.envelopes import sign_delivery
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.envelope import Delivery, Receipt, Result
from keepclear.model.line import Line
from keepclear.model.node import Subject
from keepclear.ports.line_store import StoredEnvelope
from keepclear.ports.peers import PeerAddress, Peers
from keepclear.ports.store import Unit, View
from keepclear.services.line.messaging import delivered
from keepclear.services.line.pairing import keys_of, line_of
from keepclear.services.line.posting import signer_of
from keepclear.services.line.quarantine import Reason
from keepclear.services.line.receiving import note_clock, note_key
from keepclear.services.line.vouching import is_acceptable
from keepclear.services.node import Node
from keepclear.services.recording import record

Gap = tuple[int, int, int]
"""Serials of ours that the other node misses: epoch, first, last."""

_FINAL = frozenset({Reason.TAMPERED.value, Reason.FORK.value})
"""Reasons for quarantine that sending again would not change."""
_ODD_CLOCK = timedelta(minutes=1)
"""An answer that was longer under way tells nothing of the other clock."""


class Delivered(NamedTuple):
    """What one attempt came to.

    Attributes:
        sent: how many envelopes went out.
        settled: how many of them need not go again.
        missing: what the other node lacks of what it once had, to be given to the next attempt.
        more: whether others wait that did not fit.
    """

    sent: int = 0
    settled: int = 0
    missing: tuple[Gap, ...] = ()
    more: bool = False


def deliver(
    node: Node,
    line_id: str,
    peers: Peers,
    *,
    flash: bool | None = None,
    again: Sequence[Gap] = (),
    probe: bool = False,
) -> Delivered:
    """Hand over what waits on a line, the oldest first.

    Args:
        node: ours.
        line_id: which line.
        peers: how nodes are reached.
        flash: FLASH alone, by its own way; False for all others; None for both together.
        again: gaps to fill with what was delivered before.
        probe: ask how far the other node is even where nothing waits.

    Raises:
        NotFound: there is no such line.
        PeerTrouble: nothing is known to have come; try again later.
        NodeFault: our own store did not take the receipt; try again later.
    """
    with node.store.view() as view:
        line = line_of(view, line_id)
        batch, more = _batch(view, line, flash, again)
    if not batch and not probe:
        return Delivered()
    if not line.peer.url:
        raise PeerRefused(
            f"{line.them}'s card names no address: files go between the two nodes",
            remedy="Have the party write a card with --url, and add it with `peer add`.",
        )
    address = PeerAddress(line.peer.url, line.peer.spki_pin, line.mode)
    begun = node.now()
    answer = peers.deliver(address, _handed(node, line, batch), flash=flash is True)
    certificate, receipts = _checked(line, answer, node.now())
    _require_fitting(batch, receipts)
    skew = _skew(receipts, begun, node.now())
    settled = node.store.write(
        lambda unit: _settle(unit, node, line.id, batch, receipts, certificate, skew)
    )
    if settled:
        node.ring()
    missing = _missing(node, line, receipts, probe=probe)
    return Delivered(len(batch), settled, missing, more)


def take_receipts(node: Node, line_id: str, certificate: bytes, documents: Sequence[bytes]) -> int:
    """Keep receipts that came by another way than as an answer; how many envelopes they settle.

    Args:
        node: ours.
        line_id: which line.
        certificate: what the other root says of the key that signed them, as a document.
        documents: the receipts.

    Raises:
        NotFound: there is no such line.
        PeerNonsense: the other party's node did not sign them, or they are of another line.
    """
    with node.store.view() as view:
        line = line_of(view, line_id)
        told, receipts = _checked(line, answer_bytes(certificate, documents), node.now())
        batch = [
            each
            for receipt in receipts
            if receipt.items
            for each in view.envelopes_between(
                line.id,
                outgoing=True,
                epoch=receipt.epoch,
                first=min(item.serial for item in receipt.items),
                last=max(item.serial for item in receipt.items),
            )
            if each.delivered_at is None
        ]
    if not batch:
        return 0
    settled = node.store.write(
        lambda unit: _settle(unit, node, line.id, batch, receipts, told, None)
    )
    node.ring()
    return settled


def _batch(
    view: View, line: Line, flash: bool | None, again: Sequence[Gap]
) -> tuple[list[StoredEnvelope], bool]:
    """What goes in one delivery: gaps first, then what waits; and whether more waits."""
    found: dict[tuple[int, int], StoredEnvelope] = {}
    for epoch, first, last in again:
        until = min(last, first + MOST_TOGETHER - 1)
        for each in view.envelopes_between(
            line.id, outgoing=True, epoch=epoch, first=first, last=until
        ):
            found[each.epoch, each.serial] = each
    waiting = view.envelopes_waiting(line.id, flash=flash, limit=MOST_TOGETHER + 1)
    for each in waiting:
        found.setdefault((each.epoch, each.serial), each)
    batch: list[StoredEnvelope] = []
    size_bytes = 0
    for each in found.values():
        size_bytes += len(each.content) + 1
        if len(batch) == MOST_TOGETHER or (batch and size_bytes > MOST_ENVELOPE_BYTES):
            return batch, True
        batch.append(each)
    return batch, False


def _handed(node: Node, line: Line, batch: Sequence[StoredEnvelope]) -> bytes:
    signer = signer_of(node)
    if node.certificate is None:
        raise KeyFault("the node was opened without its certificate; nothing can be sent")
    contents = tuple(each.content for each in batch)
    unsigned = Delivery(
        line=line.id,
        node=node.identity.id,
        key=signer.key_id,
        at=to_millisecond(node.now()),
        count=len(contents),
        digest=batch_digest(contents),
    )
    signed = sign_delivery(unsigned, signer.sign)
    return handed_bytes(Handed(signed, certificate_bytes(node.certificate), contents))


def _checked(line: Line, answer: bytes, now: datetime) -> tuple[bytes, tuple[Receipt, ...]]:
    """The receipts, if the other party's node signed them.

    Raises:
        PeerNonsense: it did not, or they are of another line.
    """
    try:
        certificate, documents = answer_of(answer)
        receipts = tuple(receipt_of(each) for each in documents)
    except InvalidMessage as error:
        raise PeerNonsense(f"the receipts cannot be read: {error.message}") from None
    more = (certificate,) if is_acceptable(line, certificate, now) else ()
    keys = keys_of(line, more)
    for each in receipts:
        if (each.line, each.node) != (line.id, line.peer.node_id):
            raise PeerNonsense("the receipts are of another line or node")
        if not keys.signed_receipt(each):
            raise PeerNonsense(f"{line.them}'s node did not sign the receipts")
    return certificate, receipts


def _require_fitting(batch: Sequence[StoredEnvelope], receipts: Sequence[Receipt]) -> None:
    """Refuse receipts that answer nothing of what was sent, so that nobody sends for ever."""
    if batch and not any(each.items for each in receipts):
        told = {each.epoch for each in receipts if each.missing}
        if not told.intersection(each.epoch for each in batch):
            raise PeerNonsense("the receipts do not answer what was sent")


def _settle(
    unit: Unit,
    node: Node,
    line_id: str,
    batch: Sequence[StoredEnvelope],
    receipts: Sequence[Receipt],
    certificate: bytes,
    skew: timedelta | None,
) -> int:
    """Keep what the receipts prove, inside one unit of work; how many are settled now."""
    sent = {(each.epoch, each.serial): each.hash.hex() for each in batch}
    line, at, settled = line_of(unit, line_id), node.now(), 0
    for receipt in receipts:
        has_it, over = _sorted(receipt, sent)
        ids = unit.mark_delivered(line_id, receipt.epoch, has_it, at=at)
        unit.mark_delivered(line_id, receipt.epoch, over, at=at)
        settled += len(has_it) + len(over)
        if ids:
            delivered(unit, node, ids, at)
        if ids or over:
            about = (Subject.LINE, line_id, line.version)
            body = receipt_document(receipt)
            unit.append(record(node.identity, EntryKind.LINE_RECEIPT_KEPT, about, body, at=at))
    line = note_key(unit, node, line, certificate)
    if skew is not None:
        note_clock(unit, node, line, skew)
    return settled


def _sorted(receipt: Receipt, sent: Mapping[tuple[int, int], str]) -> tuple[list[int], list[int]]:
    """Serials of ours that the other node has, and those that it will never take."""
    has_it: list[int] = []
    over: list[int] = []
    for item in receipt.items:
        if sent.get((receipt.epoch, item.serial)) != item.hash:
            continue  # it speaks of something we did not send now
        if item.result.has_it:
            has_it.append(item.serial)
        elif item.result is Result.REFUSED or item.reason in _FINAL:
            over.append(item.serial)
    return has_it, over


def _missing(
    node: Node, line: Line, receipts: Sequence[Receipt], *, probe: bool
) -> tuple[Gap, ...]:
    """What the other node lacks of what it had, as after it was restored from a backup."""
    with node.store.view() as view:
        ours = {each.epoch: each.serial for each in view.streams(line.id, outgoing=True)}
        told = {each.epoch: each for each in receipts}
        found = list(_gaps(told.values(), ours))
        if probe:
            for epoch, last in ours.items():
                have = told[epoch].have if epoch in told else 0
                if have < last:
                    found.append((epoch, have + 1, last))
        return tuple(gap for gap in found if _was_delivered(view, line, gap))


def _gaps(receipts: Iterable[Receipt], ours: Mapping[int, int]) -> Iterable[Gap]:
    for receipt in receipts:
        for first, last in receipt.missing:
            if receipt.epoch in ours and first <= ours[receipt.epoch]:
                yield receipt.epoch, first, min(last, ours[receipt.epoch])


def _was_delivered(view: View, line: Line, gap: Gap) -> bool:
    """Whether a gap begins with one that would not go by itself, because it went before."""
    epoch, first, last = gap
    some = view.envelopes_between(
        line.id, outgoing=True, epoch=epoch, first=first, last=min(last, first + MOST_TOGETHER)
    )
    return any(each.delivered_at is not None for each in some)


def _skew(receipts: Sequence[Receipt], begun: datetime, ended: datetime) -> timedelta | None:
    """How far the other clock is ahead, by an answer that came at once."""
    if not receipts or not timedelta() <= ended - begun <= _ODD_CLOCK:
        return None
    return receipts[-1].at - (begun + (ended - begun) / 2)
