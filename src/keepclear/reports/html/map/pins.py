"""The points and names on the map: conflicts, operations, airspace, cities, degrees."""

from __future__ import annotations

from collections.abc import Iterator

from keepclear.model.volume import Corridor, Footprint
from keepclear.reports.html.drawing import glyph
from keepclear.reports.html.limits import MOST_CARDS, MOST_PLACES, MOST_ROWS
from keepclear.reports.html.map.labels import Pin
from keepclear.reports.html.map.view import View, grid_lines
from keepclear.reports.html.markup import el
from keepclear.reports.html.scene import Scene, Shown
from keepclear.reports.local import outline, table
from keepclear.reports.ranking import infringements_of
from keepclear.reports.wording import plain, verdict_words

CONFLICT, INFRINGEMENT, TROUBLED, OTHER, AIRFIELD, AIRSPACE, CITY, GRID = range(8)
"""Ranks: what is placed first keeps its label."""


def pins_of(scene: Scene, view: View) -> Iterator[Pin]:
    """Every pin of the map, in no particular order."""
    yield from _conflicts(scene, view)
    yield from _infringements(scene, view)
    for shown in scene.shown:
        yield _operation(shown, view)
    yield from _airspace(scene, view)
    yield from _cities(scene, view)
    for line in grid_lines(view):
        if line.at is not None:
            yield Pin(*line.at, rank=GRID, label=line.label, kind="grid-label")


def _conflicts(scene: Scene, view: View) -> Iterator[Pin]:
    for numbered in scene.conflicts[:MOST_CARDS]:
        conflict = numbered.conflict
        ours, theirs = view.point(conflict.our_closest), view.point(conflict.their_closest)
        yield Pin(
            (ours[0] + theirs[0]) / 2.0,
            (ours[1] + theirs[1]) / 2.0,
            rank=CONFLICT,
            label=numbered.label,
            kind="conflict-pin",
            mark=glyph(conflict.verdict),
            href=f"#conflict-{numbered.number}",
            keys=scene.keys_of(numbered),
            name=f"{numbered.label} {verdict_words(conflict.verdict)}: "
            f"{plain(conflict.ours.designator, 40)} and {plain(conflict.theirs.designator, 40)}",
        )


def _infringements(scene: Scene, view: View) -> Iterator[Pin]:
    for index, (answer, found) in enumerate(infringements_of(scene.subject.report)[:MOST_ROWS]):
        x, y = view.point(found.place)
        yield Pin(
            x,
            y,
            rank=INFRINGEMENT,
            label=f"I{index + 1}",
            kind="infringement-pin",
            mark=glyph(found.verdict, certain_box=True),
            href=f"#infringement-{index + 1}",
            keys=scene.key_of(answer.operation) or "",
            name=f"infringement {index + 1}: {plain(answer.operation.designator, 40)}",
        )


def _operation(shown: Shown, view: View) -> Pin:
    volumes = shown.operation.volumes
    x, y = _label_point(volumes[len(volumes) // 2].footprint, view)
    return Pin(
        x,
        y,
        rank=OTHER if shown.trouble is None else TROUBLED,
        label=shown.label,
        kind="op-label own" if shown.own else "op-label other",
        href=f"#row-{shown.key}",
        keys=shown.key,
        name=shown.label,
    )


def _label_point(footprint: Footprint, view: View) -> tuple[float, float]:
    if isinstance(footprint, Corridor):
        line = view.positions(table(footprint.centreline))
        k = (len(line) - 1) // 2
        point = (line[k] + line[k + 1]) / 2.0
    else:
        point = view.positions(outline(footprint)[0]).mean(axis=0)
    return float(point[0]), float(point[1])


def _airspace(scene: Scene, view: View) -> Iterator[Pin]:
    agreement = scene.subject.agreement
    for airfield in agreement.airfields[:MOST_ROWS]:
        x, y = view.point(airfield.position)
        mark = el("path", d="M0 -7V7M-7 0H7M6 0A6 6 0 1 1 -6 0A6 6 0 1 1 6 0", class_="airfield")
        name = plain(airfield.name or airfield.id, 30)
        yield Pin(x, y, AIRFIELD, name, "airspace-label", mark, href="#airspace")
    for zone in scene.subject.zones[:MOST_ROWS]:
        x, y = _label_point(zone.footprint, view)
        yield Pin(
            x, y, AIRSPACE, plain(zone.name or zone.id, 30), "airspace-label", href="#airspace"
        )
    for boundary in agreement.boundaries[:MOST_ROWS]:
        line = view.positions(table(boundary.line))
        point = (line[(len(line) - 1) // 2] + line[(len(line) - 1) // 2 + 1]) / 2.0
        name = plain(boundary.name or boundary.id, 30)
        yield Pin(
            float(point[0]), float(point[1]), AIRSPACE, name, "airspace-label", href="#airspace"
        )


def _cities(scene: Scene, view: View) -> Iterator[Pin]:
    places = scene.subject.basemap.within(view.region).places
    dot = el("path", d="M2.5 0A2.5 2.5 0 1 1 -2.5 0A2.5 2.5 0 1 1 2.5 0", class_="city")
    for place in sorted(places, key=lambda place: -place.population)[:MOST_PLACES]:
        x, y = view.point(place.position)
        yield Pin(x, y, CITY, plain(place.name, 30), "city-label", dot)
