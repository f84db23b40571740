"""Give out what a node holds, as files that other programs read and as one whole archive.

A file for other programs comes with its losses. The archive loses nothing: whoever has it
can read every document and verify the ledger without keepclear.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.errors import InvalidInput
from keepclear.formats.documents.operation import operation_document
from keepclear.formats.reading import Export, Loss
from keepclear.formats.times import iso_text
from keepclear.ledger.heads import SignedHead, head_bytes
from keepclear.model.node import NodeIdentity, Subject
from keepclear.model.operation import Mode, Operation, OperationState
from keepclear.model.plan_set import PlanSet
from keepclear.ports.store import Declaration, Draft, Entry, OperationQuery, View
from keepclear.services.frame import read_frame
from keepclear.services.node import Node
from keepclear.services.proving import every_head

_LIVE = frozenset(OperationState) - {OperationState.ENDED}
_PAGE = 1_000
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can hold: the same store gives the same bytes."""

Writer = Callable[[PlanSet, Mode], Export]


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file to be given out.

    Attributes:
        name: what to call it; the mode stands first.
        content_type: its media type.
        data: its bytes.
        losses: what a reader of the file will not get back.
    """

    name: str
    content_type: str
    data: bytes
    losses: tuple[Loss, ...] = ()


def _geojson(plans: PlanSet, mode: Mode) -> Export:
    from keepclear.formats.geojson import write_geojson  # an export writes one format of four

    return write_geojson(plans, mode=mode)


def _kml(plans: PlanSet, mode: Mode) -> Export:
    from keepclear.formats.kml import write_kml

    return write_kml(plans, mode=mode)


def _kmz(plans: PlanSet, mode: Mode) -> Export:
    from keepclear.formats.kmz import write_kmz

    return write_kmz(plans, mode=mode)


def _csv(plans: PlanSet, mode: Mode) -> Export:
    from keepclear.formats.csv_plans import write_csv

    return write_csv(plans, mode=mode)


FORMATS: Mapping[str, tuple[str, Writer]] = {
    "geojson": ("application/geo+json", _geojson),
    "kml": ("application/vnd.google-earth.kml+xml", _kml),
    "kmz": ("application/vnd.google-earth.kmz", _kmz),
    "csv": ("text/csv; charset=utf-8", _csv),
}
"""The formats of plans, each with its media type and its writer."""


def export_plans(node: Node, format_name: str, query: OperationQuery) -> ExportFile:
    """The operations meant as one file, with zones and coverage where they belong to it.

    Coverage statements speak of whole sets, so they are given out only where the query asks
    for every live operation of its parties.

    Args:
        node: the node.
        format_name: one of `FORMATS`.
        query: which operations; an empty one means every one the node holds.

    Raises:
        InvalidInput: there is no such format.
        InvalidOperation: a name holds what the format cannot; rename it first.
    """
    if format_name not in FORMATS:
        raise InvalidInput(
            f"there is no format {format_name!r}", remedy=f"Ask for one of {', '.join(FORMATS)}."
        )
    content_type, write = FORMATS[format_name]
    with node.store.view() as view:
        plans, losses = _plans(view, query)
    export = write(plans, node.identity.mode)
    name = _file_name(node.identity, "plans", node.now(), format_name)
    return ExportFile(name, content_type, export.data, (*losses, *export.losses))


def export_everything(node: Node) -> ExportFile:
    """Everything the node holds as one zip; `write_everything` spares the memory."""
    out = io.BytesIO()
    losses = write_everything(node, out)
    name = _file_name(node.identity, "everything", node.now(), "zip")
    return ExportFile(name, "application/zip", out.getvalue(), losses)


def write_everything(node: Node, out: IO[bytes]) -> tuple[Loss, ...]:
    """Write everything the node holds as a zip, as of one moment, in the same order always.

    Returns:
        What the files for other programs could not hold; it stands in `losses.json` too.
    """
    identity = node.identity
    with (
        node.store.view() as view,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        _add(archive, "README.txt", [_readme(identity, view, node.now()).encode()])
        _add(archive, "operations.jsonl", _operation_lines(view))
        plans, losses = _plans(view, OperationQuery(states=_LIVE))
        for name in ("geojson", "csv"):
            export = FORMATS[name][1](plans, identity.mode)
            losses += export.losses
            _add(archive, f"plans.{name}", [export.data])
        for subject, file in (
            (Subject.ZONE, "airspace/zones.jsonl"),
            (Subject.BOUNDARY, "airspace/boundaries.jsonl"),
            (Subject.AIRFIELD, "airspace/airfields.jsonl"),
            (Subject.COVERAGE, "coverages.jsonl"),
        ):
            _add(archive, file, map(_declaration_line, view.declarations(subject, live=False)))
        for agreement in view.declarations(Subject.AGREEMENT, live=False):
            _add(archive, f"agreements/{_plain(agreement.id)}.toml", [agreement.body])
        _add(archive, "drafts.jsonl", map(_draft_line, view.drafts()))
        _add(archive, "ledger.jsonl", map(_entry_line, _entries(view)))
        _add(archive, "heads.jsonl", map(_head_line, every_head(view)))
        _add(archive, "losses.json", [_loss_lines(losses)])
    return losses


def _plans(view: View, query: OperationQuery) -> tuple[PlanSet, tuple[Loss, ...]]:
    """The operations meant, once each, with what may be said of the set as a whole."""
    operations, losses = _told_apart(list(_operations(view, query)))
    frame = read_frame(view)
    is_whole = query.states == _LIVE and query == OperationQuery(
        states=query.states, parties=query.parties
    )
    coverages = tuple(
        statement
        for party, statements in sorted((frame.coverages or {}).items())
        for statement in statements
        if is_whole and _is_meant(party, query)
    )
    zones = tuple(zone for zone in frame.zones if _is_meant(zone.declared_by, query))
    return PlanSet(operations, coverages, zones), losses


def _is_meant(party: str, query: OperationQuery) -> bool:
    return not query.parties or party in query.parties


def _told_apart(operations: Sequence[Operation]) -> tuple[tuple[Operation, ...], tuple[Loss, ...]]:
    """One operation for each party and designator: files name operations by them.

    A live one stands before one that ended, then the later one.
    """
    chosen: dict[tuple[str, str], Operation] = {}
    losses = []
    for operation in sorted(operations, key=_standing, reverse=True):
        key = (operation.party, operation.designator)
        if chosen.setdefault(key, operation) is not operation:
            how = "left out: another operation of the party has the same designator"
            losses.append(Loss(operation.designator, f"operation {operation.id}", how))
        elif operation.end_reason:
            losses.append(Loss(operation.designator, "end_reason", "left out"))
    kept = {operation.id for operation in chosen.values()}
    return tuple(each for each in operations if each.id in kept), tuple(losses)


def _standing(operation: Operation) -> tuple[bool, datetime, str]:
    return operation.state is not OperationState.ENDED, operation.window.start, operation.id


def _operations(view: View, query: OperationQuery) -> Iterator[Operation]:
    page = view.find(query, limit=_PAGE)
    yield from (stored.operation for stored in page.items)
    while page.following:
        page = view.find(query, cursor=page.following, limit=_PAGE)
        yield from (stored.operation for stored in page.items)


def _entries(view: View) -> Iterator[Entry]:
    after = -1
    while found := view.entries(after=after, limit=_PAGE):
        yield from found
        after = found[-1].number


def _add(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> None:
    entry = zipfile.ZipInfo(name, _ZIP_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(entry, "w", force_zip64=True) as file:
        for piece in pieces:
            file.write(piece)


def _operation_lines(view: View) -> Iterator[bytes]:
    for operation in _operations(view, OperationQuery()):
        yield canonical_bytes(operation_document(operation)) + b"\n"


def _declaration_line(declaration: Declaration) -> bytes:
    return _line(
        {
            "document": json.loads(declaration.body),
            "id": declaration.id,
            "live": declaration.live,
            "party": declaration.party,
            "version": declaration.version,
        }
    )


def _draft_line(draft: Draft) -> bytes:
    return _line(
        {
            "content": json.loads(draft.content),
            "id": draft.id,
            "saved_at": iso_text(draft.saved_at),
            "version": draft.version,
        }
    )


def _entry_line(entry: Entry) -> bytes:
    return _line(
        {
            "at": iso_text(entry.at),
            "kind": entry.kind,
            "leaf": entry.leaf.hex(),
            "number": entry.number,
            "payload": None if entry.payload is None else entry.payload.decode(),
            "salt": entry.salt.hex() if entry.payload is not None else None,
            "subject": {
                "id": entry.subject_id,
                "kind": entry.subject.value,
                "version": entry.version,
            },
        }
    )


def _head_line(signed: SignedHead) -> bytes:
    return _line(
        {
            "key_id": signed.key_id,
            "signature": signed.signature.hex(),
            "signed": head_bytes(signed.head).decode(),
        }
    )


def _line(value: Mapping[str, JsonValue]) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _loss_lines(losses: Iterable[Loss]) -> bytes:
    told = [{"feature": loss.feature, "what": loss.what, "how": loss.how} for loss in losses]
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _readme(identity: NodeIdentity, view: View, now: datetime) -> str:
    mode = identity.mode.value
    return f"""{mode}

