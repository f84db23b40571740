"""What arbiters said of operators' services, and reports of trouble."""

from __future__ import annotations

from keepclear.ports.dss_store import Availability
from keepclear.store.dss.intents import availability_named
from keepclear.store.dss.rows import Reads, Writes
from keepclear.store.sqlite.columns import demanded_key_of, storable


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
