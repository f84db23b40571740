from datetime import UTC, datetime, timedelta, timezone

import pytest

from keepclear.errors import InvalidInput
from keepclear.formats.agreement import agreement_template, check_agreement, read_agreement
from keepclear.formats.agreement.template import EXAMPLE_MARK
from keepclear.model.agreement import DisclosureLimits
from keepclear.model.operation import Mode, OperationClass, Precedence

START = datetime(2015, 10, 20, 9, 30, 5, 123456, tzinfo=UTC)


def template(**changed: object) -> str:
    given: dict[str, object] = {
        "agreement_id": "EX-1",
        "parties": ("BLUE", "AMBER"),
        "mode": Mode.EXERCISE,
        "start": START,
    }
    return agreement_template(**(given | changed))  # type: ignore[arg-type]


def with_examples(text: str) -> str:
    return "\n".join(line.removeprefix(EXAMPLE_MARK) for line in text.split("\n"))


def test_the_template_has_nothing_wrong_in_it() -> None:
    assert check_agreement(template().encode(), name="new") == ()


def test_the_template_with_its_examples_put_in_force_has_nothing_wrong_in_it() -> None:
    text = with_examples(template())
    assert check_agreement(text.encode(), name="new") == ()
    agreement = read_agreement(text.encode(), name="new")
    assert agreement.zones
    assert agreement.boundaries
    assert agreement.airfields[0].corridors
    assert agreement.parties[0].members
    assert agreement.parties[0].affiliates
    assert agreement.disclosure
    assert agreement.disclosure_limits == DisclosureLimits()
    assert any(rule.replaces for rule in agreement.rules)


def test_the_template_says_what_it_was_asked_to() -> None:
    asked = template(mode=Mode.REAL, title='A "quoted" title', valid_days=10)
    agreement = read_agreement(asked.encode(), name="new")
    assert agreement.id == "EX-1"
    assert agreement.title == 'A "quoted" title'
    assert agreement.mode is Mode.REAL
    assert [party.id for party in agreement.parties] == ["BLUE", "AMBER"]
    assert agreement.valid.start == START.replace(microsecond=0)
    assert agreement.valid.duration_s == 10 * 86_400.0


def test_a_start_in_another_zone_is_written_in_utc() -> None:
    local = START.astimezone(timezone(timedelta(hours=3)))
    assert template(start=local) == template()


def test_the_first_rule_is_three_miles_or_three_thousand_feet_for_three_minutes() -> None:
    rule = read_agreement(template().encode(), name="new").rules[0]
    assert (rule.lateral_m, rule.max_inside_s) == (5_556.0, 180.0)
    assert rule.vertical_m == pytest.approx(914.4)
    assert rule.classes == (OperationClass.MANNED, OperationClass.MANNED)


def test_the_template_has_clocks_for_every_precedence() -> None:
    agreement = read_agreement(template().encode(), name="new")
    assert [clocks.precedence for clocks in agreement.clocks] == list(Precedence)
    assert agreement.clocks[0].acknowledge_s == 60.0
    assert agreement.clocks[-1].top_level_s is None


def test_every_section_of_the_template_is_explained() -> None:
    paragraphs = template().split("\n\n")
    headers = [p.lstrip("# :").split("\n") for p in paragraphs]
    for section in ("valid", "area", "disclosure", "check_plan", "coverage", "atmosphere"):
        lines = next(lines for lines in headers if f"[{section}]" in lines)
        assert lines.index(f"[{section}]") > 0


@pytest.mark.parametrize(
    "changed",
    [
        {"parties": ("BLUE", "BLUE")},
        {"parties": ("blue", "AMBER")},
        {"agreement_id": ""},
        {"agreement_id": "X" * 100},
        {"agreement_id": "X\nid = 1"},
        {"title": "\x1b[2J"},
        {"valid_days": 0},
        {"valid_days": 10**9},
        {"start": datetime(2015, 10, 20)},  # noqa: DTZ001
    ],
)
def test_what_no_agreement_can_hold_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        template(**changed)
