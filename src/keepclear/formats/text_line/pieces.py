"""A text line taken apart and put together: mode, heading, pieces, check word, mode.

    EXERCISE KC1 M09 BLUE>AMBER 1/0147 FLASH 151130ZSEP15 | ... | CHK 5F3A EXERCISE

What the pieces hold is not asked here, and whether the check word holds neither.

Source: domain study of keepclear, 5i; design 5 (mode first and last, precedence in words).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from keepclear.errors import InvalidMessage
from keepclear.formats.quantities import capitals

VERSION: Final = "KC1"
MOST_CHARACTERS: Final = 200_000
MOST_PIECES: Final = 12_000
NO_DUFF: Final = "NO DUFF"
MODES: Final = ("EXERCISE", "REAL")
PRECEDENCES: Final = ("FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE")

_BEGIN = re.compile(rf"({'|'.join(MODES)}) (?:({NO_DUFF}) )?{VERSION} ")
_END = re.compile(rf"CHK (\S{{1,12}})(?: ({NO_DUFF}))? (\S+)")
_HEADING = re.compile(
    r"(M[0-9]{2}) ([^>|]{1,80}?) ?> ?([^>|]{1,80}?) ([0-9]{1,10})/([0-9]{1,10}) ([A-Z]+) (.+)"
)
_TAG = re.compile(r"([A-Z][A-Z0-9-]{0,39})(?:\(([0-9]{1,5})/([0-9]{1,5})\))?")
_EXAMPLE: Final = "EXERCISE KC1 M09 BLUE>AMBER 1/0147 FLASH 151130ZSEP15 | ... | CHK 5F3A EXERCISE"


class Piece(NamedTuple):
    """One piece.

    Attributes:
        tag: which, in capitals.
        text: what it says.
        number, total: which of how many of that tag; 1 of 1 where there is one.
    """

    tag: str
    text: str
    number: int = 1
    total: int = 1


class Sheet(NamedTuple):
    """A text line, taken apart.

    Attributes:
        mode: as it stands first and last.
        no_duff: whether NO DUFF stands beside it.
        code: of the message.
        sender, recipient: the parties.
        epoch, serial: its place in the sender's stream.
        precedence: in a whole word.
        at: its date-time group.
        pieces: in their order.
    """

    mode: str
    no_duff: bool
    code: str
    sender: str
    recipient: str
    epoch: int
    serial: int
    precedence: str
    at: str
    pieces: tuple[Piece, ...]


class Cut(NamedTuple):
    """A line with its check word taken out.

    Attributes:
        sheet: what it says.
        covered: what the check word speaks of.
        word: the check word as it was typed.
    """

    sheet: Sheet
    covered: str
    word: str


def covered_text(sheet: Sheet) -> str:
    """What the check word of a line is reckoned over: all of it but the word."""
    duff = f" {NO_DUFF}" if sheet.no_duff else ""
    heading = (
        f"{sheet.mode}{duff} {VERSION} {sheet.code} {sheet.sender}>{sheet.recipient} "
        f"{sheet.epoch}/{sheet.serial:04d} {sheet.precedence} {sheet.at}"
    )
    pieces = [_piece_text(each) for each in sheet.pieces]
    return " | ".join([heading, *pieces, f"CHK{duff} {sheet.mode}"])


def line_text(sheet: Sheet, word: str) -> str:
    """The line with its check word."""
    before, _, after = covered_text(sheet).rpartition("| CHK")
    return f"{before}| CHK {word}{after}"


def cut_line(text: str) -> Cut:
    """Take a line apart; it may be wrapped, and in small letters where words are fixed.

    Raises:
        InvalidMessage: it is no text line; the message names the first piece that is none.
    """
    if len(text) > MOST_CHARACTERS:
        raise InvalidMessage(f"{len(text):,} characters are too many for a text line")
    line = " ".join(text.split())
    first, *middle, last = [each.strip() for each in line.split("|")] if "|" in line else [line, ""]
    begin, end = _BEGIN.match(capitals(first)), _END.fullmatch(capitals(last))
    if begin is None:
        raise _refusal(first, "it does not begin with its mode and KC1")
    if end is None:
        raise _refusal(last, "it does not end with CHK, the check word and its mode")
    word, duff, mode = end[1], end[2], end[3]
    if (begin[1], begin[2]) != (mode, duff):
        raise InvalidMessage(
            f"it begins with {_both(begin[1], begin[2])} and ends with {_both(mode, duff)}",
            remedy="The mode stands first and last; ask the sender which it is.",
        )
    if len(middle) > MOST_PIECES:
        raise InvalidMessage(f"{len(middle):,} pieces are too many for a text line")
    sheet = _sheet(begin, first, middle)
    told = f"CHK{f' {NO_DUFF}' if duff else ''} {mode}"
    return Cut(sheet, " | ".join([first, *middle, told]), word)


def look_alikes(text: str) -> tuple[str, ...]:
    """Letters that look like Latin ones and are not, beside Latin letters in one word."""
    found: dict[str, None] = {}
    for word in re.findall(r"\w+", text):
        if not re.search("[A-Za-z0-9]", word):
            continue
        for mark in word:
            if mark.isalpha() and not unicodedata.name(mark, "").startswith("LATIN"):
                found[f"{mark} ({unicodedata.name(mark, 'unknown')}) in {word:.20}"] = None
    return tuple(found)


def _sheet(begin: re.Match[str], first: str, middle: list[str]) -> Sheet:
    heading = _HEADING.fullmatch(capitals(first)[begin.end() :])
    if heading is None:
        raise _refusal(first, "the heading does not say type, parties, serial, precedence and time")
    code, sender, recipient, epoch, serial, precedence, at = heading.groups()
    if precedence not in PRECEDENCES:
        raise InvalidMessage(
            f"{precedence:.20} is no precedence",
            remedy=f"Write it as a whole word: {', '.join(PRECEDENCES)}.",
        )
    pieces = tuple(_piece(each) for each in middle)
    return Sheet(
        begin[1],
        begin[2] is not None,
        code,
        sender.strip(),
        recipient.strip(),
        int(epoch),
        int(serial),
        precedence,
        at,
        pieces,
    )


def _piece(text: str) -> Piece:
    tag, _, rest = text.partition(" ")
    found = _TAG.fullmatch(capitals(tag))
    if found is None:
        raise _refusal(text, "a piece begins with its name")
    number, count = int(found[2] or 1), int(found[3] or 1)
    if not 1 <= number <= count:
        raise _refusal(text, f"there is no piece {number} of {count}")
    return Piece(found[1], rest, number, count)


def _piece_text(piece: Piece) -> str:
    counted = f"({piece.number}/{piece.total})" if piece.total > 1 else ""
    return f"{piece.tag}{counted} {piece.text}"


def _both(mode: str, duff: str | None) -> str:
    return f"{mode} {duff}" if duff else mode


def _refusal(text: str, why: str) -> InvalidMessage:
    odd = look_alikes(text)
    also = f"; look at {odd[0]}" if odd else ""
    return InvalidMessage(
        f"{text[:60]!r}: {why}{also}", remedy=f"Write it as the sender has it: {_EXAMPLE}"
    )
