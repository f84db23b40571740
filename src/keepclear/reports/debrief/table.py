"""The debrief of a drill as text of at most 80 columns, the mode first and last."""

from __future__ import annotations

import textwrap

from keepclear.exercise.drills.debrief import Debrief, Outcome, time_words
from keepclear.model.operation import Mode
from keepclear.reports.wording import plain

COLUMNS = 80
_HEADS = ("expected", "within", "done after", "word")
_WIDTHS = (37, 11, 11, 15)
_NOT_DONE = "not done"
_MOST = 2_000


def debrief_table(debrief: Debrief) -> str:
    """A debrief as text."""
    mode = Mode.EXERCISE
    lines = [
        f"{mode}  drill {plain(debrief.drill, 24)}: {plain(debrief.title, 38)}",
        *_wrapped(debrief.briefing),
        "",
        _row(*_HEADS),
        _row(*("-" * width for width in _WIDTHS)),
    ]
    for outcome in debrief.outcomes:
        lines += _told(outcome)
    if not debrief.outcomes:
        lines.append("no step began")
    lines += ["", f"{debrief.summary}; {debrief.manner}"]
    if debrief.trouble:
        lines += _wrapped(f"Trouble: {debrief.trouble}")
    lines += ["", *_wrapped(debrief.lesson), *_wrapped(f"Source: {debrief.source}"), mode.value]
    return "\n".join(each.rstrip() for each in lines)


def done_after(outcome: Outcome) -> str:
    """After how long a step was done, in words."""
    return _NOT_DONE if outcome.after_s is None else time_words(outcome.after_s)


def _told(outcome: Outcome) -> list[str]:
    what = textwrap.wrap(plain(outcome.expected), _WIDTHS[0]) or [""]
    first = _row(what[0], time_words(outcome.within_s), done_after(outcome), outcome.word)
    lines = [first, *what[1:]]
    if outcome.wrong:
        lines += _wrapped(outcome.wrong, indent="    ")
    return lines


def _row(*cells: str) -> str:
    return "  ".join(f"{cell:{width}}" for cell, width in zip(cells, _WIDTHS, strict=True))


def _wrapped(text: str, indent: str = "") -> list[str]:
    text = plain(text, _MOST)
    return textwrap.wrap(text, COLUMNS, initial_indent=indent, subsequent_indent=indent)
