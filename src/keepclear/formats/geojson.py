"""keepclear's GeoJSON profile, `keepclear-geojson/1`; docs/reference/formats.md describes it.

Points are circles, lines are corridors, polygons are areas; everything else stands in the
properties. A third coordinate is checked to be a number and otherwise ignored: heights
come from properties, which state their reference.

Source: RFC 7946. Deviations: rings may turn either way round (its section 3.1.6), shapes
that cross 180° are not cut (3.1.9), and unknown members are refused, not ignored (6.1).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from keepclear.errors import InvalidFootprint, InvalidInput, InvalidOperation
from keepclear.formats.drawn_volumes import Shape
from keepclear.formats.features import Feature, file_defaults, plan_set_of
from keepclear.formats.properties_written import WrittenFeature, foreign_losses, written_set
from keepclear.formats.property_values import advice, finite_number, quoted
from keepclear.formats.reading import Export, Loss, Reading
from keepclear.formats.strict_json import JsonText, Outline, decoded_text
from keepclear.model.operation import Mode
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import MOST_VERTICES, Position

PROFILE: Final = "keepclear-geojson/1"

_TOP_MEMBERS: Final = ("type", "keepclear", "features", "name", "bbox", "crs")
_FEATURE_MEMBERS: Final = ("type", "id", "bbox", "geometry", "properties")
_GEOMETRY_MEMBERS: Final = ("type", "bbox", "coordinates")
_GEOMETRIES: Final = ("Point", "LineString", "Polygon")
_LONGITUDE_LATITUDE: Final = ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84")
_WORTH_SAYING_M: Final = 10.0
_EARTH_RADIUS_M: Final = 6_371_008.8


def read_geojson(data: bytes, reading: Reading) -> PlanSet:
    """What a file of the GeoJSON profile holds.

    Returns:
        Operations in the order of their first features. Empty where the file has no
        feature: that says nothing about an airspace, only a coverage statement does.

    Raises:
        InvalidFile: the file or a feature of it cannot be used; the message says where.
        ModeMismatch: EXERCISE and REAL stand in one file.
    """
    document = JsonText(decoded_text(data, reading), reading)
    outline = document.outline("features")
    _require_collection(outline, reading)
    statement = outline.members.get("keepclear", {})
    if not isinstance(statement, dict):
        raise reading.refuse("the member 'keepclear' is not an object")
    defaults = file_defaults(statement, PROFILE, reading)
    return plan_set_of(_features(document, outline.spans or []), defaults, reading)


def write_geojson(plan_set: PlanSet, *, mode: Mode) -> Export:
    """A plan set as a file of the GeoJSON profile, one feature on each line.

    Our own reader gets everything back but the source. The losses say what other programs
    see less of: circles, corridors, and long edges.

    Raises:
        ModeMismatch: an operation is of the other mode.
        InvalidOperation: two operations or zones cannot be told apart, or a name holds
            what a file cannot hold.
    """
    written = written_set(plan_set, mode=mode)
    statement = {"profile": PROFILE, "mode": mode.value}
    if written.party is not None:
        statement["party"] = written.party
    head = f'{{"type": "FeatureCollection",\n"keepclear": {_json(statement)},\n"features": ['
    lines = ",\n".join(_json(_written(feature)) for feature in written.features)
    losses = [
        *written.losses,
        *foreign_losses(
            written.features,
            circle="exact for keepclear; other programs see its centre and no radius",
            corridor="exact for keepclear; other programs see its centre line and no width",
        ),
        *_edge_losses(written.features),
    ]
    return Export(f"{head}\n{lines}\n]}}\n".encode(), tuple(losses))


def _require_collection(outline: Outline, reading: Reading) -> None:
    members = outline.members
    kind = members.get("type")
    if kind != "FeatureCollection" or outline.spans is None:
        raise reading.refuse(
            f"a {quoted(kind)} is not a FeatureCollection with features",
            remedy='Write {"type": "FeatureCollection", "features": [...]}.',
        )
    for name in members:
        if name not in _TOP_MEMBERS:
            raise reading.refuse(
                f"the collection has no member {quoted(name)}", remedy=advice(name, _TOP_MEMBERS)
            )
    crs = members.get("crs")
    named = crs.get("properties") if isinstance(crs, dict) else None
    if crs is not None and (
        not isinstance(named, dict) or named.get("name") not in _LONGITUDE_LATITUDE
    ):
        raise reading.refuse(
            "the collection uses a coordinate system other than WGS84 longitude and latitude",
            remedy="Export it in WGS84 (CRS84, RFC 7946) and leave 'crs' out.",
        )


def _features(document: JsonText, spans: list[tuple[int, int]]) -> Iterator[Feature]:
    for number, span in enumerate(spans, start=1):
        yield _feature(f"feature {number}", document.value(span))


def _feature(place: str, value: Any) -> Feature:
    properties: dict[str, Any] = {}
    try:
        members = _members(value, "Feature", _FEATURE_MEMBERS, "a feature")
        stated = members.get("properties")
        if not isinstance(stated, dict):
            raise InvalidOperation("the feature has no properties", remedy="Add 'properties'.")
        properties = stated
        return Feature(place, properties, _shape(members.get("geometry")))
    except InvalidInput as error:
        if not properties and isinstance(value, dict):
            stated = value.get("properties")
            properties = stated if isinstance(stated, dict) else {}
        return Feature(place, properties, error)


def _members(value: Any, kind: str, known: tuple[str, ...], what: str) -> dict[str, Any]:
    if not isinstance(value, dict) or value.get("type") != kind:
        found = value.get("type") if isinstance(value, dict) else value
        raise InvalidOperation(
            f"{quoted(found)} stands where {what} is expected", remedy=f"Write a {kind} there."
        )
    for name in value:
        if name not in known:
            raise InvalidOperation(
                f"{what} has no member {quoted(name)}", remedy=advice(name, known)
            )
    return value


def _shape(geometry: Any) -> Shape:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in _GEOMETRIES:
        raise InvalidFootprint(
            f"the geometry {quoted(kind)} is not known",
            remedy="Use Point, LineString or Polygon; one feature for each volume.",
        )
    members = _members(geometry, str(kind), _GEOMETRY_MEMBERS, "a geometry")
    coordinates = members.get("coordinates")
    match kind:
        case "Point":
            lines: list[Any] = [[coordinates]]
        case "LineString":
            lines = [coordinates]
        case _:
            lines = coordinates if isinstance(coordinates, list) else [coordinates]
    _require_few(lines)
    return Shape(str(kind), tuple(tuple(_position(each) for each in line) for line in lines))


def _require_few(lines: list[Any]) -> None:
    for line in lines:
        if not isinstance(line, list):
            raise InvalidFootprint(
                f"{quoted(line)} stands where a list of positions is expected",
                remedy="Check the nesting of 'coordinates' against RFC 7946, section 3.1.",
            )
    count = sum(len(line) for line in lines)
    if count > MOST_VERTICES + len(lines):  # a closed ring repeats one position
        raise InvalidFootprint(
            f"{count:,} positions are more than {MOST_VERTICES:,}",
            remedy="Simplify the shape, or split it into several volumes.",
        )


def _position(value: Any) -> Position:
    if not isinstance(value, list) or len(value) not in (2, 3):
        raise InvalidFootprint(
            f"{quoted(value)} stands where a position is expected",
            remedy="Write [longitude, latitude] in degrees.",
        )
    longitude_deg, latitude_deg, *_ = [finite_number(each, "a coordinate") for each in value]
    return Position(latitude_deg, longitude_deg)


def _written(feature: WrittenFeature) -> dict[str, Any]:
    lines = [[[p.longitude_deg, p.latitude_deg] for p in line] for line in feature.shape.lines]
    coordinates = {"Point": lines[0][0], "LineString": lines[0]}.get(feature.shape.kind, lines)
    return {
        "type": "Feature",
        "properties": feature.properties,
        "geometry": {"type": feature.shape.kind, "coordinates": coordinates},
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _edge_losses(features: tuple[WrittenFeature, ...]) -> Iterator[Loss]:
    """Tell where another program draws an edge elsewhere than keepclear reckons it."""
    for feature in features:
        edges = [edge for line in feature.shape.lines for edge in pairwise(line)]
        if any(abs(a.longitude_deg - b.longitude_deg) > 180.0 for a, b in edges):
            how = "crosses 180°, exact for keepclear; other programs may draw it round the globe"
            yield Loss(feature.label, "edges", how)
            continue
        departure_m = max((_departure_m(a, b) for a, b in edges), default=0.0)
        if departure_m >= _WORTH_SAYING_M:
            how = (
                "great circles, exact for keepclear; programs that draw straight lines in "
                f"longitude and latitude are off by up to about {departure_m:,.0f} m"
            )
            yield Loss(feature.label, "edges", how)


def _departure_m(a: Position, b: Position) -> float:
    """How far a great circle bulges from the straight line in longitude and latitude.

    Source:
        The sagitta of a parallel against its great circle on a sphere, to second order in
        the longitudes' difference: R/8 · Δλ² · sin φ · cos φ, at the worst latitude between.
    """
    difference_rad = math.radians(a.longitude_deg - b.longitude_deg)
    low_deg, high_deg = sorted((abs(a.latitude_deg), abs(b.latitude_deg)))
    worst_deg = min(max(45.0, low_deg), high_deg)
    slope = math.sin(math.radians(2.0 * worst_deg)) / 2.0
    return _EARTH_RADIUS_M / 8.0 * difference_rad**2 * slope
