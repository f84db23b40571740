"""A real node in a temporary folder, with a clock that tests turn; nothing here is under test."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from keepclear.formats.agreement import write_agreement
from keepclear.identity.keys import NodeKey
from keepclear.ledger.entries import EntryKind
from keepclear.model.agreement import Agreement
from keepclear.model.coverage import Coverage
from keepclear.model.node import NodeIdentity, NodeKind, Subject
from keepclear.model.operation import EndReason, Mode, Operation, OperationState
from keepclear.model.volume import Position
from keepclear.model.zone import Zone
from keepclear.ports.store import StoredOperation, Unit
from keepclear.ports.world import Geoid, Place
from keepclear.services.agreeing import file_agreement
from keepclear.services.declaring import put, state_coverage, withdraw, wording_of
from keepclear.services.expected import NEW
from keepclear.services.filing import entry_of, put_version, version_of
from keepclear.services.node import Node
from keepclear.services.picture import Picture
from keepclear.store.sqlite.opening import make_store, open_store
from samples import NOON, LevelGeoid, agreement, coverage

START = NOON - timedelta(hours=6)
"""When the nodes of tests begin."""


class SetClock:
    """A clock that stands until it is turned."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def turn(self, **by: float) -> None:
        self.at += timedelta(**by)

    def turn_to(self, at: datetime) -> None:
        self.at = at


class CountedEntropy:
    """Identifiers and bytes that are the same in every run."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def new_id(self) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, str(next(self._count))))

    def new_bytes(self, count: int) -> bytes:
        return next(self._count).to_bytes(count, "big")


class NoPlaces:
    """A gazetteer of an empty earth."""

    def nearest(self, position: Position) -> Place | None:
        del position
        return None

    def within(
        self, south_deg: float, west_deg: float, north_deg: float, east_deg: float
    ) -> tuple[Place, ...]:
        del south_deg, west_deg, north_deg, east_deg
        return ()


@dataclass(frozen=True, slots=True)
class RunningNode:
    """A node, and what tests do to it that no person could.

    Attributes:
        node: what services take.
        clock: its clock.
        folder: where its store is.
    """

    node: Node
    clock: SetClock
    folder: Path

    def take(self, operation: Operation) -> StoredOperation:
        """Take in an operation of any party, as if it had come over the line."""
        version = version_of(self.node, operation, EntryKind.OPERATION_FILED)
        entry = entry_of(self.node, version, at=self.clock.now())
        return self.node.store.write(lambda unit: put_version(unit, version, entry))

    def end(self, operation: Operation) -> StoredOperation:
        """End an operation of any party, as if its owner had said so."""
        ended = replace(
            operation,
            version=operation.version + 1,
            state=OperationState.ENDED,
            end_reason=EndReason.COMPLETED,
        )
        version = version_of(self.node, ended, EntryKind.OPERATION_ENDED)
        entry = entry_of(self.node, version, at=self.clock.now())
        return self.node.store.write(lambda unit: put_version(unit, version, entry))

    def agree(self, agreed: Agreement | bytes) -> None:
        """File an agreement."""
        from keepclear.formats.agreement import read_agreement

        toml = agreed if isinstance(agreed, bytes) else write_agreement(agreed).encode()
        read = read_agreement(toml, name="agreed")
        file_agreement(self.node, read.id, read.version, toml, expected=NEW)

    def cover(self, statement: Coverage) -> None:
        """State coverage under an id of its own."""
        state_coverage(self.node, self.node.entropy.new_id(), statement, expected=NEW)

    def declare_as(self, party: str, zone: Zone) -> None:
        """Declare a zone as another party would over the line."""
        wording = wording_of(zone, party)
        self.node.store.write(lambda unit: put(unit, self.node, wording, expected=NEW, actor=party))

    def withdraw_as(self, subject: Subject, thing_id: str) -> None:
        """Cancel another party's declaration as it would over the line."""

        def work(unit: Unit) -> None:
            current = unit.declaration(subject, thing_id)
            assert current is not None
            withdraw(unit, self.node, current, actor="")

        self.node.store.write(work)


@contextmanager
def exercise_node(
    folder: Path,
    *,
    kind: NodeKind = NodeKind.INTEGRATED,
    agreed: bool = True,
    geoid: Geoid | None = None,
    at: datetime = START,
) -> Iterator[RunningNode]:
    """BLUE's node in EXERCISE; unless told otherwise with an agreement and AMBER's coverage."""
    clock, entropy = SetClock(at), CountedEntropy()
    path = folder / "store.sqlite"
    identity = NodeIdentity("5f1d7a44-6a0c-4a0e-9a53-0f1f6c1d2e3f", "BLUE", Mode.EXERCISE, kind, at)
    if not path.exists():
        make_store(path, identity)
    store = open_store(path, signer=NodeKey.from_seed(b"\x07" * 32), entropy=entropy, clock=clock)
    try:
        surface = geoid or LevelGeoid()
        picture = Picture(store, surface)
        picture.load()
        node = Node(store, clock, entropy, surface, NoPlaces(), picture, at)
        running = RunningNode(node, clock, folder)
        if agreed and not node.picture.standing().frame.agreements:
            running.agree(agreement())
            running.cover(coverage(as_of=at - timedelta(minutes=14)))
        yield running
    finally:
        store.close()
