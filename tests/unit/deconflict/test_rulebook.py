"""Rules judged for many pairs at once, against each pair judged alone in plain Python."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from keepclear.deconflict.airspace import Airspace
from keepclear.deconflict.conflict import Comparison, LiveComparison, ref
from keepclear.deconflict.containment import Shape
from keepclear.deconflict.index import LiveIndex
from keepclear.deconflict.pairs import (
    APART,
    CONFLICT,
    Gaps,
    Minima,
    Vagueness,
    judge_gaps,
    lateral_gap,
    make_room,
    stand_on,
    vertical_gap,
)
from keepclear.deconflict.rulebook import MEETING_RULE, Rulebook, widest_minima
from keepclear.model.agreement import Agreement
from keepclear.model.answer import OperationRef, Separations, Verdict
from keepclear.model.operation import Operation, OperationClass, Uncertainty
from keepclear.model.volume import Volume
from keepclear.model.zone import Zone, ZoneKind
from keepclear.rules.binding import binding_rules
from keepclear.rules.verdict import pair_verdict
from samples import LevelGeoid, agreement, band, circle, operation, rule, square, window

GEOID = LevelGeoid().undulation_m
MANNED, UNMANNED = OperationClass.MANNED, OperationClass.UNMANNED
ZONE = Zone("Z", "zone", ZoneKind.EXCLUSION, square(35.0, 36.0, 0.5), band(0.0, 9_000.0))
MANY_RULES = agreement(
    rule(5_556.0, 900.0, "R1"),
    rule(2_000.0, 300.0, "R2", classes=(MANNED, UNMANNED)),
    rule(20_000.0, 0.0, "R3", parties=("BLUE", "AMBER"), min_time_s=600.0),
    rule(500.0, 100.0, "R4", zone="Z", replaces=("R1", "R3")),
    rule(9_000.0, 900.0, "R5", zone="Z"),
    zones=(ZONE,),
    area=square(34.9, 35.9, 0.8),
    valid=window(-100.0, 160.0),
)
FEW_RULES = agreement(rule(30_000.0, 900.0, classes=(MANNED, MANNED)))

Told = tuple[str, str, Verdict, int, float]
"""Their id, the rule, the verdict, how many pairs, the least lateral gap of the worst ones."""


@st.composite
def operations(draw: st.DrawFn, name: str, party: str) -> Operation:
    volumes = []
    for _ in range(draw(st.integers(1, 3))):
        lower_m = draw(st.floats(0.0, 2_000.0))
        place = draw(st.floats(34.85, 35.7)), draw(st.floats(35.85, 36.7))
        volumes.append(
            Volume(
                circle(*place) if draw(st.booleans()) else square(*place, 0.05),
                band(lower_m, lower_m + 300.0),
                window(draw(st.integers(-120, 120)), draw(st.integers(1, 60))),
            )
        )
    return operation(
        name,
        party=party,
        volumes=tuple(volumes),
        operation_class=draw(st.sampled_from([MANNED, UNMANNED])),
        uncertainty=Uncertainty(draw(st.sampled_from([0.0, 400.0])), 0.0),
    )


@st.composite
def skies(draw: st.DrawFn) -> list[Operation]:
    parties = draw(st.lists(st.sampled_from(["AMBER", "BLUE"]), min_size=1, max_size=8))
    return [draw(operations(f"T-{i}", party)) for i, party in enumerate(parties)]


def one_by_one(ours: Operation, sky: Sequence[Operation], under: Agreement) -> list[Told]:
    """What the conflicts should be: every pair of volumes, every rule, in plain Python."""
    rulebook = Rulebook(under, geoid=GEOID)
    zones, area = Airspace.of_rules(under, GEOID), Shape(under.area)
    found: dict[tuple[str, str], list[tuple[Verdict, float]]] = {}
    mine = rulebook.pack([ours])
    for theirs in sky:
        other = rulebook.pack([theirs])
        for v, one_volume in enumerate(ours.volumes):
            room = make_room(8, 8)
            stand_on(mine, v, room)
            for w, other_volume in enumerate(theirs.volumes):
                windows = ours.window_of(one_volume), theirs.window_of(other_volume)
                gap_s = windows[0].gap_s(windows[1])
                low_m, high_m = vertical_gap(mine.facts, v, other.facts, w)
                lateral_m = lateral_gap(mine, v, other, w, room)
                ends = sorted((max(x.start for x in windows), min(x.end for x in windows)))
                in_force = ends[0] <= under.valid.end and ends[1] >= under.valid.start
                rules = binding_rules(
                    under.rules,
                    (ours.party, theirs.party),
                    (ours.operation_class, theirs.operation_class),
                    touched=zones.touched(mine, v) | zones.touched(other, w),
                    inside=zones.holding(mine, v) & zones.holding(other, w),
                )
                if not (in_force and area.touches(mine, v) and area.touches(other, w)):
                    rules = ()
                for each in rules or (MEETING_RULE,):
                    verdict = pair_verdict(
                        Separations(
                            lateral_m, each.lateral_m,
                            ours.uncertainty.lateral_m + theirs.uncertainty.lateral_m,
                            low_m, high_m, each.vertical_m, gap_s, each.min_time_s,
                        )
                    )  # fmt: skip
                    if verdict is not Verdict.NO_CONFLICT_FOUND:
                        found.setdefault((theirs.id, each.id), []).append((verdict, lateral_m))
    told = []
    for (their_id, rule_id), items in found.items():
        worst = max((verdict for verdict, _ in items), key=lambda verdict: verdict.weight)
        least_m = min(lateral_m for verdict, lateral_m in items if verdict is worst)
        told.append((their_id, rule_id, worst, len(items), round(least_m, 6)))
    return sorted(told)


@given(skies(), operations("Q", "BLUE"), st.sampled_from([MANY_RULES, FEW_RULES]))
def test_rules_judged_together_are_the_rules_judged_one_by_one(
    sky: list[Operation], ours: Operation, under: Agreement
) -> None:
    found = Comparison(sky, under, geoid=GEOID).conflicts_of(ours)
    told = sorted(
        (c.theirs.id, c.rule_id, c.verdict, c.volume_pairs, round(c.separations.lateral_m, 6))
        for c in found
    )
    assert told == one_by_one(ours, sky, under)


gaps = st.sampled_from([-5.0, 0.0, 0.01, 0.02, 99.98, 99.99, 99.995, 100.0, 100.02, 150.0])


@given(gaps, st.tuples(gaps, gaps), gaps, gaps, gaps, st.sampled_from([0.0, 100.0]))
def test_the_kernel_of_verdicts_is_the_algebra_of_verdicts(
    lateral_m: float,
    vertical_m: tuple[float, float],
    time_s: float,
    vague_lateral_m: float,
    vague_vertical_m: float,
    asked: float,
) -> None:
    lateral_m, vague = max(0.0, lateral_m), (max(0.0, vague_lateral_m), max(0.0, vague_vertical_m))
    low_m, high_m = sorted(vertical_m)
    lateral, low, high, time = (np.array([x]) for x in (lateral_m, low_m, high_m, time_s))
    outcome = np.empty(1, np.int8)
    judge_gaps(
        Gaps(lateral, lateral, low, high, time, np.empty((1, 2, 3))),
        np.zeros(1, np.int64),
        Vagueness(np.array([vague[0]]), np.array([vague[1]])),
        Minima(asked, asked, asked),
        outcome,
    )
    verdict = pair_verdict(
        Separations(lateral_m, asked, vague[0], low_m, high_m, asked, time_s, asked, vague[1])
    )
    expected = {Verdict.NO_CONFLICT_FOUND: APART, Verdict.CONFLICT: CONFLICT}
    assert outcome[0] == expected.get(verdict, 1)


def live(sky: Sequence[Operation], under: Agreement) -> tuple[LiveComparison, list[list[int]]]:
    """A sky in an index, added one by one; and what was asked about its rows."""
    rulebook, index, asked = Rulebook(under, geoid=GEOID), LiveIndex(), []
    for one in sky:
        index.add(rulebook.pack([one]), 1)

    def refs_at(rows: Sequence[int]) -> list[OperationRef]:
        asked.append(list(rows))
        return [ref(sky[row]) for row in rows]

    return LiveComparison(rulebook, index.snapshot(), refs_at), asked


def test_only_the_worst_are_told_but_all_are_counted() -> None:
    sky = [
        operation(f"A-{i}", circle(35.0, 36.0 + 0.02 * i), party="AMBER", at=window(3.0 * i))
        for i in range(9)
    ]
    comparison, asked = live(sky, agreement())
    ours = operation("B-1")
    packed = comparison.rulebook.pack([ours])
    told, total = comparison.conflicts_of(ours, packed, most=3)
    everything = comparison.conflicts_of(ours, packed)
    assert total == everything.total == len(everything.told) > 3
    assert told == everything.told[:3]
    assert [c.theirs.designator for c in told] == ["A-0", "A-1", "A-2"]
    assert asked[0] == list(range(total))
    assert len(asked) == 2


def test_nothing_near_asks_for_no_names() -> None:
    comparison, asked = live([operation("A-1", circle(39.0, 39.0), party="AMBER")], agreement())
    ours = operation("B-1")
    packed = comparison.rulebook.pack([ours])
    assert comparison.conflicts_of(ours, packed) == ((), 0)
    assert not comparison.breaks(ours, packed)
    assert asked == []


def test_an_earlier_version_of_ours_is_not_another_operation() -> None:
    ours = operation("B-1")
    comparison, _ = live([ours], agreement())
    packed = comparison.rulebook.pack([ours])
    assert not comparison.breaks(ours, packed)
    assert comparison.conflicts_of(ours, packed).total == 0


def test_no_rule_asks_for_more_than_the_widest_minima() -> None:
    assert widest_minima(MANY_RULES) == Minima(20_000.0, 900.0, 600.0)
    assert widest_minima(agreement(rule(0.0, 0.0))) == Minima(0.0, 0.0, 0.0)
