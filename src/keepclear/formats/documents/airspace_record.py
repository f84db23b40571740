"""The records of airspace documents: zones, boundaries and airfields."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from keepclear.errors import InvalidOperation
from keepclear.formats.documents.fields import (
    HIGHEST_ELEVATION_M,
    LOWEST_ELEVATION_M,
    Line,
    Name,
    Names,
    Text,
    Whole,
    require_distinct,
    require_elevation,
    require_some,
)
from keepclear.formats.documents.part import Part
from keepclear.formats.documents.shapes import (
    AltitudeDocument,
    CorridorDocument,
    FootprintDocument,
    PositionDocument,
    WindowDocument,
    band_of,
)
from keepclear.model.operation import OperationClass
from keepclear.model.zone import (
    ApproachCorridor,
    BoundaryRule,
    EntryRule,
    Side,
    ZoneKind,
    ZoneStatus,
)

_VERSION = Meta(description="1, and one more at every change; the node counts.")


def require_crossing(crossing: EntryRule) -> None:
    """Refuse to make the crossing of a line a matter of contact.

    Raises:
        InvalidOperation: it does.
    """
    if crossing is EntryRule.ON_CONTACT:
        raise InvalidOperation("a line has no contact", remedy="Write prohibited or on notice.")


class ZoneDocument(Part, frozen=True, kw_only=True, gc=False):
    """Airspace with a rule."""

    id: Annotated[
        Name | UnsetType, Meta(description="Its identifier; from outside the one of the path.")
    ] = UNSET
    name: Annotated[Text, Meta(description="For people; may be empty.")] = ""
    kind: Annotated[ZoneKind, Meta(description="What sort of airspace it is.")]
    footprint: Annotated[FootprintDocument, Meta(description="Its area.")]
    lower: Annotated[AltitudeDocument, Meta(description="Its bottom.")]
    upper: Annotated[AltitudeDocument, Meta(description="Its top.")]
    windows: Annotated[
        tuple[WindowDocument, ...],
        Meta(description="When it binds; empty means always."),
    ] = ()
    entry: Annotated[EntryRule, Meta(description="What others need to enter.")] = (
        EntryRule.PROHIBITED
    )
    declared_by: Annotated[Line, Meta(description="The party that declared it.")] = ""
    users: Annotated[Names, Meta(description="Party or member ids that may enter freely.")] = ()
    classes: Annotated[
        tuple[OperationClass, ...],
        Meta(
            description="The classes it binds; empty means all.", extra={"rule": require_distinct}
        ),
    ] = ()
    status: Annotated[ZoneStatus, Meta(description="All three bind in their windows.")] = (
        ZoneStatus.ACTIVE
    )
    contact: Annotated[
        Text, Meta(description="Whom to call; an air-defence hazard area must say.")
    ] = ""
    version: Annotated[Whole | UnsetType, _VERSION] = UNSET


class BoundaryRuleDocument(Part, frozen=True, kw_only=True, gc=False):
    """What a boundary asks of one party."""

    party: Annotated[Name, Meta(description="Whom it binds.")]
    keeps_to: Annotated[
        Side, Meta(description="The side it stays on, looking along the line from its start.")
    ]
    crossing: Annotated[
        EntryRule,
        Meta(
            description="`prohibited`, or `on notice`: the operation names the boundary.",
            extra={"rule": require_crossing},
            extra_json_schema={"not": {"const": EntryRule.ON_CONTACT.value}},
        ),
    ] = EntryRule.ON_NOTICE

    def built(self) -> BoundaryRule:
        """The boundary's rule."""
        return BoundaryRule(self.party, self.keeps_to, self.crossing)


def require_one_each(rules: tuple[BoundaryRuleDocument, ...]) -> None:
    """Refuse rules that bind nobody, or one party twice.

    Raises:
        InvalidOperation: they do.
    """
    require_some(rules)
    require_distinct([rule.party for rule in rules])


class BoundaryDocument(Part, frozen=True, kw_only=True, gc=False):
    """An agreed line with a direction."""

    id: Annotated[
        Name | UnsetType, Meta(description="Its identifier; from outside the one of the path.")
    ] = UNSET
    name: Annotated[Text, Meta(description="For people; may be empty.")] = ""
    line: Annotated[
        tuple[PositionDocument, ...], Meta(description="At least two different positions.")
    ]
    rules: Annotated[
        tuple[BoundaryRuleDocument, ...],
        Meta(
            description="One for each party it binds, at least one; no party twice.",
            extra={"rule": require_one_each},
            extra_json_schema={"minItems": 1},
        ),
    ]
    version: Annotated[Whole | UnsetType, _VERSION] = UNSET


class ApproachCorridorDocument(Part, frozen=True, kw_only=True, gc=False):
    """A way in or out of an airfield."""

    name: Annotated[Text, Meta(description="For people, such as `RWY 17 arrival`.")]
    corridor: Annotated[CorridorDocument, Meta(description="Its footprint, always a corridor.")]
    lower: Annotated[AltitudeDocument, Meta(description="Its bottom.")]
    upper: Annotated[AltitudeDocument, Meta(description="Its top.")]

    def built(self) -> ApproachCorridor:
        """The approach corridor."""
        return ApproachCorridor(self.name, self.corridor.built(), band_of(self.lower, self.upper))


class AirfieldDocument(Part, frozen=True, kw_only=True, gc=False):
    """An airfield with its ring and its corridors."""

    id: Annotated[
        Name | UnsetType, Meta(description="Its identifier; from outside the one of the path.")
    ] = UNSET
    name: Annotated[Text, Meta(description="For people; may be empty.")] = ""
    position: Annotated[PositionDocument, Meta(description="Its reference point.")]
    elevation_m: Annotated[
        float,
        Meta(
            description="Metres above mean sea level.",
            extra={"rule": require_elevation},
            extra_json_schema={"minimum": LOWEST_ELEVATION_M, "maximum": HIGHEST_ELEVATION_M},
        ),
    ]
    party: Annotated[Name, Meta(description="Who is based there and enters freely.")]
    ring_radius_m: Annotated[
        float,
        Meta(
            description="Metres; inside it, others need contact before entry.",
            extra_json_schema={"exclusiveMinimum": 0},
        ),
    ]
    ring_lower: Annotated[AltitudeDocument, Meta(description="The ring's bottom.")]
    ring_upper: Annotated[AltitudeDocument, Meta(description="The ring's top.")]
    corridors: Annotated[
        tuple[ApproachCorridorDocument, ...],
        Meta(description="Ways in and out; others need contact there too."),
    ] = ()
    windows: Annotated[
        tuple[WindowDocument, ...], Meta(description="When it is active; empty means always.")
    ] = ()
    contact: Annotated[Text, Meta(description="Whom to call; may be empty.")] = ""
    version: Annotated[Whole | UnsetType, _VERSION] = UNSET
