"""`keepclear movement`: humanitarian movements, kept, told to named recipients, warned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from keepclear.cli.exit_codes import DONE, ExitCode
from keepclear.cli.kept import Sort, group_of
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import PATH

_role = click.option(
    "--role", default="movement officer", show_default=True, help="On duty as what."
)
_MEANS = click.Choice(["telephone", "radio", "e-mail", "runner"])


def _starts(record: dict[str, Any]) -> str:
    from keepclear.cli.node_output import moment

    return moment(record["now"]["starts_at"])


_SORT = Sort(
    "movement",
    "movements",
    {
        "Of": lambda record: record["organisation"],
        "By": lambda record: record["mode"],
        "Starts": _starts,
        "Told": lambda record: ", ".join(
            f"{each['party']} {each['units']}" for each in record["now"]["told"]
        ),
        "Look at": lambda record: ", ".join(each["kind"] for each in record["now"]["flags"]),
    },
)

command = group_of(
    _SORT, "Notify humanitarian movements: told to whom they name, never approved or denied."
)


@command.command("read")
@click.argument("path", metavar="FILE", type=PATH)
@click.option("--keep", is_flag=True, help="Keep what was read; nobody is told.")
@asks_node
def read(*, folder: Path, as_json: bool, path: Path, keep: bool) -> int:
    """Read movements from FILE: a .csv table, else the text of an e-mail.

    Everything that was not read is told. The exit code is 3 where something was not.
    """
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import one_of, print_json, print_rows, told_by

    format_ = "csv" if path.suffix.lower() == ".csv" else "mail"
    with node_client(folder) as node:
        told = node.ask(
            "POST",
            "/movement-readings",
            content=path.read_bytes(),
            content_type="text/plain; charset=utf-8",
            parameters={"format": format_, "name": path.name},
        ).json()
        for each in told["movements"] if keep else ():
            node.put(f"/movements/{each['id']}", each, expects="*")
        code = ExitCode.BAD_INPUT if told["unread"] else DONE
        if as_json:
            print_json(told)
            return code
        done = "kept" if keep else "read, not kept"
        with told_by(node, f"{one_of(len(told['movements']), 'movement')} {done}") as console:
            rows = ((each["id"], each["organisation"]) for each in told["movements"])
            print_rows(console, ("Id", "Of"), rows, none="None.")
            for each in told["unread"]:
                console.print(f"{each['place']}: {each['text']} ({each['remedy']})")
    return code


@command.command("release")
@click.argument("movement_id", metavar="ID")
@click.option("--line", required=True, help="To the party at the other end of this line.")
@click.option("--second", required=True, help="Who has read it with you.")
@_role
@asks_node
def release(
    *, folder: Path, as_json: bool, movement_id: str, line: str, second: str, role: str
) -> int:
    """Tell one named recipient of a movement, as it is kept now."""
    return released(folder, f"/movements/{movement_id}", (line, second, role), as_json=as_json)


@command.command("confirm")
@click.argument("movement_id", metavar="ID")
@click.option("--until", required=True, metavar="TIME", help="The new expiry.")
@asks_node
def confirm(*, folder: Path, as_json: bool, movement_id: str, until: str) -> int:
    """Say that a movement's notice still stands, until a later time."""
    return confirmed(folder, f"/movements/{movement_id}", until, as_json=as_json)


@command.command("mail")
@click.argument("movement_id", metavar="ID")
@asks_node
def mail(*, folder: Path, as_json: bool, movement_id: str) -> int:
    """Print a movement as the text of an e-mail."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json

    with node_client(folder) as node:
        text = node.get(f"/movements/{movement_id}")["now"]["mail"]
    if as_json:
        print_json({"mail": text})
    else:
        click.echo(text, nl=False)
    return DONE


@command.command("warn")
@click.argument("message_id", metavar="MESSAGE")
@click.argument("words", metavar="WORDS")
@_role
@asks_node
def warn(*, folder: Path, as_json: bool, message_id: str, words: str, role: str) -> int:
    """Have the movement of the notice MESSAGE warned of a hazard that you see."""
    from keepclear import compose
    from keepclear.cli.node_client import node_client

    with node_client(folder) as node:
        path = f"/messages/{message_id}/warnings/{compose.entropy().new_id()}"
        told = node.put(path, {"words": words, "role": role}, expects="")
        return _tell(node, [told], as_json=as_json)


@command.command("warnings")
@asks_node
def warnings(*, folder: Path, as_json: bool) -> int:
    """List hazard warnings, those that have still to reach their movement first."""
    from keepclear.cli.node_client import node_client

    with node_client(folder) as node:
        return _tell(node, node.get("/warnings")["items"], as_json=as_json)


@command.command("warned")
@click.argument("warning_id", metavar="WARNING")
@click.option("--means", type=_MEANS, help="By which; left out, it is sent over the line.")
@click.option("--reached/--not-reached", default=False, help="Whether the movement took it.")
@click.option("--words", default="", help="What they said to it.")
@_role
@asks_node
def warned(
    *,
    folder: Path,
    as_json: bool,
    warning_id: str,
    means: str | None,
    reached: bool,
    words: str,
    role: str,
) -> int:
    """Put on record how WARNING was passed on to its movement."""
    from keepclear import compose
    from keepclear.cli.node_client import node_client

    sent = {"means": means, "reached": reached, "words": words, "role": role}
    with node_client(folder) as node:
        path = f"/warnings/{warning_id}/steps/{compose.entropy().new_id()}"
        return _tell(node, [node.put(path, sent, expects="")], as_json=as_json)


def released(folder: Path, path: str, told: tuple[str, str, str], *, as_json: bool) -> int:
    """Tell one recipient of a movement or a site, and say where that stands."""
    from keepclear import compose
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by

    line, second, role = told
    sent = {"line": line, "second": second, "role": role}
    with node_client(folder) as node:
        done = node.put(f"{path}/releases/{compose.entropy().new_id()}", sent, expects="")
        if as_json:
            print_json(done)
            return DONE
        with told_by(node, f"{done['code']} {done['message']} on {done['line']}: {done['state']}"):
            return DONE


def confirmed(folder: Path, path: str, until: str, *, as_json: bool, **more: str) -> int:
    """Give a movement or a site a later expiry, in the version that stands now."""
    from keepclear.cli.kept import TOLD
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import moment, print_json, told_by
    from keepclear.formats.times import iso_text, parse_time

    with node_client(folder) as node:
        record = node.get(path)
        now = parse_time(record["now"]["at"])
        sent = {name: value for name, value in record.items() if name not in TOLD}
        sent |= {"expiry": iso_text(parse_time(until, reference=now)), "confirm_by": None, **more}
        kept = node.put(path, sent, expects=str(record["version"]))
        if as_json:
            print_json(kept)
            return DONE
        with told_by(node, f"confirmed until {moment(kept['expiry'])}") as console:
            console.print("Tell each recipient again: release it.")
    return DONE


def _tell(node: Any, items: list[dict[str, Any]], *, as_json: bool) -> int:
    from keepclear.cli.node_output import one_of, print_json, print_rows, told_by

    if as_json:
        print_json({"items": items})
        return DONE
    with told_by(node, one_of(len(items), "warning")) as console:
        rows = (
            (each["id"], "due" if each["is_due"] else "passed on", each["contact"], each["words"])
            for each in items
        )
        print_rows(console, ("Id", "", "Contact", "Words"), rows, none="None.")
    return DONE
