"""Lists in pages: whoever follows the cursors sees everything once that was there all along."""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, NamedTuple, TypeVar

from msgspec import Meta, Struct

from keepclear.errors import InvalidInput

T = TypeVar("T")

MOST_ITEMS = 500
"""The longest page."""
_MARK = "behind "
"""Stands before the key in a cursor, so that the cursor of an empty key is not empty."""

Limit = Annotated[int, Meta(ge=1, le=MOST_ITEMS, description="How many items the page may hold")]
Cursor = Annotated[
    str, Meta(max_length=500, description="`next` of the page before; empty for the first page")
]


class PageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which page is meant."""

    limit: Limit = 50
    cursor: Cursor = ""


class Cut(NamedTuple, Generic[T]):
    """One page of a list.

    Attributes:
        items: at most as many as were asked for.
        total: how many there are on all pages.
        following: the cursor of the next page; empty on the last.
    """

    items: Sequence[T]
    total: int
    following: str


def cut(things: Sequence[T], key: Callable[[T], str], *, cursor: str, limit: int) -> Cut[T]:
    """A page of things that are all at hand, in the order of their keys.

    A page goes on behind a key, not at a position: what comes or goes meanwhile moves
    nothing that was there before.

    Args:
        things: all of them, in any order.
        key: a text of its own for each.
        cursor: where the page before ended.
        limit: how many items it may hold.

    Raises:
        InvalidInput: the cursor did not come from a page.
    """
    ordered = sorted(things, key=key)
    first = bisect_right(ordered, _key_in(cursor), key=key) if cursor else 0
    items = ordered[first : first + limit]
    is_last = first + limit >= len(ordered)
    return Cut(items, len(ordered), "" if is_last else _cursor_behind(key(items[-1])))


def _cursor_behind(key: str) -> str:
    return base64.urlsafe_b64encode(f"{_MARK}{key}".encode()).decode().rstrip("=")


def _key_in(cursor: str) -> str:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        text = ""
    if not text.startswith(_MARK):
        raise InvalidInput(
            "the cursor did not come from a page of this list",
            remedy="Give `next` of the page before as it is, or none for the first page.",
        )
    return text.removeprefix(_MARK)
