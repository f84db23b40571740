from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import InvalidWindow
from keepclear.ledger.moments import moment_of, moment_text, to_millisecond

moments = st.datetimes(min_value=datetime(1, 1, 2), timezones=st.just(UTC))  # noqa: DTZ001


def test_a_moment_has_three_decimals_even_on_the_whole_second() -> None:
    assert moment_text(datetime(2026, 3, 14, 5, tzinfo=UTC)) == "2026-03-14T05:00:00.000Z"


def test_a_moment_of_another_zone_is_written_in_utc() -> None:
    at = datetime(2026, 3, 14, 7, tzinfo=timezone(timedelta(hours=2)))
    assert moment_text(at) == "2026-03-14T05:00:00.000Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidWindow):
        moment_text(datetime(2026, 3, 14))  # noqa: DTZ001


@given(moments)
def test_what_was_written_reads_back_to_the_millisecond(at: datetime) -> None:
    assert moment_of(moment_text(at)) == to_millisecond(at)


@given(moments, moments)
def test_texts_sort_as_the_moments_do(one: datetime, other: datetime) -> None:
    one, other = to_millisecond(one), to_millisecond(other)
    assert (moment_text(one) < moment_text(other)) == (one < other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Z",
        "2026-03-14T05:00:00.123",
        "2026-03-14T05:00:00Z",
        "2026-03-14T05:00:00.123456Z",
        "2026-03-14 05:00:00.123Z",
        "2026-03-14T05:00:00.123+00:00",
        "2026-03-14T05:00:00,123Z",
        "2026-02-30T05:00:00.123Z",
        "2026-03-14T05:00:00.123ZZ",
        "2026-03-14T05:00:00.12\u0663Z",
    ],
)
def test_any_other_spelling_is_refused(text: str) -> None:
    with pytest.raises(InvalidWindow):
        moment_of(text)
