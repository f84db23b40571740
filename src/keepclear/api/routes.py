"""Every endpoint there is; the busiest first, because routes are tried in this order."""

from __future__ import annotations

from collections.abc import Mapping

from keepclear.api.endpoint import Endpoint
from keepclear.api.people import (
    agreements,
    airspace,
    answers,
    coverages,
    description,
    drafts,
    events,
    exports,
    health,
    imports,
    ledger,
    node,
    operations,
    readings,
    session,
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
    ledger,
    session,
    health,
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
