"""What one Placemark states and draws: its ExtendedData, its geometry, its TimeSpan.

Source: OGC 07-147r2 (KML 2.2), clauses 9.2 (ExtendedData), 10 (geometry), 15 (time).
Deviations: a TimeSpan repeats what the properties say or is refused; unknown elements of
a Placemark are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from keepclear.errors import InvalidFootprint, InvalidInput, InvalidOperation, InvalidWindow
from keepclear.formats.drawn_volumes import Shape
from keepclear.formats.features import Feature
from keepclear.formats.kml_tree import Node
from keepclear.formats.properties import HOLDS
from keepclear.formats.property_values import advice, instant, quoted, typed_texts
from keepclear.model.volume import MOST_VERTICES, Position

_GEOMETRIES: Final = ("Point", "LineString", "Polygon")
_LOOKS: Final = (
    *("name", "description", "Snippet", "snippet", "visibility", "open", "address"),
    *("phoneNumber", "Style", "StyleMap", "styleUrl", "Region", "LookAt", "Camera"),
)
_DRAWING_HINTS: Final = ("extrude", "tessellate", "altitudeMode", "drawOrder")
_TRACKS: Final = ("Track", "MultiTrack")
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def feature_of(place: str, placemark: Node) -> Feature:
    """What a Placemark states and draws, or what is wrong with it.

    Args:
        place: where it stands in the file, for messages.
        placemark: the element with all that is in it.
    """
    properties: dict[str, Any] = {}
    try:
        for node in placemark.all("ExtendedData"):
            add_data(node, properties)
        properties = typed_texts(properties, HOLDS)
        _require_known_parts(placemark)
        _require_agreeing_times(placemark, properties)
        return Feature(place, properties, _shape(placemark))
    except InvalidInput as error:
        return Feature(place, properties, error)


def _require_known_parts(placemark: Node) -> None:
    known = (*_LOOKS, *_GEOMETRIES, "ExtendedData", "TimeSpan")
    for child in placemark.children:
        if child.foreign.rpartition("}")[2] in _TRACKS:
            raise InvalidFootprint(
                "a gx:Track is no footprint", remedy="Draw a LineString and state half_width_m."
            )
        if child.name and child.name not in known:
            raise InvalidOperation(
                f"{quoted(child.name)} may not stand in a Placemark",
                remedy="Use one Point, LineString or Polygon and ExtendedData. "
                + advice(child.name, known),
            )


def add_data(extended_data: Node, texts: dict[str, Any]) -> None:
    """Add the texts of an ExtendedData element by name, from Data and from SimpleData.

    Whatever is wrong with one of them, the others are added: they may say which operation
    the Placemark belongs to.

    Raises:
        InvalidOperation: a text has no name, or a name stands twice.
    """
    faults: list[str] = []
    for node in _data_nodes(extended_data, faults):
        name = node.attributes.get("name", "").strip()
        values = [node.text] if node.name == "SimpleData" else [v.text for v in node.all("value")]
        if not name:
            faults.append(f"a {node.name} element has no name")
        elif name in texts:
            faults.append(f"the property {quoted(name)} stands twice")
        elif len(values) > 1:
            faults.append(f"the property {quoted(name)} has {len(values)} values")
        else:
            texts[name] = "".join(values)
    if faults:
        raise InvalidOperation(
            faults[0],
            remedy='Write each property once: <Data name="..."><value>...</value></Data>.',
        )


def _data_nodes(extended_data: Node, faults: list[str]) -> Iterator[Node]:
    for child in extended_data.children:
        if child.name == "Data":
            yield child
        elif child.name == "SchemaData":
            yield from child.all("SimpleData")
        elif child.name:
            faults.append(f"{quoted(child.name)} may not stand in ExtendedData")


def _require_agreeing_times(placemark: Node, properties: dict[str, Any]) -> None:
    """Refuse a TimeSpan that says something else than the properties do."""
    spans = list(placemark.all("TimeSpan"))
    if not spans:
        return
    windows = properties.get("windows")
    stated = [properties.get("start"), properties.get("end")]
    if isinstance(windows, list) and len(windows) == 1 and isinstance(windows[0], list):
        stated = windows[0]
    drawn = ["".join(n.text.strip() for n in spans[0].all(name)) for name in ("begin", "end")]
    agrees = len(spans) == 1 and None not in stated
    if not agrees or _instants(drawn, "TimeSpan") != _instants(stated, "properties"):
        raise InvalidWindow(
            f"the TimeSpan {' .. '.join(map(quoted, drawn))} does not agree with the properties",
            remedy="Take the TimeSpan out, or make it repeat start and end.",
        )


def _instants(texts: list[Any], where: str) -> list[datetime]:
    return [instant(text, f"a time of the {where}") for text in texts]


def _shape(placemark: Node) -> Shape:
    drawn = [child for child in placemark.children if child.name in _GEOMETRIES]
    if len(drawn) != 1:
        raise InvalidFootprint(
            f"the Placemark draws {len(drawn)} geometries",
            remedy="Draw exactly one Point, LineString or Polygon.",
        )
    geometry = drawn[0]
    if geometry.name == "Polygon":
        _require_children(geometry, ("outerBoundaryIs", "innerBoundaryIs"))
        outer = list(_rings(geometry, "outerBoundaryIs"))
        if len(outer) != 1:
            raise InvalidFootprint(
                f"the Polygon has {len(outer)} outer boundaries", remedy="Draw exactly one."
            )
        lines = (*outer, *_rings(geometry, "innerBoundaryIs"))
    else:
        lines = (_coordinates(geometry),)
    if geometry.name == "Point" and len(lines[0]) != 1:
        raise InvalidFootprint(
            f"the Point has {len(lines[0])} positions", remedy="Give it exactly one."
        )
    return Shape(geometry.name, lines)


def _rings(polygon: Node, boundary: str) -> Iterator[tuple[Position, ...]]:
    for node in polygon.all(boundary):
        _require_children(node, ("LinearRing",))
        for ring in node.all("LinearRing"):
            yield _coordinates(ring)


def _coordinates(node: Node) -> tuple[Position, ...]:
    _require_children(node, ("coordinates",))
    words = " ".join(child.text for child in node.all("coordinates")).split()
    if len(words) > MOST_VERTICES + 1:  # a closed ring repeats one position
        raise InvalidFootprint(
            f"{len(words):,} positions are more than {MOST_VERTICES:,}",
            remedy="Simplify the shape, or split it into several volumes.",
        )
    return tuple(_position(word) for word in words)


def _position(word: str) -> Position:
    parts = word.split(",") if len(word) <= 128 else []
    if len(parts) not in (2, 3) or not all(_NUMBER.fullmatch(part) for part in parts):
        raise InvalidFootprint(
            f"{quoted(word)} is not a position",
            remedy="Write longitude,latitude in degrees, without spaces around the comma.",
        )
    return Position(float(parts[1]), float(parts[0]))


def _require_children(node: Node, known: tuple[str, ...]) -> None:
    for child in node.children:
        if child.name and child.name not in (*known, *_DRAWING_HINTS):
            raise InvalidFootprint(
                f"{quoted(child.name)} may not stand in {node.name}",
                remedy=advice(child.name, known),
            )
