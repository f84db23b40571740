"""The airspace of an agreement: footprints, zones, boundaries, airfields."""

from __future__ import annotations

from keepclear.formats.agreement.fields import Fields
from keepclear.model.operation import OperationClass
from keepclear.model.volume import MOST_VERTICES, Circle, Corridor, Footprint, Polygon, Position
from keepclear.model.window import Window
from keepclear.model.zone import (
    Airfield,
    ApproachCorridor,
    Boundary,
    BoundaryRule,
    EntryRule,
    Side,
    Zone,
    ZoneKind,
    ZoneStatus,
)

MOST_ZONES = 5_000
MOST_BOUNDARIES = 500
MOST_AIRFIELDS = 1_000
MOST_WINDOWS = 1_000
"""The most windows of one zone or airfield."""

SHAPES = ("polygon", "circle", "corridor")
FOOTPRINT_KEYS = (*SHAPES, "holes")
ZONE_KEYS = (
    *("id", "name", "kind", *FOOTPRINT_KEYS, "band", "windows"),
    *("entry", "declared_by", "users", "classes", "status", "contact"),
)
AIRFIELD_KEYS = (
    *("id", "name", "position", "elevation", "party"),
    *("ring_radius", "ring_band", "corridor", "windows", "contact"),
)


def read_footprint(table: Fields) -> Footprint | None:
    """The one shape that stands in a table; None, with the fault listed, where there is none."""
    given = [shape for shape in SHAPES if shape in table]
    remedy = f"Give one of {', '.join(SHAPES)}."
    if not given:
        table.problems.error(table.path, "there is no footprint", remedy)
        return None
    if len(given) > 1:
        table.fault(given[1], f"there are {len(given)} footprints: {', '.join(given)}", remedy)
        return None
    if "holes" in table and given[0] != "polygon":
        table.fault("holes", f"a {given[0]} has no holes", "Take them out, or give a polygon.")
        return None
    match given[0]:
        case "polygon":
            return _polygon(table)
        case "circle":
            return _circle(table.inner("circle"))
        case _:
            inner = table.inner("corridor")
            inner.only("line", "half_width")
            return _corridor(inner)


def _polygon(table: Fields) -> Polygon | None:
    rings = [_open(table.positions("polygon", least=3, most=MOST_VERTICES))]
    if "holes" in table:
        remedy = "Write an array of arrays of positions."
        for index, hole in enumerate(table.items("holes", least=1, most=1_000, remedy=remedy)):
            path = (*table.path, "holes", index)
            if isinstance(hole, list) and len(hole) <= MOST_VERTICES:
                rings.append(_open(table.positions_in(path, hole)))
            else:
                table.problems.error(path, "a hole is no array of positions", remedy)
    return table.build(lambda: Polygon(tuple(rings)), key="polygon")


def _open(ring: tuple[Position, ...]) -> tuple[Position, ...]:
    """The ring without its first vertex repeated at its end, as some sources write it."""
    return ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring


def _circle(table: Fields) -> Circle | None:
    table.only("centre", "radius")
    centre, radius_m = table.position("centre"), table.length_m("radius")
    return table.build(lambda: Circle(centre, radius_m))


def _corridor(table: Fields) -> Corridor | None:
    line = table.positions("line", least=2, most=MOST_VERTICES)
    half_width_m = table.length_m("half_width")
    return table.build(lambda: Corridor(line, half_width_m))


def read_zones(root: Fields) -> list[Zone | None]:
    """Every [[zone]]; None in the place of one with a fault."""
    return [_zone(table) for table in root.entries("zone", most=MOST_ZONES)]


def _zone(table: Fields) -> Zone | None:
    table.only(*ZONE_KEYS)
    zone_id = table.identifier("id")
    name = table.text("name", zone_id)
    kind = table.one_of("kind", ZoneKind)
    footprint = read_footprint(table)
    band = table.band("band")
    windows = _windows(table)
    entry = table.one_of("entry", EntryRule, EntryRule.PROHIBITED)
    declared_by = table.identifier("declared_by", "")
    users = table.identifiers("users")
    classes = table.some_of("classes", OperationClass)
    status = table.one_of("status", ZoneStatus, ZoneStatus.ACTIVE)
    contact = table.text("contact", "")
    if footprint is None:
        return None
    return table.build(
        lambda: Zone(
            id=zone_id,
            name=name,
            kind=kind,
            footprint=footprint,
            band=band,
            windows=windows,
            entry=entry,
            declared_by=declared_by,
            users=users,
            classes=classes,
            status=status,
            contact=contact,
        )
    )


def _windows(table: Fields) -> tuple[Window, ...]:
    windows = [inner.window() for inner in table.entries("windows", most=MOST_WINDOWS)]
    return tuple(window for window in windows if window is not None)


def read_boundaries(root: Fields) -> list[Boundary | None]:
    """Every [[boundary]]; None in the place of one with a fault."""
    return [_boundary(table) for table in root.entries("boundary", most=MOST_BOUNDARIES)]


def _boundary(table: Fields) -> Boundary | None:
    table.only("id", "name", "line", "rule")
    boundary_id = table.identifier("id")
    name = table.text("name", boundary_id)
    line = table.positions("line", least=2, most=MOST_VERTICES)
    found = [_boundary_rule(inner) for inner in table.entries("rule", least=1, most=50)]
    rules = tuple(rule for rule in found if rule is not None)
    return table.build(lambda: Boundary(boundary_id, name, line, rules))


def _boundary_rule(table: Fields) -> BoundaryRule | None:
    table.only("party", "keeps_to", "crossing")
    party = table.identifier("party")
    keeps_to = table.one_of("keeps_to", Side)
    crossing = table.one_of("crossing", EntryRule, EntryRule.ON_NOTICE)
    if crossing is EntryRule.ON_CONTACT:
        table.fault("crossing", "a line has no contact", "Write prohibited or on notice.")
    return table.build(lambda: BoundaryRule(party, keeps_to, crossing))


def read_airfields(root: Fields) -> list[Airfield | None]:
    """Every [[airfield]]; None in the place of one with a fault."""
    return [_airfield(table) for table in root.entries("airfield", most=MOST_AIRFIELDS)]


def _airfield(table: Fields) -> Airfield | None:
    table.only(*AIRFIELD_KEYS)
    airfield_id = table.identifier("id")
    name = table.text("name", airfield_id)
    position = table.position("position")
    elevation_m = table.elevation_m("elevation")
    party = table.identifier("party")
    ring_radius_m = table.length_m("ring_radius")
    ring_band = table.band("ring_band")
    found = [_approach(inner) for inner in table.entries("corridor", most=100)]
    corridors = tuple(corridor for corridor in found if corridor is not None)
    windows = _windows(table)
    contact = table.text("contact", "")
    return table.build(
        lambda: Airfield(
            id=airfield_id,
            name=name,
            position=position,
            elevation_m=elevation_m,
            party=party,
            ring_radius_m=ring_radius_m,
            ring_band=ring_band,
            corridors=corridors,
            windows=windows,
            contact=contact,
        )
    )


def _approach(table: Fields) -> ApproachCorridor | None:
    table.only("name", "line", "half_width", "band")
    name, band = table.text("name"), table.band("band")
    corridor = _corridor(table)
    if corridor is None:
        return None
    return table.build(lambda: ApproachCorridor(name, corridor, band))
