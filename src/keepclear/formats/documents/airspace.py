"""Zones, boundaries and airfields as JSON documents."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from keepclear.canonical import JsonValue
from keepclear.formats.documents.airspace_record import (
    AirfieldDocument,
    BoundaryDocument,
    ZoneDocument,
)
from keepclear.formats.documents.shapes import (
    altitude_document,
    band_document,
    band_of,
    footprint_document,
    line_document,
    position_document,
    positions_of_line,
    window_document,
)
from keepclear.formats.documents.stated import agreed_id
from keepclear.formats.documents.strict import read_document, read_stored
from keepclear.model.zone import Airfield, ApproachCorridor, Boundary, Zone


def zone_document(zone: Zone, *, version: int | None = None) -> dict[str, JsonValue]:
    """A zone as plain values, every field written.

    Args:
        zone: the zone.
        version: which version of it this is; None leaves the field out.
    """
    return {
        "id": zone.id,
        "name": zone.name,
        "kind": zone.kind.value,
        "footprint": footprint_document(zone.footprint),
        **band_document(zone.band),
        "windows": [window_document(window) for window in zone.windows],
        "entry": zone.entry.value,
        "declared_by": zone.declared_by,
        "users": list(zone.users),
        "classes": [one.value for one in zone.classes],
        "status": zone.status.value,
        "contact": zone.contact,
        **_versioned(version),
    }


def zone_from(document: object, *, zone_id: str | None = None) -> Zone:
    """The zone a document from outside declares.

    Args:
        document: bytes of JSON, or what a JSON reader made of them; its version is not used.
        zone_id: the id it was sent under; None demands it of the document.

    Raises:
        InvalidInput: something is missing, unknown, or holds what it may not; the place first.
    """
    return read_document(document, ZoneDocument, partial(_zone, zone_id=zone_id))


def stored_zone(body: Mapping[str, Any] | bytes) -> Zone:
    """The very zone that `zone_document` wrote.

    Raises:
        InvalidInput: the document is damaged, or is none.
    """
    return read_stored(body, ZoneDocument, partial(_zone, zone_id=None))


def boundary_document(boundary: Boundary, *, version: int | None = None) -> dict[str, JsonValue]:
    """A boundary as plain values, every field written.

    Args:
        boundary: the boundary.
        version: which version of it this is; None leaves the field out.
    """
    return {
        "id": boundary.id,
        "name": boundary.name,
        "line": line_document(boundary.line),
        "rules": [
            {
                "party": rule.party,
                "keeps_to": rule.keeps_to.value,
                "crossing": rule.crossing.value,
            }
            for rule in boundary.rules
        ],
        **_versioned(version),
    }


def boundary_from(document: object, *, boundary_id: str | None = None) -> Boundary:
    """The boundary a document from outside draws.

    Args:
        document: bytes of JSON, or what a JSON reader made of them; its version is not used.
        boundary_id: the id it was sent under; None demands it of the document.

    Raises:
        InvalidInput: something is missing, unknown, or holds what it may not; the place first.
    """
    return read_document(document, BoundaryDocument, partial(_boundary, boundary_id=boundary_id))


def stored_boundary(body: Mapping[str, Any] | bytes) -> Boundary:
    """The very boundary that `boundary_document` wrote.

    Raises:
        InvalidInput: the document is damaged, or is none.
    """
    return read_stored(body, BoundaryDocument, partial(_boundary, boundary_id=None))


def airfield_document(airfield: Airfield, *, version: int | None = None) -> dict[str, JsonValue]:
    """An airfield as plain values, every field written.

    Args:
        airfield: the airfield.
        version: which version of it this is; None leaves the field out.
    """
    return {
        "id": airfield.id,
        "name": airfield.name,
        "position": position_document(airfield.position),
        "elevation_m": airfield.elevation_m,
        "party": airfield.party,
        "ring_radius_m": airfield.ring_radius_m,
        "ring_lower": altitude_document(airfield.ring_band.lower),
        "ring_upper": altitude_document(airfield.ring_band.upper),
        "corridors": [_approach(corridor) for corridor in airfield.corridors],
        "windows": [window_document(window) for window in airfield.windows],
        "contact": airfield.contact,
        **_versioned(version),
    }


def airfield_from(document: object, *, airfield_id: str | None = None) -> Airfield:
    """The airfield a document from outside describes.

    Args:
        document: bytes of JSON, or what a JSON reader made of them; its version is not used.
        airfield_id: the id it was sent under; None demands it of the document.

    Raises:
        InvalidInput: something is missing, unknown, or holds what it may not; the place first.
    """
    return read_document(document, AirfieldDocument, partial(_airfield, airfield_id=airfield_id))


def stored_airfield(body: Mapping[str, Any] | bytes) -> Airfield:
    """The very airfield that `airfield_document` wrote.

    Raises:
        InvalidInput: the document is damaged, or is none.
    """
    return read_stored(body, AirfieldDocument, partial(_airfield, airfield_id=None))


def _zone(document: ZoneDocument, zone_id: str | None) -> Zone:
    return Zone(
        id=agreed_id(document.id, zone_id, is_uuid=False),
        name=document.name,
        kind=document.kind,
        footprint=document.footprint.built(),
        band=band_of(document.lower, document.upper),
        windows=tuple(window.built() for window in document.windows),
        entry=document.entry,
        declared_by=document.declared_by,
        users=document.users,
        classes=document.classes,
        status=document.status,
        contact=document.contact,
    )


def _boundary(document: BoundaryDocument, boundary_id: str | None) -> Boundary:
    return Boundary(
        id=agreed_id(document.id, boundary_id, is_uuid=False),
        name=document.name,
        line=positions_of_line(document.line),
        rules=tuple(rule.built() for rule in document.rules),
    )


def _airfield(document: AirfieldDocument, airfield_id: str | None) -> Airfield:
    return Airfield(
        id=agreed_id(document.id, airfield_id, is_uuid=False),
        name=document.name,
        position=document.position.built(),
        elevation_m=document.elevation_m,
        party=document.party,
        ring_radius_m=document.ring_radius_m,
        ring_band=band_of(document.ring_lower, document.ring_upper),
        corridors=tuple(corridor.built() for corridor in document.corridors),
        windows=tuple(window.built() for window in document.windows),
        contact=document.contact,
    )


def _approach(approach: ApproachCorridor) -> dict[str, JsonValue]:
    return {
        "name": approach.name,
        "corridor": footprint_document(approach.corridor),
        **band_document(approach.band),
    }


def _versioned(version: int | None) -> dict[str, JsonValue]:
    return {} if version is None else {"version": version}
