"""The terms of an agreement: parties, separations, notice, disclosure, the line."""

from __future__ import annotations

import re
from datetime import time

from keepclear.formats.agreement.fields import Fields
from keepclear.model.agreement import (
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
from keepclear.model.altitude import HIGHEST_M
from keepclear.model.operation import OperationClass, Precedence
from keepclear.model.party import Affiliate, Member, Party, PartyKind

MOST_PARTIES = 50
MOST_MEMBERS = 200
"""The most members, and the most affiliates, of one party."""
MOST_RULES = 500
MOST_TERMS = 200
"""The most lead times, size limits, and exceptions of disclosure each."""

RULE_KEYS = (
    *("id", "classes", "parties", "zone", "replaces"),
    *("lateral", "vertical", "min_time", "max_inside"),
)
SIZES = ("extent", "thickness", "duration", "tolerance")
CLOCK_KEYS = ("delivery", "acknowledge", "readback", "escalate", "alternate", "top_level", "answer")
LIMIT_KEYS = (
    *("grid", "grid_height", "grid_time", "least_extent", "least_height", "least_duration"),
    *("questions", "window", "suggestion_cost", "questions_near"),
)
MOST_GRID_M = 92_600.0
"""Coarser than 50 NM no answer is of use."""
WIDEST_EXTENT_M = 20_000_000.0
"""Half-way round the Earth: no footprint extends farther."""

_CHECK_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{6})?)?Z")


def read_parties(root: Fields) -> list[Party | None]:
    """Every [[party]]; None in the place of one with a fault."""
    return [_party(table) for table in root.entries("party", least=2, most=MOST_PARTIES)]


def _party(table: Fields) -> Party | None:
    table.only("id", "name", "kind", "member", "affiliate")
    party_id = table.identifier("id")
    name = table.text("name", party_id)
    kind = table.one_of("kind", PartyKind)
    members = [_member(inner) for inner in table.entries("member", most=MOST_MEMBERS)]
    affiliates = [_affiliate(inner) for inner in table.entries("affiliate", most=MOST_MEMBERS)]
    return table.build(
        lambda: Party(
            id=party_id,
            name=name,
            kind=kind,
            members=tuple(member for member in members if member is not None),
            affiliates=tuple(affiliate for affiliate in affiliates if affiliate is not None),
        ),
        key="id",
    )


def _member(table: Fields) -> Member | None:
    table.only("id", "name", "inherits_disclosure")
    member_id = table.identifier("id")
    name = table.text("name", member_id)
    inherits = table.flag("inherits_disclosure", default=False)
    return table.build(lambda: Member(member_id, name, inherits))


def _affiliate(table: Fields) -> Affiliate | None:
    table.only("id", "name", "answered_for")
    affiliate_id = table.identifier("id")
    name = table.text("name", affiliate_id)
    answered_for = table.flag("answered_for")
    return table.build(lambda: Affiliate(affiliate_id, name, answered_for))


def read_rules(root: Fields) -> list[SeparationRule | None]:
    """Every [[rule]]; None in the place of one with a fault."""
    return [_rule(table) for table in root.entries("rule", least=1, most=MOST_RULES)]


def _rule(table: Fields) -> SeparationRule | None:
    table.only(*RULE_KEYS)
    rule_id = table.identifier("id")
    lateral_m = table.length_m("lateral")
    vertical_m = table.length_m("vertical", highest_m=HIGHEST_M)
    min_time_s = table.duration_s("min_time", 0.0)
    max_inside_s = table.optional_duration_s("max_inside")
    classes = table.pair_of("classes", OperationClass)
    parties = table.pair("parties", example="the ids of two parties")
    zone = table.identifier("zone") if "zone" in table else None
    replaces = table.identifiers("replaces")
    if replaces and zone is None:
        table.fault(
            "replaces",
            f"{rule_id} replaces another rule without naming a zone",
            "Name the zone in which it does, or take replaces out.",
        )
    return table.build(
        lambda: SeparationRule(
            id=rule_id,
            lateral_m=lateral_m,
            vertical_m=vertical_m,
            min_time_s=min_time_s,
            max_inside_s=max_inside_s,
            classes=classes,
            parties=parties,
            zone=zone,
            replaces=replaces,
        )
    )


