"""On which line of a TOML text each key stands.

The standard library's reader gives values without places. This scan gives places without
values: it walks headers, keys, arrays and inline tables and steps over strings and
comments. It reads every valid text right; in an invalid one it may lose its way after the
fault, where nothing is read anyway. It also bounds what the reader is given to work on.

Source: TOML 1.0.0, sections Keys, String, Array, Inline Table, Table, Array of Tables.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from typing import TypeAlias

from keepclear.errors import InvalidAgreement

KeyPath: TypeAlias = tuple[str | int, ...]
"""A place in the parsed content: keys, and indices of arrays counted from 0."""

DEEPEST = 16
"""The deepest nesting of arrays and inline tables, and the most parts of one dotted key."""
MOST_VALUES = 200_000
"""The most keys, headers and array elements of one text."""
MOST_LINES = 200_000
"""The most lines of one text."""

_REMEDY = "An agreement needs nothing like it; write it as docs/reference/agreement.md shows."
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_REST_OF_LINE = re.compile(r"[^\n]*\n?")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*(?:"{3,5})?'
    r"|'''(?:[^']|'(?!''))*(?:'{3,5})?"
    r'|"(?:[^"\\\n]|\\[^\n])*"?'
    r"|'[^'\n]*'?",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\n]+")


class Lines:
    """Where each key of a text stands."""

    def __init__(self, line_of: dict[KeyPath, int]) -> None:
        self._line_of = line_of

    def of(self, path: KeyPath) -> int | None:
        """The line of a key, counted from 1; of the nearest table around it where it is absent.

        Returns:
            None where not even a table around it stands in the text.
        """
        for length in range(len(path), 0, -1):
            if (line := self._line_of.get(path[:length])) is not None:
                return line
        return None


def locate(text: str) -> Lines:
    """Find the line of every key, header and array element.

    Raises:
        InvalidAgreement: nested deeper than `DEEPEST`, more than `MOST_VALUES` values, or more
            than `MOST_LINES` lines.
    """
    if text.count("\n") >= MOST_LINES:
        raise InvalidAgreement(f"the text has more than {MOST_LINES:,} lines", remedy=_REMEDY)
    return Lines(_Scan(text).run())


class _Scan:
    """One walk over one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.line_of: dict[KeyPath, int] = {}
        self.array_lengths: dict[KeyPath, int] = {}

    def run(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while self._skip(_BLANK) < len(self.text):
            if self._next_is("["):
                table = self._header()
                self._skip(_REST_OF_LINE)
            else:
                self._key_and_value(table, depth=0)
                self._skip(_REST_OF_LINE)
        return self.line_of

    def _header(self) -> KeyPath:
        """Step over a header; tell the table it opens, indices of arrays filled in."""
        start = self.at
        is_array = self._next_is("[[")
        self.at += 2 if is_array else 1
        parts = self._key()
        path: KeyPath = ()
        for part in parts[:-1]:
            path = (*path, part)
            self._note(path, start)
            if path in self.array_lengths:
                path = (*path, self.array_lengths[path] - 1)
        path = (*path, *parts[-1:])
        if is_array:
            self._note(path, start)
            index = self.array_lengths.get(path, 0)
            self.array_lengths[path] = index + 1
            path = (*path, index)
        self.line_of.pop(path, None)  # a table's own header outweighs what only implied it
        self._note(path, start)
        return path

    def _key_and_value(self, table: KeyPath, depth: int) -> None:
        start = self.at
        path = table
        for part in self._key():
            path = (*path, part)
            self._note(path, start)
        self._skip(_SPACE)
        if self._next_is("="):
            self.at += 1
            self._skip(_SPACE)
            self._value(path, depth)

    def _key(self) -> list[str]:
        parts: list[str] = []
        while True:
            self._skip(_SPACE)
            start = self.at
            if self._next_is('"') or self._next_is("'"):
                self._skip(_STRING)
                parts.append(_unquoted(self.text[start : self.at]))
            else:
                self._skip(_BARE_KEY)
                parts.append(self.text[start : self.at])
            if len(parts) > DEEPEST:
                raise self._refusal(f"a key has more than {DEEPEST} parts")
            self._skip(_SPACE)
            if not self._next_is("."):
                return parts
            self.at += 1

    def _value(self, path: KeyPath, depth: int) -> None:
        if depth > DEEPEST:
            raise self._refusal(f"a value is nested deeper than {DEEPEST} levels")
        if self._next_is("["):
            self._array(path, depth)
        elif self._next_is("{"):
            self._inline_table(path, depth)
        elif self._next_is('"') or self._next_is("'"):
            self._skip(_STRING)
        else:
            self._skip(_BARE_VALUE)

    def _array(self, path: KeyPath, depth: int) -> None:
        self.at += 1
        index = 0
        while self._skip(_BLANK) < len(self.text) and not self._next_is("]"):
            before = self.at
            self._note((*path, index), self.at)
            self._value((*path, index), depth + 1)
            self._skip(_BLANK)
            if self._next_is(","):
                self.at += 1
                index += 1
            elif self.at == before:
                return
        self.at += 1

    def _inline_table(self, path: KeyPath, depth: int) -> None:
        self.at += 1
        while self._skip(_SPACE) < len(self.text) and not self._next_is("}"):
            before = self.at
            self._key_and_value(path, depth + 1)
            self._skip(_SPACE)
            if self._next_is(","):
                self.at += 1
            elif self.at == before:
                return
        self.at += 1

    def _next_is(self, mark: str) -> bool:
        return self.text.startswith(mark, self.at)

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
        return self.at

    def _note(self, path: KeyPath, at: int) -> None:
        """Keep the first place of a path: later keys may name the same table again."""
        if len(self.line_of) >= MOST_VALUES:
            raise self._refusal(f"the text has more than {MOST_VALUES:,} values")
        self.line_of.setdefault(path, bisect_right(self.line_starts, at))

    def _refusal(self, message: str) -> InvalidAgreement:
        line = bisect_right(self.line_starts, self.at)
        return InvalidAgreement(f"line {line}: {message}", remedy=_REMEDY)


def _unquoted(quoted: str) -> str:
    """The key a quoted key stands for; the quoted text itself where it stands for none."""
    if "\\" not in quoted:
        return quoted.strip(quoted[0])
    try:
        value = tomllib.loads(f"key = {quoted}")["key"]
    except tomllib.TOMLDecodeError:
        return quoted
    return str(value)
