"""Which humanitarian entries are stale or stand twice, and what a movement is warned with.

Flags are for people: nothing that bears one is dropped, hidden or changed.

Source: domain study of keepclear, 3 (stale and duplicate entries; expiry and confirmation)
and 5h, drill 10.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from keepclear.formats.times import dtg_or_iso
from keepclear.geometry.geodesy import geodesic_m
from keepclear.model.humanitarian import Movement
from keepclear.model.message import Message
from keepclear.model.site import Site, VerifiedBy
from keepclear.model.volume import Position, positions_of
from keepclear.model.window import Window

SAME_PLACE_M: Final = 200.0
"""Two entries so near with one function are likely one place."""


class FlagKind(StrEnum):
    """What is to be looked at in an entry."""

    EXPIRED = "expired"
    UNCONFIRMED = "not confirmed again"
    UNVERIFIED = "not verified"
    DUPLICATE = "duplicate"


class Flag(NamedTuple):
    """Something to look at.

    Attributes:
        kind: what.
        text: in a sentence.
        other: the other entry, of a duplicate; empty for none.
    """

    kind: FlagKind
    text: str
    other: str = ""


def due_of(entry: Movement | Site) -> datetime:
    """When somebody must look at an entry again."""
    return entry.expiry if entry.confirm_by is None else min(entry.confirm_by, entry.expiry)


def movement_flags(
    movement: Movement, others: Iterable[Movement], now: datetime
) -> tuple[Flag, ...]:
    """What is to be looked at in a movement."""
    found = list(_stale(movement, now))
    for other in others:
        if other.id != movement.id and _is_same_movement(movement, other):
            text = f"{other.organisation} notified a like movement within {SAME_PLACE_M:g} m"
            found.append(Flag(FlagKind.DUPLICATE, text, other.id))
    return tuple(found)


def site_flags(site: Site, others: Iterable[Site], now: datetime) -> tuple[Flag, ...]:
    """What is to be looked at in a site."""
    found = list(_stale(site, now))
    if site.method is VerifiedBy.NOT_VERIFIED:
        found.append(Flag(FlagKind.UNVERIFIED, "nobody has looked whether it is there"))
    for other in others:
        if other.id == site.id or not _same_words(other.function, site.function):
            continue
        apart_m = geodesic_m(site.point, other.point)
        if apart_m <= SAME_PLACE_M:
            text = f"another {other.function} stands {apart_m:.0f} m from it"
            found.append(Flag(FlagKind.DUPLICATE, text, other.id))
    return tuple(found)


def warning_words(message: Message, why: str) -> str:
    """What a movement is told; the mode word first and last, and nothing that orders or permits."""
    fields: Mapping[str, Any] = message.fields
    start = "" if message.speaks_of is None else f" Your start: {dtg_or_iso(message.speaks_of)}."
    hazard = why.strip().rstrip(".")
    duff = "NO DUFF. " if message.no_duff else ""
    return (
        f"{message.mode}. {duff}HAZARD WARNING to {fields.get('organisation', 'the movement')}, "
        f"{fields.get('route', 'route not stated')}.{start} {hazard}. Do not take it that those "
        f"who operate there know of you. This is neither an order nor a permission: decide "
        f"yourselves, and say what you do. {duff}{message.mode}"
    )


def _stale(entry: Movement | Site, now: datetime) -> Iterable[Flag]:
    if entry.expiry <= now:
        yield Flag(FlagKind.EXPIRED, f"it expired {dtg_or_iso(entry.expiry)}")
    elif entry.confirm_by is not None and entry.confirm_by <= now:
        text = f"it was to be confirmed by {dtg_or_iso(entry.confirm_by)}"
        yield Flag(FlagKind.UNCONFIRMED, text)


def _is_same_movement(one: Movement, other: Movement) -> bool:
    if one.mode is not other.mode or not _same_words(one.organisation, other.organisation):
        return False
    if _whole(one).gap_s(_whole(other)) > 0.0:
        return False
    return geodesic_m(_start(one), _start(other)) <= SAME_PLACE_M


def _start(movement: Movement) -> Position:
    first = min(movement.legs, key=lambda leg: leg.window.start)
    return positions_of(first.footprint)[0]


def _whole(movement: Movement) -> Window:
    windows = [each.window for each in movement.legs]
    return Window(min(each.start for each in windows), max(each.end for each in windows))


def _same_words(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
