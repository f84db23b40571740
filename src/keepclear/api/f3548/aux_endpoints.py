"""What a node says of itself to F3548 clients, beside the standard's own endpoints.

Source: github.com/interuss/dss, auxiliary interface 1.1.0; github.com/interuss/
    automated_testing_interfaces, versioning 1.0.0.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from keepclear import __version__
from keepclear.api.f3548.endpoint import Answer, F3548Call, F3548Endpoint, any_of
from keepclear.errors import NotPermitted
from keepclear.formats.f3548 import GetVersionResponse
from keepclear.services.dss import pool_of

READ_SERVICE_AREAS = "dss.read.identification_service_areas"
WRITE_SERVICE_AREAS = "dss.write.identification_service_areas"
READ_POOL = "interuss.pool_status.read"
READ_VERSIONS = "interuss.versioning.read_system_versions"


class VersionResponse(Struct, frozen=True, kw_only=True):
    """Which keepclear it is."""

    version: str


class ValidateOauthResponse(Struct, frozen=True, kw_only=True):
    """The token holds; whose it is."""

    owner: str


class PoolResponse(Struct, frozen=True, kw_only=True):
    """Which airspace representation a DSS is of; instances of one pool name the same."""

    dar_id: str


class HealthResponse(Struct, frozen=True, kw_only=True):
    """That the node answers."""

    status: Literal["ok"] = "ok"


def _version(call: F3548Call) -> Answer:
    del call
    return Answer(200, VersionResponse(version=f"keepclear/{__version__}"))


def _validate_oauth(call: F3548Call) -> Answer:
    owner = call.query.get("owner", call.bearer.sub)
    if owner != call.bearer.sub:
        raise NotPermitted(
            "the token is not this owner's", remedy="Ask with a token whose `sub` is the owner."
        )
    return Answer(200, ValidateOauthResponse(owner=owner))


def _pool(call: F3548Call) -> Answer:
    return Answer(200, PoolResponse(dar_id=pool_of(call.dss)))


def _system_version(call: F3548Call) -> Answer:
    identity = call.path["system_identity"]
    return Answer(200, GetVersionResponse(system_identity=identity, system_version=__version__))


def _healthy(call: F3548Call) -> Answer:
    del call
    return Answer(200, HealthResponse())


ABOUT_NODE = (
    F3548Endpoint(
        method="GET",
        path="/aux/v1/version",
        operation_id="getVersion",
        summary="Which keepclear this is.",
        scopes=(),
        handler=_version,
        returns=(200, VersionResponse),
        sort="brief",
        errors=(),
    ),
    F3548Endpoint(
        method="GET",
        path="/aux/v1/validate_oauth",
        operation_id="validateOauth",
        summary="Whether a token holds, and is its owner's.",
        scopes=any_of(READ_SERVICE_AREAS, WRITE_SERVICE_AREAS),
        handler=_validate_oauth,
        returns=(200, ValidateOauthResponse),
        sort="brief",
        errors=(),
        query=("owner",),
    ),
    F3548Endpoint(
        method="GET",
        path="/versions/{system_identity}",
        operation_id="getSystemVersion",
        summary="Which version of a system runs here.",
        scopes=any_of(READ_VERSIONS),
        handler=_system_version,
        returns=(200, GetVersionResponse),
        sort="brief",
        errors=(400,),
    ),
)
ABOUT_DSS = (
    F3548Endpoint(
        method="GET",
        path="/aux/v1/pool",
        operation_id="getPool",
        summary="Which airspace representation this DSS is of.",
        scopes=any_of(READ_POOL),
        handler=_pool,
        returns=(200, PoolResponse),
        sort="brief",
        errors=(),
    ),
    F3548Endpoint(
        method="GET",
        path="/dss/v1/healthy",
        operation_id="getHealth",
        summary="That the DSS answers.",
        scopes=(),
        handler=_healthy,
        returns=(200, HealthResponse),
        sort="brief",
        errors=(),
    ),
)
