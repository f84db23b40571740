"""Answers, distances and times in words: rounded towards danger, and inert."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.model.answer import Suggestion, SuggestionKind, Verdict
from keepclear.model.coverage import Completeness
from keepclear.model.window import Window
from keepclear.reports import wording
from unit.reports.latakia import FT, NM, among, feet, level

START = datetime(2015, 9, 15, 13, 0, tzinfo=UTC)


def test_a_moment_is_said_as_day_and_time() -> None:
    assert wording.day_time(START) == "151300Z"
    assert wording.date_time_group(START) == "151300ZSEP15"


def test_a_window_names_the_month_only_where_it_changes() -> None:
    assert wording.span_words(Window(START, START + timedelta(hours=1))) == "151300Z to 151400Z"
    later = Window(START, START + timedelta(days=20))
    assert wording.span_words(later) == "151300ZSEP15 to 051300ZOCT15"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (40, "40 s"),
        (840, "14 min"),
        (61, "1 min 01 s"),
        (7_500, "2 h 05 min"),
        (3_600, "1 h"),
        (86_400 * 3 + 4 * 3_600, "3 d 4 h"),
        (-900, "15 min"),
    ],
)
def test_lengths_of_time_are_said_in_the_two_largest_units(seconds: float, words: str) -> None:
    assert wording.duration_words(seconds) == words


def test_ages_are_rounded_up_and_the_future_is_named() -> None:
    assert wording.age_words(781.0) == "14 min"
    assert wording.age_words(-60.0) == "1 min in the future"


def test_a_gap_is_rounded_down_and_what_a_rule_asks_is_rounded_up() -> None:
    assert wording.gap_words(2.99 * NM) == "2.9 NM (5.5 km)"
    assert wording.least_distance_words(5_000.0) == "2.7 NM (5.0 km)"
    assert wording.least_height_words(3_000.0 * FT) == "3,000 ft (915 m)"
    assert wording.height_gap_words(999.0 * FT, 999.0 * FT) == "900 ft (304 m)"


@given(st.floats(0.001, 400_000.0))
def test_no_gap_is_shown_wider_than_it_is(gap_m: float) -> None:
    words = wording.gap_words(gap_m)
    shown = re.fullmatch(r"([\d.]+) NM \(([\d.,]+) km\)", words)
    if shown is None:
        assert words.startswith("under 0.1 NM")
        assert gap_m < 0.1 * NM
    else:
        assert float(shown[1]) * NM <= gap_m + 1e-3
        assert float(shown[2].replace(",", "")) * 1_000.0 <= gap_m + 1e-3


def test_footprints_that_meet_and_bands_that_overlap_are_said_so() -> None:
    assert wording.gap_words(0.0) == "footprints meet"
    assert wording.height_gap_words(-300.0, -300.0) == "bands overlap"
    assert wording.height_gap_words(0.0, 0.0) == "bands touch"


def test_a_range_of_heights_says_both_ends() -> None:
    assert wording.height_gap_words(200 * FT, 1_400 * FT, metric=False) == "200 ft to 1,400 ft"
    assert (
        wording.height_gap_words(-1.0, 600 * FT, metric=False) == "overlap, or up to 600 ft apart"
    )
    assert wording.height_gap_words(-math.inf, math.inf) == "heights cannot be compared"


def test_a_small_gap_is_never_shown_as_nothing() -> None:
    assert wording.gap_words(80.0) == "under 0.1 NM (80 m)"
    assert wording.height_gap_words(15.0, 15.0) == "under 100 ft (15 m)"


def test_time_between_windows_is_said_from_either_side() -> None:
    assert wording.time_gap_words(-3_600.0) == "both live for 1 h"
    assert wording.time_gap_words(0.0) == "one starts as the other ends"
    assert wording.time_gap_words(119.9) == "1 min 59 s apart"


def test_bands_carry_their_reference() -> None:
    assert wording.band_words(level(240, 260)) == "FL240 to FL260"
    assert (
        wording.band_words(feet(2_000, 4_000)) == "2,000 ft (610 m) QNH to 4,000 ft (1,219 m) QNH"
    )


def test_no_answer_comes_without_among_what() -> None:
    words = wording.among_words(among())
    assert words == ("among 41 AMBER notices, oldest 14 min, coverage partial, declared 14 min ago")
    assert "coverage undeclared" in wording.among_words(among(1, None))
    assert "1 AMBER notice," in wording.among_words(among(1, Completeness.COMPLETE))


def test_a_status_line_says_how_old_and_how_complete_a_set_is() -> None:
    words = wording.coverage_words(among(), 3_600.0)
    assert words == "AMBER 41 notices, coverage partial, 14 min ago"
    assert wording.coverage_words(among(), 600.0).endswith(", STALE")
    assert wording.coverage_words(among(1, None), 600.0) == "AMBER 1 notice, coverage UNDECLARED"
    own = replace(among(), own=True)
    assert wording.coverage_words(own, 600.0) == "AMBER 41 notices, our own"
    assert wording.among_words(own) == "among 41 other AMBER notices, oldest 14 min, our own"


@pytest.mark.parametrize(
    ("suggestion", "words"),
    [
        (Suggestion(SuggestionKind.TIME, True, time_s=900.0), "15 min later: no conflict found"),
        (Suggestion(SuggestionKind.TIME, True, time_s=-60.0), "1 min earlier: no conflict found"),
        (
            Suggestion(SuggestionKind.ALTITUDE, True, vertical_m=-1_000 * FT),
            "1,000 ft (305 m) lower: no conflict found",
        ),
        (
            Suggestion(SuggestionKind.LATERAL, True, lateral_m=4.01 * NM, bearing_deg=45.2),
            "4.01 NM (7.5 km) towards 045°: no conflict found",
        ),
        (Suggestion(SuggestionKind.LATERAL, False), "moved sideways: none within limits"),
    ],
)
def test_suggestions_say_one_change_and_its_answer(suggestion: Suggestion, words: str) -> None:
    assert wording.suggestion_words(suggestion) == words


def test_every_verdict_has_its_own_words_and_its_own_mark() -> None:
    assert [wording.verdict_words(verdict) for verdict in Verdict] == [
        "CONFLICT",
        "CANNOT SAY",
        "NO CONFLICT FOUND",
    ]
    assert len({wording.MARKS[verdict] for verdict in Verdict}) == 3


@given(st.text(max_size=300))
def test_plain_text_holds_no_character_that_acts(text: str) -> None:
    shown = wording.plain(text)
    kinds = {unicodedata.category(c) for c in shown if c not in "\u200c\u200d"}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    shown.encode()


def test_plain_text_spells_out_what_it_takes_away() -> None:
    assert wording.plain("B\u202e12\x1b[31m") == "B[U+202E]12[U+001B][31m"
    assert wording.plain("x" * 300, 10) == "xxxxxxxxx…"


@pytest.mark.parametrize(
    ("asked_m", "words"),
    [(3 * NM, "3.0 NM (5.6 km)"), (500.0, "0.27 NM (0.5 km)"), (0.5 * NM, "0.5 NM (1.0 km)")],
)
def test_an_agreed_distance_is_told_as_agreed(asked_m: float, words: str) -> None:
    assert wording.least_distance_words(asked_m) == words


def test_an_agreed_height_is_told_to_the_foot() -> None:
    assert wording.least_height_words(150 * FT) == "150 ft (46 m)"
    assert wording.least_height_words(3_000 * FT) == "3,000 ft (915 m)"
