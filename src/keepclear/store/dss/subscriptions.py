"""The rows of subscriptions, and their numbers of notifications."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from keepclear.f3548.extent import Extent
from keepclear.ports.dss_store import Notified, StoredSubscription, SubscriptionRecord
from keepclear.store.dss.located import (
    BEYOND,
    BOUNDS,
    PLACE,
    adding,
    changing,
    columns_of,
    enter_cells,
    extent_around,
    extent_in,
    inside,
    meeting,
)
from keepclear.store.dss.rows import Reads, Writes
from keepclear.store.sqlite.columns import demanded_key_of, key_of, uuid_text, within_column

_SUBSCRIPTION = (
    "SELECT number, id, manager, version, notified, base_url, for_intents, for_constraints,"
    " is_implicit, starts, ends FROM subscription"
)
_RECORD = (
    "id", "manager", "version", "base_url", "for_intents", "for_constraints", "is_implicit",
)  # fmt: skip
_COLUMNS = (*_RECORD, *PLACE, "change")
_ADD = adding("subscription", (*_COLUMNS, "notified"))
_CHANGE = changing("subscription", _COLUMNS)
_DEPENDENTS = "SELECT id FROM intent WHERE subscription = ? ORDER BY number LIMIT ?"
_BEYOND = f"SELECT {', '.join(PLACE)} FROM intent WHERE subscription = ? AND {BEYOND}"  # noqa: S608  (names from this package)
_AROUND = f"SELECT {BOUNDS} FROM intent WHERE subscription = ? AND id != ?"  # noqa: S608


class SubscriptionReads(Reads):
    """Subscriptions at one moment."""

    __slots__ = ()

    def subscription(self, subscription_id: str) -> StoredSubscription | None:
        """A subscription by its id, over or not; None where there is none."""
        row = self._first(f"{_SUBSCRIPTION} WHERE id = ?", (key_of(subscription_id),))
        return None if row is None else _stored(row)

    def subscription_extent(self, number: int) -> Extent:
        """Where and when a stored subscription is."""
        return self._extent("subscription", number)

    def subscriptions_meeting(
        self, extent: Extent, *, manager: str, now_us: int, most: int
    ) -> Sequence[StoredSubscription]:
        """One manager's subscriptions that are not over and whose extents meet it."""
        asking = meeting("subscription_cell", (extent,))
        rows = self._all(
            f"{_SUBSCRIPTION} WHERE {asking.condition} AND manager = ? AND +ends >= ?"
            " ORDER BY number LIMIT ?",
            (*asking.values, manager, now_us, within_column(most)),
        )
        return [_stored(row) for row in rows]

    def dependents(self, subscription: int, *, most: int) -> Sequence[str]:
        """The ids of intents that depend on a subscription; no more than `most`."""
        rows = self._all(_DEPENDENTS, (subscription, within_column(most)))
        return [uuid_text(key) for (key,) in rows]

    def dependents_beyond(self, subscription: int, extent: Extent) -> Iterator[Extent]:
        """The extents of those of them that are not wholly inside one; read as they are taken."""
        values = (subscription, *inside(extent))
        return (extent_in(place) for place in self._connection.execute(_BEYOND, values))

    def dependents_bounds(self, subscription: int, *, but: str = "") -> Extent | None:
        """The extent around all of them, without the intent of an id; None for none."""
        return extent_around(
            self._one(_AROUND, (subscription, demanded_key_of(but) if but else b""))
        )

    def over_subscriptions(self, now_us: int, *, limit: int) -> Sequence[StoredSubscription]:
        """Subscriptions that USSs made and that are over, the longest over first."""
        rows = self._all(
            f"{_SUBSCRIPTION} WHERE is_implicit = 0 AND ends < ? ORDER BY ends LIMIT ?",
            (now_us, limit),
        )
        return [_stored(row) for row in rows]


class SubscriptionWrites(SubscriptionReads, Writes):
    """Subscriptions, to be changed and counted up."""

    __slots__ = ()

    def add_subscription(self, record: SubscriptionRecord, extent: Extent) -> int:
        """Store a subscription that was not there; its number."""
        place = columns_of(extent)
        values = (*_record_columns(record), *place, self._next_change(), record.notified)
        number = self._do(_ADD, values).lastrowid or 0
        enter_cells(self._connection, "subscription_cell", number, extent.cells)
        return number

    def change_subscription(
        self, number: int, record: SubscriptionRecord, extent: Extent, *, before: Extent
    ) -> None:
        """Store a subscription anew; how often it was notified is left as it is."""
        self._do(
            _CHANGE, (*_record_columns(record), *columns_of(extent), self._next_change(), number)
        )
        enter_cells(
            self._connection, "subscription_cell", number, extent.cells, before=before.cells
        )

    def drop_subscription(self, number: int, extent: Extent) -> None:
        """Remove a subscription; intents that depended on it depend on none."""
        self._next_change()
        self._do("UPDATE intent SET subscription = NULL WHERE subscription = ?", (number,))
        self._do("DELETE FROM subscription WHERE number = ?", (number,))
        enter_cells(self._connection, "subscription_cell", number, (), before=extent.cells)

    def notify(
        self, extents: Sequence[Extent], *, of_constraints: bool, now_us: int
    ) -> Sequence[Notified]:
        """Count one notification more for every subscription that meets any of the extents."""
        asking = meeting("subscription_cell", extents)
        wanted = "for_constraints" if of_constraints else "for_intents"
        those = f"WHERE {asking.condition} AND {wanted} = 1 AND +ends >= ?"
        values = (*asking.values, now_us)
        # Two statements are half the price of one with RETURNING, which copies whole rows.
        self._do(f"UPDATE subscription SET notified = notified + 1 {those}", values)  # noqa: S608  (names from this package)
        rows = self._all(
            f"SELECT id, base_url, notified FROM subscription {those} ORDER BY number",  # noqa: S608  (names from this package)
            values,
        )
        return [Notified(uuid_text(key), base_url, notified) for key, base_url, notified in rows]


def _record_columns(record: SubscriptionRecord) -> tuple[object, ...]:
    return (
        demanded_key_of(record.id),
        record.manager,
        record.version,
        record.base_url,
        int(record.for_intents),
        int(record.for_constraints),
        int(record.is_implicit),
    )


def _stored(row: Any) -> StoredSubscription:
    (
        number, key, manager, version, notified, base_url, for_intents, for_constraints,
        is_implicit, starts, ends,
    ) = row  # fmt: skip
    record = SubscriptionRecord(
        uuid_text(key), manager, version, notified, base_url,
        bool(for_intents), bool(for_constraints), bool(is_implicit),
    )  # fmt: skip
    return StoredSubscription(number, record, starts, ends)
