"""At which level other parties learn of our operations now, and what is not released at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from keepclear.disclose.levels import Effective, agreed_level, effective_level
from keepclear.model.agreement import Agreement
from keepclear.model.operation import DisclosureLevel, Operation, OperationState
from keepclear.ports.store import View
from keepclear.services.disclosing.kept import release_to, releases_to
from keepclear.services.judging import Judge
from keepclear.services.node import Node
from keepclear.services.picture import Standing

_PAGE = 5_000


def level_to(
    view: View,
    operation: Operation,
    party: str,
    agreement: Agreement | None,
    *,
    now: datetime,
    member: str = "",
) -> Effective:
    """The level at which a party learns of one of our operations now."""
    release = release_to(view, operation.id, party)
    return effective_level(operation, party, agreement, release, now=now, member=member)


def agreement_between(
    standing: Standing, one: str, other: str, operation: Operation
) -> Agreement | None:
    """The agreement that binds two parties in the time of an operation; None for none."""
    return next((each.agreement for each in judges_between(standing, one, other, operation)), None)


def judges_between(
    standing: Standing, one: str, other: str, operation: Operation
) -> tuple[Judge, ...]:
    """Every agreement that binds two parties in the time of an operation."""
    window = operation.window
    return tuple(
        judge
        for judge in standing.judges.all
        if judge.binds(one) and judge.binds(other) and judge.agreement.valid.gap_s(window) <= 0.0
    )


def withholds(
    view: View, node: Node, standing: Standing, party: str, agreement: Agreement, now: datetime
) -> bool:
    """Whether any live operation of ours is not released to a party even at L1.

    It does not ask where: an answer that depended on the place would tell it.
    """
    us = node.identity.party
    notices = standing.notices.get(us)
    if notices is None or not notices.number:
        return False
    agreed = (agreed_level(agreement, us, party, each).level for each in notices.classes)
    if any(level is DisclosureLevel.L0 for level in agreed):
        return True
    if any(
        each.level is DisclosureLevel.L0 and each.holds(now) and view.is_live(each.operation)
        for each in releases_to(view, party)
    ):
        return True
    return any(_is_at_l0(view, each, party, now) for each in _at_l0(view, node, standing))


def _is_at_l0(view: View, operation_id: str, party: str, now: datetime) -> bool:
    """Whether an operation filed at L0 was not released to a party after all."""
    release = release_to(view, operation_id, party)
    return release is None or not release.holds(now) or release.level is DisclosureLevel.L0


def _at_l0(view: View, node: Node, standing: Standing) -> Iterable[str]:
    """The ids of our live operations that were filed at L0.

    What the picture does not know yet may still be undone, so it counts and is not remembered.
    """
    known = node.at_l0
    with known.lock:
        ids, sequence = set(known.ids), known.sequence
        while changed := view.operation_changes(after=sequence, limit=_PAGE):
            _follow(view, node, ids, [each.number for each in changed])
            sequence = changed[-1].change
        if sequence <= standing.sequence:
            known.ids, known.sequence = ids, sequence
        return ids


def _follow(view: View, node: Node, ids: set[str], numbers: Sequence[int]) -> None:
    for stored in view.operations_numbered(numbers).values():
        operation = stored.operation
        is_ours = operation.party == node.identity.party
        is_live = operation.state is not OperationState.ENDED
        if is_ours and is_live and operation.level is DisclosureLevel.L0:
            ids.add(operation.id)
        else:
            ids.discard(operation.id)
