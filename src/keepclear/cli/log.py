"""`keepclear log`: the watch log, added to and searched, never changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.groups import CommandGroup
from keepclear.cli.node_option import asks_node

_role = click.option("--role", required=True, help="On duty as what.")


@click.group("log", cls=CommandGroup)
def command() -> None:
    """Keep the watch log: a note is corrected only by another note."""


@command.command("add")
@click.argument("text")
@_role
@click.option("--line", default="", help="Which line it is about.")
@click.option("--about", multiple=True, metavar="ID", help="What it is about; may be repeated.")
@click.option("--contradicts", default="", metavar="ID", help="The M17 that it contradicts.")
@asks_node
def add(
    *,
    folder: Path,
    as_json: bool,
    text: str,
    role: str,
    line: str,
    about: tuple[str, ...],
    contradicts: str,
) -> int:
    """Write a note."""
    note = {
        "text": text,
        "role": role,
        "line": line,
        "about": list(about),
        "contradicts": contradicts,
    }
    return _put(folder, note, as_json=as_json)


@command.command("correct")
@click.argument("note_id", metavar="ID")
@click.argument("text")
@_role
@asks_node
def correct(*, folder: Path, as_json: bool, note_id: str, text: str, role: str) -> int:
    """Correct a note by another one; both stay."""
    return _put(folder, {"text": text, "role": role, "corrects": note_id}, as_json=as_json)


@command.command("list")
@click.option("--line", help="Only about this line.")
@click.option("--about", metavar="ID", help="Only about this thing.")
@asks_node
def list_notes(*, folder: Path, as_json: bool, line: str | None, about: str | None) -> int:
    """List notes, the last written first."""
    return _tell(folder, as_json=as_json, line=line, about=about)


@command.command("search")
@click.argument("words", nargs=-1, required=True)
@asks_node
def search(*, folder: Path, as_json: bool, words: tuple[str, ...]) -> int:
    """List notes in which every one of WORDS stands, in text, role, actor or subject."""
    return _tell(folder, as_json=as_json, q=" ".join(words))


def _put(folder: Path, note: dict[str, Any], *, as_json: bool) -> int:
    from keepclear import compose
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by

    name = compose.entropy().new_id()
    with node_client(folder) as node:
        kept = node.put(f"/watch-log/{name}", {**note, "id": name}, expects="")
        if as_json:
            print_json(kept)
            return DONE
        with told_by(node, f"note {kept['id']} written"):
            return DONE


def _tell(folder: Path, *, as_json: bool, **asked: str | None) -> int:
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import moment, one_of, print_json, print_rows, told_by

    with node_client(folder) as node:
        page = node.get("/watch-log", limit=500, **asked)
        if as_json:
            print_json({"items": page["items"], "total": page["total"]})
            return DONE
        with told_by(node, one_of(page["total"], "note")) as console:
            rows = (
                (each["id"], moment(each["at"]), each["actor"] or each["role"], _text(each))
                for each in page["items"]
            )
            columns = ("Id", "Written", "By", "Text")
            print_rows(console, columns, rows, none="No note.")
    return DONE


def _text(note: dict[str, Any]) -> str:
    if note["corrects"]:
        return f"corrects {note['corrects'][:8]}: {note['text']}"
    later = " ".join(each[:8] for each in note["now"]["corrected_by"])
    return f"{note['text']} (corrected by {later})" if later else str(note["text"])
