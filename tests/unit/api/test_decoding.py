"""Queries and small bodies are read strictly, and a slip is named in plain words."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct

from keepclear.api.decoding import body_of, query_of
from keepclear.errors import InvalidInput


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    state: Annotated[tuple[Literal["planned", "ended"], ...], Meta(description="several")] = ()
    limit: Annotated[int, Meta(ge=1, le=500)] = 50
    live: bool = True
    text: str = ""


class Box(Struct, frozen=True, forbid_unknown_fields=True):
    text: str
    size: int = 1


def test_no_query_is_refused_where_something_must_be_said() -> None:
    with pytest.raises(InvalidInput, match="the parameter 'text' is missing"):
        query_of(b"", Box)


def test_no_query_is_the_usual_question() -> None:
    assert query_of(b"", Question) == Question()


def test_values_are_read_as_their_kind() -> None:
    asked = query_of(b"limit=7&live=false&text=%C3%A9t%C3%A9+%2B", Question)
    assert asked == Question(limit=7, live=False, text="été +")


def test_only_lists_may_be_named_several_times() -> None:
    assert query_of(b"state=planned&state=ended", Question).state == ("planned", "ended")
    assert query_of(b"state=planned", Question).state == ("planned",)
    with pytest.raises(InvalidInput, match="limit: the parameter is given twice"):
        query_of(b"limit=1&limit=2", Question)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (b"stat=planned", "no parameter 'stat'"),
        (b"limit=0", "limit: "),
        (b"limit=501", "limit: "),
        (b"limit=", "limit: "),
        (b"limit=1.5", "limit: "),
        (b"live=perhaps", "live: "),
        (b"state=flying", "state"),
        (b"text=%ff", "cannot be read"),
        (b"a=1&" * 200, "cannot be read"),
        (b"\xff=1", "cannot be read"),
    ],
)
def test_nothing_is_left_out_silently(query: bytes, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        query_of(query, Question)


@given(st.binary(max_size=60))
def test_any_query_is_read_or_refused(query: bytes) -> None:
    with suppress(InvalidInput):
        assert 1 <= query_of(query, Question).limit <= 500


def test_a_body_is_read_as_its_record() -> None:
    assert body_of(b'{"text": "a", "size": 2}', Box) == Box("a", 2)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'"\xff"', "not JSON|expected"),
        (b"[]", "expected"),
        (b"{}", "the field 'text' is missing"),
        (b'{"text": 1}', "text: expected"),
        (b'{"text": "", "colour": 1}', "no field 'colour'"),
        (b"[" * 100_000, "not JSON|expected"),
    ],
)
def test_a_body_that_does_not_fit_is_told_how(body: bytes, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        body_of(body, Box)


@given(st.binary(max_size=60))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    with suppress(InvalidInput):
        assert isinstance(body_of(body, Box), Box)
