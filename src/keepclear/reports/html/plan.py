"""The plan picture of a conflict: both footprints near their closest points, from above."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from keepclear.model.answer import Conflict
from keepclear.model.volume import Footprint, Volume
from keepclear.reports.html.drawing import line_at, path_data, round_length, text_at
from keepclear.reports.html.markup import Markup, el, joined
from keepclear.reports.local import (
    FloatArray,
    Projection,
    middle_of,
    outline,
    table,
)
from keepclear.reports.wording import gap_words, least_distance_words, plain
from keepclear.units import M_PER_KM, M_PER_NM

WIDTH = 340.0
HEIGHT = 300.0
_LEAST_HALF_M = 250.0
_ROOM = 1.3


def plan_picture(
    conflict: Conflict, ours: Volume, theirs: Volume, tone: str, pattern: int
) -> Markup:
    """Draw where two volumes come closest, with the distance and what the rule asks.

    Args:
        conflict: the conflict.
        ours: the volume of ours that comes closest.
        theirs: the volume of theirs.
        tone: the style class of the verdict.
        pattern: the line pattern of the other party.
    """
    frame = _Frame(conflict, ours.footprint, theirs.footprint)
    shapes = [frame.shape(volume.footprint) for volume in (ours, theirs)]
    layers = (
        el("rect", width=WIDTH, height=HEIGHT, class_="paper"),
        el("path", d=frame.path(shapes[1]), class_=f"foot other p{pattern}"),
        el("path", d=frame.path(shapes[0]), class_="foot own p0"),
        el("path", d=frame.path(_overlap(*shapes)), class_=f"overlap {tone}"),
        *frame.ring(conflict, tone),
        *frame.distance(conflict, tone),
        frame.names(conflict, *shapes),
        frame.bar(),
        _north(),
    )
    return el(
        "svg",
        *layers,
        class_="pair plan",
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        role="img",
        aria_label=f"Plan: {gap_words(conflict.separations.lateral_m)}",
    )


class _Frame:
    """How metres around the closest points become units of the picture."""

    def __init__(self, conflict: Conflict, ours: Footprint, theirs: Footprint) -> None:
        closest = table((conflict.our_closest, conflict.their_closest))
        self._projection = Projection(middle_of(closest))
        self.half_m = self._half_m(conflict, ours, theirs)
        self.scale = HEIGHT / 2.0 / self.half_m
        self.ends = self.units(self._projection.flat(closest))
        asked = conflict.separations.lateral_minimum_m * self.scale
        self.asked_top = max(21.0, float(self.ends[0, 1]) - asked)

    def _half_m(self, conflict: Conflict, ours: Footprint, theirs: Footprint) -> float:
        separations = conflict.separations
        # The ring stands around our closest point, half the distance off the middle.
        asked_m = separations.lateral_minimum_m + separations.lateral_m / 2.0
        needed_m = _ROOM * max(asked_m, separations.lateral_m)
        if needed_m > 0.0:
            return max(needed_m, _LEAST_HALF_M)
        reach_m = [
            float(np.ptp(self._projection.flat(outline(shape)[0]), axis=0).max())
            for shape in (ours, theirs)
        ]
        return max(0.6 * min(reach_m), _LEAST_HALF_M)

    def units(self, flat: FloatArray) -> FloatArray:
        return np.stack(
            [WIDTH / 2.0 + flat[:, 0] * self.scale, HEIGHT / 2.0 - flat[:, 1] * self.scale],
            axis=-1,
        )

    def shape(self, footprint: Footprint) -> BaseGeometry:
        """A footprint in the picture's units, cut a little outside its frame."""
        rings = [self.units(self._projection.flat(ring)) for ring in outline(footprint)]
        shape = shapely.make_valid(shapely.Polygon(rings[0], rings[1:]))
        return shapely.clip_by_rect(shape, -20.0, -20.0, WIDTH + 20.0, HEIGHT + 20.0)

    def path(self, shape: BaseGeometry) -> Markup:
        parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
        rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
        return path_data((np.asarray(ring.coords)[:-1] for ring in rings), closed=True)

    def ring(self, conflict: Conflict, tone: str) -> tuple[Markup, ...]:
        """What the rule asks, as a ring around our closest point."""
        asked_m = conflict.separations.lateral_minimum_m
        if asked_m <= 0.0:
            return ()
        x, y = (float(value) for value in self.ends[0])
        radius = asked_m * self.scale
        words = f"asks {least_distance_words(asked_m).split(' (', maxsplit=1)[0]}"
        ring = el("circle", cx=x, cy=y, r=radius, class_=f"asked {tone}")
        return (ring, text_at(x, self.asked_top - 5.0, words, "asked-word", "middle"))

    def distance(self, conflict: Conflict, tone: str) -> tuple[Markup, ...]:
        """The line between the closest points, or a cross where footprints meet."""
        (x1, y1), (x2, y2) = ((float(x), float(y)) for x, y in self.ends)
        ends = [el("circle", cx=x, cy=y, r=4, class_=f"end {tone}") for x, y in self.ends]
        words = gap_words(conflict.separations.lateral_m, metric=False)
        # Beside the line, never on it.
        steep = abs(y2 - y1) > abs(x2 - x1)
        place = (
            (max(x1, x2) + 9.0, (y1 + y2) / 2.0 + 5.0)
            if steep
            else ((x1 + x2) / 2.0, max(y1, y2) + 21.0)
        )
        label = text_at(*place, words, f"gap-word {tone}", "start" if steep else "middle")
        return (line_at(x1, y1, x2, y2, f"gap {tone}"), *ends, label)

    def names(self, conflict: Conflict, ours: BaseGeometry, theirs: BaseGeometry) -> Markup:
        """Each side's name on the part of its footprint that is its own."""
        sides = ((conflict.ours, ours, theirs, "own"), (conflict.theirs, theirs, ours, "other"))
        parts = []
        for ref, shape, other, side in sides:
            name = plain(ref.designator, 18)
            x, y = self._room(shapely.difference(shape, other), shape, len(name))
            parts.append(text_at(x, y + 5.0, name, f"name {side}", "middle"))
        return joined(parts)

    def _room(self, own: BaseGeometry, whole: BaseGeometry, letters: int) -> tuple[float, float]:
        """A point for a name: inside the frame, away from the middle and the scale bar."""
        half = min(5.0 * letters, WIDTH / 2.0 - 10.0)
        x, y = (float(value) for value in self.ends.mean(axis=0))
        taken = shapely.union(
            shapely.box(x - 60.0 - half, y - 30.0, x + 60.0 + half, y + 40.0),
            shapely.box(0.0, HEIGHT - 45.0, 95.0 + half, HEIGHT),
        )
        above = self.asked_top - 5.0
        asked = shapely.box(x - 60.0 - half, above - 24.0, x + 60.0 + half, above + 14.0)
        taken = shapely.union(taken, asked)
        for shape in (own, whole):
            seen = shapely.clip_by_rect(shape, half + 6.0, 24.0, WIDTH - half - 6.0, HEIGHT - 16.0)
            free = shapely.difference(seen, taken)
            for area in (free, seen):
                if area.area > 0.0:
                    largest = max(shapely.get_parts(area), key=lambda part: float(part.area))
                    point = largest.representative_point()
                    return float(point.x), float(point.y)
        return WIDTH / 2.0, 40.0

    def bar(self) -> Markup:
        """A scale bar in NM and km."""
        rows = []
        for row, (unit, m_per_unit) in enumerate((("NM", M_PER_NM), ("km", M_PER_KM))):
            length = round_length(0.5 * self.half_m / m_per_unit)
            wide, y = length * m_per_unit * self.scale, HEIGHT - 24.0 + 15.0 * row
            rows.append(el("rect", x=8, y=y, width=wide, height=3, class_="scale-bar"))
            rows.append(text_at(wide + 14.0, y + 6.0, f"{length:g} {unit}", "scale-word"))
        return joined(rows)


def _overlap(first: BaseGeometry, second: BaseGeometry) -> BaseGeometry:
    return shapely.intersection(first, second)


def _north() -> Markup:
    arrow = el("path", d="M16 30V10M11 16L16 9L21 16", class_="north")
    return joined((arrow, text_at(16.0, 44.0, "N", "scale-word", "middle")))
