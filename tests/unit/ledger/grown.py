"""A small ledger to try things on, and the tree's definition, spelled as the RFC does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from keepclear.canonical import JsonValue
from keepclear.ledger.entries import EntryKind, Record, payload_of
from keepclear.ledger.heads import SignedHead, TreeHead
from keepclear.ledger.leaves import leaf_hash
from keepclear.ledger.pruning import pruned_body
from keepclear.ledger.tree import Frontier
from keepclear.ledger.verifying import Columns, StoredEntry
from keepclear.model.node import Subject
from keepclear.model.operation import Mode

NODE = "0f8fad5b-d9cb-469f-a165-70867728950e"
OPERATION = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
START = datetime(2026, 3, 14, 5, 0, 0, 123_000, tzinfo=UTC)


def tree_hash(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, over leaf hashes: split at the largest power of two, and again."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + tree_hash(leaves[:split]) + tree_hash(leaves[split:])).digest()


def leaves_of(count: int) -> list[bytes]:
    return [sha256(b"%d" % number).digest() for number in range(count)]


class Kept(dict[tuple[int, int], bytes]):
    """The perfect subtrees a store would keep, with a count of how many were read."""

    def __init__(self, leaves: list[bytes]) -> None:
        super().__init__()
        self.reads = 0
        self.frontier = Frontier()
        for leaf in leaves:
            self.frontier, completed = self.frontier.appended(leaf)
            self.update({(level, index): value for level, index, value in completed})

    def node_at(self, level: int, index: int) -> bytes:
        self.reads += 1
        return self[level, index]


def record(number: int, kind: EntryKind = EntryKind.OPERATION_CHANGED, **body: JsonValue) -> Record:
    return Record(
        at=START + timedelta(seconds=number),
        actor="duty officer",
        kind=kind,
        mode=Mode.EXERCISE,
        node=NODE,
        party="BLUE",
        subject=kind.subject,
        subject_id=OPERATION,
        version=number,
        body={"designator": f"B-{number}", **body},
    )


def stored(number: int, written: Record) -> StoredEntry:
    salt, payload = sha256(b"salt %d" % number).digest()[:16], payload_of(written)
    beside = Columns(
        written.at, written.kind.value, written.subject, written.subject_id, written.version
    )
    return StoredEntry(number, salt, leaf_hash(salt, payload), payload, beside)


@dataclass
class Ledger:
    """Entries with a head after every third, and after the last."""

    entries: list[StoredEntry]
    heads: list[SignedHead] = field(default_factory=list)

    @classmethod
    def of(cls, count: int) -> Ledger:
        ledger = cls([stored(number, record(number)) for number in range(count)])
        ledger.sign_anew()
        return ledger

    def head(self, size: int) -> SignedHead:
        root = tree_hash([entry.leaf for entry in self.entries[:size]])
        return SignedHead(TreeHead(size, root, START + timedelta(seconds=size), NODE, 0), b"", "k")

    def sign_anew(self) -> None:
        sizes = sorted({*range(3, len(self.entries), 3), len(self.entries)})
        self.heads = [self.head(size) for size in sizes]

    def change(self, number: int, **fields: Any) -> None:
        self.entries[number] = self.entries[number]._replace(**fields)

    def rewrite(self, number: int) -> None:
        """Put another document, with its own right leaf, where one was."""
        self.entries[number] = stored(number, record(number, designator="forged"))

    def prune(self, *numbers: int) -> None:
        """Remove payloads and salts, and append the entry that says so."""
        for number in numbers:
            self.change(number, payload=None, salt=None)
        body = pruned_body(numbers, "agreement, article 7")
        last = len(self.entries)
        said = replace(record(last, EntryKind.PAYLOAD_PRUNED), body=body)
        assert said.subject is Subject.PAYLOAD
        self.entries.append(stored(last, said))
        self.sign_anew()
