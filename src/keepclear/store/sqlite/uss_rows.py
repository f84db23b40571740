"""The rows of a USS: what it learnt, what it must still tell, what operators were told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from keepclear.model.node import Subject
from keepclear.ports.uss_store import Learnt, LearntSort, OperatorNotice, TakenReport, Waiting
from keepclear.store.sqlite.columns import microseconds_of, moment_of, storable, within_column
from keepclear.store.sqlite.rows import Reads, Writes

_LEARNT = "SELECT sort, id, manager, version, ovn, told, ends, at, body FROM uss_learnt"
_PUT_LEARNT = (
    "INSERT INTO uss_learnt (sort, id, manager, version, ovn, told, ends, at, body)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sort, id) DO UPDATE SET"
    " manager = excluded.manager, version = excluded.version, ovn = excluded.ovn,"
    " told = excluded.told, ends = excluded.ends, at = excluded.at, body = excluded.body"
)
_WAITING = (
    "SELECT number, base_url, path, body, due, until, attempts FROM uss_waiting WHERE number IN"
    " (SELECT number FROM (SELECT number, row_number() OVER (PARTITION BY base_url ORDER BY number)"
    " AS place FROM uss_waiting) WHERE place <= ?) ORDER BY number"
)
_NOTICE = "SELECT number, at, event_at, event, operation, conflicts, text FROM uss_operator_notice"

_TAKEN = (
    "SELECT e.number, e.subject_id, e.at, CAST(p.bytes AS BLOB) FROM ledger_entry e"
    " JOIN ledger_payload p ON p.number = e.number"
    " WHERE e.subject = ? AND e.at >= ? AND e.at < ? ORDER BY e.number DESC LIMIT ?"
)


class UssReads(Reads):
    """What a USS knows at one moment."""

    __slots__ = ()

    def learnt(self, sort: LearntSort, entity_id: str) -> Learnt | None:
        """What is known of one; None where nothing is."""
        if not storable(entity_id):
            return None
        row = self._first(f"{_LEARNT} WHERE sort = ? AND id = ?", (sort.value, entity_id))
        return None if row is None else _learnt(row)

    def all_learnt(
        self, sort: LearntSort, *, after: str = "", limit: int = 100
    ) -> Sequence[Learnt]:
        """Those with ids above `after`, ascending."""
        if not storable(after):
            return []
        rows = self._all(
            f"{_LEARNT} WHERE sort = ? AND id > ? ORDER BY id LIMIT ?",
            (sort.value, after, within_column(limit)),
        )
        return [_learnt(row) for row in rows]

    def waiting(self, *, limit: int = 500) -> Sequence[Waiting]:
        """Notifications still to be posted, of each USS the oldest, in the order written."""
        rows = self._all(_WAITING, (within_column(limit),))
        return [_waiting(row) for row in rows]

    def operator_notices(
        self, since: datetime, until: datetime, *, limit: int = 1_000
    ) -> Sequence[OperatorNotice]:
        """What operators were told between two moments, both included: the last, in their order."""
        rows = self._all(
            f"{_NOTICE} WHERE at BETWEEN ? AND ? ORDER BY number DESC LIMIT ?",
            (microseconds_of(since), microseconds_of(until), within_column(limit)),
        )
        return [_notice(row) for row in reversed(rows)]

    def taken_reports(
        self, since: datetime, before: datetime, *, limit: int = 200
    ) -> Sequence[TakenReport]:
        """Reports taken from one moment on and before another, the newest first."""
        span = microseconds_of(since), microseconds_of(before)
        rows = self._all(_TAKEN, (Subject.REPORT.value, *span, within_column(limit)))
        return [
            TakenReport(number, report_id, moment_of(at), payload)
            for number, report_id, at, payload in rows
        ]


class UssWrites(UssReads, Writes):
    """What a USS knows, to be changed."""

    __slots__ = ()

    def put_learnt(self, learnt: Learnt) -> None:
        """Keep it in place of what was known of that id."""
        one = learnt
        times = microseconds_of(one.ends), microseconds_of(one.at)
        self._do(
            _PUT_LEARNT,
            (
                one.sort.value,
                one.id,
                one.manager,
                one.version,
                one.ovn,
                int(one.is_told),
                *times,
                one.body,
            ),
        )

    def drop_learnt(self, sort: LearntSort, entity_id: str) -> None:
        """Forget one; nothing where nothing is known."""
        self._do("DELETE FROM uss_learnt WHERE sort = ? AND id = ?", (sort.value, entity_id))

    def drop_learnt_before(self, ends: datetime) -> int:
        """Forget all that was over by then; how many."""
        done = self._do("DELETE FROM uss_learnt WHERE ends < ?", (microseconds_of(ends),))
        return done.rowcount

    def put_waiting(self, waiting: Waiting) -> int:
        """Keep one to be posted, or when it is tried next; its number."""
        if waiting.number:
            self._do(
                "UPDATE uss_waiting SET due = ?, attempts = ? WHERE number = ?",
                (microseconds_of(waiting.due), waiting.attempts, waiting.number),
            )
            return waiting.number
        done = self._do(
            "INSERT INTO uss_waiting (base_url, path, body, due, until, attempts)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                waiting.base_url,
                waiting.path,
                waiting.body,
                microseconds_of(waiting.due),
                microseconds_of(waiting.until),
                waiting.attempts,
            ),
        )
        return int(done.lastrowid or 0)

    def drop_waiting(self, number: int) -> None:
        """It was posted, or given up."""
        self._do("DELETE FROM uss_waiting WHERE number = ?", (number,))

    def put_operator_notice(self, notice: OperatorNotice) -> int:
        """Keep what an operator is told, and tell a change of it; its number."""
        done = self._do(
            "INSERT INTO uss_operator_notice (at, event_at, event, operation, conflicts, text)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                microseconds_of(notice.at),
                microseconds_of(notice.event_at),
                notice.event,
                notice.operation,
                notice.conflicts,
                notice.text,
            ),
        )
        number = int(done.lastrowid or 0)
        about = Subject.OPERATOR_NOTICE
        self._next_change(about, str(number), 1, action="told", at=notice.at)
        return number

    def drop_operator_notices_before(self, at: datetime) -> int:
        """Forget what was told before; how many."""
        done = self._do("DELETE FROM uss_operator_notice WHERE at < ?", (microseconds_of(at),))
        return done.rowcount


def _learnt(row: Any) -> Learnt:
    sort, entity_id, manager, version, ovn, told, ends, at, body = row
    return Learnt(
        LearntSort(sort),
        entity_id,
        manager,
        version,
        ovn,
        bool(told),
        moment_of(ends),
        moment_of(at),
        body,
    )


def _waiting(row: Any) -> Waiting:
    number, base_url, path, body, due, until, attempts = row
    return Waiting(number, base_url, path, body, moment_of(due), moment_of(until), attempts)


def _notice(row: Any) -> OperatorNotice:
    number, at, event_at, event, operation, conflicts, text = row
    return OperatorNotice(
        number, moment_of(at), moment_of(event_at), event, operation, conflicts, text
    )
