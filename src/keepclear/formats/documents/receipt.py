"""Receipts as canonical JSON: a node's signed word for what it has of a stream."""

from __future__ import annotations

import msgspec

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.formats.documents.exact import Exact, HexText, read_exact, require_what
from keepclear.formats.documents.fields import moment
from keepclear.formats.times import iso_text
from keepclear.model.envelope import Receipt, ReceiptItem, Result

WHAT = "keepclear receipt/1"
"""Stands in the signed bytes, so that no signature over something else passes as one."""


class ItemPart(Exact, frozen=True, kw_only=True):
    """What became of one envelope."""

    serial: int
    hash: HexText
    result: Result
    reason: str


class ReceiptDocument(Exact, frozen=True, kw_only=True):
    """A receipt."""

    what: str
    line: str
    node: str
    key: str
    at: str
    epoch: int
    have: int
    missing: tuple[tuple[int, int], ...]
    items: tuple[ItemPart, ...]
    signature: HexText


_DECODER = msgspec.json.Decoder(ReceiptDocument)


def unsigned_bytes(receipt: Receipt) -> bytes:
    """What is signed: all of it but the signature."""
    return canonical_bytes(_unsigned(receipt))


def receipt_document(receipt: Receipt) -> dict[str, JsonValue]:
    """The receipt with its signature, as plain values."""
    return {**_unsigned(receipt), "signature": receipt.signature.hex()}


def receipt_bytes(receipt: Receipt) -> bytes:
    """The receipt with its signature: what is sent and kept."""
    return canonical_bytes(receipt_document(receipt))


def receipt_of(data: bytes) -> Receipt:
    """Read what `receipt_bytes` wrote, and nothing else. The signature is not checked.

    Raises:
        InvalidMessage: anything else.
    """
    return read_exact(data, _DECODER, _built, receipt_document, what="receipt")


def _unsigned(receipt: Receipt) -> dict[str, JsonValue]:
    return {
        "what": WHAT,
        "line": receipt.line,
        "node": receipt.node,
        "key": receipt.key,
        "at": iso_text(receipt.at),
        "epoch": receipt.epoch,
        "have": receipt.have,
        "missing": [[first, last] for first, last in receipt.missing],
        "items": [
            {
                "serial": item.serial,
                "hash": item.hash,
                "result": item.result.value,
                "reason": item.reason,
            }
            for item in receipt.items
        ],
    }


def _built(told: ReceiptDocument) -> Receipt:
    require_what(told.what, WHAT)
    return Receipt(
        line=told.line,
        node=told.node,
        key=told.key,
        at=moment(told.at),
        epoch=told.epoch,
        have=told.have,
        missing=told.missing,
        items=tuple(
            ReceiptItem(each.serial, each.hash, each.result, each.reason) for each in told.items
        ),
        signature=bytes.fromhex(told.signature),
    )
