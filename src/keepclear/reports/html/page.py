"""The whole page: one file that asks for nothing, readable without its script."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

import keepclear
from keepclear.errors import DataMissing
from keepclear.model.answer import CheckReport
from keepclear.ports.world import Gazetteer
from keepclear.reports.html import lists
from keepclear.reports.html.cards import conflict_cards
from keepclear.reports.html.markup import Markup, el, joined, own_text, words
from keepclear.reports.html.overview import heading, overview
from keepclear.reports.html.scene import Scene, scene_of
from keepclear.reports.html.timeline import timeline
from keepclear.reports.ranking import Counts, counts_of, coverage_by_party, grouped_doubts
from keepclear.reports.subject import CheckSubject
from keepclear.reports.wording import coverage_words, date_time_group, plain


def check_page(subject: CheckSubject, *, gazetteer: Gazetteer | None = None) -> bytes:
    """The check as one self-contained HTML page.

    Args:
        subject: the check and the plans it is about.
        gazetteer: names places; None uses the places of the basemap.

    Returns:
        UTF-8 bytes, the same for the same subject. The page makes no request of any kind.

    Raises:
        DataMissing: keepclear's own style sheet or script is absent; reinstall it.
    """
    scene = scene_of(subject, gazetteer)
    style, script = _asset("style.css"), _asset("script.js")
    report = subject.report
    title = (
        f"{report.mode.value}: keepclear check {date_time_group(report.now)} {report.mode.value}"
    )
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="referrer", content="no-referrer"),
        el("title", title),
        el("style", own_text(style)),
        el("script", own_text(script)),
    )
    page = el("html", head, _body(scene), lang="en")
    return f"<!doctype html>\n{page}\n".encode()


def _asset(name: str) -> str:
    try:
        return resources.files("keepclear.reports.html").joinpath(name).read_text("utf-8")
    except FileNotFoundError:
        raise DataMissing(f"the report's {name} is absent") from None


def _policy(style: str, script: str) -> str:
    """Nothing may be loaded; only this very style sheet and this very script count."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _body(scene: Scene) -> Markup:
    report = scene.subject.report
    counts = counts_of(report)
    main = el(
        "main",
        heading(report, counts),
        overview(scene, counts),
        _section("timeline", "When", timeline(scene)),
        _section(
            "conflicts", f"Conflicts, worst first ({len(scene.conflicts):,})", conflict_cards(scene)
        ),
        *_troubles(scene, counts),
        _section(
            "ours", f"Operations checked ({counts.operations:,})", lists.our_operations(scene)
        ),
        _section("theirs", "Compared with", lists.their_operations(scene)),
        _section("airspace", "Airspace on the map", lists.airspace(scene)),
        id="main",
    )
    return el("body", _strip(scene), main, _footer(report))


def _strip(scene: Scene) -> Markup:
    """The line that always stays in sight; the mode stands first and last."""
    report = scene.subject.report
    mode = el("strong", report.mode.value, class_="mode")
    moment = f"{report.now:%Y-%m-%d %H:%M:%S}Z"
    agreement = joined(
        (
            words(report.agreement_id, 40),
            f" v{report.agreement_version} ",
            el("code", report.agreement_digest[:12]),
        )
    )
    coverage = [
        el("span", coverage_words(among, scene.subject.agreement.coverage_max_age_s))
        for among in coverage_by_party(report)
    ]
    now = el("span", "UTC now ", el("time", moment, datetime=report.now.isoformat()), class_="now")
    items = (
        el("span", "agreement ", agreement),
        *(coverage or [el("span", "compared with nothing")]),
    )
    skip = el("a", "Skip to the conflicts", href="#conflicts", class_="skip")
    last = el("strong", report.mode.value, class_="mode")
    facts = el("div", *items, class_="facts-line")
    return el("header", mode, now, facts, last, skip, class_="strip")


def _troubles(scene: Scene, counts: Counts) -> list[Markup]:
    """The sections that are there only when they have something to say."""
    report = scene.subject.report
    parts = [
        ("infringements", "Infringements", counts.infringements, lists.infringements(scene)),
        (
            "doubts",
            "Why keepclear cannot say, and what would help",
            len(grouped_doubts(report)),
            lists.doubts(report),
        ),
        ("findings", "Findings on notices", counts.findings, lists.findings(report)),
        ("left-out", "Features left out of the check", counts.rejected, lists.rejected(report)),
    ]
    return [_section(key, f"{name} ({count:,})", body) for key, name, count, body in parts if count]


def _section(key: str, name: str, body: Markup) -> Markup:
    return el(
        "section", el("h2", name, id=f"{key}-title"), body, id=key, aria_labelledby=f"{key}-title"
    )


def _footer(report: CheckReport) -> Markup:
    advice = (
        f"keepclear {keepclear.__version__}. Advisory only: no answer here is a permission, and "
        "“no conflict found” speaks only of what was compared."
    )
    origin = (
        f"Check at {date_time_group(report.now)}, agreement {plain(report.agreement_id, 40)} "
        f"version {report.agreement_version}, digest {report.agreement_digest[:64]}."
    )
    return el(
        "footer",
        el("p", advice),
        el("p", origin),
        el("p", el("strong", report.mode.value, class_="mode")),
    )
