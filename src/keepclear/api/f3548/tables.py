"""Every F3548 endpoint there is, by the role that serves it."""

from __future__ import annotations

from keepclear.api.f3548 import testing_endpoints, uss_endpoints
from keepclear.api.f3548.endpoint import F3548Endpoint
from keepclear.api.f3548.roles import ANY_ENDPOINTS, DSS_ENDPOINTS

USS_ENDPOINTS: tuple[F3548Endpoint, ...] = uss_endpoints.ENDPOINTS
"""Served where the node is a USS."""
TESTING_ENDPOINTS: tuple[F3548Endpoint, ...] = testing_endpoints.ENDPOINTS
"""Served by a USS whose settings switch the interfaces for automated testing on."""

ENDPOINTS = (*DSS_ENDPOINTS, *USS_ENDPOINTS, *TESTING_ENDPOINTS, *ANY_ENDPOINTS)
"""All of them, as the OpenAPI document tells them."""
