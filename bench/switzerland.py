"""One day of recorded traffic over Switzerland as plans, one half of it against the other.

Run as `python -m bench.switzerland`. The recording is research data that does not ship with
keepclear; without it the benchmark says so and ends. The parties are made up: a hash of
each aircraft's address decides, so that the two halves fly the same airways.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from keepclear import compose
from keepclear.formats.reading import Reading
from keepclear.formats.trajectories import TrackReading, read_trajectories
from keepclear.model.agreement import Agreement, SeparationRule
from keepclear.model.answer import CheckReport, Conflict, Verdict
from keepclear.model.coverage import Completeness, Coverage
from keepclear.model.operation import Mode, OperationClass
from keepclear.model.party import Party, PartyKind
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import Polygon, Position
from keepclear.model.window import Window
from keepclear.ports.world import Geoid
from keepclear.services.plans_from_tracks import PartyRule, VolumeSettings, plans_by_party
from keepclear.units import M_PER_FT, M_PER_NM, shown_separation_ft, shown_separation_nm

RECORDING = Path(__file__).resolve().parents[2] / "shared" / "data" / "adsb" / "switzerland.parquet"
NOW = datetime(2018, 8, 1, 4, tzinfo=UTC)
DAY = Window(datetime(2018, 8, 1, 3, tzinfo=UTC), datetime(2018, 8, 2, tzinfo=UTC))
AREA = Polygon(
    (
        (
            Position(45.0, 4.5),
            Position(45.0, 12.0),
            Position(48.6, 12.0),
            Position(48.6, 4.5),
        ),
    )
)
SETTINGS = VolumeSettings(
    half_width_m=1.0 * M_PER_NM, half_height_m=300.0 * M_PER_FT, tolerance_s=60.0
)
HALVES = PartyRule.parse("half icao24: BLUE, AMBER")
RULE = SeparationRule("R1", lateral_m=3.0 * M_PER_NM, vertical_m=1_000.0 * M_PER_FT)
AGREEMENT = Agreement(
    id="bench-switzerland",
    title="Two halves of one day",
    version=1,
    mode=Mode.EXERCISE,
    parties=(
        Party("BLUE", "one half", PartyKind.OPERATOR),
        Party("AMBER", "the other half", PartyKind.OPERATOR),
    ),
    area=AREA,
    valid=DAY,
    rules=(RULE,),
)
WORST = 10


class Stopwatch:
    """Seconds since it was last asked."""

    def __init__(self) -> None:
        self._since_s = time.perf_counter()

    def lap_s(self) -> float:
        """Seconds since the last lap."""
        now_s = time.perf_counter()
        lap_s, self._since_s = now_s - self._since_s, now_s
        return lap_s


def main() -> None:
    """Read, convert, check, and print what came of it."""
    console = Console(width=120)
    if not RECORDING.exists():
        console.print(
            "bench.switzerland: skipped. The recording (research data, not part of keepclear) "
            "is not beside this repository."
        )
        return
    watch = Stopwatch()
    reading = Reading(RECORDING.name, NOW, mode=Mode.EXERCISE)
    recorded = read_trajectories(RECORDING.read_bytes(), reading)
    read_s = watch.lap_s()
    plans = plans_by_party(
        recorded.trajectories, settings=SETTINGS, party_rule=HALVES, reading=reading
    )
    convert_s = watch.lap_s()
    blue, amber = (covered(party, plans[party]) for party in ("BLUE", "AMBER"))
    geoid = compose.geoid()
    watch.lap_s()
    report = checked(blue, amber, geoid)
    check_s = watch.lap_s()
    again = checked(blue, amber, geoid)
    again_s = watch.lap_s()
    if again != report:
        raise SystemExit("bench.switzerland: the same check gave two answers")
    seconds = {
        "read": read_s,
        "convert": convert_s,
        "check, first run": check_s,
        "check, second run": again_s,
    }
    console.print(figures(recorded, plans, report, seconds))
    console.print(worst_pairs(report))


def covered(party: str, plans: PlanSet) -> PlanSet:
    """The plans with the statement that they are all there is."""
    completeness = tuple((each, Completeness.COMPLETE) for each in OperationClass)
    statement = Coverage(party, AREA, DAY, NOW, completeness, len(plans.operations))
    return replace(plans, coverages=(statement,))


def checked(ours: PlanSet, theirs: PlanSet, geoid: Geoid) -> CheckReport:
    """The answers for one half against the other."""
    from keepclear.services.checking import check_plans

    return check_plans(ours, theirs, AGREEMENT, now=NOW, geoid=geoid)


def figures(
    recorded: TrackReading,
    plans: Mapping[str, PlanSet],
    report: CheckReport,
    seconds: Mapping[str, float],
) -> Table:
    """What went in, what came out, and how long it took."""
    table = Table("what", "figure", title="One day over Switzerland, one half against the other")
    table.columns[1].justify = "right"
    table.add_row("positions recorded", f"{recorded.rows:,}")
    for loss in recorded.losses:
        table.add_row(f"  left out: {loss.rule.value}", f"{loss.rows:,}")
    for party, held in plans.items():
        volumes = sum(len(operation.volumes) for operation in held.operations)
        table.add_row(f"operations / volumes of {party}", f"{len(held.operations):,} / {volumes:,}")
    for what, taken_s in seconds.items():
        table.add_row(f"{what}, seconds", f"{taken_s:.2f}")
    for verdict in Verdict:
        answers = sum(answer.verdict is verdict for answer in report.answers)
        table.add_row(f"operations of BLUE answered {verdict.value}", f"{answers:,}")
    for verdict in (Verdict.CONFLICT, Verdict.CANNOT_SAY):
        table.add_row(f"pairs: {verdict.value}", f"{len(pairs(report, verdict)):,}")
    return table


def worst_pairs(report: CheckReport) -> Table:
    """The pairs that break the rule most, distances rounded towards danger."""
    table = Table(
        "BLUE",
        "AMBER",
        "lateral [NM]",
        "vertical [ft]",
        "both live [min]",
        "from",
        "volumes",
        title=f"Worst {WORST}",
    )
    for pair in sorted(pairs(report, Verdict.CONFLICT), key=severity)[:WORST]:
        table.add_row(
            pair.ours.designator,
            pair.theirs.designator,
            f"{shown_separation_nm(pair.separations.lateral_m):.1f}",
            f"{shown_separation_ft(pair.separations.vertical_low_m):,.0f}",
            f"{pair.span.duration_s / 60.0:.1f}",
            f"{pair.span.start:%H:%MZ}",
            f"{pair.volume_pairs}",
        )
    return table


def pairs(report: CheckReport, verdict: Verdict) -> list[Conflict]:
    """Every pair of operations with that verdict."""
    found = (pair for answer in report.answers for pair in answer.conflicts)
    return [pair for pair in found if pair.verdict is verdict]


def severity(pair: Conflict) -> tuple[float, float, str]:
    """Sorts the worst first: least of what the rule asks, then longest together."""
    apart = pair.separations
    kept = max(
        apart.lateral_m / apart.lateral_minimum_m,
        max(apart.vertical_low_m, 0.0) / apart.vertical_minimum_m,
    )
    return kept, -pair.span.duration_s, pair.id


if __name__ == "__main__":
    main()
