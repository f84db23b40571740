"""`keepclear posture`: what a party declared of itself, kept as said, and looked at again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from keepclear.cli.kept import Sort, add_to_record, group_of
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import MOMENT
from keepclear.cli.request import words_text


def _again(record: dict[str, Any]) -> str:
    from keepclear.cli.node_output import moment

    overdue = " OVERDUE" if record["now"]["is_overdue"] else ""
    return f"{moment(record['now']['due_at'])}{overdue}" or "never"


_SORT = Sort(
    "posture",
    "postures",
    {"Of": lambda record: record["party"], "Look again": _again, "Words": words_text},
)

command = group_of(_SORT, "Keep declared postures as said, and look at them again.")


@command.command("review")
@click.argument("posture_id", metavar="ID")
@click.argument("words", metavar="WORDS")
@click.option("--again", type=MOMENT, help="When to look next; else nobody is reminded.")
@click.option("--role", default="duty officer", show_default=True, help="On duty as what.")
@asks_node
def review(
    *, folder: Path, as_json: bool, posture_id: str, words: str, again: datetime | None, role: str
) -> int:
    """Put on record in WORDS what was found on looking again; what was declared stays."""
    from keepclear.formats.times import iso_text

    next_look = {} if again is None else {"review_at": iso_text(again)}
    found = {"role": role, "words": words}
    return add_to_record(folder, _SORT, posture_id, "reviews", found, as_json=as_json, **next_look)
