"""`keepclear init`: make a party's node."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.files import read_file
from keepclear.cli.node_option import VARIABLE, default_folder, node_option
from keepclear.cli.parameters import MODE, PARTY, PATH
from keepclear.model.node import NodeKind
from keepclear.model.operation import Mode

if TYPE_CHECKING:
    from keepclear.compose.folder import NodeFolder
    from keepclear.compose.making import Made
    from keepclear.identity.keys import PartyRoot

KIND_OF_MODE = {Mode.EXERCISE: NodeKind.INTEGRATED, Mode.REAL: NodeKind.TERMINAL}
"""What a node is unless told otherwise: real plans of a classified side stay off the line."""


@click.command("init")
@node_option
@click.option("--party", type=PARTY, required=True, help="Whose node it is, such as BLUE.")
@click.option("--mode", type=MODE, required=True, help="EXERCISE or REAL; never changed later.")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in NodeKind]),
    help="integrated (own plans and the line in one) or terminal (own plans come from files "
    "alone); never changed later.  [default: integrated for EXERCISE, terminal for REAL]",
)
@click.option("--agreement", type=PATH, metavar="FILE", help="An agreement to file at once.")
@click.option(
    "--root",
    type=PATH,
    metavar="FILE",
    help="The party's root key, where it has one; it is read, not copied. Else one is made.",
)
def command(
    *,
    folder: Path,
    party: str,
    mode: Mode,
    kind: str | None,
    agreement: Path | None,
    root: Path | None,
) -> int:
    """Make a party's node in a new folder.

    It gets keys, a certificate, a token, settings and an empty store.
    """
    from keepclear.cli.inputs import agreement_from
    from keepclear.compose.folder import NodeFolder
    from keepclear.compose.making import make_node

    if agreement is not None:
        agreement_from(agreement)
    made = make_node(
        NodeFolder(folder),
        party=party,
        mode=mode,
        kind=NodeKind(kind) if kind else KIND_OF_MODE[mode],
        agreement=None if agreement is None else read_file(agreement),
        root=None if root is None else root_from(root),
    )
    _tell(NodeFolder(folder), made, agreement is not None)
    return DONE


def root_from(path: Path) -> PartyRoot:
    """A party's root key from its file.

    Raises:
        InvalidInput: it cannot be read.
        KeyFault: it is no such key.
    """
    from keepclear.identity.keys import PartyRoot

    return PartyRoot.from_pem(read_file(path, most_bytes=100_000))


def _tell(folder: NodeFolder, made: Made, has_agreement: bool) -> None:
    from keepclear.identity.fingerprints import fingerprint
    from keepclear.reports.wording import date_time_group

    identity, keys = made.identity, made.keys
    until = date_time_group(keys.certificate.valid.end)
    for line in (
        f"{identity.mode}  {identity.party}'s {identity.kind} node made in {folder.path}",
        f"node         {identity.id}",
        f"root         {fingerprint(keys.root_public_key)}",
        f"node key     {keys.node.fingerprint}, certified until {until}",
        "",
        "Read the root's six groups to the other parties by voice and have them write them down;",
        "whoever sends other ones is not you. Hear theirs the same way.",
        "",
        "Next:",
        *(_steps(folder, made, has_agreement=has_agreement)),
        str(identity.mode),
    ):
        click.echo(line)


def _steps(folder: NodeFolder, made: Made, *, has_agreement: bool) -> list[str]:
    node = "" if folder.path == default_folder() else f" --node {folder.path}"
    steps = []
    if made.made_root:
        steps.append(f"move {folder.root_key} to a safe place; the node runs without it")
    if not has_agreement:
        steps.append(f"keepclear agreement file{node} FILE   (without one, answers cannot say)")
    steps.append(f"keepclear serve{node}")
    steps.append(f"keep a copy of {folder.keys} in a safe place; backups hold no keys")
    told = [f"  {number}. {step}" for number, step in enumerate(steps, start=1)]
    return [*told, f"     ({VARIABLE} names the folder in place of --node)"] if node else told
