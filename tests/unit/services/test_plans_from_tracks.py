"""Plans made of tracks hold every recorded position, and no more than they say."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from keepclear.errors import InvalidFile, InvalidInput
from keepclear.formats.reading import Reading
from keepclear.formats.trajectories import Trajectory, read_parquet
from keepclear.geometry.geodesy import normal_of
from keepclear.model.altitude import AltitudeReference
from keepclear.model.operation import Mode, Operation, SourceKind
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import Circle, Corridor, Position, Volume
from keepclear.services.plans_from_tracks import (
    PartyRule,
    VolumeSettings,
    plans_by_party,
    plans_from_trajectories,
)

GEOD = Geod(ellps="WGS84")
START_S = datetime(2018, 8, 1, 5, tzinfo=UTC).timestamp()
READING = Reading("tracks.parquet", datetime(2018, 8, 2, tzinfo=UTC), mode=Mode.EXERCISE)
SETTINGS = VolumeSettings(half_width_m=1_852.0, half_height_m=100.0, tolerance_s=60.0)
ALL_BLUE = PartyRule.parse("else BLUE")


def trajectory(
    times_s: list[float],
    latitude_deg: list[float],
    longitude_deg: list[float],
    altitude_m: list[float],
    callsign: str = "SWR12",
    aircraft_id: str = "4b1234",
) -> Trajectory:
    """A recorded trajectory; times count from the start."""
    return Trajectory(
        aircraft_id,
        callsign,
        np.array(times_s) + START_S,
        np.array(latitude_deg),
        np.array(longitude_deg),
        np.array(altitude_m),
    )


def northward(
    count: int, step_s: float = 10.0, start_s: float = 0.0, climb_m: float = 0.0, **named: str
) -> Trajectory:
    """A flight northward at 222 m/s."""
    times_s = [start_s + step_s * index for index in range(count)]
    return trajectory(
        times_s,
        [46.0 + 0.002 * (second % 10_000.0) for second in times_s],
        [7.0] * count,
        [3_000.0 + climb_m * index for index in range(count)],
        **named,
    )


def plans(*given_: Trajectory, settings: VolumeSettings = SETTINGS) -> tuple[Operation, ...]:
    """The operations made of trajectories, all of one party."""
    return plans_from_trajectories(
        given_, settings=settings, party_rule=ALL_BLUE, reading=READING
    ).operations


def distances_m(latitude_deg: float, longitude_deg: float, line: tuple[Position, ...]) -> float:
    """An upper bound of the distance to a centre line: to the nearest of many points on it."""
    best_m = np.inf
    for start, end in pairwise(line):
        low, high = 0.0, 1.0
        for _ in range(4):
            share = np.linspace(low, high, 41)[:, np.newaxis]
            x, y, z = ((1.0 - share) * normal_of(start) + share * normal_of(end)).T
            away_m = GEOD.inv(
                np.full(41, longitude_deg),
                np.full(41, latitude_deg),
                np.degrees(np.arctan2(y, x)),
                np.degrees(np.arctan2(z, np.hypot(x, y))),
            )[2]
            nearest = int(np.argmin(away_m))
            best_m = min(best_m, float(away_m[nearest]))
            low, high = share[max(nearest - 1, 0)].item(), share[min(nearest + 1, 40)].item()
    return best_m


def holds(volume: Volume, at: Trajectory, index: int, reach: float = 1.0) -> bool:
    """Tell whether a volume holds one recorded position, within a part of its half width."""
    second = datetime.fromtimestamp(float(at.times_s[index]), UTC)
    if not volume.window.start <= second <= volume.window.end:
        return False
    band = volume.band
    if not band.lower.value_m <= at.altitude_m[index] <= band.upper.value_m:
        return False
    latitude, longitude = float(at.latitude_deg[index]), float(at.longitude_deg[index])
    match volume.footprint:
        case Circle(centre, radius_m):
            away_m = GEOD.inv(longitude, latitude, centre.longitude_deg, centre.latitude_deg)[2]
            return bool(away_m <= reach * radius_m)
        case Corridor(line, half_width_m):
            return distances_m(latitude, longitude, line) <= reach * half_width_m + 0.01
        case _:
            return False


@st.composite
def recordings(draw: st.DrawFn) -> Trajectory:
    """Wandering aircraft anywhere, hovering at times, with gaps, over the antimeridian."""
    start = draw(st.tuples(st.floats(-89.0, 89.0), st.floats(-180.0, 180.0)))
    steps = draw(
        st.lists(
            st.tuples(
                st.sampled_from([0.5, 1.0, 10.0, 60.0, 299.0, 400.0]),
                st.sampled_from([0.0, 1.0, 90.0, 250.0]),
                st.floats(0.0, 360.0),
                st.floats(-20.0, 20.0),
            ),
            max_size=25,
        )
    )
    rows = [(draw(st.floats(0.0, 1.0)), *start, 5_000.0)]
    for step_s, speed_mps, bearing_deg, climb_mps in steps:
        at_s, latitude, longitude, altitude_m = rows[-1]
        east, north, _ = GEOD.fwd(longitude, latitude, bearing_deg, speed_mps * step_s)
        level_m = min(max(altitude_m + climb_mps * step_s, -300.0), 20_000.0)
        rows.append((at_s + step_s, north, east, level_m))
    times_s, north_deg, east_deg, levels_m = (list(column) for column in zip(*rows, strict=True))
    return trajectory(times_s, north_deg, east_deg, levels_m)


@given(recordings(), st.sampled_from([0.0, 0.25, 1.0]))
def test_every_recorded_position_is_inside_a_volume(recorded: Trajectory, share: float) -> None:
    volumes = [
        volume
        for operation in plans(recorded, settings=replace(SETTINGS, line_share=share))
        for volume in operation.volumes
    ]
    for index in range(len(recorded)):
        assert any(holds(volume, recorded, index, reach=share) for volume in volumes)


@given(recordings())
def test_no_volume_is_larger_than_its_settings_or_a_single_step(recorded: Trajectory) -> None:
    steps_m, steps_s = np.abs(np.diff(recorded.altitude_m)), np.diff(recorded.times_s)
    tallest_m = max(SETTINGS.tallest_m, *steps_m[steps_s <= SETTINGS.gap_s], 0.0)
    longest_s = max(SETTINGS.longest_s, *steps_s[steps_s <= SETTINGS.gap_s], 0.0)
    for operation in plans(recorded):
        for volume in operation.volumes:
            match volume.footprint:
                case Circle(_, width_m) | Corridor(_, width_m):
                    assert width_m == SETTINGS.half_width_m
            thickness_m = volume.band.upper.value_m - volume.band.lower.value_m
            assert thickness_m <= tallest_m + 2.0 * SETTINGS.half_height_m + 1e-6
            assert volume.window.duration_s <= longest_s + 2.0


@given(recordings())
def test_the_same_recording_gives_the_same_plans(recorded: Trajectory) -> None:
    assert plans(recorded) == plans(recorded)


def test_a_flight_says_whose_and_what_it_is() -> None:
    (operation,) = plans(northward(3))
    assert (operation.party, operation.designator) == ("BLUE", "SWR12-1")
    assert operation.mode is Mode.EXERCISE
    assert operation.tolerance_s == 60.0
    assert operation.received_at == READING.received_at
    assert operation.source.kind is SourceKind.TRACKS
    assert str(operation.source) == "tracks.parquet, aircraft 4b1234"


def test_heights_keep_the_reference_they_were_recorded_in() -> None:
    (operation,) = plans(northward(3, climb_m=50.0))
    band = operation.volumes[0].band
    assert (band.lower.value_m, band.upper.value_m) == (2_900.0, 3_200.0)
    assert {band.lower.reference, band.upper.reference} == {AltitudeReference.STD}


def test_a_straight_flight_is_a_corridor_of_two_vertices() -> None:
    (operation,) = plans(northward(60))
    (volume,) = operation.volumes
    assert volume.footprint == Corridor((Position(46.0, 7.0), Position(47.18, 7.0)), 1_852.0)


def test_windows_are_whole_seconds_around_the_recorded_times() -> None:
    (operation,) = plans(northward(2, start_s=0.4))
    window = operation.volumes[0].window
    assert (window.start.timestamp() - START_S, window.end.timestamp() - START_S) == (0.0, 11.0)


@pytest.mark.parametrize("count", [1, 30])
def test_an_aircraft_that_stays_where_it_is_has_a_circle(count: int) -> None:
    hover = trajectory(
        [10.0 * index for index in range(count)], [46.0] * count, [7.0] * count, [500.0] * count
    )
    (operation,) = plans(hover)
    assert [volume.footprint for volume in operation.volumes] == [
        Circle(Position(46.0, 7.0), 1_852.0)
    ]
    assert operation.volumes[0].window.duration_s >= 1.0


def test_nothing_is_claimed_across_a_gap() -> None:
    before, after = northward(5), northward(5, start_s=341.0)
    recorded = replace(
        before,
        times_s=np.append(before.times_s, after.times_s),
        latitude_deg=np.append(before.latitude_deg, after.latitude_deg),
        longitude_deg=np.append(before.longitude_deg, after.longitude_deg),
        altitude_m=np.append(before.altitude_m, after.altitude_m),
    )
    first, second = plans(recorded)
    assert (first.designator, second.designator) == ("SWR12-1", "SWR12-2")
    assert first.volumes[-1].window.end.timestamp() == before.times_s[-1]
    assert second.volumes[0].window.start.timestamp() == after.times_s[0]


def test_legs_are_cut_by_time_and_share_a_position() -> None:
    (operation,) = plans(northward(200))
    first, second, third = operation.volumes
    assert first.window.duration_s == second.window.duration_s == 900.0
    assert first.window.end == second.window.start
    assert second.window.end == third.window.start
    assert isinstance(first.footprint, Corridor)
    assert isinstance(second.footprint, Corridor)
    assert first.footprint.centreline[-1] == second.footprint.centreline[0]


def test_legs_are_cut_by_height() -> None:
    (operation,) = plans(northward(31, climb_m=100.0))
    assert len(operation.volumes) == 5
    assert operation.volumes[0].band.upper.value_m == 3_700.0
    assert operation.volumes[1].band.lower.value_m == 3_500.0


def test_a_dense_recording_stays_within_what_a_footprint_may_hold() -> None:
    (operation,) = plans(northward(5_000, step_s=0.01))
    assert len(operation.volumes) == 3


def test_a_new_callsign_in_flight_starts_where_the_old_one_ended() -> None:
    old = northward(5, callsign="AAA1")
    new = northward(5, start_s=50.0, callsign="BBB2")
    first, second = plans(new, old)
    assert (first.designator, second.designator) == ("AAA1-1", "BBB2-1")
    assert second.volumes[0].window.start == first.volumes[-1].window.end
    assert isinstance(first.volumes[-1].footprint, Corridor)
    assert isinstance(second.volumes[0].footprint, Corridor)
    assert first.volumes[-1].footprint.centreline[-1] == second.volumes[0].footprint.centreline[0]


def test_designators_are_unique_and_unnamed_aircraft_go_by_their_address() -> None:
    operations = plans(
        northward(3),
        northward(3, aircraft_id="4b9999"),
        northward(3, start_s=5_000.0),
        northward(3, callsign="", aircraft_id="abcdef"),
    )
    assert [operation.designator for operation in operations] == [
        "SWR12-1",
        "SWR12-2",
        "ABCDEF-1",
        "SWR12-3",
    ]
    assert len({operation.id for operation in operations}) == 4


def test_the_same_callsign_on_another_day_is_another_operation() -> None:
    (today,), (tomorrow,) = plans(northward(3)), plans(northward(3, start_s=86_400.0))
    assert today.designator == tomorrow.designator
    assert today.id != tomorrow.id


def with_unknown(*rows: int) -> Trajectory:
    """A climb of twenty positions with some altitudes missing."""
    climb = northward(20, climb_m=10.0)
    altitude_m = climb.altitude_m.copy()
    altitude_m[list(rows)] = np.nan
    return replace(climb, altitude_m=altitude_m)


def test_a_missing_altitude_lies_between_its_neighbours() -> None:
    assert plans(with_unknown(3, 4, 5)) == plans(northward(20, climb_m=10.0))


@pytest.mark.parametrize(
    ("rows", "told"),
    [((0, 1), "2 of 20"), ((19,), "1 of 20"), (tuple(range(20)), "20 of 20")],
)
def test_an_altitude_nobody_can_tell_refuses_or_is_reported(
    rows: tuple[int, ...], told: str
) -> None:
    with pytest.raises(InvalidFile, match=told) as refused:
        plans(with_unknown(*rows))
    assert refused.value.feature == "aircraft 4b1234 SWR12"
    assert "--skip-invalid" in refused.value.remedy
    kept = plans_from_trajectories(
        [with_unknown(*rows)],
        settings=SETTINGS,
        party_rule=ALL_BLUE,
        reading=replace(READING, skip_invalid=True),
    )
    assert [told in rejected.message for rejected in kept.rejected] == [True]
    assert len(kept.operations) == (0 if len(rows) == 20 else 1)


def test_altitudes_farther_apart_than_a_gap_tell_nothing_between_them() -> None:
    sparse = replace(
        northward(9, step_s=50.0),
        altitude_m=np.array([3_000.0] + [np.nan] * 7 + [3_000.0]),
    )
    with pytest.raises(InvalidFile, match="7 of 9"):
        plans(sparse)


def test_a_low_flight_under_high_pressure_stays_within_heights_there_are() -> None:
    low = trajectory([0.0, 10.0], [46.0, 46.02], [7.0, 7.0], [-300.0, -250.0])
    (operation,) = plans(low, settings=replace(SETTINGS, half_height_m=1_000.0))
    assert operation.volumes[0].band.lower.value_m == -1_000.0


def test_plans_of_tracks_need_a_mode() -> None:
    with pytest.raises(InvalidInput, match="mode"):
        plans_from_trajectories(
            [northward(3)],
            settings=SETTINGS,
            party_rule=ALL_BLUE,
            reading=replace(READING, mode=None),
        )


@pytest.mark.parametrize(
    "changed",
    [
        {"half_width_m": 0.0},
        {"half_width_m": float("nan")},
        {"half_height_m": -1.0},
        {"tolerance_s": 1e6},
        {"gap_s": 0.0},
        {"longest_s": float("inf")},
        {"tallest_m": 0.0},
        {"line_share": 1.1},
    ],
)
def test_a_setting_out_of_its_range_is_refused_by_name(changed: dict[str, float]) -> None:
    with pytest.raises(InvalidInput, match=next(iter(changed))):
        replace(SETTINGS, **changed)


@pytest.mark.parametrize(
    ("rule", "parties"),
    [
        ("else BLUE", ["BLUE", "BLUE", "BLUE"]),
        ("icao24 < 4b0000: BLUE; else AMBER", ["BLUE", "AMBER", "AMBER"]),
        ("icao24 <= 3C6444: BLUE; else AMBER;", ["BLUE", "AMBER", "AMBER"]),
        ("icao24 > 4b1234: BLUE; else AMBER", ["AMBER", "AMBER", "BLUE"]),
        ("icao24 >= 4b1234: BLUE; else AMBER", ["AMBER", "BLUE", "BLUE"]),
        ("icao24 = 4b1234: BLUE; else none", [None, "BLUE", None]),
        ("icao24 4b0000-4b7fff: BLUE; else AMBER", ["AMBER", "BLUE", "AMBER"]),
        ("icao24 3c*: BLUE; icao24 4b*: AMBER; else GREEN", ["BLUE", "AMBER", "GREEN"]),
        ("callsign DLH*: BLUE; callsign swr12: AMBER; else none", ["BLUE", "AMBER", None]),
        ("callsign SWR1: BLUE; else AMBER", ["AMBER", "AMBER", "AMBER"]),
        ("callsign DLH*: none; half icao24: BLUE, BLUE", [None, "BLUE", "BLUE"]),
    ],
)
def test_the_first_clause_that_fits_says_whose_an_aircraft_is(
    rule: str, parties: list[str | None]
) -> None:
    aircraft = [("3c6444", "DLH4AB"), ("4b1234", "SWR12"), ("a0b0c0", "")]
    assert [PartyRule.parse(rule).party_of(*one) for one in aircraft] == parties


@pytest.mark.parametrize(
    "rule",
    [
        "",
        ";",
        "BLUE",
        "icao24 < 4b0000: BLUE",
        "icao24 < 4b0000: blue; else AMBER",
        "icao24 < 4b00: BLUE; else AMBER",
        "icao24 < 000000: BLUE; else AMBER",
        "icao24 > ffffff: BLUE; else AMBER",
        "icao24 4b7fff-4b0000: BLUE; else AMBER",
        "else BLUE; else AMBER",
        "half icao24: BLUE, AMBER; else AMBER",
        "half icao24: BLUE",
        "callsign SWR-*: BLUE; else AMBER",
        "squawk 7000: BLUE; else AMBER",
        "__import__('os'): BLUE; else AMBER",
        "icao24 4b*: BLUE;; else AMBER",
        "else " + "B" * 10_000,
    ],
)
def test_a_rule_that_cannot_be_read_says_how_to_write_one(rule: str) -> None:
    with pytest.raises(InvalidInput, match="party rule") as refused:
        PartyRule.parse(rule)
    assert "icao24 < 4b0000: BLUE; else AMBER" in refused.value.remedy or (
        "lower address first" in refused.value.remedy
    )


def test_a_rule_that_leaves_aircraft_undecided_cannot_be_made() -> None:
    with pytest.raises(InvalidInput, match="undecided"):
        PartyRule(PartyRule.parse("icao24 4b*: BLUE; else AMBER").clauses[:1])


def test_halves_are_the_same_every_time_and_about_equal() -> None:
    rule = PartyRule.parse("half icao24: BLUE, AMBER")
    aircraft = [f"{number:06x}" for number in range(0x4B0000, 0x4B0400)]
    parties = [rule.party_of(one, "") for one in aircraft]
    assert parties == [
        ("BLUE", "AMBER")[hashlib.sha256(one.encode()).digest()[0] % 2] for one in aircraft
    ]
    assert 0.4 < parties.count("BLUE") / len(parties) < 0.6


def test_each_party_gets_its_own_set_and_nobody_s_aircraft_are_left_out() -> None:
    rule = PartyRule.parse("callsign AAA*: BLUE; callsign BBB*: AMBER; else none")
    by_party = plans_by_party(
        [
            northward(3, callsign="BBB1", aircraft_id="000001"),
            northward(3, callsign="AAA1", aircraft_id="000002"),
            northward(3, callsign="CCC1", aircraft_id="000003"),
        ],
        settings=SETTINGS,
        party_rule=rule,
        reading=READING,
    )
    assert [(party, plans_.parties) for party, plans_ in by_party.items()] == [
        ("AMBER", ("AMBER",)),
        ("BLUE", ("BLUE",)),
    ]


def test_no_trajectory_gives_no_plans() -> None:
    nothing = plans_from_trajectories([], settings=SETTINGS, party_rule=ALL_BLUE, reading=READING)
    assert nothing == PlanSet()


@pytest.mark.shared
def test_every_position_of_a_real_recording_is_inside_a_volume(shared: Path) -> None:
    data = (shared / "data" / "adsb" / "switzerland.parquet").read_bytes()
    recorded = read_parquet(data, READING).trajectories[::200]
    for one in recorded:
        volumes = [volume for operation in plans(one) for volume in operation.volumes]
        for index in range(len(one)):
            assert any(holds(volume, one, index, reach=0.25) for volume in volumes)
