"""Be flown by an automated test: its flight plans are own operations, published as they are filed.

A refusal is Rejected; Failed is a malfunction. A plan that was refused is not filed: here, and
only here, F3548's rules decide whether an operation comes to be.

Source: InterUSS automated testing interface, flight_planning v1 (0.7.0).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import msgspec
from msgspec import UNSET

from keepclear.errors import InvalidInput, NotFound, PeerTrouble
from keepclear.f3548.intersections import intersecting
from keepclear.formats.documents.published import PublishedIntent
from keepclear.formats.f3548 import (
    ClearAreaOutcome,
    ClearAreaRequest,
    ClearAreaResponse,
    DeleteFlightPlanResponse,
    ExecutionStyle,
    FlightPlanStatus,
    OperationalIntentReference,
    PlanningActivityResult,
    QueryUserNotificationsResponse,
    StatusResponse,
    UpsertFlightPlanRequest,
    UpsertFlightPlanResponse,
    UsageState,
    UserNotification,
    Volume4D,
)
from keepclear.formats.f3548.volumes import time_of, volume_of
from keepclear.ledger.entries import EntryKind
from keepclear.model.coordination import IntentState
from keepclear.model.operation import (
    EndReason,
    Operation,
    OperationClass,
    OperationState,
    Source,
    SourceKind,
)
from keepclear.ports.store import Unit
from keepclear.services.expected import NEW
from keepclear.services.filing import change_state, file_operation, require_sound
from keepclear.services.uss.ending import end
from keepclear.services.uss.flight_reading import (
    FlightRead,
    NotSupportedHereError,
    read_plan,
    volume_in,
)
from keepclear.services.uss.judging import volumes_of
from keepclear.services.uss.keeping import keep_intent
from keepclear.services.uss.notifying import intent_notices
from keepclear.services.uss.planning import plan
from keepclear.services.uss.publishing import STATE_OF
from keepclear.services.uss.uss import Uss
from keepclear.services.uss.wanted import Outcome, Result, Wanted, state_of

API_NAME = "Flight Planning Automated Testing Interface"
API_VERSION = "v0.7.0"
SOURCE = Source(SourceKind.FILE, "flight_planning/v1")

_STATUS_OF = {
    None: FlightPlanStatus.NOT_PLANNED,
    IntentState.ACCEPTED: FlightPlanStatus.PLANNED,
    IntentState.ACTIVATED: FlightPlanStatus.OK_TO_FLY,
    IntentState.NONCONFORMING: FlightPlanStatus.OFF_NOMINAL,
    IntentState.CONTINGENT: FlightPlanStatus.OFF_NOMINAL,
}
_RESULT_OF = {
    Result.DONE: PlanningActivityResult.COMPLETED,
    Result.REFUSED: PlanningActivityResult.REJECTED,
    Result.FAILED: PlanningActivityResult.FAILED,
}
_OPERATION_STATE_OF = {intent: operation for operation, intent in STATE_OF.items()}


def status() -> StatusResponse:
    """Whether tests may begin."""
    return StatusResponse(status="Ready", api_name=API_NAME, api_version=API_VERSION)


def upsert(
    uss: Uss, flight_plan_id: str, request: UpsertFlightPlanRequest, *, actor: str
) -> UpsertFlightPlanResponse:
    """Have a user plan, change, use or close a flight; a refusal is an answer.

    The same request again, by its id, is answered as before and does nothing.

    Raises:
        NotFound: a flight is to be closed that never was.
        NodeFault: the node cannot do its work.
    """
    if request.flight_plan.basic_information.usage_state is UsageState.CLOSED:
        closed = close(uss, flight_plan_id, actor=actor)
        return UpsertFlightPlanResponse(
            planning_result=closed.planning_result,
            notes=closed.notes,
            flight_plan_status=closed.flight_plan_status,
        )
    with uss.own.alone(flight_plan_id):
        before = uss.answered.find(flight_plan_id, request.request_id)
        if isinstance(before, UpsertFlightPlanResponse):
            return before
        answer = _upserted(uss, flight_plan_id, request, actor)
        uss.answered.keep(flight_plan_id, request.request_id, answer)
    return answer


def _upserted(
    uss: Uss, flight_plan_id: str, request: UpsertFlightPlanRequest, actor: str
) -> UpsertFlightPlanResponse:
    try:
        read = read_plan(uss, request.flight_plan)
        outcome = _flown(uss, flight_plan_id, request, read, actor)
    except NotSupportedHereError as fault:
        return _answer(uss, flight_plan_id, PlanningActivityResult.NOT_SUPPORTED, fault.message)
    except InvalidInput as fault:
        return _answer(uss, flight_plan_id, PlanningActivityResult.REJECTED, fault.message)
    answer = _answer(uss, flight_plan_id, _RESULT_OF[outcome.result], outcome.why)
    if outcome.result is Result.DONE and read.as_planned:
        return msgspec.structs.replace(answer, as_planned=read.as_planned)
    return answer


def close(uss: Uss, flight_plan_id: str, *, actor: str) -> DeleteFlightPlanResponse:
    """Have a user cancel or finish a flight.

    Raises:
        NotFound: there never was one of that id.
    """
    with uss.own.alone(flight_plan_id):
        with uss.node.store.view() as view:
            stored = view.operation(flight_plan_id)
        if stored is None and uss.own.intent(flight_plan_id) is None:
            raise NotFound(f"there is no flight plan {flight_plan_id}")
        outcome = end(uss, flight_plan_id, actor=actor)
        if outcome.result is not Result.DONE:
            return DeleteFlightPlanResponse(
                planning_result=PlanningActivityResult.FAILED,
                notes=outcome.why,
                flight_plan_status=_STATUS_OF[state_of(outcome.published)],
            )
        _end_operation(uss, flight_plan_id, actor)
    return DeleteFlightPlanResponse(
        planning_result=PlanningActivityResult.COMPLETED, flight_plan_status=FlightPlanStatus.CLOSED
    )


def _end_operation(uss: Uss, flight_plan_id: str, actor: str) -> None:
    """End a flight's operation, in the version it has by now: the service was waited for."""
    with uss.node.store.view() as view:
        stored = view.operation(flight_plan_id)
    if stored is None or stored.operation.state is OperationState.ENDED:
        return
    change_state(
        uss.node,
        flight_plan_id,
        OperationState.ENDED,
        expected=stored.operation.version,
        text="closed by an automated test",
        actor=actor,
    )


