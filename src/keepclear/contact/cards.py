"""Challenge and reply: how two watches that only hear each other know who speaks.

Both sides hold a secret that they agreed face to face, or by a courier. From it each watch's
card follows: for each party that asks, forty challenges, each with a reply of four symbols.
A card holds for one date, in Z, and one line; a challenge is put once. Who hears a reply
learns nothing of another: each is 20 bits of a keyed hash.

Source: RFC 2104 (HMAC) with SHA-256; the numeral cipher of paper authentication tables, one
use each, is the model; domain study of keepclear, 5i; design 5 (text copies).
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection
from datetime import date
from hashlib import sha256
from typing import Final, NamedTuple

from keepclear.contact.check_word import ALPHABET, PRIME, read_check_word, word_of
from keepclear.errors import InvalidInput

COLUMNS: Final = "ACDEFGHJ"
ROWS: Final = "23456"
CHALLENGES: Final = tuple(f"{letter}{digit}" for letter in COLUMNS for digit in ROWS)
"""In the order in which they are put."""
SECRET_LENGTH: Final = 28
"""Symbols: 133 bits."""
_NAME: Final = b"keepclear card/1"
_GROUPS: Final = 7


class CardRow(NamedTuple):
    """One line of a card."""

    challenge: str
    reply: str


class Card(NamedTuple):
    """A card of one line, for one date.

    Attributes:
        line: of which line.
        day: for which date, in Z.
        asker: the party that puts these challenges; the other one replies.
        rows: all challenges with their replies.
    """

    line: str
    day: date
    asker: str
    rows: tuple[CardRow, ...]


def new_secret(drawn: bytes) -> str:
    """A secret of bytes nobody can guess; at least 32 of them.

    Raises:
        InvalidInput: too few bytes.
    """
    if len(drawn) < 32:
        raise InvalidInput("a secret needs 32 bytes", remedy="Draw more.")
    number = int.from_bytes(sha256(_NAME + b"\0secret\0" + drawn).digest(), "big")
    marks = []
    for _ in range(SECRET_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        marks.append(ALPHABET[place])
    text = "".join(marks)
    return f"{text}{_sum_of(text)}"


def shown_secret(secret: str) -> str:
    """A secret in groups of four, as it is written down."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def read_secret(text: str) -> str:
    """A secret as it was typed, in its one spelling; its last group proves the others.

    Raises:
        InvalidInput: it is none, or a symbol of it is wrong.
    """
    told = re.sub(r"[\s-]", "", text).upper()
    body, proof = told[:SECRET_LENGTH], told[SECRET_LENGTH:]
    if len(told) != SECRET_LENGTH + 4 or set(told) - set(ALPHABET):
        raise InvalidInput(
            "this is no secret of a line",
            remedy=f"Type its {_GROUPS + 1} groups of four; none has 0 O 1 I L B S V Z.",
        )
    if not hmac.compare_digest(_sum_of(body), proof):
        raise InvalidInput(
            "a symbol of the secret is wrong", remedy="Compare it group by group with the paper."
        )
    return told


def secret_mark(secret: str) -> str:
    """What both sides may say aloud to know that they hold the same secret."""
    return _word(secret.encode(), b"mark")


def card_of(secret: str, line: str, day: date, asker: str) -> Card:
    """The card of a line for a date, for the challenges that one party puts."""
    rows = tuple(CardRow(each, reply_to(secret, line, day, asker, each)) for each in CHALLENGES)
    return Card(line, day, asker, rows)


def reply_to(secret: str, line: str, day: date, asker: str, challenge: str) -> str:
    """What the card answers to a challenge.

    Raises:
        InvalidInput: there is no such challenge.
    """
    if challenge not in CHALLENGES:
        raise InvalidInput(
            f"{challenge!r:.20} is no challenge",
            remedy=f"A letter of {COLUMNS}, a digit of {ROWS}.",
        )
    told = f"{line}\x00{day.isoformat()}\x00{asker}\x00{challenge}".encode()
    return _word(secret.encode(), told)


def next_challenge(used: Collection[str]) -> str:
    """The next challenge that was not put yet.

    Raises:
        InvalidInput: all of the day's were.
    """
    free = next((each for each in CHALLENGES if each not in used), None)
    if free is None:
        raise InvalidInput(
            "every challenge of this card was put", remedy="Agree a new secret, or wait for 0000Z."
        )
    return free


def holds(secret: str, card: tuple[str, date, str], challenge: str, reply: str) -> bool:
    """Whether a reply is the card's.

    Args:
        secret: the line's.
        card: line, date and the party that asks.
        challenge: what was put.
        reply: what was heard; anything that is no reply is a wrong one.
    """
    line, day, asker = card
    try:
        told = read_check_word(reply)
    except InvalidInput:
        return False
    return hmac.compare_digest(told, reply_to(secret, line, day, asker, challenge))


def _word(key: bytes, told: bytes) -> str:
    digest = hmac.new(key, _NAME + b"\0" + told, sha256).digest()
    return word_of(int.from_bytes(digest[:8], "big") % PRIME)


def _sum_of(text: str) -> str:
    return _word(text.encode(), b"sum")
