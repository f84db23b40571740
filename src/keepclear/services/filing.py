"""File an operation, change it, say how its flight goes, end it.

Filing is never refused for a conflict: the operation is stored and answered with its
conflicts. What an answer was is kept in the ledger beside the filing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
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
from keepclear.ports.store import StoredOperation, Unit
from keepclear.services.answering import Overtaken, Prepared, answer_for, prepare, recheck
from keepclear.services.expected import NEW, Expected, require_expected
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
        kind: what the ledger calls the change.
    """

    operation: Operation
    geometry: GeometryBlob
    packed: PackedVolumes
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
    repeated = _repeated(node, operation)
    if repeated is not None:
        return repeated
    require_expected(expected, _current_version(node, operation.id), operation.designator)
    version = 1 if expected is NEW or not isinstance(expected, int) else expected + 1
    at = node.now()
    state = OperationState.PLANNED if version == 1 else _stored(node, operation.id).operation.state
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
    return Version(operation, blob_of(declared), node.packed(declared), kind)


def put_version(
    unit: Unit,
    node: Node,
    version: Version,
    *,
    at: datetime,
    actor: str = "",
    answer: Answer | None = None,
    note: str = "",
) -> StoredOperation:
    """Store one version of an operation with its ledger entry, inside a unit of work."""
    operation = version.operation
    subject = (Subject.OPERATION, operation.id, operation.version)
    said = None if answer is None else answer_record(answer)
    body = operation_document(operation)
    entry = unit.append(
        record(
            node.identity, version.kind, subject, body, at=at, actor=actor, answer=said, note=note
        )
    )
    live = operation.state is not OperationState.ENDED
    return unit.put_operation(
        operation,
        entry=entry,
        action=version.action,
        geometry=version.geometry if live else None,
        cells=cells_of(version.packed) if live else (),
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
    for _ in range(_TRIES):
        prepared = _prepared(node, step)

        def work(unit: Unit, prepared: Prepared | None = prepared) -> Filed:
            check(unit)
            answer = None
            if prepared is not None:
                answer = recheck(node, unit, step.operation, step.packed, prepared)
            at = step.operation.received_at
            stored = put_version(unit, node, step, at=at, actor=actor, answer=answer, note=note)
            return Filed(stored, answer, created)

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


def _stored(node: Node, operation_id: str) -> StoredOperation:
    with node.store.view() as view:
        stored = view.operation(operation_id)
    if stored is None:
        raise NotFound(f"there is no operation {operation_id}")
    return stored


def _current_version(node: Node, operation_id: str) -> int | None:
    with node.store.view() as view:
        stored = view.operation(operation_id)
    return None if stored is None else stored.operation.version


def _repeated(node: Node, operation: Operation) -> Filed | None:
    """What is stored already under this id with this very content; None where it differs."""
    with node.store.view() as view:
        stored = view.operation(operation.id)
    if stored is None:
        return None
    _require_ours(node, stored.operation)
    _require_live(stored.operation)
    if _said(stored.operation) != _said(operation):
        return None
    return Filed(stored, _answer_unless_ended(node, stored.operation), created=False)


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
