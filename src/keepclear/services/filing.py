"""File an operation, change it, say how its flight goes, end it.

Filing is never refused for a conflict: the operation is stored and answered with its
conflicts. What an answer was is kept in the ledger beside the filing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import NamedTuple

from keepclear.errors import KeepclearError, ModeMismatch, NotFound, NotOurs, StateForbids
from keepclear.ledger.entries import EntryKind
from keepclear.model.answer import Answer
from keepclear.model.node import NodeKind
from keepclear.model.operation import EndReason, Operation, OperationState, SourceKind
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import Footprint, Volume
from keepclear.ports.store import StoredOperation, Unit
from keepclear.services.answering import answer_for
from keepclear.services.expected import Expected, require_expected
from keepclear.services.lifecycle import end_reason_of, entry_kind_of, require_next
from keepclear.services.node import Node
from keepclear.services.reading_plans import content_of
from keepclear.services.soundness import sound_plans
from keepclear.services.versions import (
    Filed,
    Outcome,
    Step,
    Version,
    entry_of,
    put_version,
    store_all,
    together,
    version_of,
    versions_of,
)

__all__ = [
    "Filed",
    "Filing",
    "Version",
    "change_state",
    "entry_of",
    "file_operation",
    "file_together",
    "put_version",
    "require_sound",
    "version_of",
]


class Filing(NamedTuple):
    """What somebody asks to be filed.

    Attributes:
        operation: its content.
        expected: which version it changes.
        actor: who asks.
    """

    operation: Operation
    expected: Expected
    actor: str = ""


class _Begun(NamedTuple):
    """A filing that nothing stands against so far: its next version, and what it changes."""

    filing: Filing
    fresh: Operation
    created: bool

    @property
    def kind(self) -> EntryKind:
        return EntryKind.OPERATION_FILED if self.created else EntryKind.OPERATION_CHANGED


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
    return _or_raise(file_together(node, [Filing(operation, expected, actor)])[0])


def file_together(node: Node, filings: Sequence[Filing]) -> list[Outcome]:
    """File several as `file_operation` does each, at a fraction of the cost.

    They are filed in their order, each answered with those before it in sight. What stands
    against one is its outcome alone.
    """
    outcomes: list[Outcome] = []
    while len(outcomes) < len(filings):
        rest = filings[len(outcomes) :]
        outcomes += together(partial(_file_at_once, node), rest[: _different(rest)])
    return outcomes


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

    def check(unit: Unit) -> None:
        now = unit.operation(operation_id)
        known = None if now is None else now.operation.version
        require_expected(expected, known, current.designator)

    step = Step(version_of(node, fresh, kind), check, created=False, actor=actor, note=text)
    return _or_raise(store_all(node, [step])[0])


def _file_at_once(node: Node, filings: Sequence[Filing]) -> list[Outcome]:
    unfit = {i: fault for i, each in enumerate(filings) if (fault := _unfit(node, each))}
    fit = [each for i, each in enumerate(filings) if i not in unfit]
    _require_all_sound(node, [each.operation for each in fit])
    with node.store.view() as view:
        held = [view.operation(each.operation.id) for each in fit]
    begun = [_begun(node, *each) for each in zip(fit, held, strict=True)]
    steps = _steps(node, [each for each in begun if isinstance(each, _Begun)])
    stored = iter(store_all(node, steps))
    outcomes = iter([next(stored) if isinstance(one, _Begun) else one for one in begun])
    return [unfit[i] if i in unfit else next(outcomes) for i in range(len(filings))]


def _unfit(node: Node, filing: Filing) -> KeepclearError | None:
    try:
        _require_fileable(node, filing.operation)
    except KeepclearError as error:
        return error
    return None


def _begun(node: Node, filing: Filing, stored: StoredOperation | None) -> _Begun | Outcome:
    """The next version, or what became of the filing already."""
    operation = filing.operation
    held = None if stored is None else stored.operation
    try:
        if held is not None:
            _require_ours(node, held)
            _require_live(held)
        if stored is not None and held is not None and _said(held) == _said(operation):
            return Filed(stored, answer_for(node, held), created=False)
        known = None if held is None else held.version
        require_expected(filing.expected, known, operation.designator)
    except KeepclearError as error:
        return error
    version = 1 if held is None else held.version + 1
    state = OperationState.PLANNED if held is None else held.state
    fresh = _next(node, operation, version=version, state=state, at=node.now())
    return _Begun(filing, fresh, created=version == 1)


def _steps(node: Node, begun: Sequence[_Begun]) -> list[Step]:
    versions = versions_of(node, [(each.fresh, each.kind) for each in begun])
    return [
        Step(version, partial(_recheck, node, each.filing), each.created, each.filing.actor)
        for version, each in zip(versions, begun, strict=True)
    ]


def _recheck(node: Node, filing: Filing, unit: Unit) -> None:
    """Refuse a filing that came too late: somebody has changed the operation meanwhile."""
    operation = filing.operation
    current = unit.operation(operation.id)
    known = None if current is None else current.operation.version
    require_expected(filing.expected, known, operation.designator)
    if current is not None:
        _require_ours(node, current.operation)
        _require_live(current.operation)


def _or_raise(outcome: Outcome) -> Filed:
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _different(filings: Sequence[Filing]) -> int:
    """How many of the first are of different operations; the next has to find them stored."""
    ids = {each.operation.id: i for i, each in reversed(list(enumerate(filings)))}
    return next((i for i, each in enumerate(filings) if ids[each.operation.id] < i), len(filings))


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


def require_sound(node: Node, operation: Operation) -> None:
    """Refuse an operation whose shapes are none, or whose coordinates are exchanged.

    Raises:
        InvalidFile: it names the volume and what to do.
    """
    _require_all_sound(node, [operation])


def _require_all_sound(node: Node, operations: Sequence[Operation]) -> None:
    frame = node.picture.standing().frame
    by_area: dict[int, tuple[Footprint | None, list[Operation]]] = {}
    for operation in operations:
        agreements = frame.agreements_of(operation.party, operation.window)
        area = agreements[0].area if len(agreements) == 1 else None
        by_area.setdefault(id(area), (area, []))[1].append(operation)
    for area, some in by_area.values():
        sound_plans(PlanSet(tuple(some)), area=area, skip_invalid=False)


def _require_ours(node: Node, operation: Operation) -> None:
    if operation.party != node.identity.party:
        raise NotOurs(
            f"{operation.designator} is of {operation.party}, "
            f"this is the node of {node.identity.party}"
        )


def _require_live(operation: Operation) -> None:
    if operation.state is OperationState.ENDED:
        raise StateForbids(f"{operation.designator} has ended ({operation.end_reason})")
