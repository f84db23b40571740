"""Accounts and signed handovers from the command line; passwords come in by standard input."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keepclear.cli.account import KINDS
from keepclear.cli.exit_codes import ExitCode
from keepclear.cli.main import main
from keepclear.model.account import AccountKind

Ask = Callable[..., tuple[Any, int]]

pytestmark = pytest.mark.usefixtures("node")

GOOD = "nine blue kites fly"
OTHER = "seven green kettles"


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def give(*lines: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    return give


def test_the_command_knows_the_kinds_that_there_are() -> None:
    assert list(KINDS) == [kind.value for kind in AccountKind]


def test_accounts_are_made_changed_listed_and_disabled(
    ask: Ask, typed: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    typed(GOOD)
    made, code = ask("account", "add", "root", "--kind", "admin", "--title", "Maj. Root")
    assert (code, made["name"], made["kinds"]) == (0, "root", ["admin"])
    typed(GOOD)
    made, code = ask("account", "add", "hugo", "--kind", "viewer")
    changed, code = ask("account", "kinds", "hugo", "--kind", "watch", "--kind", "liaison")
    assert (code, changed["kinds"]) == (0, ["watch", "liaison"])
    typed(OTHER)
    changed, code = ask("account", "password", "hugo")
    assert (code, changed["password_version"]) == (0, 2)
    off, code = ask("account", "disable", "hugo")
    assert (code, off["is_enabled"]) == (0, False)
    listed, _ = ask("account", "list")
    assert [each["name"] for each in listed["items"]] == ["hugo", "root"]
    capsys.readouterr()
    assert main(["account", "list"]) == 0
    printed = capsys.readouterr().out
    assert "Maj. Root" in printed
    for secret in (GOOD, OTHER, "argon2"):
        assert secret not in printed


def test_the_last_admin_cannot_be_disabled(typed: Callable[..., None]) -> None:
    typed(GOOD)
    assert main(["account", "add", "root", "--kind", "admin"]) == 0
    assert main(["account", "disable", "root"]) == ExitCode.BAD_INPUT


@pytest.mark.parametrize("password", ["", "short"])
def test_a_password_that_will_not_do_is_refused(typed: Callable[..., None], password: str) -> None:
    typed(password)
    assert main(["account", "add", "root", "--kind", "admin"]) == ExitCode.BAD_INPUT


def test_an_account_of_no_kind_is_refused() -> None:
    assert main(["account", "add", "root"]) == ExitCode.BAD_INPUT


def test_a_watch_is_handed_over_with_both_signatures_and_a_sheet(ask: Ask) -> None:
    ask("watch", "take", "--role", "duty officer")
    over = ("watch", "hand-over", "--from", "duty officer", "--to", "senior watch officer")
    told, code = ask(*over, "--outgoing", "Hugo", "--incoming", "Anna", "--sheet", "sheet.html")
    assert (code, told["state"]) == (0, "signed")
    page = Path("sheet.html").read_text()
    assert page.startswith("<!doctype html>")
    assert "Anna" in page
    shown, _ = ask("watch", "show")
    assert shown["ours"]["taken_over_by"] == "senior watch officer"


def test_with_accounts_the_officers_give_their_passwords(
    ask: Ask, typed: Callable[..., None]
) -> None:
    for name, kind in (("root", "admin"), ("hugo", "watch"), ("anna", "watch")):
        typed(f"{GOOD} {len(name)}")
        assert main(["account", "add", name, "--kind", kind]) == 0
    ask("watch", "take", "--role", "duty officer")
    over = ("watch", "hand-over", "--from", "duty officer", "--to", "senior watch officer")
    assert main([*over]) == ExitCode.BAD_INPUT
    typed(f"{GOOD} 4", f"{GOOD} 4")
    told, code = ask(*over, "--outgoing", "hugo", "--incoming", "anna")
    assert (code, told["state"]) == (0, "signed")
    assert [each["by_password"] for each in told["signatures"]] == [True, True]
    told, code = ask(*over, "--override", "relieved ill")
    assert (code, told["state"]) == (0, "overridden")
