"""The lists of the page: everything that is drawn or counted, in words."""

from __future__ import annotations

from keepclear.model.answer import Answer, CheckReport, Infringement
from keepclear.model.zone import Airfield, Boundary, Zone
from keepclear.reports.html.drawing import TONES, icon
from keepclear.reports.html.limits import MOST_ROWS
from keepclear.reports.html.markup import Child, Markup, el, joined, words
from keepclear.reports.html.scene import Scene, Shown
from keepclear.reports.place import place_words
from keepclear.reports.ranking import grouped_doubts, infringements_of
from keepclear.reports.wording import (
    among_words,
    answer_words,
    band_words,
    infringement_words,
    least_distance_words,
    span_words,
    suggestion_words,
)

Row = tuple[str | None, str, tuple[Child, ...]]
"""A row of a table: its id, its key for the script, its cells; the first names the row."""


def table_of(name: str, columns: tuple[str, ...], rows: list[Row], total: int) -> Markup:
    """A table that scrolls sideways in its own frame, and an honest last line."""
    head = el("tr", *(el("th", column, scope="col") for column in columns))
    body = joined(_row(row) for row in rows)
    frame = el(
        "div",
        el("table", el("caption", name, class_="hidden"), el("thead", head), el("tbody", body)),
        class_="frame",
        tabindex="0",
        role="group",
        aria_label=name,
    )
    left_out = total - len(rows)
    more = el("p", f"… and {left_out:,} more (all in the JSON).", class_="more")
    return joined((frame, more if left_out > 0 else None))


def _row(row: Row) -> Markup:
    identity, key, cells = row
    first, *others = cells
    return el(
        "tr",
        el("th", first, scope="row"),
        *(el("td", cell) for cell in others),
        id=identity,
        data_op=key or None,
    )


def our_operations(scene: Scene) -> Markup:
    """What was answered for each operation that was checked."""
    shown = [one for one in scene.shown if one.answer is not None]
    rows = [_our_row(scene, one) for one in shown]
    columns = ("Operation", "Answer", "With", "Among what", "When", "Heights", "Would help")
    total = len(scene.subject.report.answers)
    return table_of("Operations that were checked", columns, rows, total)


def _our_row(scene: Scene, shown: Shown) -> Row:
    answer = shown.answer
    if answer is None:
        return (f"row-{shown.key}", shown.key, (_selector(shown),))
    among = joined(el("p", among_words(one)) for one in answer.among)
    helps = joined(el("p", suggestion_words(one)) for one in answer.suggestions)
    verdict = el(
        "span",
        icon(answer.overall),
        el("b", answer_words(answer)),
        class_=f"verdict {TONES[answer.overall]}",
    )
    cells = (
        _selector(shown),
        verdict,
        _links(scene, answer.operation.id),
        among,
        span_words(shown.operation.window),
        _heights(shown),
        helps,
    )
    return (f"row-{shown.key}", shown.key, cells)


def their_operations(scene: Scene) -> Markup:
    """The operations they were compared with, as far as they are on the map."""
    rows: list[Row] = [
        (
            f"row-{one.key}",
            one.key,
            (
                _selector(one),
                _links(scene, one.operation.id),
                one.operation.operation_class.value,
                one.operation.state.value,
                span_words(one.operation.window),
                _heights(one),
                words(one.operation.contact, 120),
            ),
        )
        for one in scene.shown
        if one.answer is None
    ]
    columns = ("Operation", "In", "Class", "State", "When", "Heights", "Contact")
    return table_of("Operations compared with", columns, rows, len(rows) + scene.left_out)


def _selector(shown: Shown) -> Markup:
    operation = shown.operation
    name = joined((words(operation.designator, 60), " ", words(operation.party, 24)))
    return el("a", name, href="#map", data_keys=shown.key, class_="op-name")


def _heights(shown: Shown) -> Markup:
    bands = dict.fromkeys(band_words(volume.band) for volume in shown.operation.volumes)
    few = list(bands)[:4]
    more = [f"… {len(bands) - 4} more"] if len(bands) > 4 else []
    return joined(el("p", text) for text in (*few, *more))


def _links(scene: Scene, identity: str) -> Markup:
    found = [
        numbered
        for numbered in scene.conflicts
        if identity in (numbered.conflict.ours.id, numbered.conflict.theirs.id)
    ]
    links = [el("a", one.label, href=f"#conflict-{one.number}") for one in found[:6]]
    more = f"… {len(found) - 6} more" if len(found) > 6 else None
    return joined((*(joined((link, " ")) for link in links), more))


def infringements(scene: Scene) -> Markup:
    """Operations in zones, over boundaries or at airfields against their rule."""
    found = infringements_of(scene.subject.report)
    rows = [_infringement(scene, i, pair) for i, pair in enumerate(found[:MOST_ROWS])]
    columns = ("Infringement", "Answer", "Airspace", "When", "Where", "Why", "Call")
    return table_of("Infringements", columns, rows, len(found))


