"""The first screen: how many answers of each kind, the worst conflicts, and the map."""

from __future__ import annotations

from keepclear.model.answer import CheckReport, Verdict
from keepclear.reports.html.cards import conflict_list
from keepclear.reports.html.drawing import TONES, icon
from keepclear.reports.html.map.picture import map_picture
from keepclear.reports.html.markup import Child, Markup, el, joined, words
from keepclear.reports.html.scene import Scene
from keepclear.reports.ranking import Counts
from keepclear.reports.wording import INFRINGEMENT, date_time_group, overall_words, verdict_words


def heading(report: CheckReport, counts: Counts) -> Markup:
    """What was checked and how many answers of each kind there are."""
    own = joined(
        joined((", " if index else "", words(party, 24)))
        for index, party in enumerate(report.own_parties)
    )
    tiles = (
        _tile(Verdict.CONFLICT, counts.conflict),
        _tile(Verdict.CONFLICT, counts.infringing, INFRINGEMENT),
        _tile(Verdict.CANNOT_SAY, counts.cannot_say),
        _tile(Verdict.NO_CONFLICT_FOUND, counts.no_conflict_found),
    )
    noun = "operation" if counts.operations == 1 else "operations"
    facts = (
        f"Of {counts.operations:,} {noun}. Pairs in conflict: {counts.conflict_pairs:,}; pairs of "
        f"which keepclear cannot say: {counts.cannot_say_pairs:,}. Infringements: "
        f"{counts.infringements:,}; findings on notices: {counts.findings:,}; features left "
        f"out: {counts.rejected:,}."
    )
    title = el("h1", "Check of ", own, f" at {date_time_group(report.now)}")
    overall = el(
        "p",
        "Overall: ",
        el("b", overall_words(report), class_=TONES[report.overall]),
        ". ",
        words(report.agreement_title, 120),
        ".",
    )
    told = el("div", title, overall)
    summary = el("p", facts, class_="quiet")
    return el("div", told, el("ul", *tiles, class_="tiles"), summary, class_="head")


def _tile(verdict: Verdict, count: int, named: str = "") -> Markup:
    tone = TONES[verdict] if count else "none"
    number = el("span", f"{count:,}", class_="count")
    return el(
        "li",
        icon(verdict),
        number,
        el("span", named or verdict_words(verdict)),
        class_=f"tile {tone}",
    )


def overview(scene: Scene, counts: Counts) -> Markup:
    """The short list of conflicts beside the map."""
    picture = el(
        "section",
        el("h2", "Map", id="map-title"),
        el("div", *_switches(), class_="switches"),
        map_picture(scene),
        el("p", "Nothing selected.", id="selected", role="status", aria_live="polite"),
        el("p", _KEYS, id="map-keys", class_="quiet"),
        _legend(scene),
        class_="map-panel",
        aria_labelledby="map-title",
    )
    count = counts.conflict_pairs + counts.cannot_say_pairs
    short = el(
        "nav",
        el("h2", f"Worst first ({count:,})", id="short-title"),
        conflict_list(scene),
        class_="short-panel",
        aria_labelledby="short-title",
    )
    return el("div", short, picture, class_="overview")


_KEYS = (
    "With the map in focus: drag or arrows move it, the wheel, + and - zoom, 0 shows everything, "
    "n and p go to the next and the previous conflict, Esc ends the selection. Borders are drawn "
    "without any position on their status."
)


def _switches() -> tuple[Markup, ...]:
    names = (
        ("borders", "Borders", True),
        ("cities", "Cities", True),
        ("others", "Operations in no conflict", True),
        ("day", "Day colours", False),
    )
    boxes = [
        el("label", el("input", type="checkbox", id=f"show-{key}", checked=on), f" {name}")
        for key, name, on in names
    ]
    buttons = [
        el("button", sign, type="button", data_zoom=zoom, aria_label=name, hidden=True)
        for sign, zoom, name in (
            ("+", "in", "Zoom in"),
            ("−", "out", "Zoom out"),
            ("Fit", "fit", "Show everything"),
        )
    ]
    return (*boxes, *buttons)


def _legend(scene: Scene) -> Markup:
    own = set(scene.subject.report.own_parties)
    items: list[Child] = []
    for party in scene.parties[:8]:
        side = "own" if party in own or scene.patterns[party] == 0 else "other"
        line = el("path", d="M0 6H34", class_=f"line {side} p{scene.patterns[party]}")
        items.append(_sample(line, joined((words(party, 24), " operation"))))
    if len(scene.parties) > 8:
        items.append(el("li", f"… and {len(scene.parties) - 8} more parties"))
    items.append(el("li", icon(Verdict.CONFLICT), "C1: conflict"))
    items.append(el("li", icon(Verdict.CANNOT_SAY), "C2: cannot say"))
    box = el("path", d="M11 1H23V13H11Z", class_="glyph none")
    items.append(_sample(box, "I1: infringement"))
    for class_, name in (
        ("zone-line", "zone"),
        ("boundary", "agreed line"),
        ("ring", "airfield ring"),
        ("area", "agreement's area"),
    ):
        items.append(_sample(el("path", d="M0 6H34", class_=class_), name))
    return el("ul", *items, class_="legend", aria_label="Legend")


def _sample(drawing: Markup, name: Child) -> Markup:
    sample = el("svg", drawing, class_="sample", viewBox="0 0 34 14", aria_hidden="true")
    return el("li", sample, name)
