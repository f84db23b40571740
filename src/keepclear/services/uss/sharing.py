"""Put an own intent to the discovery service, or take it back; keep it, and tell who must know.

Source: ASTM F3548-21, OPIN0035, OPIN0040, SCD0080, SCD0085, SCD0090; interface UTM API 1.0.0,
    PutOperationalIntentReferenceParameters.
"""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from keepclear.errors import (
    AirspaceConflict,
    InvalidInput,
    NotFound,
    PeerTrouble,
    VersionConflict,
)
from keepclear.formats.documents.published import PublishedIntent
from keepclear.formats.f3548 import (
    ChangeOperationalIntentReferenceResponse,
    ImplicitSubscriptionParameters,
    OperationalIntent,
    OperationalIntentDetails,
    OperatorAssociation,
    PutOperationalIntentReferenceParameters,
)
from keepclear.formats.f3548.ids import NO_SUBSCRIPTION_ID
from keepclear.ledger.entries import EntryKind
from keepclear.model.coordination import IntentState
from keepclear.ports.exchange_log import LogSort
from keepclear.services.uss.judging import Judgement
from keepclear.services.uss.keeping import keep_intent
from keepclear.services.uss.notifying import intent_notices
from keepclear.services.uss.operators import Saying, note_end, tell_of_failure, tell_operators
from keepclear.services.uss.uss import Uss
from keepclear.services.uss.wanted import Outcome, Result, Wanted, state_of


def put(uss: Uss, wanted: Wanted, current: PublishedIntent | None, judgement: Judgement) -> Outcome:
    """Put an intent as it was judged; the caller holds `uss.own.alone`.

    Raises:
        AirspaceConflict: the discovery service names what is not known here.
        InvalidInput: it refuses the intent.
        PeerTrouble: it could not be dealt with.
    """
    began = uss.now()
    if current is None:
        current = _tried(uss, wanted)
    try:
        response = _asked(uss, wanted, current, judgement)
    except (InvalidInput, PeerTrouble) as error:
        _give_up(uss, wanted, current, error)
        raise
    intent = OperationalIntent(
        reference=response.operational_intent_reference, details=_details(wanted)
    )
    published = msgspec.structs.replace(
        current,
        intent=intent,
        operation_version=wanted.operation_version,
        is_tried=False,
        is_wanted=True,
        note="",
    )
    is_new = current.intent is None
    if is_new:
        _log_operator(uss, wanted)
    sayings = _sayings(uss, wanted, state_of(current), judgement)
    keep_intent(
        uss,
        published,
        EntryKind.INTENT_PUBLISHED if is_new else EntryKind.INTENT_CHANGED,
        actor=wanted.actor,
        waiting=intent_notices(uss, response.subscribers, wanted.id, intent),
        besides=lambda unit: tell_operators(uss, unit, sayings, event_at=began),
    )
    return Outcome(Result.DONE, published, conflicts=len(judgement.met))


def _log_operator(uss: Uss, wanted: Wanted) -> None:
    operator = uss.settings.operator or uss.node.identity.party
    uss.log.keep(
        LogSort.OPERATOR_ASSOCIATION,
        OperatorAssociation(operational_intent_id=wanted.id, operator_id=operator),
    )


def _tried(uss: Uss, wanted: Wanted) -> PublishedIntent:
    """Keep that it is asked for, before anybody else can know of it."""
    tried = PublishedIntent(
        id=wanted.id,
        designator=wanted.designator,
        operation_version=wanted.operation_version,
        intent=None,
        is_tried=True,
        is_wanted=True,
        released_by=wanted.actor,
        released_at=uss.now(),
    )
    return keep_intent(uss, tried, EntryKind.INTENT_TRIED, actor=wanted.actor)


def _give_up(
    uss: Uss, wanted: Wanted, current: PublishedIntent, error: InvalidInput | PeerTrouble
) -> None:
    """Where no answer came, a new intent may be there: `following` asks, and takes it back."""
    if current.intent is None and isinstance(error, PeerTrouble):
        unwanted = msgspec.structs.replace(current, is_wanted=False, note=error.message)
        keep_intent(uss, unwanted, EntryKind.INTENT_TRIED, actor=wanted.actor)


