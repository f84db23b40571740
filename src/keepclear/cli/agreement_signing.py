"""`keepclear agreement sign` and `accept`: the roots' signatures under an agreement."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keepclear.cli.agreement_store import stored_agreement
from keepclear.cli.exit_codes import DONE
from keepclear.cli.files import read_file, require_new, write_file
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import PATH
from keepclear.errors import InvalidFile, StoreMissing

if TYPE_CHECKING:
    from keepclear.cli.node_client import NodeClient


@click.command("sign")
@click.argument("named", metavar="ID[/VERSION]")
@click.option(
    "--root",
    type=PATH,
    metavar="FILE",
    help="The party's root key; it is read, not copied. Else root.key in the node's keys.",
)
@click.option("-o", "--output", type=PATH, help="Where the signature goes, for the other party.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@asks_node
def sign_agreement(
    *,
    folder: Path,
    as_json: bool,
    named: str,
    root: Path | None,
    output: Path | None,
    force: bool,
) -> int:
    """Have the party's root sign an agreement that is filed, and keep the signature.

    Give the file to the other party, who takes it in with `keepclear agreement accept`.
    """
    from keepclear import compose
    from keepclear.cli.init import root_from
    from keepclear.cli.node_client import node_client
    from keepclear.compose.folder import NodeFolder
    from keepclear.compose.keys import read_keys
    from keepclear.formats.agreement import read_agreement
    from keepclear.formats.documents.card import signature_bytes
    from keepclear.identity import agreement_signatures

    node_folder = NodeFolder(folder)
    if not node_folder.is_node:
        raise StoreMissing(f"there is no node in {folder}")
    if output is not None:
        require_new(output, force=force)
    agreement = read_agreement(stored_agreement(folder, named), name=named)
    signature = agreement_signatures.sign_agreement(
        root_from(root or node_folder.root_key),
        agreement,
        party=read_keys(node_folder).certificate.party,
        at=compose.clock().now(),
    )
    text = signature_bytes(signature)
    with node_client(folder) as node:
        kept = _put(node, json.loads(text))
        if output is not None:
            write_file(output, text + b"\n")
        _tell(node, kept, as_json=as_json)
        if output is not None and not as_json:
            click.echo(f"{output} written: give it to the other party")
    return DONE


@click.command("accept")
@click.argument("file", type=PATH)
@asks_node
def accept_signature(*, folder: Path, as_json: bool, file: Path) -> int:
    """Take in another party's signature under an agreement that is filed here."""
    from keepclear.cli.node_client import node_client

    try:
        document = json.loads(read_file(file, most_bytes=100_000))
        str(document["agreement"]), int(document["version"]), str(document["party"])
    except (ValueError, KeyError, TypeError):
        raise InvalidFile(
            "this is no signature under an agreement",
            file=str(file),
            remedy="Have the other party write one with `keepclear agreement sign -o FILE`.",
        ) from None
    with node_client(folder) as node:
        _tell(node, _put(node, document), as_json=as_json)
    return DONE


def _put(node: NodeClient, document: dict[str, Any]) -> dict[str, Any]:
    from urllib.parse import quote

    agreement, party = quote(document["agreement"], safe=""), quote(document["party"], safe="")
    path = f"/agreements/{agreement}/versions/{document['version']}/signatures/{party}"
    kept: dict[str, Any] = node.put(path, document, expects="")
    return kept


def _tell(node: NodeClient, kept: dict[str, Any], *, as_json: bool) -> None:
    from keepclear.cli.node_output import print_json, told_by

    if as_json:
        print_json(kept)
        return
    heading = f"{kept['party']}'s signature under {kept['agreement']} version {kept['version']}"
    with told_by(node, heading) as console:
        console.print(f"digest {kept['digest']}")
        console.print(f"root {kept['fingerprint']}: compare it with the party by voice")
