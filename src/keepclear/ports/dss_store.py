"""What a discovery service keeps of everybody's intents, constraints and subscriptions.

It keeps references only: who manages a thing, its version, and the extent that bounds it.
Times are microseconds since 1970 in UTC, as an extent has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol, TypeVar

from keepclear.f3548.extent import Extent
from keepclear.f3548.keys import Relevant
from keepclear.model.coordination import IntentState, UssState

T = TypeVar("T")


class IntentRecord(NamedTuple):
    """What stands of an operational intent beside its extent.

    Attributes:
        id: a UUID, in small letters.
        manager: whose it is: the `sub` of the tokens that made it.
        version: 1 when it was made, one more at every change.
        ovn: opaque, and another at every change.
        state: as its manager last declared it.
        base_url: where its manager gives details.
        subscription: the number of the subscription it depends on; None for none.
    """

    id: str
    manager: str
    version: int
    ovn: str
    state: IntentState
    base_url: str
    subscription: int | None


class ConstraintRecord(NamedTuple):
    """What stands of a constraint beside its extent; fields as of an intent."""

    id: str
    manager: str
    version: int
    ovn: str
    base_url: str


class SubscriptionRecord(NamedTuple):
    """What stands of a subscription beside its extent.

    Attributes:
        id: a UUID, in small letters.
        manager: whose it is.
        version: an opaque token, another at every change by its manager.
        notified: how many notifications were asked for; 0 when it was made.
        base_url: where its manager is told.
        for_intents: told of changes of operational intents.
        for_constraints: told of changes of constraints.
        is_implicit: made with an intent, and goes with the last that depends on it.
    """

    id: str
    manager: str
    version: str
    notified: int
    base_url: str
    for_intents: bool
    for_constraints: bool
    is_implicit: bool


class StoredIntent(NamedTuple):
    """An intent as it is stored.

    Attributes:
        number: the store's own name for it.
        record: what stands of it.
        start_us: when its extent begins.
        end_us: when its extent ends.
        subscription_id: the id of the subscription it depends on; None for none.
        availability: what is held of its manager; UNKNOWN where nobody said.
    """

    number: int
    record: IntentRecord
    start_us: int
    end_us: int
    subscription_id: str | None
    availability: UssState


class StoredConstraint(NamedTuple):
    """A constraint as it is stored; fields as of an intent."""

    number: int
    record: ConstraintRecord
    start_us: int
    end_us: int
    availability: UssState


class StoredSubscription(NamedTuple):
    """A subscription as it is stored; `end_us` may have passed, and then it is over."""

    number: int
    record: SubscriptionRecord
    start_us: int
    end_us: int


class Notified(NamedTuple):
    """A subscription that a change concerns.

    Attributes:
        id: whose.
        base_url: where its manager is to be told.
        notified: its number of notifications, this one counted.
    """

    id: str
    base_url: str
    notified: int


class Availability(NamedTuple):
    """What is held of a USS; version "" where nobody ever said anything."""

    state: UssState
    version: str


class ArchivedReport(NamedTuple):
    """What somebody reported of an exchange with the discovery service.

    Attributes:
        id: under which it was archived.
        manager: who reported it.
        at_us: when.
        body: as it was sent, JSON bytes.
    """

    id: str
    manager: str
    at_us: int
    body: bytes


class DssView(Protocol):
    """One moment of the store."""

    @property
    def sequence(self) -> int:
        """How many changes were ever made."""
        ...

    def intent(self, intent_id: str) -> StoredIntent | None:
        """An intent by its id; None where there is none."""
        ...

    def constraint(self, constraint_id: str) -> StoredConstraint | None:
        """A constraint by its id; None where there is none."""
        ...

    def subscription(self, subscription_id: str) -> StoredSubscription | None:
        """A subscription by its id, over or not; None where there is none."""
        ...

    def intent_extent(self, number: int) -> Extent:
        """Where and when a stored intent is."""
        ...

    def constraint_extent(self, number: int) -> Extent:
        """Where and when a stored constraint is."""
        ...

    def subscription_extent(self, number: int) -> Extent:
        """Where and when a stored subscription is."""
        ...

    def intents_meeting(self, extent: Extent, *, most: int) -> Sequence[StoredIntent]:
        """Intents whose extents meet it, in the order they came; no more than `most`."""
        ...

    def constraints_meeting(self, extent: Extent, *, most: int) -> Sequence[StoredConstraint]:
        """Constraints whose extents meet it, in the order they came; no more than `most`."""
        ...

    def relevant(self, extent: Extent, *, constraints: bool, most: int) -> Sequence[Relevant]:
        """What a key is compared with: intents that meet it, else constraints; at most `most`."""
        ...

    def how_many(self, extent: Extent, *, constraints: bool, most: int) -> int:
        """How many intents meet it, else constraints; `most` where there are so many or more."""
        ...

    def how_many_subscriptions(
        self, extent: Extent, record: SubscriptionRecord, *, now_us: int, most: int
    ) -> int:
        """How many others of the same manager and kind meet it and are not over, up to `most`."""
        ...

    def crowd(self, extent: Extent, *, most: int) -> int:
        """How many things are filed so near that a question has to look at them, up to `most`."""
        ...

    def subscriptions_meeting(
        self, extent: Extent, *, manager: str, now_us: int, most: int
    ) -> Sequence[StoredSubscription]:
        """One manager's subscriptions that are not over and whose extents meet it."""
        ...

    def dependents(self, subscription: int, *, most: int) -> Sequence[str]:
        """The ids of intents that depend on a subscription; no more than `most`."""
        ...

    def dependents_beyond(self, subscription: int, extent: Extent) -> Iterator[Extent]:
        """The extents of those of them that are not wholly inside one; read as they are taken."""
        ...

    def dependents_bounds(self, subscription: int, *, but: str = "") -> Extent | None:
        """The extent around all of them, without the intent of an id; None for none."""
        ...

    def availability(self, uss: str) -> Availability:
        """What is held of a USS."""
        ...

    def over_subscriptions(self, now_us: int, *, limit: int) -> Sequence[StoredSubscription]:
        """Subscriptions that USSs made and that are over, the longest over first.

        An implicit one goes with the last intent that depends on it, and is not among them.
        """
        ...

    def over_intents(self, before_us: int, *, limit: int) -> Sequence[StoredIntent]:
        """Intents that ended before a moment, the longest over first."""
        ...

    def over_constraints(self, before_us: int, *, limit: int) -> Sequence[StoredConstraint]:
        """Constraints that ended before a moment, the longest over first."""
        ...

    def reports(self, since_us: int, *, limit: int) -> Sequence[ArchivedReport]:
        """Reports archived from a moment on, the newest first."""
        ...


