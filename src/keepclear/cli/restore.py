"""`keepclear restore`: take a backup into use."""

from __future__ import annotations

from pathlib import Path

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.node_option import node_option
from keepclear.cli.parameters import PATH


@click.command("restore")
@click.argument("file", type=PATH)
@node_option
@click.option(
    "--keys", type=PATH, metavar="DIR", help="Your safe copy of the node's folder `keys`."
)
@click.option(
    "--root",
    type=PATH,
    metavar="FILE",
    help="The party's root key: has a new node key made, where the node's own is lost.",
)
def command(*, file: Path, folder: Path, keys: Path | None, root: Path | None) -> int:
    """Take a backup into use.

    In a new folder, or in place of a stopped node's store, which is kept beside it. The
    ledger goes on in a new epoch, so that other parties can tell a restored node from one
    that was tampered with.
    """
    from keepclear.cli.init import root_from
    from keepclear.compose.folder import NodeFolder
    from keepclear.compose.restoring import restore_node

    done = restore_node(
        NodeFolder(folder), file, keys=keys, root=None if root is None else root_from(root)
    )
    mode = done.identity.mode
    click.echo(f"{mode}  {done.identity.party}'s node restored in {folder}")
    click.echo(f"ledger: {done.entries:,} entries from the backup, now in epoch {done.epoch}")
    if done.kept is not None:
        click.echo(f"the store before it is kept in {done.kept}")
    click.echo("tell the other parties: what was answered after the backup is not in it")
    click.echo(str(mode))
    return DONE
