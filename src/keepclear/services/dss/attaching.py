"""Which subscription an intent depends on: given, made with it, or none.

An implicit subscription reaches exactly as far as the intents that depend on it: it grows and
shrinks with them, and goes with the last.

Source: ASTM F3548-21, interface UTM API 1.0.0: subscription_id and new_subscription of
    PutOperationalIntentReferenceParameters; SCD0080.
"""

from __future__ import annotations

from typing import NamedTuple

from msgspec import UNSET

from keepclear.errors import InvalidInput
from keepclear.f3548.coverage import START_TOLERANCE_US, covers
from keepclear.f3548.extent import Extent, union_of
from keepclear.f3548.states import needs_subscription
from keepclear.formats.f3548 import PutOperationalIntentReferenceParameters
from keepclear.ports.dss_store import DssUnit, StoredSubscription, SubscriptionRecord
from keepclear.services.dss.discovery import DssLimits
from keepclear.services.dss.versions import require_own


class Attachment(NamedTuple):
    """What an intent is to depend on.

    Attributes:
        given: a subscription that exists; None where there is none yet.
        made: one that is to be made; None where none is.
    """

    given: StoredSubscription | None = None
    made: SubscriptionRecord | None = None

    @property
    def for_constraints(self) -> bool:
        """Tell whether its manager hears of constraints, and so must know them."""
        record = self.given.record if self.given else self.made
        return record is not None and record.for_constraints

    @property
    def id(self) -> str | None:
        """The id of the subscription; None for none."""
        record = self.given.record if self.given else self.made
        return None if record is None else record.id


def require_one(body: PutOperationalIntentReferenceParameters) -> None:
    """See that a request names one subscription at most, and one where the state asks for it.

    Raises:
        InvalidInput: it names two, or none for a state that must hear of changes.
    """
    if body.subscription_id is not UNSET and body.new_subscription:
        raise InvalidInput(
            "subscription_id and new_subscription stand together",
            remedy="Give the one that exists, or have a new one made, not both.",
        )
    has_none = body.subscription_id is UNSET and not body.new_subscription
    if has_none and needs_subscription(body.state):
        raise InvalidInput(
            f"an operational intent that is {body.state} needs a subscription",
            remedy="Give subscription_id, or have one made with new_subscription.",
        )


def require_attachable(
    unit: DssUnit, subscription_id: str, caller: str, extent: Extent, now_us: int
) -> StoredSubscription:
    """A subscription that exists and serves an intent of this extent.

    An implicit one is widened to fit, also where its own end has passed.

    Raises:
        InvalidInput: there is none of that id, it is over, says nothing of intents, or does
            not cover the intent.
        NotOurs: it is somebody else's.
    """
    stored = unit.subscription(subscription_id)
    if stored is None or (stored.end_us < now_us and not stored.record.is_implicit):
        raise InvalidInput(
            f"there is no subscription {subscription_id}",
            remedy="Give the id of a subscription that is not over, or have one made.",
        )
    name = f"subscription {stored.record.id}"
    require_own(stored.record, caller, name)
    if not stored.record.for_intents:
        raise InvalidInput(
            f"{name} does not notify for operational intents",
            remedy="Change it so that it does, or give another.",
        )
    if not stored.record.is_implicit:
        require_covered(unit.subscription_extent(stored.number), extent, name, now_us)
    return stored


def require_covered(subscription: Extent, intent: Extent, name: str, now_us: int) -> None:
    """See that a subscription reaches as far as an intent; what is past needs no cover.

    Raises:
        InvalidInput: it does not; the message says in what.
    """
    short = covers(subscription, intent, now_us=now_us - START_TOLERANCE_US)
    if short:
        raise InvalidInput(
            f"{name} does not cover the operational intent in {', '.join(short)}",
            remedy="Widen the subscription, or give one that covers the whole intent.",
        )


def require_room(
    unit: DssUnit, record: SubscriptionRecord, extent: Extent, limits: DssLimits, now_us: int
) -> None:
    """See that a manager does not pile up subscriptions: every write there counts all of them.

    Raises:
        InvalidInput: there are too many of its own already.
    """
    most = limits.most_subscriptions
    if unit.how_many_subscriptions(extent, record, now_us=now_us, most=most) >= most:
        raise InvalidInput(
            f"{record.manager} has {most:,} subscriptions in this place already",
            remedy="Find them with the query of subscriptions, and delete those not needed.",
        )


def attach(unit: DssUnit, attachment: Attachment, extent: Extent, intent_id: str) -> int | None:
    """Have the subscription there and as wide as it must be; its number, None for none."""
    if attachment.made is not None:
        return unit.add_subscription(attachment.made, extent)
    if attachment.given is None:
        return None
    if attachment.given.record.is_implicit:
        others = unit.dependents_bounds(attachment.given.number, but=intent_id)
        _fit(unit, attachment.given, union_of((others, extent)) if others else extent)
    return attachment.given.number


def detach(unit: DssUnit, subscription_id: str | None) -> None:
    """Have an implicit subscription that an intent left shrink, or go where it was the last.

    Args:
        unit: where the intent no longer depends on it.
        subscription_id: what it depended on; None for none.
    """
    left = None if subscription_id is None else unit.subscription(subscription_id)
    if left is not None and left.record.is_implicit:
        _fit(unit, left, unit.dependents_bounds(left.number))


def _fit(unit: DssUnit, stored: StoredSubscription, after: Extent | None) -> None:
    """Have it reach so far; not at all where nothing depends on it any more."""
    before = unit.subscription_extent(stored.number)
    if after is None:
        unit.drop_subscription(stored.number, before)
    elif after != before:
        unit.change_subscription(stored.number, stored.record, after, before=before)
