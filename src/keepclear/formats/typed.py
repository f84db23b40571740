"""A volume in one line, as it is typed into a form or read from a cell.

    CIRCLE 35.4011N 035.9487E R 5 NM | FL240-FL260 | 151300Z-151430Z
    POLYGON p > p > p HOLE p > p > p | 1000-2500 ft QNH | ...
    CORRIDOR HALF 2 NM p > p > p | SFC-FL245 | ...
    BLOCK | FL240-FL260 | ...

Shape, band and window stand between upright bars. A corridor says whether its width is
half or full, for the two are mixed up easily. BLOCK is a band over an area known already.

Source: keepclear's own grammar (docs/reference/typed.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from keepclear.errors import InvalidFootprint, InvalidInput
from keepclear.formats.coordinates import parse_position, typed_position
from keepclear.formats.quantities import (
    capitals,
    parse_band,
    parse_length_m,
    typed_band,
    typed_length,
)
from keepclear.formats.times import parse_window, window_text
from keepclear.model.volume import (
    MOST_VERTICES,
    Circle,
    Corridor,
    Footprint,
    Polygon,
    Position,
    Volume,
)

MOST_CHARACTERS = 60 * MOST_VERTICES
"""The longest text that is read: the most vertices, each written at full precision."""

EXAMPLE = "CIRCLE 35.4011N 035.9487E R 5 NM | FL240-FL260 | 151300Z-151430Z"
_SHAPES = (
    "Write CIRCLE p R 5 NM, POLYGON p > p > p, CORRIDOR HALF 2 NM p > p or BLOCK, "
    "each p a position such as 35.4011N 035.9487E."
)
_CIRCLE = re.compile(r"(.+) R (.+)")
_CORRIDOR = re.compile(r"(HALF|FULL) ([0-9.,]+ ?[A-Z]+) (.+)")

_Read = TypeVar("_Read")


def parse_volume(text: str, *, reference: datetime, area: Footprint | None = None) -> Volume:
    """Read a volume typed in one line.

    Args:
        text: shape, band and window between upright bars.
        reference: the moment near which times without a month lie.
        area: what BLOCK means; None where no area is known, and BLOCK is refused.

    Returns:
        The volume; its `source_text` is the text, word for word.

    Raises:
        InvalidInput: a piece cannot be read; the message names it. Nothing was taken.
    """
    _require_short(text)
    pieces = [piece.strip() for piece in text.split("|")]
    if len(pieces) != 3:
        raise InvalidInput(
            f"a typed volume has three pieces between upright bars, not {len(pieces)}",
            remedy=f"Write shape, heights and times: {EXAMPLE}",
        )
    shape, band, window = pieces
    return Volume(
        parse_footprint(shape, area=area),
        _at("heights", parse_band, band),
        _at("times", lambda times: parse_window(times, reference=reference), window),
        source_text=text,
    )


def parse_footprint(text: str, *, area: Footprint | None = None) -> Footprint:
    """Read the shape of a typed volume: CIRCLE, POLYGON, CORRIDOR or BLOCK.

    A ring may repeat its first position at its end.

    Raises:
        InvalidInput: it cannot be read; the message names the piece, and the position.
    """
    _require_short(text)
    word, _, rest = capitals(text).partition(" ")
    match word:
        case "CIRCLE":
            return _circle(rest)
        case "POLYGON":
            return _at("shape", _polygon, rest)
        case "CORRIDOR":
            return _corridor(rest)
        case "BLOCK":
            return _block(rest, area)
        case _:
            raise InvalidFootprint(f"the shape {_start(text)} is not known", remedy=_SHAPES)


def volume_text(volume: Volume) -> str:
    """Write a volume in one line that `parse_volume` reads back exactly.

    A BLOCK comes out as the shape of its area.
    """
    pieces = (footprint_text(volume.footprint), typed_band(volume.band), window_text(volume.window))
    return " | ".join(pieces)


def footprint_text(footprint: Footprint) -> str:
    """Write a shape that `parse_footprint` reads back exactly."""
    match footprint:
        case Circle(centre=centre, radius_m=radius_m):
            return f"CIRCLE {typed_position(centre)} R {typed_length(radius_m)}"
        case Corridor(centreline=centreline, half_width_m=half_width_m):
            return f"CORRIDOR HALF {typed_length(half_width_m)} {_chain(centreline)}"
        case Polygon(rings=rings):
            return "POLYGON " + " HOLE ".join(_chain(ring) for ring in rings)


def _circle(rest: str) -> Circle:
    found = _CIRCLE.fullmatch(rest)
    if found is None:
        raise InvalidFootprint(
            f"the circle {_start(rest)} has no radius",
            remedy="Write CIRCLE 35.4011N 035.9487E R 5 NM.",
        )
    centre = _at("shape, centre", parse_position, found[1])
    radius_m = _at("shape, radius", parse_length_m, found[2])
    return _at("shape, radius", lambda _: Circle(centre, radius_m), found[2])


def _polygon(rest: str) -> Polygon:
    rings = []
    for number, piece in enumerate(re.split(r"(?:^| )HOLE(?: |$)", rest)):
        ring = _positions(piece, "outer ring" if number == 0 else f"hole {number}")
        rings.append(ring[:-1] if len(ring) > 3 and ring[0] == ring[-1] else ring)
    return Polygon(tuple(rings))


def _corridor(rest: str) -> Corridor:
    found = _CORRIDOR.fullmatch(rest)
    if found is None:
        raise InvalidFootprint(
            f"the corridor {_start(rest)} does not state its width as HALF or FULL",
            remedy="Write CORRIDOR HALF 2 NM p > p, or CORRIDOR FULL 4 NM p > p.",
        )
    width_m = _at("shape, width", parse_length_m, found[2])
    half_width_m = width_m if found[1] == "HALF" else width_m / 2.0
    centreline = _at("shape", lambda chain: _positions(chain, "centre line"), found[3])
    return _at("shape", lambda _: Corridor(centreline, half_width_m), found[3])


def _block(rest: str, area: Footprint | None) -> Footprint:
    if rest:
        raise InvalidFootprint(
            f"after BLOCK stands {_start(rest)}", remedy="Write BLOCK alone; it means the area."
        )
    if area is None:
        raise InvalidFootprint(
            "BLOCK is a band over an area, and no area is known here",
            remedy="Write the shape itself: POLYGON p > p > p.",
        )
    return area


def _positions(chain: str, name: str) -> tuple[Position, ...]:
    if chain.count(">") >= MOST_VERTICES:
        raise InvalidFootprint(f"the {name} has more than {MOST_VERTICES:,} positions")
    texts = [text.strip() for text in chain.split(">")]
    return tuple(
        _at(f"{name}, position {number}", parse_position, text)
        for number, text in enumerate(texts, start=1)
    )


def _chain(positions: tuple[Position, ...]) -> str:
    return " > ".join(typed_position(position) for position in positions)


def _at(place: str, read: Callable[[str], _Read], text: str) -> _Read:
    """Read one piece; an error of it says in which piece it was."""
    try:
        return read(text)
    except InvalidInput as error:
        raise type(error)(f"{place}: {error.message}", remedy=error.remedy) from error


def _require_short(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput(
            f"{len(text):,} characters are more than {MOST_CHARACTERS:,}",
            remedy="Simplify the shape, or split it into several volumes.",
        )


def _start(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
