"""A member leaves: its flights end, its notices are cancelled, relays to it stop, others hear.

Each step stands by itself and is gone through again where it was interrupted, so that the same
departure twice does nothing twice.

Source: domain study of keepclear, 5h, drill 12.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from keepclear.errors import NotFound, NotPermitted, StateForbids, VersionMismatch
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.documents.telling import stored_departure, stored_relay
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.message import Message, Role
from keepclear.model.node import Subject
from keepclear.model.operation import EndReason, Operation, OperationState, Precedence
from keepclear.model.relay import AllyKind, Departure, ToldCancelled
from keepclear.ports.store import OperationQuery, Unit, View
from keepclear.services.filing import change_state
from keepclear.services.line.keeping import Content, found, write
from keepclear.services.line.messaging import Releasing, find, send
from keepclear.services.line.notifying import last_told, notify
from keepclear.services.line.pairing import lines
from keepclear.services.line.watch_roles import role_on_watch
from keepclear.services.node import Node
from keepclear.services.units.allies import allies
from keepclear.services.units.relaying import Deciding, decide, keep_relay

_DEPARTURES = uuid.UUID("c0d0bd4a-3c0e-4a8a-a2a5-61e6d1d7a9b2")
"""Names the messages that a departure gives rise to."""
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Leaving:
    """That a member leaves.

    Attributes:
        role: of who puts it on record; it releases the messages as well.
        second: who has read it with them; a declaration is made by two.
        words: as it is told to the others.
        actor: how who puts it on record calls themselves.
    """

    role: str
    second: str
    words: str
    actor: str = ""


def leave(node: Node, member: str, leaving: Leaving) -> Departure:
    """Have a member leave, and everybody know who must.

    Raises:
        NotFound: no agreement names it as a member of ours.
        NotPermitted: there are not two different people, or the role may not.
        StateForbids: nothing is said of why.
    """
    departure = _begun(node, member, leaving)
    while not departure.is_done:
        with node.store.view() as view:
            flights = _flights(view, node, member)
        departure = _with_flights(node, member, flights)
        for flight in flights:
            _end(node, flight, leaving, member)
        cancelled = tuple(_cancelled(node, departure, leaving))
        departure = _finished(node, member, cancelled, leaving)
    return departure


def departures(node: Node) -> tuple[Departure, ...]:
    """Every member who left, the last first."""
    with node.store.view() as view:
        every = [stored_departure(each.body) for each in view.declarations(Subject.MEMBER)]
    return tuple(sorted(every, key=lambda each: each.left_at, reverse=True))


def _begun(node: Node, member: str, leaving: Leaving) -> Departure:
    first, second = (" ".join(name.split()).casefold() for name in (leaving.actor, leaving.second))
    if not first or not second or first == second:
        raise NotPermitted(
            "second: a departure is declared by two different people",
            remedy="Give in `second` who has read it, and say who you are.",
        )
    if not leaving.words.strip():
        raise StateForbids("words: missing", remedy="Say it as the others are to read it.")

    def work(unit: Unit) -> Departure:
        current = unit.declaration(Subject.MEMBER, member)
        if current is not None:
            return stored_departure(current.body)
        role = role_on_watch(unit, node, leaving.role)
        known = {each.id: each for each in allies(unit, node) if each.kind is AllyKind.MEMBER}
        if member not in known:
            raise NotFound(
                f"{member} is no member of ours",
                remedy=f"Name one of: {', '.join(known) or 'none, the agreement names nobody'}.",
            )
        departure = Departure(
            member=member,
            left_at=to_millisecond(node.now()),
            role=role,
            second=leaving.second,
            words=leaving.words,
            to_tell=tuple(each for each in known if each != member and not known[each].has_left),
            actor=leaving.actor,
        )
        _write(unit, node, departure)
        return departure

    return node.store.write(work)


def _flights(view: View, node: Node, member: str) -> list[Operation]:
    states = frozenset(OperationState) - {OperationState.ENDED}
    query = OperationQuery(states=states, parties=frozenset({node.identity.party}), text=member)
    among: list[Operation] = []
    cursor = ""
    while True:
        page = view.find(query, cursor=cursor, limit=_PAGE)
        among += [each.operation for each in page.items if each.operation.member == member]
        cursor = page.following
        if not cursor:
            return among


def _end(node: Node, operation: Operation, leaving: Leaving, member: str) -> None:
    """End a flight; one that somebody changed meanwhile is found again, as it is then."""
    with suppress(VersionMismatch):
        change_state(
            node,
            operation.id,
            OperationState.ENDED,
            expected=operation.version,
            reason=EndReason.WITHDRAWN,
            text=f"{member} left: {leaving.words}",
            actor=leaving.actor,
        )


def _cancelled(node: Node, departure: Departure, leaving: Leaving) -> Iterator[ToldCancelled]:
    """Cancel on each line what was told there of the member's flights that ended."""
    with node.store.view() as view:
        told = [
            (line.id, operation_id)
            for line in lines(view)
            for operation_id in departure.operations
            if not view.is_live(operation_id) and last_told(view, line.id, operation_id) is not None
        ]
    for line_id, operation_id in told:
        message_id = str(uuid.uuid5(_DEPARTURES, f"{departure.member}/{line_id}/{operation_id}"))
        releasing = Releasing(message_id, Role.PLANNER.value, leaving.actor, leaving.second)
        try:
            held = notify(node, line_id, operation_id, releasing, message_id=message_id)
        except StateForbids:  # it was cancelled there before
            with node.store.view() as view:
                before = last_told(view, line_id, operation_id)
            if before is None:
                continue
            held, message_id = before, before.stored.id
        designator = held.message.fields["operation"]["designator"]
        yield ToldCancelled(operation_id, designator, line_id, message_id)


