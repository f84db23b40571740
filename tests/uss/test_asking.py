"""One request to others: its token, its limits, and what each failure means."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from keepclear.compose.machine import forward_seconds
from keepclear.errors import (
    AirspaceConflict,
    InvalidInput,
    KeepclearError,
    NotFound,
    NotPermitted,
    PeerNonsense,
    PeerRefused,
    PeerSilent,
    UssIsDown,
    VersionConflict,
)
from keepclear.formats.f3548 import ErrorReport
from keepclear.peers.access_tokens import AccessTokens, TokenServer
from keepclear.peers.asking import Asker, Reach, Request, f3548_http, refusal_of
from keepclear.store.exchange_files import ExchangeFiles
from uss.stranger import Answer, Heard, Reply, Stranger, stranger_served

SC = frozenset({"utm.strategic_coordination"})
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


class TurnedClock:
    def __init__(self) -> None:
        self.at = NOON
        self.asked_by: set[int] = set()

    def now(self) -> datetime:
        self.asked_by.add(threading.get_ident())
        return self.at


class Issuer:
    """Answers /token with a new token each time; everything else as a test says."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.lifetime_s: float | None = 600.0
        self.status = 200
        self.otherwise: Answer = lambda _: Reply(200, b"{}")

    def __call__(self, heard: Heard) -> Reply:
        if not heard.path.startswith("/token"):
            return self.otherwise(heard)
        self.asked.append(heard.path)
        told: dict[str, Any] = {"access_token": f"h.p{len(self.asked)}.s"}
        if self.lifetime_s is not None:
            told["expires_in"] = self.lifetime_s
        return Reply(self.status, json.dumps(told).encode())


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    with stranger_served() as served:
        yield served


@pytest.fixture
def issuer(stranger: Stranger) -> Issuer:
    issuer = Issuer()
    stranger.answer = issuer
    return issuer


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with f3548_http() as client:
        yield client


def tokens_of(stranger: Stranger, http: httpx.Client, clock: TurnedClock) -> AccessTokens:
    server = TokenServer(f"{stranger.base_url}/token", "GET", parameters=(("sub", "us"),))
    return AccessTokens(server, http, clock)


def test_a_token_is_asked_once_for_each_host_and_scope_until_shortly_before_it_ends(
    stranger: Stranger, issuer: Issuer, http: httpx.Client
) -> None:
    clock = TurnedClock()
    tokens = tokens_of(stranger, http, clock)
    first = tokens.token("http://a.example/x", SC)
    assert tokens.token("http://a.example/y", SC) == first
    assert tokens.token("http://b.example", SC) != first
    assert tokens.token("http://a.example", frozenset({"other"})) != first
    clock.at += timedelta(seconds=571)
    assert tokens.token("http://a.example", SC) != first
    assert "intended_audience=a.example" in issuer.asked[0]
    assert "sub=us" in issuer.asked[0]


def test_a_token_that_does_not_say_how_long_it_lasts_is_asked_for_each_time(
    stranger: Stranger, issuer: Issuer, http: httpx.Client
) -> None:
    issuer.lifetime_s = None
    tokens = tokens_of(stranger, http, TurnedClock())
    assert tokens.token("http://a.example", SC) != tokens.token("http://a.example", SC)


def test_without_a_token_nothing_is_asked(
    stranger: Stranger, issuer: Issuer, http: httpx.Client
) -> None:
    issuer.status = 403
    tokens = tokens_of(stranger, http, TurnedClock())
    with pytest.raises(PeerRefused):
        tokens.token("http://a.example", SC)
    nobody = TokenServer("http://127.0.0.1:9/token", "GET")
    with pytest.raises(PeerSilent):
        AccessTokens(nobody, http, TurnedClock()).token("http://a.example", SC)


def test_whoever_waited_while_no_token_came_does_not_wait_once_more_for_it(
    stranger: Stranger, issuer: Issuer, http: httpx.Client
) -> None:
    clock = TurnedClock()
    tokens = tokens_of(stranger, http, clock)
    issuer.status = 503
    everybody, everybody_waits = 4, threading.Event()

    def answer(heard: Heard) -> Reply:
        assert everybody_waits.wait(30.0)
        return issuer(heard)

    stranger.answer = answer
    with ThreadPoolExecutor(everybody) as pool:
        asked = [pool.submit(tokens.token, "http://a.example", SC) for _ in range(everybody)]
        for _ in range(3_000):
            if len(clock.asked_by) == everybody:
                break
            stranger.stopped.wait(0.01)
        everybody_waits.set()
        assert {type(each.exception()) for each in asked} == {PeerRefused}
    assert len(issuer.asked) == 1
    with pytest.raises(PeerRefused):
        tokens.token("http://a.example", SC)
    assert len(issuer.asked) == 2, "who comes later asks"


