"""Volumes of the F3548 interface as the model has them, and back.

Exact both ways: circles stay circles, polygons stay polygons, times are kept to the
microsecond. What the interface cannot write (corridors, holes, other heights) is refused
here; the engine's `outlines` first makes it wider.

Source: ASTM F3548-21, interface UTM API 1.0.0: Polygon, Volume3D, Volume4D, Time.
"""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import UNSET

from keepclear.errors import InvalidAltitude, InvalidFootprint, InvalidInput, InvalidWindow
from keepclear.formats.f3548.geometry import (
    Altitude,
    Circle,
    LatLngPoint,
    Polygon,
    Radius,
    Time,
    Volume3D,
    Volume4D,
)
from keepclear.formats.f3548.record import Maybe
from keepclear.model import altitude as heights
from keepclear.model import volume as shapes
from keepclear.model.coordination import Area
from keepclear.model.window import Window

_DEEPEST_M = heights.LOWEST_M


def moment_of(time: Time) -> datetime:
    """The moment a time names, in UTC.

    Raises:
        InvalidWindow: its zone is not Z; write it in UTC.
    """
    if time.value.utcoffset():
        raise InvalidWindow(
            f"the time {time.value.isoformat()} is not in zone Z",
            remedy="Write the time in UTC, with Z at its end.",
        )
    return time.value.replace(tzinfo=UTC)


def time_of(at: datetime) -> Time:
    """Write a moment, to the microsecond; it must have a zone."""
    return Time(value=at.astimezone(UTC), format="RFC3339")


def area_of(extent: Volume4D) -> Area:
    """Where and when a volume is; heights and times that were left out are open.

    A circle wider than the model draws reaches everywhere: relevance may only be too wide.

    Raises:
        InvalidInput: no outline or two, half a circle, a polygon that repeats its first
            vertex or has fewer than three, heights upside down, an end before its start.
    """
    volume = extent.volume
    area = Area(
        _footprint(volume.outline_circle, volume.outline_polygon),
        volume.altitude_lower.value if volume.altitude_lower else None,
        volume.altitude_upper.value if volume.altitude_upper else None,
        moment_of(extent.time_start) if extent.time_start else None,
        moment_of(extent.time_end) if extent.time_end else None,
    )
    if area.low_m is not None and area.high_m is not None and area.low_m > area.high_m:
        raise InvalidAltitude(f"altitude_lower {area.low_m} m is above altitude_upper")
    if area.start is not None and area.end is not None and area.start > area.end:
        raise InvalidWindow(f"time_start {area.start.isoformat()} is after time_end")
    return area


def _footprint(circle: Maybe[Circle], polygon: Maybe[Polygon]) -> shapes.Footprint | None:
    if bool(circle) == bool(polygon):
        raise InvalidFootprint(
            "a volume has both outlines" if circle else "a volume has no outline",
            remedy="Give exactly one of outline_circle and outline_polygon.",
        )
    if polygon:
        return shapes.Polygon((tuple(_position(each) for each in polygon.vertices),))
    if not circle or not circle.center or not circle.radius:
        raise InvalidFootprint("a circle has no center or no radius")
    if circle.radius.value > shapes.WIDEST_M:
        return None
    return shapes.Circle(_position(circle.center), circle.radius.value)


def _position(point: LatLngPoint) -> shapes.Position:
    return shapes.Position(point.lat, point.lng)


def volume_of(extent: Volume4D, *, now: datetime | None = None) -> shapes.Volume:
    """A volume with everything that strategic coordination demands of it.

    Heights below the model's deepest are drawn up to it: nothing flies there.

    Args:
        extent: the volume.
        now: where given, what ended before is refused.

    Raises:
        InvalidInput: as `area_of`; or an outline, height or time is missing, it lasts no
            time, is too wide, or has ended.
    """
    area = area_of(extent)
    if area.footprint is None:
        raise InvalidFootprint(f"the circle's radius is beyond {shapes.WIDEST_M:,.0f} m")
    if area.low_m is None or area.high_m is None:
        raise InvalidAltitude("a volume has no altitude_lower or no altitude_upper")
    if area.start is None or area.end is None:
        raise InvalidWindow("a volume has no time_start or no time_end")
    if now is not None and area.end < now:
        raise InvalidWindow(f"a volume ended {area.end.isoformat()}, in the past")
    band = heights.AltitudeBand(_height(area.low_m), _height(area.high_m))
    return shapes.Volume(area.footprint, band, Window(area.start, area.end))


def _height(value_m: float) -> heights.Altitude:
    return heights.Altitude(max(value_m, _DEEPEST_M), heights.AltitudeReference.HAE)


def volume4d_of(volume: shapes.Volume) -> Volume4D:
    """Write a volume whose shape and heights the interface has.

    Raises:
        InvalidInput: a corridor, a polygon with holes, or a height that does not count from
            the ellipsoid; the engine's `outlined` makes it one that can be written.
    """
    circle, polygon = _outline(volume.footprint)
    return Volume4D(
        volume=Volume3D(
            outline_circle=circle,
            outline_polygon=polygon,
            altitude_lower=_altitude(volume.band.lower),
            altitude_upper=_altitude(volume.band.upper),
        ),
        time_start=time_of(volume.window.start),
        time_end=time_of(volume.window.end),
    )


def _outline(footprint: shapes.Footprint) -> tuple[Maybe[Circle], Maybe[Polygon]]:
    if isinstance(footprint, shapes.Circle):
        radius = Radius(value=footprint.radius_m, units="M")
        return Circle(center=_point(footprint.centre), radius=radius), UNSET
    if isinstance(footprint, shapes.Polygon) and len(footprint.rings) == 1:
        return UNSET, Polygon(vertices=tuple(_point(each) for each in footprint.rings[0]))
    raise InvalidInput("F3548 writes circles and polygons without holes only")


def _point(position: shapes.Position) -> LatLngPoint:
    return LatLngPoint(lat=position.latitude_deg, lng=position.longitude_deg)


def _altitude(height: heights.Altitude) -> Altitude:
    if height.reference is not heights.AltitudeReference.HAE:
        raise InvalidAltitude(
            f"F3548 writes heights above the ellipsoid, not {height.reference}",
            remedy="Give the height as HAE, wide enough to hold what is meant.",
        )
    return Altitude(value=height.value_m, reference="W84", units="M")
