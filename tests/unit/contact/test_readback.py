from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.contact.catalogue.checking import canonical_fields
from keepclear.contact.clocks import DEFAULT_CLOCKS, clamped, clocks_for
from keepclear.contact.readback import (
    compare,
    compare_spoken,
    fields_read_back,
    position_phrase,
)
from keepclear.geometry.geodesy import destination
from keepclear.model.agreement import Clocks
from keepclear.model.operation import Precedence
from keepclear.model.volume import Position
from keepclear.ports.world import Place
from messages import FIELDS, VOLUME
from samples import NOON

EARLY = NOON - timedelta(hours=5)
PLACE = Place("Latakia", "SY", Position(35.5167, 35.7833), 383_786)


def sent(code: str) -> dict[str, Any]:
    return dict(canonical_fields(code, FIELDS[code], EARLY))


def said(code: str, **slips: Any) -> dict[str, Any]:
    fields = sent(code)
    return {each.key: fields[each.key] for each in fields_read_back(code, fields)} | slips


@pytest.mark.parametrize("code", ["M03", "M07", "M09"])
def test_what_was_heard_as_it_was_sent_matches(code: str) -> None:
    assert compare(code, sent(code), said(code), EARLY).matches


def test_words_are_compared_without_capitals_and_spaces() -> None:
    heard = said("M09", subject="  Two FAST   aircraft ")
    assert compare("M09", sent("M09"), heard, EARLY).matches


def test_a_position_may_be_said_in_another_notation() -> None:
    heard = said("M09", position="35 42 36N 035 57 00E")
    assert compare("M09", sent("M09"), heard, EARLY).matches


@given(bearing_deg=st.floats(0, 360), away_m=st.floats(0, 20_000))
def test_positions_match_exactly_where_they_lie_within_one_metre(
    bearing_deg: float, away_m: float
) -> None:
    there = destination(Position(35.71, 35.95), bearing_deg, away_m)
    value = {"latitude_deg": there.latitude_deg, "longitude_deg": there.longitude_deg}
    found = compare("M09", sent("M09"), said("M09", position=value), EARLY)
    if abs(away_m - 1.0) > 1e-6:
        assert found.matches is (away_m < 1.0)


def test_a_field_that_was_not_said_or_cannot_be_read_differs() -> None:
    heard = said("M09", position="thirty-five north")
    heard.pop("requested_action")
    found = {
        each.key: each.reason for each in compare("M09", sent("M09"), heard, EARLY).differences
    }
    assert found["requested_action"] == "not read back"
    assert "position" in found


def test_a_field_that_the_message_does_not_hold_differs() -> None:
    found = compare("M09", sent("M09"), said("M09", track="north"), EARLY)
    assert [each.key for each in found.differences] == ["track"]


def test_a_volume_with_one_wrong_digit_differs() -> None:
    wrong = {**VOLUME, "end": "2026-03-14T14:31:00Z"}
    found = compare("M03", sent("M03"), said("M03", volumes=[wrong]), EARLY)
    assert [each.key for each in found.differences] == ["volumes"]


def test_a_spoken_position_is_measured_from_the_field() -> None:
    field = {"latitude_deg": 35.71, "longitude_deg": 35.95, "text": "35.7100N 035.9500E"}
    assert compare_spoken("35.7100N 035.9500E", field) < 0.01
    assert 8_800 < compare_spoken("35.7900N 035.9500E", field) < 8_950


def test_a_position_is_said_from_a_place_people_know() -> None:
    assert position_phrase(Position(35.6, 35.9), PLACE) == "14 km north-east of Latakia"
    assert position_phrase(PLACE.position, PLACE) == "within 1 km of Latakia"
    assert position_phrase(PLACE.position, None) == ""


def test_agreed_clocks_hold_and_defaults_fill_in() -> None:
    ours = Clocks(Precedence.FLASH, 5.0, 30.0, 90.0, 30.0, 60.0, 150.0, 300.0)
    assert clocks_for((ours,), Precedence.FLASH) is ours
    assert clocks_for((ours,), Precedence.ROUTINE) is DEFAULT_CLOCKS[Precedence.ROUTINE]


@given(
    passed_s=st.floats(0, 1e5),
    duration_s=st.floats(0, 1e6),
    ahead_s=st.none() | st.floats(-1e5, 1e6),
    margin_s=st.floats(0, 3_600),
)
def test_a_clamped_clock_is_never_before_now_nor_later_than_it_would_be(
    passed_s: float, duration_s: float, ahead_s: float | None, margin_s: float
) -> None:
    start = NOON - timedelta(seconds=passed_s)
    speaks_of = None if ahead_s is None else NOON + timedelta(seconds=ahead_s)
    due = clamped(NOON, start, duration_s, speaks_of=speaks_of, margin_s=margin_s)
    assert due >= NOON
    plain = clamped(NOON, start, duration_s, speaks_of=None, margin_s=margin_s)
    assert due <= plain
    if speaks_of is not None and speaks_of - NOON > timedelta(seconds=margin_s + 10):
        assert due <= speaks_of - timedelta(seconds=margin_s)
