"""What the discovery and synchronization service answers to.

Source: ASTM F3548-21, annex A, paths under /dss/v1.
"""

from __future__ import annotations

from keepclear.api.f3548.endpoint import (
    AA,
    CM,
    CMSA,
    CP,
    REPORT_BYTES,
    SC,
    Answer,
    DssWork,
    F3548Call,
    F3548Endpoint,
    any_of,
)
from keepclear.formats import f3548 as records
from keepclear.services import dss as service

_INTENTS = "/dss/v1/operational_intent_references"
_CONSTRAINTS = "/dss/v1/constraint_references"
_SUBSCRIPTIONS = "/dss/v1/subscriptions"
_AVAILABILITY = "/dss/v1/uss_availability/{uss_id}"
_INTENT_WRITERS = (frozenset((SC,)), frozenset((SC, CP)), frozenset((CMSA,)))


def _query_intents(call: F3548Call) -> Answer:
    found = service.query_intents(call.dss, call.dss_view, call.bearer.sub, call.body)
    return Answer(200, found)


def _get_intent(call: F3548Call) -> Answer:
    entity = call.path["entityid"]
    return Answer(200, service.get_intent(call.dss, call.dss_view, call.bearer.sub, entity))


def _put_intent(call: F3548Call) -> DssWork:
    """Make an intent, or change the one whose OVN the path names."""
    bearer, path = call.bearer, call.path
    return service.put_intent(
        call.dss,
        bearer.sub,
        path["entityid"],
        path.get("ovn"),
        call.body,
        scopes=bearer.scopes,
    )


def _delete_intent(call: F3548Call) -> DssWork:
    return service.delete_intent(call.dss, call.bearer.sub, call.path["entityid"], call.path["ovn"])


def _query_constraints(call: F3548Call) -> Answer:
    found = service.query_constraints(call.dss, call.dss_view, call.bearer.sub, call.body)
    return Answer(200, found)


def _get_constraint(call: F3548Call) -> Answer:
    entity = call.path["entityid"]
    return Answer(200, service.get_constraint(call.dss, call.dss_view, call.bearer.sub, entity))


def _put_constraint(call: F3548Call) -> DssWork:
    path = call.path
    return service.put_constraint(
        call.dss, call.bearer.sub, path["entityid"], path.get("ovn"), call.body
    )


def _delete_constraint(call: F3548Call) -> DssWork:
    return service.delete_constraint(
        call.dss, call.bearer.sub, call.path["entityid"], call.path["ovn"]
    )


def _query_subscriptions(call: F3548Call) -> Answer:
    found = service.query_subscriptions(call.dss, call.dss_view, call.bearer.sub, call.body)
    return Answer(200, found)


def _get_subscription(call: F3548Call) -> Answer:
    one = call.path["subscriptionid"]
    return Answer(200, service.get_subscription(call.dss, call.dss_view, call.bearer.sub, one))


def _put_subscription(call: F3548Call) -> DssWork:
    path = call.path
    return service.put_subscription(
        call.dss, call.bearer.sub, path["subscriptionid"], path.get("version"), call.body
    )


def _delete_subscription(call: F3548Call) -> DssWork:
    path = call.path
    return service.delete_subscription(
        call.dss, call.bearer.sub, path["subscriptionid"], path["version"]
    )


def _put_availability(call: F3548Call) -> DssWork:
    return service.put_availability(call.dss, call.bearer.sub, call.path["uss_id"], call.body)


def _get_availability(call: F3548Call) -> Answer:
    return Answer(200, service.get_availability(call.dss, call.dss_view, call.path["uss_id"]))


def _put_report(call: F3548Call) -> DssWork:
    return service.put_report(call.dss, call.bearer.sub, call.body)


