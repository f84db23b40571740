"""A discovery and synchronization service over HTTP: fits the `DssClient` port.

Source: ASTM F3548-21, interface UTM API 1.0.0, paths under /dss/v1.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from keepclear.formats.f3548 import (
    ChangeConstraintReferenceResponse,
    ChangeOperationalIntentReferenceResponse,
    ConstraintReference,
    DeleteSubscriptionResponse,
    ErrorReport,
    ExchangeRecord,
    GetConstraintReferenceResponse,
    GetOperationalIntentReferenceResponse,
    GetSubscriptionResponse,
    OperationalIntentReference,
    PutConstraintReferenceParameters,
    PutOperationalIntentReferenceParameters,
    PutSubscriptionParameters,
    PutSubscriptionResponse,
    QueryConstraintReferenceParameters,
    QueryConstraintReferencesResponse,
    QueryOperationalIntentReferenceParameters,
    QueryOperationalIntentReferenceResponse,
    QuerySubscriptionParameters,
    QuerySubscriptionsResponse,
    SetUssAvailabilityStatusParameters,
    Subscription,
    UssAvailabilityStatusResponse,
    Volume4D,
    encode,
)
from keepclear.peers.asking import Asker, Reach, Request

SC = frozenset({"utm.strategic_coordination"})
CM = frozenset({"utm.constraint_management"})
CP = frozenset({"utm.constraint_processing"})
CMSA = frozenset({"utm.conformance_monitoring_sa"})
AA = frozenset({"utm.availability_arbitration"})

WAIT_S = 10.0
MOST_BYTES = 32_000_000
"""Ten thousand references take about 6 MB."""


def dss_reach(*, is_plain_allowed: bool) -> Reach:
    """How far a request to a discovery service may go."""
    return Reach(WAIT_S, MOST_BYTES, most_at_once=64, is_plain_allowed=is_plain_allowed)


class HttpDss:
    """Asks one discovery service, for use from any thread."""

    def __init__(self, base_url: str, asker: Asker) -> None:
        self._base = base_url.rstrip("/") + "/dss/v1"
        self._asker = asker

    def query_intents(self, area: Volume4D) -> Sequence[OperationalIntentReference]:
        """Those relevant to an area; empty where there are none."""
        body = encode(QueryOperationalIntentReferenceParameters(area_of_interest=area))
        request = self._request("POST", "operational_intent_references/query", SC, body)
        answered = self._asker.record(request, QueryOperationalIntentReferenceResponse)
        return answered.operational_intent_references

    def intent(self, entity_id: str) -> OperationalIntentReference:
        """One of them."""
        request = self._request("GET", f"operational_intent_references/{_part(entity_id)}", SC)
        answered = self._asker.record(request, GetOperationalIntentReferenceResponse)
        return answered.operational_intent_reference

    def put_intent(
        self, entity_id: str, ovn: str | None, body: PutOperationalIntentReferenceParameters
    ) -> ChangeOperationalIntentReferenceResponse:
        """Make one (no `ovn`), or change the version that `ovn` names."""
        scopes = SC if body.state.is_nominal else SC | CMSA
        if body.new_subscription and body.new_subscription.notify_for_constraints:
            scopes = scopes | CP
        path = f"operational_intent_references/{_part(entity_id, ovn)}"
        request = self._request("PUT", path, scopes, encode(body))
        return self._asker.record(request, ChangeOperationalIntentReferenceResponse, 200, 201)

    def delete_intent(self, entity_id: str, ovn: str) -> ChangeOperationalIntentReferenceResponse:
        """Remove one."""
        path = f"operational_intent_references/{_part(entity_id, ovn)}"
        request = self._request("DELETE", path, SC)
        return self._asker.record(request, ChangeOperationalIntentReferenceResponse)

    def query_constraints(self, area: Volume4D) -> Sequence[ConstraintReference]:
        """Those relevant to an area; empty where there are none."""
        body = encode(QueryConstraintReferenceParameters(area_of_interest=area))
        request = self._request("POST", "constraint_references/query", CP, body)
        return self._asker.record(request, QueryConstraintReferencesResponse).constraint_references

    def constraint(self, entity_id: str) -> ConstraintReference:
        """One of them; asked by whoever manages constraints."""
        request = self._request("GET", f"constraint_references/{_part(entity_id)}", CM)
        return self._asker.record(request, GetConstraintReferenceResponse).constraint_reference

    def put_constraint(
        self, entity_id: str, ovn: str | None, body: PutConstraintReferenceParameters
    ) -> ChangeConstraintReferenceResponse:
        """Make one (no `ovn`), or change the version that `ovn` names."""
        path = f"constraint_references/{_part(entity_id, ovn)}"
        request = self._request("PUT", path, CM, encode(body))
        return self._asker.record(request, ChangeConstraintReferenceResponse, 200, 201)

    def delete_constraint(self, entity_id: str, ovn: str) -> ChangeConstraintReferenceResponse:
        """Remove one."""
        path = f"constraint_references/{_part(entity_id, ovn)}"
        request = self._request("DELETE", path, CM)
        return self._asker.record(request, ChangeConstraintReferenceResponse)

    def query_subscriptions(self, area: Volume4D) -> Sequence[Subscription]:
        """Our own that are relevant to an area and not over."""
        body = encode(QuerySubscriptionParameters(area_of_interest=area))
        request = self._request("POST", "subscriptions/query", SC, body)
        return self._asker.record(request, QuerySubscriptionsResponse).subscriptions

    def subscription(self, subscription_id: str) -> Subscription:
        """One of our own."""
        request = self._request("GET", f"subscriptions/{_part(subscription_id)}", SC)
        return self._asker.record(request, GetSubscriptionResponse).subscription

    def put_subscription(
        self, subscription_id: str, version: str | None, body: PutSubscriptionParameters
    ) -> PutSubscriptionResponse:
        """Make one (no `version`), or change the version named."""
        scopes = SC | CP if body.notify_for_constraints else SC
        path = f"subscriptions/{_part(subscription_id, version)}"
        request = self._request("PUT", path, scopes, encode(body))
        return self._asker.record(request, PutSubscriptionResponse, 200, 201)

    def delete_subscription(self, subscription_id: str, version: str) -> DeleteSubscriptionResponse:
        """Remove one."""
        path = f"subscriptions/{_part(subscription_id, version)}"
        return self._asker.record(self._request("DELETE", path, SC), DeleteSubscriptionResponse)

    def availability(self, uss_id: str) -> UssAvailabilityStatusResponse:
        """What an arbiter has said of a USS; Unknown where nobody said anything."""
        request = self._request("GET", f"uss_availability/{_part(uss_id)}", SC)
        return self._asker.record(request, UssAvailabilityStatusResponse)

    def put_availability(
        self, uss_id: str, body: SetUssAvailabilityStatusParameters
    ) -> UssAvailabilityStatusResponse:
        """Say it, as an arbiter."""
        request = self._request("PUT", f"uss_availability/{_part(uss_id)}", AA, encode(body))
        return self._asker.record(request, UssAvailabilityStatusResponse, 200, 201)

    def report(self, report: ErrorReport) -> ErrorReport:
        """Tell the service of trouble in an exchange; it comes back with its number."""
        request = self._request("POST", "reports", SC, encode(report))
        return self._asker.record(request, ErrorReport, 201)

    def wrong_exchange(self) -> ExchangeRecord | None:
        """The last exchange in which the service failed or answered nonsense; each once."""
        return self._asker.wrong_exchange()

    def _request(
        self, method: str, path: str, scopes: frozenset[str], body: bytes | None = None
    ) -> Request:
        return Request(method, f"{self._base}/{path}", scopes, body)


def _part(*parts: str | None) -> str:
    return "/".join(quote(part, safe="") for part in parts if part is not None)
