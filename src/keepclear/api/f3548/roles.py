"""Which endpoints a node serves in its roles.

A discovery service alone imports nothing of what a USS is made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from keepclear.api.f3548 import aux_endpoints, dss_endpoints
from keepclear.api.f3548.endpoint import F3548Endpoint

DSS_ENDPOINTS: tuple[F3548Endpoint, ...] = (*dss_endpoints.ENDPOINTS, *aux_endpoints.ABOUT_DSS)
"""Served where the node is a discovery service."""
ANY_ENDPOINTS: tuple[F3548Endpoint, ...] = aux_endpoints.ABOUT_NODE
"""Served in either role."""


def served(*, dss: bool, uss: bool, testing: bool) -> tuple[F3548Endpoint, ...]:
    """The endpoints of a node in its roles.

    Args:
        dss: it is a discovery service.
        uss: it is a USS.
        testing: the USS's interfaces for automated testing are switched on.
    """
    endpoints = (*(DSS_ENDPOINTS if dss else ()), *ANY_ENDPOINTS)
    if uss:
        from keepclear.api.f3548 import testing_endpoints, uss_endpoints

        endpoints += (*uss_endpoints.ENDPOINTS, *(testing_endpoints.ENDPOINTS if testing else ()))
    return endpoints


def by_path(endpoints: Iterable[F3548Endpoint]) -> Mapping[str, Mapping[str, F3548Endpoint]]:
    """The endpoints of each path, by method."""
    found: dict[str, dict[str, F3548Endpoint]] = {}
    for endpoint in endpoints:
        found.setdefault(endpoint.path, {})[endpoint.method] = endpoint
    return found
