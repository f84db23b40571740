"""Times as on the line and in files; never without a zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepclear.errors import InvalidInput, InvalidWindow
from keepclear.formats.times import (
    FARTHEST,
    dtg_or_iso,
    dtg_text,
    iso_text,
    parse_time,
    parse_window,
    window_text,
)
from keepclear.model.window import Window

NEAR = datetime(2015, 9, 18, 12, 0, tzinfo=UTC)

moments = st.datetimes(timezones=st.just(UTC))
minutes = st.integers(0, 36_525 * 24 * 60 - 1).map(
    lambda count: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=count)
)


def at(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("151130ZSEP15", at(2015, 9, 15, 11, 30)),
        ("151130Z SEP 15", at(2015, 9, 15, 11, 30)),
        ("151130zsep2015", at(2015, 9, 15, 11, 30)),
        ("151130ZSEP99", at(2099, 9, 15, 11, 30)),
        ("2015-09-15T11:30Z", at(2015, 9, 15, 11, 30)),
        ("2015-09-15T11:30:00.000Z", at(2015, 9, 15, 11, 30)),
        ("2015-09-15 13:30:00+02:00", at(2015, 9, 15, 11, 30)),
        ("2015-09-15T11:30:00.5Z", at(2015, 9, 15, 11, 30) + timedelta(seconds=0.5)),
    ],
)
def test_a_full_time_is_read_as_utc(text: str, moment: datetime) -> None:
    read = parse_time(text)
    assert read == moment
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "near", "moment"),
    [
        ("151130Z", NEAR, at(2015, 9, 15, 11, 30)),
        ("301130Z", NEAR, at(2015, 9, 30, 11, 30)),
        ("021200Z", NEAR.replace(day=30), at(2015, 10, 2, 12, 0)),
        ("301200Z", NEAR.replace(day=2), at(2015, 8, 30, 12, 0)),
        ("310000Z", at(2016, 1, 3, 0, 0), at(2015, 12, 31, 0, 0)),
        ("290600Z", at(2016, 2, 20, 0, 0), at(2016, 2, 29, 6, 0)),
        ("010000Z", at(2015, 12, 31, 23, 0), at(2016, 1, 1, 0, 0)),
    ],
)
def test_a_time_without_a_month_is_the_one_nearest_its_reference(
    text: str, near: datetime, moment: datetime
) -> None:
    assert parse_time(text, reference=near) == moment


def test_a_time_without_a_month_more_than_fourteen_days_away_is_refused() -> None:
    assert parse_time("041200Z", reference=NEAR) == at(2015, 9, 4, 12, 0)
    with pytest.raises(InvalidWindow, match="more than 14 days"):
        parse_time("041159Z", reference=NEAR)
    with pytest.raises(InvalidWindow, match="more than 14 days"):
        parse_time("310600Z", reference=at(2015, 2, 15, 0, 0))


def test_a_time_as_near_in_two_months_is_refused() -> None:
    with pytest.raises(InvalidWindow, match="as near"):
        parse_time("151200Z", reference=at(2015, 3, 1, 12, 0))


def test_a_time_without_a_month_needs_a_reference_with_a_zone() -> None:
    with pytest.raises(InvalidWindow, match="no month"):
        parse_time("151130Z")
    with pytest.raises(InvalidWindow, match="no zone"):
        parse_time("151130Z", reference=datetime(2015, 9, 18))  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    [
        *("2015-09-15T11:30", "151130", "2015-09-15", "151130A", "151130JSEP15", "151130ZXXX15"),
        *("311130ZSEP15", "152400ZSEP15", "151160ZSEP15", "001130ZSEP15", "151130ZSEP1"),
        *("2015-02-30T11:30Z", "0001-01-01T00:00+10:00", "9999-12-31T23:59-01:00", "", "1130Z"),
        *("2015-09-15T11:30:60Z", "15 11 30 Z", "151130Z SEP", "١٥1130Z", "9" * 1_000),
    ],
)
def test_a_time_without_a_zone_or_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(InvalidWindow) as refused:
        parse_time(text, reference=NEAR)
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("151300Z-151430Z", at(2015, 9, 15, 13, 0), at(2015, 9, 15, 14, 30)),
        ("151300Z - 151430Z", at(2015, 9, 15, 13, 0), at(2015, 9, 15, 14, 30)),
        ("151300Z to 160100Z", at(2015, 9, 15, 13, 0), at(2015, 9, 16, 1, 0)),
        ("301300Z-010200Z", at(2015, 9, 30, 13, 0), at(2015, 10, 1, 2, 0)),
        ("301300ZDEC15-010200Z", at(2015, 12, 30, 13, 0), at(2016, 1, 1, 2, 0)),
        ("151300ZSEP15-151430ZOCT15", at(2015, 9, 15, 13, 0), at(2015, 10, 15, 14, 30)),
        (
            "2015-09-15T13:00-03:00/2015-09-15T14:30-03:00",
            at(2015, 9, 15, 16, 0),
            at(2015, 9, 15, 17, 30),
        ),
        ("2015-09-15T13:00Z - 151430Z", at(2015, 9, 15, 13, 0), at(2015, 9, 15, 14, 30)),
    ],
)
def test_a_window_is_two_times_whose_end_is_counted_from_its_start(
    text: str, start: datetime, end: datetime
) -> None:
    assert parse_window(text, reference=NEAR) == Window(start, end)


@pytest.mark.parametrize(
    "text",
    [
        *("151430Z-151300Z", "151300Z-151300Z", "151300Z", "151300Z-1430Z", "151300Z/"),
        *("151300ZSEP15-151430ZSEP14", "151300Z-311400ZSEP15", "151300Z-151430Z-151500Z"),
        *("2015-09-15T13:00-2015-09-15T14:30Z", "151300Z-151430A", "", "-"),
    ],
)
def test_a_window_that_ends_before_it_starts_or_is_incomplete_is_refused(text: str) -> None:
    with pytest.raises(InvalidWindow):
        parse_window(text, reference=NEAR)


def test_a_date_time_group_is_written_for_this_century_and_cuts_seconds_off() -> None:
    assert dtg_text(at(2015, 9, 15, 11, 30) + timedelta(seconds=59)) == "151130ZSEP15"
    local = datetime(2015, 9, 15, 13, 30, tzinfo=timezone(timedelta(hours=2)))
    assert dtg_text(local) == "151130ZSEP15"
    with pytest.raises(InvalidWindow):
        dtg_text(at(1999, 12, 31, 23, 59))
    with pytest.raises(InvalidWindow):
        dtg_text(datetime(2015, 9, 15))  # noqa: DTZ001
    assert dtg_or_iso(at(1999, 12, 31, 23, 59)) == "1999-12-31T23:59:00Z"


def test_a_window_is_written_in_groups_only_where_they_hold_it_exactly() -> None:
    start = at(2015, 9, 15, 13, 0)
    whole = Window(start, start + timedelta(minutes=90))
    assert window_text(whole) == "151300ZSEP15-151430ZSEP15"
    odd = Window(start, start + timedelta(seconds=90))
    assert window_text(odd) == "2015-09-15T13:00:00Z/2015-09-15T13:01:30Z"


@given(minutes)
def test_a_date_time_group_reads_back(moment: datetime) -> None:
    assert parse_time(dtg_text(moment)) == moment


@given(moments)
def test_an_iso_time_reads_back_exactly(moment: datetime) -> None:
    assert parse_time(iso_text(moment)) == moment


@given(st.tuples(moments | minutes, moments | minutes).filter(lambda ends: ends[0] != ends[1]))
def test_a_written_window_reads_back_exactly(ends: tuple[datetime, datetime]) -> None:
    window = Window(min(ends), max(ends))
    assert parse_window(window_text(window)) == window


@given(minutes, st.timedeltas(-timedelta(days=40), timedelta(days=40)))
def test_a_month_left_out_is_never_guessed_wrong_within_its_reach(
    moment: datetime, away: timedelta
) -> None:
    """Either the very moment comes back, or another that is nearer, or a refusal."""
    reference = moment + away
    try:
        read = parse_time(dtg_text(moment)[:7], reference=reference)
    except InvalidWindow:
        assert abs(away) >= FARTHEST
    else:
        assert read == moment or abs(read - reference) < abs(away)
        assert read.strftime("%d%H%M") == moment.strftime("%d%H%M")


PIECES = ["15", "1130", "Z", "SEP", "-", "/", " ", "2015-09-15", "T", "13:00", "+02:00", ".5", "to"]


def read_or_refused(
    parse: Callable[..., datetime | Window], text: str, reference: datetime
) -> datetime | Window | InvalidInput:
    try:
        return parse(text, reference=reference)
    except InvalidInput as refused:
        return refused


@settings(max_examples=300)
@given(
    st.text(max_size=40) | st.lists(st.sampled_from(PIECES), max_size=9).map("".join),
    moments,
)
def test_any_text_is_either_read_or_refused_with_a_remedy(text: str, reference: datetime) -> None:
    for parse in (parse_time, parse_window):
        outcome = read_or_refused(parse, text, reference)
        assert not isinstance(outcome, InvalidInput) or outcome.remedy
