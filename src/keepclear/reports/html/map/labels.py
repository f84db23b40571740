"""Which labels of the map are shown where, so that none covers another.

The page's script does the same again after zooming; this is the map without scripts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from keepclear.reports.html.drawing import LABEL_PX
from keepclear.reports.html.markup import Markup

SIDES = (
    ("start", 13.0, 5.0),
    ("end", -13.0, 5.0),
    ("middle", 0.0, -12.0),
    ("middle", 0.0, 23.0),
    ("start", 11.0, -11.0),
    ("end", -11.0, -11.0),
    ("start", 11.0, 21.0),
    ("end", -11.0, 21.0),
)
"""Where a label may stand beside its point: anchor, and offset in px."""
SCALE_TOP, SCALE_RIGHT = 0.91, 0.34
"""The corner of the map that its scale bars keep for themselves."""
GRAVE = 1
"""Marks of conflicts (0) and infringements (1) always show; only other marks give way."""
_HEIGHT = 17.0
_ICON = 9.0


@dataclass(frozen=True, slots=True)
class Pin:
    """A point of the map with a mark and a label.

    Attributes:
        x, y: where, in units of the map.
        rank: 0 is placed first; conflicts, then operations, airspace, cities, grid.
        label: its words; empty for a mark alone.
        kind: the style class.
        mark: what is drawn at the point; None for a label alone.
        href: where a click leads without scripts; empty for nowhere.
        keys: the operations it stands for.
        name: its full name for screen readers.
    """

    x: float
    y: float
    rank: int
    label: str
    kind: str
    mark: Markup | None = None
    href: str = ""
    keys: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A pin and what became of it.

    Attributes:
        pin: the pin.
        side: which of `SIDES` its label takes; None where there is no room for the label.
        is_covered: whether even its mark is left out: another of its kind counts it, or
            there is no room.
    """

    pin: Pin
    side: int | None
    is_covered: bool


Box = tuple[float, float, float, float]


@dataclass(slots=True)
class _Board:
    """Boxes already taken, in a coarse grid so that many labels stay quick."""

    cells: dict[tuple[int, int], list[Box]] = field(default_factory=dict)

    def is_free(self, box: Box) -> bool:
        return not any(_meet(box, other) for cell in _cells(box) for other in self._in(cell))

    def take(self, box: Box) -> None:
        for cell in _cells(box):
            self.cells.setdefault(cell, []).append(box)

    def _in(self, cell: tuple[int, int]) -> list[Box]:
        return self.cells.get(cell, [])


def _cells(box: Box) -> list[tuple[int, int]]:
    west, south, east, north = (int(value // 64.0) for value in box)
    return [(x, y) for x in range(west, east + 1) for y in range(south, north + 1)]


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def place_labels(pins: Iterable[Pin], width: float, height: float) -> tuple[Placed, ...]:
    """Decide for every pin, in the order of rank, whether and where its label stands.

    Args:
        pins: the pins; those of equal rank are placed in the order given.
        width: of the map in px; pins outside it take no room.
        height: the same.
    """
    board = _Board()
    board.take((0.0, SCALE_TOP * height, SCALE_RIGHT * width, height))
    gathered = list(_gathered(sorted(pins, key=lambda pin: pin.rank)))
    for pin, follows in gathered:
        if pin.rank <= GRAVE and not follows:
            board.take(_mark_box(pin))
    return tuple(
        Placed(pin, None, is_covered=True) if follows else _placed(pin, board, width, height)
        for pin, follows in gathered
    )


def _gathered(pins: Iterable[Pin]) -> Iterator[tuple[Pin, bool]]:
    """The same pins, and whether each follows another conflict at the same place.

    The label of the first one there counts those that follow it ("C1 +3").
    """
    heads: list[Pin] = []
    followers: dict[int, int] = {}
    rest: list[tuple[Pin, bool]] = []
    for pin in pins:
        if pin.rank > 0:
            rest.append((pin, False))
            continue
        head = next((i for i, other in enumerate(heads) if _covers(other, pin)), None)
        if head is None:
            heads.append(pin)
        else:
            followers[head] = followers.get(head, 0) + 1
            rest.append((pin, True))
    for i, pin in enumerate(heads):
        counted = replace(pin, label=f"{pin.label} +{followers[i]}") if i in followers else pin
        yield counted, False
    yield from rest


def _covers(head: Pin, pin: Pin) -> bool:
    return max(abs(head.x - pin.x), abs(head.y - pin.y)) < 2.0 * _ICON


def _mark_box(pin: Pin) -> Box:
    return (pin.x - _ICON, pin.y - _ICON, pin.x + _ICON, pin.y + _ICON)


def _placed(pin: Pin, board: _Board, width: float, height: float) -> Placed:
    if not (0.0 <= pin.x <= width and 0.0 <= pin.y <= height):
        return Placed(pin, None, is_covered=False)
    if pin.mark is not None and pin.rank > GRAVE:
        if not board.is_free(_mark_box(pin)):
            return Placed(pin, None, is_covered=True)
        board.take(_mark_box(pin))
    for side, (anchor, dx, dy) in enumerate(SIDES):
        box = label_box(pin, anchor, dx, dy)
        inside = box[0] >= 0.0 and box[1] >= 0.0 and box[2] <= width and box[3] <= height
        if pin.label and inside and board.is_free(box):
            board.take(box)
            return Placed(pin, side, is_covered=False)
    return Placed(pin, None, is_covered=False)


def label_box(pin: Pin, anchor: str, dx: float, dy: float) -> Box:
    """Where a label stands on one side of its pin: left, top, right, bottom, in px."""
    wide = LABEL_PX * len(pin.label) + 6.0
    left = pin.x + dx - {"start": 3.0, "end": wide - 3.0, "middle": wide / 2.0}[anchor]
    bottom = pin.y + dy + 4.0
    return (left, bottom - _HEIGHT, left + wide, bottom)
