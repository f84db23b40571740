"""What every test of a store needs: a clock, a key, entries; nothing here is under test."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keepclear.deconflict.stored import GeometryBlob
from keepclear.formats.documents.operation import operation_document
from keepclear.identity.fingerprints import key_id
from keepclear.identity.signatures import verifier_of
from keepclear.ledger.entries import EntryKind, Record, payload_of
from keepclear.ledger.pruning import pruned_body
from keepclear.ledger.verifying import (
    Columns,
    StoredEntry,
    Verification,
    VerificationReport,
    Witness,
)
from keepclear.model.node import NodeIdentity, NodeKind, Subject
from keepclear.model.operation import EndReason, Mode, Operation, OperationState
from keepclear.ports.store import NewEntry, Store, StoredOperation, Unit, View
from samples import operation

START = datetime(2026, 3, 14, 5, tzinfo=UTC)
IDENTITY = NodeIdentity(
    "2f8b7c1e-5a44-4f6e-9d0b-0a1b2c3d4e5f", "BLUE", Mode.EXERCISE, NodeKind.INTEGRATED, START
)
SHAPE = GeometryBlob(1, b"volumes", b"vertices", b"following")


class TurnedClock:
    """A clock that stands still until it is turned."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def turn(self, **by: float) -> None:
        self.at += timedelta(**by)


class CountedEntropy:
    """Bytes and ids that nobody would take for random, but none comes twice."""

    def __init__(self, seed: str = "") -> None:
        self._seed = seed
        self._drawn = count()

    def new_id(self) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self._seed}{next(self._drawn)}"))

    def new_bytes(self, count: int) -> bytes:
        drawn = hashlib.shake_256(f"{self._seed}{next(self._drawn)}".encode())
        return drawn.digest(count)


class TestKey:
    """An Ed25519 key made from a word."""

    __test__ = False

    def __init__(self, word: str = "node") -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(word.encode()).digest())
        self.public_bytes = self._key.public_key().public_bytes_raw()

    @property
    def key_id(self) -> str:
        return key_id(self.public_bytes)

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


def entry_about(
    subject: Subject,
    subject_id: str,
    version: int,
    kind: EntryKind,
    *,
    body: object = None,
    at: datetime = START,
) -> NewEntry:
    record = Record(
        at=at,
        actor="duty officer",
        kind=kind,
        mode=IDENTITY.mode,
        node=IDENTITY.id,
        party=IDENTITY.party,
        subject=subject,
        subject_id=subject_id,
        version=version,
        body=body,  # type: ignore[arg-type]  # tests give plain values
    )
    return NewEntry(at, kind.value, subject, subject_id, version, payload_of(record))


def operation_entry(one: Operation, *, at: datetime = START) -> NewEntry:
    kind = EntryKind.OPERATION_FILED if one.version == 1 else EntryKind.OPERATION_CHANGED
    return entry_about(
        Subject.OPERATION, one.id, one.version, kind, body=operation_document(one), at=at
    )


def note(text: str = "started", *, at: datetime = START) -> NewEntry:
    """An entry about the node itself."""
    return entry_about(Subject.NODE, IDENTITY.id, 0, EntryKind.NODE_STARTED, body=text, at=at)


def pruned_note(*numbers: int) -> NewEntry:
    return entry_about(
        Subject.PAYLOAD,
        "",
        0,
        EntryKind.PAYLOAD_PRUNED,
        body=pruned_body(numbers, "asked for by the agreement"),
    )


def put(
    unit: Unit,
    one: Operation,
    *,
    cells: tuple[int, ...] = (0, 1, 2),
    shape: GeometryBlob = SHAPE,
    at: datetime = START,
) -> StoredOperation:
    """Store a version with its entry, as a filing does."""
    entry = unit.append(operation_entry(one, at=at))
    live = one.state is not OperationState.ENDED
    return unit.put_operation(
        one,
        entry=entry,
        action="filed" if one.version == 1 else "changed",
        geometry=shape if live else None,
        cells=cells if live else (),
    )


def file(store: Store, one: Operation, *, cells: tuple[int, ...] = (0, 1, 2)) -> StoredOperation:
    return store.write(lambda unit: put(unit, one, cells=cells))


def plan(designator: str = "B-7731", **changes: object) -> Operation:
    return operation(designator, **changes)  # type: ignore[arg-type]  # as `operation` takes


def changed(one: Operation, **changes: object) -> Operation:
    return replace(one, version=one.version + 1, **changes)  # type: ignore[arg-type]


def ended(one: Operation) -> Operation:
    return changed(one, state=OperationState.ENDED, end_reason=EndReason.COMPLETED)


def verified(
    view: View, *, key: TestKey | None = None, witness: Witness | None = None
) -> VerificationReport:
    """What the ledger's own judge says of everything in a view."""
    verify = verifier_of([(key or TestKey()).public_bytes])
    verification = Verification(view.heads(limit=100_000), verify=verify, thorough=True)
    if witness:
        verification.against(witness)
    after = -1
    while batch := view.entries(after=after, limit=500):
        verification.take(
            StoredEntry(
                one.number,
                one.salt,
                one.leaf,
                one.payload,
                Columns(one.at, one.kind, one.subject.value, one.subject_id, one.version),
            )
            for one in batch
        )
        after = batch[-1].number
    return verification.report()
