"""The card of challenge and reply for one date, and a message as it is read aloud."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from keepclear.contact.cards import Card
from keepclear.contact.read_aloud import Sentence
from keepclear.model.operation import Mode
from keepclear.model.phrase import Language
from keepclear.reports.cards.call import UNVERIFIED
from keepclear.reports.cards.page import Size, card_page
from keepclear.reports.html.markup import Markup, el


def challenge_page(
    ours: Card,
    theirs: Card,
    mode: Mode,
    size: Size,
    *,
    used: Collection[str],
    answered: Collection[str],
) -> bytes:
    """Both cards of a date: what we ask and must hear, what they ask and we reply.

    Args:
        ours, theirs: the cards.
        mode: stands first and last.
        size: of the paper.
        used, answered: challenges that were put already; they stand struck out.
    """
    us, them = ours.asker, theirs.asker
    return card_page(
        f"Challenge and reply, {ours.line}, {ours.day.isoformat()}",
        mode,
        size,
        el("p", f"For {us} alone. Holds from 0000Z to 2400Z of {ours.day.isoformat()}."),
        el("p", "Put each challenge once, in order. A wrong reply: call back on a known number."),
        el("h2", f"{us} asks, {them} replies"),
        _grid(ours, used),
        el("h2", f"{them} asks, {us} replies"),
        _grid(theirs, answered),
        el("p", "No symbol is 0 O 1 I L B S V Z. Burn the card at 2400Z."),
    )


def text_page(
    title: str,
    mode: Mode,
    size: Size,
    *,
    line: str,
    spoken_line: str,
    aloud: Sequence[tuple[Language, Sequence[Sentence]]],
    verified: bool,
) -> bytes:
    """A message as text, and as it is read aloud in each language."""
    parts: list[Markup] = []
    for language, sentences in aloud:
        is_ours = language is Language.ENGLISH
        parts.append(el("h2", "Read aloud" if is_ours else "Read aloud, Russian"))
        if not is_ours and not verified:
            parts.append(el("p", UNVERIFIED, class_="unverified"))
        told = [
            el("p", each.text, class_="back" if each.read_back else None, lang=language.value)
            for each in sentences
        ]
        parts += told
    return card_page(
        title,
        mode,
        size,
        el("h2", "To be mailed or typed"),
        el("p", line, class_="line mono"),
        el("h2", "To be written down by ear (without the id)"),
        el("p", spoken_line, class_="line mono"),
        el("p", "What stands beside a bar is said back by the other side.", class_="sub"),
        *parts,
    )


def _grid(card: Card, put: Collection[str]) -> Markup:
    cells = [
        el(
            "li",
            el("span", f"{row.challenge} ", class_="sub mono"),
            el("s", row.reply) if row.challenge in put else el("b", row.reply, class_="mono"),
        )
        for row in card.rows
    ]
    return el("ol", *cells, class_="grid")