def read_lead_times(root: Fields) -> list[LeadTime | None]:
    """Every [[lead_time]]; None in the place of one with a fault."""
    return [_lead_time(table) for table in root.entries("lead_time", most=MOST_TERMS)]


def _lead_time(table: Fields) -> LeadTime | None:
    table.only("minimum", "class", "precedence")
    minimum_s = table.duration_s("minimum")
    operation_class = table.optional_one_of("class", OperationClass)
    precedence = table.optional_one_of("precedence", Precedence)
    return table.build(lambda: LeadTime(minimum_s, operation_class, precedence))


def read_size_limits(root: Fields) -> list[SizeLimit | None]:
    """Every [[size_limit]]; None in the place of one with a fault."""
    return [_size_limit(table) for table in root.entries("size_limit", most=MOST_TERMS)]


def _size_limit(table: Fields) -> SizeLimit | None:
    table.only(*SIZES, "class", "precedence")
    extent_m = table.optional_length_m("extent", highest_m=WIDEST_EXTENT_M)
    thickness_m = table.optional_length_m("thickness", highest_m=HIGHEST_M)
    duration_s = table.optional_duration_s("duration")
    tolerance_s = table.optional_duration_s("tolerance")
    operation_class = table.optional_one_of("class", OperationClass)
    precedence = table.optional_one_of("precedence", Precedence)
    if not any(size in table for size in SIZES):
        remedy = f"Give at least one of {', '.join(SIZES)}."
        table.problems.error(table.path, "the size limit limits nothing", remedy)
    return table.build(
        lambda: SizeLimit(
            extent_m, thickness_m, duration_s, tolerance_s, operation_class, precedence
        )
    )


def read_disclosure(table: Fields) -> list[DisclosureRule | None]:
    """Every [[disclosure.exception]]; None in the place of one with a fault."""
    return [_disclosure_rule(inner) for inner in table.entries("exception", most=MOST_TERMS)]


def _disclosure_rule(table: Fields) -> DisclosureRule | None:
    table.only("of", "to", "level", "class")
    of, to = table.identifier("of"), table.identifier("to")
    level = table.level("level")
    operation_class = table.optional_one_of("class", OperationClass)
    return table.build(lambda: DisclosureRule(of, to, level, operation_class))


def read_clocks(root: Fields) -> list[Clocks | None]:
    """Every [[clocks]]; None in the place of one with a fault."""
    return [_clocks(table) for table in root.entries("clocks", most=MOST_TERMS)]


def _clocks(table: Fields) -> Clocks | None:
    table.only("precedence", *CLOCK_KEYS)
    precedence = table.one_of("precedence", Precedence)
    delivery_s = table.duration_s("delivery")
    acknowledge_s = table.duration_s("acknowledge")
    readback_s = table.duration_s("readback")
    escalate_s = table.duration_s("escalate")
    alternate_s = table.duration_s("alternate")
    top_level_s = table.optional_duration_s("top_level")
    answer_s = table.duration_s("answer")
    return table.build(
        lambda: Clocks(
            precedence=precedence,
            delivery_s=delivery_s,
            acknowledge_s=acknowledge_s,
            readback_s=readback_s,
            escalate_s=escalate_s,
            alternate_s=alternate_s,
            top_level_s=top_level_s,
            answer_s=answer_s,
        )
    )


def read_check_plan(table: Fields) -> CheckPlan:
    """The [check_plan], with the usual one's figures where keys are absent."""
    usual = CheckPlan()
    table.only("times", "answer_within", "lapse_after_missed", "lapse_after")
    return CheckPlan(
        times_z=_check_times(table) if "times" in table else usual.times_z,
        answer_within_s=table.duration_s("answer_within", usual.answer_within_s),
        lapse_after_missed=table.whole(
            "lapse_after_missed", usual.lapse_after_missed, lowest=1, highest=100
        ),
        lapse_after_s=table.duration_s("lapse_after", usual.lapse_after_s),
    )


