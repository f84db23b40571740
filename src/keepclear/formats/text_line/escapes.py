r"""Free text inside a text line: what a voice, a wrap or a mail program would lose is spelt out.

`\p` is an upright bar, `\n` a line end, `\t` a tab, `\s` a space that would not survive,
`\\` a backslash, and `\{2010}` any other character that cannot be typed.

Source: keepclear's own grammar (docs/reference/text-lines.md).
"""

from __future__ import annotations

import re
from typing import Final

from keepclear.errors import InvalidMessage

_HIGHEST: Final = 0xFFFF
_OUT: Final = {"\\": "\\\\", "|": "\\p", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_IN: Final = {"\\": "\\", "p": "|", "n": "\n", "r": "\r", "t": "\t", "s": " "}
_ESCAPE = re.compile(r"\\(?:\{([0-9A-Fa-f]{1,6})\}|(.?))", re.DOTALL)


def escaped(text: str) -> str:
    """A text as it stands in a line; `unescaped` gives it back exactly."""
    marks = [_mark(text, place) for place in range(len(text))]
    return "".join(marks)


def unescaped(text: str) -> str:
    """The text that a line holds.

    Raises:
        InvalidMessage: an escape is none.
    """
    return _ESCAPE.sub(_character, " ".join(text.split()))


def _mark(text: str, place: int) -> str:
    mark = text[place]
    if mark in _OUT:
        return _OUT[mark]
    if mark == " ":
        beside = text[place - 1 : place] + text[place + 1 : place + 2]
        is_lost = len(beside) < 2 or any(each.isspace() for each in beside)
        return "\\s" if is_lost or place in (0, len(text) - 1) else mark
    if ord(mark) > _HIGHEST or not mark.isprintable():
        return f"\\{{{ord(mark):04X}}}"
    return mark


def _character(found: re.Match[str]) -> str:
    digits, letter = found[1], found[2]
    if digits is not None:
        code = int(digits, 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise InvalidMessage(f"there is no character {found[0]}", remedy="Type it again.")
        return chr(code)
    if letter.lower() not in _IN:
        raise InvalidMessage(
            f"the escape {found[0]!r} is not known", remedy="Write \\\\ for a backslash."
        )
    return _IN[letter.lower()]
