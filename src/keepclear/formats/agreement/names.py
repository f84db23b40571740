"""Checks of an agreement's names: each stands once, and every name that is used exists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TypeAlias

from keepclear.formats.agreement.draft import Draft
from keepclear.formats.agreement.lines import KeyPath
from keepclear.formats.agreement.problems import Problems, shown
from keepclear.model.agreement import SeparationRule
from keepclear.model.zone import Airfield, Boundary, Zone

_Identified: TypeAlias = SeparationRule | Zone | Airfield | Boundary


def check_names(draft: Draft, problems: Problems) -> bool:
    """List names that stand twice and names that nothing has; tell whether there were none."""
    errors_before = problems.error_count
    _check_twice(draft, problems)
    _check_rule_names(draft, problems)
    _check_airspace_names(draft, problems)
    for index, exception in enumerate(draft.disclosure):
        if exception is not None:
            path = ("disclosure", "exception", index)
            _require(problems, (*path, "of"), exception.of, draft.party_ids, "party")
            _require(problems, (*path, "to"), exception.to, draft.party_ids, "party")
    return problems.error_count == errors_before


def _check_twice(draft: Draft, problems: Problems) -> None:
    bodies: list[tuple[KeyPath, str]] = []
    for index, party in enumerate(draft.parties):
        if party is None:
            continue
        bodies.append((("party", index, "id"), party.id))
        bodies.extend(
            (("party", index, "member", number, "id"), member.id)
            for number, member in enumerate(party.members)
        )
        affiliates = (
            (("party", index, "affiliate", number, "id"), affiliate.id)
            for number, affiliate in enumerate(party.affiliates)
        )
        _require_once(problems, affiliates)
    _require_once(problems, bodies)
    _require_once(problems, _identified("rule", draft.rules))
    # Notices name zones and airfields in one list, so an id may not mean both.
    _require_once(
        problems, [*_identified("zone", draft.zones), *_identified("airfield", draft.airfields)]
    )
    _require_once(problems, _identified("boundary", draft.boundaries))


def _identified(key: str, parts: Sequence[_Identified | None]) -> Iterable[tuple[KeyPath, str]]:
    for index, part in enumerate(parts):
        if part is not None:
            yield (key, index, "id"), part.id


def _require_once(problems: Problems, named: Iterable[tuple[KeyPath, str]]) -> None:
    seen: set[str] = set()
    for path, name in named:
        if name in seen:
            message = f"the id {shown(name)} stands there twice"
            problems.error(path, message, "Give each its own id.")
        seen.add(name)


def _check_rule_names(draft: Draft, problems: Problems) -> None:
    for index, rule in enumerate(draft.rules):
        if rule is None:
            continue
        for party in rule.parties or ():
            _require(problems, ("rule", index, "parties"), party, draft.party_ids, "party")
        if rule.zone is not None:
            _require(problems, ("rule", index, "zone"), rule.zone, draft.zone_ids, "zone")
        for replaced in rule.replaces:
            _require(problems, ("rule", index, "replaces"), replaced, draft.rule_ids, "rule")


def _check_airspace_names(draft: Draft, problems: Problems) -> None:
    for index, zone in enumerate(draft.zones):
        if zone is None:
            continue
        if zone.declared_by:
            path = ("zone", index, "declared_by")
            _require(problems, path, zone.declared_by, draft.party_ids, "party")
        for user in zone.users:
            known = [*draft.party_ids, *draft.member_ids]
            _require(problems, ("zone", index, "users"), user, known, "party or member")
    for index, boundary in enumerate(draft.boundaries):
        for number, rule in enumerate(boundary.rules if boundary is not None else ()):
            place = ("boundary", index, "rule", number, "party")
            _require(problems, place, rule.party, draft.party_ids, "party")
    for index, airfield in enumerate(draft.airfields):
        if airfield is not None:
            path = ("airfield", index, "party")
            _require(problems, path, airfield.party, draft.party_ids, "party")


def _require(problems: Problems, path: KeyPath, name: str, known: Sequence[str], what: str) -> None:
    if name in known or problems.is_full:
        return
    near = get_close_matches(name, known[:1_000], n=1)
    remedy = f"Did you mean {shown(near[0])}?" if near else f"Declare it, or name a known {what}."
    problems.error(path, f"no {what} has the id {shown(name)}", remedy)
