"""The settings of a node's F3548 roles."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class F3548(msgspec.Struct, frozen=True, kw_only=True):
    """ASTM F3548-21: a discovery service (DSS), a USS, or both, on a port of their own."""

    roles: Annotated[
        Literal["none", "dss", "uss", "both"],
        Meta(description="What a node is to F3548 clients; `serve --role dss` is a DSS alone."),
    ] = "none"
    address: Annotated[
        str,
        Meta(
            description="IP address to answer F3548 clients on. Any but this machine's own "
            "(127.0.0.1, ::1) needs `tls_certificate`, or `serve --plain-http`."
        ),
    ] = "127.0.0.1"
    port: Annotated[
        int, Meta(ge=0, le=65_535, description="TCP port; 0 takes any free one at each start.")
    ] = 8082
    tls_certificate: Annotated[
        str, Meta(description="PEM file of the certificate and those above it; without one, HTTP.")
    ] = ""
    tls_key: Annotated[
        str, Meta(description="PEM file of its key, where that is another file.")
    ] = ""
    audiences: Annotated[
        tuple[str, ...],
        Meta(
            description="Host names by which clients call this node; a token is taken whose `aud` "
            "is one of them."
        ),
    ] = ("127.0.0.1", "localhost")
    issuers: Annotated[
        tuple[str, ...],
        Meta(
            description="A token is taken whose `iss` is one of these. Empty compares no `iss`: "
            "every issuer whose key is accepted below can then name any manager."
        ),
    ] = ()
    public_keys: Annotated[
        tuple[str, ...],
        Meta(description="PEM files of public keys or certificates that issuers sign with."),
    ] = ()
    jwks: Annotated[
        tuple[str, ...],
        Meta(
            description="Key sets of issuers: files, or addresses (HTTPS, or HTTP on this "
            "machine), which are asked again as keys rotate."
        ),
    ] = ()
    accept_test_keys: Annotated[
        bool,
        Meta(
            description="Accept keys whose private halves are published with the field's tests: "
            "ANYBODY can then ask for anything. For a test bench alone."
        ),
    ] = False
    allow_http_base_urls: Annotated[
        bool,
        Meta(description="Let USSs register `http://` addresses. For a test bench alone."),
    ] = False
    most_area_km2: Annotated[
        int,
        Meta(ge=1, le=600_000_000, description="The largest circle or polygon that the DSS takes."),
    ] = 2_500
    expired_kept_s: Annotated[
        int,
        Meta(
            ge=0,
            le=31_536_000,
            description="So long after their end operational intents and constraints stay in the "
            "DSS.",
        ),
    ] = 3_600
    dss_url: Annotated[
        str, Meta(description="The DSS that this USS uses, as https://dss.example; also its own.")
    ] = ""
    base_url: Annotated[
        str,
        Meta(description="Where other USSs reach this one, as https://uss.example:8082."),
    ] = ""
    token_url: Annotated[
        str, Meta(description="Where this USS gets its access tokens (client credentials).")
    ] = ""
    client_id: Annotated[str, Meta(description="As whom it asks for them.")] = ""
    client_secret: Annotated[
        str, Meta(description="Its secret there; better given as an environment variable.")
    ] = ""
    token_method: Annotated[
        Literal["POST", "GET"],
        Meta(description="How tokens are asked for: POST as RFC 6749 has it, GET as test issuers."),
    ] = "POST"  # noqa: S105  (of HTTP, no secret)
    token_parameters: Annotated[
        tuple[str, ...],
        Meta(description="What else the token server wants to be told, each as `name=value`."),
    ] = ()
    scopes: Annotated[
        tuple[str, ...],
        Meta(
            description="What the authority lets this USS ask for; without `constraint_processing` "
            "it looks at no constraints, without `conformance_monitoring_sa` it declares nothing "
            "off-nominal."
        ),
    ] = (
        "utm.strategic_coordination",
        "utm.constraint_management",
        "utm.constraint_processing",
        "utm.conformance_monitoring_sa",
    )
    operator: Annotated[
        str, Meta(description="Who answers for its operations; stands in the log it must keep.")
    ] = ""
    equal_priority_may_conflict: Annotated[
        bool, Meta(description="What the regulator says of intents of one priority.")
    ] = False
    ground_m: Annotated[
        Annotated[int, Meta(ge=-1_000, le=9_000)] | None,
        Meta(
            description="Height of the ground above the ellipsoid, for flight plans of automated "
            "tests that count from it; without one such plans are not supported."
        ),
    ] = None
    log_days: Annotated[
        int,
        Meta(
            ge=1,
            le=3_650,
            description="So many days the log of exchanges is kept, and what others reported.",
        ),
    ] = 45
    testing_interfaces: Annotated[
        bool,
        Meta(
            description="Serve the interfaces by which automated tests fly this USS "
            "(flight_planning, versioning). For a test bench alone."
        ),
    ] = False
