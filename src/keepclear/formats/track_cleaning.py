"""What is wrong with recordings, rule by rule.

Receivers repeat old positions, mix up aircraft and lose altitudes. What is left out here
is left out by a named rule and counted, so that rows taken and rows left out add up.
Positions are never moved, smoothed or invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from keepclear.formats.track_rows import (
    BoolArray,
    CleaningRule,
    FloatArray,
    IntArray,
    TrackLoss,
    TrackReading,
    TrackRows,
    Trajectory,
)
from keepclear.units import M_PER_FT, MPS_PER_KT

FASTEST_MPS = 3.0 * 340.294
"""Mach 3 at sea level. Source: ICAO Doc 7488, standard atmosphere, speed of sound."""
STEEPEST_MPS = 300.0
"""About 60,000 ft a minute, which few aircraft reach and none for long. Set high on purpose:
a doubtful altitude that stays makes a band too tall, one that goes leaves a height unknown."""
FROZEN_S = 120.0
"""How long a moving aircraft may repeat one position."""
STILL_MPS = 5.0 * MPS_PER_KT
"""Recorded speeds up to here count as standing: hovering and holding short show a few knots."""
LOWEST_M = -1_000.0 * M_PER_FT
HIGHEST_M = 126_750.0 * M_PER_FT
"""What a transponder can say. Source: ICAO Annex 10 volume IV, appendix to chapter 3."""
LATEST_S = 253_370_764_800.0
"""9999-01-01: later times do not fit a calendar."""

_EARTH_RADIUS_M = 6_371_009.0
_LOOKBACK = 200
"""How many contradicting runs are looked back over; bounds the work on hostile files."""


@dataclass(slots=True)
class _Tally:
    rows: dict[CleaningRule, int] = field(default_factory=dict)
    aircraft: dict[CleaningRule, set[int]] = field(default_factory=dict)

    def count(self, rule: CleaningRule, aircraft: IntArray) -> None:
        if aircraft.size:
            self.rows[rule] = self.rows.get(rule, 0) + int(aircraft.size)
            named = np.unique(aircraft[aircraft >= 0]).tolist()
            self.aircraft.setdefault(rule, set()).update(named)

    def losses(self) -> tuple[TrackLoss, ...]:
        return tuple(
            TrackLoss(rule, self.rows[rule], len(self.aircraft[rule]))
            for rule in CleaningRule
            if rule in self.rows
        )


def clean(rows: TrackRows, *, unreadable: int = 0) -> TrackReading:
    """The trajectories of a recording, and what was left out of them.

    Args:
        rows: the recording.
        unreadable: rows its reader could not make out; they are only counted.
    """
    tally = _Tally()
    tally.count(CleaningRule.UNREADABLE_ROW, np.full(unreadable, -1))
    taken = _with_necessary_cells(rows, tally)
    taken = taken.take(np.argsort(taken.aircraft, kind="stable"))
    ends = np.flatnonzero(np.diff(taken.aircraft)) + 1
    trajectories: list[Trajectory] = []
    for track in np.split(np.arange(len(taken)), ends):
        if track.size:
            trajectories.extend(_by_callsign(_clean_one(taken.take(track), tally)))
    trajectories.sort(key=lambda t: (t.aircraft_id, t.times_s[0]))
    return TrackReading(tuple(trajectories), len(rows) + unreadable, tally.losses())


def _with_necessary_cells(rows: TrackRows, tally: _Tally) -> TrackRows:
    """Leave out rows that lack a necessary cell, and altitudes and callsigns that cannot be."""
    with np.errstate(invalid="ignore"):
        for rule, faulty in (
            (CleaningRule.NO_ADDRESS, lambda r: r.aircraft < 0),
            (CleaningRule.NO_TIME, lambda r: ~((r.times_s >= 0.0) & (r.times_s < LATEST_S))),
            (CleaningRule.NO_POSITION, _has_no_position),
            (CleaningRule.ON_GROUND, lambda r: r.on_ground),
        ):
            mask = faulty(rows)
            tally.count(rule, rows.aircraft[mask])
            rows = rows.take(~mask)
        tally.count(CleaningRule.CALLSIGN_UNREADABLE, rows.aircraft[rows.callsign < 0])
        recorded = ~np.isnan(rows.altitude_m)
        impossible = recorded & ~((rows.altitude_m >= LOWEST_M) & (rows.altitude_m <= HIGHEST_M))
    tally.count(CleaningRule.ALTITUDE_IMPOSSIBLE, rows.aircraft[impossible])
    rows.altitude_m[impossible] = np.nan
    return rows


def _has_no_position(rows: TrackRows) -> BoolArray:
    on_earth = (np.abs(rows.latitude_deg) <= 90.0) & (np.abs(rows.longitude_deg) <= 180.0)
    return np.asarray(~on_earth)


def _clean_one(track: TrackRows, tally: _Tally) -> TrackRows:
    """The rows of one aircraft that can be true together."""
    for rule, faulty in (
        (CleaningRule.TIME_GOES_BACK, _goes_back),
        (CleaningRule.SECOND_POSITION, _repeats_its_time),
        (CleaningRule.FROZEN, _is_frozen),
        (CleaningRule.JUMP, _jumps),
    ):
        mask = faulty(track)
        if mask.any():
            tally.count(rule, track.aircraft[mask])
            track = track.take(~mask)
    leaps = _leaps_in_height(track)
    tally.count(CleaningRule.ALTITUDE_IMPOSSIBLE, track.aircraft[leaps])
    track.altitude_m[leaps] = np.nan
    return track


def _goes_back(track: TrackRows) -> BoolArray:
    return np.asarray(track.times_s < np.maximum.accumulate(track.times_s))


def _repeats_its_time(track: TrackRows) -> BoolArray:
    return np.asarray(np.diff(track.times_s, prepend=-1.0) == 0.0)


def _first_of_same_position(track: TrackRows) -> BoolArray:
    """Where a position differs from the row before."""
    moved = (np.diff(track.latitude_deg) != 0.0) | (np.diff(track.longitude_deg) != 0.0)
    return np.concatenate([[True], moved])


def _is_frozen(track: TrackRows) -> BoolArray:
    """Repeated positions, save the first, of aircraft that moved: the first was true once."""
    first = _first_of_same_position(track)
    starts = np.flatnonzero(first)
    lasts = np.append(starts[1:], len(track)) - 1
    told = ~np.isnan(track.speed_mps)
    total_mps = np.add.reduceat(np.where(told, track.speed_mps, 0.0), starts)
    mean_mps = total_mps / np.maximum(np.add.reduceat(told.astype(np.float64), starts), 1.0)
    frozen = (track.times_s[lasts] - track.times_s[starts] > FROZEN_S) & (mean_mps > STILL_MPS)
    return np.asarray(frozen[np.cumsum(first) - 1] & ~first)


def _jumps(track: TrackRows) -> BoolArray:
    """Positions no aircraft reaches; a repeated position is as old as its first report."""
    latitude, longitude = np.radians(track.latitude_deg), np.radians(track.longitude_deg)
    across = np.cos(latitude)
    unit = np.stack([across * np.cos(longitude), across * np.sin(longitude), np.sin(latitude)])
    starts = np.flatnonzero(_first_of_same_position(track))
    index = np.searchsorted(starts, np.arange(len(track)), side="right") - 1
    reported_s = track.times_s[starts][index]

    def contradict(earlier: IntArray, later: IntArray) -> BoolArray:
        half_chord = 0.5 * np.linalg.norm(unit[:, later] - unit[:, earlier], axis=0)
        distance_m = 2.0 * _EARTH_RADIUS_M * np.arcsin(np.minimum(half_chord, 1.0))
        return np.asarray(distance_m > FASTEST_MPS * (track.times_s[later] - reported_s[earlier]))

    return _outside_largest_chain(len(track), contradict)


def _leaps_in_height(track: TrackRows) -> BoolArray:
    """Recorded altitudes that no aircraft climbs or sinks to from the others."""
    recorded = np.flatnonzero(~np.isnan(track.altitude_m))
    altitude_m, times_s = track.altitude_m[recorded], track.times_s[recorded]

    def contradict(earlier: IntArray, later: IntArray) -> BoolArray:
        change_m = np.abs(altitude_m[later] - altitude_m[earlier])
        return np.asarray(change_m > STEEPEST_MPS * (times_s[later] - times_s[earlier]))

    leaps = np.zeros(len(track), dtype=np.bool_)
    leaps[recorded[_outside_largest_chain(recorded.size, contradict)]] = True
    return leaps


def _outside_largest_chain(
    count: int, contradict: Callable[[IntArray, IntArray], BoolArray]
) -> BoolArray:
    """Mark rows outside the largest chain of runs in which no neighbours contradict.

    Rows are cut into runs where neighbours contradict each other; of all ways to pick runs
    so that none contradicts the one picked before, the one with most rows stays. So one
    wild row, or a wild first row, never costs the good ones.
    """
    before = np.arange(max(count - 1, 0))
    cuts = np.flatnonzero(contradict(before, before + 1)) + 1
    outside = np.zeros(count, dtype=np.bool_)
    if not cuts.size:
        return outside
    starts, ends = np.concatenate([[0], cuts]), np.append(cuts, count)
    most = ends - starts
    picked_before = np.full(starts.size, -1)
    for run in range(1, starts.size):
        earlier = np.arange(max(0, run - _LOOKBACK), run)
        fits = earlier[~contradict(ends[earlier] - 1, np.full_like(earlier, starts[run]))]
        if fits.size:
            picked_before[run] = fits[np.argmax(most[fits])]
            most[run] += most[picked_before[run]]
    outside[:] = True
    run = int(np.argmax(most))
    while run >= 0:
        outside[starts[run] : ends[run]] = False
        run = int(picked_before[run])
    return outside


def _by_callsign(track: TrackRows) -> Iterator[Trajectory]:
    """One trajectory for each stretch under one callsign."""
    callsign = _filled(track.callsign, track.times_s)
    cuts = np.flatnonzero(np.diff(callsign)) + 1
    for rows in np.split(np.arange(len(track)), cuts):
        yield Trajectory(
            track.aircraft_ids[track.aircraft[0]],
            track.callsigns[callsign[rows[0]]],
            track.times_s[rows],
            track.latitude_deg[rows],
            track.longitude_deg[rows],
            track.altitude_m[rows],
        )


def _filled(callsign: IntArray, times_s: FloatArray) -> IntArray:
    """Callsigns with each missing one taken from the nearest row in time; 0 where none is."""
    known = np.flatnonzero(callsign > 0)
    if not known.size:
        return np.zeros_like(callsign)
    rows = np.arange(callsign.size)
    later = known[np.minimum(np.searchsorted(known, rows), known.size - 1)]
    earlier = known[np.maximum(np.searchsorted(known, rows, side="right") - 1, 0)]
    nearer_later = np.abs(times_s[later] - times_s) < np.abs(times_s - times_s[earlier])
    return np.asarray(callsign[np.where(nearer_later, later, earlier)])
