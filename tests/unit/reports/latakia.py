"""Sample checks for the tests of reports: small reports by hand, and large crowds of them.

Nothing here is measured by the engine: separations are written down, or read off the
drawings, so that the reports are tested alone.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import shapely

from keepclear.errors import InvalidFile
from keepclear.model.agreement import Agreement, SeparationRule
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.answer import (
    AirspaceKind,
    Among,
    Answer,
    CheckReport,
    Conflict,
    Doubt,
    DoubtKind,
    Finding,
    FindingKind,
    Infringement,
    OperationRef,
    Separations,
    Suggestion,
    SuggestionKind,
    Verdict,
    worst,
)
from keepclear.model.coverage import Completeness
from keepclear.model.operation import (
    Mode,
    Operation,
    OperationCategory,
    OperationClass,
    Source,
    SourceKind,
)
from keepclear.model.party import Party, PartyKind
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position, Volume
from keepclear.model.window import Window
from keepclear.model.zone import (
    Airfield,
    ApproachCorridor,
    Boundary,
    BoundaryRule,
    EntryRule,
    Side,
    Zone,
    ZoneKind,
)
from keepclear.ports.world import Place
from keepclear.reports.basemap import Basemap
from keepclear.reports.local import FloatArray, Projection, middle_of, outline
from keepclear.reports.subject import CheckSubject

NOW = datetime(2015, 9, 15, 11, 30, tzinfo=UTC)
FT = 0.3048
NM = 1852.0
STD = AltitudeReference.STD
QNH = AltitudeReference.QNH


def at(clock: str) -> datetime:
    """A clock time such as 1300 on the sample's day, in UTC."""
    return datetime(2015, 9, 15, int(clock[:2]), int(clock[2:]), tzinfo=UTC)


def window(start: str, end: str) -> Window:
    return Window(at(start), at(end))


def level(low: int, high: int) -> AltitudeBand:
    return AltitudeBand(Altitude(low * 100 * FT, STD), Altitude(high * 100 * FT, STD))


def feet(low: int, high: int, reference: AltitudeReference = QNH) -> AltitudeBand:
    return AltitudeBand(Altitude(low * FT, reference), Altitude(high * FT, reference))


def corridor(half_nm: float, *points: tuple[float, float]) -> Corridor:
    return Corridor(tuple(Position(*point) for point in points), half_nm * NM)


def circle(latitude: float, longitude: float, radius_nm: float) -> Circle:
    return Circle(Position(latitude, longitude), radius_nm * NM)


def polygon(*points: tuple[float, float]) -> Polygon:
    return Polygon((tuple(Position(*point) for point in points),))


def operation(
    designator: str,
    party: str,
    footprint: Footprint,
    band: AltitudeBand,
    when: Window,
    operation_class: OperationClass = OperationClass.MANNED,
    category: OperationCategory = OperationCategory.TRANSPORT,
    contact: str = "130.000 MHz",
) -> Operation:
    name = f"{party}/{designator}".encode(errors="replace").decode()
    return Operation(
        id=str(uuid.uuid5(uuid.NAMESPACE_OID, name)),
        party=party,
        designator=designator,
        operation_class=operation_class,
        volumes=(Volume(footprint, band, when),),
        mode=Mode.EXERCISE,
        source=Source(SourceKind.SCENARIO, "latakia"),
        received_at=NOW,
        category=category,
        contact=contact,
    )


def ref(one: Operation) -> OperationRef:
    return OperationRef(one.id, one.designator, one.party, one.version, one.operation_class)


