"""Hashes of passwords: kept apart, told nowhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from contract.store.parts import START
from keepclear.ports.store import Store


def put(store: Store, account: str, kept: str) -> None:
    store.write(lambda unit: unit.put_password_hash(account, kept, at=START))


def test_a_hash_is_read_as_it_was_put_and_overwritten_by_the_next(store: Store) -> None:
    put(store, "hugo", "one")
    put(store, "anna", "other")
    put(store, "hugo", "two")
    with store.view() as view:
        assert (view.password_hash("hugo"), view.password_hash("anna")) == ("two", "other")


@pytest.mark.parametrize("unknown", ["", "nobody", "\ud800"])
def test_where_there_is_none_there_is_none(store: Store, unknown: str) -> None:
    with store.view() as view:
        assert view.password_hash(unknown) is None


def test_it_makes_neither_a_change_nor_an_entry(store: Store) -> None:
    with store.view() as view:
        before = view.sequence, view.ledger_size()
    put(store, "hugo", "one")
    with store.view() as view:
        assert (view.sequence, view.ledger_size()) == before


def test_it_is_there_after_the_store_was_opened_again(open_again: Callable[[], Store]) -> None:
    first = open_again()
    put(first, "hugo", "one")
    first.close()
    with open_again().view() as view:
        assert view.password_hash("hugo") == "one"
