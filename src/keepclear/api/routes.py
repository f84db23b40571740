"""Every endpoint there is; the busiest first, because routes are tried in this order."""

from __future__ import annotations

from collections.abc import Mapping

from keepclear.api.endpoint import Endpoint
from keepclear.api.people import (
    agreements,
    airspace,
    alarms,
    answers,
    calls,
    catalogue,
    cautions,
    checks,
    consultations,
    coverages,
    description,
    drafts,
    events,
    exercise,
    exports,
    health,
    imports,
    keys,
    ledger,
    line_history,
    lines,
    messages,
    node,
    notices,
    operations,
    peers,
    postures,
    quarantine,
    queries,
    readings,
    readouts,
    requests,
    session,
    signatures,
    watch,
    watch_log,
)

_NOUNS = (
    operations,
    answers,
    readings,
    node,
    events,
    drafts,
    airspace,
    coverages,
    agreements,
    imports,
    exports,
    messages,
    alarms,
    catalogue,
    lines,
    checks,
    line_history,
    cautions,
    calls,
    consultations,
    readouts,
    requests,
    postures,
    queries,
    watch,
    watch_log,
    ledger,
    notices,
    peers,
    signatures,
    keys,
    quarantine,
    session,
    health,
    exercise,
    description,
)

ENDPOINTS: tuple[Endpoint, ...] = tuple(each for noun in _NOUNS for each in noun.ENDPOINTS)
"""All of them, as routes are built and as the OpenAPI document tells them."""


def by_path() -> Mapping[str, Mapping[str, Endpoint]]:
    """The endpoints of each path, by method."""
    found: dict[str, dict[str, Endpoint]] = {}
    for endpoint in ENDPOINTS:
        found.setdefault(endpoint.path, {})[endpoint.method] = endpoint
    return found
