"""A plan set as flat features: the mirror of `properties`, shared by GeoJSON and KML.

What is written here is read back equal, but for the source: that always names the file an
operation was read from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from keepclear.errors import InvalidOperation, ModeMismatch
from keepclear.formats.drawn_volumes import Shape
from keepclear.formats.properties import HOLDS
from keepclear.formats.property_values import UNPORTABLE, Holds, quoted
from keepclear.formats.reading import Loss
from keepclear.model.altitude import AltitudeBand
from keepclear.model.coverage import Coverage
from keepclear.model.operation import Mode, Operation
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import Circle, Corridor, Footprint
from keepclear.model.window import Window
from keepclear.model.zone import Zone


@dataclass(frozen=True, slots=True)
class WrittenFeature:
    """One feature, ready for any format that has points, lines, areas and properties.

    Attributes:
        label: designator, zone id or party, for people and loss reports.
        shape: what is drawn; rings closed.
        properties: names to plain values.
    """

    label: str
    shape: Shape
    properties: dict[str, Any]


@dataclass(frozen=True, slots=True)
class WrittenSet:
    """All features of an export.

    Attributes:
        features: operations volume by volume, then coverage statements, then zones.
        party: whose set it is; None where it holds more than one party, or none.
        losses: what the properties could not hold.
    """

    features: tuple[WrittenFeature, ...]
    party: str | None
    losses: tuple[Loss, ...]


def written_set(plan_set: PlanSet, *, mode: Mode) -> WrittenSet:
    """The features an export of this set consists of.

    Raises:
        ModeMismatch: an operation is of the other mode.
        InvalidOperation: two operations or two zones share a name or an id, or a name
            holds what no file can hold; rename it first.
    """
    _require_exportable(plan_set, mode)
    writing = _Writing(mode)
    for operation in plan_set.operations:
        writing.add_operation(operation)
    for coverage in plan_set.coverages:
        writing.add(f"coverage of {coverage.party}", coverage.area, _coverage(coverage))
    for zone in plan_set.zones:
        writing.add(zone.id, zone.footprint, _zone(zone))
    for fault in plan_set.rejected:
        place = f"{fault.file}, {fault.feature}" if fault.feature else fault.file
        writing.losses.append(
            Loss(place, "the whole feature", "left out: it was refused when it was read")
        )
    parties = plan_set.parties
    party = parties[0] if len(parties) == 1 else None
    return WrittenSet(tuple(writing.features), party, tuple(writing.losses))


def shape_of(footprint: Footprint) -> tuple[Shape, dict[str, float]]:
    """What is drawn for a footprint, and the property that states its width."""
    match footprint:
        case Circle(centre=centre, radius_m=radius_m):
            return Shape("Point", ((centre,),)), {"radius_m": radius_m}
        case Corridor(centreline=centreline, half_width_m=half_width_m):
            return Shape("LineString", (centreline,)), {"half_width_m": half_width_m}
        case _:
            return Shape("Polygon", tuple((*ring, ring[0]) for ring in footprint.rings)), {}


def written_time(at: datetime) -> str:
    """A time in UTC as the profiles write it."""
    return at.isoformat().replace("+00:00", "Z")


def foreign_losses(features: Sequence[WrittenFeature], circle: str, corridor: str) -> list[Loss]:
    """What other programs do not see of circles and corridors, operation by operation."""
    hows = {"Point": ("circle", circle), "LineString": ("corridor", corridor)}
    drawn = dict.fromkeys((each.label, each.shape.kind) for each in features)
    return [Loss(label, *hows[kind]) for label, kind in drawn if kind in hows]


@dataclass(slots=True)
class _Writing:
    mode: Mode
    features: list[WrittenFeature] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)

    def add_operation(self, operation: Operation) -> None:
        shared = _operation(operation)
        if len(operation.volumes) > 1:
            shared["volume_count"] = len(operation.volumes)
        for volume in operation.volumes:
            own = {**_window(volume.window), **_band(volume.band)}
            text = {"volume_source_text": volume.source_text} if volume.source_text else {}
            self.add(operation.designator, volume.footprint, {**shared, **own, **text})

    def add(self, label: str, footprint: Footprint, properties: dict[str, Any]) -> None:
        shape, widths = shape_of(footprint)
        given = {"kind": properties.pop("kind"), "mode": self.mode.value, **properties, **widths}
        held = {name: self._portable(label, name, value) for name, value in given.items()}
        self.features.append(WrittenFeature(label, shape, held))

    def _portable(self, label: str, name: str, value: Any) -> Any:
        if HOLDS[name] is Holds.TEXT:
            held = UNPORTABLE.sub("\N{REPLACEMENT CHARACTER}", value)
            if held != value:
                how = "control characters replaced by U+FFFD; no reader gets them back"
                self.losses.append(Loss(label, name, how))
            return held
        names = value if HOLDS[name] is Holds.STRUCTURE else [value]
        for each in names:
            if isinstance(each, str) and not _is_name(each):
                raise InvalidOperation(
                    f"{name} {quoted(each)} of {quoted(label)} cannot be written: it is empty, or "
                    "has spaces around it, a line end or a control character in it",
                    remedy="Rename it, then export again.",
                )
        return value


def _operation(operation: Operation) -> dict[str, Any]:
    stated = {
        "kind": "operation",
        "party": operation.party,
        "designator": operation.designator,
        "class": operation.operation_class.value,
        "category": operation.category.value,
        "id": operation.id,
        "version": operation.version,
        "state": operation.state.value,
        "level": f"L{operation.level.value}",
        "precedence": operation.precedence.value,
        "received_at": written_time(operation.received_at),
    }
    optional = {
        "ovn": operation.ovn,
        "tolerance_s": operation.tolerance_s,
        "uncertainty_lateral_m": operation.uncertainty.lateral_m,
        "uncertainty_vertical_m": operation.uncertainty.vertical_m,
        "member": operation.member,
        "contact": operation.contact,
        "crossings": list(operation.crossings),
        "entries": list(operation.entries),
        "aircraft_count": operation.aircraft_count,
        "priority": operation.priority,
        "source_text": operation.source_text,
    }
    return stated | {name: value for name, value in optional.items() if value}


def _coverage(coverage: Coverage) -> dict[str, Any]:
    stated = {
        "kind": "coverage",
        "party": coverage.party,
        "as_of": written_time(coverage.as_of),
        **_window(coverage.window),
        "completeness": {of.value: much.value for of, much in coverage.completeness},
    }
    if coverage.notice_count is not None:
        stated["notice_count"] = coverage.notice_count
    return stated


def _zone(zone: Zone) -> dict[str, Any]:
    stated = {
        "kind": "zone",
        "id": zone.id,
        "zone_kind": zone.kind.value,
        **_band(zone.band),
        "entry": zone.entry.value,
        "status": zone.status.value,
    }
    optional = {
        "name": zone.name,
        "windows": [[written_time(w.start), written_time(w.end)] for w in zone.windows],
        "declared_by": zone.declared_by,
        "users": list(zone.users),
        "classes": [each.value for each in zone.classes],
        "contact": zone.contact,
    }
    return stated | {name: value for name, value in optional.items() if value}


def _window(window: Window) -> dict[str, Any]:
    return {"start": written_time(window.start), "end": written_time(window.end)}


def _band(band: AltitudeBand) -> dict[str, Any]:
    stated: dict[str, Any] = {}
    for bound, altitude in (("lower", band.lower), ("upper", band.upper)):
        stated[f"{bound}_m"] = altitude.value_m
        stated[f"{bound}_reference"] = altitude.reference.value
        if altitude.datum_m is not None:
            stated[f"{bound}_datum_m"] = altitude.datum_m
    return stated


def _require_exportable(plan_set: PlanSet, mode: Mode) -> None:
    for operation in plan_set.operations:
        if operation.mode is not mode:
            raise ModeMismatch(
                f"{operation.party} {operation.designator} is {operation.mode}, "
                f"the export is {mode}"
            )
    _require_unique(((o.party, o.designator) for o in plan_set.operations), "operations")
    _require_unique(((o.id,) for o in plan_set.operations), "operations")
    _require_unique(((zone.id,) for zone in plan_set.zones), "zones")
    for coverage in plan_set.coverages:
        _require_unique(((of,) for of, _ in coverage.completeness), "lines of a coverage")


def _require_unique(names: Iterable[tuple[str, ...]], what: str) -> None:
    seen: set[tuple[str, ...]] = set()
    for name in names:
        if name in seen:
            raise InvalidOperation(
                f"two {what} are called {quoted(' '.join(name))}: a file cannot tell them apart",
                remedy="Export them into two files, or rename one.",
            )
        seen.add(name)


def _is_name(text: str) -> bool:
    has_line_end = any(mark in text for mark in "\t\n\r")
    is_portable = UNPORTABLE.search(text) is None and not has_line_end
    return bool(text) and text == text.strip() and is_portable