def _asked(
    uss: Uss, wanted: Wanted, current: PublishedIntent, judgement: Judgement
) -> ChangeOperationalIntentReferenceResponse:
    intent = current.intent
    body = PutOperationalIntentReferenceParameters(
        extents=wanted.extents,
        key=judgement.key if wanted.state.is_nominal else (),
        state=wanted.state,
        uss_base_url=uss.settings.base_url,
        subscription_id=_subscription_of(intent),
        new_subscription=UNSET if _subscription_of(intent) else _implicit(uss),
    )
    if intent is None:
        return uss.dss.put_intent(wanted.id, None, body)
    ovn = intent.reference.ovn or ""
    try:
        return uss.dss.put_intent(wanted.id, ovn, body)
    except AirspaceConflict:
        raise
    except VersionConflict:
        # Our word of before was taken and its answer lost: we alone change our intents.
        known = uss.dss.intent(wanted.id).ovn or ""
        if known == ovn:
            raise
        return uss.dss.put_intent(wanted.id, known, body)


def _subscription_of(intent: OperationalIntent | None) -> str | msgspec.UnsetType:
    if intent is None or intent.reference.subscription_id == NO_SUBSCRIPTION_ID:
        return UNSET
    return intent.reference.subscription_id


def _implicit(uss: Uss) -> ImplicitSubscriptionParameters:
    """We want to hear of all that changes around each intent, from the first (SCD0080)."""
    return ImplicitSubscriptionParameters(
        uss_base_url=uss.settings.base_url,
        notify_for_constraints=uss.settings.processes_constraints,
    )


def _details(wanted: Wanted) -> OperationalIntentDetails:
    return OperationalIntentDetails(
        volumes=wanted.volumes,
        off_nominal_volumes=wanted.off_nominal_volumes,
        priority=wanted.priority,
    )


def _sayings(
    uss: Uss, wanted: Wanted, before: IntentState | None, judgement: Judgement
) -> list[Saying]:
    """What our operators must be told: of states, and of conflicts, also with each other."""
    found: list[Saying] = []
    if wanted.state is not before:
        text = f"{wanted.designator} is now {wanted.state} at the discovery service"
        found.append(Saying("GEN0405", wanted.id, 0, text))
    if judgement.met:
        others = ", ".join(f"{each.reference.id}" for each in judgement.met)
        text = f"{wanted.designator} conflicts with intents that must yield: {others}"
        found.append(Saying("SCD0090", wanted.id, len(judgement.met), text))
    for each in judgement.met:
        own = uss.own.intent(each.reference.id)
        if own is not None:
            text = f"{wanted.designator} now conflicts with {own.designator}"
            found.append(Saying("SCD0095", own.id, 1, text))
    if judgement.constraints:
        limits = ", ".join(each.reference.id for each in judgement.constraints)
        text = f"{wanted.designator} meets constraints: {limits}"
        found.append(Saying("CSTP0005", wanted.id, len(judgement.constraints), text))
    return found


def end(uss: Uss, entity_id: str, *, actor: str = "") -> Outcome:
    """Take an own intent back: removed from the discovery service, and everybody told.

    The caller holds `uss.own.alone(entity_id)`. Where the service does not answer it stays
    marked, and `following` takes it back as soon as it can.
    """
    current = uss.own.intent(entity_id)
    if current is None:
        return Outcome(Result.DONE, None)
    try:
        response = _removed(uss, current)
    except (InvalidInput, PeerTrouble) as error:
        marked = msgspec.structs.replace(current, is_wanted=False, note=error.message)
        if marked != current:
            keep_intent(uss, marked, EntryKind.INTENT_CHANGED, actor=actor)
        tell_of_failure(uss, entity_id, current.designator, error.message)
        return Outcome(Result.FAILED, marked, error.message)
    subscribers = () if response is None else response.subscribers
    text = f"{current.designator} is ended at the discovery service"
    sayings = [] if current.intent is None else [Saying("GEN0405", entity_id, 0, text)]
    began = uss.now()
    keep_intent(
        uss,
        msgspec.structs.replace(current, is_wanted=False, is_tried=False),
        EntryKind.INTENT_WITHDRAWN,
        actor=actor,
        waiting=intent_notices(uss, subscribers, entity_id, UNSET),
        besides=lambda unit: tell_operators(uss, unit, sayings, event_at=began),
    )
    note_end(uss, entity_id, current.designator, actor)
    return Outcome(Result.DONE, None)


def _removed(uss: Uss, current: PublishedIntent) -> ChangeOperationalIntentReferenceResponse | None:
    """Remove it at the discovery service; None where the service does not know it."""
    try:
        if current.intent is None or not current.intent.reference.ovn:
            return uss.dss.delete_intent(current.id, uss.dss.intent(current.id).ovn or "")
        try:
            return uss.dss.delete_intent(current.id, current.intent.reference.ovn)
        except VersionConflict:
            return uss.dss.delete_intent(current.id, uss.dss.intent(current.id).ovn or "")
    except NotFound:
        return None
