"""Which own units must be told of a message, and by when.

Where a message leaves open where or what it speaks of, more units are told, never fewer: a
unit told in vain loses a minute. Shapes are compared by circles around their parts, which
reach a little farther than the shapes.

Source: domain study of keepclear, 0.10, 3 (a crew over a notified convoy did not know of it)
and 5h, drill 10.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from keepclear.contact.catalogue.terms import UNDENIABLE
from keepclear.contact.clocks import UNITS_LEAD_S, clamped
from keepclear.errors import InvalidInput
from keepclear.formats.documents.shapes import VolumeDocument
from keepclear.formats.documents.strict import read_stored
from keepclear.geometry.geodesy import (
    bearing_and_distance,
    destination,
    geodesic_m,
    normal_of,
    position_of,
)
from keepclear.model.message import Message
from keepclear.model.operation import OperationCategory, OperationClass
from keepclear.model.unit import OwnUnit
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position

_PIECE_M: Final = 10_000.0
"""So long a piece of a corridor is at most."""
_SLACK: Final = 1.01
_SLACK_M: Final = 100.0
_AIR = frozenset({OperationClass.MANNED, OperationClass.UNMANNED})
_GROUND = frozenset({OperationClass.GROUND_MOVEMENT})
_CLASSES: Final[Mapping[str, frozenset[OperationClass]]] = {
    "air": _AIR,
    "road": _GROUND,
    "on foot": _GROUND,
    "sea": _GROUND,
}


@dataclass(frozen=True, slots=True)
class About:
    """What a message speaks of, as far as it says.

    Attributes:
        code: what sort of message.
        footprints: where; empty where it names no place.
        points: single places.
        classes: what moves; empty where it does not say.
        is_humanitarian: it speaks of a humanitarian movement or site.
    """

    code: str
    footprints: tuple[Footprint, ...] = ()
    points: tuple[tuple[Position, float], ...] = ()
    classes: frozenset[OperationClass] = frozenset()
    is_humanitarian: bool = False


def about_of(message: Message, known: tuple[Footprint, ...] = ()) -> About:
    """What a message speaks of.

    Args:
        message: the message.
        known: where it speaks of, where the message itself does not say and the node knows.
    """
    fields = message.fields
    category = fields.get("category")
    return About(
        code=message.code,
        footprints=_footprints(fields.get("volumes")) or known,
        points=tuple(_points(fields)),
        classes=_classes(fields),
        is_humanitarian=message.code in UNDENIABLE
        or category == OperationCategory.HUMANITARIAN.value,
    )


def reason_to_tell(own: OwnUnit, about: About) -> str:
    """Why a unit must be told of what a message speaks of; empty where it need not be."""
    if not own.is_listed or not _is_asked(own, about):
        return ""
    if own.area is None:
        return "it is told of everything, everywhere"
    if not about.footprints and not about.points:
        return "the message names no place, so every unit is told"
    return "it reaches into its area" if _reaches(own.area, about) else ""


def tell_by(began_at: datetime, acknowledge_s: float, speaks_of: datetime | None) -> datetime:
    """When a unit must have been told; half an hour before the start at the latest."""
    return clamped(began_at, began_at, acknowledge_s, speaks_of=speaks_of, margin_s=UNITS_LEAD_S)


def confirm_by(
    own: OwnUnit | None, told_at: datetime, acknowledge_s: float, speaks_of: datetime | None
) -> datetime:
    """When a unit that was told must have confirmed."""
    within_s = None if own is None else own.confirm_within_s
    return tell_by(told_at, acknowledge_s if within_s is None else within_s, speaks_of)


def _is_asked(own: OwnUnit, about: About) -> bool:
    if about.is_humanitarian and own.is_humanitarian:
        return True
    if own.codes and about.code not in own.codes:
        return False
    return not own.classes or not about.classes or bool(about.classes & set(own.classes))


def _reaches(area: Footprint, about: About) -> bool:
    ours = tuple(_circles(area))
    theirs = [each for shape in about.footprints for each in _circles(shape)]
    return any(_meet(one, other) for one in ours for other in (*theirs, *about.points))


def _meet(one: tuple[Position, float], other: tuple[Position, float]) -> bool:
    reach_m = (one[1] + other[1]) * _SLACK + _SLACK_M
    return geodesic_m(one[0], other[0]) <= reach_m


def _circles(footprint: Footprint) -> Iterator[tuple[Position, float]]:
    match footprint:
        case Circle(centre=centre, radius_m=radius_m):
            yield centre, radius_m
        case Corridor(centreline=centreline, half_width_m=half_width_m):
            for start, end in itertools.pairwise(centreline):
                bearing_deg, length_m = bearing_and_distance(start, end)
                count = max(1, math.ceil(length_m / _PIECE_M))
                step_m = length_m / count
                for number in range(count):
                    middle = destination(start, bearing_deg, (number + 0.5) * step_m)
                    yield middle, step_m / 2.0 + half_width_m
        case Polygon(rings=rings):
            normals = [normal_of(each) for each in rings[0]]
            total = sum(normals[1:], start=normals[0])
            middle = position_of(total / math.sqrt(float(total @ total)))
            yield middle, max(geodesic_m(middle, each) for each in rings[0])


def _footprints(told: Any) -> tuple[Footprint, ...]:
    """Where volumes are; nowhere where one of them cannot be read, so that every unit is told."""
    given = told if isinstance(told, list | tuple) else ()
    try:
        return tuple(
            read_stored(each, VolumeDocument, VolumeDocument.built).footprint for each in given
        )
    except (InvalidInput, TypeError):
        return ()


def _points(fields: Mapping[str, Any]) -> Iterator[tuple[Position, float]]:
    radius = fields.get("radius_m", 0.0)
    for key in ("position", "point"):
        told = fields.get(key)
        if isinstance(told, Mapping):
            try:
                place = Position(float(told["latitude_deg"]), float(told["longitude_deg"]))
            except (InvalidInput, KeyError, TypeError, ValueError):
                continue
            yield place, float(radius) if isinstance(radius, int | float) else 0.0


def _classes(fields: Mapping[str, Any]) -> frozenset[OperationClass]:
    known = {each.value: each for each in OperationClass}
    told = str(fields.get("class", ""))
    if told in known:
        return frozenset({known[told]})
    return _CLASSES.get(str(fields.get("mode", "")), frozenset())
