"""The map: land, borders, airspace, both sides' operations, and where they conflict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keepclear.model.volume import Circle, Footprint
from keepclear.reports.basemap import drawn_line, land_rings, line_pieces
from keepclear.reports.html.drawing import TONES, path_data, percent, round_length
from keepclear.reports.html.limits import MOST_CARDS, MOST_ROWS
from keepclear.reports.html.map.labels import SIDES, Placed, place_labels
from keepclear.reports.html.map.pins import pins_of
from keepclear.reports.html.map.view import HEIGHT, WIDTH, View, grid_lines
from keepclear.reports.html.markup import Markup, el, joined
from keepclear.reports.html.scene import Scene, Shown
from keepclear.reports.local import FloatArray, outline, table
from keepclear.reports.wording import answer_words, plain, span_words, verdict_words
from keepclear.units import M_PER_KM, M_PER_NM

_USUAL_WIDTH = 800.0
"""The width in px for which labels are placed where no script runs."""


def map_picture(scene: Scene) -> Markup:
    """The whole map as one drawing; it opens on the region of the check."""
    view = View(scene.region)
    world = el(
        "svg",
        _hatches(),
        el("rect", class_="sea", x=-4 * WIDTH, y=-4 * HEIGHT, width=9 * WIDTH, height=9 * HEIGHT),
        joined(_ground(scene, view)),
        joined(_airspace(scene, view)),
        joined(_operation(shown, view) for shown in sorted(scene.shown, key=_depth)),
        joined(_conflict_lines(scene, view)),
        class_="world",
        viewBox=f"0 0 {WIDTH:.0f} {HEIGHT:.0f}",
        preserveAspectRatio="none",
        width="100%",
        height="100%",
    )
    return el(
        "svg",
        world,
        el("g", *_pins(scene, view), class_="pins"),
        _scale_bar(view),
        id="map",
        class_="map",
        tabindex="0",
        role="group",
        aria_label="Map of the check; everything on it is also in the lists below",
        aria_describedby="map-keys",
        data_m_per_unit=f"{view.m_per_unit:.4f}",
    )


def _depth(shown: Shown) -> tuple[bool, bool]:
    """Those in conflicts are drawn above others, ours above theirs."""
    return (shown.trouble is not None, shown.own)


def _hatches() -> Markup:
    """Hatchings, defined once and used by the map and by every card."""
    names = (("hatch", "hatch-line"), ("clash-hatch", "clash-line"), ("doubt-hatch", "doubt-line"))
    return el("defs", *(_hatch(identity, line) for identity, line in names))


def _hatch(identity: str, line: str) -> Markup:
    return el(
        "pattern",
        el("path", d="M0 0V9", class_=line),
        id=identity,
        width="9",
        height="9",
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )


def _ground(scene: Scene, view: View) -> Iterator[Markup]:
    beyond = view.beyond
    ground = scene.subject.basemap.within(beyond)
    land = [view.drawn(flat) for ring in ground.land for flat in land_rings(ring, beyond)]
    coast = [
        view.drawn(flat) for ring in ground.land for flat in line_pieces(ring, beyond, closed=True)
    ]
    borders = [
        view.drawn(flat)
        for line in ground.borders
        for flat in line_pieces(line, beyond, closed=False)
    ]
    yield el("path", d=path_data(land, closed=True), class_="land", fill_rule="evenodd")
    yield el("path", d=path_data(coast, closed=False), class_="coast")
    grid = [line.points for line in grid_lines(view)]
    yield el("path", d=path_data(grid, closed=False, apart=8.0), class_="grid")
    yield el("path", d=path_data(borders, closed=False), class_="border")


def _airspace(scene: Scene, view: View) -> Iterator[Markup]:
    agreement = scene.subject.agreement
    yield el("path", d=_shape(agreement.area, view), class_="area")
    for zone in scene.subject.zones[:MOST_ROWS]:
        title = el("title", f"{plain(zone.name or zone.id, 60)}: {zone.kind.value}")
        yield el(
            "g",
            title,
            el("path", d=_shape(zone.footprint, view), class_="zone", fill_rule="evenodd"),
        )
    for airfield in agreement.airfields[:MOST_ROWS]:
        ring = Circle(airfield.position, airfield.ring_radius_m)
        shapes: list[Footprint] = [ring, *(corridor.corridor for corridor in airfield.corridors)]
        yield joined(el("path", d=_shape(shape, view), class_="ring") for shape in shapes)
    for boundary in agreement.boundaries[:MOST_ROWS]:
        pieces = [view.drawn(flat) for flat in drawn_line(table(boundary.line), view.beyond)]
        yield el("path", d=path_data(pieces, closed=False), class_="boundary")


def _shape(footprint: Footprint, view: View) -> Markup:
    rings: list[FloatArray] = [view.positions(ring) for ring in outline(footprint)]
    return path_data(rings, closed=True)


def _operation(shown: Shown, view: View) -> Markup:
    operation = shown.operation
    tone = f" in-{TONES[shown.trouble]}" if shown.trouble is not None else ""
    side = "own" if shown.own else "other"
    volumes = [
        el("path", d=_shape(volume.footprint, view), fill_rule="evenodd")
        for volume in operation.volumes
    ]
    return el(
        "a",
        el("title", shown.label),
        *volumes,
        href=f"#row-{shown.key}",
        class_=f"op {side} p{shown.pattern}{tone}",
        data_op=shown.key,
        tabindex="-1",
        aria_label=operation_words(shown),
    )


def operation_words(shown: Shown) -> str:
    """One sentence on an operation, for screen readers and the line under the map."""
    operation = shown.operation
    if shown.answer is not None:
        answer = f", {answer_words(shown.answer)}"
    elif shown.trouble is not None:
        answer = f", in {verdict_words(shown.trouble)}"
    else:
        answer = ""
    return (
        f"{shown.label}, {operation.operation_class.value}, {operation.state.value}, "
        f"{span_words(operation.window)}{answer}"
    )


def _conflict_lines(scene: Scene, view: View) -> Iterator[Markup]:
    for numbered in scene.conflicts[:MOST_CARDS]:
        conflict = numbered.conflict
        (x1, y1), (x2, y2) = view.point(conflict.our_closest), view.point(conflict.their_closest)
        tone = TONES[conflict.verdict]
        yield el("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=f"gap {tone}")


def _pins(scene: Scene, view: View) -> Iterator[Markup]:
    scale = _USUAL_WIDTH / WIDTH
    pins = [replace(pin, x=pin.x * scale, y=pin.y * scale) for pin in pins_of(scene, view)]
    placed = place_labels(pins, _USUAL_WIDTH, _USUAL_WIDTH * HEIGHT / WIDTH)
    for one in reversed(placed):  # the gravest on top
        yield _pin(one, one.pin.x / scale, one.pin.y / scale)


def _pin(placed: Placed, x: float, y: float) -> Markup:
    pin = placed.pin
    anchor, dx, dy = SIDES[placed.side or 0]
    state = " covered" if placed.is_covered else " crowded" if placed.side is None else ""
    label = el("text", pin.label, x=dx, y=dy, text_anchor=anchor) if pin.label else None
    inner = (
        el(
            "a",
            pin.mark,
            label,
            href=pin.href,
            tabindex="-1",
            data_keys=pin.keys or None,
            aria_label=pin.name or pin.label,
        )
        if pin.href
        else joined((pin.mark, label))
    )
    return el(
        "svg",
        inner,
        class_=f"pin {pin.kind}{state}",
        x=percent(x / WIDTH),
        y=percent(y / HEIGHT),
        overflow="visible",
        data_x=x,
        data_y=y,
        aria_hidden=None if pin.href else "true",
    )


def _scale_bar(view: View) -> Markup:
    """Two bars, NM above km; lengths are true at the middle of the map."""
    bars = []
    for row, (unit, m_per_unit) in enumerate((("NM", M_PER_NM), ("km", M_PER_KM))):
        length = round_length(0.22 * WIDTH * view.m_per_unit / m_per_unit)
        share = length * m_per_unit / view.m_per_unit / WIDTH
        bars.append(
            el(
                "g",
                el("rect", x="2%", y="100%", width=percent(share), height="4"),
                el(
                    "text",
                    f"{length:g} {unit}",
                    x=percent(0.02 + share),
                    y="100%",
                    dx="6",
                    dy="7",
                ),
                transform=f"translate(0 {16 * row - 28})",
                data_m=m_per_unit,
                data_unit=unit,
            )
        )
    return el("g", *bars, class_="scale")
