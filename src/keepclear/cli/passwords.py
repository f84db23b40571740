"""Passwords on the command line: typed unseen, or one line of standard input; never an option."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING

from keepclear.errors import InvalidInput

if TYPE_CHECKING:
    from keepclear.cli.node_client import NodeClient


def ask_password(whose: str, *, twice: bool = False) -> str:
    """A password, as it is typed.

    Args:
        whose: said to whoever types.
        twice: have it typed again, because nobody sees what is typed.

    Raises:
        InvalidInput: nothing was typed, or the two differ.
    """
    typed = _typed(f"{whose}: ")
    if not typed:
        raise InvalidInput("no password was given", remedy="Type it, or pipe it in as one line.")
    if twice and sys.stdin.isatty() and _typed("Once more: ") != typed:
        raise InvalidInput("the two passwords differ", remedy="Try again.")
    return typed


def second_of(node: NodeClient, name: str) -> str | dict[str, str]:
    """A second person as the API takes them: by password where the node has accounts."""
    if not name or not node.get("/session")["has_accounts"]:
        return name
    return {"account": name, "password": ask_password(f"Password of {name}")}


def _typed(prompt: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\r\n")
