"""The profile picture of a conflict: heights against time, with what is uncertain."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from keepclear.model.altitude import Altitude, AltitudeBand
from keepclear.model.answer import Conflict
from keepclear.model.operation import Operation
from keepclear.model.volume import Volume
from keepclear.model.window import Window
from keepclear.reports.html.drawing import line_at, text_at
from keepclear.reports.html.markup import Markup, el
from keepclear.reports.wording import day_time, height_gap_words, plain
from keepclear.units import M_PER_FT

WIDTH = 340.0
HEIGHT = 300.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 66.0, 284.0, 26.0, 262.0
_STEPS_FT = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)


@dataclass(frozen=True, slots=True)
class Strip:
    """One operation's volume in the profile: a band of nominal height during a window."""

    low_m: float
    high_m: float
    window: Window

    @property
    def middle_m(self) -> float:
        """Half way up."""
        return (self.low_m + self.high_m) / 2.0

    def raised(self, by_m: float) -> Strip:
        """The same strip higher by so much."""
        return Strip(self.low_m + by_m, self.high_m + by_m, self.window)


def nominal_m(altitude: Altitude) -> float:
    """Where a height is drawn: above sea level as far as that was given; for pictures only."""
    datum_m = altitude.datum_m or 0.0
    return altitude.value_m + datum_m


def strip_of(operation: Operation, volume: Volume) -> Strip:
    """The strip of a volume, its window widened by the operation's tolerance."""
    low_m, high_m = nominal_m(volume.band.lower), nominal_m(volume.band.upper)
    return Strip(min(low_m, high_m), max(low_m, high_m), operation.window_of(volume))


def is_one_reference(first: AltitudeBand, second: AltitudeBand) -> bool:
    """Tell whether both bands count from one surface and can be drawn as they stand."""
    surfaces = (first.lower, first.upper, second.lower, second.upper)
    return all(first.lower.same_surface(other) for other in surfaces)


@dataclass(frozen=True, slots=True)
class Doubt:
    """How far the nearer edge of the other band may lie from where it is drawn."""

    half_m: float


def settled(ours: Strip, theirs: Strip, conflict: Conflict, *, same: bool) -> tuple[Strip, Doubt]:
    """The other strip where the answer puts it: its gap in the middle of what is possible.

    Args:
        ours: our strip, drawn as declared.
        theirs: theirs as declared.
        conflict: holds the least and the greatest gap that fit the declarations.
        same: whether both count from one surface.
    """
    low_m, high_m = conflict.separations.vertical_low_m, conflict.separations.vertical_high_m
    if not (math.isfinite(low_m) and math.isfinite(high_m)):
        return theirs, Doubt(math.inf)
    half_m = max(0.0, (high_m - low_m) / 2.0)
    if same or not half_m:
        return theirs, Doubt(half_m)
    gap_m = (low_m + high_m) / 2.0
    if theirs.middle_m >= ours.middle_m:
        return theirs.raised(ours.high_m + gap_m - theirs.low_m), Doubt(half_m)
    return theirs.raised(ours.low_m - gap_m - theirs.high_m), Doubt(half_m)


class _Axes:
    """Time to the right, height upwards."""

    def __init__(self, strips: tuple[Strip, Strip], span: Window, doubt: Doubt) -> None:
        fuzz_m = doubt.half_m if math.isfinite(doubt.half_m) else 0.0
        low_m = min(strip.low_m for strip in strips) - fuzz_m
        high_m = max(strip.high_m for strip in strips) + fuzz_m
        room_m = max(0.12 * (high_m - low_m), 60.0)
        self.low_m, self.high_m = low_m - room_m, high_m + room_m
        around = max(2.0 * (span.end - span.start), timedelta(minutes=10))
        start = max(min(s.window.start for s in strips), span.start - around)
        end = min(max(s.window.end for s in strips), span.end + around)
        margin = (end - start) * 0.05
        self.start, self.end = start - margin, end + margin

    def x(self, at: datetime) -> float:
        share = (at - self.start) / (self.end - self.start)
        return _LEFT + (_RIGHT - _LEFT) * min(1.0, max(0.0, share))

    def y(self, height_m: float) -> float:
        share = (height_m - self.low_m) / (self.high_m - self.low_m)
        return _BOTTOM - (_BOTTOM - _TOP) * min(1.0, max(0.0, share))

    def box(self, low_m: float, high_m: float, window: Window, class_: str) -> Markup:
        x, y = self.x(window.start), self.y(high_m)
        return el(
            "rect",
            x=x,
            y=y,
            width=max(1.5, self.x(window.end) - x),
            height=max(1.5, self.y(low_m) - y),
            class_=class_,
        )

    def grid(self) -> list[Markup]:
        """Heights in feet on the left and metres on the right, times below."""
        low_ft, high_ft = self.low_m / M_PER_FT, self.high_m / M_PER_FT
        step_ft = next((s for s in _STEPS_FT if (high_ft - low_ft) / s <= 5), _STEPS_FT[-1])
        parts = [
            text_at(_LEFT - 6.0, 14.0, "ft", "axis-word", "end"),
            text_at(_RIGHT + 6.0, 14.0, "m", "axis-word"),
        ]
        for k in range(math.ceil(low_ft / step_ft), math.floor(high_ft / step_ft) + 1):
            height_ft = k * step_ft
            y = self.y(height_ft * M_PER_FT)
            parts.append(line_at(_LEFT, y, _RIGHT, y, "axis-line"))
            parts.append(text_at(_LEFT - 6.0, y + 5.0, f"{height_ft:,}", "axis-word", "end"))
            parts.append(
                text_at(_RIGHT + 6.0, y + 5.0, f"{height_ft * M_PER_FT:,.0f}", "axis-word")
            )
        return parts

    def times(self, span: Window) -> list[Markup]:
        """First and last moment of the conflict, set apart so that they never touch."""
        first, last = self.x(span.start), self.x(span.end)
        left, right = first, last
        if right - left < 76.0:
            middle = min(max((left + right) / 2.0, _LEFT + 38.0), _RIGHT - 38.0)
            left, right = middle - 38.0, middle + 38.0
        parts = [line_at(x, _TOP, x, _BOTTOM + 4.0, "moment") for x in (first, last)]
        parts.append(text_at(left, _BOTTOM + 20.0, day_time(span.start), "time-word", "middle"))
        parts.append(text_at(right, _BOTTOM + 20.0, day_time(span.end), "time-word", "middle"))
        return parts


