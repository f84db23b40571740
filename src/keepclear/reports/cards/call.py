"""The call card: fixed phrases in two languages, with how they are said and what is answered."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from keepclear.model.operation import Mode
from keepclear.model.phrase import Phrase, PhraseTable
from keepclear.reports.cards.page import Size, card_page
from keepclear.reports.html.markup import Markup, el

UNVERIFIED = "UNVERIFIED TRANSLATION"


def call_card(
    table: PhraseTable,
    mode: Mode,
    size: Size,
    *,
    parties: tuple[str, str],
    verified: bool,
) -> bytes:
    """The call card of a line.

    Args:
        table: the phrases.
        mode: stands first and last.
        size: of the paper.
        parties: ours and theirs.
        verified: whether linguists of both sides signed this very table; else every translated
            phrase says that nobody did.
    """
    us, them = parties
    named = _Named(us, them)
    state = (
        "Signed by linguists of both sides."
        if verified
        else f"{UNVERIFIED}: no linguist of both sides has signed this table."
    )
    sections: list[Markup] = []
    for group, phrases in groupby(table.phrases, key=lambda each: each.group):
        sections.append(el("h2", group))
        told = [_phrase(each, table, named, verified=verified) for each in phrases]
        sections += told
    return card_page(
        f"Call card, {us} to {them}",
        mode,
        size,
        el("p", f"Table of phrases, edition {table.edition}, {table.digest[:16]}. {state}"),
        el("p", "What stands between { } is filled in by the voice. One fact in a sentence."),
        *sections,
    )


class _Named(NamedTuple):
    """The parties that phrases speak of."""

    us: str
    them: str

    def fill(self, text: str) -> str:
        """A phrase with its parties."""
        return text.replace("{us}", self.us).replace("{them}", self.them)


def _phrase(phrase: Phrase, table: PhraseTable, named: _Named, *, verified: bool) -> Markup:
    mark = None if verified else el("div", UNVERIFIED, class_="unverified")
    expected = table.phrase(phrase.answer)
    answer = None
    if expected is not None:
        told = el("bdi", named.fill(expected.ru), lang="ru")
        answer = el(
            "p",
            "Answer: ",
            named.fill(expected.en),
            " / ",
            told,
            mark and _small(),
            class_="answer",
        )
    english = el(
        "div",
        el("div", named.fill(phrase.en), class_="own"),
        el("div", "said: ", el("span", named.fill(phrase.en_said_by_ru), lang="ru"), class_="say"),
    )
    russian = el(
        "div",
        el("div", named.fill(phrase.ru), class_="own", lang="ru"),
        el("div", "said: ", named.fill(phrase.ru_said_by_en), class_="say"),
        mark,
    )
    return el(
        "section",
        el("div", phrase.meaning, class_="meaning"),
        el("div", english, russian, class_="pair"),
        answer,
        class_="phrase",
    )


def _small() -> Markup:
    return el("span", f" {UNVERIFIED}", class_="unverified")
