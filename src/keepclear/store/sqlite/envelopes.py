"""The rows of signed envelopes, and how far their streams go without a gap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from keepclear.errors import InvalidInput
from keepclear.model.operation import Precedence
from keepclear.ports.line_store import StoredEnvelope, StoredStream
from keepclear.store.sqlite.columns import (
    demanded_key_of,
    in_parts,
    key_of,
    microseconds_of,
    moment_of,
    storable,
    uuid_text,
    within_column,
)
from keepclear.store.sqlite.rows import Reads, Writes

_COLUMNS = "line, outgoing, epoch, serial, hash, precedence, message, delivered, applied, content"
_ENVELOPE = f"SELECT {_COLUMNS} FROM envelope"  # noqa: S608  (names from above)
_AT = "line = ? AND outgoing = ? AND epoch = ?"
_WAITING = "line = ? AND outgoing = 1 AND delivered IS NULL"
_FLASH = Precedence.FLASH.value


class EnvelopeReads(Reads):
    """Envelopes and streams at one moment."""

    __slots__ = ()

    def envelope(
        self, line: str, *, outgoing: bool, epoch: int, serial: int
    ) -> StoredEnvelope | None:
        """One envelope; None where there is none at that place."""
        found = self.envelopes_between(
            line, outgoing=outgoing, epoch=epoch, first=serial, last=serial
        )
        return found[0] if found else None

    def envelope_of(self, message_id: str, *, outgoing: bool) -> StoredEnvelope | None:
        """The envelope that carried a message; None where none did."""
        row = self._first(
            f"{_ENVELOPE} WHERE message = ? AND outgoing = ? ORDER BY epoch DESC LIMIT 1",
            (key_of(message_id), int(outgoing)),
        )
        return None if row is None else _envelope(row)

    def envelopes_waiting(
        self, line: str, *, flash: bool | None = None, limit: int = 200
    ) -> Sequence[StoredEnvelope]:
        """Ours that the other node does not have yet, oldest first."""
        if not storable(line):
            return []
        which = {None: "", True: " AND precedence = ?", False: " AND precedence <> ?"}[flash]
        values = () if flash is None else (_FLASH,)
        rows = self._all(
            f"{_ENVELOPE} WHERE {_WAITING}{which} ORDER BY epoch, serial LIMIT ?",
            (line, *values, within_column(limit)),
        )
        return [_envelope(row) for row in rows]

    def waiting_count(self, line: str) -> int:
        """How many of ours the other node does not have yet."""
        if not storable(line):
            return 0
        count: int = self._one(f"SELECT count(*) FROM envelope WHERE {_WAITING}", (line,))[0]  # noqa: S608  (fixed text)
        return count

    def envelopes_held(self, line: str, *, limit: int = 1_000) -> Sequence[StoredEnvelope]:
        """Theirs that came early and wait for those before them, by epoch and serial."""
        if not storable(line):
            return []
        rows = self._all(
            f"{_ENVELOPE} WHERE line = ? AND outgoing = 0 AND applied = 0"
            " ORDER BY epoch, serial LIMIT ?",
            (line, within_column(limit)),
        )
        return [_envelope(row) for row in rows]

    def envelopes_between(
        self, line: str, *, outgoing: bool, epoch: int, first: int, last: int
    ) -> Sequence[StoredEnvelope]:
        """Those with serials first .. last, ascending; what is not there is left out."""
        if not storable(line):
            return []
        place = (line, int(outgoing), within_column(epoch))
        rows = self._all(
            f"{_ENVELOPE} WHERE {_AT} AND serial BETWEEN ? AND ? ORDER BY serial",
            (*place, within_column(first), within_column(last)),
        )
        return [_envelope(row) for row in rows]

    def stream(self, line: str, *, outgoing: bool, epoch: int) -> StoredStream | None:
        """How far one stream goes without a gap; None where it has not begun."""
        if not storable(line):
            return None
        row = self._first(
            f"SELECT epoch, serial, hash FROM stream WHERE {_AT}",  # noqa: S608  (fixed text)
            (line, int(outgoing), within_column(epoch)),
        )
        return None if row is None else StoredStream(*row)

    def streams(self, line: str, *, outgoing: bool) -> Sequence[StoredStream]:
        """All streams of one direction, by epoch."""
        if not storable(line):
            return []
        rows = self._all(
            "SELECT epoch, serial, hash FROM stream WHERE line = ? AND outgoing = ? ORDER BY epoch",
            (line, int(outgoing)),
        )
        return [StoredStream(*row) for row in rows]


class EnvelopeWrites(EnvelopeReads, Writes):
    """Envelopes and streams, to be changed."""

    __slots__ = ()

    def put_envelope(self, envelope: StoredEnvelope) -> None:
        """Store an envelope at its place.

        Raises:
            InvalidInput: there is one at that place: nothing signed is ever replaced.
        """
        one = envelope
        place = (one.line, int(one.outgoing), one.epoch, one.serial)
        taken = self._first(f"SELECT 1 FROM envelope WHERE {_AT} AND serial = ?", place)  # noqa: S608  (fixed text)
        if taken is not None:
            raise InvalidInput(f"serial {one.serial} of epoch {one.epoch} is taken on {one.line}")
        self._do(
            f"INSERT INTO envelope ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  (names from above)
            (
                *place,
                one.hash,
                one.precedence,
                demanded_key_of(one.message),
                None if one.delivered_at is None else microseconds_of(one.delivered_at),
                int(one.applied),
                one.content,
            ),
        )

    def mark_delivered(
        self, line: str, epoch: int, serials: Sequence[int], *, at: datetime
    ) -> Sequence[str]:
        """Keep that the other node has them; the ids of their messages, those new to this."""
        new: list[str] = []
        for marks, part in in_parts(serials):
            where = f"{_WAITING} AND epoch = ? AND serial IN ({marks})"
            rows = self._all(
                f"SELECT message FROM envelope WHERE {where} ORDER BY serial",  # noqa: S608  (question marks)
                (line, epoch, *part),
            )
            new += [uuid_text(key) for (key,) in rows]
            self._do(
                f"UPDATE envelope SET delivered = ? WHERE {where}",  # noqa: S608  (question marks)
                (microseconds_of(at), line, epoch, *part),
            )
        return new

    def mark_applied(self, line: str, epoch: int, serial: int) -> None:
        """Keep that the message inside was taken."""
        self._do(
            f"UPDATE envelope SET applied = 1 WHERE {_AT} AND serial = ?",  # noqa: S608  (fixed text)
            (line, 0, epoch, serial),
        )

    def put_stream(self, line: str, stream: StoredStream, *, outgoing: bool) -> None:
        """Keep how far a stream goes without a gap."""
        self._do(
            "INSERT INTO stream (line, outgoing, epoch, serial, hash) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (line, outgoing, epoch) DO UPDATE SET"
            " serial = excluded.serial, hash = excluded.hash",
            (line, int(outgoing), *stream),
        )


def _envelope(row: Any) -> StoredEnvelope:
    line, outgoing, epoch, serial, its_hash, precedence, key, delivered, applied, content = row
    return StoredEnvelope(
        line,
        bool(outgoing),
        epoch,
        serial,
        its_hash,
        precedence,
        uuid_text(key),
        None if delivered is None else moment_of(delivered),
        bool(applied),
        content,
    )
