"""The examples of docs/reference/typed.md are read as the page says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from keepclear.formats.coordinates import read_position
from keepclear.formats.csv_columns import COLUMNS
from keepclear.formats.quantities import (
    parse_altitude,
    parse_band,
    parse_duration_s,
    parse_length_m,
)
from keepclear.formats.times import parse_time
from keepclear.formats.typed import parse_volume
from keepclear.model.volume import Circle, Position

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "typed.md"
NEAR = datetime(2015, 9, 18, 12, 0, tzinfo=UTC)


def section(title: str) -> str:
    return PAGE.read_text().split(f"\n## {title}\n")[1].split("\n## ")[0]


def table_cells(title: str, column: int) -> list[str]:
    lines = [line for line in section(title).splitlines() if line.startswith("|")][2:]
    return [
        text for line in lines for text in re.findall(r"`([^`]+)`", line.split("|")[column + 1])
    ]


def test_every_length_and_duration_of_the_page_is_read() -> None:
    texts = table_cells("Lengths and durations", 0)
    durations = [text for text in texts if re.search(r"(s|min|h|d)$", text)]
    lengths = [text for text in texts if text not in durations]
    assert [parse_duration_s(text) for text in durations]
    assert [parse_length_m(text) for text in lengths]


def test_every_altitude_and_band_of_the_page_is_read() -> None:
    assert [parse_altitude(text) for text in table_cells("Altitudes", 0)]
    bands = ["FL240-FL260", "SFC-FL245", "300 ft AGL - 2500 ft QNH", "1000-2500 ft QNH"]
    assert all(f"`{text}`" in section("Altitudes") and parse_band(text) for text in bands)


def test_every_position_of_the_page_is_read_and_no_coarser_than_it_says() -> None:
    stated_m = {8.0: "decimal", 1.4: "minutes", 22.0: "seconds", 0.72: "MGRS"}
    for text in table_cells("Positions", 1):
        rounding_m = read_position(text).rounding_m
        assert any(0.9 * worst <= rounding_m <= worst for worst in stated_m), text
    assert read_position("35 24N 035 56E").rounding_m == pytest.approx(1_300.0, rel=0.02)
    assert read_position("36S YD 6 2").rounding_m == pytest.approx(7_100.0, rel=0.01)


def test_every_time_of_the_page_is_the_same_moment() -> None:
    read = {parse_time(text, reference=NEAR) for text in table_cells("Times", 0)}
    assert read == {datetime(2015, 9, 15, 11, 30, tzinfo=UTC)}


def test_every_volume_of_the_page_is_read() -> None:
    block = section("Volumes").split("```text\n")[1].split("```")[0]
    area = Circle(Position(35.0, 36.0), 100_000.0)
    read = [parse_volume(line, reference=NEAR, area=area) for line in block.splitlines()]
    assert len(read) == 4


def test_every_column_of_a_table_is_on_the_page_and_no_other() -> None:
    assert sorted(table_cells("Tables (CSV)", 0)) == sorted(COLUMNS)
