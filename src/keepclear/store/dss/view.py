"""One moment of the store, put together from what can be read of it."""

from __future__ import annotations

from keepclear.store.dss.constraints import ConstraintReads, ConstraintWrites
from keepclear.store.dss.intents import IntentReads, IntentWrites
from keepclear.store.dss.nearness import NearReads
from keepclear.store.dss.standing import StandingReads, StandingWrites
from keepclear.store.dss.subscriptions import SubscriptionReads, SubscriptionWrites


class SqliteDssView(IntentReads, ConstraintReads, SubscriptionReads, StandingReads, NearReads):
    """One moment of the store; fits the `DssView` port. For one thread at a time."""

    __slots__ = ()


class SqliteDssUnit(IntentWrites, ConstraintWrites, SubscriptionWrites, StandingWrites, NearReads):
    """One work's part of a transaction; fits the `DssUnit` port."""

    __slots__ = ()
