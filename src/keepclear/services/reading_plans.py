"""Read plans from several files as one set, each operation once.

The same operation may come twice: in two files, or in an old and a new release. Only its
owner changes an operation and counts its versions up, so the higher version stands, equal
content is taken once, and two contents under one version are refused: nobody can tell
which of them the owner meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath

from keepclear.errors import InvalidFile, ModeMismatch
from keepclear.formats.reading import Reading
from keepclear.model.operation import Mode, Operation, Source, SourceKind
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import Footprint
from keepclear.model.zone import Zone
from keepclear.services.soundness import sound_plans

Reader = Callable[[bytes, Reading], PlanSet]


def _read_geojson(data: bytes, reading: Reading) -> PlanSet:
    from keepclear.formats.geojson import read_geojson  # a check reads one format of four

    return read_geojson(data, reading)


def _read_kml(data: bytes, reading: Reading) -> PlanSet:
    from keepclear.formats.kml import read_kml

    return read_kml(data, reading)


def _read_kmz(data: bytes, reading: Reading) -> PlanSet:
    from keepclear.formats.kmz import read_kmz

    return read_kmz(data, reading)


def _read_csv(data: bytes, reading: Reading) -> PlanSet:
    from keepclear.formats.csv_plans import read_csv

    return read_csv(data, reading)


READERS: Mapping[str, Reader] = {
    ".geojson": _read_geojson,
    ".json": _read_geojson,
    ".kml": _read_kml,
    ".kmz": _read_kmz,
    ".csv": _read_csv,
}
"""The reader of each suffix; names without a known suffix are judged by their first bytes."""

_FROM_NOWHERE = Source(SourceKind.FILE)
_ZIP = b"PK\x03\x04"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class PlanSource:
    """A file of plans, read but not understood.

    Attributes:
        name: what to call it in messages; its suffix chooses the reader.
        data: its bytes.
    """

    name: str
    data: bytes


def read_plans(
    sources: Sequence[PlanSource],
    *,
    received_at: datetime,
    party: str | None = None,
    mode: Mode | None = None,
    skip_invalid: bool = False,
    area: Footprint | None = None,
) -> PlanSet:
    """Read files of plans as one set, each operation once.

    Args:
        sources: the files, in any of the formats keepclear reads.
        received_at: when this node took them in.
        party: whose operations they are where a feature does not say; None demands it.
        mode: EXERCISE or REAL where a file does not say; None demands it.
        skip_invalid: keep unusable features out, listed in `rejected`, and go on.
        area: where the operations are expected; an operation that lies there only with
            latitude and longitude exchanged is unusable. None leaves that unasked.

    Raises:
        InvalidFile: a file or feature is unusable, or two contents share one version.
        ModeMismatch: EXERCISE and REAL plans came together; check them apart.
    """
    plans = PlanSet()
    for source in sources:
        reading = Reading(source.name, received_at, party, mode, skip_invalid)
        more = reader_of(source)(source.data, reading)
        _require_same_mode(plans, more, source.name)
        plans = plans.joined(more)
    _require_one_mode(plans.operations)
    plans = sound_plans(plans, area=area, skip_invalid=skip_invalid)
    return without_duplicates(plans, skip_invalid=skip_invalid)


def reader_of(source: PlanSource) -> Reader:
    """Choose the reader by the name's suffix, else by the first bytes.

    Raises:
        InvalidFile: neither tells; rename the file.
    """
    by_suffix = READERS.get(PurePath(source.name).suffix.lower())
    if by_suffix is not None:
        return by_suffix
    start = source.data[:4096].removeprefix(_BYTE_ORDER_MARK).lstrip()
    if start.startswith(_ZIP):
        return _read_kmz
    if start.startswith(b"{"):
        return _read_geojson
    if start.startswith(b"<"):
        return _read_kml
    if b"\0" not in start and b"," in start.split(b"\n", 1)[0]:
        return _read_csv
    raise InvalidFile(
        "neither its name nor its first bytes tell which format it has",
        file=source.name,
        remedy=f"Give the name one of the endings {', '.join(READERS)}.",
    )


def without_duplicates(plans: PlanSet, *, skip_invalid: bool = False) -> PlanSet:
    """The set with each operation, coverage statement and zone once.

    The highest version of an operation stands where it was first read. Where one version
    has two contents the set is refused; with `skip_invalid` neither content is kept, and
    the quarrel stands in `rejected`.

    Raises:
        InvalidFile: two contents under one version, one id of two parties, or two zones
            of one id; ask the owner which is meant.
    """
    readings: dict[str, list[Operation]] = {}
    for operation in plans.operations:
        readings.setdefault(operation.id, []).append(operation)
    operations: list[Operation] = []
    quarrels: list[InvalidFile] = []
    for same_id in readings.values():
        try:
            operations.append(one_of(same_id))
        except InvalidFile as quarrel:
            if not skip_invalid:
                raise
            quarrels.append(quarrel)
    return PlanSet(
        tuple(operations),
        tuple(dict.fromkeys(plans.coverages)),
        _zones_once(plans.zones),
        plans.rejected + tuple(quarrels),
        plans.mode,
    )


def one_of(readings: Sequence[Operation]) -> Operation:
    """The one operation meant by several readings of one id: the highest version.

    Raises:
        InvalidFile: two parties use the id, or the highest version has two contents.
    """
    highest = max(readings, key=lambda operation: operation.version)
    for other in readings:
        if other.party != highest.party:
            raise InvalidFile(
                f"{other.designator} of {other.party} has the id of "
                f"{highest.designator} of {highest.party} ({highest.id})",
                file=other.source.name,
                feature=other.source.feature,
                remedy="Give each operation its own id; only its owner changes an operation.",
            )
        if other.version == highest.version and content_of(other) != content_of(highest):
            raise InvalidFile(
                f"{other.designator} version {other.version} is not what {highest.source} "
                "holds under the same version",
                file=other.source.name,
                feature=other.source.feature,
                remedy="Ask its owner which is meant; a changed operation has a higher version.",
            )
    return highest


def content_of(operation: Operation) -> Operation:
    """The operation without what depends on how it came here, for comparison."""
    volumes = tuple(replace(volume, source_text="") for volume in operation.volumes)
    return replace(
        operation,
        volumes=volumes,
        source=_FROM_NOWHERE,
        received_at=operation.window.start,
        source_text="",
    )


def _require_same_mode(plans: PlanSet, more: PlanSet, name: str) -> None:
    """Refuse a file that states another mode, also one that holds coverage or zones alone."""
    if None not in (plans.mode, more.mode) and plans.mode is not more.mode:
        raise ModeMismatch(f"{name} is {more.mode}, the files before it are {plans.mode}")


def _require_one_mode(operations: Iterable[Operation]) -> None:
    first: Operation | None = None
    for operation in operations:
        first = first or operation
        if operation.mode is not first.mode:
            raise ModeMismatch(
                f"{first.designator} ({first.source}) is {first.mode}, "
                f"{operation.designator} ({operation.source}) is {operation.mode}"
            )


def _zones_once(zones: Iterable[Zone]) -> tuple[Zone, ...]:
    kept: dict[str, Zone] = {}
    for zone in zones:
        if kept.setdefault(zone.id, zone) != zone:
            raise InvalidFile(
                f"two different zones have the id {zone.id}",
                file="the plans",
                remedy="Give each zone an id of its own, or leave the older one out.",
            )
    return tuple(kept.values())
