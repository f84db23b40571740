"""The main job as a whole: answers, doubts, and the first acceptance test."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from keepclear.errors import InvalidFile, InvalidInput, ModeMismatch
from keepclear.model.agreement import Agreement, LeadTime, SizeLimit
from keepclear.model.altitude import AltitudeReference
from keepclear.model.answer import (
    Answer,
    CheckReport,
    DoubtKind,
    FindingKind,
    Suggestion,
    SuggestionKind,
    Verdict,
)
from keepclear.model.coverage import Completeness
from keepclear.model.operation import Mode, Operation, OperationClass, OperationState, Precedence
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import Corridor, Position
from keepclear.model.zone import Zone, ZoneKind
from keepclear.services.checking import check_plans
from samples import (
    FT,
    NM,
    NOON,
    LevelGeoid,
    agreement,
    band,
    circle,
    coverage,
    operation,
    rule,
    square,
    window,
)

FAR = circle(36.5, 38.0)


def amber(name: str = "A-1", *args: Any, **changes: Any) -> Operation:
    return operation(name, *args, party="AMBER", received_at=NOON - timedelta(hours=1), **changes)


def check(
    plans: PlanSet, released: PlanSet | None, under: Agreement | None = None, **options: Any
) -> CheckReport:
    return check_plans(
        plans, released, under or agreement(), now=NOON, geoid=LevelGeoid(), **options
    )


def answer(
    ours: Operation, released: PlanSet, under: Agreement | None = None, **options: Any
) -> Answer:
    return check(PlanSet((ours,)), released, under, **options).answers[0]


def doubts(found: Answer) -> set[DoubtKind]:
    return {doubt.kind for doubt in found.doubts}


OURS = operation("B-1")
GOOD = PlanSet((amber("A-1", FAR),), (coverage(),))


def test_a_fresh_covered_set_without_a_conflict_is_no_conflict_found_among_it() -> None:
    found = answer(OURS, GOOD)
    assert found.verdict is Verdict.NO_CONFLICT_FOUND
    (among,) = found.among
    assert (among.party, among.notices, among.completeness) == (
        "AMBER",
        1,
        Completeness.COMPLETE,
    )
    assert among.oldest_s == 3_600.0
    assert among.age_s == 14 * 60.0


@pytest.mark.parametrize(
    ("released", "why"),
    [
        (PlanSet(), DoubtKind.NOTHING_RELEASED),
        (PlanSet((), (coverage(),)), DoubtKind.NOTHING_RELEASED),
        (PlanSet((amber("A-1", FAR),)), DoubtKind.COVERAGE_UNDECLARED),
        (
            PlanSet(GOOD.operations, (coverage(as_of=NOON - timedelta(hours=7)),)),
            DoubtKind.COVERAGE_STALE,
        ),
        (
            PlanSet(GOOD.operations, (coverage(as_of=NOON + timedelta(minutes=2)),)),
            DoubtKind.COVERAGE_FROM_THE_FUTURE,
        ),
        (
            PlanSet(GOOD.operations, (coverage(area=square(36.0, 37.0, 2.0)),)),
            DoubtKind.COVERAGE_SHORT,
        ),
        (
            PlanSet(GOOD.operations, (coverage(window=window(30.0)),)),
            DoubtKind.COVERAGE_SHORT,
        ),
        (PlanSet(GOOD.operations, (coverage(completeness=()),)), DoubtKind.COVERAGE_NONE),
        (PlanSet(GOOD.operations, (coverage(notice_count=2),)), DoubtKind.COVERAGE_COUNT),
    ],
    ids=lambda value: value.value if isinstance(value, DoubtKind) else "",
)
def test_an_empty_stale_or_uncovered_set_is_cannot_say(released: PlanSet, why: DoubtKind) -> None:
    report = check(PlanSet((OURS,)), released)
    assert report.overall is Verdict.CANNOT_SAY
    assert why in doubts(report.answers[0])
    assert all(doubt.remedy for doubt in report.answers[0].doubts)


def test_a_party_that_counts_zero_notices_has_said_something() -> None:
    found = answer(OURS, PlanSet((), (coverage(notice_count=0),)))
    assert found.verdict is Verdict.NO_CONFLICT_FOUND


def test_a_signatory_that_says_nothing_leaves_a_doubt() -> None:
    from keepclear.model.party import Party, PartyKind

    three = replace(
        agreement(), parties=(*agreement().parties, Party("HUM", "Relief", PartyKind.UN_AGENCY))
    )
    found = answer(OURS, GOOD, three)
    assert [(d.kind, d.party) for d in found.doubts] == [(DoubtKind.NOTHING_RELEASED, "HUM")]


def test_a_conflict_outweighs_every_doubt() -> None:
    found = answer(OURS, PlanSet((amber(),)))
    assert found.verdict is Verdict.CONFLICT
    assert DoubtKind.COVERAGE_UNDECLARED in doubts(found)


def test_a_class_without_a_rule_is_a_doubt() -> None:
    under = agreement(rule(classes=(OperationClass.UNMANNED, OperationClass.UNMANNED)))
    assert doubts(answer(OURS, GOOD, under)) == {DoubtKind.NO_RULE}


def test_an_operation_partly_outside_the_agreement_is_cannot_say() -> None:
    astride = operation("B-1", circle(35.0, 30.0))
    assert DoubtKind.OUTSIDE_AGREEMENT in doubts(answer(astride, GOOD))


def test_features_left_out_make_no_conflict_found_into_cannot_say() -> None:
    rejected = InvalidFile("bad ring", file="amber.geojson", feature="feature 2")
    report = check(PlanSet((OURS,)), replace(GOOD, rejected=(rejected,)))
    assert report.overall is Verdict.CANNOT_SAY
    assert doubts(report.answers[0]) == {DoubtKind.FEATURES_LEFT_OUT}


def test_checking_nothing_is_cannot_say() -> None:
    assert check(PlanSet(), GOOD).overall is Verdict.CANNOT_SAY


def test_exercise_and_real_never_mix() -> None:
    with pytest.raises(ModeMismatch, match="A-1 is REAL"):
        check(PlanSet((OURS,)), PlanSet((amber(mode=Mode.REAL),)))


def test_own_operations_on_both_sides_are_refused() -> None:
    with pytest.raises(InvalidInput, match="BLUE stands on both sides"):
        check(PlanSet((OURS,)), PlanSet((operation("B-2"),)))


def test_mine_against_mine_is_compared_only_when_asked() -> None:
    mine = PlanSet((OURS, operation("B-2")))
    assert check(mine, GOOD).overall is Verdict.NO_CONFLICT_FOUND
    report = check(mine, GOOD, own=True)
    assert all(found.conflicts[0].own for found in report.answers)


def test_mine_against_mine_alone_needs_no_coverage() -> None:
    report = check(PlanSet((OURS, operation("B-2", FAR))), None, own=True)
    assert report.overall is Verdict.NO_CONFLICT_FOUND


def test_mine_alone_says_among_how_many_of_mine() -> None:
    report = check(PlanSet((OURS, operation("B-2", FAR))), None, own=True)
    (among,) = report.answers[0].among
    assert (among.party, among.notices, among.own) == ("BLUE", 1, True)


def test_an_empty_released_set_proves_nothing_even_beside_mine() -> None:
    report = check(PlanSet((OURS, operation("B-2", FAR))), PlanSet(), own=True)
    assert report.overall is Verdict.CANNOT_SAY


def test_comparing_with_nothing_at_all_is_refused() -> None:
    with pytest.raises(InvalidInput, match="nothing to compare with"):
        check(PlanSet((OURS,)), None)


def test_a_class_of_which_nothing_is_released_is_a_doubt() -> None:
    known = (OperationClass.MANNED, Completeness.COMPLETE)
    partly = coverage(completeness=(known,))
    found = answer(OURS, PlanSet(GOOD.operations, (partly,)))
    assert [doubt.kind for doubt in found.doubts] == [DoubtKind.COVERAGE_NONE]
    assert "unmanned, ground movement" in found.doubts[0].reason
    manned = (OperationClass.MANNED, OperationClass.MANNED)
    among_manned = agreement(rule(classes=manned))
    assert not answer(OURS, PlanSet(GOOD.operations, (partly,)), among_manned).doubts


def test_ended_operations_are_not_compared() -> None:
    over = amber(state=OperationState.ENDED)
    released = PlanSet((over, *GOOD.operations), GOOD.coverages)
    assert answer(OURS, released).verdict is Verdict.NO_CONFLICT_FOUND


def test_an_infringement_counts_in_the_overall_verdict() -> None:
    zone = Zone("Z1", "", ZoneKind.EXCLUSION, square(34.9, 35.9, 0.2), band(0.0, 9_000.0))
    report = check(PlanSet((OURS,)), GOOD, agreement(zones=(zone,)))
    assert report.answers[0].verdict is Verdict.NO_CONFLICT_FOUND
    assert report.overall is Verdict.CONFLICT


def test_published_zones_bind_like_agreed_ones() -> None:
    zone = Zone("Z9", "", ZoneKind.HAZARD, square(34.9, 35.9, 0.2), band(0.0, 9_000.0))
    found = answer(OURS, replace(GOOD, zones=(zone,)))
    assert [i.airspace_id for i in found.infringements] == ["Z9"]


# -- findings -----------------------------------------------------------------------------


def test_a_late_notice_is_taken_with_a_finding() -> None:
    late = replace(OURS, received_at=NOON - timedelta(minutes=20))
    under = agreement(lead_times=(LeadTime(3_600.0), LeadTime(60.0, precedence=Precedence.FLASH)))
    (found,) = answer(late, GOOD, under).findings
    assert found.kind is FindingKind.TOO_LATE
    assert found.reason == "received 20 min before its start, the agreement asks 60 min before"
    assert answer(replace(late, precedence=Precedence.FLASH), GOOD, under).findings == ()


def test_a_notice_of_what_has_begun_came_after_its_start() -> None:
    begun = replace(OURS, received_at=NOON + timedelta(minutes=1))
    (found,) = answer(begun, GOOD, agreement(lead_times=(LeadTime(60.0),))).findings
    assert found.reason == "received 1 min after its start, the agreement asks 1 min before"


def test_a_twenty_mile_box_is_too_big() -> None:
    under = agreement(size_limits=(SizeLimit(extent_m=20_000.0, thickness_m=500.0),))
    kinds = [
        f.kind for f in answer(operation("B-1", circle(radius_m=18_520)), GOOD, under).findings
    ]
    assert kinds == [FindingKind.TOO_BIG, FindingKind.TOO_BIG]


def test_a_long_corridor_is_measured_across() -> None:
    under = agreement(size_limits=(SizeLimit(extent_m=20_000.0),))
    long = Corridor((Position(33.0, 36.0), Position(36.0, 38.0)), 2 * NM)
    assert answer(operation("B-1", long), GOOD, under).findings == ()


def test_a_long_window_is_too_big_and_a_wide_tolerance_too_vague() -> None:
    under = agreement(size_limits=(SizeLimit(duration_s=3_000.0, tolerance_s=600.0),))
    ours = replace(OURS, tolerance_s=1_200.0)
    kinds = [finding.kind for finding in answer(ours, GOOD, under).findings]
    assert kinds == [FindingKind.TOO_BIG, FindingKind.TOO_VAGUE]


def test_a_flight_without_a_contact_is_too_vague() -> None:
    (found,) = answer(replace(OURS, contact=""), GOOD).findings
    assert found.kind is FindingKind.TOO_VAGUE


# -- suggestions --------------------------------------------------------------------------


def suggested(
    ours: Operation, *theirs: Operation, under: Agreement | None = None
) -> dict[SuggestionKind, Suggestion]:
    released = PlanSet(theirs, (coverage(),))
    found = answer(ours, released, under, suggest=True)
    return {one.kind: one for one in found.suggestions}


def test_each_suggestion_is_the_least_step_that_mends() -> None:
    changes = suggested(operation("B-1", at=window(120.0)), amber(at=window(120.0)))
    assert changes[SuggestionKind.TIME].time_s == 61 * 60.0
    # 1,000 m thick bands and 3,000 ft: 1,914.4 m in steps of 500 ft is 13 steps.
    assert changes[SuggestionKind.ALTITUDE].vertical_m == pytest.approx(13 * 500 * FT)
    lateral = changes[SuggestionKind.LATERAL]
    assert lateral.lateral_m == pytest.approx(4.1 * NM)


def test_a_suggestion_is_checked_against_everything() -> None:
    """Later would meet A-2, higher would enter a zone."""
    zone = Zone("Z1", "", ZoneKind.EXCLUSION, square(34.0, 35.0, 2.0), band(2_500.0, 9_000.0))
    ours = operation("B-1", at=window(120.0))
    after = amber("A-2", at=window(181.0, 30.0))
    changes = suggested(ours, amber(at=window(120.0)), after, under=agreement(zones=(zone,)))
    assert changes[SuggestionKind.TIME].time_s == -61 * 60.0
    assert not changes[SuggestionKind.ALTITUDE].found


def test_a_suggestion_does_not_trade_a_conflict_with_theirs_for_one_with_our_own() -> None:
    ours, after = operation("B-1", at=window(120.0)), operation("B-2", at=window(181.0, 30.0))
    released = PlanSet((amber(at=window(120.0)),), (coverage(),))
    report = check(PlanSet((ours, after)), released, suggest=True)
    assert not any(conflict.own for found in report.answers for conflict in found.conflicts)
    later = next(one for one in report.answers[0].suggestions if one.kind is SuggestionKind.TIME)
    assert later.time_s == -61 * 60.0


def test_nothing_is_suggested_to_start_in_the_past() -> None:
    changes = suggested(operation("B-1", at=window(30.0)), amber(at=window(30.0)))
    assert changes[SuggestionKind.TIME].time_s == 61 * 60.0


def test_unmanned_aircraft_step_by_fifty_feet() -> None:
    unmanned: dict[str, Any] = {"operation_class": OperationClass.UNMANNED}
    low = band(100.0, 120.0, AltitudeReference.AGL)
    under = agreement(rule(500.0, 150 * FT))
    changes = suggested(
        operation("B-1", altitudes=low, **unmanned),
        amber("A-1", altitudes=low, **unmanned),
        under=under,
    )
    # 20 m of band and 150 ft: 65.72 m is five steps of 50 ft, and up comes before down.
    assert changes[SuggestionKind.ALTITUDE].vertical_m == pytest.approx(5 * 50 * FT)


def test_no_suggestion_where_nothing_stands_against_an_operation() -> None:
    assert suggested(OURS, amber("A-1", FAR)) == {}
