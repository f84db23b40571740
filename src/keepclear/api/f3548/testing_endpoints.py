"""By what an automated test flies this USS; served only where the settings say so.

Source: InterUSS automated testing interfaces, flight_planning v1 (0.7.0), versioning (0.1.2).
"""

from __future__ import annotations

from datetime import UTC, datetime

from keepclear import __version__
from keepclear.api.f3548.endpoint import Answer, F3548Call, F3548Endpoint, any_of
from keepclear.errors import InvalidInput
from keepclear.formats.f3548 import (
    ClearAreaRequest,
    ClearAreaResponse,
    DeleteFlightPlanResponse,
    GetVersionResponse,
    QueryUserNotificationsResponse,
    StatusResponse,
    UpsertFlightPlanRequest,
    UpsertFlightPlanResponse,
)
from keepclear.services.uss import flight_plans

DIRECT_TEST = "interuss.flight_planning.direct_automated_test"
PLAN = "interuss.flight_planning.plan"
READ_VERSIONS = "interuss.versioning.read_system_versions"


def _status(call: F3548Call) -> Answer:
    del call
    return Answer(200, flight_plans.status())


def _clear_area(call: F3548Call) -> Answer:
    return Answer(200, flight_plans.clear_area(call.uss, call.body, actor=call.bearer.sub))


def _upsert(call: F3548Call) -> Answer:
    flight_plan_id = call.path["flight_plan_id"]
    return Answer(
        200, flight_plans.upsert(call.uss, flight_plan_id, call.body, actor=call.bearer.sub)
    )


def _delete(call: F3548Call) -> Answer:
    flight_plan_id = call.path["flight_plan_id"]
    return Answer(200, flight_plans.close(call.uss, flight_plan_id, actor=call.bearer.sub))


def _notifications(call: F3548Call) -> Answer:
    if "after" not in call.query:
        raise InvalidInput("after: missing", remedy="Give it as 2026-11-28T12:00:00Z.")
    after = _moment("after", call.query["after"])
    before = _moment("before", call.query["before"]) if "before" in call.query else call.uss.now()
    if before < after:
        raise InvalidInput("before: is earlier than after")
    return Answer(200, flight_plans.user_notifications(call.uss, after, before))


def _version(call: F3548Call) -> Answer:
    identity = call.path["system_identity"]
    return Answer(200, GetVersionResponse(system_identity=identity, system_version=__version__))


def _moment(name: str, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{name}: {text[:60]!r} is no time") from None
    if at.tzinfo is None:
        raise InvalidInput(f"{name}: {text[:60]!r} has no zone")
    return at.astimezone(UTC)


ENDPOINTS = (
    F3548Endpoint(
        method="GET",
        path="/flight_planning/v1/status",
        operation_id="getFlightPlanningStatus",
        summary="Whether tests may begin.",
        scopes=any_of(DIRECT_TEST),
        handler=_status,
        returns=(200, StatusResponse),
        errors=(),
        sort="brief",
    ),
    F3548Endpoint(
        method="POST",
        path="/flight_planning/v1/clear_area_requests",
        operation_id="clearArea",
        summary="Close every own flight in an area.",
        scopes=any_of(DIRECT_TEST),
        handler=_clear_area,
        returns=(200, ClearAreaResponse),
        body=ClearAreaRequest,
        errors=(400,),
        sort="work",
    ),
    F3548Endpoint(
        method="PUT",
        path="/flight_planning/v1/flight_plans/{flight_plan_id}",
        operation_id="upsertFlightPlan",
        summary="A user plans, changes, uses or closes a flight.",
        scopes=any_of(PLAN),
        handler=_upsert,
        returns=(200, UpsertFlightPlanResponse),
        body=UpsertFlightPlanRequest,
        errors=(400, 404),
        sort="work",
    ),
    F3548Endpoint(
        method="DELETE",
        path="/flight_planning/v1/flight_plans/{flight_plan_id}",
        operation_id="deleteFlightPlan",
        summary="A user cancels or finishes a flight.",
        scopes=any_of(PLAN),
        handler=_delete,
        returns=(200, DeleteFlightPlanResponse),
        errors=(400, 404),
        sort="work",
    ),
    F3548Endpoint(
        method="GET",
        path="/flight_planning/v1/user_notifications",
        operation_id="queryUserNotifications",
        summary="What operators were told in a span of time.",
        scopes=any_of(PLAN),
        handler=_notifications,
        returns=(200, QueryUserNotificationsResponse),
        errors=(400,),
        query=("after", "before"),
        sort="brief",
    ),
    F3548Endpoint(
        method="GET",
        path="/versioning/versions/{system_identity}",
        operation_id="getTestedSystemVersion",
        summary="Which version of a system runs here.",
        scopes=any_of(READ_VERSIONS),
        handler=_version,
        returns=(200, GetVersionResponse),
        errors=(400,),
        sort="brief",
    ),
)
