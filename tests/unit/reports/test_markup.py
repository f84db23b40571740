"""Markup: whatever others wrote stays text."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from keepclear.reports.html.markup import MOST_TEXT, Markup, el, joined, number, words

HOSTILE = "<script>alert('1')</script>\"' onload=x &amp; \u202e\x00\x1b]8;;"


class Reader(HTMLParser):
    """What a browser would make of markup: its elements, attributes and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def read(markup: str) -> Reader:
    reader = Reader()
    reader.feed(markup)
    reader.close()
    return reader


@given(st.text(max_size=200))
def test_text_never_becomes_an_element_or_an_attribute(text: str) -> None:
    found = read(el("p", text, title=text))
    assert found.tags == ["p"]
    assert [name for name, _ in found.attributes] == ["title"]


def test_hostile_text_is_shown_and_does_nothing() -> None:
    found = read(el("p", words(HOSTILE)))
    assert found.tags == ["p", "bdi"]
    assert "<script>alert('1')</script>" in found.text
    assert "[U+202E][U+0000][U+001B]" in found.text


def test_markup_of_ours_passes_once() -> None:
    assert el("p", el("b", "a<b")) == "<p><b>a&lt;b</b></p>"
    assert joined(("1 < 2", None, Markup("<br>"))) == "1 &lt; 2<br>"


def test_attributes_take_the_names_of_html() -> None:
    made = el("input", class_="x", data_op="o1", checked=True, hidden=False, viewBox="0 0 1 1")
    assert made == '<input class="x" data-op="o1" checked viewBox="0 0 1 1">'


def test_long_texts_of_others_are_cut() -> None:
    assert len(el("p", "x" * 10_000)) <= MOST_TEXT + 10


def test_coordinates_are_short_and_never_minus_zero() -> None:
    assert [number(value) for value in (1.0, 1.25, -0.01, -3.96)] == ["1", "1.2", "0", "-4"]
