"""Follow our own operations on every line: tell what is released, ask about what was filed.

It works from what stands in the store, not from what just happened: what was left undone by a
crash or a closed line is done the next time anybody looks.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from keepclear.disclose.levels import agreed_level
from keepclear.errors import KeepclearError
from keepclear.model.line import Line
from keepclear.model.operation import DisclosureLevel, Operation, OperationState
from keepclear.model.release import Release
from keepclear.ports.store import Unit, View
from keepclear.services.disclosing.agreed_whole import (
    agreed_coverage,
    agreed_undone,
    as_agreed,
)
from keepclear.services.disclosing.asking import asked, asked_volumes
from keepclear.services.disclosing.kept import (
    disclosure_on,
    questions_about,
    release_to,
    releases_to,
)
from keepclear.services.disclosing.levels_now import agreement_between
from keepclear.services.disclosing.presence import counted, post_presence, presence_of
from keepclear.services.disclosing.telling import (
    Told,
    ever_released_whole,
    tell_coverage,
    tell_operation,
    told_of,
)
from keepclear.services.line.pairing import lines
from keepclear.services.line.status import line_status
from keepclear.services.node import Node

_log = logging.getLogger(__name__)

MOST_ASKED = 20
"""So many operations are asked about by themselves at once; a person may ask about the others."""
_ASKING: Final = uuid.UUID("5f0b3bb0-0f0c-4f1f-8f5b-0d3f7c3b2a11")


def follow(node: Node, operation_ids: Sequence[str]) -> None:
    """Do on every line what follows from a change of these operations of ours.

    Args:
        node: ours.
        operation_ids: what changed; others' are left alone.
    """
    with node.store.view() as view:
        every = lines(view)
    for line in every:
        trouble = follow_line(node, line, operation_ids)
        if trouble:
            _log.warning("on %s not everything was told: %s", line.id, trouble)


def follow_line(node: Node, line: Line, operation_ids: Sequence[str]) -> str:
    """The same on one line; what stood against it, empty where nothing did.

    What is found here is only what may have to be done: people go on meanwhile, so each thing
    is decided anew in the unit of work that does it.
    """
    troubles: list[str] = []
    with node.store.view() as view:
        changed = _ours(view, node, operation_ids)
        due = [each for each in changed if _whole(view, each, node=node, line=line)]
        tells_coverage = bool(due) or _may_tell_coverage(view, node, line)
        to_ask = _to_ask(view, node, line, changed)
        presence = _new_presence(view, node, line)
    under = partial(_whole, node=node, line=line)
    for operation in due:
        _tried(troubles, partial(tell_operation, node, line, operation.id, under))
    if tells_coverage:
        answering = partial(_answering_for_all, node=node, line=line)
        _tried(troubles, partial(tell_coverage, node, line, answering))
    for operation in to_ask[:MOST_ASKED]:
        _tried(troubles, partial(_ask, node, line, operation.id))
    if presence:
        _tried(troubles, partial(_tell_presence, node, line))
    return "; ".join(dict.fromkeys(troubles))


def behind(node: Node) -> tuple[str, ...]:
    """Operations that a party is to know whole, and was not told in their present version."""
    now = node.now()
    found: dict[str, None] = {}
    with node.store.view() as view:
        for line in lines(view):
            told = told_of(view, line.id)
            for release in releases_to(view, line.them):
                if _is_behind(view, release, told.get(release.operation), now):
                    found[release.operation] = None
            found |= dict.fromkeys(agreed_undone(view, node, line, told))
    return tuple(found)


def _is_behind(view: View, release: Release, told: Told | None, now: datetime) -> bool:
    stored = view.operation(release.operation)
    if stored is None or release.level < DisclosureLevel.L3 or not release.holds(now):
        return False
    if told is None:
        return stored.operation.state is not OperationState.ENDED
    return told.version < stored.operation.version and not told.ended


def _ours(view: View, node: Node, operation_ids: Iterable[str]) -> list[Operation]:
    found = (view.operation(each) for each in dict.fromkeys(operation_ids))
    us = node.identity.party
    return [each.operation for each in found if each is not None and each.operation.party == us]


def _whole(view: View, operation: Operation, *, node: Node, line: Line) -> Release | None:
    """The release under which an operation is told whole; None where it is not."""
    release = release_to(view, operation.id, line.them)
    if release is None or not release.holds(node.now()):
        return as_agreed(view, node, operation, line)
    return release if release.level >= DisclosureLevel.L3 else None


def _answering_for_all(
    view: View, told: Mapping[str, Told], *, node: Node, line: Line
) -> Release | None:
    """Under which release coverage is told; None where nothing was ever told whole."""
    return ever_released_whole(view, line.them) or agreed_coverage(view, node, line, told)


def _may_tell_coverage(view: View, node: Node, line: Line) -> bool:
    if ever_released_whole(view, line.them) is not None:
        return True
    return agreed_coverage(view, node, line, told_of(view, line.id)) is not None


def _ask(node: Node, line: Line, operation_id: str) -> None:
    """Ask the other node about an operation as it is now, if that is still to be done."""

    def work(unit: Unit) -> None:
        for each in _to_ask(unit, node, line, _ours(unit, node, [operation_id])):
            name = str(uuid.uuid5(_ASKING, f"{line.id}/{each.id}/{each.version}"))
            asked(unit, node, line.id, each.id, name)

    node.store.write(work)
    node.ring()


def _to_ask(view: View, node: Node, line: Line, changed: Sequence[Operation]) -> list[Operation]:
    """Which of them the other node is to be asked about by ourselves."""
    if not changed or not disclosure_on(view, line).asks_on_filing:
        return []
    if line_status(view, line, node.now()).state.widens:
        return []  # a person may still ask, and is told why not
    return [each for each in changed if _is_to_be_asked(view, node, line, each)]


def _is_to_be_asked(view: View, node: Node, line: Line, operation: Operation) -> bool:
    if operation.state is OperationState.ENDED:
        return False
    agreement = agreement_between(node.picture.standing(), line.us, line.them, operation)
    if agreement is None:
        return False
    level = agreed_level(agreement, line.them, line.us).level
    if level not in {DisclosureLevel.L1, DisclosureLevel.L2}:
        return False
    before = [q for q in questions_about(view, line.us, operation.id) if q.line == line.id]
    if not before or before[-1].answerer != line.them:
        return True
    last = before[-1]
    if last.widened:
        return last.operation_version != operation.version
    return last.volumes != asked_volumes(operation)


def _new_presence(view: View, node: Node, line: Line) -> bool:
    """Whether the bands of what we have differ from what was told."""
    if not disclosure_on(view, line).tells_presence:
        return False
    now = counted(view, node, line, node.now())
    told = presence_of(view, line.id, line.us)
    return told is None or (told.notices, told.zones) != (now.notices, now.zones)


def _tell_presence(node: Node, line: Line) -> None:
    def work(unit: Unit) -> None:
        if _new_presence(unit, node, line):
            presence = counted(unit, node, line, node.now())
            post_presence(unit, node, line, presence, node.entropy.new_id())

    node.store.write(work)
    node.ring()


def _tried(troubles: list[str], work: Callable[[], object]) -> None:
    """Do one thing; what stands against it holds up no other."""
    try:
        work()
    except KeepclearError as error:
        troubles.append(f"{error.message}"[:300])
