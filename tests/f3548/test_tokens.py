"""Access tokens: what is taken, what is not, and how long it is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import RSAKey

from f3548.issuing import (
    AUDIENCE,
    SetClock,
    claims,
    public_pem,
    signed,
    signed_by_public_key,
    signed_bytes,
    unsigned,
)
from keepclear.api.f3548 import tokens as module
from keepclear.api.f3548.bearer import Bearer
from keepclear.api.f3548.refusals import Told
from keepclear.api.f3548.tokens import AccessTokens, TokenRules
from keepclear.peers.signing_keys import KeySources, RotatingKeys


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> RotatingKeys:
    path = tmp_path_factory.mktemp("keys") / "issuer.pem"
    path.write_bytes(public_pem())
    return RotatingKeys(KeySources(pem_files=(path,)), lambda: 0.0)


@pytest.fixture
def tokens(keys: RotatingKeys, clock: SetClock) -> AccessTokens:
    return AccessTokens(keys, clock, TokenRules(frozenset({AUDIENCE, "localhost"})))


def taken(tokens: AccessTokens, token: str) -> Bearer:
    return tokens.verified(f"Bearer {token}".encode())[0]


def test_a_token_says_who_asks_and_for_what(tokens: AccessTokens, clock: SetClock) -> None:
    bearer = taken(tokens, signed(claims(clock, scope="a b  c")))
    assert bearer == Bearer("uss1", "client1", frozenset("abc"))


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": ["elsewhere", AUDIENCE]},
        {"aud": "localhost"},
        {"nbf": None},
        {"scope": None},
        {"client_id": None},
        {"exp": 1_772_370_059.5},
        {"more": {"than": "is read"}},
    ],
)
def test_claims_that_may_be_so(
    tokens: AccessTokens, clock: SetClock, changed: dict[str, Any]
) -> None:
    assert taken(tokens, signed(claims(clock, **changed))).sub == "uss1"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"sub": ""}, "sub"),
        ({"sub": None}, "sub"),
        ({"sub": 7}, "sub"),
        ({"iss": None}, "iss"),
        ({"iss": ""}, "iss"),
        ({"aud": None}, "aud"),
        ({"aud": "elsewhere"}, "aud"),
        ({"aud": []}, "aud"),
        ({"aud": f"{AUDIENCE}.elsewhere"}, "aud"),
        ({"exp": None}, "exp"),
        ({"exp": "tomorrow"}, "exp"),
        ({"exp": True}, "exp"),
        ({"exp": 1}, "expired"),
        ({"exp": 1_772_366_400}, "expired"),
        ({"exp": 1_772_366_400 + 3_661}, "hour"),
        ({"exp": 10**400}, "cannot be used|no JSON|hour|expired"),
        ({"nbf": 1_772_366_400 + 6}, "nbf"),
        ({"scope": ["a"]}, "scope"),
    ],
)
def test_claims_that_are_refused(
    tokens: AccessTokens, clock: SetClock, changed: dict[str, Any], why: str
) -> None:
    with pytest.raises(Told, match=why) as caught:
        taken(tokens, signed(claims(clock, **changed)))
    assert caught.value.status == 401
    assert "www-authenticate" in caught.value.headers


def test_an_issuer_is_compared_where_the_settings_name_any(
    keys: RotatingKeys, clock: SetClock
) -> None:
    rules = TokenRules(frozenset({AUDIENCE}), frozenset({"https://issuer.example"}))
    tokens = AccessTokens(keys, clock, rules)
    assert taken(tokens, signed(claims(clock))).sub == "uss1"
    with pytest.raises(Told, match="iss"):
        taken(tokens, signed(claims(clock, iss="https://other.example")))


def test_nothing_but_rs256_with_an_accepted_key_is_taken(
    tokens: AccessTokens, clock: SetClock
) -> None:
    whole = claims(clock)
    good = signed(whole)
    head, body, signature = good.split(".")
    _, other_body, _ = signed(claims(clock, sub="uss2")).split(".")
    for token in (
        unsigned(whole),
        signed_by_public_key(whole),
        signed(whole, key="stranger"),
        signed(whole, alg="RS512"),
        signed(whole, alg="PS256"),
        f"{head}.{other_body}.{signature}",
        f"{head}.{body}.",
        f"{head}.{body}",
        signed_bytes(b"no json"),
        signed_bytes(b"[1, 2]"),
        signed_bytes(b"\xff"),
        "x" * (module.LONGEST_TOKEN + 1),
        "",
        "a.b.c",
    ):
        with pytest.raises(Told) as caught:
            taken(tokens, token)
        assert caught.value.status == 401


@pytest.mark.parametrize("header", [b"", b"Basic dXNzMTp4", b"Bearer", b"Bearer ", b"\xff\xfe"])
def test_what_is_no_bearer_token_is_refused(tokens: AccessTokens, header: bytes) -> None:
    with pytest.raises(Told, match="bearer"):
        tokens.verified(header)


@given(st.binary(max_size=300))
def test_garbage_is_refused_and_never_crashed_on(keys: RotatingKeys, garbage: bytes) -> None:
    tokens = AccessTokens(keys, SetClock(), TokenRules(frozenset({AUDIENCE})))
    with pytest.raises(Told):
        tokens.verified(b"Bearer " + garbage)


def test_a_verified_token_is_known_until_it_ends(tokens: AccessTokens, clock: SetClock) -> None:
    header = f"Bearer {signed(claims(clock))}".encode()
    assert tokens.known(header) is None
    bearer, until_s = tokens.verified(header)
    tokens.keep(header, bearer, until_s, tokens.edition)
    assert tokens.known(header) == bearer
    assert tokens.known(header + b"x") is None
    clock.pass_s(3_599)
    assert tokens.known(header) == bearer
    clock.pass_s(1)
    assert tokens.known(header) is None


def test_tokens_that_are_remembered_stay_bounded(
    tokens: AccessTokens, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 3)
    bearer = Bearer("uss1", "uss1", frozenset())
    later_s = clock.now().timestamp() + 100.0
    for number in range(10):
        tokens.keep(b"%d" % number, bearer, later_s, tokens.edition)
    known = [number for number in range(10) if tokens.known(b"%d" % number)]
    assert known == [7, 8, 9]


def test_a_withdrawn_key_ends_what_it_signed(tmp_path: Path, clock: SetClock) -> None:
    path, seconds = tmp_path / "issuer.pem", [0.0]
    path.write_bytes(public_pem())
    keys = RotatingKeys(KeySources(pem_files=(path,)), lambda: seconds[0])
    tokens = AccessTokens(keys, clock, TokenRules(frozenset({AUDIENCE})))
    header = f"Bearer {signed(claims(clock))}".encode()
    edition = tokens.edition
    bearer, until_s = tokens.verified(header)
    tokens.keep(header, bearer, until_s, edition)
    path.write_bytes(public_pem("next"))
    seconds[0] = 31.0
    assert keys.look_again()
    assert tokens.known(header) is None
    with pytest.raises(Told, match="no accepted key"):
        tokens.verified(header)
    assert taken(tokens, signed(claims(clock), key="next")).sub == "uss1"
    tokens.keep(header, bearer, until_s, edition)
    assert tokens.known(header) is None, "what an old key signed is not remembered afterwards"


def test_a_new_key_that_another_thread_finds_first_is_tried_all_the_same(
    tmp_path: Path, clock: SetClock
) -> None:
    path, seconds = tmp_path / "issuer.pem", [0.0]
    path.write_bytes(public_pem())
    keys = RotatingKeys(KeySources(pem_files=(path,)), lambda: seconds[0])
    path.write_bytes(public_pem("next"))
    seconds[0] = 31.0
    tokens = AccessTokens(FoundMeanwhile(keys), clock, TokenRules(frozenset({AUDIENCE})))
    assert taken(tokens, signed(claims(clock), key="next")).sub == "uss1"


class FoundMeanwhile:
    """Keys that another thread looks for just after this one has tried those there are."""

    def __init__(self, keys: RotatingKeys) -> None:
        self._keys = keys

    @property
    def edition(self) -> int:
        return self._keys.edition

    def candidates(self, kid: str) -> Sequence[RSAKey]:
        found = self._keys.candidates(kid)
        self._keys.look_again()
        return found

    def look_again(self) -> bool:
        return self._keys.look_again()
