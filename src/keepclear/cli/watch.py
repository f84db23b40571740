"""`keepclear watch`: who is on duty, by role, on both ends of every line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.groups import CommandGroup
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import PATH


@click.group("watch", cls=CommandGroup)
def command() -> None:
    """Take the watch, hand it over, and see who is on duty."""


@command.command("show")
@asks_node
def show(*, folder: Path, as_json: bool) -> int:
    """Show who is on watch on both ends, and what the next watch takes over."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import moment, one_of, print_json, print_rows, told_by

    with node_client(folder) as node:
        told = node.get("/watch")
        if as_json:
            print_json(told)
            return DONE
        watches = [each for each in (told["ours"], *told["theirs"]) if each is not None]
        with told_by(node, "on watch") as console:
            rows = (
                (
                    each["party"],
                    moment(each["since"]),
                    moment(each["next_handover"]) or "not said",
                    ", ".join(role["role"] for role in each["roles"]),
                    ", ".join(each["now"]["spoken"]),
                    "yes" if each["now"]["has_linguist"] else "none stated",
                )
                for each in watches
            )
            columns = ("Party", "Since", "Handover", "Roles", "Languages", "Certified linguist")
            print_rows(console, columns, rows, none="Nobody has taken the watch.")
            open_messages = one_of(told["handover"]["open_messages"], "open message")
            console.print(f"{open_messages}, {len(told['handover']['waiting'])} waiting")
    return DONE


@command.command("take")
@click.option("--role", "roles", multiple=True, required=True, help="On duty; may be repeated.")
@click.option("--linguist", "linguists", multiple=True, help="A certified linguist on duty.")
@click.option("--language", "languages", multiple=True, help="Spoken on the watch.")
@click.option("--alternate", "alternates", multiple=True, help="Answers where others do not.")
@click.option("--handover", default="", metavar="TIME", help="When the next watch comes.")
@click.option("--remark", default="", help="What must be known.")
@asks_node
def take(
    *,
    folder: Path,
    as_json: bool,
    roles: Sequence[str],
    linguists: Sequence[str],
    languages: Sequence[str],
    alternates: Sequence[str],
    handover: str,
    remark: str,
) -> int:
    """Take the watch; every line is told."""
    shift = {
        "roles": _duty(roles, linguists),
        "languages": list(languages),
        "alternates": list(alternates),
        "taken_over_by": next(iter(roles)),
        "remark": remark,
    }
    return _put(folder, shift, handover, as_json=as_json)


@command.command("hand-over")
@click.option("--from", "given_by", required=True, metavar="ROLE", help="Who gives it up.")
@click.option("--to", "taken_by", required=True, metavar="ROLE", help="Who takes it.")
@click.option("--role", "roles", multiple=True, help="On duty from now; else as before.")
@click.option("--linguist", "linguists", multiple=True, help="A certified linguist on duty.")
@click.option("--handover", default="", metavar="TIME", help="When the next watch comes.")
@click.option("--remark", default="", help="What the next watch must know.")
@click.option("--outgoing", default="", metavar="WHO", help="Signs for giving it up.")
@click.option("--incoming", default="", metavar="WHO", help="Signs for taking it.")
@click.option("--sheet", "sheet_path", type=PATH, help="Write the handover sheet to this file.")
@click.option("--override", "reason", default="", help="Why it changes without both signatures.")
@asks_node
def hand_over(
    *, folder: Path, as_json: bool, given_by: str, taken_by: str, remark: str, **asked: Any
) -> int:
    """Hand the watch over: one role gives it up, another takes it.

    With --outgoing and --incoming both sign for the sheet, and the watch changes then; who
    signs is an account where the node has any, and gives its password. Where the node has
    accounts nothing else changes the watch, unless --override says why.
    """
    shift: dict[str, Any] = {
        "handed_over_by": given_by,
        "taken_over_by": taken_by,
        "remark": remark,
    }
    if asked["roles"] or asked["linguists"]:
        shift["roles"] = _duty(asked["roles"], asked["linguists"])
    if any(asked[name] for name in _SIGNING):
        return _hand_over_signed(folder, shift, asked, as_json=as_json)
    return _put(folder, shift, asked["handover"], as_json=as_json, keeps=True)


_SIGNING = ("outgoing", "incoming", "reason", "sheet_path")
"""Any of these asks for a handover that is drawn up and signed."""


def _hand_over_signed(
    folder: Path, shift: dict[str, Any], asked: dict[str, Any], *, as_json: bool
) -> int:
    from keepclear.cli.node_client import node_client
    from keepclear.cli.watch_handover import hand_over_signed
    from keepclear.formats.times import iso_text, parse_time

    if asked["handover"]:
        shift["next_handover"] = iso_text(parse_time(asked["handover"]))
    told = {name: asked[name] for name in _SIGNING}
    with node_client(folder) as node:
        return hand_over_signed(node, shift, **told, as_json=as_json)


def _duty(roles: Sequence[str], linguists: Sequence[str]) -> list[dict[str, Any]]:
    named = dict.fromkeys((*roles, *linguists))
    return [{"role": role, "certified_linguist": role in linguists} for role in named]


def _put(
    folder: Path, shift: dict[str, Any], handover: str, *, as_json: bool, keeps: bool = False
) -> int:
    """Send a shift that begins now; `keeps` takes over what it does not say from the last one."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by
    from keepclear.errors import StateForbids
    from keepclear.formats.times import iso_text, parse_time

    with node_client(folder) as node:
        told = node.get("/watch")
        ours = told["ours"]
        if keeps and ours is None:
            raise StateForbids(
                "nobody has the watch, so it cannot be handed over",
                remedy="Take it with `keepclear watch take`.",
            )
        kept = {name: ours[name] for name in _STAYS} if keeps else {}
        sent = {**kept, **shift, "since": told["at"]}
        if handover:
            sent["next_handover"] = iso_text(parse_time(handover))
        stored = node.put("/watch", sent, expects=str(ours["version"]) if ours else "*")
        if as_json:
            print_json(stored)
            return DONE
        by = stored["taken_over_by"]
        with told_by(node, f"the watch is taken by the {by}, version {stored['version']}"):
            return DONE


_STAYS = ("roles", "room", "languages", "alternates")
"""What a new shift has as the one before, unless it says otherwise."""
