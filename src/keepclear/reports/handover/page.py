"""The handover sheet as one self-contained page, the mode first and last.

Source: domain study of keepclear, 5d (watch handover).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from typing import Any, Final

import keepclear
from keepclear.errors import DataMissing
from keepclear.formats.documents.fields import moment
from keepclear.formats.documents.handover_sheet import Section, SheetDocument
from keepclear.formats.times import dtg_or_iso
from keepclear.model.handover import Handover, WatchSide
from keepclear.reports.html.markup import Child, Markup, el, own_text, words

NONE = "None."
Cell = Callable[[Any], Child]


def _asset() -> str:
    try:
        return (
            resources.files("keepclear.reports.handover").joinpath("style.css").read_text("utf-8")
        )
    except FileNotFoundError:
        raise DataMissing("the handover sheet's style is absent") from None


_STYLE: Final = _asset()
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HTML_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""Nothing may be loaded; only this very style sheet counts."""


def handover_page(sheet: SheetDocument, handover: Handover | None = None) -> bytes:
    """A handover sheet as one HTML page.

    Args:
        sheet: what is open.
        handover: who hands over to whom, and who signed; None for a sheet that nobody signs.

    Returns:
        UTF-8 bytes, the same for the same sheet. The page makes no request of any kind.
    """
    title = f"{sheet.mode.value}: {sheet.party} handover {_time(sheet.at)} {sheet.mode.value}"
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="referrer", content="no-referrer"),
        el("title", title),
        el("style", own_text(_STYLE)),
    )
    page = el("html", head, _body(sheet, handover), lang="en")
    return f"<!doctype html>\n{page}\n".encode()


def _body(sheet: SheetDocument, handover: Handover | None) -> Markup:
    roles = ", ".join(sheet.on_watch) or "nobody"
    since = f"On watch since {_time(sheet.since)}" if sheet.since else "Nobody took the watch over"
    main = el(
        "main",
        el("h1", "Handover of the watch, ", words(sheet.party, 24)),
        el("p", f"As of {_time(sheet.at)}. {since}: ", words(roles)),
        el("p", "Told at its start: ", words(sheet.remark)) if sheet.remark else None,
        *(_next(handover) if handover is not None else ()),
        *_sections(sheet),
        _signing(handover) if handover is not None else el("p", "This sheet is not to be signed."),
        el(
            "p", f"keepclear {keepclear.__version__}. Nothing here is a permission.", class_="small"
        ),
    )
    mode = el("p", sheet.mode.value, class_="mode")
    return el("body", mode, main, mode)


def _next(handover: Handover) -> Sequence[Markup]:
    shift = handover.shift
    roles = ", ".join(str(each["role"]) for each in shift["roles"])
    ends = _time(shift["next_handover"])
    remark = str(shift["remark"])
    return [
        el(
            "p",
            "From the ",
            words(str(shift["handed_over_by"]), 60),
            " to the ",
            words(str(shift["taken_over_by"]), 60),
            f". Next handover {ends}. On watch from then: ",
            words(roles),
        ),
        *([el("p", "To be known: ", words(remark))] if remark else []),
    ]


def _sections(sheet: SheetDocument) -> Sequence[Markup]:
    return [_section(name, getattr(sheet, which), columns) for name, which, columns in _SECTIONS]


def _section(name: str, section: Section[Any], columns: Mapping[str, Cell]) -> Markup:
    title = el("h2", f"{name} ({section.total:,})")
    if not section.items:
        return el("section", title, el("p", NONE))
    head = el("thead", el("tr", *(el("th", each, scope="col") for each in columns)))
    rows = (el("tr", *(el("td", cell(one)) for cell in columns.values())) for one in section.items)
    left = section.total - len(section.items)
    more = el("p", f"And {left:,} more, in the console.") if left else None
    return el("section", title, el("table", head, el("tbody", *rows)), more)


def _signing(handover: Handover) -> Markup:
    override = handover.override
    return el(
        "div",
        el("div", *(_signature(handover, side) for side in WatchSide), class_="signing"),
        None
        if override is None
        else el(
            "p",
            f"The watch changed without both signatures at {_time_of(override.at)}, said the ",
            words(f"{override.role}, {override.actor}: {override.reason}"),
        ),
        el("p", "Handover ", el("code", handover.id), ", sheet ", el("code", handover.digest)),
    )


