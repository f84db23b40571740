"""keepclear's KML profile, `keepclear-kml/1`; docs/reference/formats.md describes it.

Each Placemark is one feature. Its ExtendedData carries the same properties as a GeoJSON
feature, exactly; its geometry is the outline, centre or centre line. Heights in
coordinates, styles, views and everything of Google's `gx` vocabulary are passed over.

Source: OGC 07-147r2 (KML 2.2); deviations stand in `kml_tree` and `kml_placemark`.
"""

from __future__ import annotations

import json
from typing import Any, Final
from xml.sax.saxutils import escape

from keepclear.errors import InvalidInput
from keepclear.formats.drawn_volumes import Shape
from keepclear.formats.features import Feature, file_defaults, plan_set_of
from keepclear.formats.kml_placemark import add_data, feature_of
from keepclear.formats.kml_tree import KML_NAMESPACES, KmlCallbacks, Node, walk_kml
from keepclear.formats.properties import HOLDS
from keepclear.formats.properties_written import WrittenFeature, foreign_losses, written_set
from keepclear.formats.property_values import Holds, typed_texts
from keepclear.formats.reading import Export, Reading
from keepclear.model.operation import Mode
from keepclear.model.plan_set import PlanSet

PROFILE: Final = "keepclear-kml/1"


def read_kml(data: bytes, reading: Reading) -> PlanSet:
    """What a file of the KML profile holds.

    Returns:
        Operations in the order of their first Placemarks. Empty where the file has no
        Placemark: that says nothing about an airspace, only a coverage statement does.

    Raises:
        InvalidFile: the file or a feature of it cannot be used; the message says where.
        ModeMismatch: EXERCISE and REAL stand in one file.
    """
    features: list[Feature] = []
    statements: list[Node] = []
    walk_kml(
        data,
        reading,
        KmlCallbacks(
            placemark=lambda node: features.append(
                feature_of(f"feature {len(features) + 1}", node)
            ),
            statement=statements.append,
        ),
    )
    stated: dict[str, Any] = {}
    try:
        for node in statements:
            add_data(node, stated)
        stated = typed_texts(stated, {**HOLDS, "profile": Holds.NAME})
    except InvalidInput as error:
        raise reading.refuse(error.message, remedy=error.remedy) from error
    return plan_set_of(features, file_defaults(stated, PROFILE, reading), reading)


def write_kml(plan_set: PlanSet, *, mode: Mode) -> Export:
    """A plan set as a file of the KML profile.

    Our own reader gets everything back but the source. The losses say what other programs
    see less of: circles and corridors.

    Raises:
        ModeMismatch: an operation is of the other mode.
        InvalidOperation: two operations or zones cannot be told apart, or a name holds
            what a file cannot hold.
    """
    written = written_set(plan_set, mode=mode)
    statement = {"profile": PROFILE, "mode": mode.value}
    if written.party is not None:
        statement["party"] = written.party
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<kml xmlns="{KML_NAMESPACES[0]}"><Document>',
        f"<name>{mode.value} keepclear {mode.value}</name>",
        _extended_data(statement),
        *(_placemark(feature, mode) for feature in written.features),
        "</Document></kml>\n",
    ]
    losses = foreign_losses(
        written.features,
        circle="exact for keepclear (ExtendedData); other programs see a point without radius",
        corridor="exact for keepclear (ExtendedData); other programs see a line without width",
    )
    return Export("\n".join(lines).encode(), (*written.losses, *losses))


def _placemark(feature: WrittenFeature, mode: Mode) -> str:
    properties = feature.properties
    windows = properties.get("windows", [])
    times = windows[0] if len(windows) == 1 else [properties.get("start"), properties.get("end")]
    span = f"<TimeSpan><begin>{times[0]}</begin><end>{times[1]}</end></TimeSpan>"
    return "\n".join(
        (
            f"<Placemark><name>{_escaped(f'{mode.value} {feature.label}')}</name>",
            *([span] if times[0] else []),
            _extended_data(properties),
            f"{_geometry(feature.shape)}</Placemark>",
        )
    )


def _geometry(shape: Shape) -> str:
    lines = [
        "<coordinates>"
        + " ".join(f"{p.longitude_deg!r},{p.latitude_deg!r}" for p in line)
        + "</coordinates>"
        for line in shape.lines
    ]
    match shape.kind:
        case "Point":
            return f"<Point>{lines[0]}</Point>"
        case "LineString":
            return f"<LineString><tessellate>1</tessellate>{lines[0]}</LineString>"
        case _:
            rings = [f"<LinearRing>{line}</LinearRing>" for line in lines]
            holes = "".join(f"<innerBoundaryIs>{ring}</innerBoundaryIs>" for ring in rings[1:])
            outer = f"<outerBoundaryIs>{rings[0]}</outerBoundaryIs>"
            return f"<Polygon><tessellate>1</tessellate>{outer}{holes}</Polygon>"


def _extended_data(properties: dict[str, Any]) -> str:
    lines = [
        f'<Data name="{name}"><value>{_escaped(_text(name, value))}</value></Data>'
        for name, value in properties.items()
    ]
    return "\n".join(("<ExtendedData>", *lines, "</ExtendedData>"))


def _text(name: str, value: Any) -> str:
    if HOLDS.get(name) is Holds.STRUCTURE:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    return str(value)


def _escaped(text: str) -> str:
    # a bare carriage return would come back as a line feed (XML 1.0, section 2.11)
    return escape(text, {"\r": "&#13;"})
