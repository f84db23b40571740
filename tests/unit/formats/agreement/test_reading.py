from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepclear.errors import InvalidAgreement, InvalidInput
from keepclear.formats.agreement import Severity, check_agreement, read_agreement
from keepclear.formats.agreement.problems import MOST_PROBLEMS
from keepclear.formats.agreement.reading import MOST_BYTES
from keepclear.model.agreement import Agreement
from keepclear.model.altitude import AltitudeReference
from keepclear.model.operation import DisclosureLevel, Mode, OperationClass
from keepclear.model.volume import Circle, Corridor, Polygon
from keepclear.model.zone import EntryRule, Side, ZoneKind, ZoneStatus

ASSETS = Path(__file__).parents[3] / "assets" / "agreement"
COMPLETE = (ASSETS / "complete.toml").read_text()
MINIMAL = (ASSETS / "minimal.toml").read_text()


def read(text: str) -> Agreement:
    return read_agreement(text.encode(), name="agreement.toml")


def messages(text: str) -> list[str]:
    return [problem.message for problem in check_agreement(text.encode(), name="agreement.toml")]


def test_the_complete_agreement_has_nothing_wrong_in_it() -> None:
    assert messages(COMPLETE) == []


def test_the_complete_agreement_is_read_to_the_last_figure() -> None:
    agreement = read(COMPLETE)
    assert (agreement.id, agreement.version, agreement.mode) == ("EX-2015-01", 3, Mode.EXERCISE)
    assert agreement.valid.end == datetime(2016, 10, 20, tzinfo=UTC)
    assert isinstance(agreement.area, Polygon)
    assert [len(ring) for ring in agreement.area.rings] == [4, 3, 3]
    assert agreement.parties[0].members[0].inherits_disclosure
    assert not agreement.parties[1].affiliates[0].answered_for
    rule = agreement.rules[1]
    assert (rule.lateral_m, rule.vertical_m, rule.min_time_s) == (1_000.0, 150.0, 120.0)
    assert (rule.zone, rule.replaces) == ("Z-BLOCK", ("R1",))
    assert agreement.default_level is DisclosureLevel.L2
    assert agreement.disclosure[0].operation_class is OperationClass.GROUND_MOVEMENT
    assert agreement.clocks[3].answer_s == 7 * 86_400.0
    assert agreement.check_plan.times_z[2] == time(21, 45, 30)
    assert agreement.check_plan.lapse_after_missed == 3
    assert agreement.caution_factor == 1.75
    assert agreement.coverage_max_age_s == 16_200.0
    assert agreement.atmosphere.qnh_low_hpa == 975.5
    assert agreement.suggestions.time_s == 5_400.0


def test_zones_of_every_kind_and_shape_are_read() -> None:
    zones = {zone.id: zone for zone in read(COMPLETE).zones}
    assert {zone.kind for zone in zones.values()} == set(ZoneKind)
    assert isinstance(zones["Z-WAY"].footprint, Corridor)
    assert zones["Z-HAZ"].footprint == Circle(zones["Z-HAZ"].footprint.centre, 5_556.0)  # type: ignore[union-attr]
    assert zones["Z-AD"].status is ZoneStatus.TREAT_AS_ACTIVE
    assert len(zones["Z-AD"].windows) == 2
    assert zones["Z-BLOCK"].entry is EntryRule.ON_NOTICE
    assert zones["Z-BLOCK"].users == ("BLUE", "BLUE-1")
    assert zones["Z-BLOCK"].name == "Z-BLOCK"
    assert zones["Z-BLOCK"].band.lower.datum_m == 210.0
    assert zones["Z-EX"].band.lower.reference is AltitudeReference.HAE
    assert zones["Z-EX"].band.lower.value_m == -50.0


def test_boundaries_and_airfields_are_read() -> None:
    agreement = read(COMPLETE)
    assert [rule.keeps_to for rule in agreement.boundaries[0].rules] == [Side.LEFT, Side.RIGHT]
    assert agreement.boundaries[0].rules[0].crossing is EntryRule.ON_NOTICE
    airfield = agreement.airfields[0]
    assert airfield.elevation_m == pytest.approx(47.85, abs=0.01)
    assert airfield.ring_radius_m == 22_224.0
    assert airfield.corridors[0].corridor.half_width_m == 3_704.0


def test_what_is_not_said_is_as_the_model_has_it() -> None:
    agreement = read(MINIMAL)
    bare = Agreement(
        id=agreement.id,
        title=agreement.title,
        version=1,
        mode=Mode.REAL,
        parties=agreement.parties,
        area=agreement.area,
        valid=agreement.valid,
        rules=agreement.rules,
        digest=agreement.digest,
    )
    assert agreement == bare


def test_an_airfield_below_the_sea_has_a_minus_sign() -> None:
    text = COMPLETE.replace('elevation = "157 ft"', 'elevation = "-394 m"')
    assert read(text).airfields[0].elevation_m == -394.0


def test_a_ring_closed_by_its_first_position_is_the_same_ring() -> None:
    closed = COMPLETE.replace(
        '    "33 00 00N 042 00 00E",\n', '    "33 00 00N 042 00 00E", "33N 035.5E"\n'
    )
    assert closed != COMPLETE
    assert read(closed) == read(COMPLETE)


def test_all_that_is_missing_is_named() -> None:
    missing = [m.split(" is missing")[0] for m in messages("") if "is missing" in m]
    assert missing == ["area", "id", "mode", "party", "rule", "title", "valid", "version"]


def test_a_text_without_a_schema_is_asked_for_one() -> None:
    assert "the text does not say which schema it follows" in messages("")


