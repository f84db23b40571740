"""Take in what another party's node handed over, and sign what became of it.

Signatures are looked at outside the writer; then the whole batch joins its streams in one
unit of work, so that what the receipt says is on the disk together with the messages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from keepclear.identity.envelopes import sign_receipt
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.envelope import Receipt, ReceiptItem, Result
from keepclear.model.line import Line
from keepclear.ports.store import Unit
from keepclear.services.line.joining import Joining, UnusableError
from keepclear.services.line.pairing import line_of
from keepclear.services.line.peering import MOST_CERTIFICATES, store_line
from keepclear.services.line.posting import signer_of
from keepclear.services.line.quarantine import Find, is_full, note
from keepclear.services.line.refusing import VERIFY_BY_VOICE
from keepclear.services.line.vouching import (
    Standing,
    Unvouched,
    Vouched,
    is_acceptable,
    split,
    standing_of,
    vouch,
)
from keepclear.services.node import Node

_SKEW_MOVED_S = 2.0
_SKEW_OLD = timedelta(hours=1)
_EPOCHS_TOLD = 3
"""Of so many streams, the newest, an empty delivery learns how far they go."""


class Receipts(NamedTuple):
    """What became of a batch.

    Attributes:
        receipts: signed, one for each stream, by epoch.
    """

    receipts: tuple[Receipt, ...]

    def count(self, result: Result) -> int:
        """How many envelopes had this result."""
        return sum(item.result is result for each in self.receipts for item in each.items)


class _Joined(NamedTuple):
    """What a unit of work told."""

    items: Mapping[int, Sequence[ReceiptItem]]
    have: Mapping[int, int]
    missing: Mapping[int, tuple[tuple[int, int], ...]]


def receive(
    node: Node,
    line_id: str,
    envelopes: Sequence[bytes],
    *,
    sent_at: datetime | None = None,
    certificate: bytes = b"",
) -> Receipts:
    """Take in envelopes of a line, from the network, a file or a courier.

    Nothing is taken twice, nothing is lost, and nothing holds up what comes behind it. What
    nobody vouches for is kept apart with its reason.

    Args:
        node: ours.
        line_id: the line they were handed over on.
        envelopes: each as its bytes; none asks how far we are.
        sent_at: what the sender's clock said as it handed them over, if it signed that; None
            where they may have been under way for long.
        certificate: what the sender's root says of its key, as a document; empty for nothing.

    Raises:
        NotFound: there is no such line.
        NodeFault: nothing was stored; the sender keeps them and tries again.
    """
    with node.store.view() as view:
        standing = standing_of(
            view, line_id, now=node.now(), sent_at=sent_at, certificate=certificate
        )
    vouched, unvouched = split([vouch(standing, each) for each in envelopes])
    joined = _joined(node, standing, vouched, unvouched, certificate)
    if vouched:
        node.ring()
    return Receipts(_receipts(node, standing.line, joined, unvouched))


def note_unvouched(unit: Unit, node: Node, source: str, finds: Sequence[Unvouched]) -> None:
    """Keep what nobody vouches for, with its reason; bounded within each hour.

    A FLASH among it asks a person to verify by voice: it may be real, from a key that is not
    known here yet.
    """
    for each in finds:
        detail = each.detail
        if each.is_flash:
            detail = f"{VERIFY_BY_VOICE}: it says it is FLASH. {detail}"
        find = Find(
            source=source,
            reason=each.reason,
            detail=detail[:1_000],
            content=each.content,
            hash=each.hash,
            alarm=each.is_flash,
            epoch=each.epoch,
            serial=each.serial,
        )
        if not note(unit, node, find):
            return


def note_clock(unit: Unit, node: Node, line: Line, skew: timedelta) -> Line:
    """Keep on the line how far the other clock is ahead, where that changed or is long ago."""
    skew_s, now = round(skew.total_seconds(), 1), to_millisecond(node.now())
    is_known = (
        line.skew_s is not None
        and line.skew_at is not None
        and abs(line.skew_s - skew_s) <= _SKEW_MOVED_S
        and timedelta() <= now - line.skew_at < _SKEW_OLD
    )
    if is_known:
        return line
    told = replace(line, skew_s=skew_s, skew_at=now)
    return store_line(unit, node, told, EntryKind.LINE_CLOCK_NOTED)


def note_key(unit: Unit, node: Node, line: Line, certificate: bytes) -> Line:
    """Keep a certificate that the peer's root gave its node, where it is new and holds now."""
    known = line.peer.certificates
    if certificate in known or not is_acceptable(line, certificate, node.now()):
        return line
    told = replace(
        line, peer=replace(line.peer, certificates=(*known, certificate)[-MOST_CERTIFICATES:])
    )
    return store_line(unit, node, told, EntryKind.LINE_KEY_TAKEN)


