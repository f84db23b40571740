"""The answer for machines: stable, documented, exact about what it rounds."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import InvalidFile
from keepclear.model.answer import (
    AirspaceKind,
    CheckReport,
    DoubtKind,
    FindingKind,
    Separations,
    SuggestionKind,
    Verdict,
)
from keepclear.model.coverage import Completeness
from keepclear.model.operation import OperationClass
from keepclear.reports.json_answer import SCHEMA, check_document, check_json
from unit.reports.latakia import FT, NM, NOW, latakia, subject_of

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "check-json.md"


def full_report() -> CheckReport:
    left_out = InvalidFile("no party", file="blue.csv", feature="row 17", remedy="Name one.")
    return replace(latakia().report, rejected=(left_out,))


def document(report: CheckReport) -> Any:
    return json.loads(check_json(report))


def keys_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in keys_in(inner)}
    if isinstance(value, list):
        return {key for inner in value for key in keys_in(inner)}
    return set()


def documented() -> set[str]:
    """The names in the first column of the page's tables."""
    return set(re.findall(r"^\| `(\w+)` \|", DOCUMENT.read_text(), re.MULTILINE))


def test_every_field_is_in_the_document_and_the_document_has_no_other() -> None:
    assert keys_in(document(full_report())) == documented()


def test_every_word_that_can_appear_is_in_the_document() -> None:
    text = DOCUMENT.read_text()
    kinds = (Verdict, DoubtKind, FindingKind, SuggestionKind, AirspaceKind, OperationClass)
    for kind in (*kinds, Completeness):
        for member in kind:
            assert f"`{member.value}`" in text
    assert f"`{SCHEMA}`" in text


def test_fields_are_never_left_out() -> None:
    report = full_report()
    for one in document(report)["answers"]:
        assert set(one) == set(document(report)["answers"][0])


def test_the_mode_stands_first_and_last() -> None:
    fields = list(check_document(full_report()).items())
    assert fields[0] == ("mode", "EXERCISE")
    assert fields[-1] == ("mode_again", "EXERCISE")


def test_a_subject_and_its_report_give_the_same_bytes() -> None:
    subject = latakia()
    assert check_json(subject) == check_json(subject.report) == check_json(latakia().report)


def test_times_are_utc_whole_seconds_and_windows_widen() -> None:
    report = full_report()
    first = report.answers[0]
    conflict = first.conflicts[0]
    odd = replace(
        conflict,
        span=replace(
            conflict.span,
            start=conflict.span.start + timedelta(microseconds=400_000),
            end=conflict.span.end + timedelta(microseconds=400_000),
        ),
    )
    changed = replace(report, answers=(replace(first, conflicts=(odd,)),))
    (told,) = document(changed)["answers"][0]["conflicts"]
    assert told["span"] == {"start": "2015-09-15T13:00:00Z", "end": "2015-09-15T14:00:01Z"}
    assert document(changed)["now"] == "2015-09-15T11:30:00Z"


def separations_of(separations: Separations) -> Any:
    report = latakia().report
    first = report.answers[0]
    conflict = replace(first.conflicts[0], separations=separations)
    changed = replace(report, answers=(replace(first, conflicts=(conflict,)),))
    return document(changed)["answers"][0]["conflicts"][0]["separations"]


def test_what_is_there_is_rounded_down_and_what_is_asked_up() -> None:
    told = separations_of(
        Separations(
            lateral_m=3.0 * NM - 0.02,
            lateral_minimum_m=5_556.0,
            lateral_uncertainty_m=10.2,
            vertical_low_m=-12.5,
            vertical_high_m=999.9 * FT,
            vertical_minimum_m=1_000.0 * FT,
            time_s=-0.5,
            time_minimum_s=59.5,
        )
    )
    assert told == {
        "lateral_m": 5_555,
        "lateral_minimum_m": 5_556,
        "lateral_uncertainty_m": 11,
        "vertical_low_m": -13,
        "vertical_high_m": 304,
        "vertical_explanation": None,
        "vertical_minimum_m": 304.8,
        "time_s": -1,
        "time_minimum_s": 60,
    }


@given(st.floats(0.0, 1e6), st.floats(0.0, 1e6), st.floats(0.0, 1e6))
def test_no_separation_is_told_wider_than_it_is(lateral: float, low: float, time: float) -> None:
    told = separations_of(Separations(lateral, 0.0, 0.0, low, low, 0.0, time, 0.0))
    for key, value in (("lateral_m", lateral), ("vertical_low_m", low), ("time_s", time)):
        assert isinstance(told[key], int)
        assert value - 1.0 <= told[key] <= value + 1e-5


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(-math.inf, math.inf, "cannot be reconciled"), (-math.inf, 300.0, "Only one end")],
)
def test_heights_that_cannot_be_compared_are_null_and_explained(
    low: float, high: float, words: str
) -> None:
    told = separations_of(Separations(0.0, 0.0, 0.0, low, high, 300.0, -60.0, 0.0))
    assert told["vertical_low_m"] is None
    assert told["vertical_high_m"] == (300 if math.isfinite(high) else None)
    assert words in told["vertical_explanation"]


def test_positions_are_rounded_to_a_metre() -> None:
    place = document(full_report())["answers"][0]["conflicts"][0]["our_closest"]
    for value in place.values():
        assert round(value, 5) == value


def test_suggestions_are_never_told_smaller_than_they_are() -> None:
    told = document(full_report())["answers"][0]["suggestions"]
    assert [one["kind"] for one in told] == ["time", "altitude", "lateral"]
    assert told[1]["vertical_m"] == 915
    assert told[2]["found"] is False


def test_texts_of_others_survive_word_for_word_and_cannot_act() -> None:
    hostile = "<script>\u202e\x1b[2J\ud800\u0627\u0644"
    report = replace(full_report(), agreement_title=hostile)
    data = check_json(report)
    assert data.isascii()
    assert b"\x1b" not in data
    assert json.loads(data)["agreement"]["title"] == hostile


def test_an_empty_check_cannot_say() -> None:
    empty = document(subject_of((), (), ()).report)
    assert empty["overall"] == "cannot say"
    assert empty["answers"] == []
    assert empty["counts"]["operations"] == 0
    assert NOW.isoformat().startswith(empty["now"][:-1])
