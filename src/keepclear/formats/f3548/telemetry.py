"""Where an off-nominal aircraft was seen, as the F3548 interface writes it.

Source: ASTM F3548-21, interface UTM API 1.0.0: GetOperationalIntentTelemetryResponse to Velocity.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import UNSET, UnsetType

from keepclear.formats.f3548.geometry import Altitude, Latitude, Longitude, Time
from keepclear.formats.f3548.record import EntityID, Maybe, NullableRecord, Record

PositionAccuracyVertical: TypeAlias = Literal[
    "VAUnknown", "VA150mPlus", "VA150m", "VA45m", "VA25m", "VA10m", "VA3m", "VA1m"
]
PositionAccuracyHorizontal: TypeAlias = Literal[
    "HAUnknown",
    "HA10NMPlus",
    "HA10NM",
    "HA4NM",
    "HA2NM",
    "HA1NM",
    "HA05NM",
    "HA03NM",
    "HA01NM",
    "HA005NM",
    "HA30m",
    "HA10m",
    "HA3m",
    "HA1m",
]


class Position(NullableRecord, frozen=True, kw_only=True):
    """Where an aircraft was reported."""

    longitude: Longitude | UnsetType = UNSET
    latitude: Latitude | UnsetType = UNSET
    accuracy_h: PositionAccuracyHorizontal | UnsetType = UNSET
    accuracy_v: PositionAccuracyVertical | UnsetType = UNSET
    extrapolated: bool | UnsetType = UNSET
    altitude: Maybe[Altitude] = UNSET


class Velocity(Record, frozen=True, kw_only=True):
    """Its speed over the ground and its track from true north."""

    speed: float
    units_speed: Literal["MetersPerSecond"]
    track: float | UnsetType = UNSET


class VehicleTelemetry(NullableRecord, frozen=True, kw_only=True):
    """One report of an aircraft."""

    time_measured: Time
    position: Maybe[Position] = UNSET
    velocity: Maybe[Velocity] = UNSET


class GetOperationalIntentTelemetryResponse(NullableRecord, frozen=True, kw_only=True):
    """The newest report, and when to ask again."""

    operational_intent_id: EntityID
    telemetry: Maybe[VehicleTelemetry] = UNSET
    next_telemetry_opportunity: Maybe[Time] = UNSET
