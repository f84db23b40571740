"""Shapes that are none are refused before anything is compared."""

from __future__ import annotations

import pytest

from keepclear.errors import InvalidAgreement, InvalidFile
from keepclear.formats.agreement import write_agreement
from keepclear.model.operation import Operation, Source, SourceKind
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import Circle, Footprint, Polygon, Position
from keepclear.model.zone import Zone, ZoneKind
from keepclear.services.soundness import (
    agreement_problems,
    require_sound_agreement,
    sound_plans,
)
from samples import agreement, band, coverage, operation, square

CORNERS = ((35.0, 36.0), (36.0, 37.0), (36.0, 36.0), (35.0, 37.0))
BOW_TIE = Polygon((tuple(Position(y, x) for y, x in CORNERS),))


def crossed(designator: str = "B-2") -> Operation:
    source = Source(SourceKind.FILE, "blue.geojson", "feature 2")
    return operation(designator, BOW_TIE, source=source)


def test_a_ring_that_crosses_itself_is_refused_with_file_feature_and_remedy() -> None:
    with pytest.raises(InvalidFile, match="not simple") as refused:
        sound_plans(PlanSet((operation("B-1"), crossed())))
    assert (refused.value.file, refused.value.feature) == ("blue.geojson", "feature 2")
    assert "in order" in refused.value.remedy


def test_skipping_leaves_the_operation_out_whole_and_says_so() -> None:
    plans = sound_plans(PlanSet((operation("B-1"), crossed())), skip_invalid=True)
    assert [one.designator for one in plans.operations] == ["B-1"]
    assert [one.feature for one in plans.rejected] == ["feature 2"]


def test_unsound_coverage_and_zones_are_refused_too() -> None:
    zone = Zone("Z1", "", ZoneKind.HAZARD, BOW_TIE, band(0.0, 1_000.0))
    for plans in (PlanSet(coverages=(coverage(area=BOW_TIE),)), PlanSet(zones=(zone,))):
        with pytest.raises(InvalidFile, match="not simple"):
            sound_plans(plans)
        left = sound_plans(plans, skip_invalid=True)
        assert (left.coverages, left.zones, len(left.rejected)) == ((), (), 1)


@pytest.mark.parametrize(
    "footprint", [Circle(Position(44.0, 34.0), 900.0), square(44.0, 33.0, 0.1)]
)
def test_exchanged_latitude_and_longitude_are_noticed_by_the_agreements_area(
    footprint: Footprint,
) -> None:
    area = square(32.0, 40.0, 8.0)
    with pytest.raises(InvalidFile, match="latitude and longitude exchanged"):
        sound_plans(PlanSet((operation("B-1", footprint),)), area=area)


def test_an_operation_outside_the_area_either_way_is_left_to_the_check() -> None:
    plans = PlanSet((operation("B-1", Circle(Position(-20.0, 100.0), 900.0)),))
    assert sound_plans(plans, area=square(32.0, 40.0, 8.0)) == plans


def test_an_agreement_with_a_crossed_zone_is_refused_and_its_line_named() -> None:
    zone = Zone("Z1", "zone", ZoneKind.EXCLUSION, BOW_TIE, band(0.0, 1_000.0), contact="x")
    bad = agreement(zones=(zone,))
    with pytest.raises(InvalidAgreement, match="zone 1: the polygon is not simple"):
        require_sound_agreement(bad)
    text = write_agreement(bad)
    (problem,) = [p for p in agreement_problems(text.encode(), name="a") if p.severity == "error"]
    assert problem.line is not None
    assert text.splitlines()[problem.line - 1] == "[[zone]]"


def test_text_that_cannot_be_read_is_reported_without_looking_at_shapes() -> None:
    assert agreement_problems(b"schema = 1", name="a")
