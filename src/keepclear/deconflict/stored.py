"""The geometry of one operation as bytes that a store keeps, for fast starts.

A blob holds what was declared and no agreement's reading of it: the bounds above the
ellipsoid are computed when it is loaded, for the atmosphere given then. All numbers are
little-endian. Format 1:

    volumes     one record for each volume, 104 bytes, dtype `declared.DECLARED`
    vertices    latitude and longitude in degrees, float64 each, volume after volume
    following   for each vertex the other end of its edge within its core, int16; -1 for none

Source: IEEE 754-2019, binary64, for every number that is not a whole one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keepclear.deconflict.declared import DECLARED, DeclaredVolumes
from keepclear.deconflict.packing import PackedVolumes, packed_for
from keepclear.errors import StoreCorrupt
from keepclear.model.agreement import Atmosphere

FORMAT = 1
_POSITION_BYTES = 16
_LINK_BYTES = 2


class GeometryBlob(NamedTuple):
    """The geometry of one operation.

    Attributes:
        format: which layout the bytes have.
        volumes, vertices, following: as the module describes them.
    """

    format: int
    volumes: bytes
    vertices: bytes
    following: bytes


class BlobColumns(NamedTuple):
    """The geometries of many operations, part by part; each part has one item an operation."""

    format: Sequence[int]
    volumes: Sequence[bytes]
    vertices: Sequence[bytes]
    following: Sequence[bytes]


def blob_of(declared: DeclaredVolumes) -> GeometryBlob:
    """The blob of one operation; all volumes given are taken to be its own."""
    return GeometryBlob(
        FORMAT,
        declared.facts.tobytes(),
        declared.positions_deg.astype("<f8", copy=False).tobytes(),
        declared.following.astype("<i2").tobytes(),
    )


def blobs_of(declared: DeclaredVolumes, operations: int) -> list[GeometryBlob]:
    """The blobs of many operations, in row order; those with no volume have empty ones."""
    whole = blob_of(declared)
    volumes = np.searchsorted(declared.operation, np.arange(operations + 1)).tolist()
    first = np.concatenate([[0], np.cumsum(declared.facts["size"], dtype=np.int64)])
    vertices = first[volumes].tolist()
    size = DECLARED.itemsize
    return [
        GeometryBlob(
            FORMAT,
            whole.volumes[size * volumes[i] : size * volumes[i + 1]],
            whole.vertices[_POSITION_BYTES * vertices[i] : _POSITION_BYTES * vertices[i + 1]],
            whole.following[_LINK_BYTES * vertices[i] : _LINK_BYTES * vertices[i + 1]],
        )
        for i in range(operations)
    ]


def packed_from(blobs: Sequence[GeometryBlob], atmosphere: Atmosphere) -> PackedVolumes:
    """Operations as arrays under an atmosphere; `facts["operation"]` is the blob's index.

    The very arrays that packing the operations anew would give.

    Raises:
        StoreCorrupt: as `declared_from`.
    """
    return packed_for(declared_from(blobs), atmosphere)


def packed_from_columns(columns: BlobColumns, atmosphere: Atmosphere) -> PackedVolumes:
    """The same for very many, which come part by part.

    Raises:
        StoreCorrupt: as `declared_from`.
    """
    return packed_for(_declared(columns), atmosphere)


def declared_from(blobs: Sequence[GeometryBlob]) -> DeclaredVolumes:
    """What the blobs declare; `operation` is the blob's index.

    Raises:
        StoreCorrupt: an unknown format, or parts that do not fit together. The geometry can
            be made anew from the stored operation documents.
    """
    return _declared(BlobColumns(*zip(*blobs, strict=True)) if blobs else _NO_BLOBS)


_NO_BLOBS = BlobColumns((), (), (), ())


def _declared(columns: BlobColumns) -> DeclaredVolumes:
    if set(columns.format) - {FORMAT}:
        number = next(i for i, each in enumerate(columns.format) if each != FORMAT)
        raise _corrupt(number, f"has format {columns.format[number]}, known is {FORMAT}")
    counts = _counts(columns.volumes, "volumes", DECLARED.itemsize)
    vertices = _counts(columns.vertices, "vertices", _POSITION_BYTES)
    links = _counts(columns.following, "following", _LINK_BYTES)
    facts = np.frombuffer(b"".join(columns.volumes), DECLARED)
    _require_fit(facts["size"], counts, vertices, links)
    return DeclaredVolumes(
        facts,
        np.frombuffer(b"".join(columns.vertices), "<f8").reshape(-1, 2),
        np.frombuffer(b"".join(columns.following), "<i2").astype(np.int32),
        np.repeat(np.arange(len(counts), dtype=np.int32), counts),
    )


def _counts(parts: Sequence[bytes], name: str, size: int) -> NDArray[np.int64]:
    lengths = np.fromiter(map(len, parts), np.int64, len(parts))
    if (torn := lengths % size != 0).any():
        raise _corrupt(int(torn.argmax()), f"has {name} that end within a record")
    return lengths // size


def _require_fit(
    sizes: NDArray[np.int32],
    counts: NDArray[np.int64],
    vertices: NDArray[np.int64],
    links: NDArray[np.int64],
) -> None:
    """Refuse blobs whose volumes speak of other numbers of vertices than there are."""
    first = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    ends = np.cumsum(counts)
    told = first[ends] - first[ends - counts]
    wrong = (told != vertices) | (told != links)
    if wrong.any():
        raise _corrupt(int(wrong.argmax()), "has vertices that do not fit its volumes")
    if (sizes < 1).any():
        v = int((sizes < 1).argmax())
        raise _corrupt(int(np.searchsorted(ends, v, side="right")), "has a volume of no vertex")


def _corrupt(number: int, fault: str) -> StoreCorrupt:
    return StoreCorrupt(f"the stored geometry of operation {number + 1} of those read {fault}")
