"""What other USSs ask and tell this one.

Source: ASTM F3548-21, interface UTM API 1.0.0, paths under /uss/v1.
"""

from __future__ import annotations

from keepclear.api.f3548.endpoint import (
    AA,
    CM,
    CMSA,
    CP,
    SC,
    Answer,
    F3548Call,
    F3548Endpoint,
    any_of,
)
from keepclear.api.f3548.exchanges import logged
from keepclear.formats.f3548 import (
    ErrorReport,
    ErrorResponse,
    GetConstraintDetailsResponse,
    GetOperationalIntentDetailsResponse,
    GetOperationalIntentTelemetryResponse,
    PutConstraintDetailsParameters,
    PutOperationalIntentDetailsParameters,
    USSLogSet,
)
from keepclear.services.uss.reporting import log_set, take_report
from keepclear.services.uss.showing import shown_constraint, shown_intent, shown_telemetry
from keepclear.services.uss.taking import Sender, take_constraint, take_intent

INTENT = "/uss/v1/operational_intents/{entityid}"
TELEMETRY = "/uss/v1/operational_intents/{entityid}/telemetry"
INTENTS = "/uss/v1/operational_intents"
CONSTRAINT = "/uss/v1/constraints/{entityid}"
CONSTRAINTS = "/uss/v1/constraints"
REPORTS = "/uss/v1/reports"
LOG_SET = "/uss/v1/log_sets/{log_set_id}"


def _intent(call: F3548Call) -> Answer:
    intent = shown_intent(call.uss, call.path["entityid"])
    return Answer(200, GetOperationalIntentDetailsResponse(operational_intent=intent))


def _telemetry(call: F3548Call) -> Answer:
    shown = shown_telemetry(call.uss, call.path["entityid"])
    if shown is None:
        return Answer(412, ErrorResponse(message="no telemetry of this intent came yet"))
    return Answer(200, shown)


def _intent_told(call: F3548Call) -> Answer:
    take_intent(call.uss, _sender(call), call.body)
    return Answer(204)


def _constraint(call: F3548Call) -> Answer:
    constraint = shown_constraint(call.uss, call.path["entityid"])
    return Answer(200, GetConstraintDetailsResponse(constraint=constraint))


def _constraint_told(call: F3548Call) -> Answer:
    take_constraint(call.uss, _sender(call), call.body)
    return Answer(204)


def _report(call: F3548Call) -> Answer:
    return Answer(201, take_report(call.uss, call.bearer.sub, call.body))


def _log_set(call: F3548Call) -> Answer:
    return Answer(200, log_set(call.uss, call.path["log_set_id"]))


def _sender(call: F3548Call) -> Sender:
    return Sender(call.bearer.sub, call.bearer.client_id)


ENDPOINTS = (
    F3548Endpoint(
        method="GET",
        path=INTENT,
        operation_id="getOperationalIntentDetails",
        summary="An own operational intent whole.",
        scopes=any_of(SC),
        handler=logged("GET", INTENT, _intent),
        returns=(200, GetOperationalIntentDetailsResponse),
        errors=(400, 404),
        sort="brief",
    ),
    F3548Endpoint(
        method="GET",
        path=TELEMETRY,
        operation_id="getOperationalIntentTelemetry",
        summary="Where an off-nominal aircraft was seen last.",
        scopes=any_of(CMSA),
        handler=logged("GET", TELEMETRY, _telemetry),
        returns=(200, GetOperationalIntentTelemetryResponse),
        errors=(400, 404, 409, 412),
        sort="brief",
    ),
    F3548Endpoint(
        method="POST",
        path=INTENTS,
        operation_id="notifyOperationalIntentDetailsChanged",
        summary="An operational intent of another USS changed, or is gone.",
        scopes=any_of(SC),
        handler=logged("POST", INTENTS, _intent_told),
        returns=(204, None),
        body=PutOperationalIntentDetailsParameters,
        errors=(400, 409),
        sort="brief",
    ),
    F3548Endpoint(
        method="GET",
        path=CONSTRAINT,
        operation_id="getConstraintDetails",
        summary="An own constraint whole.",
        scopes=any_of(CP),
        handler=logged("GET", CONSTRAINT, _constraint),
        returns=(200, GetConstraintDetailsResponse),
        errors=(400, 404),
        sort="brief",
    ),
    F3548Endpoint(
        method="POST",
        path=CONSTRAINTS,
        operation_id="notifyConstraintDetailsChanged",
        summary="A constraint of another USS changed, or is gone.",
        scopes=any_of(CM),
        handler=logged("POST", CONSTRAINTS, _constraint_told),
        returns=(204, None),
        body=PutConstraintDetailsParameters,
        errors=(400, 409),
        sort="brief",
    ),
    F3548Endpoint(
        method="POST",
        path=REPORTS,
        operation_id="makeUssReport",
        summary="Another USS reports trouble in an exchange with this one.",
        scopes=any_of(SC, CP, CM, CMSA, AA),
        handler=logged("POST", REPORTS, _report),
        returns=(201, ErrorReport),
        body=ErrorReport,
        errors=(400,),
        sort="brief",
    ),
    F3548Endpoint(
        method="GET",
        path=LOG_SET,
        operation_id="getLogSet",
        summary="What was logged on a day, or from one day to another.",
        # The document's own default: one token with every role, as an investigator's has.
        scopes=(frozenset({SC, CM, CP, CMSA, AA}),),
        handler=_log_set,
        returns=(200, USSLogSet),
        errors=(400,),
        sort="work",
    ),
)
