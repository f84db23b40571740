"""Versions of operations: made ready, answered, rechecked and stored, several at once.

What several cost together is far less than what each costs alone: one packing, one picture,
one transaction. Each is answered, refused and stored for itself all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple, TypeAlias, TypeVar

from keepclear.deconflict.cells import cells_of
from keepclear.deconflict.packing import PackedVolumes, packed_for, part
from keepclear.deconflict.stored import GeometryBlob, blobs_of
from keepclear.errors import KeepclearError, NodeBusy
from keepclear.formats.documents.operation import operation_document
from keepclear.ledger.entries import EntryKind
from keepclear.model.agreement import Atmosphere
from keepclear.model.answer import Answer
from keepclear.model.node import Subject
from keepclear.model.operation import Operation, OperationState
from keepclear.ports.store import NewEntry, StoredOperation, Unit
from keepclear.services.answering import Overtaken, Prepared, prepare_all, recheck
from keepclear.services.node import Node
from keepclear.services.recording import answer_record, body_of, record

T = TypeVar("T")
R = TypeVar("R")
_TRIES = 4
"""So often an answer is prepared anew because an agreement or zone changed meanwhile."""


class Filed(NamedTuple):
    """What became of a filing.

    Attributes:
        stored: the operation as it is stored now.
        answer: what comes too close to it; None for one that ended.
        created: whether the node did not hold it before.
        document: the operation as the ledger has it, canonical JSON; empty where it was
            stored before.
    """

    stored: StoredOperation
    answer: Answer | None
    created: bool
    document: bytes = b""


Outcome: TypeAlias = Filed | Exception
"""What became of one filing among several: stored and answered, or why not."""


class Version(NamedTuple):
    """A version to be stored.

    Attributes:
        operation: its content.
        geometry: its shape, as the store keeps it.
        packed: the same as the engine compares it.
        cells: where it is, coarsely; empty once it has ended.
        kind: what the ledger calls the change.
        air: the bounds of the air under which it is packed; None where nobody asks again.
    """

    operation: Operation
    geometry: GeometryBlob
    packed: PackedVolumes
    cells: tuple[int, ...]
    kind: EntryKind
    air: Atmosphere | None = None

    @property
    def action(self) -> str:
        """The change in one word ("filed")."""
        return self.kind.value.rpartition(" ")[2]


class Step(NamedTuple):
    """A version that somebody asks to be stored.

    Attributes:
        version: the version.
        check: raises, in the transaction, where it must not be stored after all.
        created: whether the node did not hold the operation before.
        actor: who asks.
        note: why, in that person's words.
    """

    version: Version
    check: Callable[[Unit], None]
    created: bool
    actor: str = ""
    note: str = ""


class _Ready(NamedTuple):
    """A step with its answer, and the entry that goes with that answer."""

    step: Step
    prepared: Prepared | None
    entry: NewEntry


def version_of(node: Node, operation: Operation, kind: EntryKind) -> Version:
    """A version of an operation, ready to be stored."""
    return versions_of(node, [(operation, kind)])[0]


def versions_of(node: Node, changed: Sequence[tuple[Operation, EntryKind]]) -> list[Version]:
    """Versions of several operations, ready to be stored."""
    operations = [operation for operation, _ in changed]
    declared, air = node.declare(operations), node.picture.atmosphere
    packed = packed_for(declared, air)
    blobs = blobs_of(declared, len(operations))
    versions: list[Version] = []
    begin = 0
    for (operation, kind), blob in zip(changed, blobs, strict=True):
        own = part(packed, begin, begin + len(operation.volumes))
        begin += len(operation.volumes)
        cells = () if operation.state is OperationState.ENDED else cells_of(own)
        versions.append(Version(operation, blob, own, cells, kind, air))
    return versions


def entry_of(
    node: Node,
    version: Version,
    *,
    at: datetime,
    actor: str = "",
    answer: Answer | None = None,
    note: str = "",
) -> NewEntry:
    """The ledger entry of a version."""
    operation = version.operation
    subject = (Subject.OPERATION, operation.id, operation.version)
    said = None if answer is None else answer_record(answer)
    body = operation_document(operation)
    return record(
        node.identity, version.kind, subject, body, at=at, actor=actor, answer=said, note=note
    )


def put_version(unit: Unit, version: Version, entry: NewEntry) -> StoredOperation:
    """Store one version of an operation with its ledger entry, inside a unit of work."""
    live = _is_live(version)
    return unit.put_operation(
        version.operation,
        entry=unit.append(entry),
        action=version.action,
        geometry=version.geometry if live else None,
        cells=version.cells,
    )


def store_all(node: Node, steps: Sequence[Step]) -> list[Outcome]:
    """Answer and store versions of different operations; what stands against one is its alone."""
    outcomes: dict[int, Outcome] = {}
    waiting = list(range(len(steps)))
    for _ in range(_TRIES):
        some = together(partial(_stored_at_once, node), [steps[i] for i in waiting])
        outcomes.update(zip(waiting, some, strict=True))
        waiting = [i for i in waiting if isinstance(outcomes[i], Overtaken)]
        if not waiting:
            break
    for i in waiting:
        outcomes[i] = NodeBusy("the agreements or zones kept changing while the answer was sought")
    return [outcomes[i] for i in range(len(steps))]


def together(
    work: Callable[[Sequence[T]], list[R | Exception]], items: Sequence[T]
) -> list[R | Exception]:
    """Do a work for all items at once; where it fails, for each alone.

    So the one that it fails for takes no other with it. A work that fails leaves nothing.
    """
    try:
        return work(items)
    except Exception as error:  # noqa: BLE001  (whatever it is goes to the one it concerns)
        if len(items) == 1:
            return [error]
        return [outcome for item in items for outcome in together(work, [item])]


def _stored_at_once(node: Node, steps: Sequence[Step]) -> list[Outcome]:
    air = node.picture.atmosphere
    steps = [_under(node, air, each) for each in steps]
    live = [each.version for each in steps if _is_live(each.version)]
    answered = iter(prepare_all(node, [(each.operation, each.packed) for each in live]))
    # Entries are made here, so that the one writer has the less to do.
    ready = [
        _ready(node, step, next(answered) if _is_live(step.version) else None) for step in steps
    ]
    node.picture.expect([(each.geometry, each.packed) for each in live], air)
    if node.picture.atmosphere != air:
        return [Overtaken()] * len(steps)

    def work(unit: Unit) -> list[Outcome]:
        stored: set[str] = set()
        return [_put(node, unit, each, stored) for each in ready]

    return node.store.write(work)


def _put(node: Node, unit: Unit, ready: _Ready, stored: set[str]) -> Outcome:
    """Store one, or say what stands against it; then nothing of it has been written."""
    step, prepared, entry = ready
    answer = None
    try:
        step.check(unit)
        if prepared is not None:
            operation, packed = step.version.operation, step.version.packed
            answer = recheck(node, unit, operation, packed, prepared, stored=stored)
    except (KeepclearError, Overtaken) as error:
        return error
    if prepared is not None and answer is not prepared.answer:
        entry = _entry(node, step, answer)
    stored.add(step.version.operation.id)
    now = put_version(unit, step.version, entry)
    return Filed(now, answer, step.created, body_of(entry))


def _under(node: Node, air: Atmosphere, step: Step) -> Step:
    """The step, packed anew where an agreement has widened or narrowed the air meanwhile."""
    version = step.version
    if version.air == air:
        return step
    return step._replace(version=version_of(node, version.operation, version.kind))


def _ready(node: Node, step: Step, prepared: Prepared | None) -> _Ready:
    answer = None if prepared is None else prepared.answer
    return _Ready(step, prepared, _entry(node, step, answer))


def _entry(node: Node, step: Step, answer: Answer | None) -> NewEntry:
    at = step.version.operation.received_at
    return entry_of(node, step.version, at=at, actor=step.actor, answer=answer, note=step.note)


def _is_live(version: Version) -> bool:
    return version.operation.state is not OperationState.ENDED
