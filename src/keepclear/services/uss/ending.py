"""Take an own intent back from the discovery service, and tell who must know.

Source: ASTM F3548-21, OPIN0040, SCD0085; interface UTM API 1.0.0,
    deleteOperationalIntentReference.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import UNSET

from keepclear.errors import InvalidInput, NotFound, PeerTrouble, VersionConflict
from keepclear.formats.documents.published import PublishedIntent
from keepclear.formats.f3548 import (
    ChangeOperationalIntentReferenceResponse,
    OperationalIntent,
    SubscriberToNotify,
)
from keepclear.ledger.entries import EntryKind
from keepclear.services.uss.complaining import doubt_service
from keepclear.services.uss.extents import extents_of
from keepclear.services.uss.keeping import keep_intent
from keepclear.services.uss.notifying import intent_notices
from keepclear.services.uss.operators import Saying, note_end, tell_of_failure, tell_operators
from keepclear.services.uss.unanswered import (
    Extents,
    extents_in,
    may_still_come,
    removed_again,
    removed_over,
    unanswered,
)
from keepclear.services.uss.uss import Uss
from keepclear.services.uss.wanted import Outcome, Result, moved_on


def end(uss: Uss, entity_id: str, *, actor: str = "") -> Outcome:
    """Take an own intent back: removed from the discovery service, and everybody told.

    The caller holds `uss.own.alone(entity_id)`. That it is to go is kept before anything is
    asked; where the service does not answer, `following` takes it back as soon as it can.
    """
    current = uss.own.intent(entity_id)
    if current is None:
        return Outcome(Result.DONE, None)
    current = _unwanted(uss, current, actor)
    is_doubted = may_still_come(current, uss.now())
    try:
        response = _removed(uss, current)
    except (InvalidInput, PeerTrouble) as error:
        current = uss.own.intent(entity_id) or current
        if error.message != current.note:
            current = msgspec.structs.replace(current, note=error.message)
            keep_intent(uss, current, EntryKind.INTENT_CHANGED, actor=actor)
        doubt_service(uss, error)
        tell_of_failure(uss, entity_id, current.designator, error.message)
        return Outcome(Result.FAILED, current, error.message)
    if response is None and current.intent is None and is_doubted:
        return Outcome(Result.FAILED, current, "what was asked for may still reach the service")
    subscribers = () if response is None else response.subscribers
    _keep_ended(uss, current, subscribers, actor, is_doubted=is_doubted)
    return Outcome(Result.DONE, None)


def _unwanted(uss: Uss, current: PublishedIntent, actor: str) -> PublishedIntent:
    """Keep that it is to go, so that a removal whose answer is lost is known as ours."""
    marked = msgspec.structs.replace(current, is_wanted=False)
    if current.intent is None and current.unanswered_at is None:
        marked = unanswered(marked, uss.now())
    if marked != current:
        keep_intent(uss, marked, EntryKind.INTENT_CHANGED, actor=actor)
    return marked


def _keep_ended(
    uss: Uss,
    current: PublishedIntent,
    subscribers: Sequence[SubscriberToNotify],
    actor: str,
    *,
    is_doubted: bool,
) -> None:
    """Keep that it is gone; where what was asked before may still come, look for it a while."""
    was_there = current.intent is not None
    text = f"{current.designator} is ended at the discovery service"
    sayings = [Saying("GEN0405", current.id, 0, text)] if was_there else []
    began, is_looked_for = uss.now(), was_there and is_doubted
    ended = msgspec.structs.replace(current, is_wanted=False, is_tried=is_looked_for)
    keep_intent(
        uss,
        msgspec.structs.replace(ended, intent=None) if is_looked_for else ended,
        EntryKind.INTENT_CHANGED if is_looked_for else EntryKind.INTENT_WITHDRAWN,
        actor=actor,
        waiting=intent_notices(uss, subscribers, current.id, UNSET),
        besides=lambda unit: tell_operators(uss, unit, sayings, event_at=began),
    )
    if was_there:
        note_end(uss, current.id, current.designator, actor)


def _removed(uss: Uss, current: PublishedIntent) -> ChangeOperationalIntentReferenceResponse | None:
    """Remove it at the discovery service; None where there is nothing of it, nor was.

    What the service has in another version was changed, and what it has no more was removed,
    and the answer was lost.
    """
    intent = current.intent
    try:
        if intent is None:
            return removed_over(uss, current.id, ())
        try:
            return uss.dss.delete_intent(current.id, intent.reference.ovn or "")
        except VersionConflict:
            return removed_over(uss, current.id, _everywhere(uss, intent))
    except NotFound:
        if intent is None or moved_on(current, uss.now()):
            return None
        keep_intent(uss, unanswered(current, uss.now()), EntryKind.INTENT_CHANGED)
        return removed_again(uss, current.id, _everywhere(uss, intent))


def _everywhere(uss: Uss, intent: OperationalIntent) -> Extents:
    """Where an intent was known to be, and where its operation was to be since."""
    held = extents_in(intent)
    with uss.node.store.view() as view:
        stored = view.operation(intent.reference.id)
    if stored is None:
        return held
    try:
        meant = extents_of(uss.node, stored.operation).volumes
    except InvalidInput:
        return held
    return (*held, *(each for each in meant if each not in held))
