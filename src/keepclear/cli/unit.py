"""`keepclear unit`: own units, what they were told, what they said; allies who leave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.kept import Sort, group_of
from keepclear.cli.node_option import asks_node

_WORDS = click.Choice(["told", "confirmed", "cannot"])
_MEANS = click.Choice(["telephone", "radio", "e-mail", "runner"])
_role = click.option("--role", default="duty officer", show_default=True, help="On duty as what.")

_SORT = Sort(
    "unit",
    "units",
    {
        "Name": lambda record: record["name"],
        "Kind": lambda record: record["kind"],
        "Means": lambda record: ", ".join(
            f"{each['kind']} {each['address']}" for each in record["means"]
        ),
        "Area": lambda record: "everywhere" if record["area"] is None else "an area",
        "Told by": lambda record: record["told_by"],
        "Listed": lambda record: "yes" if record["is_listed"] else "no",
    },
)

command = group_of(_SORT, "List own units that must be told, and say what each of them said.")


@command.command("telling")
@click.argument("message_id", metavar="MESSAGE")
@asks_node
def telling(*, folder: Path, as_json: bool, message_id: str) -> int:
    """Show which units must be told of MESSAGE, and what they said."""
    from keepclear.cli.node_client import node_client

    with node_client(folder) as node:
        return _tell(node, node.get(f"/messages/{message_id}/units"), as_json=as_json)


@command.command("say")
@click.argument("message_id", metavar="MESSAGE")
@click.argument("unit_id", metavar="UNIT")
@click.argument("word", type=_WORDS)
@click.option("--means", type=_MEANS, help="By which it was told.")
@click.option("--words", default="", help="As the unit said it; why, of cannot.")
@_role
@asks_node
def say(
    *,
    folder: Path,
    as_json: bool,
    message_id: str,
    unit_id: str,
    word: str,
    means: str | None,
    words: str,
    role: str,
) -> int:
    """Put on record that UNIT was told of MESSAGE, confirmed, or cannot be told."""
    from keepclear import compose
    from keepclear.cli.node_client import node_client

    step_id = compose.entropy().new_id()
    said = {"word": word, "means": means, "words": words, "role": role}
    with node_client(folder) as node:
        path = f"/messages/{message_id}/units/{unit_id}/words/{step_id}"
        return _tell(node, node.put(path, said, expects=""), as_json=as_json)


@command.command("seen")
@click.argument("message_id", metavar="MESSAGE")
@asks_node
def seen(*, folder: Path, as_json: bool, message_id: str) -> int:
    """Show everybody who is on record as having seen MESSAGE."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import moment, one_of, print_json, print_rows, told_by

    with node_client(folder) as node:
        page = node.get(f"/messages/{message_id}/seen")
        if as_json:
            print_json(page)
            return DONE
        with told_by(node, one_of(page["total"], "entry")) as console:
            rows = (
                (moment(each["at"]), each["side"], each["who"], each["what"], each["words"])
                for each in page["items"]
            )
            print_rows(console, ("At", "Side", "Who", "What", "Words"), rows, none="Nobody yet.")
    return DONE


@command.command("relay")
@click.argument("message_id", metavar="MESSAGE")
@click.option("--yes/--no", "is_relayed", default=None, help="Decide; else only show.")
@click.option("--to", multiple=True, help="To whom; else to every ally. May be repeated.")
@click.option("--words", default="", help="Why.")
@_role
@asks_node
def relay(
    *,
    folder: Path,
    as_json: bool,
    message_id: str,
    is_relayed: bool | None,
    to: tuple[str, ...],
    words: str,
    role: str,
) -> int:
    """Decide whether MESSAGE is passed on to members and affiliates, or show what was decided."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by

    path = f"/messages/{message_id}/relay"
    with node_client(folder) as node:
        if is_relayed is None:
            told = node.get(path)
        else:
            sent = {"relay": is_relayed, "to": list(to), "words": words, "role": role}
            told = node.put(path, sent, expects="")
        if as_json:
            print_json(told)
            return DONE
        decided = {None: "nobody decided", True: "passed on", False: "not passed on"}
        heading = f"{decided[told['is_relayed']]}: {', '.join(told['to']) or 'to nobody'}"
        with told_by(node, heading) as console:
            console.print(f"no receipt yet: {', '.join(told['missing']) or 'none missing'}")
    return DONE


@command.command("receipt")
@click.argument("message_id", metavar="MESSAGE")
@click.argument("ally", metavar="ALLY")
@click.option("--means", type=_MEANS, required=True, help="By which it was passed on.")
@click.option("--receipt", default="", help="What they said to it.")
@click.option("--second", default="", help="Who has read the M28 with you; else none is sent.")
@_role
@asks_node
def receipt(
    *,
    folder: Path,
    as_json: bool,
    message_id: str,
    ally: str,
    means: str,
    receipt: str,
    second: str,
    role: str,
) -> int:
    """Keep that MESSAGE was passed on to ALLY, and what they said to it."""
    from keepclear import compose
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by

    sent = {"to": ally, "means": means, "receipt": receipt, "second": second, "role": role}
    with node_client(folder) as node:
        path = f"/messages/{message_id}/relay/receipts/{compose.entropy().new_id()}"
        told = node.put(path, sent, expects="")
        if as_json:
            print_json(told)
            return DONE
        with told_by(node, f"passed on to {ally}") as console:
            console.print(f"no receipt yet: {', '.join(told['missing']) or 'none missing'}")
    return DONE


@command.command("member-left")
@click.argument("member", metavar="MEMBER")
@click.argument("words", metavar="WORDS")
@click.option("--second", required=True, help="Who has read it with you.")
@_role
@asks_node
def member_left(
    *, folder: Path, as_json: bool, member: str, words: str, second: str, role: str
) -> int:
    """Have MEMBER leave: flights end, notices are cancelled, relays stop, others are told."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import one_of, print_json, told_by

    sent = {"words": words, "second": second, "role": role}
    with node_client(folder) as node:
        left = node.put(f"/members/{member}/departure", sent, expects="")
        if as_json:
            print_json(left)
            return DONE
        counted = one_of(len(left["operations"]), "flight")
        with told_by(node, f"{member} left: {counted} ended") as console:
            console.print(
                f"{one_of(len(left['cancelled']), 'notice')} cancelled, "
                f"{one_of(len(left['relays_stopped']), 'relay')} stopped; still to be told by "
                f"us: {', '.join(left['to_tell']) or 'nobody'}"
            )
    return DONE


def _tell(node: Any, told: dict[str, Any], *, as_json: bool) -> int:
    from keepclear.cli.node_output import moment, print_json, print_rows, told_by

    if as_json:
        print_json(told)
        return DONE
    with told_by(node, f"passed to units: {told['passed']} ({told['says']})") as console:
        rows = (
            (
                each["unit"],
                each["name"],
                each["word"],
                moment(each["due"]),
                "overdue" if each["is_overdue"] else "",
                ""
                if each["try_now"] is None
                else f"{each['try_now']['kind']} {each['try_now']['address']}",
                each["why"],
            )
            for each in told["units"]
        )
        columns = ("Unit", "Name", "Word", "Due", "", "Try", "Why")
        print_rows(console, columns, rows, none="No unit must be told.")
    return DONE
