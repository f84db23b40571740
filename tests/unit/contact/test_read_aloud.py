"""A message read aloud: the mode first and last, digits one by one, both notations and units."""

from __future__ import annotations

import pytest

from keepclear.contact.catalogue import CATALOGUE
from keepclear.contact.read_aloud import read_aloud
from keepclear.contact.text_names import Place
from keepclear.data.loading import load_phrases
from keepclear.model.phrase import Language
from unit.contact.test_text_lines import flash


def said(language: Language) -> list[str]:
    sentences = read_aloud(
        flash(),
        Place(1, 147),
        "5F3A",
        language=language,
        table=load_phrases(),
        placed=lambda _: "12 km north-east of Latakia",
    )
    return [each.text for each in sentences]


def test_in_english() -> None:
    told = said(Language.ENGLISH)
    assert told[0] == told[-1] == "EXERCISE."
    assert "Serial: one, zero one four seven." in told
    assert "Precedence: FLASH." in told
    where = next(each for each in told if each.startswith("Where"))
    assert "three five decimal seven one zero zero north" in where
    assert "three five four two three six north" in where
    assert "12 kilometres north-east of Latakia" in where
    assert where.endswith("Say back.")
    assert "Check word: five, Foxtrot, three, Alfa." in told


def test_in_russian() -> None:
    told = said(Language.RUSSIAN)
    assert told[0] == told[-1] == "УЧЕНИЕ."
    assert "Срочность: МОЛНИЯ." in told
    assert any("12 километров к северо-востоку от Latakia" in each for each in told)


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_label_has_its_russian(code: str) -> None:
    labels = load_phrases().labels
    if CATALOGUE[code].written_by_hand or code == "M25":
        assert [f.label for f in CATALOGUE[code].fields if f.label not in labels] == []
