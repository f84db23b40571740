"""Own units that must be told, as JSON documents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from keepclear.canonical import JsonValue
from keepclear.errors import InvalidInput, InvalidOperation
from keepclear.formats.documents.fields import Name, Uuid, Whole, require_some
from keepclear.formats.documents.plain import plain_document, plain_value
from keepclear.formats.documents.shapes import FootprintDocument, footprint_document
from keepclear.formats.documents.stated import agreed_id, first_stated
from keepclear.formats.documents.strict import read_document, read_stored
from keepclear.formats.documents.talks import RoleName, TalkPart, Words
from keepclear.model.message import Role
from keepclear.model.operation import OperationClass
from keepclear.model.unit import DutyTime, Means, MeansKind, OwnUnit, UnitKind, Weekday

_CODE = re.compile(r"M[0-9]{2}", re.ASCII)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


def require_clock(text: str) -> None:
    """Refuse what is no time of day in UTC.

    Raises:
        InvalidInput: it is not; write 06:30.
    """
    if not _CLOCK.fullmatch(text):
        raise InvalidInput(f"{text!r:.20} is no time of day", remedy="Write UTC, as 06:30.")


def require_code(text: str) -> None:
    """Refuse what is no code of a message.

    Raises:
        InvalidInput: it is not; take one of the catalogue.
    """
    if not _CODE.fullmatch(text):
        raise InvalidInput(
            f"{text!r:.20} is no code of a message", remedy="Write one of the catalogue, as M14."
        )


ClockTime = Annotated[
    str, Meta(extra={"rule": require_clock}, extra_json_schema={"pattern": r"^\d\d:\d\d$"})
]
MessageCode = Annotated[
    str, Meta(extra={"rule": require_code}, extra_json_schema={"pattern": r"^M\d\d$"})
]


class MeansPart(TalkPart, frozen=True, kw_only=True, gc=False):
    """One means of telling a unit."""

    kind: Annotated[MeansKind, Meta(description="Telephone, radio, e-mail or runner.")]
    address: Annotated[Name, Meta(description="Number, frequency, address or place; no name.")]

    def built(self) -> Means:
        """The means it stands for."""
        return Means(self.kind, self.address)


class DutyTimePart(TalkPart, frozen=True, kw_only=True, gc=False):
    """Hours on which somebody is there."""

    start: Annotated[ClockTime, Meta(description="From when, UTC.")]
    end: Annotated[ClockTime, Meta(description="Until when, UTC; past midnight where earlier.")]
    days: Annotated[
        tuple[Weekday, ...], Meta(description="On which days it starts; empty for every day.")
    ] = ()

    def built(self) -> DutyTime:
        """The hours it stands for."""
        return DutyTime(time.fromisoformat(self.start), time.fromisoformat(self.end), self.days)


class UnitDocument(TalkPart, frozen=True, kw_only=True, gc=False):
    """An own control agency or formation that must be told."""

    id: Annotated[
        Uuid | UnsetType, Meta(description="A UUID; from outside it must be the one of the path.")
    ] = UNSET
    version: Annotated[
        Whole | UnsetType,
        Meta(description="1, and one more at every change; the node counts."),
    ] = UNSET
    name: Annotated[Name, Meta(description="As it is called on duty.")]
    kind: Annotated[UnitKind, Meta(description="What sort.")]
    means: Annotated[
        tuple[MeansPart, ...],
        Meta(description="In the order they are tried.", extra={"rule": require_some}),
    ]
    area: Annotated[
        FootprintDocument | None,
        Meta(description="Where it must be told of things; null for everywhere."),
    ] = None
    classes: Annotated[
        tuple[OperationClass, ...], Meta(description="Of what moves; empty for everything.")
    ] = ()
    codes: Annotated[
        tuple[MessageCode, ...], Meta(description="Of which messages; empty for all that ask.")
    ] = ()
    is_humanitarian: Annotated[
        bool, Meta(description="Told of every humanitarian movement and site in its area.")
    ] = True
    duty: Annotated[
        tuple[DutyTimePart, ...], Meta(description="When somebody is there; empty for always.")
    ] = ()
    told_by: Annotated[RoleName, Meta(description="The role that tells it.")] = (
        Role.DUTY_OFFICER.value
    )
    confirm_within_s: Annotated[
        float | None, Meta(description="How long it has to confirm; null: the message's clock.")
    ] = None
    is_listed: Annotated[bool, Meta(description="False once it is told of nothing more.")] = True
    remark: Annotated[Words, Meta(description="What whoever tells it must know.")] = ""


def unit_document(own: OwnUnit) -> dict[str, JsonValue]:
    """A unit as plain values, every field written."""
    return {
        "id": own.id,
        "name": own.name,
        "kind": own.kind.value,
        "means": [plain_document(each) for each in own.means],
        "area": None if own.area is None else footprint_document(own.area),
        "classes": plain_value(own.classes),
        "codes": list(own.codes),
        "is_humanitarian": own.is_humanitarian,
        "duty": [
            {
                "start": each.start.strftime("%H:%M"),
                "end": each.end.strftime("%H:%M"),
                "days": plain_value(each.days),
            }
            for each in own.duty
        ],
        "told_by": own.told_by,
        "confirm_within_s": own.confirm_within_s,
        "is_listed": own.is_listed,
        "remark": own.remark,
    }


def unit_from(document: object, *, unit_id: str) -> OwnUnit:
    """The unit a document from outside makes.

    Raises:
        InvalidInput: something is missing, unknown, or holds what it may not; the place first.
    """

    def build(told: UnitDocument) -> OwnUnit:
        return _unit(told, agreed_id(told.id, unit_id, is_uuid=True))

    return read_document(document, UnitDocument, build)


def stored_unit(body: Mapping[str, Any] | bytes) -> OwnUnit:
    """The unit that `unit_document` wrote.

    Raises:
        InvalidInput: the document is damaged, or is none.
    """
    return read_stored(body, UnitDocument, lambda told: _unit(told, first_stated("id", told.id)))


def _unit(told: UnitDocument, own_id: str) -> OwnUnit:
    if len({each.value for each in told.classes}) != len(told.classes):
        raise InvalidOperation("classes: one stands twice", remedy="Name each once.")
    return OwnUnit(
        id=own_id.lower(),
        name=told.name,
        kind=told.kind,
        means=tuple(each.built() for each in told.means),
        area=None if told.area is None else told.area.built(),
        classes=told.classes,
        codes=told.codes,
        is_humanitarian=told.is_humanitarian,
        duty=tuple(each.built() for each in told.duty),
        told_by=told.told_by,
        confirm_within_s=told.confirm_within_s,
        is_listed=told.is_listed,
        remark=told.remark,
    )