def _check_times(table: Fields) -> tuple[time, ...]:
    remedy = 'Write times = ["06:00Z", "13:00Z"]; check times are fixed in Z.'
    times: list[time] = []
    for text in table.items("times", least=1, most=96, remedy=remedy):
        try:
            if not isinstance(text, str) or not _CHECK_TIME.fullmatch(text):
                raise ValueError
            times.append(time.fromisoformat(text.removesuffix("Z")))
        except ValueError:
            table.fault("times", "a check time is no time of day in Z", remedy)
            return ()
    if len(set(times)) < len(times):
        table.fault("times", "a check time stands there twice", "Write each once.")
    return tuple(times)


def read_atmosphere(table: Fields) -> Atmosphere | None:
    """The [atmosphere], with the usual bounds where keys are absent; None where it has a fault."""
    usual = Atmosphere()
    table.only("qnh_low_hpa", "qnh_high_hpa", "temperature_low_c", "temperature_high_c")
    pressure = {"lowest": 850.0, "highest": 1_100.0}
    temperature = {"lowest": -60.0, "highest": 60.0}
    qnh_low_hpa = table.number("qnh_low_hpa", usual.qnh_low_hpa, **pressure)
    qnh_high_hpa = table.number("qnh_high_hpa", usual.qnh_high_hpa, **pressure)
    low_c = table.number("temperature_low_c", usual.temperature_low_c, **temperature)
    high_c = table.number("temperature_high_c", usual.temperature_high_c, **temperature)
    return table.build(lambda: Atmosphere(qnh_low_hpa, qnh_high_hpa, low_c, high_c))


def read_suggestions(table: Fields) -> SuggestionLimits:
    """The [suggestions], with the usual limits where keys are absent."""
    usual = SuggestionLimits()
    table.only("time", "vertical", "lateral")
    return SuggestionLimits(
        time_s=table.duration_s("time", usual.time_s),
        vertical_m=table.length_m("vertical", usual.vertical_m, highest_m=HIGHEST_M),
        lateral_m=table.length_m("lateral", usual.lateral_m),
    )


def read_disclosure_limits(root: Fields) -> DisclosureLimits | None:
    """The [disclosure_limits]; None where there is no such table, or it has a fault."""
    if "disclosure_limits" not in root:
        return None
    table, usual = root.inner("disclosure_limits"), DisclosureLimits()
    table.only(*LIMIT_KEYS)
    grid_m = table.length_m("grid", usual.grid_m, highest_m=MOST_GRID_M)
    grid_height_m = table.length_m("grid_height", usual.grid_height_m, highest_m=3_048.0)
    grid_time_s = table.duration_s("grid_time", usual.grid_time_s)
    least_extent_m = table.length_m("least_extent", usual.least_extent_m)
    least_height_m = table.length_m("least_height", usual.least_height_m, highest_m=HIGHEST_M)
    least_duration_s = table.duration_s("least_duration", usual.least_duration_s)
    questions = table.whole("questions", usual.questions, lowest=1, highest=10_000)
    window_s = table.duration_s("window", usual.window_s)
    cost = table.whole("suggestion_cost", usual.suggestion_cost, lowest=0, highest=1_000)
    near = table.whole("questions_near", usual.questions_near, lowest=1, highest=10_000)
    return table.build(
        lambda: DisclosureLimits(
            grid_m=grid_m,
            grid_height_m=grid_height_m,
            grid_time_s=grid_time_s,
            least_extent_m=least_extent_m,
            least_height_m=least_height_m,
            least_duration_s=least_duration_s,
            questions=questions,
            window_s=window_s,
            suggestion_cost=cost,
            questions_near=near,
        )
    )