def _infringement(scene: Scene, index: int, pair: tuple[Answer, Infringement]) -> Row:
    answer, found = pair
    operation = joined((f"I{index + 1} ", words(answer.operation.designator, 60)))
    # One word for a certain infringement, so that it is not taken for a second aircraft.
    told = infringement_words(found)
    cells: tuple[Child, ...] = (
        operation,
        el("b", told, class_=TONES[found.verdict]),
        joined((words(found.airspace_name or found.airspace_id, 80), f" ({found.airspace.value})")),
        span_words(found.span),
        place_words(found.place, scene.gazetteer),
        words(found.reason),
        words(found.contact, 120) if found.contact else "none agreed",
    )
    return (f"infringement-{index + 1}", scene.key_of(answer.operation) or "", cells)


def findings(report: CheckReport) -> Markup:
    """Notices too late, too big or too vague."""
    pairs = [(answer, one) for answer in report.answers for one in answer.findings]
    rows: list[Row] = [
        (
            None,
            "",
            (
                words(answer.operation.designator, 60),
                one.kind.value,
                "whole notice" if one.volume is None else f"volume {one.volume + 1}",
                words(one.reason),
            ),
        )
        for answer, one in pairs[:MOST_ROWS]
    ]
    return table_of("Findings on notices", ("Operation", "Is", "Where", "Why"), rows, len(pairs))


def doubts(report: CheckReport) -> Markup:
    """Why keepclear cannot say, and what would help."""
    groups = grouped_doubts(report)
    rows: list[Row] = [
        (
            None,
            "",
            (
                doubt.kind.value,
                words(doubt.party, 24) if doubt.party else "",
                words(doubt.reason),
                words(doubt.remedy),
                _designators(names),
            ),
        )
        for doubt, names in groups[:MOST_ROWS]
    ]
    columns = ("Doubt", "Party", "Why", "What would help", "Operations")
    return table_of("Doubts and what would help", columns, rows, len(groups))


def _designators(names: list[str]) -> Markup:
    few = joined(joined((words(name, 40), " ")) for name in names[:8])
    more = f"… and {len(names) - 8:,} more" if len(names) > 8 else None
    return joined((few, more))


def rejected(report: CheckReport) -> Markup:
    """Features that were left out of the check."""
    rows: list[Row] = [
        (None, "", (words(one.file), words(one.feature), words(one.message), words(one.remedy)))
        for one in report.rejected[:MOST_ROWS]
    ]
    columns = ("File", "Feature", "What is wrong", "What to do")
    return table_of("Features left out", columns, rows, len(report.rejected))


def airspace(scene: Scene) -> Markup:
    """Zones, agreed lines and airfields as drawn on the map."""
    agreement = scene.subject.agreement
    rows: list[Row] = [
        *(_zone(zone) for zone in scene.subject.zones),
        *(_boundary(boundary) for boundary in agreement.boundaries),
        *(_airfield(scene, airfield) for airfield in agreement.airfields),
    ]
    columns = ("Name", "What", "Rule", "When", "Where", "Call")
    return table_of("Airspace", columns, rows[:MOST_ROWS], len(rows))


def _zone(zone: Zone) -> Row:
    windows = zone.windows[:3]
    cells: tuple[Child, ...] = (
        words(zone.name or zone.id, 80),
        f"{zone.kind.value}, {zone.status.value}",
        f"entry {zone.entry.value}",
        joined(el("p", span_words(w)) for w in windows) if windows else "always",
        band_words(zone.band),
        words(zone.contact, 120),
    )
    return (None, "", cells)


def _boundary(boundary: Boundary) -> Row:
    rules = joined(
        el(
            "p",
            words(rule.party, 24),
            f" keeps to the {rule.keeps_to.value}, crossing {rule.crossing.value}",
        )
        for rule in boundary.rules
    )
    cells: tuple[Child, ...] = (
        words(boundary.name or boundary.id, 80),
        "agreed line",
        rules,
        "always",
        f"{len(boundary.line)} positions; left and right along it",
        "",
    )
    return (None, "", cells)


def _airfield(scene: Scene, airfield: Airfield) -> Row:
    ring = (
        f"contact before entering {least_distance_words(airfield.ring_radius_m)}, "
        f"{band_words(airfield.ring_band)}"
    )
    windows = [el("p", span_words(one)) for one in airfield.windows[:3]]
    cells: tuple[Child, ...] = (
        words(airfield.name or airfield.id, 80),
        "airfield",
        ring,
        joined(windows) if windows else "always",
        place_words(airfield.position, scene.gazetteer),
        words(airfield.contact, 120),
    )
    return (None, "", cells)
