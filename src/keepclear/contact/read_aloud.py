"""A message as it is read aloud, in either language: one thing at a time, numbers digit by digit.

Positions are said in two notations and from a place people know; heights and lengths in both
units. After each field that is read back stands that it is to be said back.

Source: domain study of keepclear, 5f (phrase discipline) and 5i; letters as in ICAO Annex 10,
Volume II, 5.2.1.3 (the spelling alphabet).
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from keepclear.contact.catalogue import type_of
from keepclear.contact.catalogue.kinds import Field, FieldKind
from keepclear.contact.catalogue.printing import field_text
from keepclear.contact.catalogue.values import position_of
from keepclear.contact.text_lines import Placed
from keepclear.contact.text_names import Place
from keepclear.errors import InvalidInput
from keepclear.formats.coordinates import position_texts
from keepclear.formats.documents.shapes import VolumeDocument
from keepclear.formats.documents.strict import read_stored
from keepclear.formats.quantities import band_text, length_text
from keepclear.formats.times import dtg_or_iso, window_text
from keepclear.model.message import Message
from keepclear.model.phrase import Language, PhraseTable
from keepclear.model.volume import Circle, Corridor, Polygon, Position, Volume

_DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_LETTERS: Final = {
    "A": ("Alfa", "Альфа"),
    "C": ("Charlie", "Чарли"),
    "D": ("Delta", "Дельта"),
    "E": ("Echo", "Эко"),
    "F": ("Foxtrot", "Фокстрот"),
    "G": ("Golf", "Гольф"),
    "H": ("Hotel", "Хотел"),
    "J": ("Juliett", "Джульетт"),
    "K": ("Kilo", "Кило"),
    "M": ("Mike", "Майк"),
    "N": ("November", "Новембер"),
    "P": ("Papa", "Папа"),
    "Q": ("Quebec", "Квебек"),
    "R": ("Romeo", "Ромео"),
    "T": ("Tango", "Танго"),
    "U": ("Uniform", "Юниформ"),
    "W": ("Whiskey", "Виски"),
    "X": ("X-ray", "Эксрей"),
    "Y": ("Yankee", "Янки"),
}
_UNITS: Final = {
    "NM": ("nautical miles", "морских миль"),
    "km": ("kilometres", "километров"),
    "ft": ("feet", "футов"),
    "m": ("metres", "метров"),
    "to": ("to", "до"),
    "min": ("minutes", "минут"),
    "h": ("hours", "часов"),
    "s": ("seconds", "секунд"),
    "N": ("north", "север"),
    "S": ("south", "юг"),
    "E": ("east", "восток"),
    "W": ("west", "запад"),
}
_MONTHS: Final = {
    "JAN": ("January", "января"),
    "FEB": ("February", "февраля"),
    "MAR": ("March", "марта"),
    "APR": ("April", "апреля"),
    "MAY": ("May", "мая"),
    "JUN": ("June", "июня"),
    "JUL": ("July", "июля"),
    "AUG": ("August", "августа"),
    "SEP": ("September", "сентября"),
    "OCT": ("October", "октября"),
    "NOV": ("November", "ноября"),
    "DEC": ("December", "декабря"),
}
_GROUP: Final = re.compile(r"([0-9]{6})Z([A-Z]{3})([0-9]{2})")
_NEAR: Final = re.compile(r"([0-9,]+) km (north|south|east|west)(?:-(east|west))? of (.+)")
_WINDS: Final = {"north": "север", "south": "юг", "east": "восток", "west": "запад"}
_PIECES: Final = re.compile(r"(\d|(?<=\d)[.,](?=\d)|\b(?:NM|km|ft|min|to)\b|(?<=\d) ?[mhsNSEW]\b)")
_FIXED: Final = {
    "message": ("Message", "Сообщение"),
    "that is": ("that is", "это"),
    "say back": ("Say back.", "Повторите."),
    "circle": ("Circle, centre", "Круг, центр"),
    "radius": ("radius", "радиус"),
    "corridor": ("Corridor, point", "Коридор, точка"),
    "half": ("half width", "половина ширины"),
    "full": ("full width", "полная ширина"),
    "polygon": ("Area, corner", "Район, угол"),
    "hole": ("hole, corner", "вырез, угол"),
    "heights": ("Heights", "Высоты"),
    "times": ("Times", "Время"),
}


class Sentence(NamedTuple):
    """One thing that is said.

    Attributes:
        text: as it is said.
        read_back: whether the other side says it back.
    """

    text: str
    read_back: bool = False


class _Voice:
    """Says things in one language."""

    def __init__(self, language: Language, table: PhraseTable, placed: Placed) -> None:
        self._place = 0 if language is Language.ENGLISH else 1
        self._table = table
        self.placed = placed

    def word(self, text: str) -> str:
        """A fixed word."""
        return text if self._place == 0 else self._table.words.get(text, text)

    def label(self, text: str) -> str:
        """The name of a field."""
        return text if self._place == 0 else self._table.labels.get(text, text)

    def fixed(self, name: str) -> str:
        """A word of the voice itself."""
        return _FIXED[name][self._place]

    def near(self, phrase: str) -> str:
        """Where a position lies, from a place people know."""
        found = _NEAR.fullmatch(phrase)
        if found is None:
            return phrase
        if self._place == 0:
            return phrase.replace(" km ", " kilometres ")
        wind = _WINDS[found[2]] if found[3] is None else f"{_WINDS[found[2]]}о-{_WINDS[found[3]]}"
        return f"{found[1]} километров к {wind}у от {found[4]}"

    def said(self, text: str) -> str:
        """A text with digits one by one and units in words."""
        text = _GROUP.sub(self._group, text)
        said = " ".join(self._piece(each) for each in _PIECES.split(text))
        return re.sub(r"(?<=\() | (?=[),])", "", " ".join(said.split()))

    def spelt(self, word: str) -> str:
        """A word letter by letter."""
        return ", ".join(
            _LETTERS[each][self._place] if each in _LETTERS else self.word(_DIGITS[int(each)])
            for each in word
        )

    def position(self, position: Position) -> str:
        """A position in two notations, and from a place."""
        first, second = (self.said(each) for each in position_texts(position))
        near = self.near(self.placed(position))
        where = f"; {self.fixed('that is')} {near}" if near else ""
        return f"{first}; {self.fixed('that is')} {second}{where}"

    def _group(self, found: re.Match[str]) -> str:
        zulu = ("Zulu", "Зулу")[self._place]
        month = _MONTHS.get(found[2], (found[2], found[2]))[self._place]
        return f"{found[1]} {zulu} {month} {found[3]}"

    def _piece(self, text: str) -> str:
        bare = text.strip()
        if bare.isdigit() and len(bare) == 1 and bare.isascii():
            return self.word(_DIGITS[int(bare)])
        if text == ".":
            return self.word("decimal")
        if text == ",":
            return ""
        return _UNITS[bare][self._place] if bare in _UNITS else text


def read_aloud(
    message: Message,
    place: Place,
    word: str,
    *,
    language: Language,
    table: PhraseTable,
    placed: Placed,
) -> tuple[Sentence, ...]:
    """A message sentence by sentence.

    Args:
        message: what it says.
        place: where it stands in its stream.
        word: the check word of the line that is read aloud.
        language: in which language.
        table: of phrases; its labels and words are used.
        placed: says where positions lie.
    """
    voice, kind = _Voice(language, table, placed), type_of(message.code)
    mode = [voice.word(message.mode.value), *([voice.word("NO DUFF")] if message.no_duff else [])]
    ends = Sentence(f"{', '.join(mode)}.")
    head = (
        (
            f"{voice.fixed('message')} {voice.said(message.code)}, {kind.name}, "
            f"{message.sender}, {message.recipient}."
        ),
        f"{voice.label('Serial')}: {voice.said(f'{place.epoch}, {place.serial:04d}')}.",
        f"{voice.label('Precedence')}: {voice.word(message.precedence.value)}.",
        f"{voice.label('Written')}: {voice.said(dtg_or_iso(message.originated_at))}.",
        (
            f"{voice.label('From')}: {voice.word(message.from_role)}. "
            f"{voice.label('To')}: {voice.word(message.to_role)}."
        ),
    )
    told = [
        _field(voice, field, message.fields[field.key])
        for field in kind.fields
        if message.fields.get(field.key) is not None
    ]
    tail = []
    if message.valid is not None:
        tail.append(f"{voice.label('Valid')}: {voice.said(window_text(message.valid))}.")
    if message.remark:
        tail.append(f"{voice.label('Remark')}: {voice.said(message.remark)}.")
    tail.append(f"{voice.label('Check word')}: {voice.spelt(word)}.")
    return (ends, *map(Sentence, head), *told, *map(Sentence, tail), ends)


def _field(voice: _Voice, field: Field, stored: Any) -> Sentence:
    back = f" {voice.fixed('say back')}" if field.read_back else ""
    text = f"{voice.label(field.label)}: {_value(voice, field, stored)}.{back}"
    return Sentence(text.replace("..", "."), field.read_back)


def _value(voice: _Voice, field: Field, stored: Any) -> str:
    try:
        if field.kind is FieldKind.POSITION:
            return voice.position(position_of(stored))
        if field.kind is FieldKind.VOLUMES:
            return "; ".join(_volume(voice, _volume_of(each)) for each in stored)
    except (InvalidInput, TypeError, KeyError):
        return str(stored)
    text = field_text(field, stored)
    known = voice.word(text)
    return known if known != text else voice.said(text)


def _volume_of(stored: Any) -> Volume:
    return read_stored(stored, VolumeDocument, VolumeDocument.built)


def _volume(voice: _Voice, volume: Volume) -> str:
    times = voice.said(window_text(volume.window))
    return (
        f"{_shape(voice, volume)}. {voice.fixed('heights')}: {voice.said(band_text(volume.band))}. "
        f"{voice.fixed('times')}: {times}"
    )


def _shape(voice: _Voice, volume: Volume) -> str:
    match volume.footprint:
        case Circle(centre=centre, radius_m=radius_m):
            radius = f"{voice.fixed('radius')} {voice.said(length_text(radius_m))}"
            return f"{voice.fixed('circle')}: {voice.position(centre)}; {radius}"
        case Corridor(centreline=centreline, half_width_m=half_width_m):
            half = voice.said(length_text(half_width_m))
            full = voice.said(length_text(2 * half_width_m))
            points = _points(voice, "corridor", centreline)
            return f"{points}; {voice.fixed('half')} {half}; {voice.fixed('full')} {full}"
        case Polygon(rings=rings):
            outer = _points(voice, "polygon", rings[0])
            holes = [_points(voice, "hole", ring) for ring in rings[1:]]
            return "; ".join((outer, *holes))


def _points(voice: _Voice, name: str, positions: tuple[Position, ...]) -> str:
    return "; ".join(
        f"{voice.fixed(name)} {voice.said(str(number))}: {voice.position(each)}"
        for number, each in enumerate(positions, start=1)
    )
