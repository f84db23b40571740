"""Whoever follows the cursors sees everything once, whatever comes and goes meanwhile."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.api.paging import cut
from keepclear.errors import InvalidInput

NAMES = st.lists(st.text(max_size=8), unique=True, max_size=30)


def walked(pages: list[list[str]], limit: int) -> list[str]:
    """Every item seen when each page is cut from the next of these lists."""
    seen: list[str] = []
    cursor = ""
    for number in range(1_000):
        things = pages[min(number, len(pages) - 1)]
        page = cut(things, str, cursor=cursor, limit=limit)
        assert len(page.items) <= limit
        assert page.total == len(things)
        seen += page.items
        cursor = page.following
        if not cursor:
            return seen
    raise AssertionError


@given(NAMES, st.integers(1, 10))
def test_a_walk_sees_everything_once_in_order(names: list[str], limit: int) -> None:
    assert walked([names], limit) == sorted(names)


@given(st.lists(NAMES, min_size=2, max_size=6), NAMES, st.integers(1, 5))
def test_what_was_there_all_along_is_seen_once(
    pages: list[list[str]], lasting: list[str], limit: int
) -> None:
    changing = [list({*names, *lasting}) for names in pages]
    seen = walked(changing, limit)
    assert len(set(seen)) == len(seen)
    assert set(lasting) <= set(seen)


@given(NAMES, st.text(max_size=40))
def test_a_foreign_cursor_is_refused_or_harmless(names: list[str], cursor: str) -> None:
    with suppress(InvalidInput):
        assert set(cut(names, str, cursor=cursor, limit=5).items) <= set(names)


@pytest.mark.parametrize("cursor", ["!", "abc", "_w", "=", "é", "YQ=="])
def test_a_cursor_from_elsewhere_is_refused_with_what_to_do(cursor: str) -> None:
    with pytest.raises(InvalidInput, match="did not come from a page"):
        cut(["a"], str, cursor=cursor, limit=1)
