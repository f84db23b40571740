"""Judge a node's folder by facts gathered from it, even where the node will not start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from keepclear.formats.times import dtg_or_iso
from keepclear.model.window import Window
from keepclear.services.examined import Examined, Status, examined_clock

DISK_LOW_BYTES = 1_000_000_000
"""Less room than this is worth a warning."""
DISK_LOW_SHARE = 0.10
"""A smaller part of the disk than this is worth a warning."""
DISK_FULL_BYTES = 50_000_000
"""With less room than this the next write may fail."""
CERTIFICATE_ENDS_SOON = timedelta(days=30)
"""A certificate that ends within this time is to be renewed now."""
FOREIGN_RIGHTS = 0o077
"""Rights of group and others; a secret file grants none."""


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """What was found in and around a node's folder.

    Attributes:
        now: the clock of this machine.
        last_entry_at: when the last entry of the ledger was written; None for no entry.
        free_bytes: room left on the disk.
        disk_bytes: how large the disk is.
        certificate: when the node's certificate is valid; None where it could not be read.
        key_fault: what is wrong with the keys or the certificate; empty where nothing is.
        geoid_fault: why the geoid cannot be used; empty where it can.
        kernels_fault: why compiled kernels cannot be kept; empty where they can.
        modes: the rights of each secret file by name, as `stat` gives them.
        missing: names of files that should be there and are not.
        schema: the store's schema version; None where it could not be read.
        schema_known: the newest schema version this keepclear knows.
        store_faults: what the store's own check found; empty where it is sound.
        dss_faults: the same of the DSS's store; None where the folder holds none.
        locked_by: the process that holds the lock; None where none does.
        serving: the process that says it serves; None where none says so.
        writable: whether the folder may be written.
    """

    now: datetime
    free_bytes: int
    disk_bytes: int
    schema_known: int
    last_entry_at: datetime | None = None
    certificate: Window | None = None
    key_fault: str = ""
    geoid_fault: str = ""
    kernels_fault: str = ""
    modes: Mapping[str, int] = field(default_factory=dict)
    missing: Sequence[str] = ()
    schema: int | None = None
    store_faults: Sequence[str] = ()
    dss_faults: Sequence[str] | None = None
    locked_by: int | None = None
    serving: int | None = None
    writable: bool = True


def examine_folder(facts: FolderFacts) -> tuple[Examined, ...]:
    """Judge a node's folder from the facts alone, in the order in which one would mend it."""
    return (
        _files(facts),
        _rights(facts),
        _lock(facts),
        _schema(facts),
        _store_soundness(facts),
        *_dss_soundness(facts),
        examined_clock(facts.now, facts.last_entry_at),
        _disk(facts),
        _keys(facts),
        _certificate(facts),
        _geoid(facts),
        _kernels(facts),
    )


def _files(facts: FolderFacts) -> Examined:
    if facts.missing:
        return Examined(
            "files",
            Status.FAULT,
            f"The folder lacks {', '.join(sorted(facts.missing))}.",
            "Restore a backup with `keepclear restore`; keys come from your own safe copy.",
        )
    if not facts.writable:
        return Examined(
            "files",
            Status.FAULT,
            "The folder may not be written, so nothing can be filed.",
            "Give the node's user the right to write to its folder and files.",
        )
    return Examined("files", Status.OK, "Every file of the node is there.")


def _rights(facts: FolderFacts) -> Examined:
    open_files = sorted(name for name, mode in facts.modes.items() if mode & FOREIGN_RIGHTS)
    if open_files:
        return Examined(
            "file rights",
            Status.FAULT,
            f"Other users of this machine can reach {', '.join(open_files)}.",
            "Run `chmod 600` on each of them, and have new keys made if others use this machine.",
        )
    return Examined("file rights", Status.OK, "Keys and token are open to their owner alone.")


def _lock(facts: FolderFacts) -> Examined:
    if facts.locked_by is not None:
        return Examined("lock", Status.OK, f"Process {facts.locked_by} runs the node.")
    if facts.serving is not None:
        return Examined(
            "lock",
            Status.WARNING,
            f"The folder says that process {facts.serving} serves, but nothing holds the store: "
            "the node was ended without a chance to stop.",
            "Start it again with `keepclear serve`; what it had answered is stored.",
        )
    return Examined("lock", Status.OK, "The node is not running.")


