"""End our own planned operations whose time has passed without anybody saying a word.

Only what never flew: a flight that is active past its time is a matter for people.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from keepclear.ledger.entries import EntryKind
from keepclear.model.operation import EndReason, Operation, OperationState
from keepclear.ports.store import OperationQuery, Unit
from keepclear.services.filing import entry_of, put_version, version_of
from keepclear.services.node import Node

AFTER = timedelta(hours=1)
"""So long after its last moment an operation that nobody activated counts as expired."""
_TOGETHER = 200


def expire(node: Node) -> int:
    """End what expired; how many there were.

    Every one is recorded, and a flight that somebody activates meanwhile is left alone.
    """
    now = node.now()
    ended = 0
    while expired := _expired(node, now):
        ended += node.store.write(partial(_end, node=node, expired=expired, now=now))
    return ended


def _expired(node: Node, now: datetime) -> list[Operation]:
    query = OperationQuery(
        states=frozenset({OperationState.PLANNED}), parties=frozenset({node.identity.party})
    )
    found: list[Operation] = []
    cursor = ""
    with node.store.view() as view:
        while True:
            page = view.find(query, cursor=cursor, limit=1_000)
            operations = (stored.operation for stored in page.items)
            found.extend(each for each in operations if each.window.end + AFTER < now)
            cursor = page.following
            # Pages are in the order of start: what starts later than now has not expired.
            later = page.items and page.items[-1].operation.window.start > now
            if not cursor or later or len(found) >= _TOGETHER:
                return found[:_TOGETHER]


def _end(unit: Unit, *, node: Node, expired: list[Operation], now: datetime) -> int:
    ended = 0
    for operation in expired:
        current = unit.operation(operation.id)
        if current is None or current.operation != operation:
            continue
        last = replace(
            operation,
            version=operation.version + 1,
            ovn=node.entropy.new_id(),
            state=OperationState.ENDED,
            end_reason=EndReason.EXPIRED,
            received_at=now,
        )
        version = version_of(node, last, EntryKind.OPERATION_ENDED)
        entry = entry_of(node, version, at=now, actor="node", note="its time has passed")
        put_version(unit, version, entry)
        ended += 1
    return ended
