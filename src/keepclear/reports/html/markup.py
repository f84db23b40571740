"""Elements whose text is always escaped: the only way in which pages are written.

Text of others becomes inert here: it is escaped, and control and bidirectional characters
are spelled out. Only what came out of `el` or `joined` passes as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from keepclear.reports.wording import plain

MOST_TEXT = 2_000
"""Longer texts of others are cut on the page; the JSON has them whole."""
_VOID = frozenset({"meta", "input", "br", "link"})
_NAMES: Final = {"class_": "class", "for_": "for"}
_CAMEL = frozenset({"viewBox", "preserveAspectRatio", "patternUnits", "patternTransform"})

Value = str | float | bool | None


class Markup(str):
    """Text that is markup already; made by this module alone."""

    __slots__ = ()


Child = Markup | str | None


def el(name: str, /, *children: Child, **attributes: Value) -> Markup:
    """One element; text among the children is escaped, None is left out.

    Attributes: `class_` and `for_` lose their underscore, others become hyphens; None and
    False are left out, True stands without a value.
    """
    head = name + "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{head}>")
    return Markup(f"<{head}>{joined(children)}</{name}>")


def joined(children: Iterable[Child]) -> Markup:
    """Children one after the other."""
    return Markup("".join(_child(child) for child in children if child is not None))


def own_text(text: str) -> Markup:
    """A style sheet or script of keepclear's own, as it is."""
    return Markup(text)


def words(text: str, most: int = MOST_TEXT) -> Markup:
    """Text of others inside a sentence of ours; its direction cannot turn our words."""
    return el("bdi", plain(text, most))


def number(value: float) -> str:
    """A coordinate for a drawing: one decimal at most, no minus zero."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _child(child: Child) -> str:
    if isinstance(child, Markup):
        return child
    return escape(plain(child or "", MOST_TEXT), quote=True)


def _attribute(key: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    name = _NAMES.get(key, key if key in _CAMEL else key.replace("_", "-"))
    if value is True:
        return f" {name}"
    if isinstance(value, Markup):
        return f' {name}="{value}"'
    text = value if isinstance(value, str) else number(value)
    return f' {name}="{escape(plain(text, MOST_TEXT), quote=True)}"'
