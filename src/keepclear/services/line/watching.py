"""Who is on watch: take it, hand it over, and tell the other parties by role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from keepclear.contact.catalogue import type_of
from keepclear.errors import (
    InvalidInput,
    InvalidMessage,
    KeyFault,
    NotFound,
    NotOurs,
    NotPermitted,
)
from keepclear.formats.documents.watch import stored_watch
from keepclear.formats.times import iso_text
from keepclear.ledger.entries import EntryKind
from keepclear.model.line import Line
from keepclear.model.message import Message, Role
from keepclear.model.node import Subject
from keepclear.model.operation import Precedence
from keepclear.model.watch import Watch
from keepclear.ports.store import Declaration, Unit, View
from keepclear.services.expected import Expected
from keepclear.services.line.keeping import Kept, arm, content_of, keep
from keepclear.services.line.messaging_releasing import Releasing, send
from keepclear.services.line.pairing import lines
from keepclear.services.line.told_records import watch_fields
from keepclear.services.line.watch_stated import DEADLINE
from keepclear.services.node import Node

CODE = "M02"
_KINDS = (EntryKind.WATCH_BEGUN, EntryKind.WATCH_CHANGED)


@dataclass(frozen=True, slots=True)
class Watches:
    """Who is on duty on both ends.

    Attributes:
        ours: our watch; None where nobody ever took it.
        theirs: what other parties stated of theirs, by party.
    """

    ours: Declaration | None
    theirs: tuple[Declaration, ...]


def watches(view: View, node: Node) -> Watches:
    """Who is on watch, as we and the other parties said last."""
    us = node.identity.party
    every = view.declarations(Subject.WATCH)
    ours = next((each for each in every if each.id == us), None)
    return Watches(ours, tuple(each for each in every if each.id != us))


class Untold(NamedTuple):
    """A line that was not told of a shift, and why."""

    line: str
    why: str


@dataclass(frozen=True, slots=True)
class TookWatch:
    """What became of a shift.

    Attributes:
        kept: the shift as it is stored.
        told: the lines that are told of it by M02.
        untold: the lines that cannot be, each with the reason.
    """

    kept: Kept
    told: tuple[str, ...] = ()
    untold: tuple[Untold, ...] = ()


def take_watch(node: Node, watch: Watch, *, expected: Expected, actor: str = "") -> TookWatch:
    """Begin a shift, or change what is said of it; every line is told by M02.

    The watch is taken even where a line cannot be told: duty does not wait for a signature.

    Raises:
        InvalidInput: it begins ahead of the node's clock, or says a message it came in.
        NotOurs: it is another party's watch.
        VersionMismatch, VersionMissing: somebody changed it meanwhile, or nothing was said.
    """
    took = node.store.write(
        lambda unit: watch_taken(unit, node, watch, expected=expected, actor=actor)
    )
    node.ring()
    return took


def watch_taken(
    unit: Unit, node: Node, watch: Watch, *, expected: Expected, actor: str = ""
) -> TookWatch:
    """The same inside a unit of work. Ring once it is durable.

    Raises:
        InvalidInput, NotOurs, VersionMismatch, VersionMissing: as `take_watch`.
    """
    _require_ours(node, watch)
    current = unit.declaration(Subject.WATCH, watch.party)
    before = None if current is None else stored_watch(current.body)
    content = content_of(Subject.WATCH, watch.party, watch.party, watch)
    begins = before is None or before.since != watch.since
    kinds = (_KINDS[0], _KINDS[0] if begins else _KINDS[1])
    kept = keep(unit, node, content, kinds, expected=expected, actor=actor)
    if not kept.changed:
        return TookWatch(kept)
    old = None if before is None else before.next_handover
    due = (DEADLINE, watch.next_handover, old)
    arm(unit, Subject.WATCH, watch.party, [due], now=node.now())
    return _tell(unit, node, watch, kept, actor)


def _tell(unit: Unit, node: Node, watch: Watch, kept: Kept, actor: str) -> TookWatch:
    told: list[str] = []
    untold: list[Untold] = []
    for line in lines(unit):
        message = _statement(node, line, watch)
        releasing = Releasing(node.entropy.new_id(), message.from_role, actor)
        try:
            send(unit, node, message, releasing)
        except (NotFound, KeyFault, InvalidMessage, NotPermitted) as error:
            # Each of them is raised before anything is written.
            untold.append(Untold(line.id, error.message))
        else:
            told.append(line.id)
    return TookWatch(kept, tuple(told), tuple(untold))


def _speaker(watch: Watch) -> str:
    """The role that states the watch: who took it, where that role may; else the duty officer."""
    kind = type_of(CODE)
    on_duty = (watch.taken_over_by, *(each.role for each in watch.roles))
    return next((role for role in on_duty if role in kind.roles), Role.DUTY_OFFICER.value)


def _statement(node: Node, line: Line, watch: Watch) -> Message:
    fields = watch_fields(watch)
    if watch.next_handover is not None:
        fields["next_handover"] = iso_text(watch.next_handover)
    return Message(
        id=node.entropy.new_id(),
        code=CODE,
        version=1,
        line=line.id,
        sender=line.us,
        recipient=line.them,
        from_role=_speaker(watch),
        to_role=Role.DUTY_OFFICER.value,
        mode=node.identity.mode,
        precedence=Precedence.ROUTINE,
        originated_at=node.now(),
        fields=fields,
    )


def _require_ours(node: Node, watch: Watch) -> None:
    us = node.identity.party
    if watch.party != us:
        raise NotOurs(f"the watch is {watch.party}'s; they state it over the line (M02)")
    if watch.message:
        raise InvalidInput("our own watch came in no message", remedy="Leave `message` out.")
    if watch.since > node.now():
        raise InvalidInput(
            "the watch begins ahead of the node's clock",
            remedy="Take it when it begins; `next_handover` says when the next one does.",
        )
