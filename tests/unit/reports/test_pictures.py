"""The pictures of a conflict and the timeline: they show what the answer says."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.answer import Conflict
from keepclear.model.operation import Operation
from keepclear.model.window import Window
from keepclear.reports.html.drawing import round_length
from keepclear.reports.html.plan import HEIGHT, WIDTH, plan_picture
from keepclear.reports.html.profile import (
    Strip,
    heights_note,
    is_one_reference,
    nominal_m,
    profile_picture,
    settled,
)
from keepclear.reports.html.scene import scene_of
from keepclear.reports.html.timeline import Scale, timeline
from unit.reports.latakia import (
    FT,
    NM,
    NOW,
    QNH,
    STD,
    answer,
    circle,
    conflict,
    corridor,
    feet,
    latakia,
    level,
    operation,
    polygon,
    subject_of,
    window,
)

WHEN = window("1300", "1400")


def pair(**changes: object) -> tuple[Operation, Operation, Conflict]:
    mine = operation("B-1", "BLUE", circle(35.0, 36.0, 5), level(240, 260), WHEN)
    other = operation("A-1", "AMBER", circle(35.0, 36.25, 5), level(250, 270), WHEN)
    return mine, other, replace(conflict(mine, other), **changes)  # type: ignore[arg-type]


def plan(mine: Operation, other: Operation, found: Conflict) -> str:
    return plan_picture(found, mine.volumes[0], other.volumes[0], "conflict", 1)


def length_of_gap(picture: str) -> float:
    found = re.search(
        r'<line x1="([-\d.]+)" y1="([-\d.]+)" x2="([-\d.]+)" y2="([-\d.]+)" class="gap', picture
    )
    assert found is not None
    x1, y1, x2, y2 = (float(value) for value in found.groups())
    return math.hypot(x2 - x1, y2 - y1)


def radius_of_ring(picture: str) -> float:
    found = re.search(r'r="([\d.]+)" class="asked', picture)
    assert found is not None
    return float(found[1])


def test_distance_and_ring_are_drawn_to_one_scale() -> None:
    mine, other, found = pair()
    picture = plan(mine, other, found)
    share = found.separations.lateral_m / (3.0 * NM)
    assert length_of_gap(picture) / radius_of_ring(picture) == pytest.approx(share, rel=0.02)
    assert f"{found.separations.lateral_m / NM - 0.05:.1f} NM" in picture


def test_the_whole_ring_and_both_closest_points_are_in_the_frame() -> None:
    picture = plan(*pair())
    (x, y, radius) = (
        float(value)
        for value in re.search(
            r'cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)" class="asked', picture
        ).groups()  # type: ignore[union-attr]
    )
    assert x - radius >= 0
    assert x + radius <= WIDTH
    assert y - radius >= 0
    assert y + radius <= HEIGHT


def test_footprints_that_meet_are_hatched_where_they_do() -> None:
    mine = operation("B-1", "BLUE", corridor(2, (35, 35.5), (35, 36.5)), level(240, 260), WHEN)
    other = operation("A-1", "AMBER", corridor(2, (34.5, 36), (35.5, 36)), level(240, 260), WHEN)
    picture = plan(mine, other, conflict(mine, other, asks=(0.0, 0.0)))
    assert re.search(r'd="M[^"]+" class="overlap conflict"', picture)
    assert "footprints meet" in picture
    assert "asked" not in picture


@pytest.mark.parametrize("shape", [(36.0, -179.95), (89.97, 10.0), (-89.95, 0.0)])
def test_plans_are_drawn_across_the_antimeridian_and_at_the_poles(
    shape: tuple[float, float],
) -> None:
    latitude, longitude = shape
    mine = operation("B-1", "BLUE", circle(latitude, longitude, 4), level(240, 260), WHEN)
    south = latitude - 2.0 if latitude > -87.0 else latitude + 1.0
    corners = ((south + 1, 179), (south + 1, -179), (south, -179), (south, 179))
    other = operation("A-1", "AMBER", polygon(*corners), level(240, 260), WHEN)
    assert plan(mine, other, conflict(mine, other)).startswith("<svg")


def test_the_overlap_in_height_is_hatched_while_both_are_live() -> None:
    mine, other, found = pair()
    picture = profile_picture(
        found, (mine, mine.volumes[0]), (other, other.volumes[0]), "conflict", 1
    )
    assert 'class="overlap conflict"' in picture
    assert "151300Z" in picture
    assert "151400Z" in picture
    assert "fuzz" not in picture
    assert heights_note(mine.volumes[0].band, other.volumes[0].band, found) == ""


def test_what_is_uncertain_in_height_is_shaded_and_said() -> None:
    mine = operation("B-1", "BLUE", circle(35.0, 36.0, 5), feet(20_000, 21_000), WHEN)
    other = operation("A-1", "AMBER", circle(35.0, 36.1, 5), level(220, 230), WHEN)
    found = conflict(mine, other, vertical=(-200.0, 900.0))
    picture = profile_picture(found, (mine, mine.volumes[0]), (other, other.volumes[0]), "doubt", 1)
    assert 'class="fuzz"' in picture
    note = heights_note(mine.volumes[0].band, other.volumes[0].band, found)
    assert "QNH and STD" in note


def test_heights_that_cannot_be_reconciled_are_said_to_be_so() -> None:
    mine, other, found = pair()
    apart = replace(found.separations, vertical_low_m=-math.inf, vertical_high_m=math.inf)
    found = replace(found, separations=apart)
    picture = profile_picture(found, (mine, mine.volumes[0]), (other, other.volumes[0]), "doubt", 1)
    assert "heights cannot be compared" in picture
    note = heights_note(mine.volumes[0].band, other.volumes[0].band, found)
    assert "cannot be reconciled" in note


@pytest.mark.parametrize(("low", "high"), [(100.0, 500.0), (-400.0, 200.0)])
def test_across_references_the_other_band_stands_where_the_answer_puts_it(
    low: float, high: float
) -> None:
    _, _, found = pair()
    separations = replace(found.separations, vertical_low_m=low, vertical_high_m=high)
    found = replace(found, separations=separations)
    ours = Strip(6_000.0, 6_300.0, WHEN)
    above, doubt = settled(ours, Strip(6_800.0, 7_000.0, WHEN), found, same=False)
    assert above.low_m - ours.high_m == pytest.approx((low + high) / 2.0)
    assert doubt.half_m == pytest.approx((high - low) / 2.0)
    below, _ = settled(ours, Strip(5_000.0, 5_300.0, WHEN), found, same=False)
    assert ours.low_m - below.high_m == pytest.approx((low + high) / 2.0)


def test_one_reference_is_drawn_as_declared() -> None:
    assert is_one_reference(level(100, 120), level(200, 220))
    assert not is_one_reference(level(100, 120), feet(9_000, 10_000))
    ground = AltitudeBand(Altitude(0.0, AltitudeReference.AGL), Altitude(900.0, STD))
    assert not is_one_reference(ground, ground)
    qfe = Altitude(300.0, AltitudeReference.QFE, datum_m=48.0)
    assert nominal_m(qfe) == 348.0
    assert nominal_m(Altitude(300.0, QNH)) == 300.0


def test_scale_bars_have_round_lengths() -> None:
    assert [round_length(most) for most in (0.7, 1.0, 3.9, 87.0)] == [0.5, 1.0, 2.0, 50.0]


def test_the_scale_of_time_has_round_ticks_and_few() -> None:
    for minutes in (7, 45, 200, 1_500, 60 * 24 * 40, 60 * 24 * 900):
        scale = Scale(NOW, NOW + timedelta(minutes=minutes))
        ticks = scale.ticks()
        assert 1 <= len(ticks) <= 9
        assert all(scale.holds(tick) for tick in ticks)
        assert len({b - a for a, b in pairwise(ticks)}) <= 1


def test_the_timeline_shows_now_conflicts_and_counterparts_side_by_side() -> None:
    subject = latakia()
    text = timeline(scene_of(subject, None))
    assert "NOW" in text
    assert text.count("now-line") == 13
    rows = re.findall(r'class="name">([^<]+)<', text)
    assert rows[:3] == ["B-7731 BLUE", "A-0912 AMBER", "A-0915 AMBER"]
    assert len(rows) == 13


def test_now_is_left_out_where_it_lies_far_from_every_operation() -> None:
    far = Window(NOW + timedelta(days=9), NOW + timedelta(days=9, hours=1))
    mine = operation("B-1", "BLUE", circle(35.0, 36.0, 5), level(240, 260), far)
    text = timeline(scene_of(subject_of((mine,), (), (answer(mine),)), None))
    assert "now-line" not in text
    assert "SEP15" in text


def test_a_timeline_of_nothing_says_so() -> None:
    assert "No operation to show." in timeline(scene_of(subject_of((), (), ()), None))


def test_a_gap_in_feet_is_not_drawn_as_contact() -> None:
    _, _, found = pair()
    apart = replace(found.separations, vertical_low_m=600 * FT, vertical_high_m=600 * FT)
    strip = Strip(7_000.0, 7_200.0, WHEN)
    drawn, doubt = settled(
        Strip(6_000.0, 6_300.0, WHEN), strip, replace(found, separations=apart), same=True
    )
    assert drawn == strip
    assert doubt.half_m == 0.0
