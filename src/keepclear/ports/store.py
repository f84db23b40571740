"""What the services ask of a store: consistent reads, and durable units of work.

A `View` is one moment of the store; a `Unit` is a view that may write, alone, inside one
transaction. What `Store.write` returned is on the disk, together with its ledger entries
and a signed head over them; what raised left nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from keepclear.deconflict.stored import BlobColumns, GeometryBlob
from keepclear.ledger.heads import SignedHead
from keepclear.model.answer import OperationRef
from keepclear.model.node import Change, NodeIdentity, Subject
from keepclear.model.operation import Operation, OperationClass, OperationState
from keepclear.model.window import Window
from keepclear.ports.line_store import Declaration, LineUnit, LineView

__all__ = [
    "Committed",
    "Declaration",
    "Draft",
    "Entry",
    "GeometryColumns",
    "NewEntry",
    "OperationChange",
    "OperationQuery",
    "Page",
    "Store",
    "StoredGeometry",
    "StoredOperation",
    "Unit",
    "View",
]

T = TypeVar("T")


class StoredOperation(NamedTuple):
    """The current version of an operation.

    Attributes:
        number: the store's own number for it, the same for all its versions.
        operation: its content.
        entry: the ledger entry that holds this version.
        change: the change that brought it.
    """

    number: int
    operation: Operation
    entry: int
    change: int


class StoredGeometry(NamedTuple):
    """The packed shape of a live operation, and what comparing needs besides."""

    number: int
    change: int
    id: str
    party: str
    operation_class: OperationClass
    received_at: datetime
    geometry: GeometryBlob


class GeometryColumns(NamedTuple):
    """The packed shapes of many live operations, part by part, as a start reads them.

    Attributes:
        numbers: ascending; every other part has one item for each.
        parties: whose they are.
        classes: what moves.
        received_s: when their versions came, seconds since 1970.
        geometry: their shapes.
    """

    numbers: Sequence[int]
    parties: Sequence[str]
    classes: Sequence[OperationClass]
    received_s: Sequence[float]
    geometry: BlobColumns


class OperationChange(NamedTuple):
    """What became of an operation since some change.

    Attributes:
        number: the store's number for it.
        change: the change that brought its current version.
        geometry: its shape now; None where it ended.
    """

    number: int
    change: int
    geometry: StoredGeometry | None


class Committed(NamedTuple):
    """What one transaction made durable.

    Attributes:
        changes: in order, without a gap to those told before.
        operations: each operation that changed, as it is now.
    """

    changes: Sequence[Change]
    operations: Sequence[OperationChange]


class Draft(NamedTuple):
    """An operation being written; local, kept with every revision for undo.

    Attributes:
        id: the id the operation will have.
        version: one more at every change, undo and redo.
        revision: which revision is current, counted from 1.
        revisions: how many there are; those above `revision` can be redone.
        content: the current revision, JSON bytes as given.
        saved_at: when it last changed.
    """

    id: str
    version: int
    revision: int
    revisions: int
    content: bytes
    saved_at: datetime


class Entry(NamedTuple):
    """One entry of the ledger.

    Attributes:
        number: counts from 0 without a gap.
        at: when, as its payload says.
        kind: what happened, as its payload says.
        subject, subject_id, version: about what.
        salt: what makes its leaf unguessable; empty where the payload is gone.
        leaf: the leaf's hash.
        payload: the stored bytes; None where withheld or pruned.
    """

    number: int
    at: datetime
    kind: str
    subject: Subject
    subject_id: str
    version: int
    salt: bytes
    leaf: bytes
    payload: bytes | None


class NewEntry(NamedTuple):
    """An entry to be appended; the store gives it number, salt and leaf.

    `payload` holds the other fields too; they stand beside it so that they can be searched.
    """

    at: datetime
    kind: str
    subject: Subject
    subject_id: str
    version: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class OperationQuery:
    """Which operations are meant; every condition must hold, an empty one always does.

    Attributes:
        states: of these states.
        parties: of these parties.
        classes: of these classes.
        text: found in designator, member, contact or id, capitals or not.
        window: live at some moment of it.
        numbers: among these.
    """

    states: frozenset[OperationState] = frozenset()
    parties: frozenset[str] = frozenset()
    classes: frozenset[OperationClass] = frozenset()
    text: str = ""
    window: Window | None = None
    numbers: frozenset[int] | None = None


class Page(NamedTuple):
    """A page of operations, in the order of their start, then number.

    Attributes:
        items: at most as many as were asked for.
        total: how many there are on all pages.
        following: the cursor of the next page; empty on the last.
    """

    items: tuple[StoredOperation, ...]
    total: int
    following: str


class View(LineView, Protocol):
    """The store at one moment."""

    @property
    def sequence(self) -> int:
        """The last change this moment knows; 0 for none."""
        ...

    def operation(self, operation_id: str) -> StoredOperation | None:
        """The current version, ended or not; None where the store never held it."""
        ...

    def is_live(self, operation_id: str) -> bool:
        """Whether the store holds an operation of that id that has not ended."""
        ...

    def operations_numbered(self, numbers: Iterable[int]) -> Mapping[int, StoredOperation]:
        """Current versions by number; numbers that are not there are left out."""
        ...

    def refs(self, numbers: Iterable[int]) -> Mapping[int, OperationRef]:
        """Names of live operations by number; those that ended or are not there are left out."""
        ...

    def find(self, query: OperationQuery, *, cursor: str = "", limit: int = 50) -> Page:
        """A page of the operations meant. Raises InvalidInput for a foreign cursor."""
        ...

    def counts(self) -> Mapping[tuple[str, OperationState], int]:
        """How many operations there are, by party and state; nothing for none."""
        ...

    def geometries(self, *, after: int = 0, limit: int = 50_000) -> Sequence[StoredGeometry]:
        """Packed shapes of live operations with numbers above `after`, ascending."""
        ...

    def geometry_columns(self, *, after: int = 0, limit: int = 50_000) -> GeometryColumns:
        """The same part by part, without an object for each, as a start reads a million."""
        ...

    def changed_near(self, cells: Sequence[int] | None, *, since: int) -> frozenset[int]:
        """Live operations changed after change `since` in one of the cells; None: anywhere."""
        ...

    def changes(self, *, after: int, limit: int = 1_000) -> Sequence[Change]:
        """Changes above `after`, ascending; empty where there are none yet."""
        ...

    def operation_changes(self, *, after: int, limit: int = 10_000) -> Sequence[OperationChange]:
        """Operations whose current version came after change `after`; by change, ascending.

        Each operation once, as it is now; what was removed is left out, it ended before.
        """
        ...

    def declarations(self, subject: Subject, *, live: bool = True) -> Sequence[Declaration]:
        """All of one sort, by id; `live=False` also those cancelled."""
        ...

    def declaration(self, subject: Subject, declaration_id: str) -> Declaration | None:
        """One of them, cancelled or not; None where the store never held it."""
        ...

    def drafts(self) -> Sequence[Draft]:
        """All drafts, the last saved first."""
        ...

    def draft(self, draft_id: str) -> Draft | None:
        """One draft; None where there is none."""
        ...

    def ledger_size(self) -> int:
        """How many entries there are."""
        ...

    def entry(self, number: int) -> Entry | None:
        """One entry; None beyond the last."""
        ...

    def entries(self, *, after: int = -1, limit: int = 1_000) -> Sequence[Entry]:
        """Entries with numbers above `after`, ascending, payloads included."""
        ...

    def entries_about(
        self, subject: Subject, subject_id: str, *, after: int = -1, limit: int = 100
    ) -> Sequence[Entry]:
        """Entries about one thing, ascending."""
        ...

    def head(self) -> SignedHead | None:
        """The last signed head; None for an empty ledger."""
        ...

    def heads(self, *, above_size: int = 0, limit: int = 1_000) -> Sequence[SignedHead]:
        """Signed heads over more than `above_size` entries, ascending."""
        ...

    def tree_node(self, level: int, index: int) -> bytes:
        """The hash of a perfect subtree; level 0 holds the leaves.

        Raises LedgerBroken where it should be there and is not.
        """
        ...


class Unit(View, LineUnit, Protocol):
    """A view that may write; all of it becomes durable, or none."""

    def put_operation(
        self,
        operation: Operation,
        *,
        entry: int,
        action: str,
        geometry: GeometryBlob | None,
        cells: Sequence[int],
    ) -> StoredOperation:
        """Store a version as the current one. No geometry and no cells once it has ended."""
        ...

    def put_declaration(self, declaration: Declaration, *, action: str, at: datetime) -> int:
        """Store a version as the current one; the change's sequence number."""
        ...

    def put_draft(self, draft_id: str, content: bytes, *, at: datetime) -> Draft:
        """Store a new revision above the current one; those above it are gone."""
        ...

    def turn_draft(self, draft_id: str, revision: int, *, at: datetime) -> Draft:
        """Make another revision the current one. Raises NotFound where there is none such."""
        ...

    def drop_draft(self, draft_id: str, *, at: datetime) -> None:
        """Remove a draft with its revisions. Raises NotFound where there is none."""
        ...

    def append(self, entry: NewEntry) -> int:
        """Append to the ledger; the entry's number."""
        ...

    def prune(self, number: int) -> bool:
        """Remove an entry's payload and salt, not its leaf; False where there was none.

        The caller appends the entry that says so. Raises StateForbids where the payload is
        the current version of an operation or declaration that is still stored.
        """
        ...

    def remove_operation(self, operation_id: str) -> None:
        """Remove an ended operation from the tables; the ledger keeps its entries."""
        ...


class Store(Protocol):
    """One node's store, opened alone by this process."""

    @property
    def identity(self) -> NodeIdentity:
        """What was fixed when it was made."""
        ...

    @property
    def epoch(self) -> int:
        """How often the node was restored from a backup; streams begin anew with it."""
        ...

    def view(self) -> AbstractContextManager[View]:
        """One moment of the store, for reading; any number at once, from any thread."""
        ...

    def write(self, work: Callable[[Unit], T]) -> T:
        """Do some work in the one writer and wait until it is durable.

        Works of several callers may share a transaction; what one raises undoes that one
        alone. The work runs in the writer's thread: short, no waiting, no other store call.

        Raises:
            NodeFault: nothing was stored; each subclass says why and what to do.
        """
        ...

    def on_change(self, listener: Callable[[Committed], None]) -> None:
        """Have what was committed told in order, in the writer's thread, before `write` returns."""
        ...

    def backup(self, path: str) -> None:
        """Write a whole, consistent copy of the store while it is in use."""
        ...

    def close(self) -> None:
        """Finish what was taken, take nothing more, and let the store go."""
        ...
