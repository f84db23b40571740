"""Other operators' services over HTTP: fits the `UssPeers` port.

Source: ASTM F3548-21, interface UTM API 1.0.0, paths under /uss/v1.
"""

from __future__ import annotations

from urllib.parse import quote

from keepclear.formats.f3548 import (
    Constraint,
    ErrorReport,
    ExchangeRecord,
    GetConstraintDetailsResponse,
    GetOperationalIntentDetailsResponse,
    GetOperationalIntentTelemetryResponse,
    OperationalIntent,
    encode,
)
from keepclear.peers.asking import Asker, Reach, Request

SC = frozenset({"utm.strategic_coordination"})
CM = frozenset({"utm.constraint_management"})
CP = frozenset({"utm.constraint_processing"})
CMSA = frozenset({"utm.conformance_monitoring_sa"})

WAIT_S = 3.0
"""The standard gives a USS 1 s for details, and the one told of a change no longer."""
MOST_BYTES = 4_000_000
MOST_AT_ONCE = 16
"""One that is silent has so many threads wait at most; a plan asks it four things at a time."""


def uss_reach(*, is_plain_allowed: bool) -> Reach:
    """How far a request to a USS may go."""
    return Reach(WAIT_S, MOST_BYTES, MOST_AT_ONCE, is_plain_allowed)


class HttpUss:
    """Asks and tells any USS, for use from any thread."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    def intent(self, base_url: str, entity_id: str) -> OperationalIntent:
        """An intent whole, as its manager tells it."""
        url = _url(base_url, f"/uss/v1/operational_intents/{quote(entity_id, safe='')}")
        request = Request("GET", url, SC)
        return self._asker.record(request, GetOperationalIntentDetailsResponse).operational_intent

    def constraint(self, base_url: str, entity_id: str) -> Constraint:
        """A constraint whole, as its manager tells it."""
        url = _url(base_url, f"/uss/v1/constraints/{quote(entity_id, safe='')}")
        request = Request("GET", url, CP)
        return self._asker.record(request, GetConstraintDetailsResponse).constraint

    def telemetry(self, base_url: str, entity_id: str) -> GetOperationalIntentTelemetryResponse:
        """Where an off-nominal aircraft was seen last."""
        path = f"/uss/v1/operational_intents/{quote(entity_id, safe='')}/telemetry"
        request = Request("GET", _url(base_url, path), CMSA)
        return self._asker.record(request, GetOperationalIntentTelemetryResponse)

    def tell(self, base_url: str, path: str, body: bytes) -> None:
        """Post a notification as it was written; `path` is below the base URL."""
        scopes = CM if path.startswith("/uss/v1/constraints") else SC
        self._asker.done(Request("POST", _url(base_url, path), scopes, body), 204, 200, 201)

    def report(self, base_url: str, report: ErrorReport) -> ErrorReport:
        """Tell a USS of trouble in an exchange; it comes back with its number."""
        request = Request("POST", _url(base_url, "/uss/v1/reports"), SC, encode(report))
        return self._asker.record(request, ErrorReport, 201)

    def exchange(self, base_url: str, path: str) -> ExchangeRecord | None:
        """The last exchange about a path that was answered, as the USS may be told of it."""
        return self._asker.exchange(_url(base_url, path))


def _url(base_url: str, path: str) -> str:
    return base_url.rstrip("/") + path
