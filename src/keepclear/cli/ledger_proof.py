"""`keepclear ledger prove` and `check-proof`: one entry, proved to whoever trusts no store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import PATH
from keepclear.errors import InvalidFile, LedgerBroken

CERTIFICATE_HELP = "The node's certificate (keys/node.cert.json) as its party gave it to you."


@click.command("prove")
@click.argument("number", type=click.IntRange(0))
@click.option("-o", "--output", type=PATH, help="File to write; stdout if left out.")
@click.option("--withhold", is_flag=True, help="Keep the content back; the place is proved alone.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@asks_node
def prove(
    *,
    folder: Path,
    as_json: bool,
    number: int,
    output: Path | None,
    withhold: bool,
    force: bool,
) -> int:
    """Write the proof that entry NUMBER stands in the ledger, for another party to check."""
    from keepclear.cli.files import require_new, write_file
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json, told_by

    del as_json
    if output is not None:
        require_new(output, force=force)
    with node_client(folder) as node:
        proof = node.get(f"/ledger/entries/{number}/proof", withhold=withhold)
        if output is None:
            print_json(proof)
            return DONE
        write_file(output, f"{json.dumps(proof, indent=2)}\n".encode())
        with told_by(node, f"proof of entry {number} written to {output}"):
            return DONE


@click.command("check-proof")
@click.argument("file", type=PATH)
@click.option("--certificate", type=PATH, metavar="FILE", help=CERTIFICATE_HELP)
@click.option("--root", "root_hex", metavar="HEX", help="The root of the head, as you know it.")
def check_proof(*, file: Path, certificate: Path | None, root_hex: str | None) -> int:
    """Check a proof that a node wrote, without any node.

    Without a --certificate the head's signature is not checked, and only what is said of
    the entry under that head. Compare fingerprints by voice before you trust a certificate.
    """
    from keepclear.reports.wording import plain

    proof = _read(file)
    head = proof["head"]
    _require_leaf(proof)
    _require_path(proof)
    if root_hex is not None and root_hex.lower() != head["root"]:
        raise LedgerBroken("the proof is under another head than the one you know")
    signed = "not checked" if certificate is None else _signer(proof, certificate)
    content = proof.get("payload")
    mode = json.loads(content)["mode"] if content else ""
    click.echo(f"{mode}  entry {proof['number']} stands in the ledger".strip())
    click.echo(f"head   {head['size']} entries, root {head['root']}, of {head['at']}")
    click.echo(f"signed {signed}")
    click.echo(plain(content, 100_000) if content else "its content is withheld")
    if mode:
        click.echo(mode)
    return DONE


def _read(file: Path) -> dict[str, Any]:
    from keepclear.cli.op_filing import read_document

    proof = read_document(file)
    try:
        head = proof["head"]
        needed = (proof["number"], proof["leaf"], proof["path"], head["size"], head["root"])
        for text in (proof["leaf"], head["root"], *proof["path"]):
            bytes.fromhex(text)
        int(needed[0]), int(head["size"])
    except (KeyError, TypeError, ValueError):
        raise InvalidFile(
            "this is no proof as `keepclear ledger prove` writes it", file=str(file)
        ) from None
    return proof


def _require_leaf(proof: dict[str, Any]) -> None:
    """See that the content is what the leaf was made of; a withheld one proves its place alone."""
    from keepclear.ledger.leaves import leaf_hash

    if "payload" not in proof:
        return
    salt = bytes.fromhex(proof["salt"])
    if leaf_hash(salt, proof["payload"].encode()).hex() != proof["leaf"]:
        raise LedgerBroken("the content is not what the leaf was made of")


def _require_path(proof: dict[str, Any]) -> None:
    from keepclear.ledger.proofs import inclusion_holds

    path = tuple(bytes.fromhex(each) for each in proof["path"])
    head = proof["head"]
    leaf, root = bytes.fromhex(proof["leaf"]), bytes.fromhex(head["root"])
    if not inclusion_holds(leaf, proof["number"], head["size"], path, root):
        raise LedgerBroken("the path does not lead from the entry to the head's root")


def _signer(proof: dict[str, Any], certificate_path: Path) -> str:
    """Who signed the head, after its signature was checked."""
    from keepclear.cli.files import read_file
    from keepclear.identity.certificates import certificate_of
    from keepclear.identity.fingerprints import fingerprint
    from keepclear.identity.signatures import verify
    from keepclear.ledger.heads import TreeHead, head_bytes
    from keepclear.ledger.moments import moment_of

    told = proof["head"]
    certificate = certificate_of(read_file(certificate_path))
    head = TreeHead(
        told["size"],
        bytes.fromhex(told["root"]),
        moment_of(told["at"]),
        told["node"],
        told["epoch"],
    )
    signature = bytes.fromhex(told["signature"])
    if certificate.node_id != head.node or not verify(
        certificate.public_key, head_bytes(head), signature
    ):
        raise LedgerBroken("the head was not signed by the key of this certificate")
    return (
        f"by {certificate.party}'s node {certificate.node_id}, "
        f"key {fingerprint(certificate.public_key)}"
    )
