"""`keepclear account`: who may do what at this node, each by a password of their own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.groups import CommandGroup
from keepclear.cli.node_option import asks_node

KINDS = (
    "viewer",
    "watch",
    "releaser",
    "liaison",
    "movement officer",
    "investigator",
    "admin",
)
"""As the model has them; a test holds the two together."""
_kind = click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(KINDS),
    help="What it is for; may be repeated.",
)
_title = click.option("--title", default=None, metavar="TEXT", help="How the person is addressed.")


@click.group("account", cls=CommandGroup)
def command() -> None:
    """Make accounts, change what they may, set passwords, disable them.

    Commands speak with the node's token, so they work when nobody can sign in. Passwords are
    typed, or piped in as one line; they are never options.
    """


@command.command("add")
@click.argument("name")
@_kind
@_title
@asks_node
def add(*, folder: Path, as_json: bool, name: str, kinds: Sequence[str], title: str | None) -> int:
    """Make the account NAME. The first one is an admin's; with it people sign in by name."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.passwords import ask_password
    from keepclear.errors import InvalidInput

    if not kinds:
        raise InvalidInput("no kind was given", remedy=f"Give --kind, one of {', '.join(KINDS)}.")
    password = ask_password(f"Password of {name}", twice=True)
    wanted = {"kinds": list(kinds), "title": title or "", "password": password}
    with node_client(folder) as node:
        kept = node.put(f"/accounts/{name}", wanted, expects="*")
        return _tell(node, kept, "made", as_json=as_json)


@command.command("list")
@asks_node
def list_accounts(*, folder: Path, as_json: bool) -> int:
    """List the accounts, disabled ones too."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import moment, one_of, print_json, print_rows, told_by

    with node_client(folder) as node:
        items = node.every("/accounts")
        if as_json:
            print_json({"items": items})
            return DONE
        with told_by(node, one_of(len(items), "account")) as console:
            rows = (
                (
                    each["name"],
                    each["title"] or "-",
                    ", ".join(each["kinds"]),
                    "yes" if each["is_enabled"] else "no",
                    moment(each["password_at"]),
                )
                for each in items
            )
            columns = ("Name", "Title", "Kinds", "May be used", "Password since")
            print_rows(console, columns, rows, none="None: the node's token alone counts.")
    return DONE


@command.command("kinds")
@click.argument("name")
@_kind
@_title
@asks_node
def kinds(
    *, folder: Path, as_json: bool, name: str, kinds: Sequence[str], title: str | None
) -> int:
    """Change what the account NAME is for; the kinds given take the place of those before."""
    changed: dict[str, Any] = {"kinds": list(kinds)} if kinds else {}
    if title is not None:
        changed["title"] = title
    return _change(folder, name, changed, "changed", as_json=as_json)


@command.command("disable")
@click.argument("name")
@asks_node
def disable(*, folder: Path, as_json: bool, name: str) -> int:
    """Have the account NAME used no more; its sessions end at once, its acts stay."""
    return _change(folder, name, {"is_enabled": False}, "disabled", as_json=as_json)


@command.command("enable")
@click.argument("name")
@asks_node
def enable(*, folder: Path, as_json: bool, name: str) -> int:
    """Let the account NAME be used again."""
    return _change(folder, name, {"is_enabled": True}, "enabled", as_json=as_json)


@command.command("password")
@click.argument("name")
@asks_node
def password(*, folder: Path, as_json: bool, name: str) -> int:
    """Set another password for the account NAME; its sessions end at once."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.passwords import ask_password

    typed = ask_password(f"New password of {name}", twice=True)
    with node_client(folder) as node:
        path = f"/accounts/{name}/password"
        kept = node.ask("PUT", path, document={"password": typed}).json()
        return _tell(node, kept, "has another password", as_json=as_json)


def _change(folder: Path, name: str, changed: dict[str, Any], what: str, *, as_json: bool) -> int:
    from keepclear.cli.node_client import node_client

    with node_client(folder) as node:
        now = node.get(f"/accounts/{name}")
        wanted = {**{key: now[key] for key in ("kinds", "title", "is_enabled")}, **changed}
        kept = node.put(f"/accounts/{name}", wanted, expects=str(now["version"]))
        return _tell(node, kept, what, as_json=as_json)


def _tell(node: Any, kept: dict[str, Any], what: str, *, as_json: bool) -> int:
    from keepclear.cli.node_output import print_json, told_by

    if as_json:
        print_json(kept)
        return DONE
    with told_by(node, f"account {kept['name']} {what}") as console:
        console.print(f"{', '.join(kept['kinds'])}; may {', '.join(kept['may'])}")
    return DONE
