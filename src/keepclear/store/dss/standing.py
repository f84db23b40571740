"""What arbiters said of operators' services, and reports of trouble."""

from __future__ import annotations

from collections.abc import Sequence

from keepclear.ports.dss_store import ArchivedReport, Availability
from keepclear.store.dss.intents import availability_named
from keepclear.store.dss.rows import Reads, Writes
from keepclear.store.sqlite.columns import demanded_key_of, storable, uuid_text


class StandingReads(Reads):
    """What is held of services at one moment."""

    __slots__ = ()

    def availability(self, uss: str) -> Availability:
        """What is held of a USS."""
        row = None
        if storable(uss):
            row = self._first("SELECT state, version FROM uss_availability WHERE uss = ?", (uss,))
        state, version = row or (None, "")
        return Availability(availability_named(state), version)

    def reports(self, since_us: int, *, limit: int) -> Sequence[ArchivedReport]:
        """Reports archived from a moment on, the newest first."""
        rows = self._all(
            "SELECT id, manager, at, body FROM report WHERE at >= ?"
            " ORDER BY at DESC, rowid DESC LIMIT ?",
            (since_us, limit),
        )
        return [ArchivedReport(uuid_text(key), *rest) for key, *rest in rows]


class StandingWrites(StandingReads, Writes):
    """What is held of services, to be changed; reports, to be archived."""

    __slots__ = ()

    def put_availability(self, uss: str, availability: Availability) -> None:
        """Keep what is held of a USS from now on."""
        self._do(
            "INSERT INTO uss_availability (uss, state, version, change) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (uss) DO UPDATE SET state = excluded.state,"
            " version = excluded.version, change = excluded.change",
            (uss, availability.state.value, availability.version, self._next_change()),
        )

    def add_report(self, report_id: str, manager: str, at_us: int, body: bytes) -> None:
        """Archive a report as it was sent."""
        self._next_change()
        self._do(
            "INSERT INTO report (id, manager, at, body) VALUES (?, ?, ?, ?)",
            (demanded_key_of(report_id), manager, at_us, body),
        )

    def drop_reports(self, before_us: int, *, limit: int) -> int:
        """Remove reports archived before a moment, the oldest first; how many there were."""
        old = "SELECT rowid FROM report WHERE at < ? ORDER BY rowid LIMIT ?"
        done = self._do(f"DELETE FROM report WHERE rowid IN ({old})", (before_us, limit))  # noqa: S608  (ours)
        return done.rowcount
