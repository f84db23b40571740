"""KMZ: a zip archive around one KML file, opened with suspicion.

Exactly one .kml is read. Everything else in the archive is passed over unread: pictures,
archives inside, names that lead outside. Encryption, Zip64 and bombs are refused.

Source: OGC 07-147r2 (KML 2.2), annex C (KMZ); PKWARE APPNOTE 6.3, sections 4.3 to 4.5.
Narrower: one .kml, where KML takes the first of several.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from typing import IO, Final

from keepclear.formats.kml import read_kml, write_kml
from keepclear.formats.reading import Export, Reading
from keepclear.model.operation import Mode
from keepclear.model.plan_set import PlanSet

MOST_ENTRIES: Final = 10_000
"""The most entries an archive may have."""
MOST_RATIO: Final = 200
"""How many times its packed size a file may have; real KML has up to about 40."""
_FREE_BYTES: Final = 2**20
"""Up to this size the ratio does not matter."""
_CHUNK_BYTES: Final = 2**18
_LOCAL_HEADER: Final = b"PK\x03\x04"
_DIRECTORY_ENTRY: Final = b"PK\x01\x02"
_END_OF_DIRECTORY: Final = b"PK\x05\x06"
_ZIP64_LOCATOR: Final = b"PK\x06\x07"
_ZIP64_EXTRA: Final = 0x0001
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_REMEDY: Final = "Unpack the archive, look at the KML file, and give that instead."
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    LookupError,
)
"""What the zip library raises on a broken archive."""


def read_kmz(data: bytes, reading: Reading) -> PlanSet:
    """What the KML file inside an archive holds.

    Raises:
        InvalidFile: the archive, the file in it, or a feature of that cannot be used.
        ModeMismatch: EXERCISE and REAL stand in one file.
    """
    return read_kml(_unpacked(data, reading), reading)


def write_kmz(plan_set: PlanSet, *, mode: Mode) -> Export:
    """A plan set as KML, packed; the same set gives the same bytes.

    Raises:
        ModeMismatch: an operation is of the other mode.
        InvalidOperation: as `write_kml`.
    """
    kml = write_kml(plan_set, mode=mode)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo("doc.kml", date_time=(1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system = 3
        archive.writestr(entry, kml.data)
    return Export(packed.getvalue(), kml.losses)


def _unpacked(data: bytes, reading: Reading) -> bytes:
    reading.require_size(data)
    if not data.startswith(_LOCAL_HEADER):
        raise reading.refuse("the file is not a KMZ archive", remedy="Give a .kmz or .kml file.")
    if _is_zip64(data):
        raise reading.refuse("the archive is a Zip64 archive", remedy=_REMEDY)
    if data.count(_DIRECTORY_ENTRY) > MOST_ENTRIES:
        raise reading.refuse(f"more than {MOST_ENTRIES:,} entries in the archive", remedy=_REMEDY)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entry = _only_kml(archive, reading)
            with archive.open(entry) as packed:
                return _read_bounded(packed, entry, reading)
    except _BROKEN as error:
        raise reading.refuse(
            f"the archive is broken ({type(error).__name__})",
            remedy="Export it again; it may be cut off.",
        ) from None


def _is_zip64(data: bytes) -> bool:
    """Tell whether a Zip64 locator stands before the end of the directory."""
    ends = {len(data) - 22, data.rfind(_END_OF_DIRECTORY)}
    return any(data.startswith(_ZIP64_LOCATOR, max(0, end - 20)) for end in ends)


def _only_kml(archive: zipfile.ZipFile, reading: Reading) -> zipfile.ZipInfo:
    entries = [each for each in archive.infolist() if _is_plain_kml(each)]
    if len(entries) != 1:
        raise reading.refuse(
            f"the archive holds {len(entries)} .kml files", remedy="Pack exactly one, as doc.kml."
        )
    entry = entries[0]
    if entry.flag_bits & _ENCRYPTED:
        raise reading.refuse("the .kml file is encrypted", remedy="Pack it without a password.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise reading.refuse("the .kml file is packed in an unusual way", remedy=_REMEDY)
    if _has_zip64(entry.extra):
        raise reading.refuse("the .kml file has Zip64 sizes", remedy=_REMEDY)
    _require_size(entry, entry.file_size, reading)
    return entry


def _is_plain_kml(entry: zipfile.ZipInfo) -> bool:
    """Tell whether an entry is a .kml whose name stays inside the archive."""
    name = entry.orig_filename
    is_inside = not any(mark in name for mark in ("\\", "\0", ":")) and not name.startswith("/")
    return is_inside and ".." not in name.split("/") and name.lower().endswith(".kml")


def _has_zip64(extra: bytes) -> bool:
    at = 0
    while at + 4 <= len(extra):
        identifier, size = struct.unpack_from("<HH", extra, at)
        if identifier == _ZIP64_EXTRA:
            return True
        at += 4 + size
    return False


def _read_bounded(packed: IO[bytes], entry: zipfile.ZipInfo, reading: Reading) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while chunk := packed.read(_CHUNK_BYTES):
        size += len(chunk)
        _require_size(entry, size, reading)
        chunks.append(chunk)
    return b"".join(chunks)


def _require_size(entry: zipfile.ZipInfo, size: int, reading: Reading) -> None:
    if size > reading.most_bytes:
        raise reading.refuse(
            f"the .kml file unpacks to more than {reading.most_bytes:,} bytes",
            remedy="Split the file.",
        )
    if size > _FREE_BYTES and size > MOST_RATIO * max(1, entry.compress_size):
        raise reading.refuse(
            f"the .kml file unpacks to more than {MOST_RATIO} times its packed size",
            remedy=_REMEDY,
        )
