"""The debrief of a drill as one self-contained page, the mode first and last."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from typing import Final

import keepclear
from keepclear.errors import DataMissing
from keepclear.exercise.drills.debrief import Debrief, Outcome, Word, time_words
from keepclear.formats.times import dtg_or_iso
from keepclear.model.operation import Mode
from keepclear.reports.debrief.table import done_after
from keepclear.reports.html.markup import Markup, el, own_text, words

_HEADS: Final = ("Expected", "Within", "Done after", "Word")
_MARKS: Final = {
    Word.AS_IT_SHOULD_BE: "\u2713",
    Word.LATE: "\u25f7",
    Word.NOT_DONE: "\u25cb",
    Word.DONE_WRONGLY: "\u2717",
}
"""A shape beside each word, so that none is told by weight or colour alone."""


def debrief_page(debrief: Debrief) -> bytes:
    """A debrief as one HTML page.

    Returns:
        UTF-8 bytes, the same for the same debrief. The page makes no request of any kind.

    Raises:
        DataMissing: keepclear's own style sheet is absent; reinstall it.
    """
    mode, style = Mode.EXERCISE, _style()
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=_policy(style)),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="referrer", content="no-referrer"),
        el("title", f"{mode}: drill {debrief.drill}, debrief {mode}"),
        el("style", own_text(style)),
    )
    word = el("p", mode.value, class_="mode")
    page = el("html", head, el("body", word, _main(debrief), word), lang="en")
    return f"<!doctype html>\n{page}\n".encode()


def _main(debrief: Debrief) -> Markup:
    times = f"{dtg_or_iso(debrief.begun_at)} to {dtg_or_iso(debrief.ended_at)}"
    return el(
        "main",
        el("h1", debrief.title),
        el("p", f"Drill {debrief.drill} at {debrief.party}, {times}, {debrief.manner}."),
        el("h2", "What it is about"),
        el("p", debrief.briefing),
        el("p", f"Source: {debrief.source}.", class_="small"),
        el("h2", f"What was done: {debrief.summary}"),
        _table(debrief),
        el("p", "Trouble: ", words(debrief.trouble)) if debrief.trouble else None,
        el("h2", "To take away"),
        el("p", debrief.lesson),
        el(
            "p",
            f"keepclear {keepclear.__version__}. Times are those of the node's own records and of "
            "the exercise's clock.",
            class_="small",
        ),
    )


def _table(debrief: Debrief) -> Markup:
    if not debrief.outcomes:
        return el("p", "No step began.")
    head = el("thead", el("tr", *(el("th", each, scope="col") for each in _HEADS)))
    return el("table", head, el("tbody", *(_row(each) for each in debrief.outcomes)))


def _row(outcome: Outcome) -> Markup:
    word = outcome.word
    is_good = word is Word.AS_IT_SHOULD_BE
    why = el("span", words(outcome.wrong), class_="why") if outcome.wrong else None
    clock = el("span", outcome.clock, class_="why")
    return el(
        "tr",
        el("td", outcome.expected, why),
        el("td", time_words(outcome.within_s), clock),
        el("td", done_after(outcome)),
        el("td", f"{_MARKS[word]} {word}", class_=None if is_good else "amiss"),
    )


def _style() -> str:
    try:
        return resources.files("keepclear.reports.debrief").joinpath("style.css").read_text("utf-8")
    except FileNotFoundError as error:
        raise DataMissing("the style sheet of debriefs is not there") from error


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
