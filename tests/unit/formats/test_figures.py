"""Figures are found in running text with what they may mean; names and counts are left alone."""

from __future__ import annotations

import pytest

from keepclear.formats.figures import Measure, figures_in


def told(text: str) -> list[tuple[str, set[Measure]]]:
    return [(each.text, {one.measure for one in each.readings}) for each in figures_in(text)]


@pytest.mark.parametrize(
    ("text", "figure", "measures"),
    [
        ("climb 1,370 ft now", "1,370 ft", {Measure.HEIGHT}),
        ("move 2.3 NM north", "2.3 NM", {Measure.LENGTH}),
        ("stay 900 m away", "900 m", {Measure.LENGTH, Measure.HEIGHT}),
        ("ten later: 25 min", "25 min", {Measure.TIME}),
        ("not above FL355.", "FL355", {Measure.HEIGHT}),
        ("from 1137Z on", "1137Z", {Measure.TIME}),
        ("from 151137ZSEP15", "151137ZSEP15", {Measure.TIME}),
        ("at 35.4011N 035.9487E", "35.4011N 035.9487E", {Measure.PLACE}),
        ("at 37S BV 12345 67890", "37S BV 12345 67890", {Measure.PLACE}),
        ("north of 35.25N", "35.25N", {Measure.PLACE}),
        ("выше на 500 м", "500 м", {Measure.LENGTH, Measure.HEIGHT}),
        ("climb to 13700", "13700", {Measure.UNKNOWN}),
    ],
)
def test_a_figure_is_found(text: str, figure: str, measures: set[Measure]) -> None:
    assert told(text) == [(figure, measures)]


@pytest.mark.parametrize(
    "text",
    ["B-7731 holds", "rule R1", "2 aircraft", "call 251.700 MHz", "speed 240 kt", "", "go later"],
)
def test_names_counts_and_frequencies_are_no_figures(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "value", "written"),
    [
        ("1,370 ft", 609.6, "2,000 ft"),
        ("FL355", 10_972.8, "FL360"),
        ("1137Z", 41_400.0 + 86_400.0, "1130Z"),
        ("2.3 NM", 3_704.0, "2 NM"),
    ],
)
def test_another_value_is_written_in_the_same_spelling(
    text: str, value: float, written: str
) -> None:
    (figure,) = figures_in(text)
    assert figure.written(value) == written