def conflict(
    ours: Operation,
    theirs: Operation,
    *,
    verdict: Verdict = Verdict.CONFLICT,
    rule: str = "R1",
    vertical: tuple[float, float] | None = None,
    asks: tuple[float, float] = (3.0 * NM, 3_000.0 * FT),
    reason: str = "Closer than the rule asks, laterally and vertically, while both are live.",
) -> Conflict:
    """A conflict whose lateral part is read off the drawings."""
    lateral_m, our_closest, their_closest = closest(ours, theirs)
    mine, other = ours.volumes[0], theirs.volumes[0]
    bands = (mine.band, other.band)
    gap_m = max(
        bands[1].lower.value_m - bands[0].upper.value_m,
        bands[0].lower.value_m - bands[1].upper.value_m,
    )
    low_m, high_m = vertical or (gap_m, gap_m)
    start = max(mine.window.start, other.window.start)
    end = min(mine.window.end, other.window.end)
    time_s = (start - end).total_seconds()
    span = Window(start, end) if start < end else Window(end, start + timedelta(seconds=1))
    return Conflict(
        id=str(uuid.uuid5(uuid.NAMESPACE_OID, "|".join(sorted((ours.id, theirs.id))))),
        verdict=verdict,
        ours=ref(ours),
        theirs=ref(theirs),
        rule_id=rule,
        our_volume=0,
        their_volume=0,
        volume_pairs=1,
        span=span,
        separations=Separations(lateral_m, asks[0], 0.0, low_m, high_m, asks[1], time_s, 0.0),
        our_closest=our_closest,
        their_closest=their_closest,
        reason=reason,
        own=ours.party == theirs.party,
    )


def closest(ours: Operation, theirs: Operation) -> tuple[float, Position, Position]:
    rings = [outline(one.volumes[0].footprint)[0] for one in (ours, theirs)]
    projection = Projection(middle_of(np.concatenate(rings)))
    first, second = (shapely.Polygon(projection.flat(ring)) for ring in rings)
    if first.intersects(second):
        meeting = first.intersection(second).representative_point()
        place = _position(projection, np.array([[meeting.x, meeting.y]]))
        return 0.0, place, place
    line = shapely.shortest_line(first, second)
    ends = np.asarray(line.coords)
    return float(line.length), _position(projection, ends[:1]), _position(projection, ends[1:])


def _position(projection: Projection, flat: FloatArray) -> Position:
    latitude, longitude = (float(value) for value in projection.positions(flat)[0])
    return Position(latitude, longitude)


def among(notices: int = 41, completeness: Completeness | None = Completeness.PARTIAL) -> Among:
    return Among("AMBER", notices, 840.0, NOW - timedelta(minutes=14), 840.0, completeness)


def answer(
    one: Operation,
    *conflicts: Conflict,
    infringements: tuple[Infringement, ...] = (),
    findings: tuple[Finding, ...] = (),
    doubts: tuple[Doubt, ...] = (),
    suggestions: tuple[Suggestion, ...] = (),
) -> Answer:
    verdicts = [c.verdict for c in conflicts] + [Verdict.CANNOT_SAY for _ in doubts]
    return Answer(
        ref(one),
        worst(verdicts),
        conflicts,
        infringements,
        findings,
        doubts,
        (among(),),
        suggestions,
    )


def agreement(area: Footprint | None = None) -> Agreement:
    area = area or polygon((34.2, 34.8), (36.6, 34.8), (36.6, 38.6), (34.2, 38.6))
    hazard = Zone(
        id="Z-LATAKIA-AD",
        name="Latakia hazard area",
        kind=ZoneKind.AIR_DEFENCE_HAZARD,
        footprint=circle(35.40, 35.95, 12.0),
        band=AltitudeBand(Altitude(0.0, AltitudeReference.AGL), Altitude(245 * 100 * FT, STD)),
        windows=(window("0600", "1800"),),
        entry=EntryRule.ON_CONTACT,
        declared_by="AMBER",
        users=("AMBER",),
        contact="AMBER duty officer, line 1",
    )
    basel = Airfield(
        id="OSLK",
        name="Bassel Al-Assad",
        position=Position(35.4011, 35.9487),
        elevation_m=48.0,
        party="AMBER",
        ring_radius_m=5 * NM,
        ring_band=feet(0, 5_000),
        corridors=(
            ApproachCorridor(
                "RWY 17 arrival",
                corridor(1.5, (35.40, 35.95), (35.72, 35.87)),
                feet(0, 6_000),
            ),
        ),
        contact="Latakia tower 118.1",
    )
    river = Boundary(
        id="B-RIVER",
        name="Orontes line",
        line=tuple(Position(*p) for p in ((36.2, 36.3), (35.8, 36.35), (35.3, 36.4), (34.7, 36.6))),
        rules=(BoundaryRule("BLUE", Side.LEFT), BoundaryRule("AMBER", Side.RIGHT)),
    )
    return Agreement(
        id="SYR-DECON",
        title="Memorandum on the prevention of accidental encounters (exercise text)",
        version=3,
        mode=Mode.EXERCISE,
        parties=(
            Party("BLUE", "Blue coalition", PartyKind.COALITION),
            Party("AMBER", "Amber air force", PartyKind.STATE),
            Party("RELIEF", "Relief flights", PartyKind.UN_AGENCY),
        ),
        area=area,
        valid=Window(NOW - timedelta(days=30), NOW + timedelta(days=300)),
        rules=(SeparationRule("R1", 3 * NM, 3_000 * FT), SeparationRule("R2", NM, 500 * FT)),
        zones=(hazard,),
        boundaries=(river,),
        airfields=(basel,),
        digest="9f2c41d07ab86e5513c04d7a2b9e6f8130aa57cd4e21b9f07d6c85e3a1420bdf",
    )


