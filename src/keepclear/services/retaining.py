"""Let go of what need not be kept, and say in the ledger that it was let go.

The default keeps everything. Two periods may be set: how long ended operations stay in the
tables, and how old an entry's payload may become once its operation has left them. Leaves
stay for ever, so that every proof goes on holding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple, TypeVar

from keepclear.errors import InvalidInput
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.pruning import pruned_body
from keepclear.model.node import Subject
from keepclear.model.operation import OperationState
from keepclear.model.window import Window
from keepclear.ports.store import Entry, OperationQuery, Unit, View
from keepclear.services.node import Node
from keepclear.services.recording import record

SUBJECT_ID = "retention"
"""What prunings in the ledger are about."""

_Item = TypeVar("_Item")

_AT_ONCE = 200
"""So many things are let go in one unit of work, so that filings never wait long."""
_PAGE = 1_000
_BEGINNING = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept.

    Attributes:
        ended_operations_days: so long after its end an operation stays in the tables; None
            keeps it.
        payloads_days: entries about operations that have left the tables lose their payload
            once they are older than this; None keeps it.

    Raises:
        InvalidInput: a period is not at least a day, or payloads are to go while operations
            are kept for ever.
    """

    ended_operations_days: int | None = None
    payloads_days: int | None = None

    def __post_init__(self) -> None:
        for days in (self.ended_operations_days, self.payloads_days):
            if days is not None and not 1 <= days <= 36_500:
                raise InvalidInput(
                    f"a retention of {days} days is not from 1 to 36,500",
                    remedy="Give whole days, or leave it out to keep everything.",
                )
        if self.payloads_days is not None and self.ended_operations_days is None:
            raise InvalidInput(
                "payloads are to be pruned, but ended operations are kept for ever",
                remedy="Set ended_operations_days too: what is kept needs its payload.",
            )


KEEP_EVERYTHING = Retention()


class RetentionReport(NamedTuple):
    """What was let go.

    Attributes:
        operations: how many operations left the tables.
        payloads: how many entries lost their payload.
    """

    operations: int
    payloads: int


def apply_retention(node: Node, retention: Retention, *, actor: str = "") -> RetentionReport:
    """Let go of what is older than was agreed, little by little.

    Safe to run at any time and to break off: what is left over goes the next time.
    """
    now = node.now()
    operations = payloads = 0
    if retention.ended_operations_days is not None:
        before = now - timedelta(days=retention.ended_operations_days)
        with node.store.view() as view:
            due = list(_ended_before(view, before))
        for batch in _batches(due):
            operations += node.store.write(partial(_remove, ended=batch))
    if retention.payloads_days is not None:
        before = now - timedelta(days=retention.payloads_days)
        reason = f"older than {retention.payloads_days} days, its operation no longer kept"
        with node.store.view() as view:
            old = [entry.number for entry in _prunable(view, before)]
        for numbers in _batches(old):
            work = partial(_prune, node=node, numbers=numbers, reason=reason, actor=actor)
            payloads += node.store.write(work)
    return RetentionReport(operations, payloads)


def _ended_before(view: View, before: datetime) -> Iterator[tuple[str, int]]:
    """Operations that had ended by a moment, and whose planned time had passed too.

    Each with the entry of its end: one that was taken up again meanwhile is another matter.
    """
    query = OperationQuery(
        states=frozenset({OperationState.ENDED}), window=Window(_BEGINNING, before)
    )
    cursor = ""
    while True:
        page = view.find(query, cursor=cursor, limit=_PAGE)
        for stored in page.items:
            entry = view.entry(stored.entry)
            said_by_then = entry is not None and entry.at < before
            if said_by_then and stored.operation.window.end < before:
                yield stored.operation.id, stored.entry
        cursor = page.following
        if not cursor:
            return


def _remove(unit: Unit, *, ended: Sequence[tuple[str, int]]) -> int:
    removed = 0
    for operation_id, entry in ended:
        stored = unit.operation(operation_id)
        if stored is not None and stored.entry == entry:
            unit.remove_operation(operation_id)
            removed += 1
    return removed


def _prunable(view: View, before: datetime) -> Iterator[Entry]:
    """Entries with payloads about operations that have left the tables, older than a moment.

    The clock may have stepped back, so every entry is looked at.
    """
    gone: dict[str, bool] = {}
    after = -1
    while entries := view.entries(after=after, limit=_PAGE):
        after = entries[-1].number
        for entry in entries:
            if entry.subject is not Subject.OPERATION or entry.payload is None:
                continue
            if entry.at < before and _is_gone(view, entry.subject_id, gone):
                yield entry


def _is_gone(view: View, operation_id: str, gone: dict[str, bool]) -> bool:
    if operation_id not in gone:
        gone[operation_id] = view.operation(operation_id) is None
    return gone[operation_id]


def _prune(unit: Unit, *, node: Node, numbers: Sequence[int], reason: str, actor: str) -> int:
    pruned = [number for number in numbers if _may_go(unit, number) and unit.prune(number)]
    if pruned:
        subject = (Subject.PAYLOAD, SUBJECT_ID, 1)
        body = pruned_body(pruned, reason)
        kind = EntryKind.PAYLOAD_PRUNED
        unit.append(record(node.identity, kind, subject, body, at=node.now(), actor=actor))
    return len(pruned)


def _may_go(unit: Unit, number: int) -> bool:
    """Tell whether its operation is still gone: it may have been filed anew meanwhile."""
    entry = unit.entry(number)
    return entry is not None and unit.operation(entry.subject_id) is None


def _batches(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    for begin in range(0, len(items), _AT_ONCE):
        yield items[begin : begin + _AT_ONCE]
