"""Subscriptions at the discovery service: made, changed, removed, looked for.

One that is over is gone from every answer at that moment, whenever its row is swept.

Source: ASTM F3548-21, interface UTM API 1.0.0: subscriptions; DSS0005.
"""

from __future__ import annotations

from typing import NamedTuple

from msgspec import UNSET

from keepclear.errors import InvalidInput
from keepclear.f3548.coverage import START_TOLERANCE_US, surely_covered
from keepclear.f3548.extent import Extent, microseconds_of
from keepclear.formats.f3548 import (
    DeleteSubscriptionResponse,
    GetSubscriptionResponse,
    PutSubscriptionParameters,
    PutSubscriptionResponse,
    QuerySubscriptionParameters,
    QuerySubscriptionsResponse,
    Subscription,
    id_of,
)
from keepclear.ports.dss_store import DssUnit, DssView, StoredSubscription, SubscriptionRecord
from keepclear.services.dss.attaching import require_covered, require_room
from keepclear.services.dss.base_urls import require_base_url
from keepclear.services.dss.discovery import Dss, DssLimits, Later, Work
from keepclear.services.dss.extents import asked_extent, subscription_extent
from keepclear.services.dss.nearby import require_few, require_sparse
from keepclear.services.dss.records import (
    constraint_reference,
    intent_reference,
    subscription_of,
)
from keepclear.services.dss.versions import (
    require_changed,
    require_named,
    require_new,
    require_own,
    require_there,
    require_version,
)

_ALL = 2**62
"""However many there are: they were counted before."""


class _Wanted(NamedTuple):
    """A request to make or change a subscription, judged as far as can be beforehand."""

    record: SubscriptionRecord
    replaced: str | None
    extent: Extent
    now_us: int
    limits: DssLimits

    @property
    def name(self) -> str:
        return f"subscription {self.record.id}"


def put_subscription(
    dss: Dss,
    caller: str,
    subscription_id: str,
    version: str | None,
    body: PutSubscriptionParameters,
) -> Work[Later[PutSubscriptionResponse]]:
    """Make a subscription, or change the one of a version; None where it must be new.

    An implicit one that its manager changes is his own from then on: it stays when the last
    intent leaves it, and ends at its end.

    Raises:
        InvalidInput: the request cannot be used, whatever is stored.

    Returns:
        What is to be decided in the writer. It raises VersionConflict, NotOurs, or InvalidInput
        where it would no longer cover an intent that depends on it.
    """
    require_named(version, "version")
    allow_http, now = dss.limits.allow_http_base_urls, dss.now()
    record = SubscriptionRecord(
        id_of(subscription_id), caller, dss.new_token(), 0, body.uss_base_url,
        for_intents=bool(body.notify_for_operational_intents),
        for_constraints=bool(body.notify_for_constraints),
        is_implicit=False,
    )  # fmt: skip
    require_base_url(body.uss_base_url, "uss_base_url", allow_http=allow_http)
    if not (record.for_intents or record.for_constraints):
        raise InvalidInput(
            "the subscription asks for no notifications",
            remedy="Set notify_for_operational_intents or notify_for_constraints to true.",
        )
    extent = subscription_extent(body.extents, dss.limits, now)
    wanted = _Wanted(record, version, extent, microseconds_of(now), dss.limits)
    return lambda unit: _put(unit, wanted)


def delete_subscription(
    dss: Dss, caller: str, subscription_id: str, version: str
) -> Work[DeleteSubscriptionResponse]:
    """Remove a subscription of a version.

    Raises:
        InvalidInput: the id is none, or the version empty.

    Returns:
        What is to be decided in the writer. It raises NotFound, NotOurs, VersionConflict, or
        InvalidInput while an intent depends on it.
    """
    wanted_id, now_us = id_of(subscription_id), microseconds_of(dss.now())
    require_named(version, "version")
    return lambda unit: _delete(unit, caller, wanted_id, version, now_us)


def get_subscription(
    dss: Dss, view: DssView, caller: str, subscription_id: str
) -> GetSubscriptionResponse:
    """One of the caller's subscriptions.

    Raises:
        NotFound: there is none of that id, or it is over.
        NotOurs: it is somebody else's.
    """
    wanted_id = id_of(subscription_id)
    name = f"subscription {wanted_id}"
    stored = require_there(_current(view, wanted_id, microseconds_of(dss.now())), name)
    require_own(stored.record, caller, name)
    return GetSubscriptionResponse(subscription=_with_dependents(view, stored))