COAST = (
    (37.9, 27.0), (36.7, 28.3), (36.2, 29.6), (36.8, 30.7), (36.1, 32.5), (36.5, 34.0),
    (36.8, 34.9), (36.55, 35.5), (36.9, 36.0), (36.6, 36.18), (36.32, 35.78), (36.05, 35.97),
    (35.92, 35.92),
    (35.75, 35.82), (35.63, 35.77), (35.52, 35.76), (35.42, 35.90), (35.25, 35.92), (35.18, 35.94),
    (34.89, 35.87), (34.65, 35.98), (34.55, 35.99), (34.45, 35.82), (34.30, 35.68), (34.0, 35.62),
    (33.9, 35.48), (33.27, 35.19), (32.8, 34.95), (31.5, 34.4), (31.2, 33.0), (29.0, 33.0),
    (29.0, 48.0), (40.5, 48.0), (40.5, 27.0),
)  # fmt: skip
CYPRUS = (
    (35.68, 34.58), (35.35, 33.6), (35.33, 33.0), (35.15, 32.3), (34.7, 32.45), (34.56, 33.0),
    (34.8, 33.6), (34.97, 34.05), (35.35, 34.1),
)  # fmt: skip
BORDER = (
    (35.92, 35.92), (35.83, 36.17), (36.2, 36.39), (36.23, 36.69), (36.8, 36.65), (36.6, 37.4),
    (36.7, 38.2), (36.9, 39.2), (37.1, 41.0),
)  # fmt: skip
LEBANON = ((34.63, 35.98), (34.6, 36.4), (34.5, 36.35), (34.2, 36.6), (33.8, 36.4))
CITIES = (
    ("Aleppo", "SY", 36.20, 37.16, 1_600_000),
    ("Tadmur", "SY", 34.56, 38.28, 51_000),
    ("Hama", "SY", 35.13, 36.75, 460_000),
    ("Latakia", "SY", 35.53, 35.79, 340_000),
    ("Antakya", "TR", 36.20, 36.16, 210_000),
    ("Tripoli", "LB", 34.44, 35.83, 229_000),
    ("Idlib", "SY", 35.93, 36.63, 128_000),
    ("Tartus", "SY", 34.89, 35.89, 115_000),
    ("Jableh", "SY", 35.36, 35.93, 80_000),
    ("Baniyas", "SY", 35.18, 35.94, 41_000),
    ("Masyaf", "SY", 35.06, 36.34, 22_000),
    ("Jisr ash-Shughur", "SY", 35.81, 36.32, 44_000),
    ("Salamiyah", "SY", 35.01, 37.05, 66_000),
)


def basemap() -> Basemap:
    return Basemap(
        land=(np.array(COAST), np.array(CYPRUS)),
        borders=(np.array(BORDER), np.array(LEBANON)),
        places=tuple(Place(n, c, Position(la, lo), pop) for n, c, la, lo, pop in CITIES),
    )


