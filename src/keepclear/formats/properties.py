"""What the flat properties of a feature mean: operations, coverage statements, zones.

One mapping serves GeoJSON and KML, so a notice says the same in both. This module reads;
`properties_written` is its mirror. Nothing that matters to safety is guessed: class,
references, times, widths and the mode must be stated.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from keepclear.errors import InvalidInput, InvalidOperation
from keepclear.formats.drawn_volumes import BAND, WIDTHS, Shape, band_of, footprint_of, volume_of
from keepclear.formats.property_values import Holds, Values, advice, chosen, instant, quoted
from keepclear.formats.reading import derived_id
from keepclear.model.coverage import Completeness, Coverage
from keepclear.model.operation import (
    DisclosureLevel,
    Mode,
    Operation,
    OperationCategory,
    OperationClass,
    OperationState,
    Precedence,
    Source,
    Uncertainty,
)
from keepclear.model.window import Window
from keepclear.model.zone import EntryRule, Zone, ZoneKind, ZoneStatus

KINDS: Final = ("operation", "coverage", "zone")

_ANY: Final = {"kind": Holds.NAME, "mode": Holds.NAME}
_WINDOW: Final = {"start": Holds.NAME, "end": Holds.NAME}
PROPERTIES: Final[dict[str, dict[str, Holds]]] = {
    "operation": {
        **_ANY,
        **WIDTHS,
        **BAND,
        **_WINDOW,
        **dict.fromkeys(
            ("party", "designator", "class", "category", "id", "state", "level", "precedence"),
            Holds.NAME,
        ),
        **dict.fromkeys(("member", "ovn", "received_at"), Holds.NAME),
        **dict.fromkeys(("contact", "source_text", "volume_source_text"), Holds.TEXT),
        **dict.fromkeys(("version", "aircraft_count", "priority", "volume_count"), Holds.WHOLE),
        **dict.fromkeys(
            ("tolerance_s", "uncertainty_lateral_m", "uncertainty_vertical_m"), Holds.NUMBER
        ),
        **dict.fromkeys(("crossings", "entries"), Holds.STRUCTURE),
    },
    "coverage": {
        **_ANY,
        **WIDTHS,
        **_WINDOW,
        "party": Holds.NAME,
        "as_of": Holds.NAME,
        "completeness": Holds.STRUCTURE,
        "notice_count": Holds.WHOLE,
    },
    "zone": {
        **_ANY,
        **WIDTHS,
        **BAND,
        **dict.fromkeys(("id", "zone_kind", "entry", "declared_by", "status"), Holds.NAME),
        **dict.fromkeys(("name", "contact"), Holds.TEXT),
        **dict.fromkeys(("windows", "users", "classes"), Holds.STRUCTURE),
    },
}
"""For each kind of feature the properties it may have, and what each holds."""
HOLDS: Final = {name: holds for known in PROPERTIES.values() for name, holds in known.items()}
"""Every property of any kind; one name holds the same sort of value everywhere."""

_LEVELS: Final = {f"L{level.value}": level for level in DisclosureLevel}


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds where a feature does not say.

    Attributes:
        party: whose operations they are; None demands it of each feature.
        mode: EXERCISE or REAL; None demands it of each feature.
        received_at: when this node took the file in.
        is_mode_stated: the file itself states the mode, not only the reading.
    """

    party: str | None
    mode: Mode | None
    received_at: datetime
    is_mode_stated: bool = False


Identity = tuple[str | None, str]
"""A party, where known, and what it calls one operation: a designator or an id."""


def kind_of(values: Values) -> str:
    """Which of `KINDS` a feature is; "operation" where it does not say.

    Raises:
        InvalidOperation: another word; the remedy names the nearest known one.
    """
    kind = values.name("kind") or "operation"
    if kind not in KINDS:
        raise InvalidOperation(f"the kind {quoted(kind)} is not known", remedy=advice(kind, KINDS))
    return kind


def mode_of(values: Values, defaults: Defaults) -> Mode:
    """EXERCISE or REAL, as the feature, its file or the reading says.

    Raises:
        InvalidOperation: nobody says, or in another word.
    """
    if not values.has("mode") and defaults.mode is None:
        raise InvalidOperation(
            "nothing says whether this is EXERCISE or REAL",
            remedy='Add the property "mode", to the feature or to the whole file.',
        )
    return values.choice("mode", Mode, defaults.mode)


def identities_of(values: Values, defaults: Defaults) -> list[Identity]:
    """Every way to tell which operation a feature means, however broken the rest of it is.

    Returns:
        Party and designator (party None where unknown) and the id (with party None);
        empty where neither can be read.
    """
    party = values.given.get("party") or defaults.party
    designator = values.given.get("designator")
    given_id = values.given.get("id")
    found: list[Identity] = []
    if isinstance(designator, str) and designator.strip():
        found.append((party.strip() if isinstance(party, str) else None, designator.strip()))
    if isinstance(given_id, str):
        with suppress(ValueError):
            found.append((None, str(uuid.UUID(given_id))))
    return found


