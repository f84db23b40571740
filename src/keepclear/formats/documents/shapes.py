"""Where and when as JSON documents: positions, footprints, altitudes, windows, volumes."""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeAlias

from msgspec import Meta

from keepclear.canonical import JsonValue
from keepclear.errors import InvalidAltitude, InvalidFootprint, InvalidInput, InvalidWindow
from keepclear.formats.documents.fields import Moment, Text, moment
from keepclear.formats.documents.part import Part
from keepclear.formats.documents.strict import read_document
from keepclear.formats.times import iso_text
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position, Volume
from keepclear.model.window import Window

_ABOVE_ZERO = {"exclusiveMinimum": 0, "maximum": 2_000_000}


class PositionDocument(Part, frozen=True, kw_only=True, gc=False):
    """A point on the WGS84 ellipsoid."""

    refusal: ClassVar[type[InvalidInput]] = InvalidFootprint

    latitude_deg: Annotated[
        float,
        Meta(
            description="Geodetic latitude in degrees, north above 0.",
            extra_json_schema={"minimum": -90, "maximum": 90},
        ),
    ]
    longitude_deg: Annotated[
        float,
        Meta(
            description="Longitude in degrees, east above 0.",
            extra_json_schema={"minimum": -180, "maximum": 180},
        ),
    ]

    def built(self) -> Position:
        """The position."""
        return Position(self.latitude_deg, self.longitude_deg)


class CircleDocument(Part, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="circle"):
    """All points within a distance of a centre."""

    refusal: ClassVar[type[InvalidInput]] = InvalidFootprint

    centre: Annotated[PositionDocument, Meta(description="Its centre.")]
    radius_m: Annotated[
        float, Meta(description="Geodesic radius in metres.", extra_json_schema=_ABOVE_ZERO)
    ]

    def built(self) -> Circle:
        """The circle."""
        return Circle(self.centre.built(), self.radius_m)


class PolygonDocument(Part, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="polygon"):
    """An area bounded by rings of great circles."""

    refusal: ClassVar[type[InvalidInput]] = InvalidFootprint

    rings: Annotated[
        tuple[tuple[PositionDocument, ...], ...],
        Meta(
            description="The outer ring, then the holes; each open (its first vertex is not "
            "repeated), of at least three vertices, in any direction."
        ),
    ]

    def built(self) -> Polygon:
        """The polygon."""
        return Polygon(tuple(positions_of_line(ring) for ring in self.rings))


class CorridorDocument(Part, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="corridor"):
    """All points within half a width of a centre line, ends rounded."""

    refusal: ClassVar[type[InvalidInput]] = InvalidFootprint

    centreline: Annotated[
        tuple[PositionDocument, ...], Meta(description="At least two different positions.")
    ]
    half_width_m: Annotated[
        float,
        Meta(
            description="Distance from the line to the edge in metres.",
            extra_json_schema=_ABOVE_ZERO,
        ),
    ]

    def built(self) -> Corridor:
        """The corridor."""
        return Corridor(positions_of_line(self.centreline), self.half_width_m)


FootprintDocument: TypeAlias = CircleDocument | PolygonDocument | CorridorDocument


class AltitudeDocument(Part, frozen=True, kw_only=True, gc=False):
    """A height and the surface it is counted from."""

    refusal: ClassVar[type[InvalidInput]] = InvalidAltitude

    value_m: Annotated[
        float,
        Meta(
            description="Metres above the reference surface.",
            extra_json_schema={"minimum": -1_000, "maximum": 100_000},
        ),
    ]
    reference: Annotated[AltitudeReference, Meta(description="That surface; never guessed.")]
    datum_m: Annotated[
        float | None,
        Meta(
            description="For QFE the aerodrome's elevation, for AGL the height of the ground, in "
            "metres above mean sea level; null where not given. Others have none."
        ),
    ] = None

    def built(self) -> Altitude:
        """The altitude."""
        return Altitude(self.value_m, self.reference, self.datum_m)


class WindowDocument(Part, frozen=True, kw_only=True, gc=False):
    """A closed span of time."""

    refusal: ClassVar[type[InvalidInput]] = InvalidWindow

    start: Annotated[Moment, Meta(description="Its first moment, with its zone.")]
    end: Annotated[Moment, Meta(description="Its last moment, after the start, with its zone.")]

    def built(self) -> Window:
        """The window."""
        return Window(moment(self.start), moment(self.end))


