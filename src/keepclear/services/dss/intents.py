"""Operational intents at the discovery service: made, changed, removed, looked for.

Everything about a change is decided in one transaction: whether the version is the current
one, whether the key proves enough, what it depends on, and who must be told.

Source: ASTM F3548-21, interface UTM API 1.0.0: operational_intent_references.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import UNSET

from keepclear.f3548.extent import Extent, microseconds_of
from keepclear.f3548.ovn import requested_ovn, require_later
from keepclear.f3548.states import require_state_at_dss, require_up
from keepclear.formats.f3548 import (
    ChangeOperationalIntentReferenceResponse,
    GetOperationalIntentReferenceResponse,
    PutOperationalIntentReferenceParameters,
    QueryOperationalIntentReferenceParameters,
    QueryOperationalIntentReferenceResponse,
    id_of,
)
from keepclear.model.coordination import UssState
from keepclear.ports.dss_store import (
    DssUnit,
    DssView,
    IntentRecord,
    StoredIntent,
    SubscriptionRecord,
)
from keepclear.services.dss.attaching import (
    Attachment,
    attach,
    detach,
    require_attachable,
    require_one,
    require_room,
)
from keepclear.services.dss.base_urls import require_base_url
from keepclear.services.dss.discovery import Dss, DssLimits, Work
from keepclear.services.dss.extents import asked_extent, entity_extent
from keepclear.services.dss.nearby import intents_near, require_sparse
from keepclear.services.dss.proving import require_key
from keepclear.services.dss.records import intent_reference, subscribers_of
from keepclear.services.dss.versions import (
    require_changed,
    require_named,
    require_new,
    require_own,
    require_there,
    require_version,
)


class _Wanted(NamedTuple):
    """A request to make or change an intent, as far as it can be judged beforehand."""

    caller: str
    scopes: frozenset[str]
    id: str
    replaced: str | None
    body: PutOperationalIntentReferenceParameters
    extent: Extent
    now_us: int
    ovn: str
    made: SubscriptionRecord | None
    key: frozenset[str]
    limits: DssLimits

    @property
    def name(self) -> str:
        return f"operational intent {self.id}"


def put_intent(
    dss: Dss,
    caller: str,
    entity_id: str,
    ovn: str | None,
    body: PutOperationalIntentReferenceParameters,
    *,
    scopes: frozenset[str],
) -> Work[ChangeOperationalIntentReferenceResponse]:
    """Make an intent, or change the one of an OVN.

    Args:
        dss: the discovery service.
        caller: who asks.
        entity_id: the intent's id.
        ovn: which version is changed; None where it must be new.
        body: what it is to be.
        scopes: the roles of the caller's token.

    Raises:
        InvalidInput: the request cannot be used, whatever is stored.

    Returns:
        What is to be decided in the writer. It raises VersionConflict, NotOurs, NotPermitted,
        UssIsDown, InvalidInput, or KeyLacks where the key does not prove enough.
    """
    wanted = _wanted(dss, caller, entity_id, ovn, body, scopes)
    return lambda unit: _put(unit, wanted)


def delete_intent(
    dss: Dss, caller: str, entity_id: str, ovn: str
) -> Work[ChangeOperationalIntentReferenceResponse]:
    """Remove an intent of an OVN, and its implicit subscription where it was the last.

    Raises:
        InvalidInput: the id is none, or the OVN empty.

    Returns:
        What is to be decided in the writer. It raises NotFound, NotOurs, VersionConflict or
        UssIsDown.
    """
    intent_id, now_us = id_of(entity_id), microseconds_of(dss.now())
    require_named(ovn, "OVN")
    return lambda unit: _delete(unit, caller, intent_id, ovn, now_us)


def get_intent(
    dss: Dss,  # noqa: ARG001  (every call of the service begins alike)
    view: DssView,
    caller: str,
    entity_id: str,
) -> GetOperationalIntentReferenceResponse:
    """One intent.

    Raises:
        NotFound: there is none of that id.
    """
    intent_id = id_of(entity_id)
    stored = require_there(view.intent(intent_id), f"operational intent {intent_id}")
    return GetOperationalIntentReferenceResponse(
        operational_intent_reference=intent_reference(stored, caller)
    )


def query_intents(
    dss: Dss, view: DssView, caller: str, body: QueryOperationalIntentReferenceParameters
) -> QueryOperationalIntentReferenceResponse:
    """The intents in or near an area, those that ended lately included.

    Raises:
        InvalidInput: the area cannot be used, or holds too many; narrow it.
    """
    extent = asked_extent(body.area_of_interest, dss.limits)
    return QueryOperationalIntentReferenceResponse(
        operational_intent_references=tuple(
            intent_reference(each, caller) for each in intents_near(view, extent, dss.limits)
        )
    )


def _wanted(
    dss: Dss,
    caller: str,
    entity_id: str,
    ovn: str | None,
    body: PutOperationalIntentReferenceParameters,
    scopes: frozenset[str],
) -> _Wanted:
    intent_id, now = id_of(entity_id), dss.now()
    require_named(ovn, "OVN")
    allow_http = dss.limits.allow_http_base_urls
    require_base_url(body.uss_base_url, "uss_base_url", allow_http=allow_http)
    require_one(body)
    extent = entity_extent(body.extents, dss.limits, now)
    made, now_us = _implicit(dss, caller, body), microseconds_of(now)
    suffix = body.requested_ovn_suffix
    new = dss.new_token() if suffix is UNSET else requested_ovn(intent_id, suffix, now_us=now_us)
    return _Wanted(
        caller, scopes, intent_id, ovn, body, extent, now_us, new, made,
        frozenset(body.key or ()), dss.limits,
    )  # fmt: skip


def _implicit(
    dss: Dss, caller: str, body: PutOperationalIntentReferenceParameters
) -> SubscriptionRecord | None:
    asked = body.new_subscription
    if not asked:
        return None
    require_base_url(
        asked.uss_base_url,
        "new_subscription.uss_base_url",
        allow_http=dss.limits.allow_http_base_urls,
    )
    return SubscriptionRecord(
        dss.entropy.new_id(), caller, dss.new_token(), 0, asked.uss_base_url,
        for_intents=True,
        for_constraints=bool(asked.notify_for_constraints),
        is_implicit=True,
    )  # fmt: skip


def _put(unit: DssUnit, wanted: _Wanted) -> ChangeOperationalIntentReferenceResponse:
    stored = _replaced(unit, wanted)
    # A flight that leaves its plan is never refused for what else is filed around it.
    is_bounded = stored is None or wanted.body.state.is_nominal
    if is_bounded:
        require_sparse(unit, wanted.extent, wanted.limits)
    availability = _require_state(unit, wanted, stored)
    attachment = _attachment(unit, wanted)
    require_key(
        unit, wanted.key, wanted.extent, wanted.limits,
        target=wanted.body.state, own_id=wanted.id, caller=wanted.caller,
        for_constraints=attachment.for_constraints,
    )  # fmt: skip
    if attachment.made is not None and is_bounded:
        require_room(unit, attachment.made, wanted.extent, wanted.limits, wanted.now_us)
    number = attach(unit, attachment, wanted.extent, wanted.id)
    record = IntentRecord(
        wanted.id, wanted.caller, 1 if stored is None else stored.record.version + 1,
        wanted.ovn, wanted.body.state, wanted.body.uss_base_url, number,
    )  # fmt: skip
    places = _write(unit, stored, record, wanted.extent)
    now = StoredIntent(
        0 if stored is None else stored.number, record,
        wanted.extent.start_us, wanted.extent.end_us, attachment.id, availability,
    )  # fmt: skip
    return _changed(unit, now, wanted.caller, places, wanted.now_us)


def _write(
    unit: DssUnit, stored: StoredIntent | None, record: IntentRecord, extent: Extent
) -> tuple[Extent, ...]:
    """Store the intent; the places that are concerned."""
    if stored is None:
        unit.add_intent(record, extent)
        return (extent,)
    before = unit.intent_extent(stored.number)
    unit.change_intent(stored.number, record, extent, before=before)
    if stored.record.subscription != record.subscription:
        detach(unit, stored.subscription_id)
    return (extent,) if before == extent else (before, extent)


def _replaced(unit: DssUnit, wanted: _Wanted) -> StoredIntent | None:
    """The intent as it is, which is the caller's and of the version named; None where new."""
    found = unit.intent(wanted.id)
    if wanted.replaced is None:
        require_new(found, wanted.name)
        return None
    stored = require_changed(found, wanted.name)
    require_own(stored.record, wanted.caller, wanted.name)
    require_version(stored.record.ovn, wanted.replaced, wanted.name)
    require_later(wanted.ovn, stored.record.ovn)
    return stored


