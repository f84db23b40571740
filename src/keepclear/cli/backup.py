"""`keepclear backup`: a whole copy of a node's store, taken while it runs or not."""

from __future__ import annotations

from pathlib import Path

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.node_option import node_option
from keepclear.cli.parameters import PATH


@click.command("backup")
@click.argument("file", type=PATH, required=False)
@node_option
def command(*, folder: Path, file: Path | None) -> int:
    """Copy a node's store, while it runs or not.

    The copy goes to FILE and is checked before it gets its name.

    Without FILE, it goes into the node's folder `backups`, named by the time. It holds every
    plan and the whole ledger, but no keys: keep a copy of the folder `keys` apart from it. A DSS
    is left out: references that went back in time would hide what was filed since.
    """
    from keepclear import compose
    from keepclear.compose.backing_up import back_up
    from keepclear.compose.folder import NodeFolder

    node = NodeFolder(folder)
    now = compose.clock().now()
    target = file or node.backups / f"keepclear-{now:%Y%m%dT%H%M%SZ}.sqlite"
    made = back_up(node, target)
    mode = made.identity.mode
    click.echo(f"{mode}  {target} written, {target.stat().st_size:,} bytes")
    click.echo(f"it holds {made.entries:,} ledger entries, and no keys: copy {node.keys} apart")
    if node.dss.exists():
        click.echo(f"it holds no references of the DSS either: {node.dss} is not to be restored")
    if made.head is not None:
        click.echo(f"head {made.head.head.size} {made.head.head.root.hex()}")
    click.echo(str(mode))
    return DONE
