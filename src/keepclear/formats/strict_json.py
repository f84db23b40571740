"""JSON read strictly and in bounded memory: one small value at a time, never the whole tree.

Depth and length of a value are checked before anything is built from it. What JSON leaves
open is closed here: a key stands once in an object, NaN and Infinity do not exist, the
text is UTF-8.

Source: RFC 8259, sections 4 (names unique), 6 (numbers) and 8.1 (encoding); RFC 7493
(I-JSON), sections 2.1 and 2.3. Unlike RFC 8259 a UTF-8 byte order mark is accepted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from keepclear.errors import InvalidFile, InvalidInput
from keepclear.formats.reading import Reading

MOST_DEPTH = 64
"""The deepest nesting of arrays and objects; ours needs eight."""
MOST_CHARACTERS = 8 * 2**20
"""The longest single feature or member: 20,000 vertices fit, however widely printed."""

_OPENING, _CLOSING, _QUOTE = frozenset("[{"), frozenset("]}"), '"'
_STRINGS_AND_BRACKETS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["\[\]{}]', re.DOTALL)
_SCALAR = re.compile(r"[^\s,\]}]*")
_SPACE = re.compile(r"[ \t\n\r]*")
_REMEDY = "Export the file again as valid JSON in UTF-8."


def decoded_text(data: bytes, reading: Reading) -> str:
    """The text of a file in UTF-8, with or without a byte order mark.

    Raises:
        InvalidFile: empty, too large, or in another encoding; save it as UTF-8.
    """
    reading.require_size(data)
    remedy = "Save the file as UTF-8."
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise reading.refuse("the file is in UTF-16 or UTF-32, not UTF-8", remedy=remedy)
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        raise reading.refuse(
            f"the file is not UTF-8: byte {error.start:,} begins no character", remedy=remedy
        ) from None


def decoded_value(text: str) -> Any:
    """The value a text of JSON stands for.

    Raises:
        InvalidInput: not one valid value, nested too deeply, or too long.
    """
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput(f"a value of {len(text):,} characters is too long", remedy=_REMEDY)
    if _is_deep(text):
        raise InvalidInput(f"nested more than {MOST_DEPTH} deep", remedy=_REMEDY)
    try:
        return _DECODER.decode(text)
    except ValueError as error:
        message = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise InvalidInput(f"not valid JSON: {message}", remedy=_REMEDY) from None


@dataclass(slots=True)
class Outline:
    """A document taken apart at its top: small members whole, one long array by its places.

    Attributes:
        members: every member of the top object but the array.
        spans: where each element of the array stands in the text; None where the array
            is missing.
    """

    members: dict[str, Any] = field(default_factory=dict)
    spans: list[tuple[int, int]] | None = None


@dataclass(slots=True)
class JsonText:
    """A text of JSON that is read from its top down.

    Attributes:
        text: all of it.
        reading: the limits, and the name errors use.
        at: the next character.
    """

    text: str
    reading: Reading
    at: int = 0

    def outline(self, array: str) -> Outline:
        """Take the top object apart, leaving the elements of the named array unbuilt.

        Raises:
            InvalidFile: the text is not one well-formed object within the limits.
        """
        outline = Outline()
        for key in self._keys():
            if key in outline.members or (key == array and outline.spans is not None):
                raise self._fault(f"{key[:60]!r} stands twice in the top object")
            if key == array:
                outline.spans = list(self._elements(array))
            else:
                start, self.at = self.at, self._end_of_value(self.at)
                outline.members[key] = self.value((start, self.at))
        self._skip_space()
        if self.at != len(self.text):
            raise self._fault("something follows the end of the document")
        return outline

    def value(self, span: tuple[int, int]) -> Any:
        """Build the value that stands at a place.

        Raises:
            InvalidFile: it is not valid JSON.
        """
        piece = self.text[span[0] : span[1]]
        try:
            return _DECODER.decode(piece)
        except json.JSONDecodeError as error:
            raise self._fault(f"not valid JSON: {error.msg}", at=span[0] + error.pos) from None
        except ValueError as error:
            raise self._fault(f"not valid JSON: {error}", at=span[0]) from None

    def _keys(self) -> Iterator[str]:
        self._skip_space()
        if not self.text.startswith("{", self.at):
            raise self._fault("the file does not hold a JSON object")
        self.at += 1
        if self._taken("}"):
            return
        while True:
            self._skip_space()
            if not self.text.startswith('"', self.at):
                raise self._fault("a key in double quotes is expected here")
            start, self.at = self.at, self._end_of_value(self.at)
            key = str(self.value((start, self.at)))
            if not self._taken(":"):
                raise self._fault("a colon is expected here")
            self._skip_space()
            yield key
            if self._taken("}"):
                return
            if not self._taken(","):
                raise self._fault("a comma or } is expected here")

    def _elements(self, array: str) -> Iterator[tuple[int, int]]:
        if not self._taken("["):
            raise self._fault(f"{array!r} is not an array")
        if self._taken("]"):
            return
        for count in range(self.reading.most_features + 1):
            if count == self.reading.most_features:
                raise self._fault(f"more than {count:,} features", remedy="Split the file.")
            self._skip_space()
            start, self.at = self.at, self._end_of_value(self.at)
            yield start, self.at
            if self._taken("]"):
                return
            if not self._taken(","):
                raise self._fault("a comma or ] is expected here")

    def _end_of_value(self, start: int) -> int:
        """Where the value that starts here ends; nothing is built, depth and length bound."""
        stop = start + MOST_CHARACTERS
        if self.text[start : start + 1] not in ('"', "[", "{"):
            match = _SCALAR.match(self.text, start)
            if match is None or match.end() == start:
                raise self._fault("a value is expected here", at=start)
            return match.end()
        for end, depth in _depths(self.text, start, stop):
            if depth > MOST_DEPTH:
                raise self._fault(f"nested more than {MOST_DEPTH} deep", at=end - 1)
            if depth <= 0:
                return end
        if stop < len(self.text):
            raise self._fault(
                f"the value that begins here is longer than {MOST_CHARACTERS:,} characters",
                at=start,
                remedy="Simplify the shape, or split it into several volumes.",
            )
        raise self._fault(
            "the file ends inside the value that begins here: it is cut off", at=start
        )

    def _taken(self, mark: str) -> bool:
        self._skip_space()
        if not self.text.startswith(mark, self.at):
            return False
        self.at += 1
        return True

    def _skip_space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        if match:
            self.at = match.end()

    def _fault(self, message: str, *, at: int | None = None, remedy: str = _REMEDY) -> InvalidFile:
        at = self.at if at is None else at
        line = self.text.count("\n", 0, at) + 1
        column = at - self.text.rfind("\n", 0, at)
        ends = " (the file ends there)" if at >= len(self.text) else ""
        return self.reading.refuse(f"line {line}, column {column}{ends}: {message}", remedy=remedy)


def _is_deep(text: str) -> bool:
    """Tell whether brackets stand more than `MOST_DEPTH` deep in each other."""
    if text.count("[") + text.count("{") <= MOST_DEPTH:
        return False
    depth = 0
    for token in _STRINGS_AND_BRACKETS.findall(text):
        if token in _OPENING:
            depth += 1
            if depth > MOST_DEPTH:
                return True
        elif token in _CLOSING:
            depth -= 1
        elif token == _QUOTE:  # a string that has no end
            return False
    return False


def _depths(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """After each string and bracket: where it ends, and how many brackets are open there.

    Ends early at a string that has no end before `stop`.
    """
    depth = 0
    for token in _STRINGS_AND_BRACKETS.finditer(text, start, stop):
        mark = text[token.start()]
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
        elif token.end() - token.start() == 1:
            return
        yield token.end(), depth


def _object_with_single_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in found if keys.count(key) > 1)
        message = f"the key {twice[:60]!r} stands twice in one object"
        raise ValueError(message)
    return found


def _no_constant(word: str) -> NoReturn:
    message = f"{word} is not a number JSON knows"
    raise ValueError(message)


def _bounded_whole(digits: str) -> int:
    if len(digits) > 30:
        message = f"a whole number of {len(digits):,} digits"
        raise ValueError(message)
    return int(digits)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object_with_single_keys,
    parse_constant=_no_constant,
    parse_int=_bounded_whole,
)