def _schema(facts: FolderFacts) -> Examined:
    if facts.schema is None:
        return Examined(
            "store version",
            Status.FAULT,
            "The store's version cannot be read.",
            "Keep a copy of the folder, then run `keepclear restore` with the last backup.",
        )
    if facts.schema > facts.schema_known:
        return Examined(
            "store version",
            Status.FAULT,
            f"The store is of version {facts.schema}; this keepclear knows {facts.schema_known}.",
            "Run the newer keepclear that wrote it.",
        )
    if facts.schema < facts.schema_known:
        return Examined(
            "store version",
            Status.WARNING,
            f"The store is of version {facts.schema}; the next start brings it to "
            f"{facts.schema_known} and keeps a backup beside it.",
            "Nothing now; see that the disk has room for a second copy of the store.",
        )
    return Examined("store version", Status.OK, f"The store is of version {facts.schema}.")


def _store_soundness(facts: FolderFacts) -> Examined:
    if facts.store_faults:
        return Examined(
            "store",
            Status.FAULT,
            f"The store's bytes are damaged: {facts.store_faults[0]}",
            "Stop the node, keep a copy of its folder, and run `keepclear restore`.",
        )
    return Examined("store", Status.OK, "The store's own check found nothing wrong.")


def _dss_soundness(facts: FolderFacts) -> tuple[Examined, ...]:
    if facts.dss_faults is None:
        return ()
    if facts.dss_faults:
        return (
            Examined(
                "dss",
                Status.FAULT,
                f"The DSS's bytes are damaged: {facts.dss_faults[0]}",
                "Stop it, move dss.sqlite away, and have every USS file its intents anew.",
            ),
        )
    return (Examined("dss", Status.OK, "The DSS's own check found nothing wrong."),)


def _disk(facts: FolderFacts) -> Examined:
    share = facts.free_bytes / facts.disk_bytes if facts.disk_bytes > 0 else 0.0
    detail = f"{facts.free_bytes / 1e9:,.1f} GB of the disk are free ({share:.0%})."
    remedy = "Free room on the node's disk; old backups and logs are the first to go."
    if facts.free_bytes < DISK_FULL_BYTES:
        return Examined("disk", Status.FAULT, detail, remedy)
    if facts.free_bytes < DISK_LOW_BYTES or share < DISK_LOW_SHARE:
        return Examined("disk", Status.WARNING, detail, remedy)
    return Examined("disk", Status.OK, detail)


def _keys(facts: FolderFacts) -> Examined:
    if facts.key_fault:
        return Examined(
            "keys",
            Status.FAULT,
            f"The node's keys cannot be used: {facts.key_fault}",
            "Put the files back from your own safe copy; a backup of the store holds no keys.",
        )
    return Examined("keys", Status.OK, "The node's keys fit its certificate.")


def _certificate(facts: FolderFacts) -> Examined:
    valid = facts.certificate
    renew = "Have the party root certify the node's key anew."
    if valid is None:
        return Examined("certificate", Status.FAULT, "The certificate cannot be read.", renew)
    until = dtg_or_iso(valid.end)
    if facts.now < valid.start:
        detail = f"The certificate is valid only from {dtg_or_iso(valid.start)}."
        remedy = "Look at this machine's clock first; else wait, or have the key certified anew."
        return Examined("certificate", Status.FAULT, detail, remedy)
    if facts.now >= valid.end:
        return Examined("certificate", Status.FAULT, f"The certificate ended {until}.", renew)
    detail = f"The certificate is valid until {until}."
    if valid.end - facts.now <= CERTIFICATE_ENDS_SOON:
        return Examined("certificate", Status.WARNING, detail, renew)
    return Examined("certificate", Status.OK, detail)


def _geoid(facts: FolderFacts) -> Examined:
    if facts.geoid_fault:
        return Examined(
            "geoid",
            Status.FAULT,
            f"The geoid cannot be used: {facts.geoid_fault}",
            "Reinstall keepclear; the geoid belongs to it.",
        )
    return Examined("geoid", Status.OK, "The geoid is there and can be read.")


def _kernels(facts: FolderFacts) -> Examined:
    if facts.kernels_fault:
        return Examined(
            "compiled kernels",
            Status.WARNING,
            f"Compiled kernels cannot be kept, so each start takes longer: {facts.kernels_fault}",
            "Give the node's user a cache folder it may write to.",
        )
    return Examined("compiled kernels", Status.OK, "Compiled kernels are kept between starts.")