Everything that the node of {identity.party} held at {iso_text(now)}.
Node {identity.id}, {view.ledger_size()} ledger entries.

operations.jsonl   every operation, one document on a line; complete
plans.geojson      live operations, zones and coverage for other programs
plans.csv          the same as a table, without zones
losses.json        what the two files above could not hold
airspace/          zones, boundaries and airfields, also those cancelled
agreements/        every version of every agreement, as it was filed
coverages.jsonl    what each party says its released set covers, also what was withdrawn
drafts.jsonl       what was being written; no other party knows of it
ledger.jsonl       every entry; payload null where it was pruned
heads.jsonl        the signed heads; "signed" holds the very bytes under the signature

To verify: leaf = SHA-256(0x00, salt, payload), the payload as the UTF-8 bytes of its text;
the tree and its heads are those of RFC 9162. Signatures are Ed25519.
This archive holds no key and no token. It holds all plans: keep it as safe as the node.

{mode}
"""


def _file_name(identity: NodeIdentity, what: str, now: datetime, ending: str) -> str:
    return f"{identity.mode.value}-{_plain(identity.party)}-{what}-{now:%Y%m%dT%H%MZ}.{ending}"


def _plain(name: str) -> str:
    """A name that every file system takes, and that leaves no folder."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-") or "unnamed"
