"""A password kept with the parameters of before is kept with those of today once it is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from keepclear.errors import NotPermitted, StoreFull
from keepclear.identity.passwords import is_outdated, verify_password
from keepclear.services.accounts.keeping import set_password
from keepclear.services.accounts.patience import Patience
from keepclear.services.accounts.signing_in import try_password
from meanwhile import before_looking
from node_fixture import RunningNode, exercise_node
from people import make, password_of

CHEAP = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1)
OTHER = "a quite different one"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningNode]:
    with exercise_node(tmp_path) as made:
        make(made.node, "hugo", "admin")
        old = CHEAP.hash(password_of("hugo"))
        made.node.store.write(lambda unit: unit.put_password_hash("hugo", old, at=made.node.now()))
        yield made


def kept(running: RunningNode) -> str:
    with running.node.store.view() as view:
        found = view.password_hash("hugo")
    assert found is not None
    return found


def signs_in(running: RunningNode, password: str, node: Any = None) -> bool:
    patience = Patience(lambda: 0.0)
    return try_password(node or running.node, patience, "hugo", password).account is not None


def test_the_right_password_is_kept_anew(running: RunningNode) -> None:
    before, size = kept(running), entries(running)
    assert is_outdated(before)
    assert signs_in(running, password_of("hugo"))
    after = kept(running)
    assert not is_outdated(after)
    assert verify_password(after, password_of("hugo"))
    assert entries(running) == size  # the password is the same: nothing for the ledger
    assert signs_in(running, password_of("hugo"))
    assert kept(running) == after


def test_a_wrong_password_changes_nothing(running: RunningNode) -> None:
    before = kept(running)
    assert not signs_in(running, OTHER)
    assert kept(running) == before


def test_a_password_set_meanwhile_stays(running: RunningNode) -> None:
    class Meanwhile:
        """Draws salts; another password is set just before the first."""

        def new_bytes(self, count: int) -> bytes:
            set_password(running.node, "hugo", OTHER, actor="hugo")
            return running.node.entropy.new_bytes(count)

        def new_id(self) -> str:
            return running.node.entropy.new_id()

    node = replace(running.node, entropy=Meanwhile())
    assert signs_in(running, password_of("hugo"), node)
    assert verify_password(kept(running), OTHER)


def test_a_full_disk_turns_nobody_away(running: RunningNode) -> None:
    class Full:
        """The store, on a disk that takes nothing more."""

        def __getattr__(self, name: str) -> Any:
            return getattr(running.node.store, name)

        def write(self, _: object) -> Any:
            raise StoreFull("no room")

    before = kept(running)
    assert signs_in(running, password_of("hugo"), replace(running.node, store=Full()))
    assert kept(running) == before


def entries(running: RunningNode) -> int:
    with running.node.store.view() as view:
        return view.ledger_size()


def test_who_gives_a_password_that_was_replaced_meanwhile_does_not_get_in(
    running: RunningNode,
) -> None:
    def replaced() -> None:
        set_password(running.node, "hugo", OTHER, actor="root")

    node = before_looking(running.node, replaced, number=2)
    assert not signs_in(running, password_of("hugo"), node)


def test_the_password_an_admin_set_is_not_replaced_by_who_proved_the_one_before(
    running: RunningNode,
) -> None:
    proved = try_password(running.node, Patience(lambda: 0.0), "hugo", password_of("hugo")).account
    assert proved is not None
    set_password(running.node, "hugo", OTHER, actor="root")
    with pytest.raises(NotPermitted, match="meanwhile"):
        set_password(running.node, "hugo", "seven green kettles", actor="hugo", proved=proved)
    assert signs_in(running, OTHER)
