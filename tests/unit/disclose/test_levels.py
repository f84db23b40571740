"""A release counts before a rule, a rule before the default; nobody gives more than was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from keepclear.disclose.levels import Ground, agreed_level, effective_level
from keepclear.model.agreement import Agreement, DisclosureRule
from keepclear.model.operation import DisclosureLevel, OperationClass
from keepclear.model.party import Member, Party, PartyKind
from keepclear.model.release import Release
from samples import NOON, agreement, operation

L0, L1, L2, L3, L4 = DisclosureLevel
OURS = operation("A-1", party="AMBER")
TO = "BLUE"


def release(level: DisclosureLevel, **changes: object) -> Release:
    made = Release(OURS.id, TO, level, "planner", "somebody", NOON)
    return replace(made, **changes)  # type: ignore[arg-type]


def agreed(*rules: DisclosureRule, **changes: object) -> Agreement:
    return agreement(disclosure=rules, **changes)


def level(
    agreement_: Agreement | None, release_: Release | None = None, **more: str
) -> tuple[DisclosureLevel, Ground]:
    found = effective_level(OURS, TO, agreement_, release_, now=NOON, **more)
    return found.level, found.ground


def test_without_anything_said_it_is_l1() -> None:
    assert level(agreed()) == (L1, Ground.DEFAULT)


def test_the_default_is_the_agreement_s() -> None:
    assert level(agreed(default_level=L2)) == (L2, Ground.DEFAULT)


def test_a_rule_for_the_class_counts_before_one_for_all() -> None:
    rules = (
        DisclosureRule("AMBER", "BLUE", L3),
        DisclosureRule("AMBER", "BLUE", L2, OperationClass.MANNED),
        DisclosureRule("BLUE", "AMBER", L4),
    )
    assert level(agreed(*rules)) == (L2, Ground.RULE)
    assert agreed_level(agreed(*rules), "AMBER", "BLUE", OperationClass.UNMANNED).level is L3
    assert agreed_level(agreed(*rules), "BLUE", "AMBER").level is L4


def test_of_two_rules_for_the_same_the_one_that_tells_less_counts() -> None:
    rules = (DisclosureRule("AMBER", "BLUE", L3), DisclosureRule("AMBER", "BLUE", L0))
    assert level(agreed(*rules)) == (L0, Ground.RULE)


@pytest.mark.parametrize("given", [L0, L1, L2, L3])
def test_a_release_counts_before_everything_agreed_either_way(given: DisclosureLevel) -> None:
    rules = (DisclosureRule("AMBER", "BLUE", L2),)
    assert level(agreed(*rules), release(given)) == (given, Ground.RELEASE)


def test_a_release_that_ran_out_or_was_withdrawn_counts_no_more() -> None:
    over = release(L3, until=NOON)
    assert level(agreed(), over) == (L1, Ground.DEFAULT)
    taken_back = release(L3, ended_at=NOON - timedelta(minutes=1))
    assert level(agreed(), taken_back) == (L1, Ground.DEFAULT)
    assert level(agreed(), release(L3, until=NOON + timedelta(seconds=1)))[0] is L3


def test_without_an_agreement_nothing_is_told_not_even_what_was_released() -> None:
    assert level(None, release(L3)) == (L0, Ground.NO_AGREEMENT)


def test_a_member_inherits_only_if_the_agreement_says_so() -> None:
    blue = Party(
        "BLUE",
        "Blue",
        PartyKind.COALITION,
        (Member("BLUE-AIR", "Air", inherits_disclosure=True), Member("BLUE-SEA", "Sea")),
    )
    both = agreed(parties=(blue, Party("AMBER", "Amber", PartyKind.STATE)))
    assert level(both, member="BLUE-AIR") == (L1, Ground.DEFAULT)
    assert level(both, release(L3), member="BLUE-SEA") == (L0, Ground.MEMBER)
    assert level(both, member="UNHEARD") == (L0, Ground.MEMBER)


def test_an_owner_who_files_at_l0_shows_presence_alone() -> None:
    hidden = replace(OURS, level=L0)
    found = effective_level(hidden, TO, agreed(default_level=L3), None, now=NOON)
    assert (found.level, found.ground) == (L0, Ground.OWNER)
