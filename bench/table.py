"""The table a benchmark prints."""

from __future__ import annotations

from typing import NamedTuple

from rich.console import Console
from rich.table import Table


class Row(NamedTuple):
    """One measurement.

    Attributes:
        work: what was measured.
        ours: our figure.
        goal: what was promised; "none" where nothing was.
        anchor: what users have today.
    """

    work: str
    ours: str
    goal: str
    anchor: str


def print_rows(title: str, rows: list[Row]) -> None:
    """Print measurements as a table."""
    table = Table(title=title)
    for heading in ("work", "keepclear", "goal", "anchor"):
        table.add_column(heading)
    for row in rows:
        table.add_row(*row)
    Console(width=150).print(table)
