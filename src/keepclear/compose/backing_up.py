"""A copy of a node's store, from outside the process that may be running on it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from keepclear.compose.folder import NodeFolder, make_folder
from keepclear.errors import StoreMissing
from keepclear.ledger.heads import SignedHead
from keepclear.model.node import NodeIdentity
from keepclear.store.sqlite import open_for_reading
from keepclear.store.sqlite.backing_up import write_copy


class BackedUp(NamedTuple):
    """What a copy holds, read from the copy.

    Attributes:
        identity: whose store it is.
        entries: how many ledger entries.
        head: the last signed head; None for an empty ledger.
    """

    identity: NodeIdentity
    entries: int
    head: SignedHead | None


def back_up(folder: NodeFolder, target: Path) -> BackedUp:
    """Write a whole, consistent copy, then read it once from its place.

    Raises:
        StoreMissing: there is no node.
        InvalidInput: there is a file of that name.
        NodeFault: the copy could not be written, or is not sound; nothing is left of it.
    """
    if not folder.is_node:
        raise StoreMissing(f"there is no node in {folder.path}")
    if target.parent == folder.backups:
        make_folder(folder.backups)
    write_copy(folder.store, target)
    with closing(open_for_reading(target)) as reader, reader.view() as view:
        return BackedUp(reader.identity, view.ledger_size(), view.head())