class VolumeDocument(Part, frozen=True, kw_only=True, gc=False):
    """A footprint between two heights during a window."""

    footprint: Annotated[FootprintDocument, Meta(description="The area on the ground.")]
    lower: Annotated[AltitudeDocument, Meta(description="Its bottom.")]
    upper: Annotated[
        AltitudeDocument, Meta(description="Its top; may have another reference than the bottom.")
    ]
    start: Annotated[Moment, Meta(description="Its first moment, before any tolerance.")]
    end: Annotated[Moment, Meta(description="Its last moment, before any tolerance.")]
    source_text: Annotated[
        Text, Meta(description="What it was read from, word for word; empty where not text.")
    ] = ""

    def built(self) -> Volume:
        """The volume."""
        return Volume(
            self.footprint.built(),
            band_of(self.lower, self.upper),
            Window(moment(self.start), moment(self.end)),
            self.source_text,
        )


def band_of(lower: AltitudeDocument, upper: AltitudeDocument) -> AltitudeBand:
    """The band between two altitudes.

    Raises:
        InvalidAltitude: an altitude is unusable, or the band is upside down.
    """
    return AltitudeBand(lower.built(), upper.built())


def footprint_from(document: object) -> Footprint:
    """The footprint a document draws; whether a ring crosses itself is not asked here.

    Args:
        document: bytes of JSON, or what a JSON reader made of them.

    Raises:
        InvalidFootprint: it draws none; the message starts with the place.
        InvalidOperation: the bytes are no JSON.
    """
    return read_document(document, FootprintDocument, _footprint)


def altitude_from(document: object) -> Altitude:
    """The altitude a document states.

    Raises:
        InvalidAltitude: number or reference is missing or unusable.
        InvalidOperation: the bytes are no JSON.
    """
    return read_document(document, AltitudeDocument, AltitudeDocument.built)


def window_from(document: object) -> Window:
    """The window a document states.

    Raises:
        InvalidWindow: a time is missing, without zone or unreal, or the end is not after the start.
        InvalidOperation: the bytes are no JSON.
    """
    return read_document(document, WindowDocument, WindowDocument.built)


def position_document(position: Position) -> dict[str, JsonValue]:
    """A position as plain values."""
    return {"latitude_deg": position.latitude_deg, "longitude_deg": position.longitude_deg}


def footprint_document(footprint: Footprint) -> dict[str, JsonValue]:
    """A footprint as plain values."""
    match footprint:
        case Circle(centre, radius_m):
            return {"kind": "circle", "centre": position_document(centre), "radius_m": radius_m}
        case Polygon(rings):
            return {"kind": "polygon", "rings": [line_document(ring) for ring in rings]}
        case Corridor(centreline, half_width_m):
            line = line_document(centreline)
            return {"kind": "corridor", "centreline": line, "half_width_m": half_width_m}


def line_document(positions: tuple[Position, ...]) -> list[dict[str, JsonValue]]:
    """Positions in their order as plain values."""
    return [position_document(position) for position in positions]


def altitude_document(altitude: Altitude) -> dict[str, JsonValue]:
    """An altitude as plain values."""
    return {
        "value_m": altitude.value_m,
        "reference": altitude.reference.value,
        "datum_m": altitude.datum_m,
    }


def band_document(band: AltitudeBand) -> dict[str, JsonValue]:
    """A band as the two fields `lower` and `upper`."""
    return {"lower": altitude_document(band.lower), "upper": altitude_document(band.upper)}


def window_document(window: Window) -> dict[str, JsonValue]:
    """A window as the two fields `start` and `end`, in UTC."""
    return {"start": iso_text(window.start), "end": iso_text(window.end)}


def volume_document(volume: Volume) -> dict[str, JsonValue]:
    """A volume as plain values."""
    return {
        "footprint": footprint_document(volume.footprint),
        **band_document(volume.band),
        **window_document(volume.window),
        "source_text": volume.source_text,
    }


def positions_of_line(line: tuple[PositionDocument, ...]) -> tuple[Position, ...]:
    """The positions of a line, in order."""
    return tuple([Position(one.latitude_deg, one.longitude_deg) for one in line])


def _footprint(document: FootprintDocument) -> Footprint:
    return document.built()
