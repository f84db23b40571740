"""Which of our operations, and of those we answer for, an area that was told on a line touches.

Asked when an area is switched on (M05, M06): every live operation filed at this node is held
against it, our own and those of members and affiliates alike.

Source: domain study of keepclear, 5h.11.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from keepclear.errors import StateForbids
from keepclear.model.answer import Answer, Verdict
from keepclear.services.line.messaging import held
from keepclear.services.line.noticing import volumes_of
from keepclear.services.node import Node
from keepclear.services.own_answers import answers

AREAS: Final = {"M05": "zone", "M06": "place"}
"""The types that declare an area, each with the field that names it."""
CIVIL_NOTICE: Final = (
    "Civil aircraft are not told by this message. Ask the civil air traffic authority for a "
    "NOTAM of the area and its times (ICAO Doc 9554), and note its number here."
)
_PAGE: Final = 200
_MOST_PAGES: Final = 500


@dataclass(frozen=True, slots=True)
class Touched:
    """One operation that an area touches.

    Attributes:
        id, designator, version: which operation.
        member: whose it is, where it is not the party's own; empty for the party.
        is_certain: False where it cannot be said for certain.
        reason: one sentence for a person.
        begins_at: from when it would be inside.
    """

    id: str
    designator: str
    version: int
    member: str
    is_certain: bool
    reason: str
    begins_at: datetime


@dataclass(frozen=True, slots=True)
class Affected:
    """What an area touches.

    Attributes:
        message: that told of it.
        area: its name.
        touched: the operations, the earliest first.
        civil_notice: what is to be done for civil aircraft; empty where a notice is named.
        asked: how many of our operations were held against it.
        complete: whether that was all of them.
    """

    message: str
    area: str
    touched: tuple[Touched, ...]
    civil_notice: str
    asked: int
    complete: bool


def affected_by(node: Node, message_id: str) -> Affected:
    """Which operations filed at this node an area touches.

    Raises:
        NotFound: there is no such message.
        StateForbids: it tells of no area.
        InvalidInput: its volumes cannot be used.
    """
    with node.store.view() as view:
        message = held(view, message_id).message
    if message.code not in AREAS:
        raise StateForbids(f"{message.code} tells of no area", remedy="Ask of an M05 or M06.")
    name = str(message.fields[AREAS[message.code]])
    count = len(volumes_of(message.fields["volumes"]))
    begin = f"{message.sender}: {name}"
    zones = {begin, *(f"{begin} ({number})" for number in range(2, count + 1))}
    touched: list[Touched] = []
    cursor, asked, complete = "", 0, False
    for _ in range(_MOST_PAGES):
        page = answers(node, cursor=cursor, limit=_PAGE)
        asked += len(page.items)
        touched += [one for each in page.items for one in _touched(node, each, zones)]
        cursor = page.following
        if not cursor:
            complete = page.pending == 0
            if complete:
                break
            touched, asked = [], 0
    is_noticed = bool(message.fields.get("civil_notice"))
    return Affected(
        message.id,
        name,
        tuple(sorted(touched, key=lambda each: (each.begins_at, each.id))),
        "" if is_noticed else CIVIL_NOTICE,
        asked,
        complete,
    )


def _touched(node: Node, answer: Answer, zones: set[str]) -> list[Touched]:
    found = [each for each in answer.infringements if each.airspace_id in zones]
    if not found:
        return []
    first = min(found, key=lambda each: each.span.start)
    operation = answer.operation
    with node.store.view() as view:
        stored = view.operation(operation.id)
    member = "" if stored is None else stored.operation.member
    return [
        Touched(
            operation.id,
            operation.designator,
            operation.version,
            member,
            any(each.verdict is Verdict.CONFLICT for each in found),
            first.reason,
            first.span.start,
        )
    ]
