"""The check word of a text line: four letters and digits that a slip of the hand changes.

The line is read as a number: its characters, in capitals, are the digits c1 .. cn of a
polynomial in a primitive root w modulo a prime p, begun with 1. The word is that number
written with four symbols. Two lines of the same length that differ in one character differ by
(c - c') w^k, which is never zero modulo p; two in which any two characters changed places
differ by (a - b) w^k (1 - w^d), which is not zero either while the line is shorter than p - 1.
So every wrong character and every swap, of neighbours or not, changes the word. Any other
damage passes once in 531,383.

What voices do not carry is not covered: capitals of Latin and Cyrillic letters, and how many
spaces there are.

Source: keepclear's own construction: a Reed-Solomon check symbol (Reed and Solomon, J. SIAM 8,
1960) over the integers modulo p; domain study of keepclear, 5i.
"""

from __future__ import annotations

import re
from typing import Final

from keepclear.errors import InvalidMessage

ALPHABET: Final = "23456789ACDEFGHJKMNPQRTUWXY"
"""Symbols that are not taken for each other: no 0 O, no 1 I L, no Z S B V beside 2 5 8 U."""
LENGTH: Final = 4
PRIME: Final = 531_383
"""The largest prime below 27^4 of which 5 is a primitive root."""
ROOT: Final = 5
MOST_CHARACTERS: Final = 200_000
HIGHEST: Final = 0xFFFF
"""Characters above it are written as escapes, so that no two are the same modulo p."""

_SMALL = {chr(code): chr(code).upper() for code in (*range(0x61, 0x7B), *range(0x430, 0x460))}
_FOLDS: Final = str.maketrans(_SMALL)
_WORD = re.compile(f"[{ALPHABET}]{{{LENGTH}}}", re.ASCII)


def covered(text: str) -> str:
    """What of a text the check word speaks of: in capitals, spaces single."""
    return " ".join(text.translate(_FOLDS).split())


def check_word(text: str) -> str:
    """The check word of a text.

    Raises:
        InvalidMessage: it is too long, or holds characters that are to be written as escapes.
    """
    line = covered(text)
    if len(line) > MOST_CHARACTERS:
        raise InvalidMessage(
            f"{len(line):,} characters are too many for a text line", remedy="Send a bundle."
        )
    number = 1
    for mark in line:
        code = ord(mark)
        if code > HIGHEST:
            raise InvalidMessage(
                f"the character U+{code:X} does not belong in a text line",
                remedy="Leave it out.",
            )
        number = (number * ROOT + code) % PRIME
    return word_of(number)


def word_of(number: int) -> str:
    """A number below 27^4 as four symbols."""
    marks = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        marks.append(ALPHABET[place])
    return "".join(reversed(marks))


def read_check_word(text: str) -> str:
    """A check word as it was typed, in its one spelling.

    Raises:
        InvalidMessage: it is none; the message names what does not belong.
    """
    word = text.strip().translate(_FOLDS)
    if _WORD.fullmatch(word):
        return word
    odd = next((mark for mark in word if mark not in ALPHABET), "")
    why = f"{odd!r} is in none" if odd else f"it has {len(word)} characters, not {LENGTH}"
    raise InvalidMessage(
        f"{text.strip()!r:.20} is no check word: {why}",
        remedy="Ask for it again, letter by letter; none has 0 O 1 I L B S V Z.",
    )
