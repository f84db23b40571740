"""What a drawn geometry and its properties say together: footprint, band and window.

A GeoJSON or KML geometry alone has no width and no dependable height; the properties
state both, heights with the surface they count from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from keepclear.errors import InvalidAltitude, InvalidFootprint
from keepclear.formats.property_values import Holds, Values, advice, quoted
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position, Volume
from keepclear.units import M_PER_FT, flight_level_m

WIDTHS: Final = dict.fromkeys(("radius_m", "half_width_m", "full_width_m"), Holds.NUMBER)
"""The properties that give a geometry its width."""
BAND: Final = {
    f"{bound}_{part}": Holds.NAME if part == "reference" else Holds.NUMBER
    for bound in ("lower", "upper")
    for part in ("m", "ft", "fl", "reference", "datum_m")
}
"""The properties that state the two heights."""

_REFERENCES: Final = {
    **{reference.value: reference for reference in AltitudeReference},
    "FL": AltitudeReference.STD,
    "W84": AltitudeReference.HAE,
    "WGS84": AltitudeReference.HAE,
}
_SEA_LEVEL_WORDS: Final = ("MSL", "AMSL", "ASL", "ALT")


@dataclass(frozen=True, slots=True)
class Shape:
    """A drawn geometry before its widths are known.

    Attributes:
        kind: "Point", "LineString" or "Polygon".
        lines: one position; or one line; or the rings as drawn, closed, outer one first.
    """

    kind: str
    lines: tuple[tuple[Position, ...], ...]


def footprint_of(values: Values, shape: Shape) -> Footprint:
    """The exact footprint of a drawn geometry and the widths stated with it.

    Raises:
        InvalidFootprint: a width is missing, stated twice, or does not belong to the
            geometry; or a ring is not closed.
    """
    belonging = {"Point": ("radius_m",), "LineString": ("half_width_m", "full_width_m")}
    allowed = belonging.get(shape.kind, ())
    stated = [name for name in WIDTHS if values.has(name)]
    for name in stated:
        if name not in allowed:
            raise InvalidFootprint(
                f"{name} does not belong to a {shape.kind}",
                remedy="Draw circles as Point, corridors as LineString, areas as Polygon.",
            )
    if allowed and len(stated) != 1:
        raise InvalidFootprint(
            f"a {shape.kind} states {' and '.join(stated) or 'no width'}",
            remedy=f"State exactly one of: {', '.join(allowed)}.",
        )
    match shape.kind:
        case "Point":
            return Circle(shape.lines[0][0], values.number("radius_m"))
        case "LineString":
            half = 0.5 if stated == ["full_width_m"] else 1.0
            return Corridor(shape.lines[0], values.number(stated[0]) * half)
        case _:
            return Polygon(tuple(_opened(ring) for ring in shape.lines))


def band_of(values: Values) -> AltitudeBand:
    """The heights between the lower and the upper bound, each with its own reference.

    Raises:
        InvalidAltitude: a height or a reference is missing, unknown or stated twice.
    """
    return AltitudeBand(_altitude(values, "lower"), _altitude(values, "upper"))


def volume_of(values: Values, shape: Shape) -> Volume:
    """The footprint, band and window of one feature.

    Raises:
        InvalidInput: a property is missing or holds what it may not.
    """
    return Volume(
        footprint=footprint_of(values, shape),
        band=band_of(values),
        window=values.window(),
        source_text=values.text("volume_source_text"),
    )


def _opened(ring: tuple[Position, ...]) -> tuple[Position, ...]:
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise InvalidFootprint(
            f"a ring of {len(ring)} positions is not closed",
            remedy="Give each ring at least four positions, the last one equal to the first.",
        )
    return ring[:-1]


def _altitude(values: Values, bound: str) -> Altitude:
    stated = [name for name in (f"{bound}_m", f"{bound}_ft", f"{bound}_fl") if values.has(name)]
    if len(stated) != 1:
        raise InvalidAltitude(
            f"the {bound} bound states {' and '.join(stated) or 'no height'}",
            remedy=f"State exactly one of {bound}_m, {bound}_ft and {bound}_fl.",
        )
    number = values.number(stated[0])
    datum = f"{bound}_datum_m"
    datum_m = values.number(datum) if values.has(datum) else None
    if stated[0] == f"{bound}_fl":
        if values.has(f"{bound}_reference") and _reference(values, bound) != "STD":
            raise InvalidAltitude(
                f"{bound}_fl is a flight level, and {bound}_reference says otherwise",
                remedy=f"Leave {bound}_reference out, or use {bound}_ft or {bound}_m.",
            )
        return Altitude(flight_level_m(number), AltitudeReference.STD, datum_m)
    height_m = number * M_PER_FT if stated[0] == f"{bound}_ft" else number
    return Altitude(height_m, _reference(values, bound), datum_m)


def _reference(values: Values, bound: str) -> AltitudeReference:
    name = f"{bound}_reference"
    if not values.has(name):
        raise InvalidAltitude(
            f"the property {name!r} is missing: a height without reference means nothing",
            remedy=f"Add {name!r}: STD, QNH, QFE, AGL or HAE.",
        )
    word = values.name(name)
    if word in _REFERENCES:
        return _REFERENCES[word]
    if word.upper() in _SEA_LEVEL_WORDS:
        raise InvalidAltitude(
            f"{name} {quoted(word)} does not say which sea level",
            remedy="Say QNH (an altimeter on local QNH) or HAE (height above WGS84).",
        )
    raise InvalidAltitude(f"{name} {quoted(word)} is not known", remedy=advice(word, _REFERENCES))
