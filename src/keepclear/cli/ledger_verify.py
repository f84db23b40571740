"""`keepclear ledger verify`: every entry and head again, from the stored bytes alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keepclear.cli.exit_codes import DONE, ExitCode
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import PATH
from keepclear.errors import InvalidFile, StoreMissing

if TYPE_CHECKING:
    from keepclear.compose.folder import NodeFolder
    from keepclear.ledger.verifying import VerificationReport, Verify, Witness
    from keepclear.model.operation import Mode
    from keepclear.ports.store import View

MOST_SHOWN = 20


@click.command("verify")
@click.option("--signatures", is_flag=True, help="Also check who signed each head.")
@click.option(
    "--witness",
    "witnesses",
    type=PATH,
    multiple=True,
    metavar="FILE",
    help="A head that another party kept (`ledger head --json`); finds what was cut off or "
    "rewritten since.",
)
@click.option("--thorough", is_flag=True, help="Look at every byte of each entry; takes longer.")
@click.option("--store", type=PATH, metavar="FILE", help="A backup, in place of the node's store.")
@asks_node
def verify(
    *,
    folder: Path,
    as_json: bool,
    signatures: bool,
    witnesses: tuple[Path, ...],
    thorough: bool,
    store: Path | None,
) -> int:
    """Verify the whole ledger, reading the store itself; the node may run meanwhile.

    Exit code 4 where the ledger does not hold, 0 where it does.
    """
    from keepclear.cli.progress import progress_on_stderr
    from keepclear.compose.folder import NodeFolder
    from keepclear.compose.opening import read_store
    from keepclear.services.proving import verify_ledger

    node = NodeFolder(folder)
    path = store or node.store
    if not path.is_file():
        raise StoreMissing(f"there is no store at {path}")
    with (
        read_store(path) as reader,
        reader.view() as view,
        progress_on_stderr() as progress,
    ):
        report = verify_ledger(
            view,
            verify=_verifier(view, node, reader.identity.id) if signatures else None,
            witnesses=[_witness(each) for each in witnesses],
            thorough=thorough,
            progress=lambda done, total: progress("entries", done, total),
        )
        mode = reader.identity.mode
    _tell(report, mode, as_json=as_json, signatures=signatures, witnesses=len(witnesses))
    return DONE if report.holds else ExitCode.INTERNAL_ERROR


def _verifier(view: View, node: NodeFolder, node_id: str) -> Verify:
    from keepclear.compose.certified import certified_keys
    from keepclear.compose.keys import read_keys
    from keepclear.identity.signatures import verifier_of

    return verifier_of(certified_keys(view, node_id, read_keys(node)))


def _witness(path: Path) -> Witness:
    from keepclear.cli.op_filing import read_document
    from keepclear.ledger.verifying import Witness

    told = read_document(path)
    told = told.get("head") or told
    try:
        return Witness(int(told["size"]), bytes.fromhex(told["root"]), str(path))
    except (KeyError, TypeError, ValueError):
        raise InvalidFile(
            "this is no head",
            file=str(path),
            remedy="Give what `keepclear ledger head --json` printed at some earlier time.",
        ) from None


def _tell(
    report: VerificationReport, mode: Mode, *, as_json: bool, signatures: bool, witnesses: int
) -> None:
    from keepclear.cli.node_output import print_json
    from keepclear.reports.wording import plain

    if as_json:
        print_json(_document(report))
        return
    click.echo(f"{mode}  {'the ledger holds' if report.holds else 'THE LEDGER DOES NOT HOLD'}")
    click.echo(
        f"entries {report.entries:,}, with content {report.payloads_present:,}, pruned "
        f"{report.pruned:,}, withheld {report.withheld:,}, heads {report.heads:,}"
    )
    click.echo(f"signatures {'checked' if signatures else 'not checked'}, witnesses {witnesses}")
    click.echo(f"root {report.root.hex()}")
    for fault in report.faults[:MOST_SHOWN]:
        word = "fault" if fault.kind.breaks else "warning"
        click.echo(f"{word}: {fault.kind}: {plain(fault.text, 400)}")
        click.echo(f"  remedy: {plain(fault.remedy, 400)}")
    if report.faults_total > MOST_SHOWN:
        click.echo(f"… and {report.faults_total - MOST_SHOWN:,} more")
    click.echo(str(mode))


def _document(report: VerificationReport) -> dict[str, Any]:
    return {
        "holds": report.holds,
        "entries": report.entries,
        "payloads_present": report.payloads_present,
        "pruned": report.pruned,
        "withheld": report.withheld,
        "heads": report.heads,
        "root": report.root.hex(),
        "faults_total": report.faults_total,
        "faults": [
            {
                "number": fault.number,
                "kind": fault.kind.value,
                "breaks": fault.kind.breaks,
                "text": fault.text,
                "remedy": fault.remedy,
            }
            for fault in report.faults
        ],
    }
