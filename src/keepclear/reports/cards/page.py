"""The page of a card: one file that asks for nothing, the mode word first and last."""

from __future__ import annotations

import base64
import hashlib
from enum import StrEnum
from importlib import resources

from keepclear.errors import DataMissing
from keepclear.model.operation import Mode
from keepclear.reports.html.markup import Child, Markup, el, own_text


class Size(StrEnum):
    """The paper that a card is printed on."""

    A4 = "A4"
    A6 = "A6"


_PAPER = {
    Size.A4: ("A4", "12mm", "9.5pt", "9pt"),
    Size.A6: ("A6", "7mm 6mm", "7.5pt", "6pt"),
}
"""Of each size: its name, margins, the size of its letters, and of the mode word in its margin."""


def card_page(title: str, mode: Mode, size: Size, *body: Child) -> bytes:
    """A card as one self-contained HTML page.

    Args:
        title: what it is.
        mode: stands first and last.
        size: of the paper.
        body: what it says.

    Raises:
        DataMissing: keepclear's own style sheet is absent; reinstall it.
    """
    style = f"{_style()}\n{_paper(mode, size)}\n"
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=_policy(style)),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="referrer", content="no-referrer"),
        el("title", f"{mode}: {title} {mode}"),
        el("style", own_text(style)),
    )
    word = el("p", mode.value, class_="mode")
    main = el("main", word, el("h1", title), *body, word)
    page = el("html", head, el("body", main), lang="en")
    return f"<!doctype html>\n{page}\n".encode()


def rows(caption: str, heads: tuple[str, ...], items: list[tuple[Child, ...]]) -> Markup:
    """A table."""
    head = el("tr", *(el("th", each, scope="col") for each in heads))
    told = [el("tr", *(el("td", each) for each in item)) for item in items]
    return el("table", el("caption", caption), el("thead", head), el("tbody", *told))


def _paper(mode: Mode, size: Size) -> str:
    """How it is printed; the mode word stands on every sheet, which may be torn off."""
    name, margin, letters, word = _PAPER[size]
    told = f'{{ content: "{mode.value}"; font: 700 {word} sans-serif; }}'
    page = f"size: {name}; margin: {margin}; @top-center {told} @bottom-center {told}"
    return f"@page {{ {page} }} @media print {{ body {{ font-size: {letters}; }} }}"


def _style() -> str:
    try:
        return resources.files("keepclear.reports.cards").joinpath("style.css").read_text("utf-8")
    except FileNotFoundError as error:
        raise DataMissing("the style sheet of cards is not there") from error


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
