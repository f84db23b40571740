"""Issuers' keys: files and addresses, rotation, and the keys that anybody has."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from f3548.issuing import jwk_of, public_pem
from keepclear.errors import InvalidInput, KeyFault
from keepclear.peers.signing_keys import KeySources, RotatingKeys, require_private_way

TEST_KEY = b"""-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtjrMt+vOxuqjOU+hwrVA
gHjBMs9nMw1ONSpiLOpUQSnqvBwB0Zba+8e2tGJeQDWEf8KoVt3PfMa34EomLhWZ
GWEosftV8gZSbneDjUnE+kUTXvZmMFa2Byc9njsl5N7dOC1pT7qHNJOB9RhK/9eh
Pl7XczRuIJR7N/ZFk+XZSlFh5werq7ME7GdhBPFaO30KZRmRhgwVtAP2kA8sSrqg
xXuuyy808UvT3MkzL63Sv/EzQSs8YLVAn/BwiQlmWxKFmtzNk9RJdYkxRJN1E9E2
sS2i6b55j94hiPwwQ16GsAAWUT+ijezlHuGZU+OLYtYfoHy+4Ku31doQc0ujvtYO
JQIDAQAB
-----END PUBLIC KEY-----
"""
"""The public half of the key that the field's dummy issuer signs with; both are published."""


class Issuer:
    """Serves a key set that a test changes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.body = b""
        self.asked = 0


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked += 1
            self.send_response(200 if served.body else 503)
            self.send_header("content-length", str(len(served.body)))
            self.end_headers()
            self.wfile.write(served.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Issuer(f"http://127.0.0.1:{server.server_address[1]}/jwks")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield served
    server.shutdown()
    thread.join()
    server.server_close()


def key_set(**names: str) -> bytes:
    return json.dumps({"keys": [jwk_of(name, kid) for kid, name in names.items()]}).encode()


def test_keys_come_from_every_source_and_are_chosen_by_name(tmp_path: Path, issuer: Issuer) -> None:
    pem, jwks = tmp_path / "two.pem", tmp_path / "set.json"
    pem.write_bytes(public_pem("a") + public_pem("b"))
    jwks.write_bytes(key_set(c="c"))
    issuer.body = key_set(d="d")
    sources = KeySources(pem_files=(pem,), jwks_files=(jwks,), jwks_urls=(issuer.url,))
    keys = RotatingKeys(sources, lambda: 0.0)
    assert len(keys.candidates("")) == 4
    assert len(keys.candidates("c")) == 3, "keys without a name may have signed any token"
    assert len(keys.candidates("nobody's")) == 2


def test_an_unknown_key_is_looked_for_once_in_half_a_minute(issuer: Issuer) -> None:
    issuer.body, seconds = key_set(old="a"), [0.0]
    keys = RotatingKeys(KeySources(jwks_urls=(issuer.url,)), lambda: seconds[0])
    assert issuer.asked == 1
    issuer.body = key_set(new="b")
    assert not keys.look_again()
    assert issuer.asked == 1
    seconds[0] = 30.0
    before = keys.edition
    assert keys.look_again()
    assert keys.edition != before
    assert [len(keys.candidates(kid)) for kid in ("old", "new")] == [0, 1]
    seconds[0] = 60.0
    assert not keys.look_again(), "the same keys are no other set"


@pytest.mark.parametrize("body", [b"", b"no json", b'{"keys": [{"kty": "RSA"}]}', b"x" * 1_100_000])
def test_an_issuer_that_fails_keeps_its_last_keys(issuer: Issuer, body: bytes) -> None:
    issuer.body, seconds = key_set(old="a"), [0.0]
    keys = RotatingKeys(KeySources(jwks_urls=(issuer.url,)), lambda: seconds[0])
    issuer.body, seconds[0] = body, 30.0
    assert not keys.look_again()
    assert len(keys.candidates("old")) == 1


def test_a_node_starts_though_an_issuer_does_not_answer_and_finds_it_later(
    issuer: Issuer,
) -> None:
    seconds = [0.0]
    keys = RotatingKeys(KeySources(jwks_urls=(issuer.url,)), lambda: seconds[0])
    assert not keys.candidates("")
    issuer.body, seconds[0] = key_set(a="a"), 30.0
    assert keys.look_again()
    assert len(keys.candidates("a")) == 1


def test_a_published_test_key_is_refused_unless_the_switch_says_so(
    tmp_path: Path, issuer: Issuer
) -> None:
    path = tmp_path / "test.pem"
    path.write_bytes(TEST_KEY)
    with pytest.raises(KeyFault, match="anybody could sign") as caught:
        RotatingKeys(KeySources(pem_files=(path,)), lambda: 0.0)
    assert "accept_test_keys" in caught.value.remedy
    loud = RotatingKeys(KeySources(pem_files=(path,), accepts_test_keys=True), lambda: 0.0)
    assert len(loud.candidates("")) == 1


def test_a_test_key_in_a_fetched_set_is_left_out(issuer: Issuer) -> None:
    from joserfc.jwk import RSAKey

    published = {**RSAKey.import_key(TEST_KEY).as_dict(), "kid": "test"}
    issuer.body = json.dumps({"keys": [published, jwk_of("a", "a")]}).encode()
    keys = RotatingKeys(KeySources(jwks_urls=(issuer.url,)), lambda: 0.0)
    assert len(keys.candidates("")) == 1
    assert not keys.candidates("test")


def _elliptic() -> bytes:
    return (
        ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no public key"),
        (b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "damaged"),
        (public_pem("short", 1_024), "2,048 bits"),
        (_elliptic(), "not RSA"),
    ],
)
def test_a_file_that_holds_no_usable_key_is_refused(tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "issuer.pem"
    path.write_bytes(data)
    with pytest.raises(KeyFault, match=why):
        RotatingKeys(KeySources(pem_files=(path,)), lambda: 0.0)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyFault, match="gone"):
        RotatingKeys(KeySources(pem_files=(tmp_path / "gone.pem",)), lambda: 0.0)


@pytest.mark.parametrize(
    "url", ["http://issuer.example/jwks", "ftp://127.0.0.1/jwks", "https://", "//x", "file:///x"]
)
def test_key_sets_come_by_a_private_way_alone(url: str) -> None:
    with pytest.raises(InvalidInput, match="not HTTPS"):
        require_private_way(url)


@pytest.mark.parametrize(
    "url", ["https://issuer.example/jwks", "http://localhost:1/x", "http://[::1]/x"]
)
def test_https_and_this_machine_are_private(url: str) -> None:
    require_private_way(url)
