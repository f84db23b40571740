from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from keepclear.errors import InvalidFile, InvalidInput
from keepclear.exercise.scenario import moment_on, read_scenario

DAY = date(2024, 3, 1)
SCENARIO = """
now = "05:00Z"
received = "-1d 09:00Z"
[contact]
BLUE = "EXERCISE control"
[[operation]]
party = "BLUE"
designator = "B-1"
class = "manned"
shows = "something"
expect = ["none"]
[[operation.volume]]
footprint = "CIRCLE 35.0N 035.0E R 5 NM"
band = "FL240-FL260"
from = "06:00Z"
until = "07:00Z"
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05:30Z", datetime(2024, 3, 1, 5, 30, tzinfo=UTC)),
        ("-1d 23:59Z", datetime(2024, 2, 29, 23, 59, tzinfo=UTC)),
        ("+31d 00:00Z", datetime(2024, 4, 1, tzinfo=UTC)),
    ],
)
def test_times_count_from_midnight_of_the_day(text: str, expected: datetime) -> None:
    assert moment_on(DAY, text) == expected


@pytest.mark.parametrize("text", ["", "5:30Z", "05:30", "24:00Z", "1d 05:00Z", "05:30Z "])
def test_a_time_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        moment_on(DAY, text)


def test_what_an_operation_does_not_say_is_taken_from_the_head_of_the_file() -> None:
    (operation,) = read_scenario(SCENARIO, DAY).operations
    assert operation.received_at == datetime(2024, 2, 29, 9, tzinfo=UTC)
    assert operation.contact == "EXERCISE control"
    assert str(operation.source) == "scenario.toml, B-1"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('class = "manned"', 'klass = "manned"', "class is missing"),
        ('shows = "something"', 'shows = "something"\nwhy = "?"', "unknown: why"),
        ('class = "manned"', 'class = "crewed"', "class: "),
        ("FL240-FL260", "FL260-FL240", "band: "),
        ("CIRCLE", "OVAL", "footprint: "),
        ('until = "07:00Z"', 'until = "7:00Z"', "until: "),
        ('expect = ["none"]', "expect = [1]", "expect is no list"),
        ('BLUE = "EXERCISE control"', "BLUE = 1", "contact is no table"),
        ("now =", "at =", "now is missing"),
        ('now = "05:00Z"', "now = ", "not TOML"),
    ],
)
def test_a_scenario_with_a_fault_is_refused_and_the_fault_named(
    old: str, new: str, message: str
) -> None:
    assert old in SCENARIO
    with pytest.raises(InvalidFile, match=message) as caught:
        read_scenario(SCENARIO.replace(old, new, 1), DAY)
    assert caught.value.file == "scenario.toml"


def test_a_fault_names_its_operation() -> None:
    with pytest.raises(InvalidFile) as caught:
        read_scenario(SCENARIO.replace("CIRCLE", "OVAL"), DAY)
    assert caught.value.feature == "B-1"
