"""Which kind of account may do what: the two tables, read as sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.contact.rights import (
    ACTS_AS,
    MAY,
    SEEN_WITH,
    Capability,
    Part,
    capabilities_of,
    may,
    may_act_as,
    may_release,
    parts_seen,
    roles_of,
)
from keepclear.model.account import AccountKind
from keepclear.model.message import Role

KIND = AccountKind
KINDS = st.frozensets(st.sampled_from(AccountKind))


def test_both_tables_speak_of_everything() -> None:
    assert set(MAY) == set(Capability)
    assert set(ACTS_AS) == set(AccountKind)
    assert set(SEEN_WITH) == set(Part)
    assert {role for roles in ACTS_AS.values() for role in roles} == set(Role)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (KIND.VIEWER, "enter view"),
        (KIND.WATCH, "enter view watch movements"),
        (KIND.RELEASER, "enter view watch release movements"),
        (KIND.LIAISON, "enter view watch release movements"),
        (KIND.MOVEMENT_OFFICER, "enter view movements"),
        (KIND.INVESTIGATOR, "enter view investigate"),
        (KIND.ADMIN, "enter view administer"),
    ],
)
def test_each_kind_may_what_its_work_needs_and_no_more(kind: AccountKind, told: str) -> None:
    assert " ".join(capabilities_of([kind])) == told


@given(KINDS, KINDS, st.sampled_from(Capability))
def test_several_kinds_may_what_any_of_them_may(
    some: frozenset[AccountKind], others: frozenset[AccountKind], capability: Capability
) -> None:
    assert may(some | others, capability) == (may(some, capability) or may(others, capability))


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (KIND.VIEWER, "picture lines"),
        (KIND.WATCH, "picture lines cards movements"),
        (KIND.MOVEMENT_OFFICER, "picture lines movements"),
        (KIND.INVESTIGATOR, "picture lines entries"),
        (KIND.ADMIN, "picture lines accounts"),
    ],
)
def test_each_kind_sees_the_parts_of_its_work(kind: AccountKind, told: str) -> None:
    assert " ".join(parts_seen(capabilities_of([kind]))) == told


def test_flash_goes_with_every_watch_and_nothing_else_does() -> None:
    assert may_release([KIND.WATCH], is_flash=True)
    assert not may_release([KIND.WATCH], is_flash=False)
    assert may_release([KIND.RELEASER], is_flash=False)
    assert not may_release([KIND.VIEWER, KIND.ADMIN], is_flash=True)


def test_a_kind_acts_as_its_own_roles_alone() -> None:
    assert may_act_as([KIND.WATCH], " Duty  OFFICER ")
    assert not may_act_as([KIND.WATCH], "liaison officer")
    assert may_act_as([KIND.WATCH, KIND.LIAISON], "liaison officer")
    assert not may_act_as([KIND.VIEWER], "duty officer")
    assert roles_of([KIND.LIAISON]) == (Role.LIAISON, Role.INTERPRETER)


def test_a_role_of_the_watch_itself_goes_with_keeping_it() -> None:
    assert may_act_as([KIND.WATCH], "signaller")
    assert not may_act_as([KIND.MOVEMENT_OFFICER], "signaller")
