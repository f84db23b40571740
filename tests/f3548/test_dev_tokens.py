"""`keepclear dev tokens`: tokens for whoever asks on this machine, and for nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from joserfc.jwk import RSAKey

from api.asking import InProcess
from keepclear import compose
from keepclear.api.f3548.bearer import Bearer
from keepclear.api.f3548.tokens import AccessTokens, TokenRules
from keepclear.cli.main import main
from keepclear.compose.dev_issuer import issuer_of, public_path_of
from keepclear.errors import KeyFault
from keepclear.peers.signing_keys import KeySources, RotatingKeys

ASKED = {
    "grant_type": "client_credentials",
    "scope": "utm.strategic_coordination utm.constraint_processing",
    "intended_audience": "localhost",
    "issuer": "dummy",
    "sub": "uss1",
}


@pytest.fixture(scope="module")
def key_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("issuer") / "dev.key"
    issuer_of(path)
    return path


@pytest.fixture
def issuer(key_path: Path) -> Iterator[httpx.Client]:
    transport = InProcess(issuer_of(key_path))
    with httpx.Client(transport=transport, base_url="http://127.0.0.1:8085") as http:
        yield http


def taken(key_path: Path, token: str) -> Bearer:
    keys = RotatingKeys(KeySources(pem_files=(public_path_of(key_path),)), lambda: 0.0)
    rules = TokenRules(frozenset({"localhost"}))
    return AccessTokens(keys, compose.clock(), rules).verified(f"Bearer {token}".encode())[0]


def test_what_it_issues_a_node_takes(issuer: httpx.Client, key_path: Path) -> None:
    response = issuer.get("/token", params=ASKED)
    assert (response.status_code, response.json()["token_type"]) == (200, "Bearer")
    bearer = taken(key_path, response.json()["access_token"])
    scopes = frozenset({"utm.strategic_coordination", "utm.constraint_processing"})
    assert bearer == Bearer("uss1", "uss1", scopes)


def test_a_form_is_taken_as_a_query_is(issuer: httpx.Client, key_path: Path) -> None:
    form = {**ASKED, "audience": "localhost", "client_id": "c"}
    del form["intended_audience"], form["sub"]
    response = issuer.post("/token", data=form)
    assert taken(key_path, response.json()["access_token"])[:2] == ("c", "c")


def test_its_key_stays_and_stands_in_both_forms(issuer: httpx.Client, key_path: Path) -> None:
    assert issuer.get("/key.pem").content == public_path_of(key_path).read_bytes()
    (shown,) = issuer.get("/.well-known/jwks.json").json()["keys"]
    assert "d" not in shown
    assert RSAKey.import_key(shown).thumbprint() == (
        RSAKey.import_key(public_path_of(key_path).read_bytes()).thumbprint()
    )
    assert key_path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "changed",
    [
        {"grant_type": "password"},
        {"sub": ""},
        {"intended_audience": ""},
        {"exp": "0"},
        {"exp": "1e3"},
        {"exp": "86401"},
    ],
)
def test_what_cannot_be_granted_is_told(issuer: httpx.Client, changed: dict[str, str]) -> None:
    response = issuer.get("/token", params={**ASKED, **changed})
    assert response.status_code == 400
    assert response.json()["error"] in ("invalid_request", "unsupported_grant_type")


@pytest.mark.parametrize(
    "headers",
    [{"host": "evil.example"}, {"host": "10.0.0.1:8085"}, {"origin": "http://127.0.0.1:8085"}],
)
def test_pages_and_other_names_get_none(issuer: httpx.Client, headers: dict[str, str]) -> None:
    response = issuer.get(f"/token?{urlencode(ASKED)}", headers=headers)
    assert response.status_code == 400
    assert "access_token" not in response.text


@pytest.mark.parametrize("address", ["192.0.2.7", "::", "localhost", "1"])
def test_it_answers_on_this_machines_own_address_alone(
    tmp_path: Path, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "dev.key"
    assert main(["dev", "tokens", "--address", address, "--port", "0", "--key", str(key)]) == 3
    assert "127.0.0.1" in capsys.readouterr().err
    assert not key.exists()


def test_a_file_that_is_no_key_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "dev.key"
    path.write_bytes(b"something of mine")
    with pytest.raises(KeyFault):
        issuer_of(path)
    assert path.read_bytes() == b"something of mine"
