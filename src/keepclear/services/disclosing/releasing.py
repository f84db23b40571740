"""Release an operation to a party at a level, take the release back, say what holds now.

A release at L3 tells the operation at once, and from then on its changes and its end, for as
long as the release holds. Taking it back unsays nothing: the other side keeps what it was told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from keepclear.contact.catalogue import type_of
from keepclear.contact.catalogue.releasing import require_release
from keepclear.disclose.levels import Effective, effective_level
from keepclear.errors import InvalidInput, NotFound, NotOurs, StateForbids
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.line import Line
from keepclear.model.node import Subject
from keepclear.model.operation import DisclosureLevel, Operation, Precedence
from keepclear.model.release import Release, release_id
from keepclear.ports.store import Unit, View
from keepclear.services.disclosing.asking import own_live
from keepclear.services.disclosing.following import follow_line
from keepclear.services.disclosing.kept import keep_release, release_to
from keepclear.services.disclosing.levels_now import agreement_between
from keepclear.services.disclosing.telling import told_of
from keepclear.services.expected import Expected, require_expected
from keepclear.services.line.pairing import lines
from keepclear.services.line.watch_roles import role_on_watch
from keepclear.services.node import Node

_RUNS_OUT = "until"


class Giving(NamedTuple):
    """What is released, and by whom.

    Attributes:
        level: how much.
        role: as what the person is on duty.
        until: until when; None for as long as the operation lives.
        reason: in their words.
        actor: how they call themselves.
    """

    level: DisclosureLevel
    role: str
    until: datetime | None = None
    reason: str = ""
    actor: str = ""


class Released(NamedTuple):
    """What became of a release.

    Attributes:
        release: as it stands.
        version: of its record.
        created: whether there was none before.
        trouble: why nothing was told although it is released whole; empty where it was.
    """

    release: Release
    version: int
    created: bool
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """How much one party may learn of an operation now.

    Attributes:
        party: which.
        line: the line to it; empty for none.
        effective: at which level, and why.
        release: what was released to it, now or before; None for nothing ever.
        version: of that record; 0 for none.
        told_version: in which version it was told whole; None where it never was.
    """

    party: str
    line: str
    effective: Effective
    release: Release | None
    version: int
    told_version: int | None


def release(
    node: Node, operation_id: str, party: str, giving: Giving, *, expected: Expected
) -> Released:
    """Release an operation of ours to a party, or change what was released.

    Raises:
        NotFound: there is no such operation, or no line to that party.
        NotOurs: the operation is another party's.
        StateForbids: it has ended, or no agreement binds both.
        InvalidInput: the level or its end cannot be.
        NotPermitted: the role may not.
        VersionMissing, VersionMismatch: somebody changed it meanwhile, or nothing was said.
    """
    _require_level(giving, node.now())

    def work(unit: Unit) -> tuple[Released, Line]:
        operation, line = own_live(unit, node, operation_id), _line_to(unit, node, party)
        role = _permitted(unit, node, operation, giving.role)
        if agreement_between(node.picture.standing(), line.us, party, operation) is None:
            raise StateForbids(
                f"no agreement binds {line.us} and {party} in the time of {operation.designator}",
                remedy="File and sign one first.",
            )
        before = _expected(unit, operation_id, party, expected)
        given = Release(
            operation=operation.id,
            party=party,
            level=giving.level,
            released_by=role,
            actor=giving.actor,
            at=to_millisecond(node.now()),
            until=giving.until,
            reason=giving.reason,
        )
        if before is not None and _same(before, given):
            return Released(before, _version(unit, given.id), created=False), line
        kind = EntryKind.RELEASE_GIVEN if before is None else EntryKind.RELEASE_CHANGED
        kept = keep_release(unit, node, given, kind, actor=giving.actor, note=giving.reason)
        due = [] if giving.until is None else [(_RUNS_OUT, giving.until)]
        unit.put_deadlines(Subject.RELEASE, given.id, due)
        return Released(given, kept.declaration.version, kept.created), line

    released, line = node.store.write(work)
    node.ring()
    if released.release.level < DisclosureLevel.L3:
        return released
    return released._replace(trouble=follow_line(node, line, [operation_id]))


def withdraw(
    node: Node,
    operation_id: str,
    party: str,
    *,
    role: str,
    expected: Expected,
    reason: str = "",
    actor: str = "",
) -> Released:
    """Take a release back; the agreement's level holds again from now on.

    Raises:
        NotFound: nothing was released.
        NotPermitted: the role may not.
        VersionMissing, VersionMismatch: somebody changed it meanwhile, or nothing was said.
    """

    def work(unit: Unit) -> tuple[Released, Line]:
        line, before = _line_to(unit, node, party), release_to(unit, operation_id, party)
        if before is None:
            raise NotFound(f"nothing of {operation_id} was released to {party}")
        stored = unit.operation(operation_id)
        words = _permitted(unit, node, None if stored is None else stored.operation, role)
        if before.ended_at is not None:
            return Released(before, _version(unit, before.id), created=False), line
        _expected(unit, operation_id, party, expected)
        ended = replace(before, ended_at=to_millisecond(node.now()), ended_by=words)
        kind = EntryKind.RELEASE_WITHDRAWN
        kept = keep_release(unit, node, ended, kind, actor=actor, note=reason)
        unit.put_deadlines(Subject.RELEASE, ended.id, [])
        return Released(ended, kept.declaration.version, created=False), line

    released, line = node.store.write(work)
    node.ring()
    return released._replace(trouble=follow_line(node, line, [operation_id]))


def shown_to(view: View, node: Node, operation_id: str) -> tuple[Shown, ...]:
    """How much each party on a line of ours may learn of an operation now, by party.

    Raises:
        NotFound: the node never held it.
        NotOurs: it is another party's; only its owner knows.
    """
    stored = view.operation(operation_id)
    if stored is None:
        raise NotFound(f"there is no operation {operation_id}")
    operation = stored.operation
    _require_ours(node, operation)
    now, standing = node.now(), node.picture.standing()
    found = []
    for line in lines(view):
        agreement = agreement_between(standing, line.us, line.them, operation)
        given = release_to(view, operation_id, line.them)
        told = told_of(view, line.id).get(operation_id)
        found.append(
            Shown(
                party=line.them,
                line=line.id,
                effective=effective_level(operation, line.them, agreement, given, now=now),
                release=given,
                version=_version(view, release_id(operation_id, line.them)),
                told_version=None if told is None else told.version,
            )
        )
    return tuple(sorted(found, key=lambda each: each.party))


def _require_ours(node: Node, operation: Operation) -> None:
    if operation.party != node.identity.party:
        raise NotOurs(f"{operation.designator} is of {operation.party}; only it knows")


def _require_level(giving: Giving, now: datetime) -> None:
    if giving.level is DisclosureLevel.L4:
        raise InvalidInput(
            "level: no tracks are sent by this keepclear", remedy="Release it at L3."
        )
    if giving.until is not None and giving.until <= now:
        raise InvalidInput("until: that is past", remedy="Give a time that is still to come.")


def _permitted(view: Unit, node: Node, operation: Operation | None, role: str) -> str:
    """The role in its one spelling, where it may release a notice of the operation."""
    words = role_on_watch(view, node, role)
    haste = Precedence.ROUTINE if operation is None else operation.precedence
    require_release(type_of("M03"), haste, words, people=("", ""))
    return words


def _line_to(view: View, node: Node, party: str) -> Line:
    found = next((each for each in lines(view) if each.them == party), None)
    if found is None:
        raise NotFound(
            f"there is no line from {node.identity.party} to {party}",
            remedy="Add the other party's node with `keepclear peer add`.",
        )
    return found


def _expected(view: View, operation_id: str, party: str, expected: Expected) -> Release | None:
    before = release_to(view, operation_id, party)
    known = None if before is None else _version(view, before.id)
    require_expected(expected, known, f"release to {party}")
    return before


def _version(view: View, name: str) -> int:
    found = view.declaration(Subject.RELEASE, name)
    return 0 if found is None else found.version


def _same(before: Release, given: Release) -> bool:
    return before == replace(given, at=before.at)
