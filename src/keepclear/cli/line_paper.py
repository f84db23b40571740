"""`keepclear line export|import|mail`: envelopes of a line as files, and by mail."""

from __future__ import annotations

from pathlib import Path

import click

from keepclear.cli.exit_codes import DONE, ExitCode
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import PATH

_takes_line = click.argument("line")


@click.command("export")
@_takes_line
@click.option("-o", "--output", "path", required=True, type=PATH, help="The file to write.")
@click.option("--everything", is_flag=True, help="Also what was delivered: for a restored node.")
@asks_node
def export(*, folder: Path, as_json: bool, line: str, path: Path, everything: bool) -> int:
    """Write what waits on LINE, and receipts for what came, as a bundle."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json

    with node_client(folder) as node:
        parameters = {"everything": everything or None}
        told = node.ask("POST", f"/lines/{line}/bundle", parameters=parameters)
    path.write_bytes(told.content)
    count = {
        "envelopes": int(told.headers["keepclear-envelopes"]),
        "receipted": int(told.headers["keepclear-receipted"]),
    }
    if as_json:
        print_json({"file": str(path), **count})
    else:
        click.echo(f"{path}: {count['envelopes']} envelopes, {count['receipted']} receipted")
    return DONE


@click.command("import")
@_takes_line
@click.argument("path", metavar="FILE", type=PATH)
@click.option("--reply", "reply_path", type=PATH, help="Write the bundle that goes back.")
@asks_node
def take(*, folder: Path, as_json: bool, line: str, path: Path, reply_path: Path | None) -> int:
    """Take in a bundle of LINE that the other party wrote.

    The exit code is 1 where something of it was not taken.
    """
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json

    with node_client(folder) as node:
        told = node.ask(
            "PUT", f"/lines/{line}/bundle", content=path.read_bytes(),
            content_type="application/x-keepclear-bundle",
        ).json()  # fmt: skip
        if reply_path is not None:
            reply_path.write_bytes(node.ask("POST", f"/lines/{line}/bundle").content)
    if as_json:
        print_json(told)
    else:
        counts = ", ".join(f"{count} {result}" for result, count in told["results"].items())
        click.echo(f"{told['sender']}: {counts or 'no envelopes'}; {told['settled']} receipted")
        for each in told["missing"]:
            click.echo(f"missing: {each['epoch']}/{each['first']} to {each['last']}")
        if told["receipts_refused"]:
            click.echo(f"receipts refused: {told['receipts_refused']}")
    bad = {"refused", "quarantined"} & set(told["results"])
    return ExitCode.CONFLICT if bad or told["receipts_refused"] else DONE


@click.command("mail")
@click.argument("line", required=False)
@asks_node
def mail(*, folder: Path, as_json: bool, line: str | None) -> int:
    """Mail what waits on LINE as a bundle; without LINE, take in every mail that waits.

    The exit code is 1 where something was not taken.
    """
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json

    with node_client(folder) as node:
        if line is not None:
            click.echo(f"mailed to {node.ask('POST', f'/lines/{line}/mail').json()['to']}")
            return DONE
        told = node.ask("POST", "/mail").json()
    if as_json:
        print_json(told)
    else:
        click.echo(
            f"{told['mails']} mails: {len(told['texts'])} texts, {told['bundles']} bundles, "
            f"{len(told['refused'])} refused"
        )
        for each in told["refused"]:
            from keepclear.reports.wording import plain

            click.echo(f"refused: {plain(each, 500)}")
    return ExitCode.CONFLICT if told["refused"] else DONE
