"""Plan, change, activate and end an own intent, as strategic coordination asks.

What is near is learnt first, decided on, and put to the discovery service with the key of what
was learnt. Where the service knows more, that is learnt too and decided on anew, a few times.
Nothing is published while a manager's details cannot be had or believed, unless it is down.

Source: ASTM F3548-21, OPIN0005 .. OPIN0040, SCD0005 .. SCD0100, USS0005; interface UTM API
    1.0.0, PutOperationalIntentReferenceParameters (a new intent is made Accepted, then changed).
"""

from __future__ import annotations

from dataclasses import replace

from keepclear.errors import (
    AirspaceConflict,
    InvalidInput,
    NotFound,
    PeerTrouble,
    UssIsDown,
    VersionConflict,
)
from keepclear.formats.documents.published import PublishedIntent
from keepclear.formats.f3548 import PlanningRecord
from keepclear.formats.f3548.volumes import time_of, volume_of
from keepclear.ledger.entries import EntryKind
from keepclear.model.coordination import IntentState
from keepclear.model.node import Subject
from keepclear.ports.exchange_log import LogSort
from keepclear.ports.store import Unit
from keepclear.services.recording import record
from keepclear.services.uss.complaining import doubt_service
from keepclear.services.uss.ending import end
from keepclear.services.uss.judging import Judgement, Placing, judged, volumes_of
from keepclear.services.uss.keeping import keep_intent
from keepclear.services.uss.learning import (
    NOTHING_NAMED,
    Surroundings,
    named_in,
    surroundings,
)
from keepclear.services.uss.operators import tell_of_failure
from keepclear.services.uss.sharing import put
from keepclear.services.uss.unanswered import unanswered
from keepclear.services.uss.uss import Uss
from keepclear.services.uss.wanted import Outcome, Result, Wanted, state_of, unfit

ROUNDS = 4
"""So often what the discovery service names as missing is learnt before a plan is refused."""
_S = IntentState


def plan(uss: Uss, wanted: Wanted, *, is_hypothetical: bool = False) -> Outcome:
    """Bring an own intent into a state, with its volumes and priority.

    The caller holds `uss.own.alone(wanted.id)`.

    Args:
        uss: ours.
        wanted: what is asked for.
        is_hypothetical: say what would come of it, and change nothing.
    """
    current = uss.own.intent(wanted.id)
    if current is not None and current.intent is None and not is_hypothetical:
        # It was asked for before, and that may still reach the service.
        current = keep_intent(uss, unanswered(current, uss.now()), EntryKind.INTENT_TRIED)
    try:
        fault = unfit(uss, wanted, current)
        if fault:
            return _refused(uss, wanted, (fault,))
        return _planned(uss, wanted, current, is_hypothetical)
    except (NotFound, UssIsDown, VersionConflict, InvalidInput) as refusal:
        return _refused(uss, wanted, (refusal.message,))
    except PeerTrouble as trouble:
        doubt_service(uss, trouble)
        tell_of_failure(uss, wanted.id, wanted.designator, trouble.message)
        return Outcome(Result.FAILED, uss.own.intent(wanted.id), trouble.message)


def _planned(
    uss: Uss, wanted: Wanted, current: PublishedIntent | None, is_hypothetical: bool
) -> Outcome:
    if not wanted.state.is_nominal:
        if is_hypothetical:
            return Outcome(Result.DONE, current)
        return put(uss, wanted, current, Judgement((), (), (), ()))
    if state_of(current) is None and wanted.state is _S.ACTIVATED and not is_hypothetical:
        # Of no version of the operation: whoever finds it so knows that it is half done.
        half = replace(wanted, state=_S.ACCEPTED, operation_version=0)
        first = _coordinated(uss, half, current, False)
        if first.result is not Result.DONE:
            return first
        return _activated(uss, wanted, first.published)
    return _coordinated(uss, wanted, current, is_hypothetical)


