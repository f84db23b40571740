"""Export sites to one recipient: by two people, marked for that recipient, each on record.

Only sites of ours whose list names the recipient; there is no way to export all of them.

Source: domain study of keepclear, 3 (no bulk export without two people; a mark per recipient).
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from keepclear.canonical import JsonValue
from keepclear.contact.catalogue.kinds import MOVEMENTS
from keepclear.errors import InvalidInput, NotFound, NotPermitted
from keepclear.formats.coordinates import typed_position
from keepclear.formats.csv_cells import escaped, without_controls
from keepclear.formats.documents.site import stored_site
from keepclear.formats.times import iso_text
from keepclear.ledger.entries import EntryKind
from keepclear.model.node import Subject
from keepclear.model.site import Site
from keepclear.model.volume import Position
from keepclear.ports.store import Unit
from keepclear.services.humanitarian.viewing import Look, note_site_view
from keepclear.services.line.watch_roles import role_on_watch
from keepclear.services.node import Node
from keepclear.services.recording import record

COARSE_DEG: Final = 0.01
_COARSE_REACH_M: Final = 800.0
"""How far a place moves at most when it is put on the coarse grid: half the diagonal of a cell."""
COLUMNS: Final = (
    "mode",
    "function",
    "point",
    "radius_m",
    "method",
    "verified_on",
    "expiry",
    "recipient",
    "mark",
)


@dataclass(frozen=True, slots=True)
class Exporting:
    """What is exported, for whom, and by whom.

    Attributes:
        recipient: the party it is for.
        role: of who exports.
        actor: who exports.
        second: who stands by; a different person.
        reason: what for.
        coarse: show a wide circle that holds the site, not its place.
    """

    recipient: str
    role: str
    actor: str
    second: str
    reason: str
    coarse: bool = False


@dataclass(frozen=True, slots=True)
class SiteExport:
    """An export.

    Attributes:
        id: a UUID.
        mark: what every line of it bears; no two recipients and no two exports have the same.
        count: how many sites it holds.
        data: the bytes of the table.
    """

    id: str
    mark: str
    count: int
    data: bytes


def export_sites(node: Node, export_id: str, exporting: Exporting) -> SiteExport:
    """Export the sites that one recipient may see.

    Raises:
        NotPermitted: the role may not, or there are not two different people.
        InvalidInput: nobody said what for.
        NotFound: no site names the recipient.
    """
    _require_two(exporting)
    if not exporting.reason.strip():
        raise InvalidInput("reason: missing", remedy="Say what the export is for.")

    def work(unit: Unit) -> SiteExport:
        role = role_on_watch(unit, node, exporting.role)
        if role not in {each.value for each in MOVEMENTS}:
            raise NotPermitted(
                f"role: the {role} does not export sites",
                remedy=f"Have it exported by: {', '.join(sorted(MOVEMENTS))}.",
            )
        mark = mark_of(node.identity.id, export_id, exporting.recipient)
        meant = _meant(unit, node, exporting.recipient, node.now())
        data = _table(node, meant, exporting, mark)
        export = SiteExport(export_id, mark, len(meant), data)
        _record(unit, node, meant, export, exporting, role)
        return export

    return node.store.write(work)


def mark_of(node_id: str, export_id: str, recipient: str) -> str:
    """What marks every line of one export for one recipient."""
    text = f"keepclear site export/1\0{node_id}\0{export_id}\0{recipient}"
    return f"{recipient}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def coarse(point: Position) -> Position:
    """The middle of the cell of the coarse grid that a place lies in."""
    return Position(
        round(round(point.latitude_deg / COARSE_DEG) * COARSE_DEG, 4),
        round(round(point.longitude_deg / COARSE_DEG) * COARSE_DEG, 4),
    )


def _require_two(exporting: Exporting) -> None:
    first, second = (
        " ".join(name.split()).casefold() for name in (exporting.actor, exporting.second)
    )
    if not first or not second or first == second:
        raise NotPermitted(
            "second: sites are exported by two different people",
            remedy="Give in `second` who stands by, and say who you are.",
        )


def _meant(unit: Unit, node: Node, recipient: str, now: datetime) -> tuple[tuple[Site, int], ...]:
    every = [(stored_site(each.body), each.version) for each in unit.declarations(Subject.SITE)]
    meant = tuple(
        (site, version)
        for site, version in every
        if site.party == node.identity.party and recipient in site.recipients
    )
    if not meant:
        raise NotFound(
            f"no site of ours may be told to {recipient}",
            remedy="Name it among the recipients of each site first.",
        )
    return tuple(sorted(meant, key=lambda each: (each[0].expiry <= now, each[0].id)))


def _table(node: Node, meant: Sequence[tuple[Site, int]], exporting: Exporting, mark: str) -> bytes:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    mode = node.identity.mode.value
    for site, _ in meant:
        point = coarse(site.point) if exporting.coarse else site.point
        radius_m = site.radius_m + (_COARSE_REACH_M if exporting.coarse else 0.0)
        told = (
            mode,
            site.function,
            typed_position(point),
            f"{radius_m:.0f}",
            site.method.value,
            iso_text(site.verified_on),
            iso_text(site.expiry),
            exporting.recipient,
            mark,
        )
        table.writerow([escaped(without_controls(each)) for each in told])
    return out.getvalue().encode()


def _record(
    unit: Unit,
    node: Node,
    meant: Sequence[tuple[Site, int]],
    export: SiteExport,
    exporting: Exporting,
    role: str,
) -> None:
    body: dict[str, JsonValue] = {
        "recipient": exporting.recipient,
        "mark": export.mark,
        "count": export.count,
        "sites": [site.id for site, _ in meant],
        "coarse": exporting.coarse,
        "role": role,
        "second": exporting.second,
        "digest": hashlib.sha256(export.data).hexdigest(),
    }
    about = (Subject.SITE, export.id, 1)
    kind = EntryKind.SITE_EXPORTED
    entry = record(
        node.identity,
        kind,
        about,
        body,
        at=node.now(),
        actor=exporting.actor,
        note=exporting.reason,
    )
    unit.append(entry)
    for site, version in meant:
        what = f"export, mark {export.mark}"
        look = Look(exporting.recipient, exporting.actor, what, export.id)
        note_site_view(unit, node, site, version, look)
