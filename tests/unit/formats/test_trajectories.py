"""Recordings are read in whole or refused, and what is left out of them is counted."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import DataMissing, InvalidFile
from keepclear.formats.reading import Reading
from keepclear.formats.trajectories import (
    CleaningRule,
    TrackReading,
    read_csv,
    read_parquet,
    read_trajectories,
)
from keepclear.model.altitude import AltitudeReference

READING = Reading("tracks.csv", datetime(2018, 8, 2, tzinfo=UTC))
LENIENT = Reading("tracks.csv", datetime(2018, 8, 2, tzinfo=UTC), skip_invalid=True)
START_S = datetime(2018, 8, 1, 5, tzinfo=UTC).timestamp()
HEADER = "timestamp,icao24,callsign,latitude,longitude,altitude,groundspeed,onground"

Row = tuple[object, ...]


def row(
    second: float = 0.0,
    aircraft: str = "4b1234",
    callsign: str = "SWR12",
    latitude: object = 47.0,
    longitude: object = 8.0,
    altitude: object = 10_000,
    speed: object = 400,
    ground: object = "false",
) -> Row:
    """One row of a recording."""
    at = datetime.fromtimestamp(START_S + second, UTC).isoformat()
    return at, aircraft, callsign, latitude, longitude, altitude, speed, ground


def read(*rows: Row, reading: Reading = READING) -> TrackReading:
    """What the rows hold, written as CSV."""
    text = "\n".join([HEADER, *(",".join(map(str, cells)) for cells in rows)])
    return read_csv(text.encode(), reading)


def parquet(columns: dict[str, object]) -> bytes:
    """A Parquet file of these columns."""
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def columns_of(times: object, **others: object) -> dict[str, object]:
    """Two rows of a recording as columns."""
    return {
        "timestamp": times,
        "icao24": ["4b1234", "4b1234"],
        "latitude": [47.0, 47.01],
        "longitude": [8.0, 8.0],
        "altitude": [10_000, None],
    } | others


def utc_times(unit: str = "ns", zone: str | None = "UTC") -> pa.Array:
    """Two times ten seconds apart, as Parquet holds them."""
    moments = [datetime.fromtimestamp(START_S + second, UTC) for second in (0, 10)]
    return pa.array(moments, pa.timestamp(unit, tz="UTC")).cast(pa.timestamp(unit, tz=zone))


def flying_north(seconds: Sequence[float]) -> list[Row]:
    """A flight northward at 222 m/s."""
    return [row(second, latitude=round(46.0 + 0.002 * second, 6)) for second in seconds]


def lost(reading: TrackReading) -> dict[CleaningRule, int]:
    """How many rows each rule struck."""
    return {loss.rule: loss.rows for loss in reading.losses}


def test_feet_become_metres_above_the_standard_pressure_surface() -> None:
    (trajectory,) = read(row(), row(10, latitude=47.01)).trajectories
    assert trajectory.aircraft_id == "4b1234"
    assert trajectory.callsign == "SWR12"
    assert trajectory.reference is AltitudeReference.STD
    assert trajectory.times_s.tolist() == [START_S, START_S + 10.0]
    assert trajectory.latitude_deg.tolist() == [47.0, 47.01]
    assert trajectory.altitude_m == pytest.approx([3_048.0, 3_048.0])


def test_nobody_can_change_what_was_recorded() -> None:
    (trajectory,) = read(row()).trajectories
    with pytest.raises(ValueError, match="read-only"):
        trajectory.latitude_deg[0] = 0.0


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Zurich"])
def test_parquet_and_csv_give_the_same_trajectory(unit: str, zone: str) -> None:
    data = parquet(columns_of(utc_times(unit, zone), callsign=["SWR12", "SWR12"]))
    (from_parquet,) = read_trajectories(data, READING).trajectories
    (from_csv,) = read(row(), row(10, latitude=47.01, altitude="")).trajectories
    assert from_parquet.callsign == from_csv.callsign
    np.testing.assert_array_equal(from_parquet.times_s, from_csv.times_s)
    np.testing.assert_array_equal(from_parquet.latitude_deg, from_csv.latitude_deg)
    np.testing.assert_array_equal(from_parquet.altitude_m, from_csv.altitude_m)


def test_texts_in_a_dictionary_and_written_times_are_read_too() -> None:
    times = ["2018-08-01T05:00:00Z", "2018-08-01T07:00:10+02:00"]
    words = pa.array(["4b1234", None]).dictionary_encode()
    reading = read_parquet(parquet(columns_of(times, icao24=words)), READING)
    assert [len(trajectory) for trajectory in reading.trajectories] == [1]
    assert lost(reading) == {CleaningRule.NO_ADDRESS: 1}


def test_without_callsigns_speeds_and_ground_flags_a_recording_is_still_read() -> None:
    data = b"timestamp,icao24,latitude,longitude,altitude\n2018-08-01 05:00:00Z,4B1234,47,8,9000"
    (trajectory,) = read_csv(data, READING).trajectories
    assert (trajectory.aircraft_id, trajectory.callsign) == ("4b1234", "")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (HEADER.encode(), "no rows"),
        (b"time,icao24,latitude,longitude,altitude\n", "column timestamp"),
        (HEADER.encode() + b",altitude\n", "altitude stands twice"),
        (HEADER.encode() + b"\n\xff\xfe", "UTF-8"),
        (HEADER.encode() + b'\n"2018', "comma-separated"),
        (HEADER.encode() + b"\n2018-08-01T05:00:00,4b1234,,47,8,9000,,", "has no zone"),
        (HEADER.encode() + b"\nyesterday,4b1234,,47,8,9000,,", "'yesterday' is no time"),
        (HEADER.encode() + b"\n2018-08-01T05:00:00Z,4b1234,,N47,8,9000,,", "'N47' is no number"),
        (HEADER.encode() + b"\n2018-08-01T05:00:00Z,4b1234,,47,8,9000,,maybe", "neither true"),
        (HEADER.encode() + b"\n2018-08-01T05:00:00Z,4b1234", "more or fewer cells"),
        (b"PAR1 but no more", "Parquet"),
        (parquet(columns_of(utc_times()))[:-30], "Parquet"),
        (parquet(columns_of(utc_times(zone=None))), "have no zone"),
        (parquet(columns_of([1_533_099_600, 1_533_099_610])), "timestamp holds int64"),
        (parquet(columns_of(["2018-08-01T05:00:00"] * 2)), "has no zone"),
        (parquet(columns_of(utc_times(), latitude=["47", "48"])), "latitude holds string"),
        (parquet(columns_of(utc_times(), icao24=[1, 2])), "icao24 holds int64"),
    ],
)
def test_a_file_that_is_no_recording_is_refused_with_its_name_and_a_remedy(
    data: bytes, told: str
) -> None:
    with pytest.raises(InvalidFile, match=told) as refused:
        read_trajectories(data, READING)
    assert refused.value.diagnostics().startswith("tracks.csv")
    assert "\n  remedy: " in refused.value.diagnostics()


def test_the_line_of_a_bad_cell_is_named_and_can_be_left_out() -> None:
    rows = row(), row(5, latitude="north"), row(10, latitude=47.01)
    with pytest.raises(InvalidFile, match="no number") as refused:
        read(*rows)
    assert refused.value.feature == "line 3"
    reading = read(*rows, reading=LENIENT)
    assert reading.rows == 3
    assert reading.positions == 2
    assert lost(reading) == {CleaningRule.UNREADABLE_ROW: 1}


def test_more_rows_than_a_reader_takes_are_refused() -> None:
    two = f"{HEADER}\n" + "2018-08-01T05:00:00Z,4b1234,,47,8,9000,,\n" * 2
    for data, reader in (
        (two.encode(), read_csv),
        (parquet(columns_of(utc_times())), read_parquet),
    ):
        assert reader(data, READING, most_positions=2).rows == 2
        with pytest.raises(InvalidFile, match="more than 1 rows"):
            reader(data, READING, most_positions=1)


def test_more_aircraft_than_fly_in_the_world_are_refused() -> None:
    lines = "".join(f"2018-08-01T05:00:00Z,{number:06x},47,8,9000\n" for number in range(100_001))
    data = f"timestamp,icao24,latitude,longitude,altitude\n{lines}".encode()
    with pytest.raises(InvalidFile, match="more than 100,000 aircraft"):
        read_csv(data, READING)


def test_without_pyarrow_parquet_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    data = parquet(columns_of(utc_times()))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DataMissing) as missing:
        read_trajectories(data, READING)
    assert "pip install keepclear[tracks]" in missing.value.remedy


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        (row(5, aircraft="~2b123"), CleaningRule.NO_ADDRESS),
        (row(5, aircraft=""), CleaningRule.NO_ADDRESS),
        (("", *row()[1:]), CleaningRule.NO_TIME),
        (row(5, latitude=""), CleaningRule.NO_POSITION),
        (row(5, longitude="nan"), CleaningRule.NO_POSITION),
        (row(5, latitude=91), CleaningRule.NO_POSITION),
        (row(5, ground="True"), CleaningRule.ON_GROUND),
        (row(-5), CleaningRule.TIME_GOES_BACK),
        (row(0, latitude=47.005), CleaningRule.SECOND_POSITION),
        (row(5, latitude=46.0), CleaningRule.JUMP),
    ],
)
def test_a_row_that_cannot_be_used_is_left_out_and_counted(bad: Row, rule: CleaningRule) -> None:
    reading = read(row(), bad, row(10, latitude=47.01))
    assert lost(reading) == {rule: 1}
    (trajectory,) = reading.trajectories
    assert trajectory.latitude_deg.tolist() == [47.0, 47.01]
    assert rule.value in str(reading.losses[0])


@pytest.mark.parametrize("altitude", [-1_500, 200_000, "inf"])
def test_an_altitude_no_transponder_says_is_unknown_but_its_position_stays(
    altitude: object,
) -> None:
    reading = read(row(), row(10, latitude=47.01, altitude=altitude))
    assert lost(reading) == {CleaningRule.ALTITUDE_IMPOSSIBLE: 1}
    assert reading.positions == 2
    assert np.isnan(reading.trajectories[0].altitude_m).tolist() == [False, True]


def test_an_altitude_no_aircraft_climbs_to_is_unknown() -> None:
    rows = flying_north(range(0, 50, 10))
    rows[2] = (*rows[2][:5], 34_000, *rows[2][6:])
    reading = read(*rows)
    assert lost(reading) == {CleaningRule.ALTITUDE_IMPOSSIBLE: 1}
    assert (
        np.isnan(reading.trajectories[0].altitude_m).tolist() == [False] * 2 + [True] + [False] * 2
    )


def test_an_aircraft_struck_twice_by_a_rule_is_one_aircraft() -> None:
    rows = flying_north(range(0, 50, 10))
    rows[1] = (*rows[1][:5], 200_000, *rows[1][6:])
    rows[3] = (*rows[3][:5], 34_000, *rows[3][6:])
    (loss,) = read(*rows).losses
    assert (loss.rows, loss.aircraft) == (2, 1)


def test_an_unreadable_callsign_is_taken_from_the_nearest_row() -> None:
    reading = read(row(callsign="SW\x1b[31"), row(10, latitude=47.01))
    assert lost(reading) == {CleaningRule.CALLSIGN_UNREADABLE: 1}
    assert [trajectory.callsign for trajectory in reading.trajectories] == ["SWR12"]


def test_a_change_of_callsign_starts_a_new_trajectory_and_a_missing_one_does_not() -> None:
    named = zip(flying_north(range(0, 50, 10)), ["", "AAA1", "", "", "BBB2"], strict=True)
    reading = read(*((*cells[:2], callsign, *cells[3:]) for cells, callsign in named))
    assert [(t.callsign, len(t)) for t in reading.trajectories] == [("AAA1", 3), ("BBB2", 2)]


def test_a_frozen_position_of_a_moving_aircraft_counts_once() -> None:
    stuck = [row(second, latitude=46.5) for second in range(250, 390, 10)]
    reading = read(*flying_north(range(0, 250, 10)), *stuck, *flying_north(range(390, 420, 10)))
    assert lost(reading) == {CleaningRule.FROZEN: len(stuck) - 1}


@pytest.mark.parametrize("speed", [0, 3, ""])
def test_a_hovering_or_unsaid_speed_freezes_nothing(speed: object) -> None:
    reading = read(*(row(second, speed=speed) for second in range(0, 400, 10)))
    assert lost(reading) == {}
    assert reading.positions == 40


def test_a_position_repeated_for_a_moment_makes_the_next_no_jump() -> None:
    stale = [row(second, latitude=46.02) for second in range(11, 18)]
    reading = read(*flying_north(range(11)), *stale, *flying_north(range(18, 25)))
    assert lost(reading) == {}


def test_a_wild_first_position_does_not_cost_the_rest() -> None:
    reading = read(row(0, latitude=0.0, longitude=0.0), *flying_north(range(10, 60, 10)))
    assert lost(reading) == {CleaningRule.JUMP: 1}
    assert reading.positions == 5


def test_a_long_run_elsewhere_costs_neither_side_of_it() -> None:
    elsewhere = [row(second, latitude=10.0 + 0.002 * second) for second in range(30, 80, 10)]
    reading = read(*flying_north(range(0, 30, 10)), *elsewhere, *flying_north(range(80, 120, 10)))
    assert lost(reading) == {CleaningRule.JUMP: 5}
    assert reading.positions == 7


cells = st.tuples(
    st.integers(-30, 400),
    st.sampled_from(["4b1234", "4b1235", "a0b0c0", "", "xyz"]),
    st.sampled_from(["SWR12", "", "AAA1", "!!"]),
    st.sampled_from([47.0, 47.01, 47.4, -33.0, "", 95.0]),
    st.sampled_from([8.0, 179.9, -180.0, "nan", 200.0]),
    st.sampled_from([10_000, 11_000, 90_000, "", -2_000]),
    st.sampled_from([0, 400, ""]),
    st.sampled_from(["true", "false", ""]),
)


@given(st.lists(cells, min_size=1, max_size=40))
def test_rows_taken_and_rows_left_out_add_up(rows: list[tuple[float, ...]]) -> None:
    reading = read(*(row(*cells) for cells in rows))  # type: ignore[arg-type]
    left_out = sum(loss.rows for loss in reading.losses if not loss.rule.keeps_position)
    assert reading.rows == len(rows)
    assert reading.positions + left_out == len(rows)
    for trajectory in reading.trajectories:
        assert (np.diff(trajectory.times_s) > 0.0).all()
        assert np.isfinite([trajectory.latitude_deg, trajectory.longitude_deg]).all()


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "aircraft", "expected"),
    [
        ("switzerland", 842, {CleaningRule.FROZEN}),
        (
            "quickstart",
            None,
            {
                CleaningRule.ON_GROUND,
                CleaningRule.FROZEN,
                CleaningRule.JUMP,
                CleaningRule.ALTITUDE_IMPOSSIBLE,
            },
        ),
    ],
)
def test_a_real_recording_is_read_and_its_known_faults_are_found(
    shared: Path, name: str, aircraft: int | None, expected: set[CleaningRule]
) -> None:
    reading = read_parquet((shared / "data" / "adsb" / f"{name}.parquet").read_bytes(), READING)
    left_out = sum(loss.rows for loss in reading.losses if not loss.rule.keeps_position)
    assert set(lost(reading)) == expected
    assert reading.positions + left_out == reading.rows
    if aircraft is not None:
        assert len({trajectory.aircraft_id for trajectory in reading.trajectories}) == aircraft