def _activated(uss: Uss, wanted: Wanted, accepted: PublishedIntent | None) -> Outcome:
    """Activate what was accepted only for that; where it cannot be, nothing of it stays.

    Where nobody is told that it failed, it is tried again instead.
    """
    try:
        outcome = _coordinated(uss, wanted, accepted, False)
    except (InvalidInput, PeerTrouble) as trouble:
        if wanted.actor or isinstance(trouble, InvalidInput):
            end(uss, wanted.id, actor=wanted.actor)
        raise
    if outcome.result is Result.DONE:
        return outcome
    return outcome._replace(published=end(uss, wanted.id, actor=wanted.actor).published)


def _coordinated(
    uss: Uss, wanted: Wanted, current: PublishedIntent | None, is_hypothetical: bool
) -> Outcome:
    """Learn, decide, put; learn what the discovery service knows besides, and again."""
    named = NOTHING_NAMED
    placing = _placing(uss, wanted, current)
    for _ in range(ROUNDS):
        around = surroundings(uss, wanted.id, wanted.extents, named)
        judgement = judged(placing, around)
        if judgement.refusals:
            return _refused(uss, wanted, judgement.refusals, around)
        if is_hypothetical:
            return Outcome(Result.DONE, current, conflicts=len(judgement.met))
        try:
            return put(uss, wanted, current, judgement)
        except AirspaceConflict as conflict:
            current = uss.own.intent(wanted.id)
            named = named_in(conflict)
    why = "what is around it changes faster than it can be learnt"
    return _refused(uss, wanted, (why,))


def _placing(uss: Uss, wanted: Wanted, current: PublishedIntent | None) -> Placing:
    before = state_of(current)
    is_in_use = before is not None and before is not _S.ACCEPTED
    return Placing(
        before=before,
        after=wanted.state,
        priority=wanted.priority,
        volumes=tuple(volume_of(each) for each in wanted.extents),
        volumes_before=volumes_of(current.intent.details)
        if is_in_use and current is not None and current.intent is not None
        else (),
        equals_may_meet=uss.settings.equal_priority_may_conflict,
    )


def _refused(
    uss: Uss,
    wanted: Wanted,
    reasons: tuple[str, ...],
    around: Surroundings | None = None,
) -> Outcome:
    why = "; ".join(reasons)[:2_000]
    published = _without_try(uss, wanted)
    _log_attempt(uss, wanted, why, around)
    about = (Subject.INTENT, wanted.id, 0)
    entry = record(
        uss.node.identity,
        EntryKind.INTENT_REFUSED,
        about,
        {"designator": wanted.designator, "state": wanted.state.value, "why": why},
        at=uss.now(),
        actor=wanted.actor,
    )

    def work(unit: Unit) -> None:
        unit.append(entry)

    uss.node.store.write(work)
    return Outcome(Result.REFUSED, published, why)


def _without_try(uss: Uss, wanted: Wanted) -> PublishedIntent | None:
    """What is published once a refusal is an answer: nothing of a new intent that was asked for.

    Where it was asked for before, and that was not answered, the service may have it.
    """
    tried = uss.own.intent(wanted.id)
    if tried is None or tried.intent is not None:
        return tried
    if tried.unanswered_at is not None:
        return end(uss, wanted.id, actor=wanted.actor).published
    keep_intent(uss, tried, EntryKind.INTENT_WITHDRAWN, actor=wanted.actor)
    return None


def _log_attempt(uss: Uss, wanted: Wanted, why: str, around: Surroundings | None) -> None:
    known = [] if around is None else [each.intent for each in around.intents if each.intent]
    uss.log.keep(
        LogSort.PLANNING_ATTEMPT,
        PlanningRecord(
            time=time_of(uss.now()),
            ovns=tuple(each.reference.ovn for each in known if each.reference.ovn),
            operational_intent_id=wanted.id,
            problem=why,
        ),
    )
