"""The rows of operational intents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keepclear.f3548.extent import Extent
from keepclear.model.coordination import IntentState, UssState
from keepclear.ports.dss_store import IntentRecord, StoredIntent
from keepclear.store.dss.located import PLACE, adding, changing, columns_of, enter_cells, meeting
from keepclear.store.dss.rows import Reads, Writes
from keepclear.store.sqlite.columns import demanded_key_of, key_of, uuid_text, within_column

STATES = {each.value: each for each in IntentState}
_AVAILABILITIES = {each.value: each for each in UssState}
_INTENT = (
    "SELECT number, id, manager, version, ovn, state, base_url, subscription, starts, ends,"
    " (SELECT s.id FROM subscription s WHERE s.number = subscription),"
    " (SELECT a.state FROM uss_availability a WHERE a.uss = manager)"
    " FROM intent"
)
_RECORD = ("id", "manager", "version", "ovn", "state", "base_url", "subscription")
_COLUMNS = (*_RECORD, *PLACE, "change")
_ADD, _CHANGE = adding("intent", _COLUMNS), changing("intent", _COLUMNS)


class IntentReads(Reads):
    """Operational intents at one moment."""

    __slots__ = ()

    def intent(self, intent_id: str) -> StoredIntent | None:
        """An intent by its id; None where there is none."""
        row = self._first(f"{_INTENT} WHERE id = ?", (key_of(intent_id),))
        return None if row is None else _stored(row)

    def intent_extent(self, number: int) -> Extent:
        """Where and when a stored intent is."""
        return self._extent("intent", number)

    def intents_meeting(self, extent: Extent, *, most: int) -> Sequence[StoredIntent]:
        """Intents whose extents meet it, in the order they came; no more than `most`."""
        asking = meeting("intent_cell", (extent,))
        rows = self._all(
            f"{_INTENT} WHERE {asking.condition} ORDER BY number LIMIT ?",
            (*asking.values, within_column(most)),
        )
        return [_stored(row) for row in rows]

    def over_intents(self, before_us: int, *, limit: int) -> Sequence[StoredIntent]:
        """Intents that ended before a moment, the longest over first."""
        rows = self._all(f"{_INTENT} WHERE ends < ? ORDER BY ends LIMIT ?", (before_us, limit))
        return [_stored(row) for row in rows]


class IntentWrites(IntentReads, Writes):
    """Operational intents, to be changed."""

    __slots__ = ()

    def add_intent(self, record: IntentRecord, extent: Extent) -> None:
        """Store an intent that was not there."""
        values = (*_record_columns(record), *columns_of(extent), self._next_change())
        number = self._do(_ADD, values).lastrowid
        enter_cells(self._connection, "intent_cell", number or 0, extent.cells)

    def change_intent(
        self, number: int, record: IntentRecord, extent: Extent, *, before: Extent
    ) -> None:
        """Store an intent anew; `before` is where it was."""
        self._do(
            _CHANGE, (*_record_columns(record), *columns_of(extent), self._next_change(), number)
        )
        enter_cells(self._connection, "intent_cell", number, extent.cells, before=before.cells)

    def drop_intent(self, number: int, extent: Extent) -> None:
        """Remove an intent; whatever it depended on stays."""
        self._next_change()
        self._do("DELETE FROM intent WHERE number = ?", (number,))
        enter_cells(self._connection, "intent_cell", number, (), before=extent.cells)


def availability_named(state: str | None) -> UssState:
    """What a column says of a USS; nothing is UNKNOWN."""
    return UssState.UNKNOWN if state is None else _AVAILABILITIES[state]


def _record_columns(record: IntentRecord) -> tuple[object, ...]:
    key = demanded_key_of(record.id)
    return (
        key, record.manager, record.version, record.ovn, record.state.value, record.base_url,
        record.subscription,
    )  # fmt: skip


def _stored(row: Any) -> StoredIntent:
    (
        number, key, manager, version, ovn, state, base_url, subscription, starts, ends,
        subscription_key, availability,
    ) = row  # fmt: skip
    return StoredIntent(
        number,
        IntentRecord(uuid_text(key), manager, version, ovn, STATES[state], base_url, subscription),
        starts,
        ends,
        None if subscription_key is None else uuid_text(subscription_key),
        availability_named(availability),
    )
