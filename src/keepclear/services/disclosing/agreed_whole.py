"""What the agreement itself lets the other party know whole: told without anybody releasing it.

It stands in for a release, under the planner's role: whoever files such an operation knows from
the agreement that it is told. Only where the line's settings say that the node does so by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from keepclear.disclose.levels import agreed_level
from keepclear.ledger.moments import to_millisecond
from keepclear.model.line import Line
from keepclear.model.message import Role
from keepclear.model.operation import DisclosureLevel, Operation, OperationState
from keepclear.model.release import Release
from keepclear.ports.store import OperationQuery, View
from keepclear.services.disclosing.kept import disclosure_on
from keepclear.services.disclosing.levels_now import agreement_between, level_to
from keepclear.services.disclosing.telling import Told
from keepclear.services.node import Node

_PAGE = 500
_LIVE = frozenset(OperationState) - {OperationState.ENDED}


def as_agreed(view: View, node: Node, operation: Operation, line: Line) -> Release | None:
    """What stands in for a release of an operation; None where the agreement tells less."""
    if not disclosure_on(view, line).tells_agreed:
        return None
    agreement = agreement_between(node.picture.standing(), line.us, line.them, operation)
    now = node.now()
    if level_to(view, operation, line.them, agreement, now=now).level < DisclosureLevel.L3:
        return None
    return _in_its_stead(node, operation.id, line)


def agreed_coverage(view: View, node: Node, line: Line, told: Mapping[str, Told]) -> Release | None:
    """What stands in for a release where only coverage is to be told; None where it is not.

    What a person told is stated by a person too: only people know what else went to the other
    party, as a file perhaps, and a count of messages would contradict them.
    """
    ours = [name for name, each in told.items() if each.by_itself]
    if not ours or not disclosure_on(view, line).tells_agreed:
        return None
    return _in_its_stead(node, ours[0], line)


def agreed_undone(view: View, node: Node, line: Line, told: Mapping[str, Told]) -> Iterator[str]:
    """Own live operations that are to be told as agreed, and were not as they are now."""
    if not disclosure_on(view, line).tells_agreed or not _tells_any(node, line):
        return
    query, cursor = OperationQuery(states=_LIVE, parties=frozenset({line.us})), ""
    while True:
        page = view.find(query, cursor=cursor, limit=_PAGE)
        for each in page.items:
            operation = each.operation
            before = told.get(operation.id)
            is_told = before is not None and before.version >= operation.version
            if not is_told and as_agreed(view, node, operation, line) is not None:
                yield operation.id
        cursor = page.following
        if not cursor:
            return


def _tells_any(node: Node, line: Line) -> bool:
    """Whether any agreement tells the other party anything of ours whole."""
    agreements = (each.agreement for each in node.picture.standing().judges.all)
    return any(
        agreed_level(each, line.us, line.them, kind).level >= DisclosureLevel.L3
        for each in agreements
        if each.party(line.us) is not None and each.party(line.them) is not None
        for kind in (None, *(rule.operation_class for rule in each.disclosure))
    )


def _in_its_stead(node: Node, operation_id: str, line: Line) -> Release:
    return Release(
        operation=operation_id,
        party=line.them,
        level=DisclosureLevel.L3,
        released_by=Role.PLANNER.value,
        actor="",
        at=to_millisecond(node.now()),
        reason="as agreed",
    )
