"""The columns of a recording as they come in, until they are complete.

Shared by the readers of `trajectories`: the names of the columns, what a cell may hold,
and the limits that keep memory bounded on hostile files.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keepclear.errors import InvalidFile, InvalidWindow
from keepclear.formats.reading import Reading
from keepclear.formats.track_rows import TrackRows
from keepclear.model.window import require_utc
from keepclear.units import M_PER_FT, MPS_PER_KT

MOST_POSITIONS = 5_000_000
"""The most rows a reader takes: about half a gigabyte while it works."""
MOST_NAMES = 100_000
"""The most aircraft, and callsigns, in a recording: more than fly in the world on one day."""

NUMBERS = ("latitude", "longitude", "altitude")
REQUIRED = ("timestamp", "icao24", *NUMBERS)
OPTIONAL = ("callsign", "groundspeed", "onground")

COLUMNS_REMEDY = (
    "Name the columns timestamp, icao24, latitude, longitude (degrees) and altitude "
    "(feet, barometric)."
)
ZONE_REMEDY = "Give times with a zone: 2018-08-01T05:00:00Z, or a Parquet type with UTC."
SPLIT_REMEDY = "Split the recording by time."

_ADDRESS = re.compile(r"[0-9a-f]{6}", re.ASCII)
_CALLSIGN = re.compile(r"[A-Z0-9]{1,8}", re.ASCII)


def require_columns(reading: Reading, names: Iterable[str]) -> None:
    """Refuse a recording that lacks a column, or has one twice.

    Raises:
        InvalidFile: it does.
    """
    found = list(names)
    missing = [name for name in REQUIRED if name not in found]
    if missing:
        raise reading.refuse(f"without the column {', '.join(missing)}", remedy=COLUMNS_REMEDY)
    twice = [name for name in (*REQUIRED, *OPTIONAL) if found.count(name) > 1]
    if twice:
        raise reading.refuse(
            f"the column {', '.join(twice)} stands twice", remedy="Keep one of each."
        )


def too_many_rows(reading: Reading, most_positions: int) -> InvalidFile:
    """Make the error that refuses a recording for its length."""
    return reading.refuse(f"it has more than {most_positions:,} rows", remedy=SPLIT_REMEDY)


def seconds_of(text: str, reading: Reading, feature: str) -> float:
    """Seconds since 1970-01-01 UTC of a written time; NaN for an empty cell.

    Raises:
        InvalidFile: no time, or one without a zone.
    """
    if not text.strip():
        return math.nan
    try:
        return require_utc(datetime.fromisoformat(text.strip())).timestamp()
    except InvalidWindow as error:
        message = error.message
    except (ValueError, OverflowError):
        message = f"timestamp {text[:40]!r} is no time"
    raise reading.refuse(message, feature=feature, remedy=ZONE_REMEDY)


@dataclass(slots=True)
class TrackColumns:
    """Takes a recording chunk by chunk.

    Attributes:
        reading: how the file is read; it makes the errors.
        most_positions: refuse more rows.
    """

    reading: Reading
    most_positions: int
    _rows: int = 0
    _aircraft_codes: dict[str, int] = field(default_factory=dict)
    _callsign_codes: dict[str, int] = field(default_factory=lambda: {"": 0})
    _chunks: list[Sequence[NDArray[Any]]] = field(default_factory=list)

    def aircraft_code(self, text: str) -> int:
        """Which aircraft an address names; -1 where it is none.

        Source: ICAO Annex 10 volume III, part I, appendix to chapter 9 (24-bit addresses).
        """
        address = text.strip().lower()
        if not _ADDRESS.fullmatch(address):
            return -1
        return self._aircraft_codes.setdefault(address, len(self._aircraft_codes))

    def callsign_code(self, text: str) -> int:
        """Which callsign this is: 0 for none, -1 where it cannot be one.

        Source: ICAO Annex 10 volume IV, 3.1.2.9.1 (eight characters at most).
        """
        callsign = text.strip().upper()
        if callsign and not _CALLSIGN.fullmatch(callsign):
            return -1
        return self._callsign_codes.setdefault(callsign, len(self._callsign_codes))

    def add(self, chunk: Sequence[NDArray[Any]]) -> None:
        """Take a chunk of rows.

        Args:
            chunk: arrays of shape (N,): aircraft and callsign codes, seconds, degrees of
                latitude and longitude, feet, knots, and whether on the ground.

        Raises:
            InvalidFile: that is too many rows, aircraft or callsigns for one recording.
        """
        self._rows += chunk[0].size
        if self._rows > self.most_positions:
            raise too_many_rows(self.reading, self.most_positions)
        if max(len(self._aircraft_codes), len(self._callsign_codes)) > MOST_NAMES:
            raise self.reading.refuse(
                f"it names more than {MOST_NAMES:,} aircraft or callsigns", remedy=SPLIT_REMEDY
            )
        self._chunks.append(chunk)

    def complete(self) -> TrackRows:
        """Everything taken, in SI.

        Raises:
            InvalidFile: nothing was taken.
        """
        if not self._rows:
            raise self.reading.refuse("it has no rows", remedy="Give a recording with positions.")
        columns = [np.concatenate(parts) for parts in zip(*self._chunks, strict=True)]
        aircraft, callsign, times_s, latitude, longitude, altitude_ft, speed_kt, ground = columns
        return TrackRows(
            aircraft.astype(np.intp),
            callsign.astype(np.intp),
            times_s,
            latitude,
            longitude,
            altitude_ft * M_PER_FT,
            speed_kt * MPS_PER_KT,
            ground.astype(np.bool_),
            tuple(self._aircraft_codes),
            tuple(self._callsign_codes),
        )
