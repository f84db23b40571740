"""What another party's notices do here: its operations and areas, as it told them on the line.

A notice is stored as a message whatever it holds. Where what it tells of can be used, it is
compared from then on like anything else that was released; where it cannot, an entry of the
ledger says why, and a person sees the message.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from keepclear.contact.catalogue.coverage_type import class_key
from keepclear.contact.streams import MOST_AHEAD
from keepclear.errors import InvalidInput, InvalidMessage, NotFound, NotOurs, StateForbids
from keepclear.formats.documents.coverage import stored_coverage
from keepclear.formats.documents.envelope import envelope_of
from keepclear.formats.documents.fields import moment
from keepclear.formats.documents.shapes import VolumeDocument
from keepclear.formats.documents.strict import read_document
from keepclear.ledger.entries import EntryKind
from keepclear.model.coverage import Completeness, Coverage
from keepclear.model.message import Message
from keepclear.model.node import Subject
from keepclear.model.operation import (
    EndReason,
    Operation,
    OperationCategory,
    OperationClass,
    OperationState,
    Precedence,
    Source,
    SourceKind,
)
from keepclear.model.volume import Volume
from keepclear.model.window import Window
from keepclear.model.zone import EntryRule, Zone, ZoneKind, ZoneStatus
from keepclear.ports.store import Unit
from keepclear.services.declaring import coverage_wording, put, withdraw, wording_of
from keepclear.services.expected import NEW, Expected
from keepclear.services.filing import entry_of, put_version, require_sound, version_of
from keepclear.services.line.messaging_told import held_for, hold
from keepclear.services.line.taken import Taken
from keepclear.services.node import Node
from keepclear.services.recording import record

_STATEMENTS: Final = uuid.UUID("6f0f6d0c-52c2-4c1e-9b8e-0c6f0d5a2f11")
"""Names the one coverage statement that each direction of a line has."""
_COUNTED: Final[Mapping[str, int]] = {"1": 1}
"""Bands of numbers that hold one number alone."""


def take_notice(unit: Unit, node: Node, taken: Taken) -> None:
    """Have what a notice tells of compared from now on; never refuses the message itself."""
    message = taken.message
    take = _TAKERS.get(message.code)
    if take is None:
        return
    try:
        _require_latest(unit, taken)
        take(unit, node, taken, message)
    except InvalidInput as error:
        about = (Subject.MESSAGE, message.id, message.version)
        body = {"code": message.code, "reason": error.code, "detail": error.message}
        kind = EntryKind.MESSAGE_UNUSABLE
        unit.append(record(node.identity, kind, about, body, at=taken.received_at))


def volumes_of(told: object) -> tuple[Volume, ...]:
    """The volumes that a message's field holds.

    Raises:
        InvalidInput: one of them cannot be.
    """
    if not isinstance(told, list | tuple) or not told:
        raise InvalidMessage("volumes: there is none", remedy="Ask for the notice again.")
    return tuple(read_document(each, VolumeDocument, VolumeDocument.built) for each in told)


def _take_operation(unit: Unit, node: Node, taken: Taken, message: Message) -> None:
    """M03: an operation that was not told before, or told again."""
    fields, named = message.fields, message.fields["operation"]
    operation = Operation(
        id=named["id"],
        party=message.sender,
        designator=named.get("designator", ""),
        operation_class=OperationClass(fields["class"]),
        volumes=volumes_of(fields["volumes"]),
        mode=message.mode,
        source=_source(taken),
        received_at=taken.received_at,
        version=int(named["version"]),
        category=OperationCategory(fields["category"]),
        tolerance_s=float(fields.get("tolerance_s", 0.0)),
        precedence=message.precedence,
        contact=fields.get("frequency", ""),
        aircraft_count=_COUNTED.get(fields.get("number", "")),
    )
    current = _current(unit, message, operation.id)
    if current is not None and current.version >= operation.version:
        return
    kind = EntryKind.OPERATION_FILED if current is None else EntryKind.OPERATION_CHANGED
    _store(unit, node, operation, kind, message)
    for change in sorted(held_for(unit, operation.id, taken), key=_told_version):
        take_notice(unit, node, change)


def _change_operation(unit: Unit, node: Node, taken: Taken, message: Message) -> None:
    """M04: what was told is off, or is elsewhere or at another time."""
    fields, named = message.fields, message.fields["operation"]
    version = int(named["version"])
    current = _current(unit, message, named["id"])
    if current is None:
        hold(unit, node, named["id"], taken)  # a FLASH may come before what it changes
        raise NotFound(f"{named['id']} was never told here", remedy="Ask for its notice (M03).")
    if current.version >= version or current.state is OperationState.ENDED:
        return
    operation = replace(
        current,
        version=version,
        ovn="",
        received_at=taken.received_at,
        source=_source(taken),
    )
    if fields["kind"] == "cancel":
        ended = replace(operation, state=OperationState.ENDED, end_reason=EndReason.CANCELLED)
        _store(unit, node, ended, EntryKind.OPERATION_CANCELLED, message)
        return
    if "volumes" in fields:
        operation = replace(operation, volumes=volumes_of(fields["volumes"]))
    operation = replace(operation, contact=fields.get("frequency", operation.contact))
    _store(unit, node, operation, EntryKind.OPERATION_CHANGED, message)


def _take_zone(unit: Unit, node: Node, taken: Taken, message: Message) -> None:
    """M05: airspace with a rule. What its words do not say more exactly is taken as a hazard."""
    del taken
    fields = message.fields
    rules = {each.value: each for each in EntryRule}
    kinds = {each.value: each for each in ZoneKind}
    entry = rules.get(fields["entry_rule"].casefold().strip(), EntryRule.PROHIBITED)
    kind = kinds.get(fields["kind"].casefold().strip(), ZoneKind.HAZARD)
    _declare(
        unit, node, message, name=fields["zone"], kind=kind, entry=entry,
        contact=fields.get("frequency", "") or fields["authority"],
    )  # fmt: skip


def _take_hazard(unit: Unit, node: Node, taken: Taken, message: Message) -> None:
    """M06: an air-defence hazard area; extent, times, status and contact, nothing else."""
    del taken
    _declare(
        unit, node, message, name=message.fields["place"], kind=ZoneKind.AIR_DEFENCE_HAZARD,
        entry=EntryRule.ON_CONTACT, contact=message.fields["contact"],
    )  # fmt: skip


def _declare(
    unit: Unit,
    node: Node,
    message: Message,
    *,
    name: str,
    kind: ZoneKind,
    entry: EntryRule,
    contact: str,
) -> None:
    """Keep each volume of an area as a zone of theirs; the same name again replaces it."""
    for number, volume in enumerate(volumes_of(message.fields["volumes"]), start=1):
        zone_id = f"{message.sender}: {name}" + ("" if number == 1 else f" ({number})")
        zone = Zone(
            id=zone_id,
            name=name,
            kind=kind,
            footprint=volume.footprint,
            band=volume.band,
            windows=(volume.window,),
            entry=entry,
            declared_by=message.sender,
            status=ZoneStatus(message.fields["status"].upper()),
            contact=contact,
        )
        expected = _known(unit, Subject.ZONE, zone_id)
        wording = wording_of(zone, message.sender)
        put(unit, node, wording, expected=expected, actor=_actor(message))


def _take_coverage(unit: Unit, node: Node, taken: Taken, message: Message) -> None:
    """M29: what their released set covers, in place of what they said before."""
    del taken
    fields = message.fields
    volumes = volumes_of(fields["volumes"])
    words = {each: fields.get(class_key(each), Completeness.NONE.value) for each in OperationClass}
    coverage_id = str(uuid.uuid5(_STATEMENTS, f"{message.line}/{message.sender}"))
    coverage = Coverage(
        party=message.sender,
        area=volumes[0].footprint,
        window=Window(
            min(each.window.start for each in volumes), max(each.window.end for each in volumes)
        ),
        as_of=moment(fields["as_of"]),
        completeness=tuple((each, Completeness(word)) for each, word in words.items()),
        notice_count=None if fields.get("notices") is None else int(fields["notices"]),
    )
    expected = _known(unit, Subject.COVERAGE, coverage_id)
    wording = coverage_wording(coverage_id, coverage)
    put(unit, node, wording, expected=expected, actor=_actor(message))
    _withdraw_older(unit, node, coverage_id, coverage, message)


def _withdraw_older(
    unit: Unit, node: Node, coverage_id: str, coverage: Coverage, message: Message
) -> None:
    """End what the party stated before: a set has one statement, and this is the newest."""
    for each in unit.declarations(Subject.COVERAGE):
        if each.party != message.sender or each.id == coverage_id:
            continue
        _, earlier = stored_coverage(each.body)
        if earlier.as_of <= coverage.as_of:
            withdraw(unit, node, each, actor=_actor(message))


def _require_latest(unit: Unit, taken: Taken) -> None:
    """Refuse to have an old word replace a FLASH that overtook it and speaks of the same.

    Raises:
        StateForbids: what was said later holds.
    """
    thing = _thing(taken.message.code, taken.message.fields)
    if thing is None:
        return
    ahead = unit.envelopes_between(
        taken.line.id,
        outgoing=False,
        epoch=taken.epoch,
        first=taken.serial + 1,
        last=taken.serial + MOST_AHEAD,
    )
    for each in ahead:
        if each.precedence == Precedence.FLASH.value:
            later = envelope_of(each.content).message
            fields = later.get("fields")
            if isinstance(fields, Mapping) and _thing(str(later.get("code")), fields) == thing:
                raise StateForbids(f"serial {each.serial}, a FLASH, said later what holds")


def _thing(code: str, fields: Mapping[str, Any]) -> str | None:
    """What a notice speaks of that the next one of the same replaces; None where none does."""
    match code:
        case "M05":
            return f"area {fields.get('zone')}"
        case "M06":
            return f"area {fields.get('place')}"
        case "M29":
            return "coverage"
        case _:
            return None


def _told_version(change: Taken) -> int:
    return int(change.message.fields["operation"]["version"])


def _known(unit: Unit, subject: Subject, name: str) -> Expected:
    current = unit.declaration(subject, name)
    return current.version if current is not None and current.live else NEW


def _current(unit: Unit, message: Message, operation_id: str) -> Operation | None:
    """What is stored of an operation, which must be the sender's."""
    stored = unit.operation(operation_id)
    if stored is None:
        return None
    if stored.operation.party != message.sender:
        raise NotOurs(
            f"{stored.operation.designator} is of {stored.operation.party}, not of {message.sender}"
        )
    if stored.operation.state is OperationState.ENDED and message.code == "M03":
        raise StateForbids(f"{stored.operation.designator} has ended; it is told under a new id")
    return stored.operation


def _store(unit: Unit, node: Node, operation: Operation, kind: EntryKind, message: Message) -> None:
    if operation.state is not OperationState.ENDED:
        require_sound(node, operation)
    version = version_of(node, operation, kind)
    entry = entry_of(node, version, at=operation.received_at, actor=_actor(message))
    put_version(unit, version, entry)


def _actor(message: Message) -> str:
    return f"{message.sender} {message.from_role}, {message.code} on {message.line}"


def _source(taken: Taken) -> Source:
    return Source(SourceKind.LINE, taken.line.id, f"serial {taken.serial}")


_Taker = Callable[[Unit, Node, Taken, Message], None]
_TAKERS: Final[Mapping[str, _Taker]] = {
    "M03": _take_operation,
    "M04": _change_operation,
    "M05": _take_zone,
    "M06": _take_hazard,
    "M29": _take_coverage,
}
TELLS_OF_AIRSPACE: Final = frozenset(_TAKERS)
"""The types whose content is compared with our own."""