def _signature(handover: Handover, side: WatchSide) -> Markup:
    signed = handover.signed_by(side)
    if signed is None:
        shift = handover.shift
        role = shift["handed_over_by" if side is WatchSide.OUTGOING else "taken_over_by"]
        return el(
            "section",
            el("p", f"{side.value.capitalize()}: ", words(str(role), 60)),
            el("p", class_="line"),
            el("p", "Name, signature, time (UTC)", class_="small"),
        )
    how = "by password" if signed.by_password else "by name"
    return el(
        "section",
        el("p", f"{side.value.capitalize()}: ", words(signed.role, 60)),
        el("p", "Signed ", how, ": ", words(signed.name, 100)),
        el("p", _time_of(signed.at)),
    )


def _time(text: object) -> str:
    return _time_of(moment(text)) if isinstance(text, str) else "not said"


def _time_of(at: Any) -> str:
    return dtg_or_iso(at)


def _late(text: str, *, is_late: bool) -> Child:
    return el("span", f"{_time(text)} overdue", class_="late") if is_late else _time(text)


_SECTIONS: Final[Sequence[tuple[str, str, Mapping[str, Cell]]]] = (
    ("Lines", "lines", {
        "Line": lambda one: words(one.id, 60),
        "State": lambda one: f"{one.state}, since {_time(one.since)}",
        "Why": lambda one: words("; ".join(one.reasons)),
        "Last check": lambda one: _time(one.last_check_at),
        "Next check": lambda one: _time(one.next_check_at),
        "Not acknowledged": lambda one: (
            f"{one.unacknowledged_in} theirs, {one.unacknowledged_out} ours"
        ),
    }),
    ("Last words of the other side", "last_words", {
        "Line": lambda one: words(one.line, 60),
        "When": lambda one: _time(one.at),
        "By": lambda one: one.by,
        "Words": lambda one: words(one.text),
    }),
    ("Alarms", "alarms", {
        "Level": lambda one: one.level,
        "To be done": lambda one: words(one.what),
        "About": lambda one: words(one.text),
        "Due": lambda one: _time(one.due),
    }),
    ("Open messages", "messages", {
        "Message": lambda one: words(f"{one.code} {one.text}"),
        "Precedence": lambda one: one.precedence,
        "State": lambda one: one.state,
        "Of": lambda one: _time(one.at),
        "Next clock": lambda one: _time(one.due),
        "Id": lambda one: el("code", one.id),
    }),
    ("Running clocks", "clocks", {
        "Due": lambda one: _late(one.due, is_late=one.is_overdue),
        "What": lambda one: words(f"{one.kind} of {one.subject}"),
        "Which": lambda one: el("code", one.id),
    }),
    ("Active operations", "operations", {
        "Operation": lambda one: words(f"{one.party} {one.designator}"),
        "Class": lambda one: one.operation_class,
        "State": lambda one: one.state,
        "From": lambda one: _time(one.start),
        "To": lambda one: _time(one.end),
    }),
    ("Calls that run", "calls", {
        "Line": lambda one: words(one.line, 60),
        "Since": lambda one: _time(one.started_at),
        "Id": lambda one: el("code", one.id),
    }),
    ("Not taken (quarantine)", "quarantine", {
        "From": lambda one: words(one.source, 60),
        "Why": lambda one: words(f"{one.reason}: {one.detail}"),
        "Came": lambda one: _time(one.at),
        "Asks for somebody": lambda one: "yes" if one.asks_for_somebody else "no",
    }),
    ("Talks due", "consultations", {
        "Talks": lambda one: words(one.title),
        "Line": lambda one: words(one.line, 60),
        "Why": lambda one: one.why,
        "When": lambda one: _time(one.at),
    }),
    ("Notes of the shift", "notes", {
        "When": lambda one: _time(one.at),
        "By": lambda one: words(f"{one.actor}, {one.role}"),
        "Line": lambda one: words(one.line, 60),
        "Note": lambda one: words(one.text),
    }),
)  # fmt: skip
"""The sections in their order: title, which of the sheet, and the columns."""