def _finished(
    node: Node, member: str, cancelled: tuple[ToldCancelled, ...], leaving: Leaving
) -> Departure:
    """Stop relays, tell the other parties, and note who of ours has still to be told.

    Not done yet is a departure during which another flight was filed, or one was changed.
    """

    def work(unit: Unit) -> Departure:
        current = _current(unit, member)
        if current.is_done:
            return current
        departure = replace(current, cancelled=_joined(current.cancelled, cancelled))
        if _flights(unit, node, member):
            _write(unit, node, departure)
            return departure
        stopped = _stop_relays(unit, node, departure.member, leaving.actor)
        told = tuple(_declared(unit, node, departure, line.id, leaving) for line in lines(unit))
        for message_id in told if departure.to_tell else ():
            deciding = Deciding(
                True, leaving.role, departure.to_tell, departure.words, leaving.actor
            )
            decide(unit, node, message_id, deciding)
        done = replace(departure, relays_stopped=stopped, told=told, is_done=True)
        _write(unit, node, done)
        return done

    kept = node.store.write(work)
    node.ring()
    return kept


def _stop_relays(unit: Unit, node: Node, member: str, actor: str) -> tuple[str, ...]:
    stopped = []
    for each in unit.declarations(Subject.RELAY):
        relay = stored_relay(each.body)
        if member in relay.to and member not in relay.stopped:
            after = replace(relay, stopped=(*relay.stopped, member))
            keep_relay(unit, node, after, EntryKind.RELAY_STOPPED, actor=actor)
            stopped.append(relay.message)
    return tuple(stopped)


def _declared(unit: Unit, node: Node, departure: Departure, line_id: str, leaving: Leaving) -> str:
    """Tell the other party of a line by an M17; its id."""
    message_id = str(uuid.uuid5(_DEPARTURES, f"{departure.member}/{line_id}"))
    if find(unit, message_id) is not None:
        return message_id
    line = next(each for each in lines(unit) if each.id == line_id)
    message = Message(
        id=message_id,
        code="M17",
        version=1,
        line=line.id,
        sender=line.us,
        recipient=line.them,
        from_role=leaving.role,
        to_role=Role.DUTY_OFFICER.value,
        mode=line.mode,
        precedence=Precedence.PRIORITY,
        originated_at=to_millisecond(node.now()),
        fields={
            "kind": "ownership",
            "words": departure.words[:2_000],
            "scope": f"{departure.member}, a member of {line.us} until now",
            "ownership": "not ours",
        },
    )
    send(unit, node, message, Releasing(message_id, leaving.role, leaving.actor, leaving.second))
    return message_id


def _with_flights(node: Node, member: str, flights: Sequence[Operation]) -> Departure:
    """Keep that these flights are to be ended, beside those that were before."""

    def work(unit: Unit) -> Departure:
        current = _current(unit, member)
        named = tuple(dict.fromkeys((*current.operations, *(each.id for each in flights))))
        if current.is_done or named == current.operations:
            return current
        departure = replace(current, operations=named)
        _write(unit, node, departure)
        return departure

    return node.store.write(work)


def _current(view: View, member: str) -> Departure:
    """The departure as it is on record now; another may have gone on with it."""
    return stored_departure(found(view, Subject.MEMBER, member).body)


def _write(unit: Unit, node: Node, departure: Departure) -> None:
    document = plain_document(departure)
    content = Content(Subject.MEMBER, departure.member, node.identity.party, document)
    write(unit, node, content, EntryKind.MEMBER_LEFT, actor=departure.actor)


def _joined(
    before: tuple[ToldCancelled, ...], more: tuple[ToldCancelled, ...]
) -> tuple[ToldCancelled, ...]:
    return tuple({each.message: each for each in (*before, *more)}.values())