def test_what_went_wrong_is_told_of_the_very_exchange_whoever_tells_it(
    stranger: Stranger, issuer: Issuer, http: httpx.Client, tmp_path: Path
) -> None:
    asker = asker_of(stranger, http, tmp_path)
    request = Request("GET", f"{stranger.base_url}/x", SC)
    issuer.otherwise = lambda _: Reply(500, b"{}")
    with pytest.raises(PeerRefused):
        asker.done(request, 200)
    issuer.otherwise = lambda _: Reply(200, b"{}")
    asker.done(request, 200)
    wrong = asker.wrong_exchange()
    assert wrong is not None
    assert wrong.response_code == 500
    assert "answered 500" in (wrong.problem or "")
    assert asker.wrong_exchange() is None


def asker_of(stranger: Stranger, http: httpx.Client, folder: Path, **reach: Any) -> Asker:
    clock = TurnedClock()
    allowed = {"wait_s": 30.0, "most_bytes": 1_000, "most_at_once": 2, "is_plain_allowed": True}
    return Asker(
        Reach(**{**allowed, **reach}),
        http=http,
        tokens=tokens_of(stranger, http, clock),
        log=ExchangeFiles(folder, clock),
        clock=clock,
        forward_s=forward_seconds,
    )


def test_a_token_that_is_refused_is_asked_for_anew_once(
    stranger: Stranger, issuer: Issuer, http: httpx.Client, tmp_path: Path
) -> None:
    issuer.otherwise = lambda _: Reply(401, b"{}")
    asker = asker_of(stranger, http, tmp_path)
    with pytest.raises(PeerRefused):
        asker.done(Request("GET", f"{stranger.base_url}/x", SC), 200)
    assert len(issuer.asked) == 2


@pytest.mark.parametrize(
    ("reply", "trouble"),
    [
        (Reply(200, b"x" * 2_000), PeerNonsense),
        (Reply(200, b"{}"), PeerNonsense),
        (Reply(200, b"nothing"), PeerNonsense),
        (Reply(200, drip=True), PeerSilent),
        (Reply(301), PeerNonsense),
        (Reply(503), PeerRefused),
    ],
    ids=["too long", "another record", "no JSON", "too slow", "redirects", "cannot now"],
)
def test_what_cannot_be_right_is_said_so(
    stranger: Stranger,
    issuer: Issuer,
    http: httpx.Client,
    tmp_path: Path,
    reply: Reply,
    trouble: type[KeepclearError],
) -> None:
    issuer.otherwise = lambda _: reply
    asker = asker_of(stranger, http, tmp_path, wait_s=1.0 if reply.drip else 30.0)
    with pytest.raises(trouble):
        asker.record(Request("GET", f"{stranger.base_url}/x", SC), ErrorReport)


def test_nothing_goes_over_plain_http_unless_the_settings_allow_it(
    stranger: Stranger, issuer: Issuer, http: httpx.Client, tmp_path: Path
) -> None:
    asker = asker_of(stranger, http, tmp_path, is_plain_allowed=False)
    for url in (f"{stranger.base_url}/x", "ftp://a.example", "file:///etc/passwd"):
        with pytest.raises(PeerRefused):
            asker.done(Request("GET", url, SC), 200)
    assert issuer.asked == []


def test_nobody_answers_where_nobody_is(
    stranger: Stranger, issuer: Issuer, http: httpx.Client, tmp_path: Path
) -> None:
    del issuer
    asker = asker_of(stranger, http, tmp_path)
    for url in ("http://127.0.0.1:9/x", "http://nowhere.invalid/x"):
        with pytest.raises(PeerSilent):
            asker.done(Request("GET", url, SC), 200)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, InvalidInput),
        (403, NotPermitted),
        (404, NotFound),
        (409, VersionConflict),
        (412, UssIsDown),
        (413, InvalidInput),
        (429, PeerRefused),
        (500, PeerRefused),
        (204, PeerNonsense),
    ],
)
def test_each_status_means_our_error_of_the_same_meaning(
    status: int, error: type[KeepclearError]
) -> None:
    assert type(refusal_of(status, b'{"message": "why"}', "host")) is error


def test_a_conflict_names_what_is_missing() -> None:
    from keepclear import compose

    reference = {
        "id": compose.entropy().new_id(),
        "manager": "uss2",
        "uss_availability": "Unknown",
        "version": 1,
        "state": "Accepted",
        "time_start": {"value": "2026-11-28T12:00:00Z", "format": "RFC3339"},
        "time_end": {"value": "2026-11-28T13:00:00Z", "format": "RFC3339"},
        "uss_base_url": "https://uss2.example",
        "subscription_id": compose.entropy().new_id(),
    }
    body = json.dumps({"message": "no", "missing_operational_intents": [reference]}).encode()
    conflict = refusal_of(409, body, "host")
    assert isinstance(conflict, AirspaceConflict)
    assert "missing_operational_intents" in str(conflict.response)
