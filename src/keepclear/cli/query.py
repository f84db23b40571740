"""`keepclear query`: questions of purpose and ownership, beside what was declared."""

from __future__ import annotations

from typing import Any

from keepclear.cli.kept import Sort, read_group_of
from keepclear.cli.request import WORDS_SHOWN, state_text


def _asked_by(record: dict[str, Any]) -> str:
    return record["asked_by"] or "nobody"


def _state(record: dict[str, Any]) -> str:
    against = ", CONTRADICTED" if record["now"]["is_contradicted"] else ""
    return f"{state_text(record)}{against}"


def _said(record: dict[str, Any]) -> str:
    """The question, and what was declared last."""
    from keepclear.reports.wording import plain

    question = plain(record["question"], WORDS_SHOWN)
    if not record["statements"]:
        return question
    last = record["statements"][-1]
    declared = plain(": ".join(filter(None, (last["ownership"], last["words"]))), WORDS_SHOWN)
    return f"{question} {last['party']}: {declared}".strip()


_SORT = Sort("query", "queries", {"By": _asked_by, "State": _state, "Said": _said})

command = read_group_of(
    _SORT, "Read queries of purpose or ownership (M16) beside what was declared (M17)."
)
