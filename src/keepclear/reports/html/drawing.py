"""Small pieces that every drawing of the page is made of."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from keepclear.model.answer import Verdict
from keepclear.reports.html.markup import Markup, el
from keepclear.reports.local import FloatArray, thinned

TONES = {
    Verdict.CONFLICT: "conflict",
    Verdict.CANNOT_SAY: "doubt",
    Verdict.NO_CONFLICT_FOUND: "none",
}
"""The style class of each verdict; its word always stands beside it."""
LABEL_PX = 8.6
"""How wide one character of a 14 px label is reckoned."""


def path_data(lines: Iterable[FloatArray], *, closed: bool, apart: float = 0.7) -> Markup:
    """Points of a drawing, shape (n, 2), as the data of one path; empty for no points."""
    parts = [_line(thinned(line, apart), closed=closed) for line in lines if len(line) > 1]
    return Markup("".join(parts))


def _line(points: FloatArray, *, closed: bool) -> str:
    tenths = np.rint(points * 10.0).astype(np.int64)
    pairs = [f"{_tenth(int(x))} {_tenth(int(y))}" for x, y in tenths]
    return "M" + "L".join(pairs) + ("Z" if closed else "")


def _tenth(value: int) -> str:
    whole, rest = divmod(abs(value), 10)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"


def glyph(verdict: Verdict, *, certain_box: bool = False) -> Markup:
    """The mark of a verdict around 0, 0: a triangle, a diamond, or a box for airspace."""
    tone = TONES[verdict]
    if certain_box:
        return el("path", d="M-7 -7H7V7H-7Z", class_=f"glyph {tone}")
    if verdict is Verdict.CONFLICT:
        return el("path", d="M0 -10L9.5 7H-9.5Z", class_=f"glyph {tone}")
    return el("path", d="M0 -9L9 0L0 9L-9 0Z", class_=f"glyph {tone}")


def icon(verdict: Verdict) -> Markup:
    """The mark beside a verdict's words in text."""
    if verdict is Verdict.NO_CONFLICT_FOUND:
        inner = el("path", d="M-8 0H8", class_="glyph none")
    else:
        inner = glyph(verdict)
    return el(
        "svg", inner, class_="icon", viewBox="-11 -11 22 22", aria_hidden="true", focusable="false"
    )


def text_at(x: float, y: float, text: str, class_: str = "", anchor: str = "start") -> Markup:
    """A label of a drawing."""
    return el("text", text, x=x, y=y, class_=class_ or None, text_anchor=anchor)


def line_at(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line of a drawing."""
    return el("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def percent(share: float) -> str:
    """A share of a drawing's width or height: 0.1234 is "12.34%"."""
    return f"{100.0 * share:.2f}%"


_LENGTHS = tuple(digit * 10.0**power for power in range(-2, 5) for digit in (1, 2, 5))


def round_length(most: float) -> float:
    """The largest of 1, 2, 5, 10, ... (and down to 0.01) that is not above `most`."""
    return max((length for length in _LENGTHS if length <= most), default=_LENGTHS[0])
