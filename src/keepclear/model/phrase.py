"""Fixed phrases for calls between two watches, in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """A language of the table."""

    ENGLISH = "en"
    RUSSIAN = "ru"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase.

    Attributes:
        id: its name in the table.
        group: under which heading it is printed.
        meaning: what it is for.
        en, ru: the phrase; what stands between { } is filled in by the voice.
        en_said_by_ru: how Russian speakers say the English, in their letters.
        ru_said_by_en: how English speakers say the Russian, in theirs.
        answer: the id of the response that is expected; empty for none.
    """

    id: str
    group: str
    meaning: str
    en: str
    ru: str
    en_said_by_ru: str
    ru_said_by_en: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class PhraseTable:
    """The table of phrases.

    Attributes:
        edition: counts from 1.
        digest: SHA-256 over its file, hex: what linguists sign.
        phrases: in the order in which they are printed.
        labels: Russian names of the fields of messages, by the English.
        words: Russian words for fixed words, by the English.
    """

    edition: int
    digest: str
    phrases: tuple[Phrase, ...]
    labels: Mapping[str, str]
    words: Mapping[str, str]

    def phrase(self, phrase_id: str) -> Phrase | None:
        """The phrase of that id; None where there is none."""
        return next((each for each in self.phrases if each.id == phrase_id), None)


@dataclass(frozen=True, slots=True)
class PhraseSignature:
    """A linguist's word that the translations of a table are right.

    Attributes:
        party: for which side.
        digest: of the table that was read.
        edition: of it.
        role: as what the linguist is on duty.
        at: when, as the record says it, ISO 8601.
    """

    party: str
    digest: str
    edition: int
    role: str
    at: str