def _joined(
    node: Node,
    standing: Standing,
    vouched: Sequence[Vouched],
    unvouched: Sequence[Unvouched],
    certificate: bytes,
) -> _Joined:
    """Store the batch in one unit of work, or one by one where a message cannot be taken."""
    if not vouched and not _is_worth_writing(node, standing, unvouched, certificate):
        return _asked(node, standing)

    def together(unit: Unit) -> _Joined:
        _note(unit, node, standing, unvouched, certificate)
        return _join(unit, node, standing, vouched, {})

    try:
        return node.store.write(together)
    except UnusableError:
        node.store.write(lambda unit: _note(unit, node, standing, unvouched, certificate))
        return _one_by_one(node, standing, vouched)


def _one_by_one(node: Node, standing: Standing, vouched: Sequence[Vouched]) -> _Joined:
    items: dict[int, list[ReceiptItem]] = {}
    have: dict[int, int] = {}
    missing: dict[int, tuple[tuple[int, int], ...]] = {}
    refused: dict[tuple[int, int], str] = {}
    for each in vouched:
        done = _join_alone(node, standing, each, refused)
        for epoch, told in done.items.items():
            items.setdefault(epoch, []).extend(told)
        have.update(done.have)
        missing.update(done.missing)
    return _Joined(items, have, missing)


def _join_alone(
    node: Node, standing: Standing, one: Vouched, refused: dict[tuple[int, int], str]
) -> _Joined:
    """Have one join; a message that cannot be taken is refused, and all else goes on."""
    while True:
        try:
            return node.store.write(lambda unit: _join(unit, node, standing, [one], refused))
        except UnusableError as error:
            refused[error.epoch, error.serial] = error.why


def _join(
    unit: Unit,
    node: Node,
    standing: Standing,
    vouched: Sequence[Vouched],
    refused: Mapping[tuple[int, int], str],
) -> _Joined:
    joining = Joining(unit, node, standing, dict(refused))
    for each in vouched:
        joining.join(each)
    joining.finish()
    return _told(joining, {each.envelope.epoch for each in vouched}, vouched)


def _asked(node: Node, standing: Standing) -> _Joined:
    """How far the newest streams go, where nothing has to be stored."""
    with node.store.view() as view:
        found = view.streams(standing.line.id, outgoing=False)[-_EPOCHS_TOLD:]
        have = {each.epoch: each.serial for each in found}
    return _Joined({}, have, {})


def _told(joining: Joining, epochs: set[int], vouched: Sequence[Vouched]) -> _Joined:
    highest: dict[int, int] = {}
    for each in vouched:
        envelope = each.envelope
        highest[envelope.epoch] = max(highest.get(envelope.epoch, 0), envelope.serial)
    return _Joined(
        joining.items,
        {epoch: joining.end(epoch).serial for epoch in epochs},
        {epoch: joining.missing(epoch, up_to=highest[epoch]) for epoch in epochs},
    )


def _is_worth_writing(
    node: Node, standing: Standing, unvouched: Sequence[Unvouched], certificate: bytes
) -> bool:
    """Whether there is anything to store; a flood must not fill the disk, nor the writer."""
    line = standing.line
    if certificate and certificate not in line.peer.certificates:
        return is_acceptable(line, certificate, standing.now)
    if not unvouched:
        return False
    with node.store.view() as view:
        return not is_full(view, line.id, standing.now)


def _note(
    unit: Unit,
    node: Node,
    standing: Standing,
    unvouched: Sequence[Unvouched],
    certificate: bytes,
) -> None:
    line = line_of(unit, standing.line.id)
    if certificate:
        line = note_key(unit, node, line, certificate)
    if standing.skew is not None:
        note_clock(unit, node, line, standing.skew)
    note_unvouched(unit, node, standing.line.id, unvouched)


def _receipts(
    node: Node, line: Line, joined: _Joined, unvouched: Sequence[Unvouched]
) -> tuple[Receipt, ...]:
    items = {epoch: list(told) for epoch, told in joined.items.items()}
    for each in unvouched:
        if each.serial:
            item = ReceiptItem(each.serial, each.hash, Result.QUARANTINED, each.reason.value)
            items.setdefault(each.epoch, []).append(item)
    signer = signer_of(node)
    return tuple(
        sign_receipt(
            Receipt(
                line=line.id,
                node=node.identity.id,
                key=signer.key_id,
                at=to_millisecond(node.now()),
                epoch=epoch,
                have=joined.have.get(epoch, 0),
                missing=joined.missing.get(epoch, ()),
                items=tuple(items.get(epoch, ())),
            ),
            signer.sign,
        )
        for epoch in sorted({*items, *joined.have})
    )
