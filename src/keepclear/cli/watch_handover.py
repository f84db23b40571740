"""Handing the watch over from the command line: a sheet, and both officers' signatures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keepclear.cli.exit_codes import DONE

if TYPE_CHECKING:
    from keepclear.cli.node_client import NodeClient


def hand_over_signed(
    node: NodeClient,
    shift: Mapping[str, Any],
    *,
    outgoing: str,
    incoming: str,
    reason: str,
    sheet_path: Path | None,
    as_json: bool,
) -> int:
    """Draw up a handover, have it signed as far as names are given, and say how far it is.

    Args:
        node: the node.
        shift: the next watch's document, with the two roles.
        outgoing: who gives it up: an account, or a name where there are none; empty for later.
        incoming: who takes it, likewise.
        reason: why it changes without both signatures; empty where it does not.
        sheet_path: where the sheet is written, to be printed; None for nowhere.
        as_json: print the node's answer as JSON.
    """
    from keepclear import compose
    from keepclear.cli.files import write_file
    from keepclear.cli.node_output import print_json, told_by

    has_accounts = bool(node.get("/session")["has_accounts"])
    path = f"/handover/{compose.entropy().new_id()}"
    kept = node.put(path, shift, expects="")
    signers = (
        ("outgoing", shift["handed_over_by"], outgoing),
        ("incoming", shift["taken_over_by"], incoming),
    )
    for side, role, who in signers:
        if who:
            signature = _signature(role, who, has_accounts=has_accounts)
            kept = node.ask("PUT", f"{path}/signatures/{side}", document=signature).json()
    if reason:
        said = {"role": shift["taken_over_by"], "reason": reason}
        kept = node.ask("PUT", f"{path}/override", document=said).json()
    if sheet_path is not None:
        write_file(sheet_path, node.ask("GET", f"{path}/sheet").content)
    if as_json:
        print_json(kept)
        return DONE
    missing = ", ".join(kept["now"]["missing"])
    words = f"waits for the {missing} side" if kept["state"] == "open" else str(kept["state"])
    with told_by(node, f"handover {kept['id']}: {words}"):
        return DONE


def _signature(role: str, who: str, *, has_accounts: bool) -> dict[str, str]:
    from keepclear.cli.passwords import ask_password

    if not has_accounts:
        return {"role": role, "name": who}
    return {"role": role, "account": who, "password": ask_password(f"Password of {who}")}
