"""What a newer set of operations changes in those a node holds, decided without a store.

Only an operation's owner changes it. Of another party the higher version stands, as they
count it. Of our own party a file is our own hand: versions and states are counted by this
node, and a file that was written from an older version overwrites nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from keepclear.errors import InvalidFile
from keepclear.formats.reading import derived_id
from keepclear.ledger.entries import EntryKind
from keepclear.model.operation import EndReason, Operation, OperationState
from keepclear.services.lifecycle import NEXT, end_reason_of, entry_kind_of
from keepclear.services.reading_plans import content_of

IN_FLIGHT = frozenset(
    {OperationState.ACTIVE, OperationState.NONCONFORMING, OperationState.CONTINGENT}
)
"""States in which a list that no longer names the operation does not end it."""

Held = Callable[[str], Operation | None]
"""The current version of an operation by id; None where the node holds none."""


class Step(NamedTuple):
    """One operation to be stored.

    Attributes:
        operation: as it is to be stored.
        kind: what the ledger calls it.
        is_new: whether the node held none of its id.
    """

    operation: Operation
    kind: EntryKind
    is_new: bool


class Left(NamedTuple):
    """Something that was left as it is, and why."""

    name: str
    reason: str


@dataclass(slots=True)
class Renewal:
    """What is to be done with a set.

    Attributes:
        steps: what is to be stored, in the order of the set, ends last.
        unchanged: how many operations are held already just so.
        left: operations of the set that change nothing although they differ.
        quarrels: operations that cannot be taken; their owner must say which is meant.
        ids: of every operation the set names, taken or not.
    """

    steps: list[Step] = field(default_factory=list)
    unchanged: int = 0
    left: list[Left] = field(default_factory=list)
    quarrels: list[InvalidFile] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Renewing:
    """How a set is compared with what is held.

    Attributes:
        held: looks up what the node holds.
        own_party: whose node it is.
        at: when the set was received, by this node's clock.
        new_ovn: draws a fresh opaque version number for operations of our own.
    """

    held: Held
    own_party: str
    at: datetime
    new_ovn: Callable[[], str]

    def renewal(self, operations: Iterable[Operation]) -> Renewal:
        """Decide for each operation of a set, which holds each id once."""
        renewal = Renewal()
        for operation in operations:
            mine = operation.party == self.own_party
            given = self._under_a_living_id(operation)
            held = self.held(given.id)
            renewal.ids.add(given.id)
            if held is not None and held.party != given.party:
                renewal.quarrels.append(_foreign(given, held))
            elif held is None:
                renewal.steps.append(Step(self._received(given), EntryKind.OPERATION_FILED, True))
            elif mine:
                self._ours(given, held, renewal)
            else:
                self._theirs(given, held, renewal)
        return renewal

    def ends(self, live: Iterable[Operation], kept_ids: frozenset[str]) -> Renewal:
        """Decide which live operations end because the whole set no longer names them.

        What is in flight is never ended by its absence from a list.
        """
        renewal = Renewal()
        for operation in live:
            if operation.id in kept_ids:
                continue
            if operation.state in IN_FLIGHT:
                name = _name(operation)
                renewal.left.append(
                    Left(name, f"it is {operation.state}; the set does not name it, it stays")
                )
                continue
            mine = operation.party == self.own_party
            ended = replace(
                operation,
                state=OperationState.ENDED,
                end_reason=EndReason.WITHDRAWN,
                version=operation.version + 1 if mine else operation.version,
                ovn=self.new_ovn() if mine else operation.ovn,
            )
            renewal.steps.append(Step(ended, EntryKind.OPERATION_ENDED, False))
        return renewal

    def _received(self, operation: Operation) -> Operation:
        mine = operation.party == self.own_party
        return replace(
            operation, received_at=self.at, ovn=self.new_ovn() if mine else operation.ovn
        )

    def _under_a_living_id(self, operation: Operation) -> Operation:
        """The operation under an id that has not ended, where its id was only derived.

        Who gives no ids names tomorrow's flight as today's; it is another operation.
        """
        if operation.id != derived_id(operation.party, operation.designator):
            return operation
        given, turn = operation, 1
        while (held := self.held(given.id)) is not None and _is_over(held, given):
            turn += 1
            again = derived_id(operation.party, f"{operation.designator} ({turn})")
            given = replace(operation, id=again)
        return given

    def _ours(self, given: Operation, held: Operation, renewal: Renewal) -> None:
        revived = held.end_reason is EndReason.WITHDRAWN
        if held.state is OperationState.ENDED and not revived:
            if _same_plan(given, held):
                renewal.unchanged += 1
            else:
                renewal.left.append(Left(_name(given), "it has ended; file it under a new id"))
            return
        counted = replace(_settled(given, held), version=held.version, ovn=held.ovn)
        if _same(counted, held):
            renewal.unchanged += 1
        elif not revived and _is_outdated(given, held):
            renewal.left.append(
                Left(_name(given), f"the file holds an older version; here is {held.version}")
            )
        else:
            changed = replace(
                counted, version=held.version + 1, ovn=self.new_ovn(), received_at=self.at
            )
            renewal.steps.append(Step(changed, _kind(changed, held), False))

    def _theirs(self, given: Operation, held: Operation, renewal: Renewal) -> None:
        revived = held.end_reason is EndReason.WITHDRAWN
        if given.version < held.version:
            renewal.left.append(
                Left(
                    _name(given),
                    f"the file holds version {given.version}; here is {held.version}",
                )
            )
        elif given.version > held.version or revived:
            changed = replace(given, received_at=self.at)
            renewal.steps.append(Step(changed, _kind(changed, held), False))
        elif _same(replace(given, ovn=held.ovn), held):
            renewal.unchanged += 1
        else:
            renewal.quarrels.append(
                _refusal(
                    given,
                    f"{given.designator} version {given.version} is not what this node holds "
                    "under the same version",
                    "Ask its owner which is meant; a changed operation has a higher version.",
                )
            )


def _settled(given: Operation, held: Operation) -> Operation:
    """An operation of ours in the state the file says, where that may follow; else as it is.

    A list that counts no states says planned of what has taken off already.
    """
    if given.state is OperationState.ENDED:
        return replace(given, end_reason=end_reason_of(held, given.end_reason))
    if held.end_reason is EndReason.WITHDRAWN or given.state in NEXT[held.state]:
        return given
    return replace(given, state=held.state)


def _is_over(held: Operation, given: Operation) -> bool:
    """Tell whether what is held has ended for good and what is given is another flight."""
    ended = held.state is OperationState.ENDED and held.end_reason is not EndReason.WITHDRAWN
    return ended and given.state is not OperationState.ENDED and not _same_plan(given, held)


def _is_outdated(given: Operation, held: Operation) -> bool:
    """Tell whether a file of ours was written from an older version than is held.

    The opaque version number tells for sure. Without one, version 1 is what readers take
    where a file counts no versions, and says nothing.
    """
    if given.ovn:
        return given.ovn != held.ovn
    return 1 < given.version < held.version


def _same(one: Operation, other: Operation) -> bool:
    return content_of(one) == content_of(other)


def _same_plan(one: Operation, other: Operation) -> bool:
    """Tell whether two versions plan the same, whatever has become of them."""
    return _same(
        replace(
            one,
            id=other.id,
            version=other.version,
            ovn=other.ovn,
            state=other.state,
            end_reason=other.end_reason,
        ),
        other,
    )


def _kind(operation: Operation, held: Operation) -> EntryKind:
    if operation.state not in (held.state, OperationState.PLANNED):
        return entry_kind_of(operation.state, operation.end_reason)
    return EntryKind.OPERATION_CHANGED


def _foreign(given: Operation, held: Operation) -> InvalidFile:
    return _refusal(
        given,
        f"{given.designator} of {given.party} has the id of {held.designator} of {held.party}",
        "Give each operation its own id; only its owner changes an operation.",
    )


def _refusal(operation: Operation, message: str, remedy: str) -> InvalidFile:
    source = operation.source
    return InvalidFile(
        message,
        file=source.name or source.kind.value,
        feature=source.feature or operation.designator,
        remedy=remedy,
    )


def _name(operation: Operation) -> str:
    return f"{operation.party} {operation.designator}"