def clear_area(uss: Uss, request: ClearAreaRequest, *, actor: str) -> ClearAreaResponse:
    """Close every own flight in an area, and take back what is published there as ours.

    Raises:
        InvalidInput: the area is unusable.
    """
    extent = volume_in(uss, request.extent)
    left: list[str] = []
    for published in uss.own.intents():
        if published.intent is None or _meets(published, extent):
            try:
                outcome = close(uss, published.id, actor=actor)
            except NotFound:
                continue
            if outcome.planning_result is not PlanningActivityResult.COMPLETED:
                left.append(f"{published.id}: {outcome.notes}")
    try:
        for reference in uss.dss.query_intents(extent):
            if uss.is_ours(reference.uss_base_url):
                left += _removed(uss, reference)
    except (InvalidInput, PeerTrouble) as trouble:
        left.append(trouble.message)
    if left:
        return ClearAreaResponse(outcome=ClearAreaOutcome(success=False, message="; ".join(left)))
    return ClearAreaResponse(outcome=ClearAreaOutcome(success=True))


def user_notifications(
    uss: Uss, after: datetime, before: datetime
) -> QueryUserNotificationsResponse:
    """What operators were told between two moments."""
    with uss.node.store.view() as view:
        notices = view.operator_notices(after, min(before, uss.now()))
    return QueryUserNotificationsResponse(
        user_notifications=tuple(
            UserNotification(
                observed_at=time_of(each.at),
                message=each.text,
                conflicts="Single" if each.conflicts == 1 else "Multiple",
            )
            for each in notices
            if each.conflicts
        )
    )


def _flown(
    uss: Uss, flight_plan_id: str, request: UpsertFlightPlanRequest, read: FlightRead, actor: str
) -> Outcome:
    with uss.node.store.view() as view:
        stored = view.operation(flight_plan_id)
    held = None if stored is None else stored.operation
    if held is not None and held.state is OperationState.ENDED:
        raise InvalidInput(f"flight plan {flight_plan_id} was closed")
    operation = _operation(uss, flight_plan_id, read, held)
    require_sound(uss.node, operation)
    wanted = _wanted(uss, operation, read, actor)
    is_hypothetical = request.execution_style is ExecutionStyle.HYPOTHETICAL
    outcome = plan(uss, wanted, is_hypothetical=is_hypothetical)
    if outcome.result is Result.DONE and not is_hypothetical:
        try:
            _file(uss, operation, held, actor)
        except InvalidInput:
            _unsettle(uss, flight_plan_id, held, actor)
            raise
    return outcome