def query_subscriptions(
    dss: Dss, view: DssView, caller: str, body: QuerySubscriptionParameters
) -> QuerySubscriptionsResponse:
    """The caller's subscriptions in or near an area that are not over.

    Raises:
        InvalidInput: the area cannot be used, or holds too many; narrow it.
    """
    extent, most = asked_extent(body.area_of_interest, dss.limits), dss.limits.most_results
    now_us = microseconds_of(dss.now())
    require_sparse(view, extent, dss.limits)
    found = view.subscriptions_meeting(extent, manager=caller, now_us=now_us, most=most + 1)
    require_few(len(found), most)
    return QuerySubscriptionsResponse(
        subscriptions=tuple(_with_dependents(view, each) for each in found)
    )


def _put(unit: DssUnit, wanted: _Wanted) -> Later[PutSubscriptionResponse]:
    _require_answerable(unit, wanted)
    name, found = wanted.name, unit.subscription(wanted.record.id)
    if found is not None and found.end_us < wanted.now_us and not found.record.is_implicit:
        # It is over, swept or not: no version of it is current, and its id is free again.
        unit.drop_subscription(found.number, unit.subscription_extent(found.number))
        found = None
    require_room(unit, wanted.record, wanted.extent, wanted.limits, wanted.now_us)
    if wanted.replaced is None:
        require_new(found, name)
        unit.add_subscription(wanted.record, wanted.extent)
    else:
        stored = require_changed(found, name)
        require_own(stored.record, wanted.record.manager, name)
        require_version(stored.record.version, wanted.replaced, name)
        _require_dependents_covered(unit, stored.number, wanted)
        before = unit.subscription_extent(stored.number)
        unit.change_subscription(stored.number, wanted.record, wanted.extent, before=before)
    now = require_there(unit.subscription(wanted.record.id), name)
    return Later(lambda view: _answer(view, now, wanted))


def _require_answerable(unit: DssUnit, wanted: _Wanted) -> None:
    """See that what the answer has to name, once the write is done, is not too much."""
    extent, most = wanted.extent, wanted.limits.most_results
    require_sparse(unit, extent, wanted.limits)
    for constraints in (False, True):
        asked = wanted.record.for_constraints if constraints else wanted.record.for_intents
        if asked:
            require_few(unit.how_many(extent, constraints=constraints, most=most + 1), most)


def _require_dependents_covered(unit: DssUnit, number: int, wanted: _Wanted) -> None:
    if not wanted.record.for_intents and unit.dependents(number, most=1):
        raise InvalidInput(
            f"operational intents depend on {wanted.name} to notify for operational intents",
            remedy="Leave notify_for_operational_intents on, or detach them first.",
        )
    sure = surely_covered(wanted.extent, now_us=wanted.now_us - START_TOLERANCE_US)
    for extent in unit.dependents_beyond(number, sure):
        require_covered(wanted.extent, extent, wanted.name, wanted.now_us)


def _answer(view: DssView, stored: StoredSubscription, wanted: _Wanted) -> PutSubscriptionResponse:
    """What there is now: whoever came since notifies the subscription besides."""
    caller, extent = wanted.record.manager, wanted.extent
    now = view.subscription(stored.record.id)
    is_there = now is not None and _is_same(now, stored)
    return PutSubscriptionResponse(
        subscription=_with_dependents(view, stored) if is_there else subscription_of(stored, ()),
        operational_intent_references=tuple(
            intent_reference(each, caller) for each in view.intents_meeting(extent, most=_ALL)
        )
        if stored.record.for_intents
        else UNSET,
        constraint_references=tuple(
            constraint_reference(each, caller)
            for each in view.constraints_meeting(extent, most=_ALL)
        )
        if stored.record.for_constraints
        else UNSET,
    )


def _is_same(now: StoredSubscription, stored: StoredSubscription) -> bool:
    """Whether it is still that one: numbers, and ids of what is gone, are given to others."""
    return (now.number, now.record.manager) == (stored.number, stored.record.manager)


def _delete(
    unit: DssUnit, caller: str, wanted_id: str, version: str, now_us: int
) -> DeleteSubscriptionResponse:
    name = f"subscription {wanted_id}"
    stored = require_there(_current(unit, wanted_id, now_us), name)
    require_own(stored.record, caller, name)
    require_version(stored.record.version, version, name)
    if unit.dependents(stored.number, most=1):
        raise InvalidInput(
            f"operational intents depend on {name}",
            remedy="Remove them, or have them depend on another subscription, first.",
        )
    unit.drop_subscription(stored.number, unit.subscription_extent(stored.number))
    return DeleteSubscriptionResponse(subscription=subscription_of(stored, ()))


def _current(view: DssView, subscription_id: str, now_us: int) -> StoredSubscription | None:
    stored = view.subscription(subscription_id)
    return None if stored is None or stored.end_us < now_us else stored


def _with_dependents(view: DssView, stored: StoredSubscription) -> Subscription:
    return subscription_of(stored, view.dependents(stored.number, most=_ALL))
