"""What is near, in as few columns as will do: what keys are compared with, and plain numbers."""

from __future__ import annotations

from collections.abc import Sequence

from keepclear.f3548.extent import Extent
from keepclear.f3548.keys import Relevant
from keepclear.ports.dss_store import SubscriptionRecord
from keepclear.store.dss.intents import STATES, availability_named
from keepclear.store.dss.located import Asking, crowding, meeting
from keepclear.store.dss.rows import Reads
from keepclear.store.sqlite.columns import demanded_key_of, uuid_text, within_column

_TABLES = ("intent", "constraint_reference", "subscription")
_CELLS = ("intent_cell", "constraint_cell", "subscription_cell")
_AVAILABILITY = "(SELECT a.state FROM uss_availability a WHERE a.uss = manager)"


class NearReads(Reads):
    """What is near at one moment."""

    __slots__ = ()

    def relevant(self, extent: Extent, *, constraints: bool, most: int) -> Sequence[Relevant]:
        """What a key is compared with: intents that meet it, else constraints; at most `most`."""
        table, asking = _TABLES[constraints], meeting(_CELLS[constraints], (extent,))
        state = "NULL" if constraints else "state"
        rows = self._all(
            f"SELECT id, ovn, {state}, {_AVAILABILITY} FROM {table}"  # noqa: S608  (names from above)
            f" WHERE {asking.condition} LIMIT ?",
            (*asking.values, within_column(most)),
        )
        return [
            Relevant(uuid_text(key), ovn, STATES.get(state), availability_named(availability))
            for key, ovn, state, availability in rows
        ]

    def how_many(self, extent: Extent, *, constraints: bool, most: int) -> int:
        """How many intents meet it, else constraints; `most` where there are so many or more."""
        asking = meeting(_CELLS[constraints], (extent,))
        return self._counted(_TABLES[constraints], asking, most)

    def how_many_subscriptions(
        self, extent: Extent, record: SubscriptionRecord, *, now_us: int, most: int
    ) -> int:
        """How many others of the same manager and kind meet it and are not over, up to `most`."""
        asking = meeting(_CELLS[2], (extent,))
        others = " AND manager = ? AND is_implicit = ? AND +ends >= ? AND id != ?"
        values = (record.manager, int(record.is_implicit), now_us, demanded_key_of(record.id))
        narrowed = Asking(asking.condition + others, (*asking.values, *values))
        return self._counted(_TABLES[2], narrowed, most)

    def crowd(self, extent: Extent, *, most: int) -> int:
        """How many things are filed so near that a question has to look at them, up to `most`."""
        found = 0
        for table in _CELLS:
            asking = crowding(table, extent)
            found += self._one(asking.condition, (*asking.values, within_column(most - found)))[0]
        return found

    def _counted(self, table: str, asking: Asking, most: int) -> int:
        question = f"SELECT 1 FROM {table} WHERE {asking.condition} LIMIT ?"  # noqa: S608  (names from above)
        values = (*asking.values, within_column(most))
        return int(self._one(f"SELECT count(*) FROM ({question})", values)[0])  # noqa: S608
