"""Pages of operations: which are meant, how many, and where the next page begins.

Order is by start, then number. A cursor holds the place of the last one shown, so that
what is filed meanwhile neither repeats nor hides an operation.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import heapq
import struct
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from keepclear.canonical import canonical_bytes
from keepclear.errors import InvalidInput
from keepclear.model.operation import OperationState
from keepclear.ports.store import OperationQuery, Page
from keepclear.store.sqlite.columns import (
    in_parts,
    microseconds_of,
    placeholders,
    storable,
    within_column,
)
from keepclear.store.sqlite.operations import OperationReads

_MOST = 10_000
"""The longest page."""
_CURSOR = struct.Struct(">8sqq")


class _Place(NamedTuple):
    starts: int
    number: int


class _Conditions(NamedTuple):
    text: str
    values: tuple[object, ...]


class ListingReads(OperationReads):
    """Operations in pages."""

    __slots__ = ()

    def find(self, query: OperationQuery, *, cursor: str = "", limit: int = 50) -> Page:
        """A page of the operations meant; never more than 10,000.

        Raises:
            InvalidInput: a cursor of another query, or no cursor at all; a limit below 1; a
                text with half a character.
        """
        if limit < 1:
            raise InvalidInput(f"a page of {limit} operations", remedy="Ask for at least one.")
        if not storable(query.text):
            raise InvalidInput("the text asked for holds half a character (a lone surrogate)")
        most = min(limit, _MOST)
        mark = _mark_of(query)
        after = _place_of(cursor, mark) if cursor else None
        if query.numbers is not None:
            places, total = self._among(query, query.numbers, after)
            places = places[: most + 1]
        else:
            places, total = self._in_order(query, after, most + 1), self._total(query)
        shown = places[:most]
        stored = self.operations_numbered(place.number for place in shown)
        following = _cursor_of(shown[-1], mark) if len(places) > most else ""
        return Page(tuple(stored[place.number] for place in shown), total, following)

    def _in_order(self, query: OperationQuery, after: _Place | None, most: int) -> list[_Place]:
        """The first places after the cursor, through the index: live and ended are merged."""
        ended = {OperationState.ENDED}
        kinds = [1] if query.states - ended or not query.states else []
        kinds += [0] if query.states & ended or not query.states else []
        merged = heapq.merge(*(self._of_kind(query, kind, after, most) for kind in kinds))
        return list(islice(merged, most))

    def _of_kind(
        self, query: OperationQuery, live: int, after: _Place | None, most: int
    ) -> Iterator[_Place]:
        wanted = _conditions(query)
        onward = " AND (starts, number) > (?, ?)" if after else ""
        rows = self._all(
            f"SELECT starts, number FROM operation WHERE live = ?{onward}{wanted.text}"  # noqa: S608  (fixed texts)
            " ORDER BY starts, number LIMIT ?",
            (live, *(after or ()), *wanted.values, most),
        )
        return (_Place(*row) for row in rows)

    def _total(self, query: OperationQuery) -> int:
        if not (query.classes or query.text or query.window):
            return sum(
                count
                for (party, state), count in self.counts().items()
                if (not query.parties or party in query.parties)
                and (not query.states or state in query.states)
            )
        wanted = _conditions(query)
        total: int = self._one(
            f"SELECT count(*) FROM operation WHERE live IN (0, 1){wanted.text}",  # noqa: S608  (fixed texts)
            wanted.values,
        )[0]
        return total

    def _among(
        self, query: OperationQuery, numbers: frozenset[int], after: _Place | None
    ) -> tuple[list[_Place], int]:
        """The places after the cursor among given numbers, and how many there are in all."""
        wanted = _conditions(query)
        places: list[_Place] = []
        for marks, part in in_parts([within_column(int(number)) for number in numbers]):
            rows = self._all(
                f"SELECT starts, number FROM operation WHERE number IN ({marks}){wanted.text}",  # noqa: S608  (fixed texts)
                (*part, *wanted.values),
            )
            places += [_Place(*row) for row in rows]
        places.sort()
        return places[bisect_right(places, after) if after else 0 :], len(places)


def _conditions(query: OperationQuery) -> _Conditions:
    text, values = "", list[object]()
    for column, wanted in (
        ("state", sorted(state.value for state in query.states)),
        ("party", sorted(query.parties)),
        ("class", sorted(each.value for each in query.classes)),
    ):
        if wanted:
            text += f" AND {column} IN ({placeholders(len(wanted))})"
            values += wanted
    if query.window:
        text += " AND starts <= ? AND ends >= ?"
        values += [microseconds_of(query.window.end), microseconds_of(query.window.start)]
    if query.text:
        text += " AND instr(searchable, ?) > 0"
        values.append(query.text.casefold())
    return _Conditions(text, tuple(values))


def _mark_of(query: OperationQuery) -> bytes:
    """Tells queries apart, so that a cursor is used with its own only.

    Numbers are left out: those of a place on the map change as operations do, and a page
    begun must still be continued.
    """
    window = query.window
    told = canonical_bytes(
        [
            sorted(state.value for state in query.states),
            sorted(query.parties),
            sorted(each.value for each in query.classes),
            query.text.casefold(),
            [window.start.isoformat(), window.end.isoformat()] if window else None,
        ]
    )
    return hashlib.sha256(told).digest()[:8]


def _cursor_of(place: _Place, mark: bytes) -> str:
    return base64.urlsafe_b64encode(_CURSOR.pack(mark, *place)).decode()


def _place_of(cursor: str, mark: bytes) -> _Place:
    try:
        found, starts, number = _CURSOR.unpack(base64.urlsafe_b64decode(cursor))
    except (binascii.Error, struct.error, ValueError):
        found, starts, number = b"", 0, 0
    if found != mark:
        raise InvalidInput(
            f"the cursor {cursor!r} does not belong to this list",
            remedy="Begin at the first page.",
        )
    return _Place(starts, number)
