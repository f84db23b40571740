"""`keepclear consultation`: series of talks with their dates, actions and sessions."""

from __future__ import annotations

from typing import Any

from keepclear.cli.kept import Sort, group_of


def _next(record: dict[str, Any]) -> str:
    from keepclear.cli.node_output import moment

    if record["concluded_at"]:
        return "concluded"
    return moment(record["next_at"]) or "not dated"


_SORT = Sort(
    "consultation",
    "consultations",
    {
        "Title": lambda record: record["title"],
        "Next": _next,
        "Overdue": lambda record: record["now"]["overdue"] or "",
    },
)

command = group_of(_SORT, "Keep series of consultations: next date, agenda, actions, sessions.")
