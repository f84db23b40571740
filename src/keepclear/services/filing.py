"""File an operation, change it, say how its flight goes, end it.

Filing is never refused for a conflict: the operation is stored and answered with its
conflicts. What an answer was is kept in the ledger beside the filing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import NamedTuple

from keepclear.deconflict.cells import cells_of
from keepclear.deconflict.packing import PackedVolumes
from keepclear.deconflict.stored import GeometryBlob, blob_of
from keepclear.errors import ModeMismatch, NodeBusy, NotFound, NotOurs, StateForbids
from keepclear.formats.documents.operation import operation_document
from keepclear.ledger.entries import EntryKind
from keepclear.model.answer import Answer
from keepclear.model.node import NodeKind, Subject
from keepclear.model.operation import EndReason, Operation, OperationState, SourceKind
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import Volume
from keepclear.ports.store import NewEntry, StoredOperation, Unit
from keepclear.services.answering import Overtaken, Prepared, answer_for, prepare, recheck
from keepclear.services.expected import Expected, require_expected
from keepclear.services.lifecycle import end_reason_of, entry_kind_of, require_next
from keepclear.services.node import Node
from keepclear.services.reading_plans import content_of
from keepclear.services.recording import answer_record, record
from keepclear.services.soundness import sound_plans

_TRIES = 4
"""So often an answer is prepared anew because an agreement or zone changed meanwhile."""


class Filed(NamedTuple):
    """What became of a filing.

    Attributes:
        stored: the operation as it is stored now.
        answer: what comes too close to it; None for one that ended.
        created: whether the node did not hold it before.
    """

    stored: StoredOperation
    answer: Answer | None
    created: bool


class Version(NamedTuple):
    """A version to be stored.

    Attributes:
        operation: its content.
        geometry: its shape, as the store keeps it.
        packed: the same as the engine compares it.
        cells: where it is, coarsely; empty once it has ended.
        kind: what the ledger calls the change.
    """

    operation: Operation
    geometry: GeometryBlob
    packed: PackedVolumes
    cells: tuple[int, ...]
    kind: EntryKind

    @property
    def action(self) -> str:
        """The change in one word ("filed")."""
        return self.kind.value.rpartition(" ")[2]


def file_operation(
    node: Node, operation: Operation, *, expected: Expected, actor: str = ""
) -> Filed:
    """File an operation of ours, or change it.

    Version, opaque version number, state and time of receipt are the node's to give. The
    same content again changes nothing and is answered as before.

    Raises:
        InvalidInput: its content is unusable.
        ModeMismatch: the node is of the other mode.
        NotOurs: it is another party's.
        StateForbids: it has ended, or this node is a line terminal and it came by hand.
        VersionMismatch, VersionMissing: somebody changed it meanwhile, or nothing was said.
    """
    _require_fileable(node, operation)
    stored = _held(node, operation.id)
    if stored is not None:
        _require_ours(node, stored.operation)
        _require_live(stored.operation)
        if _said(stored.operation) == _said(operation):
            return Filed(stored, answer_for(node, stored.operation), created=False)
    held = None if stored is None else stored.operation
    known = None if held is None else held.version
    require_expected(expected, known, operation.designator)
    version = 1 if held is None else held.version + 1
    at = node.now()
    state = OperationState.PLANNED if held is None else held.state
    fresh = _next(node, operation, version=version, state=state, at=at)
    created = version == 1
    kind = EntryKind.OPERATION_FILED if created else EntryKind.OPERATION_CHANGED
    step = version_of(node, fresh, kind)

    def check(unit: Unit) -> None:
        current = unit.operation(fresh.id)
        known = None if current is None else current.operation.version
        require_expected(expected, known, fresh.designator)
        if current is not None:
            _require_ours(node, current.operation)
            _require_live(current.operation)

    return _written(node, step, check, created=created, actor=actor)


def change_state(
    node: Node,
    operation_id: str,
    state: OperationState,
    *,
    expected: int | None,
    reason: EndReason = EndReason.NOT_ENDED,
    text: str = "",
    volumes: tuple[Volume, ...] = (),
    actor: str = "",
) -> Filed:
    """Say that an operation became active, nonconforming, contingent, or ended.

    Args:
        node: the node.
        operation_id: which operation.
        state: its state from now on.
        expected: the version the caller saw.
        reason: why it ended; left out, cancelled before its flight and completed after.
        text: in the caller's words, for the ledger.
        volumes: where it is now instead of where it was planned; empty where unchanged.
        actor: who says so.

    Raises:
        NotFound: the node never held it.
        NotOurs: it is another party's.
        StateForbids: the state cannot follow the present one.
        VersionMismatch, VersionMissing: somebody changed it meanwhile, or nothing was said.
    """
    current = _stored(node, operation_id).operation
    _require_ours(node, current)
    if state is current.state and not volumes and expected in (None, current.version - 1):
        return Filed(_stored(node, operation_id), _answer_unless_ended(node, current), False)
    require_expected(expected, current.version, current.designator)
    if state is not current.state or state is OperationState.ENDED:
        require_next(current, state)
    ended = state is OperationState.ENDED
    why = end_reason_of(current, reason) if ended else EndReason.NOT_ENDED
    fresh = _next(
        node,
        replace(current, volumes=volumes or current.volumes, end_reason=EndReason.NOT_ENDED),
        version=current.version + 1,
        state=state,
        at=node.now(),
    )
    fresh = replace(fresh, end_reason=why)
    if volumes:
        require_sound(node, fresh)
    kind = EntryKind.OPERATION_CHANGED if state is current.state else entry_kind_of(state, why)
    step = version_of(node, fresh, kind)

    def check(unit: Unit) -> None:
        now = unit.operation(operation_id)
        known = None if now is None else now.operation.version
        require_expected(expected, known, current.designator)

    return _written(node, step, check, created=False, actor=actor, note=text)


def version_of(node: Node, operation: Operation, kind: EntryKind) -> Version:
    """A version of an operation, ready to be stored."""
    declared = node.declare([operation])
    packed = node.packed(declared)
    cells = () if operation.state is OperationState.ENDED else cells_of(packed)
    return Version(operation, blob_of(declared), packed, cells, kind)


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
    live = version.operation.state is not OperationState.ENDED
    return unit.put_operation(
        version.operation,
        entry=unit.append(entry),
        action=version.action,
        geometry=version.geometry if live else None,
        cells=version.cells,
    )


def _written(
    node: Node,
    step: Version,
    check: Callable[[Unit], None],
    *,
    created: bool,
    actor: str,
    note: str = "",
) -> Filed:
    entry = partial(entry_of, node, step, at=step.operation.received_at, actor=actor, note=note)
    for _ in range(_TRIES):
        prepared = _prepared(node, step)
        answer = None if prepared is None else prepared.answer
        # Made here, so that the one writer has the less to do.
        usual = entry(answer=answer)

        def work(
            unit: Unit, prepared: Prepared | None = prepared, usual: NewEntry = usual
        ) -> Filed:
            check(unit)
            if prepared is None:
                return Filed(put_version(unit, step, usual), None, created)
            now = recheck(node, unit, step.operation, step.packed, prepared)
            made = usual if now is prepared.answer else entry(answer=now)
            return Filed(put_version(unit, step, made), now, created)

        with suppress(Overtaken):
            return node.store.write(work)
    raise NodeBusy("the agreements or zones kept changing while the answer was sought")


def _prepared(node: Node, step: Version) -> Prepared | None:
    if step.operation.state is OperationState.ENDED:
        return None
    return prepare(node, step.operation, step.packed)


def _next(
    node: Node, operation: Operation, *, version: int, state: OperationState, at: datetime
) -> Operation:
    return replace(
        operation, version=version, ovn=node.entropy.new_id(), state=state, received_at=at
    )


def _held(node: Node, operation_id: str) -> StoredOperation | None:
    with node.store.view() as view:
        return view.operation(operation_id)


def _stored(node: Node, operation_id: str) -> StoredOperation:
    stored = _held(node, operation_id)
    if stored is None:
        raise NotFound(f"there is no operation {operation_id}")
    return stored


def _said(operation: Operation) -> Operation:
    """What the caller said of an operation, without what the node gives."""
    return replace(content_of(operation), version=1, ovn="", state=OperationState.PLANNED)


def _answer_unless_ended(node: Node, operation: Operation) -> Answer | None:
    return None if operation.state is OperationState.ENDED else answer_for(node, operation)


def _require_fileable(node: Node, operation: Operation) -> None:
    identity = node.identity
    _require_ours(node, operation)
    if operation.mode is not identity.mode:
        raise ModeMismatch(
            f"{operation.designator} is {operation.mode}, the node is {identity.mode}"
        )
    if identity.kind is NodeKind.TERMINAL and operation.source.kind is SourceKind.TYPED:
        raise StateForbids(
            "this node is a line terminal: it holds released data only",
            remedy="Release the operation on your own system and take it in here as a file.",
        )
    require_sound(node, operation)


def require_sound(node: Node, operation: Operation) -> None:
    """Refuse an operation whose shapes are none, or whose coordinates are exchanged.

    Raises:
        InvalidFile: it names the volume and what to do.
    """
    agreements = node.picture.standing().frame.agreements_of(operation.party, operation.window)
    area = agreements[0].area if len(agreements) == 1 else None
    sound_plans(PlanSet((operation,)), area=area, skip_invalid=False)


def _require_ours(node: Node, operation: Operation) -> None:
    if operation.party != node.identity.party:
        raise NotOurs(
            f"{operation.designator} is of {operation.party}, "
            f"this is the node of {node.identity.party}"
        )


def _require_live(operation: Operation) -> None:
    if operation.state is OperationState.ENDED:
        raise StateForbids(f"{operation.designator} has ended ({operation.end_reason})")
