"""Places, heights and times as the F3548 interface writes them.

Source: ASTM F3548-21, interface UTM API 1.0.0: Time to Volume4D.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta

from keepclear.formats.f3548.record import Maybe, NullableRecord, Record

Latitude: TypeAlias = Annotated[float, Meta(ge=-90.0, le=90.0)]
Longitude: TypeAlias = Annotated[float, Meta(ge=-180.0, le=180.0)]


class Time(Record, frozen=True, kw_only=True):
    """A moment, to the microsecond; `moment_of` refuses any zone but Z."""

    value: Annotated[datetime, Meta(tz=True)]
    format: Literal["RFC3339"]


class Radius(Record, frozen=True, kw_only=True):
    """A distance along the ellipsoid."""

    value: Annotated[float, Meta(gt=0.0)]
    units: Literal["M"]


class Altitude(Record, frozen=True, kw_only=True):
    """A height above the WGS84 ellipsoid."""

    value: Annotated[float, Meta(ge=-8_000.0, le=100_000.0)]
    reference: Literal["W84"]
    units: Literal["M"]


class LatLngPoint(Record, frozen=True, kw_only=True):
    """A point on the ellipsoid."""

    lat: Latitude
    lng: Longitude


class Polygon(Record, frozen=True, kw_only=True):
    """An area whose edges are shortest paths; it is the smaller of the two they bound."""

    vertices: Annotated[tuple[LatLngPoint, ...], Meta(min_length=3)]


class Circle(NullableRecord, frozen=True, kw_only=True):
    """An area about a point; without one of the two it is none."""

    center: Maybe[LatLngPoint] = UNSET
    radius: Maybe[Radius] = UNSET


class Volume3D(NullableRecord, frozen=True, kw_only=True):
    """An outline, exactly one, between two heights; a height left out is open."""

    outline_circle: Maybe[Circle] = UNSET
    outline_polygon: Maybe[Polygon] = UNSET
    altitude_lower: Maybe[Altitude] = UNSET
    altitude_upper: Maybe[Altitude] = UNSET


class Volume4D(NullableRecord, frozen=True, kw_only=True):
    """A volume during a window; a time left out is open."""

    volume: Volume3D
    time_start: Maybe[Time] = UNSET
    time_end: Maybe[Time] = UNSET
