"""What a node answered, on stdout: JSON as it came, or a table between two mode words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from keepclear.cli.node_client import NodeClient
from keepclear.cli.terminal import Terminal
from keepclear.reports.wording import date_time_group, plain

MOST_UNBROKEN = 14
"""Columns with nothing longer are never broken; a date-time group has twelve characters."""
LONGEST_NAME = 36
"""Nor is a first column with nothing longer; so long is a UUID."""


def print_json(document: object) -> None:
    """Print a document for programs: ASCII, indented."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=True, allow_nan=False))


@contextmanager
def told_by(node: NodeClient, heading: str) -> Iterator[Console]:
    """Print between the two mode words; the first stands before the heading."""
    about: dict[str, Any] = node.get("/node")
    mode, console = str(about["mode"]), Terminal()
    told = f"{mode}  {plain(about['party'], 24)}: {plain(heading, 300)}"
    console.print(Text(told, style="bold"), soft_wrap=True)
    yield console
    console.print(mode)


def print_rows(
    console: Console, columns: Sequence[str], rows: Iterable[Sequence[object]], *, none: str
) -> None:
    """Print a table as wide as the terminal; `none` is said where it has no rows."""
    told = [[plain(str(cell), 300) for cell in row] for row in rows]
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    for place, column in enumerate(columns):
        longest = max((len(row[place]) for row in told), default=0)
        # What a thing is called is copied into the next command: never broken, nor is a time.
        whole = longest <= (LONGEST_NAME if place == 0 else MOST_UNBROKEN)
        table.add_column(
            column, overflow="fold", no_wrap=whole, min_width=longest if whole else None
        )
    for row in told:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table if table.row_count else none)


def short(text: str) -> str:
    """An id short enough for a table; the JSON has all of it."""
    return text if len(text) <= 20 else f"{text[:8]}…"


def moment(text: str | None) -> str:
    """A time of a document as a date-time group; empty for none."""
    return date_time_group(datetime.fromisoformat(text)) if text else ""


def one_of(count: int, noun: str) -> str:
    """A count with its noun: "1 operation", "1,204 operations"."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