def _unsettle(uss: Uss, flight_plan_id: str, held: Operation | None, actor: str) -> None:
    """Somebody else filed the operation while the service was waited for: theirs counts.

    What is published is brought in line with it by `following`; where nothing was published
    before, nothing stays.
    """
    published = uss.own.intent(flight_plan_id)
    if held is None or published is None:
        end(uss, flight_plan_id, actor=actor)
    else:
        of_none = msgspec.structs.replace(published, operation_version=0)
        keep_intent(uss, of_none, EntryKind.INTENT_CHANGED, actor=actor)


def _wanted(uss: Uss, operation: Operation, read: FlightRead, actor: str) -> Wanted:
    off_nominal: tuple[Volume4D, ...] = ()
    nominal = read.area
    if not read.state.is_nominal:
        current = uss.own.intent(operation.id)
        before = current.intent.details.volumes if current and current.intent else ()
        nominal, off_nominal = before or read.area, read.area
    if read.state is IntentState.CONTINGENT:
        nominal = ()
    return Wanted(
        id=operation.id,
        designator=operation.designator,
        operation_version=operation.version,
        state=read.state,
        volumes=nominal,
        off_nominal_volumes=off_nominal,
        priority=read.priority,
        actor=actor,
    )


def _operation(
    uss: Uss, flight_plan_id: str, read: FlightRead, held: Operation | None
) -> Operation:
    """The operation as it will be filed: what version and state it will have included."""
    volumes = tuple(volume_of(each) for each in read.area)
    state = _OPERATION_STATE_OF[read.state]
    if held is None:
        identity = uss.node.identity
        return Operation(
            id=flight_plan_id,
            party=identity.party,
            designator=f"FP-{flight_plan_id[:8].upper()}",
            operation_class=OperationClass.UNMANNED,
            volumes=volumes,
            mode=identity.mode,
            source=SOURCE,
            received_at=uss.now(),
            version=1 if state is OperationState.PLANNED else 2,
            state=state,
            priority=read.priority,
        )
    fresh = replace(held, volumes=volumes, priority=read.priority)
    changes = int(_said(fresh) != _said(held)) + int(state is not held.state)
    return replace(fresh, state=state, version=held.version + changes)


def _said(operation: Operation) -> tuple[object, ...]:
    return operation.volumes, operation.priority


def _file(uss: Uss, operation: Operation, held: Operation | None, actor: str) -> None:
    """File what was accepted: its content first, then what became of it."""
    expected = NEW if held is None else held.version
    version = 1 if held is None else held.version
    state = OperationState.PLANNED if held is None else held.state
    if held is None or _said(operation) != _said(held):
        content = replace(operation, state=state, end_reason=EndReason.NOT_ENDED)
        filed = file_operation(uss.node, content, expected=expected, actor=actor)
        version = filed.stored.operation.version
    if operation.state is not state:
        change_state(uss.node, operation.id, operation.state, expected=version, actor=actor)


def _meets(published: PublishedIntent, extent: Volume4D) -> bool:
    if published.intent is None:
        return True
    return bool(intersecting([volume_of(extent)], volumes_of(published.intent.details)))


def _removed(uss: Uss, reference: OperationalIntentReference) -> list[str]:
    """Take back what the discovery service has as ours and this node knows nothing of."""
    with uss.own.alone(reference.id):
        if uss.own.intent(reference.id) is not None:
            return []
        try:
            gone = uss.dss.delete_intent(reference.id, reference.ovn or "")
        except NotFound:
            return []
        except InvalidInput as fault:
            return [f"{reference.id}: {fault.message}"]
        notices = intent_notices(uss, gone.subscribers, reference.id, UNSET)

        def work(unit: Unit) -> None:
            for each in notices:
                unit.put_waiting(each)

        uss.node.store.write(work)
    uss.ring()
    return []


def _answer(
    uss: Uss, flight_plan_id: str, result: PlanningActivityResult, why: str
) -> UpsertFlightPlanResponse:
    return UpsertFlightPlanResponse(
        planning_result=result,
        notes=why or UNSET,
        flight_plan_status=_STATUS_OF[state_of(uss.own.intent(flight_plan_id))],
    )