def profile_picture(
    conflict: Conflict,
    ours: tuple[Operation, Volume],
    theirs: tuple[Operation, Volume],
    tone: str,
    pattern: int,
) -> Markup:
    """Draw both bands against time; what overlaps, or the gap between them, is hatched.

    Args:
        conflict: the conflict.
        ours: our operation and the volume that comes closest.
        theirs: theirs.
        tone: the style class of the verdict.
        pattern: the line pattern of the other party.
    """
    first, second = strip_of(*ours), strip_of(*theirs)
    same = is_one_reference(ours[1].band, theirs[1].band)
    second, doubt = settled(first, second, conflict, same=same)
    axes = _Axes((first, second), conflict.span, doubt)
    layers = (
        el("rect", width=WIDTH, height=HEIGHT, class_="paper"),
        *axes.grid(),
        *_fuzz(axes, second, doubt),
        axes.box(second.low_m, second.high_m, second.window, f"foot other p{pattern}"),
        axes.box(first.low_m, first.high_m, first.window, "foot own p0"),
        _clash(axes, first, second, conflict, tone),
        *axes.times(conflict.span),
        _name(axes, first, second, plain(conflict.ours.designator, 14), "own"),
        _name(axes, second, first, plain(conflict.theirs.designator, 14), "other"),
    )
    low_m, high_m = conflict.separations.vertical_low_m, conflict.separations.vertical_high_m
    return el(
        "svg",
        *layers,
        class_="pair profile",
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        role="img",
        aria_label=f"Profile, height against time: {height_gap_words(low_m, high_m)}",
    )


def _fuzz(axes: _Axes, strip: Strip, doubt: Doubt) -> tuple[Markup, ...]:
    """Where the edges of the other band may lie besides."""
    if not doubt.half_m or not math.isfinite(doubt.half_m):
        return ()
    low_m, high_m = strip.low_m - doubt.half_m, strip.high_m + doubt.half_m
    return (axes.box(low_m, high_m, strip.window, "fuzz"),)


def _clash(axes: _Axes, ours: Strip, theirs: Strip, conflict: Conflict, tone: str) -> Markup:
    """The overlap in height, or the gap that is too small, while both are live."""
    edges = sorted((ours.low_m, ours.high_m, theirs.low_m, theirs.high_m))
    return axes.box(edges[1], edges[2], conflict.span, f"overlap {tone}")


def _name(axes: _Axes, strip: Strip, other: Strip, name: str, side: str) -> Markup:
    """The name at the outer edge of a band, away from the other band."""
    above = (strip.middle_m, side) >= (other.middle_m, "p")
    y = axes.y(strip.high_m) - 5.0 if above else axes.y(strip.low_m) + 15.0
    x = (axes.x(strip.window.start) + axes.x(strip.window.end)) / 2.0
    return text_at(x, y, name, f"name {side}", "middle")


def heights_note(ours: AltitudeBand, theirs: AltitudeBand, conflict: Conflict) -> str:
    """A sentence on how the heights were put on one scale; empty within one reference."""
    low_m, high_m = conflict.separations.vertical_low_m, conflict.separations.vertical_high_m
    if not (math.isfinite(low_m) and math.isfinite(high_m)):
        return (
            "These references cannot be reconciled: the bands are drawn as declared, side by side."
        )
    if is_one_reference(ours, theirs):
        return ""
    names = sorted(
        {a.reference.value for a in (ours.lower, ours.upper, theirs.lower, theirs.upper)}
    )
    return (
        f"Heights counted from {' and '.join(names)} are drawn on our scale; the other band "
        "may lie anywhere in its shaded part."
    )
