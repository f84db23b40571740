"""Lines on stdout: a table of all, one with its channels, checks, and the history of contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from keepclear.cli.node_client import NodeClient
from keepclear.cli.node_output import moment, one_of, print_json, print_rows, short, told_by
from keepclear.reports.wording import plain

Document = Mapping[str, Any]


def print_lines(node: NodeClient, lines: Sequence[Document]) -> None:
    """All lines, a row each."""
    with told_by(node, one_of(len(lines), "line")) as console:
        rows = (
            (
                each["id"],
                each["state"],
                moment(each["since"]),
                _declared(each["declared"]),
                moment(each["last_answered_check_at"]),
                moment(each["next_check_due"]),
                str(each["waiting"]),
            )
            for each in lines
        )
        columns = ("Line", "State", "Since", "Declared", "Answered", "Next check", "Waiting")
        print_rows(console, columns, rows, none="There is no line to any party.")


def print_line(node: NodeClient, line: Document) -> None:
    """One line: its state, why, and each channel with its two facts."""
    heading = f"line {line['id']} {line['state']} since {moment(line['since'])}"
    with told_by(node, heading) as console:
        for text in (*line["reasons"], *line["cautions"]):
            console.print(f"  {plain(text, 300)}", markup=False, soft_wrap=True)
        _print_channels(console, line)
        if line["caution_factor"] > 1:
            console.print(f"Own buffers are {line['caution_factor']:g} times as wide.")
        if line["lapse"] is not None:
            _print_datings(console, line["lapse"]["datings"])
        if line["restoration"] is not None:
            _print_restoration(console, line["restoration"])
        if line["restoration_steps"]:
            console.print(f"May be given now: {', '.join(line['restoration_steps'])}")


def print_check(node: NodeClient, check: Document, *, as_json: bool) -> None:
    """One check, as it stands."""
    if as_json:
        print_json(check)
        return
    cause = f" ({check['cause']})" if check["cause"] else ""
    heading = f"check {check['id']} over {check['channel']}: {check['result']}{cause}"
    with told_by(node, heading) as console:
        console.print(f"  {plain(check['text'], 300)}", markup=False, soft_wrap=True)
        console.print(f"  expected: {plain(check['expected'], 300)}", markup=False, soft_wrap=True)


def print_history(node: NodeClient, history: Document) -> None:
    """The contacts of a line, and what each source says of the last."""
    with told_by(node, f"{one_of(history['total'], 'contact')} on {history['line']}") as console:
        rows = (
            (
                each["at"]["text"],
                each["kind"],
                each["level"],
                each["channel"] or "",
                f"{each['side']}: {each['source']}",
            )
            for each in history["contacts"]
        )
        columns = ("When", "What", "Level", "By", "As told by")
        print_rows(console, columns, rows, none="No contact is known.")
        _print_datings(console, history["datings"])


def _print_channels(console: Console, line: Document) -> None:
    rows = (
        (
            each["id"],
            each["order"],
            _declared(each["declared"]),
            each["observed"],
            moment(each["last_answered_at"]),
            each["cause"] or "",
        )
        for each in line["channels"]
    )
    columns = ("Channel", "Order", "Declared", "Observed", "Answered", "Cause")
    print_rows(console, columns, rows, none="It has no channel.")


def _print_datings(console: Console, datings: Sequence[Document]) -> None:
    for each in datings:
        days = f"{each['at_least_s'] / 86_400:,.0f} to {each['at_most_s'] / 86_400:,.0f} days ago"
        text = f"last contact {plain(each['text'], 80)}, {days}, says {plain(each['source'], 80)}"
        console.print(f"  {text}", markup=False, soft_wrap=True)


def _print_restoration(console: Console, restoration: Document) -> None:
    name = short(restoration["id"])
    ours, theirs = (", ".join(restoration[side]) or "nothing" for side in ("ours", "theirs"))
    console.print(f"Restoration {name}: we gave {ours}; they gave {theirs}", soft_wrap=True)


def _declared(declared: Document) -> str:
    return f"us {declared['us']}, them {declared['them']}"
