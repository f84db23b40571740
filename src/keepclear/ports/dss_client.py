"""How a discovery and synchronization service is asked, whoever runs it.

Its records are the standard's own. Whatever it refuses is raised as this product's error of
the same meaning, so that our own service and anybody else's read alike.

Source: ASTM F3548-21, interface UTM API 1.0.0, paths under /dss/v1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from keepclear.formats.f3548 import (
    ChangeConstraintReferenceResponse,
    ChangeOperationalIntentReferenceResponse,
    ConstraintReference,
    DeleteSubscriptionResponse,
    ErrorReport,
    ExchangeRecord,
    OperationalIntentReference,
    PutConstraintReferenceParameters,
    PutOperationalIntentReferenceParameters,
    PutSubscriptionParameters,
    PutSubscriptionResponse,
    SetUssAvailabilityStatusParameters,
    Subscription,
    UssAvailabilityStatusResponse,
    Volume4D,
)


class IntentDss(Protocol):
    """What is asked of operational intents.

    Every method raises:
        InvalidInput: the service finds the request unusable (400).
        NotFound: it knows nothing of that id (404).
        NotPermitted: the token does not reach, or the thing is another's (403).
        VersionConflict: it was changed meanwhile (409); AirspaceConflict names what is missing.
        PeerSilent: nothing came back in time.
        PeerRefused: it answered, and will not now (401, 429, 5xx).
        PeerNonsense: what came back cannot be right.
    """

    def query_intents(self, area: Volume4D) -> Sequence[OperationalIntentReference]:
        """Those relevant to an area; empty where there are none."""
        ...

    def intent(self, entity_id: str) -> OperationalIntentReference:
        """One of them."""
        ...

    def put_intent(
        self, entity_id: str, ovn: str | None, body: PutOperationalIntentReferenceParameters
    ) -> ChangeOperationalIntentReferenceResponse:
        """Make one (no `ovn`), or change the version that `ovn` names."""
        ...

    def delete_intent(self, entity_id: str, ovn: str) -> ChangeOperationalIntentReferenceResponse:
        """Remove one."""
        ...


class ConstraintDss(Protocol):
    """What is asked of constraints; raises as `IntentDss` does."""

    def query_constraints(self, area: Volume4D) -> Sequence[ConstraintReference]:
        """Those relevant to an area; empty where there are none."""
        ...

    def constraint(self, entity_id: str) -> ConstraintReference:
        """One of them."""
        ...

    def put_constraint(
        self, entity_id: str, ovn: str | None, body: PutConstraintReferenceParameters
    ) -> ChangeConstraintReferenceResponse:
        """Make one (no `ovn`), or change the version that `ovn` names."""
        ...

    def delete_constraint(self, entity_id: str, ovn: str) -> ChangeConstraintReferenceResponse:
        """Remove one."""
        ...


class DssClient(IntentDss, ConstraintDss, Protocol):
    """All that is asked of a discovery service; raises as `IntentDss` does."""

    def query_subscriptions(self, area: Volume4D) -> Sequence[Subscription]:
        """Our own that are relevant to an area and not over."""
        ...

    def subscription(self, subscription_id: str) -> Subscription:
        """One of our own."""
        ...

    def put_subscription(
        self, subscription_id: str, version: str | None, body: PutSubscriptionParameters
    ) -> PutSubscriptionResponse:
        """Make one (no `version`), or change the version named."""
        ...

    def delete_subscription(self, subscription_id: str, version: str) -> DeleteSubscriptionResponse:
        """Remove one."""
        ...

    def availability(self, uss_id: str) -> UssAvailabilityStatusResponse:
        """What an arbiter has said of a USS; Unknown where nobody said anything."""
        ...

    def put_availability(
        self, uss_id: str, body: SetUssAvailabilityStatusParameters
    ) -> UssAvailabilityStatusResponse:
        """Say it, as an arbiter."""
        ...

    def report(self, report: ErrorReport) -> ErrorReport:
        """Tell the service of trouble in an exchange; it comes back with its number."""
        ...

    def wrong_exchange(self) -> ExchangeRecord | None:
        """The last exchange in which the service failed or answered nonsense; each once.

        As the service may be told of it: the token is not in it, and long bodies are cut. None
        where there was none since this was asked last.
        """
        ...
