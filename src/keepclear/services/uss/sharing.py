"""Put an own intent to the discovery service; keep it, and tell who must know.

Source: ASTM F3548-21, OPIN0035, SCD0080, SCD0085, SCD0090; interface UTM API 1.0.0,
    PutOperationalIntentReferenceParameters.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import UNSET

from keepclear.errors import (
    AirspaceConflict,
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
from keepclear.services.uss.meeting import tell_of_what_came
from keepclear.services.uss.notifying import intent_notices
from keepclear.services.uss.operators import Saying, tell_operators
from keepclear.services.uss.unanswered import (
    Extents,
    extents_in,
    put_over,
    still_unanswered,
    unanswered,
)
from keepclear.services.uss.uss import Uss
from keepclear.services.uss.wanted import Outcome, Result, Wanted, state_of


def put(uss: Uss, wanted: Wanted, current: PublishedIntent | None, judgement: Judgement) -> Outcome:
    """Put an intent as it was judged; the caller holds `uss.own.alone`.

    Raises:
        AirspaceConflict: the discovery service names what is not known here.
        InvalidInput: it refuses the intent.
        PeerTrouble: it could not be dealt with, and `following` asks again.
    """
    began, mark = uss.now(), uss.hearing.mark()
    current = _tried(uss, wanted, current)
    try:
        response = _asked(uss, wanted, current, judgement)
    except PeerTrouble as trouble:
        _keep_unanswered(uss, wanted, current, trouble)
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
        priority=current.priority if wanted.said_priority is None else wanted.said_priority,
        unanswered_at=still_unanswered(current, began),
        nonconforming_since=_off_plan_since(wanted, current, began),
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
    known = {each.reference.id for each in judgement.met}
    known |= {each.reference.id for each in judgement.constraints}
    tell_of_what_came(uss, published, mark, before=current, judged=known)
    return Outcome(Result.DONE, published, conflicts=len(judgement.met))


def _off_plan_since(wanted: Wanted, current: PublishedIntent, now: datetime) -> datetime | None:
    if wanted.state is not IntentState.NONCONFORMING:
        return None
    return current.nonconforming_since or wanted.nonconforming_since or now


def _log_operator(uss: Uss, wanted: Wanted) -> None:
    operator = uss.settings.operator or uss.node.identity.party
    uss.log.keep(
        LogSort.OPERATOR_ASSOCIATION,
        OperatorAssociation(operational_intent_id=wanted.id, operator_id=operator),
    )


def _tried(uss: Uss, wanted: Wanted, current: PublishedIntent | None) -> PublishedIntent:
    """Keep that a new one is asked for, before anybody else can know of it."""
    if current is not None and current.intent is not None:
        return current
    known = "" if current is None else current.released_by
    if current is not None and current.is_wanted and wanted.actor in ("", known):
        return current
    tried = PublishedIntent(
        id=wanted.id,
        designator=wanted.designator,
        operation_version=wanted.operation_version,
        intent=None,
        is_tried=True,
        is_wanted=True,
        released_by=wanted.actor or known,
        released_at=uss.now(),
        priority=wanted.said_priority,
        unanswered_at=None if current is None else current.unanswered_at,
    )
    return keep_intent(uss, tried, EntryKind.INTENT_TRIED, actor=wanted.actor)


def _keep_unanswered(
    uss: Uss, wanted: Wanted, current: PublishedIntent, trouble: PeerTrouble
) -> None:
    """The service may have done it: `following` asks again.

    A new intent that somebody was told had failed is taken back; anything else is completed.
    """
    is_new = current.intent is None
    doubted = msgspec.structs.replace(
        unanswered(current, uss.now()),
        is_tried=True,
        is_wanted=current.is_wanted and not (is_new and wanted.actor),
        note=trouble.message,
    )
    if doubted != current:
        kind = EntryKind.INTENT_TRIED if is_new else EntryKind.INTENT_CHANGED
        keep_intent(uss, doubted, kind, actor=wanted.actor)


def _asked(
    uss: Uss, wanted: Wanted, current: PublishedIntent, judgement: Judgement
) -> ChangeOperationalIntentReferenceResponse:
    intent = current.intent
    ovn = None if intent is None else intent.reference.ovn or ""
    body = PutOperationalIntentReferenceParameters(
        extents=wanted.extents,
        key=judgement.key if wanted.state.is_nominal else (),
        state=wanted.state,
        uss_base_url=uss.settings.base_url,
        subscription_id=_subscription_of(intent),
        new_subscription=UNSET if _subscription_of(intent) else _implicit(uss),
    )
    try:
        return uss.dss.put_intent(wanted.id, ovn, body)
    except AirspaceConflict:
        raise
    except VersionConflict:
        # Our word of before was taken and its answer lost: we alone change our intents.
        known = uss.dss.intent(wanted.id).ovn or ""
        if known == (ovn or ""):
            raise

    def ask(over: str, extents: Extents) -> ChangeOperationalIntentReferenceResponse:
        changed = msgspec.structs.replace(body, extents=extents)
        return uss.dss.put_intent(wanted.id, over, changed)

    return put_over(ask, _ovn_in, known, (wanted.extents, extents_in(intent)))


def _ovn_in(response: ChangeOperationalIntentReferenceResponse) -> str:
    return response.operational_intent_reference.ovn or ""


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
        why = f": {wanted.because}" if wanted.because else ""
        text = f"{wanted.designator} is now {wanted.state} at the discovery service{why}"
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
