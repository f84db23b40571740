"""Messages of the catalogue as short text lines, and back: the catalogue says what stands where.

A field is a piece under its key; its kind has one spelling. The check word covers all of it.

Source: domain study of keepclear, 5i; design 5 (text copies, positions, mode, precedence).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from keepclear.canonical import JsonValue
from keepclear.contact.catalogue import type_of
from keepclear.contact.catalogue.kinds import Field, MessageType
from keepclear.contact.catalogue.terms import begins_at
from keepclear.contact.catalogue.values import read_value
from keepclear.contact.check_word import check_word, read_check_word
from keepclear.contact.text_names import Place, name_of_place
from keepclear.errors import InvalidInput, InvalidMessage
from keepclear.formats.property_values import advice
from keepclear.formats.text_line.escapes import escaped, unescaped
from keepclear.formats.text_line.pieces import (
    Piece,
    Sheet,
    covered_text,
    cut_line,
    line_text,
    look_alikes,
)
from keepclear.formats.text_line.spellings import SPELLINGS, positions_of, read, written
from keepclear.formats.times import dtg_or_iso, iso_text, parse_time, parse_window, window_text
from keepclear.model.line import line_id
from keepclear.model.message import Message
from keepclear.model.operation import Mode, Precedence
from keepclear.model.volume import Position
from keepclear.model.window import Window

AROUND: Final = (
    "ID",
    "VERSION",
    "FROM",
    "TO",
    "VALID",
    "BEGINS",
    "SUPERSEDES",
    "REFS",
    "REMARK",
    "SAID",
)
"""Pieces that any message may have, besides its fields."""
_PLACED: Final = ("position", "volumes")
_NEAR = re.compile(r"(.*?) NEAR (.*)", re.IGNORECASE | re.DOTALL)
_SAID = re.compile(r"([a-z]{2,3}(?:-[a-z]{2,8})?): ?(.*)", re.IGNORECASE | re.DOTALL)
_UNIT = re.compile(r"-[SM]$")
Placed = Callable[[Position], str]
"""Says where a position lies, from a place people know; empty for nothing."""


class Claim(NamedTuple):
    """What a line says of where a position lies.

    Attributes:
        tag: in which piece.
        position: the position.
        phrase: as it stands there: "12 km north-east of Latakia".
    """

    tag: str
    position: Position
    phrase: str


class TextLine(NamedTuple):
    """A text line as it was read.

    Attributes:
        message: what it says; its seconds of origin are not known.
        place: in the sender's stream.
        has_id: whether it names the message's own id.
        word: its check word, which holds.
        claims: where it says that its positions lie.
    """

    message: Message
    place: Place
    has_id: bool
    word: str
    claims: tuple[Claim, ...]


def nowhere(position: Position) -> str:
    """Says of no position where it lies."""
    del position
    return ""


def tag_of(field: Field) -> str:
    """What a field's pieces are called."""
    return _UNIT.sub("", field.key.upper().replace("_", "-"))


def written_line(
    message: Message, place: Place, *, placed: Placed = nowhere, with_id: bool = True
) -> str:
    """A message in one line.

    Args:
        message: what it says.
        place: where it stands in the sender's stream.
        placed: says where positions lie.
        with_id: False for a line that is read aloud; the receiver then knows it by its place.

    Raises:
        InvalidMessage: a field cannot be said in a line; send a bundle.
    """
    kind = type_of(message.code)
    if unknown := [key for key in message.fields if kind.field(key) is None]:
        raise InvalidMessage(f"{kind.code} has no field {unknown[0]:.60}", remedy="Send a bundle.")
    pieces = [*_head_pieces(message, with_id=with_id)]
    for field in kind.fields:
        if message.fields.get(field.key) is not None:
            pieces += _field_pieces(field, message.fields[field.key], placed)
    pieces += _tail_pieces(message)
    sheet = Sheet(
        message.mode.value,
        message.no_duff,
        message.code,
        message.sender,
        message.recipient,
        place.epoch,
        place.serial,
        message.precedence.value,
        dtg_or_iso(message.originated_at),
        tuple(pieces),
    )
    return line_text(sheet, check_word(covered_text(sheet)))


