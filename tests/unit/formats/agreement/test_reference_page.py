"""The reference page names every key, so that nobody has to read the code to find one."""

import re
import tomllib
from pathlib import Path

import pytest

from keepclear.formats.agreement.airspace import (
    AIRFIELD_KEYS,
    MOST_AIRFIELDS,
    MOST_BOUNDARIES,
    MOST_ZONES,
    ZONE_KEYS,
)
from keepclear.formats.agreement.draft import TOP_KEYS
from keepclear.formats.agreement.terms import (
    CLOCK_KEYS,
    LIMIT_KEYS,
    MOST_RULES,
    RULE_KEYS,
    SIZES,
)
from keepclear.model.party import PartyKind
from keepclear.model.zone import EntryRule, ZoneKind, ZoneStatus

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "reference" / "agreement.md").read_text()
ASSETS = ROOT / "tests" / "assets" / "agreement"
COMPLETE = "\n".join((ASSETS / name).read_text() for name in ("complete.toml", "limits.toml"))
NAMED = {
    word for spelled in re.findall("`([^`]+)`", PAGE) for word in re.findall("[a-z0-9_]+", spelled)
}


def keys_of(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in keys_of(inner)}
    if isinstance(value, list):
        return {key for inner in value for key in keys_of(inner)}
    return set()


def test_the_complete_agreement_has_every_key() -> None:
    known = {*TOP_KEYS, *ZONE_KEYS, *AIRFIELD_KEYS, *RULE_KEYS, *SIZES, *CLOCK_KEYS, *LIMIT_KEYS}
    assert known <= keys_of(tomllib.loads(COMPLETE))


def test_the_page_names_every_key() -> None:
    assert keys_of(tomllib.loads(COMPLETE)) - NAMED == set()


@pytest.mark.parametrize("word", [*PartyKind, *ZoneKind, *EntryRule, *ZoneStatus])
def test_the_page_names_every_word_that_can_be_chosen(word: str) -> None:
    assert f"`{word}`" in PAGE


@pytest.mark.parametrize("most", [MOST_RULES, MOST_ZONES, MOST_BOUNDARIES, MOST_AIRFIELDS])
def test_the_page_names_the_bounds(most: int) -> None:
    assert f"{most:,}" in PAGE.split("## Bounds")[1]
