"""What a USS asks of the node's store: what it learnt from others, what it must still tell them.

`ports.line_store` joins these to the rest: every view and unit has them. References learnt from
a discovery service are not operations and stand in tables of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol


class LearntSort(StrEnum):
    """What was learnt of."""

    INTENT = "intent"
    CONSTRAINT = "constraint"


class Learnt(NamedTuple):
    """An intent or constraint of another USS, as its manager told it.

    Attributes:
        sort: which of the two.
        id: its id.
        manager: whose it is, as the discovery service or the sender's token says.
        version: of its manager.
        ovn: its opaque version number, which goes into keys.
        is_told: whether its manager told it of itself; else we asked.
        ends: when it is over.
        at: when we learnt it.
        body: the record whole, JSON bytes.
    """

    sort: LearntSort
    id: str
    manager: str
    version: int
    ovn: str
    is_told: bool
    ends: datetime
    at: datetime
    body: bytes


class Waiting(NamedTuple):
    """A notification that is still to be posted.

    Attributes:
        number: the store's own; 0 for one that is not stored yet.
        base_url: to which USS.
        path: below its base URL.
        body: what is posted, as it was written.
        due: when it is tried next.
        until: after that it is given up.
        attempts: how often it was tried.
    """

    number: int
    base_url: str
    path: str
    body: bytes
    due: datetime
    until: datetime
    attempts: int = 0


class OperatorNotice(NamedTuple):
    """Something an operator was told because the standard asks for it.

    Attributes:
        number: the store's own; 0 for one that is not stored yet.
        at: when the operator could read it.
        event_at: when what it speaks of happened.
        event: the requirement that asks for it ("SCD0095").
        operation: the own operation it speaks of; empty for none.
        conflicts: how many conflicts it speaks of.
        text: what it says.
    """

    number: int
    at: datetime
    event_at: datetime
    event: str
    operation: str
    conflicts: int
    text: str


class TakenReport(NamedTuple):
    """What another reported of an exchange with this USS, as the ledger keeps it.

    Attributes:
        number: of its entry.
        id: under which it was taken.
        at: when.
        payload: of the entry, JSON bytes.
    """

    number: int
    id: str
    at: datetime
    payload: bytes


class UssView(Protocol):
    """What one moment of the store tells a USS."""

    def learnt(self, sort: LearntSort, entity_id: str) -> Learnt | None:
        """What is known of one; None where nothing is."""
        ...

    def all_learnt(
        self, sort: LearntSort, *, after: str = "", limit: int = 100
    ) -> Sequence[Learnt]:
        """Those with ids above `after`, ascending."""
        ...

    def waiting(self, *, limit: int = 500) -> Sequence[Waiting]:
        """Notifications still to be posted, in the order in which they were written.

        Of each USS so many, the oldest: one that takes nothing keeps nothing from others.
        """
        ...

    def operator_notices(
        self, since: datetime, until: datetime, *, limit: int = 1_000
    ) -> Sequence[OperatorNotice]:
        """What operators were told between two moments, both included: the last, in their order."""
        ...

    def taken_reports(
        self, since: datetime, before: datetime, *, limit: int = 200
    ) -> Sequence[TakenReport]:
        """Reports taken from one moment on and before another, the newest first.

        Those whose payload was let go are left out.
        """
        ...


class UssUnit(Protocol):
    """What a unit of work may change for a USS.

    What others publish is no change of this node: none is told of it.
    """

    def put_learnt(self, learnt: Learnt) -> None:
        """Keep it in place of what was known of that id."""
        ...

    def drop_learnt(self, sort: LearntSort, entity_id: str) -> None:
        """Forget one; nothing where nothing is known."""
        ...

    def drop_learnt_before(self, ends: datetime) -> int:
        """Forget all that was over by then; how many."""
        ...

    def put_waiting(self, waiting: Waiting) -> int:
        """Keep one to be posted, or when it is tried next; its number."""
        ...

    def drop_waiting(self, number: int) -> None:
        """It was posted, or given up."""
        ...

    def put_operator_notice(self, notice: OperatorNotice) -> int:
        """Keep what an operator is told, and tell a change of it; its number."""
        ...

    def drop_operator_notices_before(self, at: datetime) -> int:
        """Forget what was told before; how many."""
        ...
