"""An agreement as far as its text could be read, before its parts are checked together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from keepclear.formats.agreement.airspace import (
    FOOTPRINT_KEYS,
    read_airfields,
    read_boundaries,
    read_footprint,
    read_zones,
)
from keepclear.formats.agreement.fields import Fields
from keepclear.formats.agreement.terms import (
    read_atmosphere,
    read_check_plan,
    read_clocks,
    read_disclosure,
    read_disclosure_limits,
    read_lead_times,
    read_parties,
    read_rules,
    read_size_limits,
    read_suggestions,
)
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
from keepclear.model.operation import DisclosureLevel, Mode
from keepclear.model.party import Party
from keepclear.model.volume import Footprint
from keepclear.model.window import Window
from keepclear.model.zone import Airfield, Boundary, Zone

T = TypeVar("T")

TOP_KEYS = (
    *("schema", "id", "title", "version", "mode", "caution_factor", "valid", "area", "party"),
    *("rule", "zone", "boundary", "airfield", "lead_time", "size_limit", "disclosure", "clocks"),
    *("check_plan", "coverage", "atmosphere", "suggestions", "disclosure_limits"),
)
USUAL_MAX_AGE_S = 6 * 3_600.0
"""How old a coverage statement may be where the agreement does not say; as the model has it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was read; None stands where a part had a fault.

    Attributes are those of `Agreement`, and besides:
        party_ids: every party id in the text, of faulty parties too.
        member_ids: likewise of members.
        rule_ids: likewise of rules.
        zone_ids: likewise of zones.
    """

    id: str
    title: str
    version: int
    mode: Mode
    parties: Sequence[Party | None]
    area: Footprint | None
    valid: Window | None
    rules: Sequence[SeparationRule | None]
    zones: Sequence[Zone | None]
    boundaries: Sequence[Boundary | None]
    airfields: Sequence[Airfield | None]
    lead_times: Sequence[LeadTime | None]
    size_limits: Sequence[SizeLimit | None]
    disclosure: Sequence[DisclosureRule | None]
    default_level: DisclosureLevel
    clocks: Sequence[Clocks | None]
    check_plan: CheckPlan
    caution_factor: float
    coverage_max_age_s: float
    atmosphere: Atmosphere | None
    suggestions: SuggestionLimits
    disclosure_limits: DisclosureLimits | None
    party_ids: tuple[str, ...]
    member_ids: tuple[str, ...]
    rule_ids: tuple[str, ...]
    zone_ids: tuple[str, ...]


def read_draft(root: Fields, content: Mapping[str, Any]) -> Draft:
    """Read every part of the parsed content; faults are listed in the root's problems."""
    root.only(*TOP_KEYS)
    area, valid = root.required_inner("area"), root.required_inner("valid")
    if area is not None:
        area.only(*FOOTPRINT_KEYS)
    disclosure = root.inner("disclosure")
    disclosure.only("default", "exception")
    coverage = root.inner("coverage")
    coverage.only("max_age")
    return Draft(
        id=root.identifier("id"),
        title=root.text("title"),
        version=root.whole("version", lowest=1, highest=1_000_000),
        mode=root.one_of("mode", Mode),
        parties=read_parties(root),
        area=read_footprint(area) if area is not None else None,
        valid=valid.window() if valid is not None else None,
        rules=read_rules(root),
        zones=read_zones(root),
        boundaries=read_boundaries(root),
        airfields=read_airfields(root),
        lead_times=read_lead_times(root),
        size_limits=read_size_limits(root),
        disclosure=read_disclosure(disclosure),
        default_level=disclosure.level("default", DisclosureLevel.L1),
        clocks=read_clocks(root),
        check_plan=read_check_plan(root.inner("check_plan")),
        caution_factor=root.number("caution_factor", 1.5, lowest=1.0, highest=10.0),
        coverage_max_age_s=coverage.duration_s("max_age", USUAL_MAX_AGE_S),
        atmosphere=read_atmosphere(root.inner("atmosphere")),
        suggestions=read_suggestions(root.inner("suggestions")),
        disclosure_limits=read_disclosure_limits(root),
        party_ids=_ids(content, "party"),
        member_ids=tuple(
            member for party in _tables(content, "party") for member in _ids(party, "member")
        ),
        rule_ids=_ids(content, "rule"),
        zone_ids=_ids(content, "zone"),
    )


def finished(draft: Draft) -> Agreement | None:
    """The agreement the draft amounts to; None where a part is missing.

    Raises:
        InvalidAgreement: the model refuses the parts together.
    """
    if draft.area is None or draft.valid is None or draft.atmosphere is None:
        return None  # only of a draft with faults
    return Agreement(
        id=draft.id,
        title=draft.title,
        version=draft.version,
        mode=draft.mode,
        parties=_complete(draft.parties),
        area=draft.area,
        valid=draft.valid,
        rules=_complete(draft.rules),
        zones=_complete(draft.zones),
        boundaries=_complete(draft.boundaries),
        airfields=_complete(draft.airfields),
        lead_times=_complete(draft.lead_times),
        size_limits=_complete(draft.size_limits),
        disclosure=_complete(draft.disclosure),
        default_level=draft.default_level,
        clocks=_complete(draft.clocks),
        check_plan=draft.check_plan,
        caution_factor=draft.caution_factor,
        coverage_max_age_s=draft.coverage_max_age_s,
        atmosphere=draft.atmosphere,
        suggestions=draft.suggestions,
        disclosure_limits=draft.disclosure_limits,
    )


def _complete(parts: Sequence[T | None]) -> tuple[T, ...]:
    return tuple(part for part in parts if part is not None)


def _tables(content: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = content.get(key)
    if not isinstance(found, list):
        return []
    return [entry for entry in found if isinstance(entry, dict)]


def _ids(content: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = (entry.get("id") for entry in _tables(content, key))
    return tuple(identifier for identifier in found if isinstance(identifier, str))
