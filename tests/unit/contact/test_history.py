"""Contacts as sources have them: datings that differ stand side by side."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.contact.history import dating_of, datings, differ, lapses, last_contact
from keepclear.errors import InvalidInput
from keepclear.model.channel import ChannelKind
from keepclear.model.line_state import (
    ContactEvent,
    ContactKind,
    ContactLevel,
    Dating,
    SourceSide,
)

CALL = datetime(2015, 9, 18, 15, tzinfo=UTC)
DAY_S = 86_400.0


def event(text: str, at: Dating | None = None, **changes: object) -> ContactEvent:
    settings: dict[str, object] = {
        "id": text,
        "line": "AMBER-BLUE",
        "kind": ContactKind.CALL,
        "level": ContactLevel.MINISTER,
        "channel": ChannelKind.TELEPHONE,
        "at": at or dating_of(text),
        "side": SourceSide.PRESS,
        "source": "agency",
    }
    return ContactEvent(**(settings | changes))  # type: ignore[arg-type]  # a table of settings


def test_a_month_is_a_span() -> None:
    dated = dating_of("August 2014")
    assert dated.earliest == datetime(2014, 8, 1, tzinfo=UTC)
    assert dated.latest.date() == datetime(2014, 8, 31, tzinfo=UTC).date()
    assert dating_of("2014-08").latest == dated.latest
    assert dating_of("2014").earliest.month == 1


@pytest.mark.parametrize("text", ["", "last summer", "2014-13", "2014-02-30", "2014-08-01T10:00"])
def test_a_date_that_cannot_be_read_is_not_guessed(text: str) -> None:
    with pytest.raises(InvalidInput):
        dating_of(text)


def test_both_datings_of_one_article_are_shown() -> None:
    since_august = event("August 2014", source="agency, paragraph 3")
    year = Dating("more than a year", datetime(2000, 1, 1, tzinfo=UTC), CALL.replace(year=2014))
    in_more_than_a_year = event("x", at=year, source="agency, first sentence")
    found = datings([since_august, in_more_than_a_year], CALL)
    assert [each.last.text for each in found] == ["more than a year", "August 2014"]
    august = found[1]
    assert 382 * DAY_S < august.at_least_s < august.at_most_s < 414 * DAY_S
    assert not differ(found)


def test_datings_that_cannot_both_be_right_differ() -> None:
    found = datings([event("August 2014"), event("2013-12", source="ministry")], CALL)
    assert differ(found)


def test_lapses_are_reckoned_for_each_level_channel_and_source() -> None:
    events = [
        event("2014-08"),
        event("2014-05", id="older"),
        event("2015-09-17", level=ContactLevel.LIAISON, source="own log", side=SourceSide.OWN),
    ]
    found = lapses(events, CALL)
    assert [(each.level, each.source) for each in found] == [
        (ContactLevel.MINISTER, "agency"),
        (ContactLevel.LIAISON, "own log"),
    ]
    assert found[0].event == "2014-08"


def test_what_lies_ahead_is_no_contact() -> None:
    assert lapses([event("2016")], CALL) == ()
    assert last_contact([event("2016")], CALL) is None


@given(st.datetimes(max_value=CALL.replace(hour=1, tzinfo=None), timezones=st.just(UTC)))
def test_an_exact_time_gives_one_length(at: datetime) -> None:
    (found,) = lapses([event("x", at=dating_of(at.isoformat()))], CALL)
    assert found.at_least_s == found.at_most_s == (CALL - at).total_seconds()