def operations() -> tuple[tuple[Operation, ...], tuple[Operation, ...]]:
    """Ours and theirs of the sample, in a fixed order."""
    unmanned, ground = OperationClass.UNMANNED, OperationClass.GROUND_MOVEMENT
    ours = (
        operation(
            "B-7731", "BLUE", corridor(2, (35.71, 35.95), (35.52, 37.0), (35.33, 38.3)),
            level(240, 260), window("1300", "1430"),
        ),
        operation(
            "B-7732", "BLUE", circle(35.95, 36.75, 9),
            level(180, 220), window("1240", "1500"),
        ),
        operation(
            "B-7740", "BLUE", polygon((35.0, 36.9), (35.25, 36.9), (35.3, 37.5), (34.95, 37.45)),
            feet(9_000, 12_000), window("1200", "1700"), category=OperationCategory.SURVEY,
        ),
        operation(
            "B-7751", "BLUE", corridor(1, (34.72, 35.4), (35.1, 35.75), (35.42, 35.9)),
            feet(2_000, 4_000), window("1400", "1520"), unmanned,
        ),
        operation("B-7760", "BLUE", circle(36.3, 37.6, 7), level(300, 340), window("1145", "1600")),
        operation(
            "B-7765", "BLUE", corridor(3, (34.5, 37.9), (35.1, 38.2), (36.1, 38.1)),
            level(260, 280), window("1230", "1600"),
        ),
        operation(
            "B-7770", "BLUE", circle(34.62, 36.9, 5), feet(500, 3_000), window("1500", "1610"),
            unmanned, OperationCategory.MEDEVAC,
        ),
    )  # fmt: skip
    theirs = (
        operation(
            "A-0912", "AMBER", corridor(2, (35.40, 35.95), (35.75, 36.6), (36.05, 37.3)),
            level(240, 270), window("1250", "1400"),
        ),
        operation(
            "A-0915", "AMBER", circle(35.70, 36.95, 6),
            level(200, 230), window("1310", "1420"),
        ),
        operation(
            "A-0920", "AMBER", polygon((34.85, 36.5), (35.1, 36.45), (35.08, 36.88), (34.8, 36.84)),
            level(100, 140), window("1330", "1800"),
        ),
        operation(
            "A-0931", "AMBER", circle(35.33, 35.72, 4.6),
            feet(4_300, 6_000), window("1410", "1600"), unmanned,
        ),
        operation(
            "A-0944", "AMBER", circle(36.15, 36.15, 6),
            feet(0, 4_000), window("1200", "1800"),
        ),
        operation(
            "R-12", "RELIEF", corridor(1, (34.89, 35.89), (34.98, 36.3), (35.05, 36.72)),
            feet(0, 500), window("1100", "1630"), ground, OperationCategory.HUMANITARIAN, "",
        ),
    )  # fmt: skip
    return ours, theirs


