"""Checks of an agreement's rules: which bind a pair, and which never can."""

from __future__ import annotations

from itertools import combinations, combinations_with_replacement

from keepclear.formats.agreement.draft import Draft
from keepclear.formats.agreement.problems import Problems
from keepclear.model.agreement import SeparationRule
from keepclear.model.operation import OperationClass

_MOST_PAIRS_NAMED = 3


def check_rules(draft: Draft, problems: Problems, *, names_are_sound: bool) -> None:
    """List rules that replace one another in a circle, never bind or never decide, and gaps.

    Args:
        draft: what was read.
        problems: where faults are listed.
        names_are_sound: whether every name is known and stands once. Else what rests on all
            rules together is left out: the next check will list it.
    """
    placed = [(index, rule) for index, rule in enumerate(draft.rules) if rule is not None]
    by_id = {rule.id: rule for _, rule in placed}
    for index, rule in placed:
        if rule.id in _reached_from(rule, by_id):
            problems.error(
                ("rule", index, "replaces"),
                f"{rule.id} replaces itself, directly or by way of others",
                "Let the narrower rule replace the wider one, and not the other way.",
            )
        for replaced in rule.replaces:
            if replaced in by_id and not _share_a_pair(rule, by_id[replaced]):
                problems.warning(
                    ("rule", index, "replaces"),
                    f"{rule.id} and {replaced} bind no pair in common, so nothing is replaced",
                    "Take replaces out, or mend classes and parties.",
                )
    _check_zones_of_rules(draft, problems)
    if names_are_sound and len(placed) == len(draft.rules):
        _check_never_decides([rule for _, rule in placed], problems)
        _check_gaps(draft, [rule for _, rule in placed], problems)


def _reached_from(rule: SeparationRule, by_id: dict[str, SeparationRule]) -> set[str]:
    """The ids of all rules that the rule replaces, directly or by way of others."""
    reached: set[str] = set()
    to_visit = list(rule.replaces)
    while to_visit:
        name = to_visit.pop()
        if name not in reached:
            reached.add(name)
            to_visit.extend(by_id[name].replaces if name in by_id else ())
    return reached


def _share_a_pair(one: SeparationRule, other: SeparationRule) -> bool:
    return _agree(one.classes, other.classes) and _agree(one.parties, other.parties)


def _agree(one: tuple[str, str] | None, other: tuple[str, str] | None) -> bool:
    return one is None or other is None or sorted(one) == sorted(other)


def _check_zones_of_rules(draft: Draft, problems: Problems) -> None:
    """A rule binds in its zone; where the zone never binds, neither does the rule."""
    if draft.valid is None:
        return
    asleep = {
        zone.id
        for zone in draft.zones
        if zone is not None
        and zone.windows
        and all(window.gap_s(draft.valid) > 0.0 for window in zone.windows)
    }
    for index, rule in enumerate(draft.rules):
        if rule is not None and rule.zone in asleep:
            problems.warning(
                ("rule", index, "zone"),
                f"{rule.id} never binds: no window of its zone is within [valid]",
                "Mend the zone's windows, or take the rule out.",
            )


def _check_never_decides(rules: list[SeparationRule], problems: Problems) -> None:
    """A rule that asks less than another that always binds with it changes no answer."""
    replaced = {name for rule in rules for name in rule.replaces}
    for index, rule in enumerate(rules):
        if rule.replaces:
            continue
        for other_index, other in enumerate(rules):
            is_other = other_index != index and other.id not in replaced
            if is_other and _outdoes(other, rule, earlier=other_index < index):
                problems.warning(
                    ("rule", index),
                    f"{rule.id} never decides: {other.id} binds the same pairs and asks as much",
                    f"Narrow {other.id}, or let {rule.id} replace it in a zone.",
                )
                break


def _outdoes(other: SeparationRule, rule: SeparationRule, *, earlier: bool) -> bool:
    binds_all = (
        other.zone in (None, rule.zone)
        and _holds(other.classes, rule.classes)
        and _holds(other.parties, rule.parties)
    )
    if not binds_all or rule.max_inside_s not in (None, other.max_inside_s):
        return False
    asked = (rule.lateral_m, rule.vertical_m, rule.min_time_s)
    asked_by_other = (other.lateral_m, other.vertical_m, other.min_time_s)
    if asked == asked_by_other and not earlier and _outdoes(rule, other, earlier=True):
        return False  # twins: only the later one is listed
    return all(mine <= theirs for mine, theirs in zip(asked, asked_by_other, strict=True))


def _holds(wider: tuple[str, str] | None, narrower: tuple[str, str] | None) -> bool:
    return wider is None or (narrower is not None and sorted(wider) == sorted(narrower))


def _check_gaps(draft: Draft, rules: list[SeparationRule], problems: Problems) -> None:
    everywhere = [rule for rule in rules if rule.zone is None]
    parties = tuple(combinations(sorted(set(draft.party_ids)), 2))
    for classes in combinations_with_replacement(OperationClass, 2):
        binding = [rule.parties for rule in everywhere if _holds(rule.classes, classes)]
        if None in binding:
            continue
        bound = {(min(pair), max(pair)) for pair in binding if pair is not None}
        if missing := [pair for pair in parties if pair not in bound]:
            problems.warning(
                ("rule",),
                f"no rule binds {classes[0]} and {classes[1]} of {_listed(missing)} everywhere",
                "Add one; without a rule keepclear says only whether the volumes meet.",
            )


def _listed(pairs: list[tuple[str, str]]) -> str:
    named = "; ".join(f"{one} and {other}" for one, other in pairs[:_MOST_PAIRS_NAMED])
    return f"{named}; and others" if len(pairs) > _MOST_PAIRS_NAMED else named
