"""`keepclear request`: what one side asked of the other, and what became of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from keepclear.cli.kept import Sort, add_to_record, group_of
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import MOMENT

WORDS_SHOWN = 80
"""So much of what was said stands in a list; `show` has all of it."""


def state_text(record: dict[str, Any]) -> str:
    """Where something asked is, and by when it is due."""
    from keepclear.cli.node_output import moment

    now = record["now"]
    due = now["due_at"] if "due_at" in now else record["answer_by"]
    if now["remaining_s"] is None:
        late = ", late" if now["is_late"] else ""
        return f"{now['state']}{late}"
    overdue = ", OVERDUE" if now["is_overdue"] else ""
    return f"{now['state']} by {moment(due)}{overdue}"


def words_text(record: dict[str, Any]) -> str:
    """What was said, as far as a row has room."""
    from keepclear.reports.wording import plain

    return plain(record["words"], WORDS_SHOWN)


_SORT = Sort(
    "request",
    "requests",
    {"By": lambda record: record["asked_by"], "State": state_text, "Words": words_text},
)

command = group_of(_SORT, "Keep requests with their life; considered is not accepted.")


@command.command("step")
@click.argument("request_id", metavar="ID")
@click.argument("act", type=click.Choice(["consider", "answer", "decline"]))
@click.option("--words", default="", help="As said.")
@click.option("--until", type=MOMENT, help="Of `consider`: until when.")
@click.option("--role", default="duty officer", show_default=True, help="On duty as what.")
@asks_node
def step(
    *,
    folder: Path,
    as_json: bool,
    request_id: str,
    act: str,
    words: str,
    until: datetime | None,
    role: str,
) -> int:
    """Put on record what became of a request, now by the node's clock.

    A request that came as a message is answered by `keepclear message answer` and `message act`.
    """
    from keepclear.formats.times import iso_text

    added = {
        "act": act,
        "role": role,
        "words": words,
        "until": None if until is None else iso_text(until),
    }
    return add_to_record(folder, _SORT, request_id, "steps", added, as_json=as_json)