def read_line(text: str) -> TextLine:
    """What a text line says, if its check word holds.

    Raises:
        InvalidMessage: it is none, the check word does not hold, or a piece cannot be read.
        InvalidInput: a value cannot be; the message names the piece.
    """
    cut = cut_line(text)
    word = read_check_word(cut.word)
    if check_word(cut.covered) != word:
        odd = look_alikes(cut.covered)
        also = f" It holds letters that are not Latin: {'; '.join(odd[:3])}." if odd else ""
        raise InvalidMessage(
            f"the check word {word} does not hold: at least one character is not as it was sent",
            remedy=f"Read the line back piece by piece; act on none of it.{also}",
        )
    sheet = cut.sheet
    kind, gathered = type_of(sheet.code), _gathered(sheet.pieces)
    _require_known(kind, gathered)
    place = Place(sheet.epoch, sheet.serial)
    fields, claims = _fields(kind, gathered)
    return TextLine(
        _message(sheet, place, gathered, fields),
        place,
        "ID" in gathered,
        word,
        claims,
    )


def _head_pieces(message: Message, *, with_id: bool) -> Sequence[Piece]:
    found = [Piece("ID", message.id.upper())] if with_id else []
    if message.version > 1:
        found.append(Piece("VERSION", str(message.version)))
    found += [Piece("FROM", escaped(message.from_role)), Piece("TO", escaped(message.to_role))]
    return found


def _field_pieces(field: Field, stored: Any, placed: Placed) -> Sequence[Piece]:
    texts = list(written(field.kind.value, stored))
    if field.kind.value in _PLACED:
        for place, position in enumerate(positions_of(field.kind.value, stored)):
            if phrase := placed(position):
                texts[place] += f" NEAR {escaped(phrase)}"
    tag, count = tag_of(field), len(texts)
    return [Piece(tag, each, number, count) for number, each in enumerate(texts, start=1)]


def _tail_pieces(message: Message) -> Sequence[Piece]:
    found: list[Piece] = []
    derived = begins_at(message.code, message.fields)
    if message.valid is not None:
        found.append(Piece("VALID", window_text(message.valid)))
    if message.speaks_of != derived:
        at = message.speaks_of
        found.append(Piece("BEGINS", "NONE" if at is None else iso_text(at)))
    if message.supersedes:
        found.append(Piece("SUPERSEDES", message.supersedes.upper()))
    refs = enumerate(message.refs, start=1)
    found += [Piece("REFS", each.upper(), number, len(message.refs)) for number, each in refs]
    if message.remark:
        found.append(Piece("REMARK", escaped(message.remark)))
    said = [f"{name}: {escaped(words)}" for name, words in sorted(message.renderings.items())]
    if odd := [each for each in said if not _SAID.fullmatch(each)]:
        raise InvalidMessage(f"{odd[0]:.20!r} names no language", remedy="Give its code, as ru.")
    found += [Piece("SAID", each, n, len(said)) for n, each in enumerate(said, start=1)]
    return found


def _gathered(pieces: Sequence[Piece]) -> Mapping[str, tuple[str, ...]]:
    """The texts of each tag; counted pieces must all be there, in their order."""
    found: dict[str, list[Piece]] = {}
    for each in pieces:
        found.setdefault(each.tag, []).append(each)
    for tag, told in found.items():
        count = len(told)
        if [(each.number, each.total) for each in told] != [(n + 1, count) for n in range(count)]:
            raise InvalidMessage(
                f"{tag}: there are not pieces 1 to {told[0].total}, in order, each once",
                remedy="Ask for the line again.",
            )
    return {tag: tuple(each.text for each in told) for tag, told in found.items()}