def _require_state(unit: DssUnit, wanted: _Wanted, stored: StoredIntent | None) -> UssState:
    """What is held of the caller, who may bring the intent into the state that is asked for."""
    held = stored.availability if stored else unit.availability(wanted.caller).state
    before = stored.record.state if stored else None
    require_state_at_dss(before, wanted.body.state, wanted.scopes, held)
    return held


def _attachment(unit: DssUnit, wanted: _Wanted) -> Attachment:
    given = wanted.body.subscription_id
    if given is UNSET:
        return Attachment(made=wanted.made)
    stored = require_attachable(unit, given, wanted.caller, wanted.extent, wanted.now_us)
    return Attachment(given=stored)


def _delete(
    unit: DssUnit, caller: str, intent_id: str, ovn: str, now_us: int
) -> ChangeOperationalIntentReferenceResponse:
    name = f"operational intent {intent_id}"
    stored = require_there(unit.intent(intent_id), name)
    require_own(stored.record, caller, name)
    require_version(stored.record.ovn, ovn, name)
    require_up(stored.availability)
    extent = unit.intent_extent(stored.number)
    unit.drop_intent(stored.number, extent)
    detach(unit, stored.subscription_id)
    return _changed(unit, stored, caller, (extent,), now_us)


def _changed(
    unit: DssUnit, stored: StoredIntent, caller: str, places: Sequence[Extent], now_us: int
) -> ChangeOperationalIntentReferenceResponse:
    notified = unit.notify(places, of_constraints=False, now_us=now_us)
    return ChangeOperationalIntentReferenceResponse(
        subscribers=subscribers_of(notified),
        operational_intent_reference=intent_reference(stored, caller),
    )
