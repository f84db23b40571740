"""`keepclear f3548 reports`: what went wrong between this node and others, and was reported."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.node_option import asks_node
from keepclear.errors import NotFound

if TYPE_CHECKING:
    from keepclear.services.uss.reported import Reported

_INDENT = "  "
_UUID_LENGTH = 36
_MOST_OF_A_PROBLEM = 160


@click.command("reports")
@click.option(
    "--days",
    type=click.IntRange(1, 3_650),
    default=7,
    show_default=True,
    metavar="DAYS",
    help="How far to look back.",
)
@click.option(
    "--details",
    "number",
    type=click.IntRange(1),
    metavar="N",
    help="Show the report of that number in the table, with what was asked and answered.",
)
@asks_node
def reports(*, folder: Path, as_json: bool, days: int, number: int | None) -> int:
    """Show reports of trouble: those this node made, and those made to it.

    A USS that answers wrongly, or a DSS, is told so by a report; others tell this node. The
    newest stands first, 200 at most. Tokens are never shown.

    They are kept for f3548.log_days (45 days unless set otherwise), as the log of exchanges is.
    DIR may be a node's, which may run meanwhile, or that of a DSS alone.
    """
    from keepclear.cli.node_output import print_json

    mode, found = _found(folder, days)
    if number is None:
        if as_json:
            print_json([_line(place, each) for place, each in enumerate(found, 1)])
        else:
            _print_table(mode, found, days)
        return DONE
    if number > len(found):
        raise NotFound(
            f"there is no report {number} in the last {days} days; there are {len(found)}",
            remedy="Look at the table, or further back with --days.",
        )
    one = found[number - 1]
    if as_json:
        print_json(_whole(number, one))
    else:
        _print_one(mode, number, one)
    return DONE


def _found(folder: Path, days: int) -> tuple[str, list[Reported]]:
    """In which mode the node is (nothing of a DSS alone), and its reports."""
    from datetime import timedelta

    from keepclear import compose
    from keepclear.cli.settings import config_of
    from keepclear.compose.folder import NodeFolder
    from keepclear.compose.reports_reading import report_sources
    from keepclear.services.uss.reported import reports as reports_in

    node = NodeFolder(folder)
    now = compose.clock().now()
    kept_days = config_of(node, os.environ).f3548.log_days
    with report_sources(node) as sources:
        since = now - timedelta(days=min(days, kept_days))
        return sources.mode, reports_in(sources, since, now)


def _print_table(mode: str, found: Sequence[Reported], days: int) -> None:
    from keepclear.cli.node_output import one_of, print_rows
    from keepclear.cli.terminal import Terminal

    console = Terminal()
    heading = f"{one_of(len(found), 'report')} in the last {one_of(days, 'day')}"
    console.print(f"{mode}  {heading}".strip(), style="bold")
    rows = [
        (place, _group(each), _between(each), each.became, _asked(each), _problem(each))
        for place, each in enumerate(found, 1)
    ]
    columns = ("No", "At", "Report", "Became", "Exchange", "What is wrong")
    print_rows(console, columns, rows, none="Nothing was reported, by this node or to it.")
    if rows:
        console.print("What was asked and answered: --details NO")
    if mode:
        console.print(mode)


def _print_one(mode: str, number: int, one: Reported) -> None:
    from keepclear.cli.terminal import Terminal
    from keepclear.reports.wording import plain

    exchange, console = one.exchange, Terminal()
    console.print(f"{mode}  report {number}, {_group(one)}".strip(), style="bold")
    told = (
        ("report", _between(one)),
        ("became", f"{one.became}, as {one.id}" if one.id else one.became),
        ("wrong", exchange.problem or "not said"),
        ("asked", f"{exchange.method} {exchange.url}"),
        ("asked at", _moment(exchange.request_time)),
        ("answered", f"{exchange.response_code or 'nothing'}"),
        ("answered at", _moment(exchange.response_time)),
        ("recorded", f"by the {exchange.recorder_role.lower()}"),
        *(("header", each) for each in exchange.headers or ()),
    )
    for name, text in told:
        if text:
            console.print(f"{name:13}{plain(text, 2_000)}", soft_wrap=True)
    for heading, text in (("request", one.asked), ("answer", one.answered)):
        console.print(f"body of the {heading}:" if text else f"body of the {heading}: none")
        for line in _readable(text):
            console.print(f"{_INDENT}{plain(line, 10_000)}", soft_wrap=True)
    if mode:
        console.print(mode)


def _group(one: Reported) -> str:
    from keepclear.reports.wording import date_time_group

    return date_time_group(one.at)


def _between(one: Reported) -> str:
    """Who told whom: "to USS uss.example", "from uss1, to our DSS"."""
    if one.way == "made":
        return f"to {one.receiver} {one.other}".rstrip()
    return f"from {one.other or 'somebody'}, to our {one.receiver}"


def _asked(one: Reported) -> str:
    """What was asked, as far as it tells one exchange from another, and how it was answered."""
    from urllib.parse import urlsplit

    exchange = one.exchange
    parts = urlsplit(exchange.url).path.split("/")[-2:]
    what = "/".join(f"{part[:8]}…" if len(part) == _UUID_LENGTH else part for part in parts)
    return f"{exchange.method} {what}: {exchange.response_code or 'nothing'}"


def _problem(one: Reported) -> str:
    from keepclear.reports.wording import plain

    return plain(one.exchange.problem or "", _MOST_OF_A_PROBLEM)


def _moment(time: Any) -> str:
    return time.value.isoformat() if time else ""


def _readable(text: str) -> Sequence[str]:
    """A body line by line; JSON with each field on its own."""
    import json
    from contextlib import suppress

    with suppress(ValueError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return text.splitlines()


def _line(number: int, one: Reported) -> dict[str, Any]:
    exchange = one.exchange
    return {
        "number": number,
        "at": one.at.isoformat(),
        "way": one.way.value,
        "receiver": one.receiver,
        "other": one.other,
        "became": one.became,
        "report_id": one.id or None,
        "method": exchange.method,
        "url": exchange.url,
        "response_code": exchange.response_code or None,
        "problem": exchange.problem,
    }


def _whole(number: int, one: Reported) -> dict[str, Any]:
    exchange = one.exchange
    return {
        **_line(number, one),
        "recorder_role": exchange.recorder_role,
        "request_time": _moment(exchange.request_time) or None,
        "response_time": _moment(exchange.response_time) or None,
        "headers": list(exchange.headers or ()),
        "request_body": one.asked,
        "response_body": one.answered,
    }
