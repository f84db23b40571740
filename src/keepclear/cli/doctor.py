"""`keepclear doctor`: look at a node from outside, whether it runs or will not start."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keepclear.cli.exit_codes import DONE, ExitCode
from keepclear.cli.node_option import asks_node
from keepclear.errors import KeepclearError, StoreMissing

if TYPE_CHECKING:
    from keepclear.compose.folder import NodeFolder
    from keepclear.services.examined import Examined

MARKS = {"ok": "--", "warning": "??", "fault": "!!"}
STYLES = {"ok": "", "warning": "bold yellow", "fault": "bold red"}


@click.command("doctor")
@click.option("--quick", is_flag=True, help="Do not read the whole store for damage.")
@asks_node
def command(*, folder: Path, as_json: bool, quick: bool) -> int:
    """Examine a node, whether it runs or will not start.

    Files, rights, keys, clock, disk and store; if it runs, also what it says itself. Nothing
    is changed. Exit code 4 where there is a fault, else 0.
    """
    from keepclear.cli.node_output import print_json
    from keepclear.compose.facts import folder_facts
    from keepclear.compose.folder import NodeFolder
    from keepclear.services.examined import Status, worst_status
    from keepclear.services.examining_folder import examine_folder

    node = NodeFolder(folder)
    if not node.path.is_dir():
        raise StoreMissing(f"there is no folder {folder}")
    examined = [
        *_started_whole(node),
        *examine_folder(folder_facts(node, quick=quick)),
        *_settings(node),
        *_said_by_itself(node),
    ]
    if as_json:
        print_json({"checks": [{**e._asdict(), "status": e.status.value} for e in examined]})
    else:
        _print(node, examined)
    return ExitCode.INTERNAL_ERROR if worst_status(examined) is Status.FAULT else DONE


def _started_whole(node: NodeFolder) -> list[Examined]:
    from keepclear.services.examined import Examined, Status

    if not node.unfinished.exists():
        return []
    detail = "Making or restoring the node was broken off before it was done."
    return [Examined("node", Status.FAULT, detail, "Run the same command again.")]


def _settings(node: NodeFolder) -> list[Examined]:
    from keepclear.cli.settings import config_of
    from keepclear.services.examined import Examined, Status

    try:
        config_of(node, os.environ)
    except KeepclearError as error:
        return [Examined("settings", Status.FAULT, f"{error.message}.", error.remedy)]
    return [Examined("settings", Status.OK, "The settings can be used.")]


def _said_by_itself(node: NodeFolder) -> list[Examined]:
    """What a running node answers to /health; nothing where none runs."""
    from keepclear.cli.node_client import health_of
    from keepclear.compose.serving_record import running
    from keepclear.services.examined import Examined, Status

    serving = running(node)
    if serving is None:
        return []
    try:
        told = health_of(node, serving)
    except KeepclearError as error:
        return [Examined("answers", Status.FAULT, f"{error.message}.", error.remedy)]
    return [
        Examined(
            f"{each['name']} (by itself)", Status(each["status"]), each["detail"], each["remedy"]
        )
        for each in told["checks"]
    ]


def _print(node: NodeFolder, examined: Sequence[Examined]) -> None:
    from rich.text import Text

    from keepclear.cli.terminal import Terminal
    from keepclear.reports.wording import plain

    console = Terminal()
    mode = _mode(node)
    console.print(Text(f"{mode}  node in {node.path}".strip(), style="bold"), soft_wrap=True)
    for each in examined:
        status = each.status.value
        line = Text(f"{MARKS[status]} ").append(f"{each.name}: ", STYLES[status])
        console.print(line.append(plain(each.detail, 600)), soft_wrap=True)
        if each.remedy:
            console.print(Text(f"   remedy: {plain(each.remedy, 600)}"), soft_wrap=True)
    faults = sum(each.status.value == "fault" for each in examined)
    warnings = sum(each.status.value == "warning" for each in examined)
    console.print(f"faults {faults}, warnings {warnings}  {mode}".strip())


def _mode(node: NodeFolder) -> str:
    """The mode word; empty where the store does not tell."""
    from keepclear.compose.opening import read_store

    try:
        with read_store(node.store) as reader:
            return reader.identity.mode.value
    except KeepclearError:
        return ""