INTENTS = (
    F3548Endpoint(
        method="POST",
        path=f"{_INTENTS}/query",
        operation_id="queryOperationalIntentReferences",
        summary="Find the operational intents in a volume.",
        scopes=any_of(SC, CMSA),
        handler=_query_intents,
        returns=(200, records.QueryOperationalIntentReferenceResponse),
        sort="read",
        errors=(400, 413),
        body=records.QueryOperationalIntentReferenceParameters,
    ),
    F3548Endpoint(
        method="GET",
        path=f"{_INTENTS}/{{entityid}}",
        operation_id="getOperationalIntentReference",
        summary="Show an operational intent.",
        scopes=any_of(SC, CMSA),
        handler=_get_intent,
        returns=(200, records.GetOperationalIntentReferenceResponse),
        sort="read",
        errors=(400, 404),
    ),
    F3548Endpoint(
        method="PUT",
        path=f"{_INTENTS}/{{entityid}}",
        operation_id="createOperationalIntentReference",
        summary="Make an operational intent.",
        scopes=_INTENT_WRITERS,
        handler=_put_intent,
        returns=(201, records.ChangeOperationalIntentReferenceResponse),
        sort="write",
        errors=(400, 409, 412, 413),
        body=records.PutOperationalIntentReferenceParameters,
        conflict=records.AirspaceConflictResponse,
    ),
    F3548Endpoint(
        method="PUT",
        path=f"{_INTENTS}/{{entityid}}/{{ovn}}",
        operation_id="updateOperationalIntentReference",
        summary="Change an operational intent.",
        scopes=_INTENT_WRITERS,
        handler=_put_intent,
        returns=(200, records.ChangeOperationalIntentReferenceResponse),
        sort="write",
        errors=(400, 409, 412, 413),
        body=records.PutOperationalIntentReferenceParameters,
        conflict=records.AirspaceConflictResponse,
    ),
    F3548Endpoint(
        method="DELETE",
        path=f"{_INTENTS}/{{entityid}}/{{ovn}}",
        operation_id="deleteOperationalIntentReference",
        summary="Remove an operational intent.",
        scopes=any_of(SC, CMSA),
        handler=_delete_intent,
        returns=(200, records.ChangeOperationalIntentReferenceResponse),
        sort="write",
        errors=(400, 404, 409, 412),
    ),
)
CONSTRAINTS = (
    F3548Endpoint(
        method="POST",
        path=f"{_CONSTRAINTS}/query",
        operation_id="queryConstraintReferences",
        summary="Find the constraints in a volume.",
        scopes=any_of(CM, CP),
        handler=_query_constraints,
        returns=(200, records.QueryConstraintReferencesResponse),
        sort="read",
        errors=(400, 413),
        body=records.QueryConstraintReferenceParameters,
    ),
    F3548Endpoint(
        method="GET",
        path=f"{_CONSTRAINTS}/{{entityid}}",
        operation_id="getConstraintReference",
        summary="Show a constraint.",
        scopes=any_of(CM, CP),
        handler=_get_constraint,
        returns=(200, records.GetConstraintReferenceResponse),
        sort="read",
        errors=(400, 404),
    ),
    F3548Endpoint(
        method="PUT",
        path=f"{_CONSTRAINTS}/{{entityid}}",
        operation_id="createConstraintReference",
        summary="Make a constraint.",
        scopes=any_of(CM),
        handler=_put_constraint,
        returns=(201, records.ChangeConstraintReferenceResponse),
        sort="write",
        errors=(400, 409, 413),
        body=records.PutConstraintReferenceParameters,
    ),
    F3548Endpoint(
        method="PUT",
        path=f"{_CONSTRAINTS}/{{entityid}}/{{ovn}}",
        operation_id="updateConstraintReference",
        summary="Change a constraint.",
        scopes=any_of(CM),
        handler=_put_constraint,
        returns=(200, records.ChangeConstraintReferenceResponse),
        sort="write",
        errors=(400, 409, 413),
        body=records.PutConstraintReferenceParameters,
    ),
    F3548Endpoint(
        method="DELETE",
        path=f"{_CONSTRAINTS}/{{entityid}}/{{ovn}}",
        operation_id="deleteConstraintReference",
        summary="Remove a constraint.",
        scopes=any_of(CM),
        handler=_delete_constraint,
        returns=(200, records.ChangeConstraintReferenceResponse),
        sort="write",
        errors=(400, 404, 409),
    ),
)
SUBSCRIPTIONS = (
    F3548Endpoint(
        method="POST",
        path=f"{_SUBSCRIPTIONS}/query",
        operation_id="querySubscriptions",
        summary="Find one's own subscriptions in a volume.",
        scopes=any_of(CP, SC),
        handler=_query_subscriptions,
        returns=(200, records.QuerySubscriptionsResponse),
        sort="read",
        errors=(400, 413),
        body=records.QuerySubscriptionParameters,
    ),
    F3548Endpoint(
        method="GET",
        path=f"{_SUBSCRIPTIONS}/{{subscriptionid}}",
        operation_id="getSubscription",
        summary="Show a subscription of one's own.",
        scopes=any_of(CP, SC),
        handler=_get_subscription,
        returns=(200, records.GetSubscriptionResponse),
        sort="read",
        errors=(400, 404),
    ),
    F3548Endpoint(
        method="PUT",
        path=f"{_SUBSCRIPTIONS}/{{subscriptionid}}",
        operation_id="createSubscription",
        summary="Subscribe to a volume.",
        scopes=any_of(CP, SC),
        handler=_put_subscription,
        returns=(200, records.PutSubscriptionResponse),
        sort="write",
        errors=(400, 409),
        body=records.PutSubscriptionParameters,
    ),
    F3548Endpoint(
        method="PUT",
        path=f"{_SUBSCRIPTIONS}/{{subscriptionid}}/{{version}}",
        operation_id="updateSubscription",
        summary="Change a subscription.",
        scopes=any_of(CP, SC),
        handler=_put_subscription,
        returns=(200, records.PutSubscriptionResponse),
        sort="write",
        errors=(400, 409),
        body=records.PutSubscriptionParameters,
    ),
    F3548Endpoint(
        method="DELETE",
        path=f"{_SUBSCRIPTIONS}/{{subscriptionid}}/{{version}}",
        operation_id="deleteSubscription",
        summary="End a subscription.",
        scopes=any_of(CP, SC),
        handler=_delete_subscription,
        returns=(200, records.DeleteSubscriptionResponse),
        sort="write",
        errors=(400, 404, 409),
    ),
)
OTHERS = (
    F3548Endpoint(
        method="POST",
        path="/dss/v1/reports",
        operation_id="makeDssReport",
        summary="Report trouble with a DSS.",
        scopes=any_of(CM, CP, SC, CMSA, AA),
        handler=_put_report,
        returns=(201, records.ErrorReport),
        sort="write",
        errors=(400,),
        body=records.ErrorReport,
        most_bytes=REPORT_BYTES,
    ),
    F3548Endpoint(
        method="PUT",
        path=_AVAILABILITY,
        operation_id="setUssAvailability",
        summary="Say whether a USS is available.",
        scopes=any_of(AA),
        handler=_put_availability,
        returns=(200, records.UssAvailabilityStatusResponse),
        sort="write",
        errors=(400, 409),
        body=records.SetUssAvailabilityStatusParameters,
    ),
    F3548Endpoint(
        method="GET",
        path=_AVAILABILITY,
        operation_id="getUssAvailability",
        summary="Show whether a USS is available.",
        scopes=any_of(AA, SC, CMSA),
        handler=_get_availability,
        returns=(200, records.UssAvailabilityStatusResponse),
        sort="read",
        errors=(400,),
    ),
)

ENDPOINTS: tuple[F3548Endpoint, ...] = (*INTENTS, *CONSTRAINTS, *SUBSCRIPTIONS, *OTHERS)
