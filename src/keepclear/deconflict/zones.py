"""Operations against airspace with a rule: zones, airfields, agreed lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from keepclear.deconflict.airspace import MEETING, Airspace
from keepclear.deconflict.boundaries import Line
from keepclear.deconflict.declared import GeoidHeights
from keepclear.deconflict.measuring import closest_places
from keepclear.deconflict.packing import PackedVolumes
from keepclear.deconflict.pairs import CONFLICT
from keepclear.model.agreement import Agreement
from keepclear.model.answer import AirspaceKind, Infringement, Verdict
from keepclear.model.operation import Operation
from keepclear.model.volume import Circle
from keepclear.model.window import Window
from keepclear.model.zone import Airfield, BoundaryRule, EntryRule, Zone, ZoneKind


class Restrictions:
    """The zones, airfields and boundaries that bind, ready for questions about operations."""

    def __init__(
        self, agreement: Agreement, published: Sequence[Zone], *, geoid: GeoidHeights
    ) -> None:
        zones = [*agreement.zones, *_not_in(published, agreement.zones)]
        fields = [(field, zone) for field in agreement.airfields for zone in _zones_of(field)]
        self._zones = Airspace(
            [*zones, *(zone for _, zone in fields)],
            agreement.valid,
            geoid=geoid,
            atmosphere=agreement.atmosphere,
        )
        self._first_airfield = len(zones)
        self._fields = [field for field, _ in fields]
        self._lines = [Line(boundary) for boundary in agreement.boundaries]

    def infringements_of(
        self, operation: Operation, packed: PackedVolumes
    ) -> tuple[Infringement, ...]:
        """Where an operation enters what it may not, or may do so; worst first."""
        found = [*self._entries(operation, packed), *self._crossings(operation, packed)]
        return tuple(sorted(found, key=lambda i: (-i.verdict.weight, i.span.start, i.airspace_id)))

    def _entries(self, operation: Operation, packed: PackedVolumes) -> list[Infringement]:
        worst: dict[str, Infringement] = {}
        for v in range(len(packed.facts)):
            rows, outcomes = self._zones.snapshot.operations_meeting(packed, v, v + 1, MEETING)
            for row, outcome in zip(rows.tolist(), outcomes.tolist(), strict=True):
                zone = self._zones.zones[row]
                reason = entry_fault(operation, zone)
                if reason is None:
                    continue
                verdict = Verdict.CONFLICT if outcome == CONFLICT else Verdict.CANNOT_SAY
                known = worst.get(zone.id)
                if known is None or verdict.weight > known.verdict.weight:
                    worst[zone.id] = self._told(operation, packed, v, row, verdict, reason)
        return list(worst.values())

    def _told(
        self,
        operation: Operation,
        packed: PackedVolumes,
        v: int,
        row: int,
        verdict: Verdict,
        reason: str,
    ) -> Infringement:
        zone = self._zones.zones[row]
        at_airfield = row >= self._first_airfield
        field = self._fields[row - self._first_airfield] if at_airfield else None
        if verdict is Verdict.CANNOT_SAY:
            reason = "it may be inside (the heights count from different surfaces); " + reason
        window = operation.window_of(operation.volumes[v])
        return Infringement(
            verdict=verdict,
            airspace=AirspaceKind.AIRFIELD if field else AirspaceKind.ZONE,
            airspace_id=field.id if field else zone.id,
            airspace_name=zone.name,
            volume=v,
            span=_shared(window, zone.windows),
            place=closest_places(packed, v, self._zones.packed, self._packed_row(row))[0],
            reason=reason,
            contact=zone.contact,
        )

    def _packed_row(self, row: int) -> int:
        return int((self._zones.packed.facts["operation"] == row).argmax())

    def _crossings(self, operation: Operation, packed: PackedVolumes) -> list[Infringement]:
        found = []
        for line in self._lines:
            boundary = line.boundary
            for rule in boundary.rules:
                if rule.party != operation.party or _notified(operation, boundary.id, rule):
                    continue
                for v in range(len(packed.facts)):
                    crossing = line.crossed_by(packed, v)
                    if crossing is None and line.side_of(packed, v) in (rule.keeps_to, None):
                        continue
                    found.append(
                        Infringement(
                            verdict=Verdict.CONFLICT,
                            airspace=AirspaceKind.BOUNDARY,
                            airspace_id=boundary.id,
                            airspace_name=boundary.name,
                            volume=v,
                            span=operation.window_of(operation.volumes[v]),
                            place=crossing or line.nearest(packed, v),
                            reason=_crossing_fault(rule, crossed=crossing is not None),
                        )
                    )
                    break
        return found


def entry_fault(operation: Operation, zone: Zone) -> str | None:
    """Say why an operation may not be in a zone; None where it may."""
    if zone.classes and operation.operation_class not in zone.classes:
        return None
    if {operation.party, operation.member} & {*zone.users, zone.declared_by} - {""}:
        return None
    notified = zone.id in operation.entries
    match zone.entry:
        case EntryRule.PROHIBITED:
            return "entry is prohibited: stay outside, or be named a user by agreement"
        case EntryRule.ON_NOTICE:
            return None if notified else "entry needs notice: name the zone among the entries"
        case EntryRule.ON_CONTACT:
            if not notified:
                return "entry needs contact: name the zone among the entries and give a contact"
            return None if operation.contact else "entry needs contact: give a contact"


def _notified(operation: Operation, boundary_id: str, rule: BoundaryRule) -> bool:
    return rule.crossing is not EntryRule.PROHIBITED and boundary_id in operation.crossings


def _crossing_fault(rule: BoundaryRule, *, crossed: bool) -> str:
    where = "it crosses the line" if crossed else f"it is not on the {rule.keeps_to} side"
    if rule.crossing is EntryRule.PROHIBITED:
        return f"{where}, and crossing is prohibited"
    return f"{where} without notice: name the boundary among the crossings"


def _zones_of(field: Airfield) -> list[Zone]:
    """An airfield's ring and corridors as zones that others enter on contact.

    All carry the airfield's id: one entry in a notice serves the whole airfield.
    """
    ring = Zone(
        id=field.id,
        name=f"{field.name}, ring",
        kind=ZoneKind.AIRFIELD_RING,
        footprint=Circle(field.position, field.ring_radius_m),
        band=field.ring_band,
        windows=field.windows,
        entry=EntryRule.ON_CONTACT,
        users=(field.party,),
        contact=field.contact,
    )
    return [
        ring,
        *(
            replace(
                ring,
                name=f"{field.name}, {way.name}",
                kind=ZoneKind.CORRIDOR,
                footprint=way.corridor,
                band=way.band,
            )
            for way in field.corridors
        ),
    ]


def _not_in(published: Sequence[Zone], agreed: Sequence[Zone]) -> list[Zone]:
    known = {zone.id for zone in agreed}
    return [zone for zone in published if zone.id not in known]


def _shared(window: Window, windows: Sequence[Window]) -> Window:
    """The part of a window in which a zone binds, as far as one window tells it."""
    for other in windows:
        start, end = max(window.start, other.start), min(window.end, other.end)
        if start < end:
            return Window(start, end)
    return window
