"""Files read whole and written whole: the only place where commands touch the disk.

Everything that can go wrong with a path becomes an error that says what to do. A file is
written beside its place and renamed, so that nobody ever reads half of it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from keepclear.errors import InvalidFile, InvalidInput
from keepclear.formats.reading import MOST_BYTES

REPORT_MARKS = (b"<!doctype html", b"keepclear-check")
"""What stands near the start of every report; a report replaces nothing but a report."""
PLAN_SUFFIXES = (".geojson", ".kml", ".kmz", ".csv", ".toml")
"""Files that hold plans or agreements; no report is ever written over one."""


def read_file(path: Path, *, most_bytes: int = MOST_BYTES) -> bytes:
    """The bytes of a file.

    Raises:
        InvalidFile: missing, a directory, unreadable or too large; each with its remedy.
    """
    name = str(path)
    try:
        if path.is_dir():
            raise InvalidFile(
                "this is a directory", file=name, remedy="Name the files in it one by one."
            )
        with path.open("rb") as stream:
            data = stream.read(most_bytes + 1)
    except FileNotFoundError:
        raise InvalidFile(
            "there is no such file", file=name, remedy="Check the path and its spelling."
        ) from None
    except OSError as error:
        raise InvalidFile(
            f"it cannot be read ({error.strerror or error})",
            file=name,
            remedy="Check the permissions of the file and of its folder.",
        ) from None
    if len(data) > most_bytes:
        raise InvalidFile(f"more than {most_bytes:,} bytes", file=name, remedy="Split the file.")
    return data


def write_file(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all.

    Raises:
        InvalidInput: the place cannot be written; nothing was changed there.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            _write_to_device(target, data)
            return
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            with part.open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise InvalidInput(
            f"{path} cannot be written ({error.strerror or error})",
            remedy="Name a file in a folder that exists and that you may write to.",
        ) from None


def _write_to_device(target: Path, data: bytes) -> None:
    """A pipe or device is written in place: a rename would replace it."""
    with target.open("wb") as stream:
        stream.write(data)


def require_new(path: Path, *, force: bool) -> None:
    """Refuse to write over a file unless the user said so.

    Raises:
        InvalidInput: the file exists and `force` is not set.
    """
    if path.is_file() and not force:
        raise InvalidInput(
            f"{path} exists already", remedy="Name another file, or add --force to replace it."
        )


def require_no_input(path: Path, inputs: Iterable[Path]) -> None:
    """Refuse a report's place that is, or looks like, something the command reads.

    `--json plans.geojson` is most often a slip: the name was meant as one of the plans.

    Raises:
        InvalidInput: it is one of the inputs, or ends like plans or an agreement.
    """
    taken = {os.path.realpath(given) for given in inputs}
    if os.path.realpath(path) in taken or path.suffix.lower() in PLAN_SUFFIXES:
        raise InvalidInput(
            f"{path} is a file of plans or an agreement, no place for a report",
            remedy="Name the report's file right after its option, ending in .json or .html.",
        )


def require_report(path: Path) -> None:
    """Refuse a report's place before the work begins: no folder, or a file of another kind.

    Raises:
        InvalidInput: nothing can be written there, or what stands there is no report.
    """
    if path.is_dir() or not path.resolve().parent.is_dir():
        raise InvalidInput(
            f"{path} is no place for a file", remedy="Name a file in a folder that exists."
        )
    if not path.is_file():
        return
    start = read_file(path)[:4_096]
    if start.strip() and not any(mark in start for mark in REPORT_MARKS):
        raise InvalidInput(
            f"{path} exists and is no earlier report of keepclear",
            remedy="Name another file, or remove this one first.",
        )
