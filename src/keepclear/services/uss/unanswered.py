"""Where an answer of the discovery service was lost: ask again so that nobody is left out.

Who must be told of a change is named in the answer to it and in no other place. Where that
answer never came, or went with the process that waited for it, the service is asked for a change
that names the same subscribers again, each with a higher index:

- what was changed is put once more over both its places, the old and the new, and then over the
  new alone;
- what was removed is made once more and removed;
- what is to go and was changed is put over all its places before it is removed.

Source: ASTM F3548-21, SCD0085, OPIN0025; interface UTM API 1.0.0,
    ChangeOperationalIntentReferenceResponse.subscribers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
from msgspec import UNSET

from keepclear.errors import AirspaceConflict, InvalidInput
from keepclear.formats.documents.published import PublishedConstraint, PublishedIntent
from keepclear.formats.f3548 import (
    ChangeConstraintReferenceResponse,
    ChangeOperationalIntentReferenceResponse,
    Constraint,
    OperationalIntent,
    OperationalIntentReference,
    PutConstraintReferenceParameters,
    PutOperationalIntentReferenceParameters,
    SubscriberToNotify,
    Volume4D,
)
from keepclear.formats.f3548.ids import NO_SUBSCRIPTION_ID
from keepclear.model.coordination import IntentState
from keepclear.services.uss.judging import key_of
from keepclear.services.uss.learning import NOTHING_NAMED, named_in, surroundings
from keepclear.services.uss.uss import Uss

_log = logging.getLogger(__name__)

LATE = timedelta(seconds=15.0)
"""What was asked so long ago is done or never will be: answers are waited for 10 s."""
ROUNDS = 4
Extents = tuple[Volume4D, ...]
IntentChange = ChangeOperationalIntentReferenceResponse
R = TypeVar("R")
P = TypeVar("P", PublishedIntent, PublishedConstraint)


def unanswered(published: P, now: datetime) -> P:
    """What is published, marked as asked for without an answer."""
    return msgspec.structs.replace(published, unanswered_at=now)


def stale(published: PublishedConstraint) -> PublishedConstraint:
    """A constraint, marked as of no version of its zone: it is put anew where it was released."""
    return msgspec.structs.replace(published, zone_version=0)


def may_still_come(published: PublishedIntent | PublishedConstraint, now: datetime) -> bool:
    """Whether what was asked for may reach the service although it knows nothing of it now."""
    at = published.unanswered_at
    return at is not None and now - at < LATE


def still_unanswered(
    published: PublishedIntent | PublishedConstraint, now: datetime
) -> datetime | None:
    """The mark once the service answered: kept while an asking from before may still come."""
    return published.unanswered_at if may_still_come(published, now) else None


def put_over(
    ask: Callable[[str, Extents], R],
    ovn_of: Callable[[R], str],
    ovn: str,
    where: tuple[Extents, Extents],
) -> R:
    """Put something whose last change was not answered; the answer names all who must know.

    Args:
        ask: puts it over the version of an OVN, with extents.
        ovn_of: the OVN that an answer gives.
        ovn: what the service has now.
        where: its extents as they are to be, and as they were last known to be.
    """
    extents, before = where
    left = tuple(each for each in before if each not in extents)
    if left:
        ovn = ovn_of(ask(ovn, (*extents, *left)))
    return ask(ovn, extents)


def removed_again(uss: Uss, entity_id: str, extents: Extents) -> IntentChange | None:
    """Remove an intent whose removal was not answered; None where it cannot be made again.

    It is made, is nobody's to fly by, and goes at once.

    Args:
        uss: ours.
        entity_id: the intent's.
        extents: everywhere it may have been.

    Raises:
        PeerTrouble: the service could not be dealt with; what it has is removed next time.
    """
    made = _put_widely(uss, entity_id, None, extents)
    if made is None:
        _log.warning("who must know that intent %s is gone is lost", entity_id)
        return None
    return uss.dss.delete_intent(entity_id, _ovn_in(made))


def removed_over(uss: Uss, entity_id: str, extents: Extents) -> IntentChange:
    """Remove an intent whose last change was not answered, after it was put everywhere it was.

    Raises:
        NotFound: the service has none of that id.
        InvalidInput, PeerTrouble: it refuses, or could not be dealt with.
    """
    there = uss.dss.intent(entity_id)
    put = _put_widely(uss, entity_id, there, extents) if extents else None
    if put is None:
        return uss.dss.delete_intent(entity_id, there.ovn or "")
    return uss.dss.delete_intent(entity_id, _ovn_in(put))


def _put_widely(
    uss: Uss, entity_id: str, there: OperationalIntentReference | None, extents: Extents
) -> IntentChange | None:
    """Put an intent over several places, as it is there or as a new one; None where refused."""
    named, ovn = NOTHING_NAMED, None if there is None else there.ovn or ""
    body = PutOperationalIntentReferenceParameters(
        extents=extents,
        state=IntentState.ACCEPTED if there is None else there.state,
        uss_base_url=uss.settings.base_url,
        subscription_id=UNSET if there is None else there.subscription_id,
    )
    if body.subscription_id == NO_SUBSCRIPTION_ID:
        body = msgspec.structs.replace(body, subscription_id=UNSET)
    for _ in range(ROUNDS):
        try:
            key = key_of(surroundings(uss, entity_id, extents, named))
            body = msgspec.structs.replace(body, key=key)
            return uss.dss.put_intent(entity_id, ovn, body)
        except AirspaceConflict as conflict:
            named = named_in(conflict)
        except InvalidInput as refusal:
            _log.warning("intent %s could not be put anew: %s", entity_id, refusal)
            return None
    return None


def _ovn_in(response: IntentChange) -> str:
    return response.operational_intent_reference.ovn or ""


def constraint_removed_again(uss: Uss, constraint: Constraint) -> tuple[SubscriberToNotify, ...]:
    """As `removed_again`, of a constraint; who must know.

    Raises:
        PeerTrouble: as there.
    """
    entity_id = constraint.reference.id
    try:
        made = _put_constraint(uss, constraint, None)
    except InvalidInput as refusal:
        _log.warning("who must know that constraint %s is gone is lost: %s", entity_id, refusal)
        return ()
    return uss.dss.delete_constraint(entity_id, made.constraint_reference.ovn or "").subscribers


def constraint_removed_over(uss: Uss, constraint: Constraint) -> tuple[SubscriberToNotify, ...]:
    """As `removed_over`, of a constraint; who must know.

    Raises:
        NotFound, InvalidInput, PeerTrouble: as there.
    """
    entity_id = constraint.reference.id
    put = _put_constraint(uss, constraint, uss.dss.constraint(entity_id).ovn or "")
    gone = uss.dss.delete_constraint(entity_id, put.constraint_reference.ovn or "")
    return (*put.subscribers, *gone.subscribers)


def _put_constraint(
    uss: Uss, constraint: Constraint, ovn: str | None
) -> ChangeConstraintReferenceResponse:
    body = PutConstraintReferenceParameters(
        extents=constraint.details.volumes, uss_base_url=uss.settings.base_url
    )
    return uss.dss.put_constraint(constraint.reference.id, ovn, body)


def extents_in(intent: OperationalIntent | None) -> Extents:
    """Everywhere an intent may be, as its details say."""
    if intent is None:
        return ()
    return (*(intent.details.volumes or ()), *(intent.details.off_nominal_volumes or ()))