class DssUnit(DssView, Protocol):
    """One work's part of a transaction; every call that writes is one change or part of one."""

    def add_intent(self, record: IntentRecord, extent: Extent) -> None:
        """Store an intent that was not there."""
        ...

    def change_intent(
        self, number: int, record: IntentRecord, extent: Extent, *, before: Extent
    ) -> None:
        """Store an intent anew; `before` is where it was."""
        ...

    def drop_intent(self, number: int, extent: Extent) -> None:
        """Remove an intent; whatever it depended on stays."""
        ...

    def add_constraint(self, record: ConstraintRecord, extent: Extent) -> None:
        """Store a constraint that was not there."""
        ...

    def change_constraint(
        self, number: int, record: ConstraintRecord, extent: Extent, *, before: Extent
    ) -> None:
        """Store a constraint anew; `before` is where it was."""
        ...

    def drop_constraint(self, number: int, extent: Extent) -> None:
        """Remove a constraint."""
        ...

    def add_subscription(self, record: SubscriptionRecord, extent: Extent) -> int:
        """Store a subscription that was not there; its number."""
        ...

    def change_subscription(
        self, number: int, record: SubscriptionRecord, extent: Extent, *, before: Extent
    ) -> None:
        """Store a subscription anew; how often it was notified is left as it is."""
        ...

    def drop_subscription(self, number: int, extent: Extent) -> None:
        """Remove a subscription; intents that depended on it depend on none."""
        ...

    def notify(
        self, extents: Sequence[Extent], *, of_constraints: bool, now_us: int
    ) -> Sequence[Notified]:
        """Count one notification more for every subscription that meets any of the extents.

        Those that are over, or do not ask for this kind of change, are left out.
        """
        ...

    def put_availability(self, uss: str, availability: Availability) -> None:
        """Keep what is held of a USS from now on."""
        ...

    def add_report(self, report_id: str, manager: str, at_us: int, body: bytes) -> None:
        """Archive a report as it was sent."""
        ...

    def drop_reports(self, before_us: int, *, limit: int) -> int:
        """Remove reports archived before a moment, the oldest first; how many there were."""
        ...


class DssStore(Protocol):
    """A discovery service's store."""

    @property
    def pool(self) -> str:
        """The id of the airspace representation it holds, fixed when it was made."""
        ...

    def view(self) -> AbstractContextManager[DssView]:
        """One moment of the store, for reading; any number at once, from any thread.

        Raises:
            NodeFault: the store cannot be read.
        """
        ...

    def write(self, work: Callable[[DssUnit], T]) -> T:
        """Do some work in the one writer and wait until it is durable.

        Raises:
            NodeFault: nothing was stored.
        """
        ...

    def write_each(self, works: Sequence[Callable[[DssUnit], T]]) -> list[T | Exception]:
        """Do several in one group; what became of each, in their order.

        Raises:
            NodeFault: nothing of any was stored.
        """
        ...
