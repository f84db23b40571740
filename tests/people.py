"""Accounts for tests; nothing here is under test."""

from __future__ import annotations

from typing import Any

from keepclear.model.account import AccountKind
from keepclear.services.accounts.keeping import Wanted, keep_account
from keepclear.services.expected import NEW
from keepclear.services.line.keeping import Kept
from keepclear.services.node import Node


def password_of(name: str) -> str:
    return f"nine blue kites {sum(map(ord, name))}"


def make(node: Node, name: str, *kinds: str, **wanted: Any) -> Kept:
    """An account of some kinds, whose password is `password_of` its name."""
    told = Wanted(tuple(AccountKind(kind) for kind in kinds), **wanted)
    return keep_account(node, name, told, password=password_of(name), expected=NEW, actor="test")


def confirming(name: str) -> dict[str, str]:
    """A second person who confirms, as a request names them."""
    return {"account": name, "password": password_of(name)}