def test_a_later_schema_is_refused_without_listing_what_it_may_allow() -> None:
    later = MINIMAL.replace("agreement/1", "agreement/2") + "\n[novelty]\n"
    (problem,) = check_agreement(later.encode(), name="agreement.toml")
    assert problem.line == 1
    assert "keepclear-agreement/2" in problem.message


def test_a_refusal_names_the_first_faults_and_counts_the_others() -> None:
    with pytest.raises(InvalidAgreement) as refusal:
        read('schema = "keepclear-agreement/1"\ncolour = "red"\n')
    assert refusal.value.message.count("\n  ") == 6
    assert "and 4 more" in refusal.value.message
    assert "agreement check" in refusal.value.remedy


def test_a_problem_says_where_and_what_to_write() -> None:
    text = MINIMAL.replace('lateral = "3 NM"', 'lateral = "3"')
    (problem,) = [
        p
        for p in check_agreement(text.encode(), name="agreement.toml")
        if p.severity is Severity.ERROR
    ]
    assert problem.path == "rule 1, lateral"
    assert str(problem).startswith("line 24, rule 1, lateral: the length '3' is not a number")
    assert "3 NM, 5.5 km" in str(problem)


def test_a_text_full_of_faults_is_listed_up_to_a_bound() -> None:
    text = MINIMAL + "".join(f"x{number} = 1\n" for number in range(5_000))
    problems = check_agreement(text.encode(), name="agreement.toml")
    assert len([p for p in problems if p.severity is Severity.ERROR]) == MOST_PROBLEMS + 1
    assert "more than" in problems[-1].message


def test_the_gap_of_a_class_pair_is_named_with_its_parties() -> None:
    text = MINIMAL + 'classes = ["manned", "unmanned"]\n'
    gaps = [message for message in messages(text) if "no rule binds" in message]
    assert len(gaps) == 5
    assert "no rule binds manned and manned of AMBER and BLUE everywhere" in gaps


def test_rules_for_every_pair_of_parties_leave_no_gap() -> None:
    text = MINIMAL + 'parties = ["BLUE", "AMBER"]\n'
    assert not [message for message in messages(text) if "no rule binds" in message]
    third = '\n[[party]]\nid = "GREEN"\nkind = "ngo"\n'
    gaps = [message for message in messages(text + third) if "no rule binds" in message]
    assert len(gaps) == 6
    assert "of AMBER and GREEN; BLUE and GREEN everywhere" in gaps[0]


def test_a_text_that_is_not_utf_8_is_refused_in_its_line() -> None:
    (problem,) = check_agreement(b"a = 1\nb = '\xff'\n", name="agreement.toml")
    assert problem.line == 2


def test_a_text_beyond_the_largest_is_refused_unread() -> None:
    (problem,) = check_agreement(b"#" * (MOST_BYTES + 1), name="agreement.toml")
    assert "more than" in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 100_000,
        "a = " + "{a=" * 100_000,
        "a." * 100_000 + "a = 1",
        "version = " + "9" * 5_000,
        "version = 99999999999999999999",
        "caution_factor = 1" + "0" * 400,
        "caution_factor = inf",
        "id = '" + "x" * 100_000 + "'",
        "'" + "y" * 100_000 + "' = 1",
        "party = [1, 2]",
        "party = { id = 1 }",
        "rule = [[]]",
        "zone = ['x']",
        "valid = 1",
        "area = []",
        "[area]\npolygon = [[]]",
        "[area]\npolygon = ['35N 038E', 1, '1']",
        "[area]\npolygon = ['35N 038E', '36N 038E', '36N 039E']\nholes = [1, ['x'], []]",
        "[area]\ncircle = []",
        "[check_plan]\ntimes = ['25:00Z']",
        "[check_plan]\ntimes = [06:00:00]",
        "[valid]\nstart = 0001-01-01T00:00:00+23:00",
        "[valid]\nstart = 9999-12-31T23:59:59-23:00",
        "[[zone]]\nusers = [1, [], 'x']",
        "[[zone]]\nusers = [['x'], ['x']]",
        "[[rule]]\nclasses = [1, 2]",
        "[disclosure]\ndefault = 1",
        "[[zone]]\nusers = ['BLUE', 'BLUE']",
        "[[airfield]]\ncorridor = [{}]",
        "disclosure = true",
    ],
    ids=range(30),
)
def test_hostile_texts_are_refused_with_a_problem(text: str) -> None:
    errors = [
        problem
        for problem in check_agreement(text.encode(), name="agreement.toml")
        if problem.severity is Severity.ERROR
    ]
    assert errors
    with pytest.raises(InvalidAgreement):
        read(text)


mutations = st.lists(
    st.tuples(
        st.integers(0, len(COMPLETE) - 1),
        st.integers(0, 40),
        st.text(st.sampled_from("abZ019\"'[]{}=.,#-\\\n +\x00é") | st.characters(), max_size=6)
        | st.sampled_from(["[[zone]]\n", "nan", "-inf", "true", '"""', "[", "0 NM", "L9"]),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=150)
@given(mutations)
def test_a_mutated_agreement_is_read_or_refused_and_both_answers_agree(
    edits: list[tuple[int, int, str]],
) -> None:
    text = COMPLETE
    for at, cut, put in edits:
        text = text[:at] + put + text[at + cut :]
    data = text.encode(errors="surrogatepass")
    problems = check_agreement(data, name="agreement.toml")
    has_errors = any(problem.severity is Severity.ERROR for problem in problems)
    try:
        read_agreement(data, name="agreement.toml")
    except InvalidInput:
        assert has_errors
    else:
        assert not has_errors
