"""The second person of an act: named without accounts, by their own password with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from keepclear.contact.rights import Capability
from keepclear.errors import InvalidInput, NotPermitted
from keepclear.services.accounts.patience import FREE_TRIES, Patience
from keepclear.services.accounts.seconding import SecondAccount, attributed, second_person
from keepclear.services.node import Node
from node_fixture import exercise_node
from people import make, password_of


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with exercise_node(tmp_path) as made:
        yield made.node


@pytest.fixture
def people(node: Node) -> Node:
    make(node, "hugo", "watch", "admin")
    make(node, "anna", "releaser")
    make(node, "vera", "viewer")
    return node


def patience() -> Patience:
    return Patience(lambda: 0.0)


def own(name: str) -> SecondAccount:
    return SecondAccount(name, password_of(name))


def test_without_accounts_the_second_is_named(node: Node) -> None:
    assert second_person(node, patience(), "second officer", first="x") == "second officer"
    with pytest.raises(InvalidInput, match="no accounts"):
        second_person(node, patience(), own("anna"), first="x")


def test_with_accounts_a_name_is_not_enough(people: Node) -> None:
    assert second_person(people, patience(), "", first="hugo") == ""
    with pytest.raises(NotPermitted, match="not enough"):
        second_person(people, patience(), "anna", first="hugo")


def test_with_accounts_they_confirm_by_their_own_password(people: Node) -> None:
    assert second_person(people, patience(), own("anna"), first="hugo") == "anna"
    assert second_person(people, patience(), own("anna")._replace(account=" ANNA "), first="h")


@pytest.mark.parametrize("first", ["anna", "Anna (by token)", "anna (by token)"])
def test_the_second_is_never_the_first(people: Node, first: str) -> None:
    with pytest.raises(NotPermitted, match="is the first"):
        second_person(people, patience(), own("anna"), first=first)


@pytest.mark.parametrize(
    "given", [SecondAccount("anna", "wrong"), SecondAccount("nobody", "wrong"), own("vera")]
)
def test_who_may_not_or_is_not_cannot_confirm(people: Node, given: SecondAccount) -> None:
    with pytest.raises(NotPermitted):
        second_person(people, patience(), given, first="hugo")


def test_what_the_second_must_be_allowed_to_can_be_more(people: Node) -> None:
    with pytest.raises(NotPermitted, match="may not confirm"):
        second_person(people, patience(), own("hugo"), first="anna", needs=Capability.RELEASE)


def test_guessing_at_the_second_waits_too(people: Node) -> None:
    waiting = patience()
    for _ in range(FREE_TRIES):
        with pytest.raises(NotPermitted):
            second_person(people, waiting, SecondAccount("anna", "x"), first="hugo")
    with pytest.raises(NotPermitted, match="too many wrong"):
        second_person(people, waiting, own("anna"), first="hugo")


def test_nobody_passes_for_an_account_by_calling_themselves_so() -> None:
    assert attributed("anna", has_accounts=True) == "anna (by token)"
    assert attributed("", has_accounts=True) == "(by token)"
    assert attributed("anna", has_accounts=False) == "anna"
