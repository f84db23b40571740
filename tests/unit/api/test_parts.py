"""The parts of a path name one thing each, or are refused."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.api.parts import PARTS, read_count, read_name, read_uuid
from keepclear.api.routes import ENDPOINTS
from keepclear.errors import InvalidInput


@given(st.uuids())
def test_capitals_mean_nothing_in_a_uuid(given_id: object) -> None:
    assert read_uuid(str(given_id).upper()) == str(given_id)


@pytest.mark.parametrize("text", ["", "7", "5f1d7a446a0c4a0e9a530f1f6c1d2e3f", "{}", "g" * 36])
def test_another_spelling_of_a_uuid_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="not a UUID"):
        read_uuid(text)


@pytest.mark.parametrize("text", ["Z-LATAKIA-AD", "Зона 5", "a b", "..", "x" * 200])
def test_any_line_of_text_can_be_a_name(text: str) -> None:
    assert read_name(text) == text


@pytest.mark.parametrize("text", ["", " a", "a ", "a\nb", "\x00", "x" * 201, "\u2028"])
def test_what_is_not_one_line_is_no_name(text: str) -> None:
    with pytest.raises(InvalidInput, match="not a name"):
        read_name(text)


@given(st.text(max_size=20))
def test_a_count_is_plain_digits(text: str) -> None:
    with suppress(InvalidInput):
        assert str(int(read_count(text))) == text


def test_every_part_of_every_path_is_known_and_none_is_left_over() -> None:
    used = {name for each in ENDPOINTS for name in re.findall(r"\{(\w+)\}", each.path)}
    assert used == set(PARTS)
