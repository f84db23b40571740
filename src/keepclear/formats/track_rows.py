"""The nouns of a recording: rows as read, trajectories as taken, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from keepclear.model.altitude import AltitudeReference

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]


class CleaningRule(StrEnum):
    """Why a recorded row, altitude or callsign was not taken."""

    UNREADABLE_ROW = "not readable"
    NO_ADDRESS = "no aircraft address of six hexadecimal digits"
    NO_TIME = "no time"
    NO_POSITION = "no position"
    ON_GROUND = "on the ground"
    TIME_GOES_BACK = "earlier than a row of the same aircraft before it"
    SECOND_POSITION = "a second position for the same time"
    FROZEN = "position repeated for more than 120 s at speed"
    JUMP = "faster than Mach 3 from or to its neighbours"
    ALTITUDE_IMPOSSIBLE = "altitude not possible; position taken"
    CALLSIGN_UNREADABLE = "callsign not of letters and digits; position taken"

    @property
    def keeps_position(self) -> bool:
        """Whether the position was taken all the same."""
        return self in (CleaningRule.ALTITUDE_IMPOSSIBLE, CleaningRule.CALLSIGN_UNREADABLE)


@dataclass(frozen=True, slots=True)
class TrackLoss:
    """How much one rule left out.

    Attributes:
        rule: which rule.
        rows: how many rows of the recording it struck.
        aircraft: of how many aircraft; zero where the rows name none.
    """

    rule: CleaningRule
    rows: int
    aircraft: int

    def __str__(self) -> str:
        """Say it in one phrase."""
        rows = "1 row" if self.rows == 1 else f"{self.rows:,} rows"
        return f"{rows} of {self.aircraft:,} aircraft: {self.rule.value}"


@dataclass(frozen=True, slots=True, eq=False)
class Trajectory:
    """Recorded positions of one aircraft under one callsign; arrays of shape (N,), read-only.

    Attributes:
        aircraft_id: its 24-bit address, six lower-case hexadecimal digits.
        callsign: in capitals; empty where none was recorded.
        times_s: seconds since 1970-01-01 UTC, strictly rising.
        latitude_deg: geodetic latitudes, WGS84.
        longitude_deg: longitudes, -180 .. 180.
        altitude_m: above the reference; NaN where none was recorded.
        reference: the surface altitudes are counted from.
    """

    aircraft_id: str
    callsign: str
    times_s: FloatArray
    latitude_deg: FloatArray
    longitude_deg: FloatArray
    altitude_m: FloatArray
    reference: AltitudeReference = AltitudeReference.STD

    def __post_init__(self) -> None:
        for name in ("times_s", "latitude_deg", "longitude_deg", "altitude_m"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    def __len__(self) -> int:
        return int(self.times_s.size)


@dataclass(frozen=True, slots=True)
class TrackReading:
    """What a recording held.

    Attributes:
        trajectories: by aircraft, then time; a change of callsign starts a new one.
        rows: how many rows the recording has: those taken and those left out.
        losses: what was left out and why; empty where everything was taken.
    """

    trajectories: tuple[Trajectory, ...]
    rows: int
    losses: tuple[TrackLoss, ...] = ()

    @property
    def positions(self) -> int:
        """How many positions were taken."""
        return sum(len(trajectory) for trajectory in self.trajectories)


@dataclass(frozen=True, slots=True, eq=False)
class TrackRows:
    """The columns of a recording, in the order of the file; arrays of shape (N,).

    Attributes:
        aircraft: index into `aircraft_ids`; -1 where the row names no aircraft.
        callsign: index into `callsigns`; 0 where there is none, -1 where it is unreadable.
        times_s: seconds since 1970-01-01 UTC, NaN where missing; so are the next four.
        latitude_deg: degrees.
        longitude_deg: degrees.
        altitude_m: pressure altitude.
        speed_mps: over the ground.
        on_ground: True where the aircraft said so.
        aircraft_ids: each aircraft once.
        callsigns: each callsign once; the first is empty.
    """

    aircraft: IntArray
    callsign: IntArray
    times_s: FloatArray
    latitude_deg: FloatArray
    longitude_deg: FloatArray
    altitude_m: FloatArray
    speed_mps: FloatArray
    on_ground: BoolArray
    aircraft_ids: tuple[str, ...]
    callsigns: tuple[str, ...]

    def __len__(self) -> int:
        return int(self.times_s.size)

    def take(self, rows: IntArray | BoolArray) -> TrackRows:
        """Those rows only."""
        return TrackRows(
            self.aircraft[rows],
            self.callsign[rows],
            self.times_s[rows],
            self.latitude_deg[rows],
            self.longitude_deg[rows],
            self.altitude_m[rows],
            self.speed_mps[rows],
            self.on_ground[rows],
            self.aircraft_ids,
            self.callsigns,
        )
