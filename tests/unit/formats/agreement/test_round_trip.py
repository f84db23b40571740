"""Agreements written and read back, and their digests, over agreements of every shape."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keepclear.canonical import canonical_bytes
from keepclear.formats.agreement import (
    agreement_content,
    agreement_digest,
    check_agreement,
    read_agreement,
    write_agreement,
)
from keepclear.formats.agreement.problems import Severity
from keepclear.model.agreement import (
    Agreement,
    Atmosphere,
    CheckPlan,
    Clocks,
    DisclosureLimits,
    DisclosureRule,
    LeadTime,
    SeparationRule,
    SizeLimit,
    SuggestionLimits,
)
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.operation import DisclosureLevel, Mode, OperationClass, Precedence
from keepclear.model.party import Affiliate, Member, Party, PartyKind
from keepclear.model.volume import Circle, Corridor, Polygon, Position
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
    ZoneStatus,
)

T = TypeVar("T")

EXAMPLE = Path(__file__).parents[4] / "examples" / "agreement.toml"

printable = st.characters(exclude_categories=["C", "Z"])
names = st.text(printable, min_size=1, max_size=12) | st.sampled_from(
    ['A "quoted" name', "back\\slash", "it's", "  spaced  ", "نام‌ها", "# [x] = 1", "'''"]
)
ids = st.text("ABCXYZ0123456789-", min_size=1, max_size=6)
lengths_m = st.floats(0.0, 1_000_000.0) | st.integers(0, 500).map(lambda n: n * 1_852.0)
widths_m = st.floats(0.5, 1_000_000.0)
heights_m = st.floats(0.0, 30_000.0) | st.integers(0, 300).map(lambda n: n * 100.0 * 0.3048)
spans_s = st.floats(0.0, 1e6) | st.integers(0, 10**6).map(float)
positions = st.builds(Position, st.floats(-90.0, 90.0), st.floats(-180.0, 180.0))
grids_m = st.floats(1.0, 3_000.0) | st.integers(1, 100).map(lambda n: n * 100.0 * 0.3048 / 4.0)
disclosure_limits = st.builds(
    DisclosureLimits,
    grid_m=grids_m,
    grid_height_m=st.integers(1, 99).map(lambda n: n * 100.0 * 0.3048),
    grid_time_s=st.floats(1.0, 86_400.0),
    least_extent_m=lengths_m,
    least_height_m=heights_m,
    least_duration_s=spans_s,
    questions=st.integers(1, 10_000),
    window_s=st.floats(1.0, 1e6),
    suggestion_cost=st.integers(0, 1_000),
    questions_near=st.integers(1, 10_000),
)
moments = st.integers(0, 3_155_760_000_000_000).map(
    lambda offset_us: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=offset_us)
)
windows = st.builds(
    lambda start, length_s: Window(start, start + timedelta(seconds=length_s)),
    moments,
    st.integers(1, 10**8),
)
with_datum = st.sampled_from([AltitudeReference.QFE, AltitudeReference.AGL])
altitudes = st.builds(
    Altitude, st.floats(-900.0, 90_000.0), st.sampled_from(AltitudeReference)
) | st.builds(Altitude, heights_m, with_datum, st.floats(-400.0, 5_000.0))


def band(one: Altitude, other: Altitude) -> AltitudeBand:
    lower, upper = sorted((one, other), key=lambda altitude: altitude.value_m)
    return AltitudeBand(lower, upper)


bands = st.builds(band, altitudes, altitudes)
rings = st.lists(positions, min_size=3, max_size=5, unique=True).map(tuple)
lines = st.lists(positions, min_size=2, max_size=4, unique=True).map(tuple)
corridors = st.builds(Corridor, lines, widths_m)
footprints = (
    st.builds(Circle, positions, widths_m)
    | st.builds(Polygon, st.lists(rings, min_size=1, max_size=3).map(tuple))
    | corridors
)
classes = st.sampled_from(OperationClass)
precedences = st.sampled_from(Precedence)


def several(of: st.SearchStrategy[T], most: int = 2) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(of, max_size=most).map(tuple)


def many_ids(least: int = 0, most: int = 3) -> st.SearchStrategy[list[str]]:
    return st.lists(ids, min_size=least, max_size=most, unique=True)


def optional(draw: st.DrawFn, of: st.SearchStrategy[T]) -> T | None:
    return draw(st.none() | of)


@st.composite
def some_parties(draw: st.DrawFn) -> tuple[Party, ...]:
    bodies = draw(many_ids(least=2, most=5))
    members = (
        draw(st.lists(st.sampled_from(bodies[2:]), max_size=3, unique=True))
        if (len(bodies) > 2)
        else []
    )
    parties = [body for body in bodies if body not in members]
    affiliates = draw(many_ids())
    return tuple(
        Party(
            party,
            draw(names),
            draw(st.sampled_from(PartyKind)),
            tuple(Member(m, draw(names), draw(st.booleans())) for m in members)
            if index == 0
            else (),
            tuple(Affiliate(a, draw(names), draw(st.booleans())) for a in affiliates),
        )
        for index, party in enumerate(parties)
    )


@st.composite
def some_zones(draw: st.DrawFn, named: list[str], parties: tuple[Party, ...]) -> tuple[Zone, ...]:
    own = [party.id for party in parties]
    users = [*own, *(member.id for party in parties for member in party.members)]
    return tuple(
        Zone(
            name,
            draw(names),
            draw(st.sampled_from(ZoneKind)),
            draw(footprints),
            draw(bands),
            draw(several(windows)),
            draw(st.sampled_from(EntryRule)),
            draw(st.sampled_from(["", *own])),
            tuple(draw(st.lists(st.sampled_from(users), max_size=2, unique=True))),
            tuple(draw(st.lists(classes, max_size=2, unique=True))),
            draw(st.sampled_from(ZoneStatus)),
            draw(names),
        )
        for name in named
    )


@st.composite
def some_rules(draw: st.DrawFn, zones: list[str], parties: list[str]) -> tuple[SeparationRule, ...]:
    rules: list[SeparationRule] = []
    for name in draw(many_ids(least=1)):
        zone = optional(draw, st.sampled_from(zones)) if zones else None
        earlier = [rule.id for rule in rules] if zone is not None else []
        rules.append(
            SeparationRule(
                name,
                draw(lengths_m),
                draw(heights_m),
                draw(spans_s),
                optional(draw, spans_s),
                optional(draw, st.tuples(classes, classes)),
                optional(draw, st.just((parties[0], parties[1]))),
                zone,
                tuple(draw(st.lists(st.sampled_from(earlier), unique=True))) if earlier else (),
            )
        )
    return tuple(rules)


@st.composite
def some_clocks(draw: st.DrawFn) -> tuple[Clocks, ...]:
    """Clocks in order: each precedence slower than the one before, each act than its forerunner."""
    step_s = draw(st.floats(0.25, 1e4))
    chosen = [step for step in Precedence if draw(st.booleans())]
    return tuple(
        Clocks(
            precedence=precedence,
            delivery_s=step_s * number,
            acknowledge_s=2 * step_s * number,
            readback_s=3 * step_s * number,
            escalate_s=2 * step_s * number,
            alternate_s=4 * step_s * number,
            top_level_s=draw(st.sampled_from([None, 5 * step_s * number])),
            answer_s=6 * step_s * number,
        )
        for number, precedence in enumerate(chosen, start=1)
    )


def unique_terms(
    draw: st.DrawFn, make: st.SearchStrategy[T]
) -> list[tuple[OperationClass | None, Precedence | None, T]]:
    scopes = st.tuples(st.none() | classes, st.none() | precedences)
    return [(*scope, draw(make)) for scope in draw(st.lists(scopes, max_size=3, unique=True))]


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    parties = draw(some_parties())
    own = [party.id for party in parties]
    airspace = draw(many_ids(most=4))
    half = len(airspace) // 2
    zones = draw(some_zones(airspace[:half], parties))
    qnh_hpa = sorted(draw(st.tuples(st.floats(850, 1_100), st.floats(850, 1_100))))
    warmth_c = sorted(draw(st.tuples(st.floats(-60, 60), st.floats(-60, 60))))
    pairs = [(one, other) for one in own for other in own if one != other]
    exceptions = st.tuples(st.sampled_from(pairs), st.none() | classes)
    approaches = st.builds(ApproachCorridor, names, corridors, bands)
    sizes = st.tuples(lengths_m, st.none() | heights_m, st.none() | spans_s, st.none() | spans_s)
    return Agreement(
        id=draw(ids),
        title=draw(names),
        version=draw(st.integers(1, 1_000_000)),
        mode=draw(st.sampled_from(Mode)),
        parties=parties,
        area=draw(footprints),
        valid=draw(windows),
        rules=draw(some_rules(airspace[:half], own)),
        zones=zones,
        boundaries=tuple(
            Boundary(
                name,
                draw(names),
                draw(lines),
                (BoundaryRule(own[0], draw(st.sampled_from(Side)), EntryRule.PROHIBITED),),
            )
            for name in draw(many_ids(most=2))
        ),
        airfields=tuple(
            Airfield(
                name,
                draw(names),
                draw(positions),
                draw(st.floats(-400.0, 5_000.0)),
                draw(st.sampled_from(own)),
                draw(widths_m),
                draw(bands),
                draw(several(approaches)),
                draw(several(windows)),
                draw(st.just("") | names),
            )
            for name in airspace[half:]
        ),
        lead_times=tuple(LeadTime(m, c, p) for c, p, m in unique_terms(draw, spans_s)),
        size_limits=tuple(SizeLimit(*s, c, p) for c, p, s in unique_terms(draw, sizes)),
        disclosure=tuple(
            DisclosureRule(of, to, draw(st.sampled_from(DisclosureLevel)), kind)
            for (of, to), kind in draw(st.lists(exceptions, max_size=2, unique=True))
        ),
        default_level=draw(st.sampled_from(DisclosureLevel)),
        clocks=draw(some_clocks()),
        check_plan=CheckPlan(
            tuple(draw(st.lists(st.times(), min_size=1, max_size=3, unique=True))),
            draw(spans_s),
            draw(st.integers(1, 100)),
            draw(spans_s),
        ),
        caution_factor=draw(st.floats(1.0, 10.0)),
        coverage_max_age_s=draw(spans_s),
        atmosphere=Atmosphere(*qnh_hpa, *warmth_c),
        suggestions=SuggestionLimits(draw(spans_s), draw(heights_m), draw(lengths_m)),
        disclosure_limits=draw(st.none() | disclosure_limits),
    )


def read(text: str) -> Agreement:
    return read_agreement(text.encode(), name="agreement.toml")


few = settings(
    max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@few
@given(agreements())
def test_a_written_agreement_reads_back_equal(agreement: Agreement) -> None:
    text = write_agreement(agreement)
    errors = [
        problem
        for problem in check_agreement(text.encode(), name="written")
        if problem.severity is Severity.ERROR
    ]
    assert errors == []
    assert replace(read(text), digest="") == agreement


@few
@given(agreements())
def test_the_digest_survives_writing_and_reading(agreement: Agreement) -> None:
    read_back = read(write_agreement(agreement))
    assert read_back.digest == agreement_digest(agreement) == agreement_digest(read_back)


@few
@given(agreements())
def test_the_content_has_canonical_bytes(agreement: Agreement) -> None:
    content = agreement_content(agreement)
    assert json.loads(canonical_bytes(content), parse_int=float) == content


@few
@given(agreements(), st.randoms(use_true_random=False))
def test_comments_and_blank_space_keep_the_digest(agreement: Agreement, dice: Any) -> None:
    text = write_agreement(agreement)
    decorated = "\r\n".join(
        line + dice.choice(["", " ", "\t# [x] = 1", "\n\n  # comment"])
        for line in text.splitlines()
    )
    assert read(decorated).digest == read(text).digest


def test_limits_of_disclosure_change_the_digest_only_where_they_stand() -> None:
    plain = read_agreement(EXAMPLE.read_bytes(), name="example")
    assert "disclosure_limits" not in agreement_content(plain)
    limited = replace(plain, disclosure_limits=DisclosureLimits())
    assert agreement_digest(limited) != agreement_digest(plain)
    assert read(write_agreement(limited)).disclosure_limits == DisclosureLimits()