def _require_known(kind: MessageType, gathered: Mapping[str, Sequence[str]]) -> None:
    known = [*AROUND, *(tag_of(field) for field in kind.fields)]
    for tag in gathered:
        if tag not in known:
            raise InvalidMessage(f"{kind.code} has no piece {tag}", remedy=advice(tag, known))
    for field in kind.fields:
        if field.mandatory and tag_of(field) not in gathered:
            raise InvalidMessage(
                f"{kind.code} lacks the piece {tag_of(field)}", remedy="Ask for the line again."
            )


def _fields(
    kind: MessageType, gathered: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, JsonValue], tuple[Claim, ...]]:
    fields: dict[str, JsonValue] = {}
    claims: list[Claim] = []
    for field in kind.fields:
        tag = tag_of(field)
        if tag not in gathered:
            continue
        texts, phrases = _unplaced(field, gathered[tag])
        try:
            told = read(field.kind.value, texts)
            fields[field.key] = read_value(replace(field, future=False), told, _LONG_AGO)
        except InvalidInput as error:
            raise type(error)(f"{tag}: {error.message}", remedy=error.remedy) from error
        points = positions_of(field.kind.value, fields[field.key])
        claims += [
            Claim(tag, at, phrase) for at, phrase in zip(points, phrases, strict=False) if phrase
        ]
    return fields, tuple(claims)


_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""No time without a month passes the spellings, so what lies near the reader does not matter."""


def _unplaced(field: Field, texts: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The texts without what they say of known places, and that."""
    if field.kind.value not in _PLACED:
        return list(texts), []
    found = [_NEAR.fullmatch(each) for each in texts]
    told = [each if near is None else near[1] for each, near in zip(texts, found, strict=True)]
    return told, ["" if near is None else unescaped(near[2]) for near in found]


def _message(
    sheet: Sheet,
    place: Place,
    gathered: Mapping[str, tuple[str, ...]],
    fields: Mapping[str, JsonValue],
) -> Message:
    def one(tag: str, default: str = "") -> str:
        texts = gathered.get(tag, (default,))
        if len(texts) > 1:
            raise InvalidMessage(f"{tag} stands more than once", remedy="Ask for it again.")
        return texts[0]

    line = line_id(sheet.sender, sheet.recipient)
    begins = one("BEGINS")
    speaks_of = begins_at(sheet.code, fields)
    if begins:
        speaks_of = None if begins.upper() == "NONE" else parse_time(begins)
    return Message(
        id=one("ID").lower() or name_of_place(line, sheet.sender, place),
        code=sheet.code,
        version=_whole(one("VERSION", "1")),
        line=line,
        sender=sheet.sender,
        recipient=sheet.recipient,
        from_role=unescaped(one("FROM")),
        to_role=unescaped(one("TO")),
        mode=Mode(sheet.mode),
        precedence=Precedence(sheet.precedence),
        originated_at=parse_time(sheet.at),
        fields=fields,
        no_duff=sheet.no_duff,
        valid=_validity(one("VALID")),
        speaks_of=speaks_of,
        supersedes=one("SUPERSEDES").lower(),
        refs=tuple(each.lower() for each in gathered.get("REFS", ())),
        remark=unescaped(one("REMARK")),
        renderings=_renderings(gathered.get("SAID", ())),
    )


def _whole(text: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", text):
        raise InvalidMessage(f"VERSION: {text[:20]!r} is no number", remedy="Count from 1.")
    return int(text)


def _validity(text: str) -> Window | None:
    return parse_window(text) if text else None


def _renderings(texts: Sequence[str]) -> dict[str, str]:
    found = [_SAID.fullmatch(each) for each in texts]
    if any(each is None for each in found):
        raise InvalidMessage("SAID: a piece names no language", remedy="Write SAID ru: ...")
    return {each[1].lower(): unescaped(each[2]) for each in found if each is not None}


def shown_spelling(field: Field) -> str:
    """How a field's pieces look, for the reference page."""
    return SPELLINGS[field.kind.value].shown
