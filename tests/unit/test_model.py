"""The nouns refuse what cannot be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from keepclear.errors import (
    InvalidAgreement,
    InvalidAltitude,
    InvalidFootprint,
    InvalidInput,
    InvalidOperation,
    InvalidWindow,
)
from keepclear.model.agreement import Atmosphere, SeparationRule
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.operation import Uncertainty
from keepclear.model.volume import Circle, Corridor, Polygon, Position
from keepclear.model.window import Window
from samples import NOON, agreement, band, coverage, operation, rule, window

QFE, QNH, STD = AltitudeReference.QFE, AltitudeReference.QNH, AltitudeReference.STD


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidWindow, match="no zone"):
        Window(datetime(2026, 3, 14, 12), datetime(2026, 3, 14, 13))  # noqa: DTZ001


def test_times_of_other_zones_become_utc() -> None:
    moscow = timezone(timedelta(hours=3))
    kept = Window(datetime(2026, 3, 14, 15, tzinfo=moscow), NOON + timedelta(hours=1))
    assert kept.start == NOON
    assert kept.start.tzinfo is UTC


def test_a_window_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(InvalidWindow, match="not after"):
        Window(NOON, NOON)


def test_a_window_at_the_edge_of_the_calendar_cannot_be_widened_past_it() -> None:
    last = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    with pytest.raises(InvalidWindow, match="edge of the calendar"):
        Window(last - timedelta(hours=1), last).widened(3_600.0)


def test_gaps_between_windows_are_negative_where_they_overlap() -> None:
    assert window(0, 60).gap_s(window(90, 30)) == 1_800.0
    assert window(0, 60).gap_s(window(30, 60)) == -1_800.0


def test_a_band_upside_down_is_refused_within_one_reference_only() -> None:
    with pytest.raises(InvalidAltitude, match="upside down"):
        band(2_000.0, 1_000.0)
    AltitudeBand(Altitude(2_000.0, QNH), Altitude(1_900.0, STD))


def test_heights_over_two_aerodromes_do_not_count_from_one_surface() -> None:
    assert Altitude(100.0, QFE, 48.0).same_surface(Altitude(200.0, QFE, 48.0))
    assert not Altitude(100.0, QFE, 48.0).same_surface(Altitude(200.0, QFE, 310.0))
    assert not Altitude(100.0, QFE).same_surface(Altitude(100.0, QFE))


@pytest.mark.parametrize("value_m", [float("nan"), float("inf"), -2_000.0, 200_000.0])
def test_heights_that_cannot_be_are_refused(value_m: float) -> None:
    with pytest.raises(InvalidAltitude):
        Altitude(value_m, QNH)


def test_a_datum_belongs_to_qfe_and_agl_only() -> None:
    with pytest.raises(InvalidAltitude, match="have no ground"):
        Altitude(100.0, QNH, 48.0)


def test_a_latitude_beyond_the_pole_hints_at_a_swap() -> None:
    with pytest.raises(InvalidFootprint, match="may be swapped"):
        Position(135.9, 35.4)
    with pytest.raises(InvalidFootprint, match="not a number"):
        Position(float("nan"), 0.0)
    with pytest.raises(InvalidFootprint, match="longitude"):
        Position(0.0, 180.5)


@pytest.mark.parametrize("width_m", [0.0, -5.0, float("nan"), 3_000_000.0])
def test_a_width_is_above_zero_and_within_reason(width_m: float) -> None:
    with pytest.raises(InvalidFootprint):
        Circle(Position(0.0, 0.0), width_m)
    with pytest.raises(InvalidFootprint):
        Corridor((Position(0.0, 0.0), Position(0.0, 1.0)), width_m)


def test_a_ring_needs_three_different_vertices_and_is_open() -> None:
    one, two, three = Position(0.0, 0.0), Position(0.0, 1.0), Position(1.0, 0.0)
    for ring in ((one, two, one, two), (one, two, three, one)):
        with pytest.raises(InvalidFootprint):
            Polygon((ring,))
    with pytest.raises(InvalidFootprint, match="no ring"):
        Polygon(())


def test_a_million_vertices_are_refused_before_anything_is_made_of_them() -> None:
    line = tuple(Position(0.0, number * 1e-4) for number in range(20_001))
    with pytest.raises(InvalidFootprint, match="more than 20,000"):
        Corridor(line, 100.0)


def test_an_operation_needs_a_volume_a_party_and_sensible_numbers() -> None:
    faults: tuple[dict[str, Any], ...] = (
        {"party": ""},
        {"version": 0},
        {"tolerance_s": -1.0},
        {"aircraft_count": 0},
        {"id": "B-1"},
    )
    for changes in faults:
        with pytest.raises(InvalidOperation):
            operation("B-1", **changes)
    with pytest.raises(InvalidOperation):
        Uncertainty(-1.0, 0.0)


def test_coverage_counts_from_zero_and_names_its_party() -> None:
    with pytest.raises(InvalidOperation):
        coverage(notice_count=-1)
    with pytest.raises(InvalidOperation):
        coverage(party="")


def test_an_agreement_is_whole_or_refused() -> None:
    bad: tuple[dict[str, Any], ...] = (
        {"rules": ()},
        {"caution_factor": 0.5},
        {"rules": (rule(), rule())},
    )
    for changes in bad:
        with pytest.raises(InvalidAgreement):
            agreement(**changes)
    with pytest.raises(InvalidAgreement, match="unknown zone"):
        agreement(rule(zone="Z"))
    with pytest.raises(InvalidAgreement, match="unknown parties"):
        agreement(rule(parties=("BLUE", "GREEN")))


def test_separations_are_not_below_zero_and_not_nonsense() -> None:
    for number in (-1.0, float("nan"), float("inf")):
        with pytest.raises(InvalidInput):
            SeparationRule("R1", number, 300.0)
    with pytest.raises(InvalidAgreement, match="without naming a zone"):
        SeparationRule("R1", 1.0, 1.0, replaces=("R2",))


def test_bounds_of_the_air_are_in_order() -> None:
    with pytest.raises(InvalidAgreement):
        Atmosphere(qnh_low_hpa=1_040.0, qnh_high_hpa=980.0)
    with pytest.raises(InvalidAgreement):
        Atmosphere(temperature_low_c=30.0)
