"""`keepclear op import` and `op export`: plans between files and the node."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from keepclear.cli.exit_codes import DONE, ExitCode
from keepclear.cli.node_option import asks_node, node_option
from keepclear.cli.parameters import MODE, PARTY, PATH
from keepclear.model.operation import Mode

FORMATS = ("geojson", "kml", "kmz", "csv", "everything")
MOST_SHOWN = 20


@click.command("import")
@click.argument("file", type=PATH)
@click.option("--party", type=PARTY, help="Whose plans they are where a feature does not say.")
@click.option("--mode", type=MODE, help="EXERCISE or REAL where the file does not say.")
@click.option("--skip-invalid", is_flag=True, help="Leave unusable features out.")
@click.option(
    "--whole-set", is_flag=True, help="FILE is all its parties released: end what it lacks."
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, store nothing.")
@asks_node
def take_in(*, folder: Path, as_json: bool, file: Path, mode: Mode | None, **asked: Any) -> int:
    """Take the plans of a file in: GeoJSON, KML, KMZ or CSV; all of it or nothing.

    The exit code is the worst answer to our own operations among them; with features left
    out it is at best cannot say.
    """
    from keepclear import compose
    from keepclear.cli.files import read_file
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by
    from keepclear.cli.op_answers import worst_of

    data = read_file(file)
    parameters = {"name": file.name, "mode": mode and mode.value, **asked}
    with node_client(folder) as node:
        report = node.ask(
            "PUT",
            f"/imports/{compose.entropy().new_id()}",
            parameters=parameters,
            content=data,
            content_type="application/octet-stream",
        ).json()
        if as_json:
            print_json(report)
        else:
            heading = f"{file.name} {'would be taken in' if asked['dry_run'] else 'taken in'}"
            with told_by(node, heading) as console:
                for line in _lines(report):
                    console.print(line, soft_wrap=True)
    code = worst_of(report["answers"])
    left_out = bool(report["rejected"]) and code is ExitCode.NO_CONFLICT_FOUND
    return ExitCode.CANNOT_SAY if left_out else code


def _lines(report: dict[str, Any]) -> list[str]:
    from keepclear.cli.node_output import one_of
    from keepclear.reports.wording import plain

    rejected = report["rejected"]
    told = {
        "new": len(report["taken"]),
        "changed": len(report["changed"]),
        "unchanged": report["unchanged"],
        "ended": len(report["ended"]),
        "zones": report["zones"],
        "coverage statements": report["coverages"],
    }
    lines = [", ".join(f"{name} {count:,}" for name, count in told.items())]
    for one in rejected[:MOST_SHOWN]:
        lines.append(f"left out: {plain(one['place'])}: {plain(one['text'], 400)}")
        lines.append(f"  remedy: {plain(one['remedy'], 400)}")
    if len(rejected) > MOST_SHOWN:
        lines.append(f"… and {one_of(len(rejected) - MOST_SHOWN, 'feature')} more left out")
    answered = [f"{count:,} {verdict}" for verdict, count in report["answers"].items() if count]
    if answered:
        lines.append(f"answers: {', '.join(answered)}")
    return lines


@click.command("export")
@click.argument("form", metavar="FORMAT", type=click.Choice(FORMATS))
@click.option("-o", "--output", type=PATH, required=True, help="File to write.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@click.option("--state", "states", multiple=True, help="Only these; `live` is all not ended.")
@click.option("--party", type=PARTY, help="Only of this party.")
@node_option
def export(
    *,
    folder: Path,
    form: str,
    output: Path,
    force: bool,
    states: tuple[str, ...],
    party: str | None,
) -> int:
    """Write operations to a file: geojson, kml, kmz or csv; `everything` is a zip of all."""
    from keepclear.cli.files import require_new, write_file
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import one_of, told_by

    require_new(output, force=force)
    with node_client(folder) as node:
        parameters = {"state": states or None, "party": party}
        answered = node.ask("GET", f"/exports/{form}", parameters=parameters)
        write_file(output, answered.content)
        with told_by(node, f"{output} written, {len(answered.content):,} bytes") as console:
            lost = int(answered.headers.get("keepclear-losses", "0"))
            if lost:
                lost_words = one_of(lost, "detail")
                console.print(f"{form} cannot hold {lost_words}; `everything` loses nothing")
    return DONE