def operation_of(values: Values, shape: Shape, defaults: Defaults, source: Source) -> Operation:
    """The operation one feature speaks of, with the one volume the feature draws.

    Raises:
        InvalidInput: a property is missing, unknown, or holds what it may not.
    """
    values.require_known(PROPERTIES["operation"], "an operation")
    party = _party(values, defaults)
    values.require("designator")
    designator = values.name("designator")
    return Operation(
        id=values.name("id") or derived_id(party, designator),
        party=party,
        designator=designator,
        operation_class=values.choice("class", OperationClass),
        volumes=(volume_of(values, shape),),
        mode=mode_of(values, defaults),
        source=source,
        received_at=_time_or(values, "received_at", defaults.received_at),
        version=_whole_or(values, "version", 1),
        ovn=values.name("ovn"),
        state=values.choice("state", OperationState, OperationState.PLANNED),
        category=values.choice("category", OperationCategory, OperationCategory.OTHER),
        level=_level(values),
        tolerance_s=values.number_or("tolerance_s", 0.0),
        uncertainty=Uncertainty(
            values.number_or("uncertainty_lateral_m", 0.0),
            values.number_or("uncertainty_vertical_m", 0.0),
        ),
        precedence=values.choice("precedence", Precedence, Precedence.ROUTINE),
        member=values.name("member"),
        contact=values.text("contact"),
        crossings=values.names("crossings"),
        entries=values.names("entries"),
        aircraft_count=values.whole("aircraft_count"),
        priority=_whole_or(values, "priority", 0),
        source_text=values.text("source_text"),
    )


def volume_count_of(values: Values) -> int | None:
    """How many features the operation has, as it says itself; None where it does not."""
    count = values.whole("volume_count")
    if count is not None and count < 1:
        raise InvalidOperation(
            f"a volume_count of {count} is below 1",
            remedy="Say how many features of the file carry this designator.",
        )
    return count


def coverage_of(values: Values, shape: Shape, defaults: Defaults) -> Coverage:
    """The coverage statement a feature makes.

    Raises:
        InvalidInput: a property is missing, unknown, or holds what it may not.
    """
    values.require_known(PROPERTIES["coverage"], "a coverage statement")
    return Coverage(
        party=_party(values, defaults),
        area=footprint_of(values, shape),
        window=values.window(),
        as_of=values.time("as_of"),
        completeness=_completeness(values),
        notice_count=values.whole("notice_count"),
    )


def zone_of(values: Values, shape: Shape) -> Zone:
    """The zone a feature draws.

    Raises:
        InvalidInput: a property is missing, unknown, or holds what it may not.
    """
    values.require_known(PROPERTIES["zone"], "a zone")
    values.require("id")
    return Zone(
        id=values.name("id"),
        name=values.text("name"),
        kind=values.choice("zone_kind", ZoneKind),
        footprint=footprint_of(values, shape),
        band=band_of(values),
        windows=tuple(_listed_window(item) for item in values.items("windows")),
        entry=values.choice("entry", EntryRule, EntryRule.PROHIBITED),
        declared_by=values.name("declared_by"),
        users=values.names("users"),
        classes=tuple(chosen(c, OperationClass, "class") for c in values.items("classes")),
        status=values.choice("status", ZoneStatus, ZoneStatus.ACTIVE),
        contact=values.text("contact"),
    )


def _party(values: Values, defaults: Defaults) -> str:
    if not values.has("party") and defaults.party is None:
        raise InvalidOperation(
            "nothing says whose this is",
            remedy='Add the property "party", to the feature or to the whole file.',
        )
    return values.name("party") or str(defaults.party)


def _level(values: Values) -> DisclosureLevel:
    word = values.name("level") or "L1"
    if word not in _LEVELS:
        raise InvalidOperation(
            f"the level {quoted(word)} is not known", remedy=advice(word, _LEVELS)
        )
    return _LEVELS[word]


def _time_or(values: Values, name: str, default: datetime) -> datetime:
    return values.time(name) if values.has(name) else default


def _whole_or(values: Values, name: str, default: int) -> int:
    number = values.whole(name)
    return default if number is None else number


def _completeness(values: Values) -> tuple[tuple[OperationClass, Completeness], ...]:
    stated = values.require("completeness")
    if not isinstance(stated, dict):
        raise InvalidOperation(
            f"completeness holds {quoted(stated)}, not an object",
            remedy='Write for example {"manned": "complete", "unmanned": "none"}.',
        )
    return tuple(
        (chosen(of, OperationClass, "class"), chosen(much, Completeness, "completeness"))
        for of, much in stated.items()
    )


def _listed_window(item: Any) -> Window:
    if not isinstance(item, list) or len(item) != 2:
        raise InvalidInput(
            f"windows holds {quoted(item)}, not a pair of times",
            remedy='Write for example [["2015-09-18T13:00:00Z", "2015-09-18T14:30:00Z"]].',
        )
    return Window(instant(item[0], "a window's start"), instant(item[1], "a window's end"))
