"""How other operators' services (USSs) are asked and told.

Source: ASTM F3548-21, interface UTM API 1.0.0, paths under /uss/v1.
"""

from __future__ import annotations

from typing import Protocol

from keepclear.formats.f3548 import (
    Constraint,
    ErrorReport,
    ExchangeRecord,
    GetOperationalIntentTelemetryResponse,
    OperationalIntent,
)


class UssPeers(Protocol):
    """Asks and tells other USSs; believes none of what they say.

    Every method raises:
        InvalidInput, NotFound, NotPermitted, VersionConflict: the USS says so (400, 404, 403, 409).
        PeerSilent: nothing came back in time.
        PeerRefused: it answered, and will not now; or nothing may be sent to such an address.
        PeerNonsense: what came back is not the standard's record.
    """

    def intent(self, base_url: str, entity_id: str) -> OperationalIntent:
        """An intent whole, as its manager tells it."""
        ...

    def constraint(self, base_url: str, entity_id: str) -> Constraint:
        """A constraint whole, as its manager tells it."""
        ...

    def telemetry(self, base_url: str, entity_id: str) -> GetOperationalIntentTelemetryResponse:
        """Where an off-nominal aircraft was seen last."""
        ...

    def tell(self, base_url: str, path: str, body: bytes) -> None:
        """Post a notification, or a report, as it was written; `path` is below the base URL."""
        ...

    def report(self, base_url: str, report: ErrorReport) -> ErrorReport:
        """Tell a USS of trouble in an exchange; it comes back with its number."""
        ...

    def exchange(self, base_url: str, path: str) -> ExchangeRecord | None:
        """The last exchange about a path that was answered, as the USS may be told of it.

        The token is not in it, and long bodies are cut. None where nothing was answered lately.
        """
        ...
