"""What can be found in and around a node's folder, without opening the node."""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from keepclear import compose
from keepclear.compose.folder import NodeFolder
from keepclear.compose.keys import read_keys, require_keys_of
from keepclear.compose.serving_record import holder_of, noted_serving
from keepclear.errors import DataMissing, KeepclearError, StoreFailed
from keepclear.geometry.compiled import kernel_cache_folder
from keepclear.model.node import NodeIdentity
from keepclear.model.window import Window
from keepclear.services.examining_folder import FolderFacts
from keepclear.store.dss import faults_of_dss_store
from keepclear.store.sqlite import open_for_reading
from keepclear.store.sqlite.connecting import reading_connection
from keepclear.store.sqlite.migrating import shipped_migrations


@dataclass(frozen=True, slots=True)
class _StoreFacts:
    identity: NodeIdentity | None = None
    last_entry_at: datetime | None = None
    faults: Sequence[str] = ()


def folder_facts(folder: NodeFolder, *, quick: bool = False) -> FolderFacts:
    """Look at everything a start depends on; nothing is changed.

    Args:
        folder: whose node; it may be running.
        quick: do not read the whole store for damage.

    Raises:
        StoreFailed: the system tells nothing about the folder.
    """
    try:
        disk = os.statvfs(folder.path)
    except OSError as error:
        raise StoreFailed(f"{folder.path} cannot be looked at ({error.strerror})") from None
    store = _store(folder.store, quick=quick)
    certificate, key_fault = _keys(folder, store.identity)
    serving = noted_serving(folder)
    return FolderFacts(
        now=compose.clock().now(),
        free_bytes=disk.f_bavail * disk.f_frsize,
        disk_bytes=disk.f_blocks * disk.f_frsize,
        schema_known=shipped_migrations()[-1].version,
        last_entry_at=store.last_entry_at,
        certificate=certificate,
        key_fault=key_fault,
        geoid_fault=_geoid_fault(),
        kernels_fault=_kernels_fault(),
        modes=_rights(folder),
        missing=[path.name for path in _needed(folder) if not path.is_file()],
        schema=_schema(folder.store),
        store_faults=store.faults,
        dss_faults=_dss_faults(folder.dss, quick=quick),
        locked_by=holder_of(folder),
        serving=None if serving is None else serving.pid,
        writable=os.access(folder.path, os.W_OK),
    )


def _needed(folder: NodeFolder) -> tuple[Path, ...]:
    return (
        folder.store,
        folder.token,
        folder.node_key,
        folder.certificate,
        folder.root_public_key,
    )


def _rights(folder: NodeFolder) -> dict[str, int]:
    """The rights of every file that others must not read."""
    secret = (folder.store, folder.token, folder.node_key, folder.root_key)
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in secret if path.is_file()}


def _store(path: Path, *, quick: bool) -> _StoreFacts:
    try:
        with closing(open_for_reading(path)) as reader, reader.view() as view:
            last = view.entry(view.ledger_size() - 1) if view.ledger_size() else None
            faults = () if quick else reader.quick_check()
            return _StoreFacts(reader.identity, None if last is None else last.at, faults)
    except KeepclearError as error:
        return _StoreFacts(faults=(error.message,))


def _dss_faults(path: Path, *, quick: bool) -> tuple[str, ...] | None:
    if not path.is_file():
        return None
    return () if quick else faults_of_dss_store(path)


def _schema(path: Path) -> int | None:
    try:
        with closing(reading_connection(path)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            return int(version)
    except sqlite3.Error:
        return None


def _keys(folder: NodeFolder, identity: NodeIdentity | None) -> tuple[Window | None, str]:
    try:
        keys = read_keys(folder)
        if identity is not None:
            require_keys_of(keys, identity)
    except KeepclearError as error:
        return None, error.message
    return keys.certificate.valid, ""


def _geoid_fault() -> str:
    try:
        compose.geoid()
    except DataMissing as error:
        return error.message
    return ""


def _kernels_fault() -> str:
    folder = kernel_cache_folder()
    if Path(tempfile.gettempdir()) in folder.parents and folder.parent.name.startswith(
        "keepclear-"
    ):
        return "the cache folder cannot be made."
    return "" if os.access(folder, os.W_OK) else f"{folder} may not be written."
