"""The part that overlaps, as L2 tells it: boxes between nodes, padded, around what is coarse.

They hold everything that both volumes share, and everything of the other within the rule's
minimum; they never lie inside it. They are drawn around the coarse volume, so they are no surer
than it is.

Source: domain study of keepclear, 5e (L2: padded, snapped to a grid, time within 15 minutes).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

from keepclear.disclose.coarse import coarse_band
from keepclear.disclose.lattice import Lattice, wrapped_deg
from keepclear.model.agreement import SeparationRule
from keepclear.model.altitude import HIGHEST_M, LOWEST_M, AltitudeBand
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position, Volume
from keepclear.model.window import Window

MOST_BOXES = 20
"""More boxes are told as one around them all."""
PADDING_S = 900.0

_METRES_PER_DEG = 110_500.0
_BULGE_M = 250.0
"""A great circle of one degree leaves its parallel by less."""
_MOST_EDGE_DEG = 1.0
_SAME_DEG = 1e-5
"""Positions are told to six decimals, and their parallel moves with them."""
_SAME_M = 0.01
_ENDS_M = frozenset({LOWEST_M, HIGHEST_M})


@dataclass(frozen=True, slots=True)
class _Box:
    """A box on the ground; its east may exceed 180°."""

    south_deg: float
    west_deg: float
    north_deg: float
    east_deg: float

    def grown(self, by_m: float) -> _Box:
        up_deg = by_m / _METRES_PER_DEG
        worst_deg = min(89.0, max(abs(self.south_deg), abs(self.north_deg)) + up_deg)
        out_deg = up_deg / math.cos(math.radians(worst_deg))
        return _Box(
            self.south_deg - up_deg,
            self.west_deg - out_deg,
            self.north_deg + up_deg,
            self.east_deg + out_deg,
        )

    def shared(self, other: _Box) -> _Box | None:
        """What two boxes share, the other turned round the Earth towards this one."""
        turns = round((self.west_deg + self.east_deg - other.west_deg - other.east_deg) / 720.0)
        west_deg = max(self.west_deg, other.west_deg + 360.0 * turns)
        east_deg = min(self.east_deg, other.east_deg + 360.0 * turns)
        south_deg = max(self.south_deg, other.south_deg)
        north_deg = min(self.north_deg, other.north_deg)
        if west_deg > east_deg or south_deg > north_deg:
            return None
        return _Box(south_deg, west_deg, north_deg, east_deg)


def overlaps_of(
    asked: Sequence[Volume], coarse: Sequence[Volume], rule: SeparationRule, lattice: Lattice
) -> tuple[Volume, ...]:
    """The overlapping parts of an asked operation and a coarse one, as L2 tells them.

    Args:
        asked: the asker's volumes, tolerance included.
        coarse: the hidden operation's volumes as the lattice has them.
        rule: the rule that is broken; what lies within its minima counts as overlapping.
        lattice: what boxes are snapped to.
    """
    found: dict[Volume, None] = {}
    for one in asked:
        for other in coarse:
            found.update(dict.fromkeys(_between(one, other, rule, lattice)))
    boxes = tuple(found)
    return boxes if len(boxes) <= MOST_BOXES else (_around(boxes),)


def boxed(volume: Volume, lattice: Lattice) -> tuple[Volume, ...]:
    """A volume as L2 may tell it: boxes between nodes that together hold it."""
    band, window = coarse_band(volume.band, lattice), lattice.around(volume.window)
    drawn = (_drawn(each, lattice) for each in _boxes(volume.footprint))
    boxes = tuple(dict.fromkeys(Volume(each, band, window) for each in drawn))
    return boxes if len(boxes) <= MOST_BOXES else (_around(boxes),)


def is_boxed(volume: Volume, lattice: Lattice) -> bool:
    """Whether a volume is a box between nodes in space, height and time."""
    if volume.window != lattice.around(volume.window):
        return False
    if not all(
        _is_step(each.value_m, lattice.pitch_height_m, _SAME_M) or each.value_m in _ENDS_M
        for each in (volume.band.lower, volume.band.upper)
    ):
        return False
    if not isinstance(volume.footprint, Polygon):
        return False
    (ring, *holes) = volume.footprint.rings
    box = _box(ring)
    across_deg = lattice.across_deg(max(abs(box.south_deg), abs(box.north_deg)))
    up_deg = lattice.pitch_m / _METRES_PER_DEG
    sides = [(each, up_deg) for each in (box.south_deg, box.north_deg)]
    sides += [(each, across_deg) for each in (box.west_deg, box.east_deg)]
    on_rim = all(each.latitude_deg in {box.south_deg, box.north_deg} for each in ring)
    return not holes and on_rim and all(_is_step(at, step, _SAME_DEG) for at, step in sides)


def _is_step(value: float, step: float, slack: float) -> bool:
    return abs(value - round(value / step) * step) <= slack


def _between(
    one: Volume, other: Volume, rule: SeparationRule, lattice: Lattice
) -> Iterator[Volume]:
    if one.window.gap_s(other.window) > rule.min_time_s:
        return
    band = _shared_band(one.band, other.band, rule.vertical_m, lattice)
    if band is None:
        return
    window = lattice.around(_shared_window(one.window, other.window, rule.min_time_s))
    theirs = list(_boxes(other.footprint))
    for ours in _boxes(one.footprint):
        grown = ours.grown(rule.lateral_m)
        for each in theirs:
            shared = grown.shared(each)
            if shared is not None:
                yield Volume(_drawn(shared, lattice), band, window)


def _shared_window(one: Window, other: Window, min_time_s: float) -> Window:
    """When both are live, or nearly, padded; a single moment is padded too."""
    grown, padding = one.widened(min_time_s), timedelta(seconds=PADDING_S)
    return Window(max(grown.start, other.start) - padding, min(grown.end, other.end) + padding)


def _shared_band(
    one: AltitudeBand, other: AltitudeBand, vertical_m: float, lattice: Lattice
) -> AltitudeBand | None:
    """The part of the other band that overlaps; all of it where references differ."""
    surfaces = {each.reference for band in (one, other) for each in (band.lower, band.upper)}
    if len(surfaces) > 1 or not one.lower.same_surface(other.lower):
        return other
    low_m = max(one.lower.value_m - vertical_m, other.lower.value_m)
    high_m = min(one.upper.value_m + vertical_m, other.upper.value_m)
    if low_m > high_m:
        return None
    low_m = max(LOWEST_M, lattice.below_m(low_m))
    high_m = min(HIGHEST_M, lattice.above_m(high_m))
    return AltitudeBand(replace(other.lower, value_m=low_m), replace(other.upper, value_m=high_m))


def _boxes(footprint: Footprint) -> Iterator[_Box]:
    """Boxes that together hold a footprint: one for each leg of a corridor."""
    match footprint:
        case Circle(centre=centre, radius_m=radius_m):
            yield _box((centre,)).grown(radius_m + _BULGE_M)
        case Corridor(centreline=line, half_width_m=half_width_m):
            for one, other in pairwise(line):
                yield _box((one, other)).grown(half_width_m + _bulge_m(one, other))
        case Polygon(rings=rings):
            ring = (*rings[0], rings[0][0])
            legs = pairwise(ring)
            yield _box(ring).grown(max(_bulge_m(one, other) for one, other in legs))


def _bulge_m(one: Position, other: Position) -> float:
    """How far a great circle may leave the box around its ends."""
    turn_deg = abs((other.longitude_deg - one.longitude_deg + 180.0) % 360.0 - 180.0)
    return _BULGE_M * max(1.0, turn_deg) ** 2


def _box(positions: Sequence[Position]) -> _Box:
    first_deg = positions[0].longitude_deg
    turned = [
        first_deg + (each.longitude_deg - first_deg + 180.0) % 360.0 - 180.0 for each in positions
    ]
    latitudes = [each.latitude_deg for each in positions]
    return _Box(min(latitudes), min(turned), max(latitudes), max(turned))


def _drawn(box: _Box, lattice: Lattice) -> Polygon:
    """A box snapped outwards to nodes, its long edges bent along their parallels."""
    box = box.grown(_BULGE_M)
    step_deg = lattice.pitch_m / _METRES_PER_DEG
    south_deg = max(-89.0, math.floor(box.south_deg / step_deg) * step_deg)
    north_deg = min(89.0, math.ceil(box.north_deg / step_deg) * step_deg)
    across_deg = lattice.across_deg(round(max(abs(south_deg), abs(north_deg)), 6))
    west_deg = math.floor(box.west_deg / across_deg) * across_deg
    east_deg = math.ceil(box.east_deg / across_deg) * across_deg
    east_deg = min(east_deg, west_deg + 359.0)
    pieces = max(1, math.ceil((east_deg - west_deg) / _MOST_EDGE_DEG))
    along = [west_deg + (east_deg - west_deg) * i / pieces for i in range(pieces + 1)]
    ring = [(south_deg, each) for each in along] + [(north_deg, each) for each in reversed(along)]
    return Polygon(
        (tuple(Position(round(lat, 6), round(wrapped_deg(lon), 6)) for lat, lon in ring),)
    )


def _around(boxes: Sequence[Volume]) -> Volume:
    """One box around many, of all their times and heights."""
    first = boxes[0]
    rings = [each.footprint.rings[0] for each in boxes if isinstance(each.footprint, Polygon)]
    box = _box([position for ring in rings for position in ring])
    bands = [each.band for each in boxes]
    low = min((band.lower for band in bands), key=lambda each: each.value_m)
    high = max((band.upper for band in bands), key=lambda each: each.value_m)
    window = Window(
        min(each.window.start for each in boxes), max(each.window.end for each in boxes)
    )
    corners = (
        (box.south_deg, box.west_deg),
        (box.south_deg, box.east_deg),
        (box.north_deg, box.east_deg),
        (box.north_deg, box.west_deg),
    )
    ring = tuple(Position(lat, wrapped_deg(lon)) for lat, lon in corners)
    same = low.reference is high.reference
    band = AltitudeBand(low, high) if same else first.band
    return Volume(Polygon((ring,)), band, window)
