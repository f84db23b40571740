"""Tell a party what was released to it whole (L3): notices, changes, cancellations, coverage.

Each message has an id that follows from what it tells, so that telling the same again, after a
crash or from two threads, changes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple, TypeAlias

from keepclear.contact.catalogue import type_of
from keepclear.errors import StateForbids
from keepclear.formats.documents.coverage import stored_coverage
from keepclear.ledger.moments import to_millisecond
from keepclear.model.coverage import Completeness, Coverage
from keepclear.model.line import Line
from keepclear.model.message import Message, Role
from keepclear.model.node import Subject
from keepclear.model.operation import DisclosureLevel, Operation, OperationState
from keepclear.model.release import Release
from keepclear.ports.line_store import MessageQuery
from keepclear.ports.store import Unit, View
from keepclear.services.disclosing.kept import releases_to
from keepclear.services.line.messaging import Held, Releasing, held_of, send
from keepclear.services.line.notifying import notified, statement_fields
from keepclear.services.node import Node

_TELLING: Final = uuid.UUID("b2c3e5b1-3f64-4a39-9b1c-8d5f0a4b7c21")
_TOLD: Final = frozenset({"M03", "M04"})
_COVERAGE: Final = frozenset({"M29"})
_PAGE = 200

Under: TypeAlias = Callable[[View, Operation], Release | None]
"""Under which release an operation is told whole; None where it is not."""


class Told(NamedTuple):
    """What a party was told of an operation last.

    Attributes:
        version: in which version.
        ended: whether it was told that it is off.
        by_itself: whether this node ever told of it by itself, and not only a person.
    """

    version: int
    ended: bool
    by_itself: bool = False


UnderAll: TypeAlias = Callable[[View, Mapping[str, Told]], Release | None]
"""Under which release coverage is told, by what the party was told; None where it is not."""


def tell_operation(node: Node, line: Line, operation_id: str, under: Under) -> bool:
    """Give notice of an operation that is released whole, or of what changed of it.

    Args:
        node: ours.
        line: to whom.
        operation_id: which operation; told as it is once nobody else can change it.
        under: under which release it is told, asked at that moment: what was taken back
            meanwhile is not told.

    Returns:
        Whether anything was sent: False where it was told as it is, or is not to be told.

    Raises:
        InvalidMessage, NotPermitted, KeyFault: as for any notice.
    """

    def work(unit: Unit) -> bool:
        stored = unit.operation(operation_id)
        release = None if stored is None else under(unit, stored.operation)
        if stored is None or release is None:
            return False
        name = _own_name(line.id, operation_id, stored.operation.version)
        if unit.message(name) is not None:
            return False
        releasing = _releasing(release, name)
        notified(unit, node, line.id, operation_id, releasing, message_id=name)
        return True

    try:
        sent = node.store.write(work)
    except StateForbids:
        return False  # it was told as it is, or ended without ever having been told
    node.ring()
    return sent


def tell_coverage(node: Node, line: Line, under: UnderAll) -> bool:
    """Tell what our released set covers, where that differs from what was told.

    It counts what the party was told as it is now. A set that leaves anything out is not
    complete, whatever our own statement says.

    Args:
        node: ours.
        line: to whom.
        under: under which release it is told, asked as it is written; None tells nothing.

    Returns:
        Whether anything was sent: False too where we state nothing of our own set.
    """

    def work(unit: Unit) -> bool:
        told = told_of(unit, line.id)
        release = under(unit, told)
        coverage = None if release is None else _as_told(unit, line, told)
        if release is None or coverage is None:
            return False
        fields, last = statement_fields(coverage), _last_coverage(unit, line.id)
        if last is not None and dict(last.message.fields) == fields:
            return False
        now = node.now()
        message = Message(
            id=node.entropy.new_id(),
            code="M29",
            version=1 if last is None else last.message.version + 1,
            line=line.id,
            sender=line.us,
            recipient=line.them,
            from_role=Role.PLANNER.value,
            to_role=Role.DUTY_OFFICER.value,
            mode=line.mode,
            precedence=type_of("M29").precedence,
            originated_at=to_millisecond(now),
            supersedes="" if last is None else last.message.id,
            fields=fields,
        )
        send(unit, node, message, _releasing(release, node.entropy.new_id()))
        return True

    sent = node.store.write(work)
    node.ring()
    return sent


def told_of(view: View, line_id: str) -> Mapping[str, Told]:
    """What the other party was told last of each of our operations; never told are left out."""
    found: dict[str, Told] = {}
    for each in _sent(view, line_id, _TOLD):
        named: Any = each.message.fields.get("operation", {})
        name, version = str(named.get("id")), int(named.get("version", 0))
        ended = each.message.fields.get("kind") == "cancel"
        latest = found.setdefault(name, Told(version, ended))
        if each.message.id == _own_name(line_id, name, version):
            found[name] = latest._replace(by_itself=True)
    return found


def ever_released_whole(view: View, party: str) -> Release | None:
    """The last release at L3 that a party was given, ended or not; None where none was."""
    whole = [each for each in releases_to(view, party) if each.level >= DisclosureLevel.L3]
    return max(whole, key=lambda each: each.at, default=None)


def _own_name(line_id: str, operation_id: str, version: int) -> str:
    """The id of the message with which this node tells an operation by itself."""
    return str(uuid.uuid5(_TELLING, f"{line_id}/{operation_id}/{version}"))


def _as_told(view: View, line: Line, told: Mapping[str, Told]) -> Coverage | None:
    """Our latest statement, as far as it is true of what this party was told."""
    own = view.declarations_of(Subject.COVERAGE, line.us, limit=1_000)
    stated = [stored_coverage(each.body)[1] for each in own if each.live]
    if not stated:
        return None
    latest = max(stated, key=lambda each: each.as_of)
    current = sum(_is_current(view, each, told[each]) for each in told)
    # The store counts what is being filed beside this too; the picture does not know it yet.
    live = sum(
        count
        for (party, state), count in view.counts().items()
        if party == line.us and state is not OperationState.ENDED
    )
    is_whole = current == live
    completeness = tuple(
        (kind, word if is_whole or word is Completeness.NONE else Completeness.PARTIAL)
        for kind, word in latest.completeness
    )
    return replace(latest, completeness=completeness, notice_count=current)


def _is_current(view: View, operation_id: str, told: Told) -> bool:
    if told.ended or not view.is_live(operation_id):
        return False
    stored = view.operation(operation_id)
    return stored is not None and stored.operation.version == told.version


def _last_coverage(view: View, line_id: str) -> Held | None:
    return next(_sent(view, line_id, _COVERAGE), None)


def _sent(view: View, line_id: str, codes: frozenset[str]) -> Iterator[Held]:
    """What we sent on a line of some codes, the newest first; no drafts."""
    query, cursor = MessageQuery(line=line_id, codes=codes, outgoing=True), ""
    while True:
        page = view.messages(query, cursor=cursor, limit=_PAGE)
        for stored in page.items:
            if stored.entry is not None:
                yield held_of(stored)
        cursor = page.following
        if not cursor:
            return


def _releasing(release: Release, act_id: str) -> Releasing:
    """Who answers for it: whoever released the operation."""
    return Releasing(act_id, release.released_by, release.actor, reason="follows from a release")
