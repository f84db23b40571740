"""The rows of messages: each as this side of its line keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from keepclear.errors import InvalidInput, NotFound, StateForbids
from keepclear.model.node import Subject
from keepclear.ports.line_store import MessagePage, MessageQuery, StoredMessage
from keepclear.store.sqlite.columns import (
    demanded_key_of,
    key_of,
    microseconds_of,
    moment_of,
    placeholders,
    storable,
    uuid_text,
    within_column,
)
from keepclear.store.sqlite.rows import Reads, Writes

_MOST = 1_000
"""The longest page."""
_COLUMNS = (
    "id", "line", "outgoing", "code", "precedence", "state", "open", "epoch", "serial",
    "version", "content", "life", "at", "entry",
)  # fmt: skip
_MESSAGE = f"SELECT number, {', '.join(_COLUMNS)} FROM message"  # noqa: S608  (names from above)
_INSERT = (
    f"INSERT INTO message ({', '.join(_COLUMNS)}, searchable)"  # noqa: S608  (names from above)
    f" VALUES ({placeholders(len(_COLUMNS) + 1)})"
)
_UPDATE = (
    f"UPDATE message SET {', '.join(f'{c} = ?' for c in _COLUMNS)}, searchable = ?"  # noqa: S608  (names from above)
    " WHERE number = ?"
)


class MessageReads(Reads):
    """Messages at one moment."""

    __slots__ = ()

    def message(self, message_id: str) -> StoredMessage | None:
        """One message; None where the store never held it."""
        row = self._first(f"{_MESSAGE} WHERE id = ?", (key_of(message_id),))
        return None if row is None else _message(row)

    def messages(self, query: MessageQuery, *, cursor: str = "", limit: int = 50) -> MessagePage:
        """A page of the messages meant, the newest first; never more than 1,000.

        Raises:
            InvalidInput: a foreign cursor, a limit below 1, a text with half a character.
        """
        if limit < 1:
            raise InvalidInput(f"a page of {limit} messages", remedy="Ask for at least one.")
        if not (storable(query.text) and storable(query.line)):
            raise InvalidInput("the text asked for holds half a character (a lone surrogate)")
        most = min(limit, _MOST)
        where, values = _conditions(query)
        onward, place = (" AND number < ?", [_place_of(cursor)]) if cursor else ("", [])
        rows = self._all(
            f"{_MESSAGE} WHERE {where}{onward} ORDER BY number DESC LIMIT ?",
            (*values, *place, most + 1),
        )
        (total,) = self._one(f"SELECT count(*) FROM message WHERE {where}", values)  # noqa: S608  (fixed texts)
        items = tuple(_message(row) for row in rows[:most])
        return MessagePage(items, total, str(items[-1].number) if len(rows) > most else "")

    def open_counts(self, line: str) -> Mapping[tuple[bool, str], int]:
        """How many open messages a line has, by (outgoing, state); nothing for none."""
        if not storable(line):
            return {}
        rows = self._all(
            "SELECT outgoing, state, count(*) FROM message WHERE line = ? AND open = 1"
            " GROUP BY outgoing, state",
            (line,),
        )
        return {(bool(outgoing), state): count for outgoing, state, count in rows}


class MessageWrites(MessageReads, Writes):
    """Messages, to be changed."""

    __slots__ = ()

    def put_message(
        self, message: StoredMessage, *, action: str, searchable: str = ""
    ) -> StoredMessage:
        """Store a message as it is now; it comes back with its number.

        Raises:
            InvalidInput: its id is no UUID, or another message has it.
        """
        key = demanded_key_of(message.id)
        values = (*_values(key, message), searchable.casefold())
        number = message.number
        if number:
            self._do(_UPDATE, (*values, number))
        else:
            if self._first("SELECT 1 FROM message WHERE id = ?", (key,)) is not None:
                raise InvalidInput(f"there is a message {message.id} already")
            inserted = self._do(_INSERT, values).lastrowid
            assert inserted is not None  # noqa: S101  (an INSERT always has one)
            number = inserted
        self._next_change(
            Subject.MESSAGE, message.id, message.version, action=action, at=message.at
        )
        return message._replace(number=number)

    def drop_message(self, message_id: str, *, at: datetime) -> None:
        """Remove a draft.

        Raises:
            NotFound: there is none of this id.
            StateForbids: it was released: what was said stays said.
        """
        held = self.message(message_id)
        if held is None:
            raise NotFound(f"there is no message {message_id}")
        if held.entry is not None:
            raise StateForbids(
                f"message {message_id} is {held.state}; only a draft is removed",
                remedy="Withdraw or cancel it; the other side is told.",
            )
        self._do("DELETE FROM message WHERE number = ?", (held.number,))
        self._next_change(Subject.MESSAGE, message_id, held.version, action="dropped", at=at)


def _conditions(query: MessageQuery) -> tuple[str, list[object]]:
    parts: list[str] = ["1 = 1"]
    values: list[object] = []
    if query.line:
        parts.append("line = ?")
        values.append(query.line)
    if query.open_only:
        parts.append("open = 1")
    if query.outgoing is not None:
        parts.append("outgoing = ?")
        values.append(int(query.outgoing))
    for column, among in (("state", query.states), ("code", query.codes)):
        if among:
            parts.append(f"{column} IN ({placeholders(len(among))})")
            values += sorted(among)
    if query.except_codes:
        parts.append(f"code NOT IN ({placeholders(len(query.except_codes))})")
        values += sorted(query.except_codes)
    if query.text:
        parts.append("instr(searchable, ?) > 0")
        values.append(query.text.casefold())
    return " AND ".join(parts), values


def _place_of(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdecimal()):
        raise InvalidInput("the cursor is none of ours", remedy="Begin again without one.")
    return within_column(int(cursor[:20]))


def _values(key: bytes, message: StoredMessage) -> tuple[object, ...]:
    return (
        key,
        message.line,
        int(message.outgoing),
        message.code,
        message.precedence,
        message.state,
        int(message.is_open),
        message.epoch,
        message.serial,
        message.version,
        message.content,
        message.life,
        microseconds_of(message.at),
        message.entry,
    )


def _message(row: Any) -> StoredMessage:
    number, key, line, outgoing, code, precedence, state, is_open, *rest = row
    epoch, serial, version, content, life, at, entry = rest
    return StoredMessage(
        number,
        uuid_text(key),
        line,
        bool(outgoing),
        code,
        precedence,
        state,
        bool(is_open),
        epoch,
        serial,
        version,
        content,
        life,
        moment_of(at),
        entry,
    )