def latakia() -> CheckSubject:
    """Seven operations of BLUE against six of AMBER and a relief convoy."""
    ours, theirs = operations()
    b31, b32, b40, b51, b60, b65, b70 = ours
    a12, a15, a20, a31 = theirs[:4]
    later = Suggestion(SuggestionKind.TIME, found=True, time_s=3_900.0)
    higher = Suggestion(SuggestionKind.ALTITUDE, found=True, vertical_m=3_000 * FT)
    none = Suggestion(SuggestionKind.LATERAL, found=False)
    entry = Infringement(
        Verdict.CONFLICT,
        AirspaceKind.ZONE,
        "Z-LATAKIA-AD",
        "Latakia hazard area",
        0,
        window("1442", "1520"),
        Position(35.28, 35.84),
        "Enters on contact only and names neither the zone nor a contact; add both to the notice.",
        "AMBER duty officer, line 1",
    )
    line = Infringement(
        Verdict.CANNOT_SAY,
        AirspaceKind.BOUNDARY,
        "B-RIVER",
        "Orontes line",
        0,
        window("1315", "1331"),
        Position(35.62, 36.37),
        "May cross within its declared uncertainty; give notice of the crossing.",
    )
    doubt = Doubt(
        DoubtKind.COVERAGE_SHORT,
        "AMBER's coverage ends at 151500Z, before the operation does.",
        "Ask AMBER for a coverage statement to 151700Z.",
        "AMBER",
    )
    late = Finding(
        FindingKind.TOO_LATE, "70 min before its first window; the agreement asks 2 h.", 0
    )
    answers = (
        answer(
            b31,
            conflict(b31, a12, reason="Footprints meet and bands overlap from FL240 to FL260."),
            conflict(b31, a15),
            infringements=(line,),
            suggestions=(later, higher, none),
        ),
        answer(b32, conflict(b32, a12), conflict(b32, a15, vertical=(-300.0, 200.0))),
        answer(
            b40,
            conflict(
                b40,
                a20,
                verdict=Verdict.CANNOT_SAY,
                vertical=(-480.0, 620.0),
                reason="QNH and STD differ by an unknown amount: the bands may overlap.",
            ),
            doubts=(doubt,),
        ),
        answer(b51, conflict(b51, a31, rule="R2", asks=(NM, 500 * FT)), infringements=(entry,)),
        answer(b60),
        answer(b65, findings=(late,)),
        answer(b70, doubts=(replace(doubt, kind=DoubtKind.COVERAGE_STALE),)),
    )
    return subject_of(ours, theirs, answers)


def subject_of(
    ours: tuple[Operation, ...],
    theirs: tuple[Operation, ...],
    answers: tuple[Answer, ...],
    *,
    mode: Mode = Mode.EXERCISE,
    rejected: tuple[InvalidFile, ...] = (),
) -> CheckSubject:
    terms = agreement()
    report = CheckReport(
        mode=mode,
        now=NOW,
        agreement_id=terms.id,
        agreement_title=terms.title,
        agreement_version=terms.version,
        agreement_digest=terms.digest,
        own_parties=("BLUE",),
        answers=answers,
        rejected=rejected,
    )
    return CheckSubject(report, PlanSet(ours), PlanSet(theirs), terms, basemap())


def crowd(count: int = 500, conflicts: int = 300) -> CheckSubject:
    """Many operations of both sides; every conflict is between a pair of its own."""
    ours: list[Operation] = []
    theirs: list[Operation] = []
    answers: list[Answer] = []
    for k in range(count):
        row, column = divmod(k, 25)
        latitude, longitude = 34.3 + 0.12 * row, 35.0 + 0.15 * column
        start = NOW + timedelta(minutes=10 + 7 * (k % 60))
        when = Window(start, start + timedelta(minutes=40 + k % 50))
        mine = operation(f"B-{k:04}", "BLUE", circle(latitude, longitude, 3), level(200, 230), when)
        other = operation(
            f"A-{k:04}", "AMBER", circle(latitude + 0.11, longitude, 2), level(210, 240), when
        )
        ours.append(mine)
        theirs.append(other)
        answers.append(answer(mine, *([conflict(mine, other)] if k < conflicts else [])))
    return subject_of(tuple(ours), tuple(theirs), tuple(answers))


def around(latitude: float, longitude: float) -> CheckSubject:
    """A small check anywhere on the globe: a corridor of ours past a circle of theirs."""

    def near(north_nm: float, east_nm: float) -> tuple[float, float]:
        projection = Projection(Position(latitude, longitude))
        found = projection.positions(np.array([[east_nm * NM, north_nm * NM]]))[0]
        return float(found[0]), float(found[1])

    mine = operation(
        "B-1", "BLUE", corridor(2, near(-60, -80), near(0, 0), near(50, 90)), level(240, 260),
        window("1300", "1430"),
    )  # fmt: skip
    other = operation(
        "A-1", "AMBER", circle(*near(6, 9), 3), level(250, 270), window("1300", "1400")
    )
    found = subject_of((mine,), (other,), (answer(mine, conflict(mine, other)),))
    return replace(found, agreement=replace(found.agreement, area=circle(latitude, longitude, 120)))
