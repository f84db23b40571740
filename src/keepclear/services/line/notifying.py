"""Give notice of an own operation on a line, tell its changes, say what the set covers.

To give notice is to release the operation whole, to that party alone; that is why a person
does it. What was told before is told again as a change (M04), not as something new.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from keepclear.canonical import JsonValue
from keepclear.contact.catalogue import type_of
from keepclear.contact.catalogue.coverage_type import class_key
from keepclear.errors import InvalidInput, NotFound, NotOurs, StateForbids
from keepclear.formats.documents.coverage import stored_coverage
from keepclear.formats.documents.shapes import volume_document
from keepclear.formats.times import iso_text
from keepclear.ledger.moments import to_millisecond
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.coverage import Coverage
from keepclear.model.line import Line
from keepclear.model.message import Message, Role
from keepclear.model.node import Subject
from keepclear.model.operation import Operation, OperationClass, OperationState, Precedence
from keepclear.model.volume import Volume
from keepclear.ports.line_store import MessageQuery
from keepclear.ports.store import Unit, View
from keepclear.services.line.count_bands import band_of_count
from keepclear.services.line.messaging import Held, Releasing, find, held_of, send
from keepclear.services.line.pairing import line_of
from keepclear.services.node import Node

_TOLD: Final = frozenset({"M03", "M04"})
_PAGE = 200
_EARTH_TO_SPACE: Final = AltitudeBand(
    Altitude(0.0, AltitudeReference.STD), Altitude(30_000.0, AltitudeReference.STD)
)
"""A coverage statement speaks of an area; its message needs heights as well."""
REASONS: Final = ("weather", "technical", "conflict answered", "safety", "other")


def notify(
    node: Node,
    line_id: str,
    operation_id: str,
    releasing: Releasing,
    *,
    message_id: str,
    reason: str = "other",
) -> Held:
    """Tell the other party of an own operation as it is now.

    Args:
        node: ours.
        line_id: to whom.
        operation_id: which operation.
        releasing: who releases it.
        message_id: a UUID for the message; the same again changes nothing.
        reason: why it changed, where it was told before; one of `REASONS`.

    Raises:
        NotFound: there is no such line or operation.
        NotOurs: the operation is another party's.
        StateForbids: it was told as it is, or ended without ever having been told.
        InvalidMessage, NotPermitted: as for any release.
    """

    def work(unit: Unit) -> Held:
        return notified(
            unit, node, line_id, operation_id, releasing, message_id=message_id, reason=reason
        )

    kept = node.store.write(work)
    node.ring()
    return kept


def notified(
    unit: Unit,
    node: Node,
    line_id: str,
    operation_id: str,
    releasing: Releasing,
    *,
    message_id: str,
    reason: str = "other",
) -> Held:
    """The same inside a unit of work. Ring once it is durable.

    Raises:
        KeepclearError: as `notify`; nothing was written then.
    """
    if (before := find(unit, message_id)) is not None:
        return before
    line, operation = line_of(unit, line_id), _own(unit, node, operation_id)
    told = last_told(unit, line_id, operation_id)
    if told is not None and told.message.fields["operation"]["version"] >= operation.version:
        raise StateForbids(f"{line.them} was told {operation.designator} as it is now")
    now = node.now()
    code = "M03" if told is None else "M04"
    fields = _notice(operation, now) if told is None else _change(operation, told, reason, now)
    message = _message(line, code, message_id, fields, operation.precedence, now)
    return send(unit, node, message, releasing)


def state_on_line(
    node: Node, line_id: str, coverage_id: str, releasing: Releasing, *, message_id: str
) -> Held:
    """Tell the other party what our released set covers, as we stated it.

    Raises:
        NotFound: there is no such line or statement.
        NotOurs: the statement is another party's.
        InvalidMessage, NotPermitted: as for any release.
    """

    def work(unit: Unit) -> Held:
        if (before := find(unit, message_id)) is not None:
            return before
        line = line_of(unit, line_id)
        coverage = _own_coverage(unit, node, coverage_id)
        fields = statement_fields(coverage)
        message = _message(line, "M29", message_id, fields, None, node.now())
        return send(unit, node, message, releasing)

    kept = node.store.write(work)
    node.ring()
    return kept


def last_told(view: View, line_id: str, operation_id: str) -> Held | None:
    """The last message of ours on a line that told of an operation; None where none did."""
    query = MessageQuery(line=line_id, codes=_TOLD, outgoing=True)
    cursor = ""
    while True:
        page = view.messages(query, cursor=cursor, limit=_PAGE)
        for stored in page.items:
            each = held_of(stored)
            named: Mapping[str, Any] = each.message.fields.get("operation", {})
            if stored.entry is not None and named.get("id") == operation_id:
                return each
        cursor = page.following
        if not cursor:
            return None


def _notice(operation: Operation, now: datetime) -> dict[str, JsonValue]:
    if operation.state is OperationState.ENDED:
        raise StateForbids(f"{operation.designator} has ended, and was never told")
    lead_s = (operation.window.start - now).total_seconds()
    fields: dict[str, JsonValue] = {
        "operation": _named(operation),
        "category": operation.category.value,
        "class": operation.operation_class.value,
        "number": band_of_count(operation.aircraft_count),
        "volumes": _volumes(operation),
        "tolerance_s": operation.tolerance_s,
        "lead_time_s": max(0.0, float(round(lead_s))),
    }
    if operation.contact:
        fields["frequency"] = operation.contact[:80]
    if operation.member:
        fields["sponsor"] = operation.member[:80]
    return fields


def _change(operation: Operation, told: Held, reason: str, now: datetime) -> dict[str, JsonValue]:
    if reason not in REASONS:
        raise InvalidInput(f"{reason!r:.40} is no reason", remedy=f"Say one of {REASONS}.")
    ended = operation.state is OperationState.ENDED
    fields: dict[str, JsonValue] = {
        "operation": _named(operation),
        "kind": "cancel" if ended else "change",
        "reason": reason,
        "effective": iso_text(to_millisecond(now)),
    }
    if not ended:
        fields["changed"] = ["volumes"]
        fields["volumes"] = _volumes(operation)
        if operation.contact and operation.contact != told.message.fields.get("frequency"):
            fields["changed"] = ["volumes", "frequency"]
            fields["frequency"] = operation.contact[:80]
    return fields


def statement_fields(coverage: Coverage) -> dict[str, JsonValue]:
    """A coverage statement as the fields of M29."""
    volume = Volume(coverage.area, _EARTH_TO_SPACE, coverage.window)
    fields: dict[str, JsonValue] = {
        "volumes": [volume_document(volume)],
        "as_of": iso_text(coverage.as_of),
        **{class_key(each): coverage.of(each).value for each in OperationClass},
    }
    if coverage.notice_count is not None:
        fields["notices"] = coverage.notice_count
    return fields


def _named(operation: Operation) -> dict[str, JsonValue]:
    return {
        "id": operation.id,
        "version": operation.version,
        "designator": operation.designator,
    }


def _volumes(operation: Operation) -> list[JsonValue]:
    """Its volumes without what they were typed from, which is ours."""
    return [{**volume_document(each), "source_text": ""} for each in operation.volumes]


def _message(
    line: Line,
    code: str,
    message_id: str,
    fields: Mapping[str, JsonValue],
    precedence: Precedence | None,
    now: datetime,
) -> Message:
    return Message(
        id=message_id,
        code=code,
        version=1,
        line=line.id,
        sender=line.us,
        recipient=line.them,
        from_role=Role.PLANNER.value,
        to_role=Role.DUTY_OFFICER.value,
        mode=line.mode,
        precedence=precedence or type_of(code).precedence,
        originated_at=to_millisecond(now),
        fields=fields,
    )


def _own(view: View, node: Node, operation_id: str) -> Operation:
    stored = view.operation(operation_id)
    if stored is None:
        raise NotFound(f"there is no operation {operation_id}")
    if stored.operation.party != node.identity.party:
        raise NotOurs(f"{stored.operation.designator} is of {stored.operation.party}")
    return stored.operation


def _own_coverage(view: View, node: Node, coverage_id: str) -> Coverage:
    found = view.declaration(Subject.COVERAGE, coverage_id)
    if found is None or not found.live:
        raise NotFound(f"there is no coverage statement {coverage_id}")
    if found.party != node.identity.party:
        raise NotOurs(f"the statement is of {found.party}")
    _, coverage = stored_coverage(found.body)
    return coverage
