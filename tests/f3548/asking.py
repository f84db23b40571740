"""Asks a discovery service's application in this process, with tokens of any kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from api.asking import InProcess
from f3548.issuing import AUDIENCE, NOW, SetClock, claims, public_pem, signed
from keepclear import compose
from keepclear.api.f3548.application import F3548Application, f3548_application
from keepclear.api.f3548.endpoint import AA, CM, CMSA, CP, SC, F3548Endpoint, F3548Equipment
from keepclear.api.f3548.roles import served
from keepclear.api.f3548.tokens import AccessTokens, TokenRules
from keepclear.peers.signing_keys import KeySources, RotatingKeys
from keepclear.services.dss import Dss
from keepclear.store.dss import make_dss_store, open_dss_store

ORIGIN = f"http://{AUDIENCE}"
ALL_SCOPES = f"{SC} {CM} {CP} {CMSA} {AA}"
INTENTS = "/dss/v1/operational_intent_references"
SUBSCRIPTIONS = "/dss/v1/subscriptions"


new_id = compose.entropy().new_id


@dataclass(frozen=True, slots=True)
class AskedDss:
    """A discovery service and a way to ask it."""

    dss: Dss
    clock: SetClock
    application: F3548Application
    http: httpx.Client

    def token(self, scope: str = ALL_SCOPES, sub: str = "uss1", **changed: Any) -> str:
        return signed(claims(self.clock, scope=scope, sub=sub, **changed))

    def bearer(self, scope: str = ALL_SCOPES, sub: str = "uss1") -> dict[str, str]:
        return {"authorization": f"Bearer {self.token(scope, sub)}"}

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        scope: str = ALL_SCOPES,
        sub: str = "uss1",
    ) -> httpx.Response:
        headers = self.bearer(scope, sub)
        if body is None:
            return self.http.request(method, path, headers=headers)
        return self.http.request(method, path, headers=headers, json=body)

    def new_intent(self, **changed: Any) -> dict[str, Any]:
        """The reference of an intent that was just made."""
        response = self.ask("PUT", f"{INTENTS}/{new_id()}", intent(**changed))
        assert response.status_code == 201, response.text
        made: dict[str, Any] = response.json()["operational_intent_reference"]
        return made


@contextmanager
def asked_dss(
    folder: Path, *, more: tuple[F3548Endpoint, ...] = (), at: datetime = NOW
) -> Iterator[AskedDss]:
    """A discovery service for as long as the block runs, with endpoints of a test besides."""
    clock, key = SetClock(at), folder / "issuer.pem"
    key.write_bytes(public_pem("ours", 2_048))
    keys = RotatingKeys(KeySources(pem_files=(key,)), lambda: 0.0)
    tokens = AccessTokens(keys, clock, TokenRules(frozenset({AUDIENCE})))
    path, entropy = folder / "dss.sqlite", compose.entropy()
    make_dss_store(path, pool=entropy.new_id(), made_at=at)
    with closing(open_dss_store(path)) as store:
        dss = Dss(store, clock, entropy)
        equipment = F3548Equipment(clock=clock, entropy=entropy, dss=dss)
        endpoints = (*served(dss=True, uss=False, testing=False), *more)
        application = f3548_application(equipment, tokens, endpoints)
        with (
            closing(application),
            httpx.Client(transport=InProcess(application), base_url=ORIGIN) as http,
        ):
            yield AskedDss(dss, clock, application, http)


def volume(
    lat: float = 46.0, lng: float = 7.0, *, size: float = 0.01, vertices: int = 4
) -> dict[str, Any]:
    """A square of the given size in degrees, with more vertices along its southern edge."""
    step = size / (vertices - 3)
    edge = [{"lat": lat, "lng": lng + step * number} for number in range(vertices - 2)]
    north = [{"lat": lat + size, "lng": lng + size}, {"lat": lat + size, "lng": lng}]
    return {
        "volume": {
            "outline_polygon": {"vertices": [*edge, *north]},
            "altitude_lower": {"value": 100, "reference": "W84", "units": "M"},
            "altitude_upper": {"value": 200, "reference": "W84", "units": "M"},
        },
        "time_start": moment(60),
        "time_end": moment(3_000),
    }


def moment(after_s: float) -> dict[str, str]:
    value = (NOW + timedelta(seconds=after_s)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"value": value, "format": "RFC3339"}


def intent(**changed: Any) -> dict[str, Any]:
    return {
        "extents": [volume()],
        "key": [],
        "state": "Accepted",
        "uss_base_url": "https://uss1.example",
        **changed,
    }


def subscription(**changed: Any) -> dict[str, Any]:
    return {
        "extents": volume(size=0.1),
        "uss_base_url": "https://uss1.example",
        "notify_for_operational_intents": True,
        **changed,
    }


def message_of(response: httpx.Response) -> str:
    """The message of an ErrorResponse, which every error has to be."""
    body = json.loads(response.content)
    assert isinstance(body["message"], str)
    assert body["message"]
    return str(body["message"])
