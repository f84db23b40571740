"""Read the table of phrases, strictly.

Source: keepclear's own table, `data/phrases.toml`, after the table of signals of the agreement
on dangerous military activities of 1989: meaning, phrase, pronunciation, expected response.
"""

from __future__ import annotations

import tomllib
from hashlib import sha256
from typing import Any

import msgspec

from keepclear.errors import InvalidInput
from keepclear.model.phrase import Phrase, PhraseTable


class _Phrase(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    group: str
    id: str
    meaning: str
    en: str
    ru: str
    en_said_by_ru: str
    ru_said_by_en: str
    answer: str


class _Table(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    edition: int
    phrase: tuple[_Phrase, ...]
    labels: dict[str, str]
    words: dict[str, str]


def phrase_table_of(data: bytes) -> PhraseTable:
    """The table that a file holds.

    Raises:
        InvalidInput: it is none, or a phrase answers to one that is not there.
    """
    try:
        document: Any = tomllib.loads(data.decode())
        told = msgspec.convert(document, _Table)
    except (ValueError, msgspec.ValidationError) as error:
        raise InvalidInput(f"the table of phrases cannot be read: {error}") from None
    phrases = tuple(Phrase(**msgspec.structs.asdict(each)) for each in told.phrase)
    known = {each.id for each in phrases}
    if len(known) != len(phrases):
        raise InvalidInput("two phrases have one id", remedy="Name each differently.")
    for each in phrases:
        if each.answer and each.answer not in known:
            raise InvalidInput(f"{each.id} is answered by {each.answer}, which is not there")
    return PhraseTable(told.edition, sha256(data).hexdigest(), phrases, told.labels, told.words)
