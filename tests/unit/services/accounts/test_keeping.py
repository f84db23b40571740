"""Accounts are made, changed and disabled, and there is always an admin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from keepclear.errors import InvalidInput, NotFound, StateForbids, VersionMismatch
from keepclear.identity.passwords import verify_password
from keepclear.model.account import Account, AccountKind
from keepclear.model.node import Subject
from keepclear.services.accounts.keeping import Wanted, keep_account, set_password
from keepclear.services.accounts.roster import Roster, accounts_of
from keepclear.services.expected import NEW
from keepclear.services.exporting import export_everything
from node_fixture import RunningNode, exercise_node
from people import make, password_of

WEAK = "hugo"
ADMIN = Wanted((AccountKind.ADMIN,))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningNode]:
    with exercise_node(tmp_path) as made:
        yield made


def entries(running: RunningNode) -> list[tuple[str, str]]:
    with running.node.store.view() as view:
        return [
            (each.kind, each.subject_id)
            for each in view.entries()
            if each.subject is Subject.ACCOUNT
        ]


def account(running: RunningNode, name: str) -> Account:
    with running.node.store.view() as view:
        return accounts_of(view)[name]


def test_a_store_without_accounts_has_none(running: RunningNode) -> None:
    roster = Roster(running.node.store)
    assert not roster.is_kept
    assert roster.account("hugo") is None


def test_the_first_account_is_an_admins(running: RunningNode) -> None:
    with pytest.raises(StateForbids, match="the first account is an admin's"):
        make(running.node, "hugo", "watch")
    kept = make(running.node, "hugo", "watch", "admin", title="Maj. Hugo")
    assert (kept.created, kept.declaration.version) == (True, 1)
    assert account(running, "hugo").kinds == (AccountKind.WATCH, AccountKind.ADMIN)


def test_the_roster_knows_it_as_soon_as_it_is_written(running: RunningNode) -> None:
    roster = Roster(running.node.store)
    assert dict(roster.accounts()) == {}
    make(running.node, "hugo", "admin")
    assert set(roster.accounts()) == {"hugo"}
    make(running.node, "anna", "viewer")
    assert set(roster.accounts()) == {"anna", "hugo"}


def test_every_change_is_an_entry_and_none_holds_the_hash(running: RunningNode) -> None:
    node = running.node
    make(node, "hugo", "admin")
    make(node, "anna", "viewer")
    keep_account(node, "anna", Wanted((AccountKind.WATCH,)), password="", expected=1, actor="hugo")
    set_password(node, "anna", "a quite different one", actor="anna")
    off = Wanted((AccountKind.WATCH,), is_enabled=False)
    keep_account(node, "anna", off, password="", expected=3, actor="hugo")
    keep_account(node, "anna", off._replace(is_enabled=True), password="", expected=4, actor="hugo")
    assert [kind for kind, name in entries(running) if name == "anna"] == [
        "account made",
        "account changed",
        "account password set",
        "account disabled",
        "account enabled",
    ]
    with node.store.view() as view:
        kept = view.password_hash("anna")
        payloads = b"".join(each.payload or b"" for each in view.entries())
        bodies = b"".join(each.body for each in view.declarations(Subject.ACCOUNT))
        actions = [each.action for each in view.changes(after=0) if each.subject == "account"]
    assert kept is not None
    assert verify_password(kept, "a quite different one")
    for told in (payloads, bodies, export_everything(node).data):
        assert b"argon2" not in told
        assert kept.encode() not in told
        assert password_of("anna").encode() not in told
    assert actions == ["made", "made", "changed", "set", "disabled", "enabled"]


def test_the_same_again_changes_nothing(running: RunningNode) -> None:
    make(running.node, "hugo", "admin")
    again = keep_account(running.node, "hugo", ADMIN, password="", expected=None, actor="x")
    assert not again.changed
    assert len(entries(running)) == 1


def test_a_new_account_needs_a_password_and_an_old_one_takes_none(running: RunningNode) -> None:
    with pytest.raises(InvalidInput, match="a new account needs one"):
        keep_account(running.node, "hugo", ADMIN, password="", expected=NEW, actor="x")
    make(running.node, "hugo", "admin")
    with pytest.raises(VersionMismatch):
        make(running.node, "hugo", "admin")
    words = "another long password"
    with pytest.raises(StateForbids, match="changed by itself"):
        keep_account(running.node, "hugo", ADMIN, password=words, expected=1, actor="x")


def test_the_last_admin_stays_one(running: RunningNode) -> None:
    node = running.node
    make(node, "hugo", "admin")
    make(node, "anna", "viewer")
    for wanted in (Wanted((AccountKind.WATCH,)), ADMIN._replace(is_enabled=False)):
        with pytest.raises(StateForbids, match="the last admin"):
            keep_account(node, "hugo", wanted, password="", expected=1, actor="hugo")
    keep_account(node, "anna", ADMIN, password="", expected=1, actor="hugo")
    off = ADMIN._replace(is_enabled=False)
    keep_account(node, "hugo", off, password="", expected=1, actor="anna")
    with pytest.raises(StateForbids, match="the last admin"):
        keep_account(node, "anna", off, password="", expected=2, actor="anna")


def test_a_weak_password_is_refused_before_anything_is_written(running: RunningNode) -> None:
    with pytest.raises(InvalidInput, match="password"):
        keep_account(running.node, "hugo", ADMIN, password=WEAK, expected=NEW, actor="x")
    make(running.node, "hugo", "admin")
    with pytest.raises(InvalidInput, match="password"):
        set_password(running.node, "hugo", "short", actor="hugo")
    assert account(running, "hugo").password_version == 1


def test_nobodys_password_cannot_be_set(running: RunningNode) -> None:
    with pytest.raises(NotFound):
        set_password(running.node, "nobody", "a long enough one", actor="x")


@pytest.mark.parametrize("name", ["", "Hugo Hugo", "-x", "a" * 33, "h\u00fcgo", "a/b", "(token)"])
def test_a_name_that_cannot_stand_in_a_log_is_refused(name: str) -> None:
    from keepclear.model.account import account_name

    with pytest.raises(InvalidInput):
        account_name(name)


def test_accounts_survive_a_restart(tmp_path: Path) -> None:
    with exercise_node(tmp_path) as running:
        make(running.node, "hugo", "admin")
    with exercise_node(tmp_path) as running, running.node.store.view() as view:
        kept = view.password_hash("hugo")
        assert kept is not None
        assert verify_password(kept, password_of("hugo"))
