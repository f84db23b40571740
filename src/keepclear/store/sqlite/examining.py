"""How much room a store takes, and how much there is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from keepclear.store.sqlite.faults import file_faults_named


@dataclass(frozen=True, slots=True)
class Figures:
    """A store's room on its disk.

    Attributes:
        store_bytes: the store's file.
        log_bytes: what was written ahead and not yet taken into it.
        free_bytes: what its user may still write on the disk.
        disk_bytes: the whole disk.
    """

    store_bytes: int
    log_bytes: int
    free_bytes: int
    disk_bytes: int


def figures_of(path: Path) -> Figures:
    """Look at the files of a store, which is not opened.

    Raises:
        NodeFault: the system does not tell.
    """
    with file_faults_named(path):
        log = Path(f"{path}-wal")
        disk = os.statvfs(path.parent)
        return Figures(
            store_bytes=path.stat().st_size,
            log_bytes=log.stat().st_size if log.exists() else 0,
            free_bytes=disk.f_bavail * disk.f_frsize,
            disk_bytes=disk.f_blocks * disk.f_frsize,
        )
