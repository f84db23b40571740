"""What the exercise writes into its nodes' settings for F3548, and the tokens it issues."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest

from keepclear.cli.exercise_f3548 import Tokens, give_roles, settings_for, tokens_issued, told_roles
from keepclear.cli.exercise_pair import Place, pair_places
from keepclear.cli.settings import config_of
from keepclear.compose.f3548_keys import is_within_machine, signing_keys_of, warnings_of
from keepclear.compose.folder import NodeFolder
from keepclear.compose.machine import ExerciseClock
from keepclear.config.f3548_settings import F3548

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
PORTS = {"BLUE": 0, "AMBER": 0}


def places_in(folder: Path) -> dict[str, Place]:
    places = pair_places(folder, PORTS, with_f3548=True)
    for place in places.values():
        place.folder.path.mkdir()
    return places


def test_blue_is_dss_and_uss_and_amber_a_uss_that_uses_it(tmp_path: Path) -> None:
    places = places_in(tmp_path)
    give_roles(places, Tokens("http://127.0.0.1:1/token", tmp_path / "key.pem"))
    blue, amber = (config_of(places[party].folder, {}).f3548 for party in PORTS)
    assert (blue.roles, amber.roles) == ("both", "uss")
    assert (blue.client_id, amber.client_id) == ("blue", "amber")
    assert amber.dss_url == blue.dss_url == blue.base_url
    assert amber.base_url == f"http://127.0.0.1:{places['AMBER'].f3548_port}"
    assert blue.port == places["BLUE"].f3548_port


def test_nothing_of_a_test_bench_but_addresses_without_encryption(tmp_path: Path) -> None:
    place = Place(NodeFolder(tmp_path), 1, 2, 3)
    given = settings_for("AMBER", place, "http://127.0.0.1:3", Tokens("", tmp_path / "key.pem"))
    assert not given.accept_test_keys
    assert not given.testing_interfaces
    assert given.issuers
    assert given.address == "127.0.0.1"
    assert given.allow_http_base_urls


def given_to(party: str, folder: Path) -> F3548:
    place = Place(NodeFolder(folder), 1, 2, 3)
    tokens = Tokens("http://127.0.0.1:1/token", folder / "key.pem")
    return settings_for(party, place, "http://127.0.0.1:3", tokens)


@pytest.mark.parametrize("party", PORTS)
def test_what_stays_on_this_machine_is_no_reason_for_a_warning(party: str, tmp_path: Path) -> None:
    given = given_to(party, tmp_path)
    assert is_within_machine(given, "127.0.0.1")
    assert warnings_of(given, within_machine=True) == ()
    (warning,) = warnings_of(given)
    assert "without encryption" in warning


@pytest.mark.parametrize(
    ("host", "changed"),
    [
        ("0.0.0.0", {}),  # noqa: S104  (what is refused)
        ("127.0.0.1", {"base_url": "http://uss.example"}),
        ("127.0.0.1", {"dss_url": "http://192.0.2.7"}),
        ("127.0.0.1", {"token_url": "https://authority.example/token"}),
        ("127.0.0.1", {"base_url": ""}),
        ("127.0.0.1", {"roles": "dss"}),
    ],
)
def test_whoever_may_reach_another_machine_is_warned(
    host: str, changed: dict[str, str], tmp_path: Path
) -> None:
    assert not is_within_machine(
        msgspec.structs.replace(given_to("BLUE", tmp_path), **changed), host
    )


def test_a_token_is_of_the_exercises_time_and_of_the_key_in_its_folder(tmp_path: Path) -> None:
    clock = ExerciseClock(NOON)
    with tokens_issued(tmp_path, clock) as tokens:
        asked = {"client_id": "blue", "intended_audience": "127.0.0.1", "scope": "any"}
        answer = httpx.post(tokens.url, data=asked, trust_env=False).json()
        given = settings_for("BLUE", Place(NodeFolder(tmp_path), 1, 2, 3), "", tokens)
        assert len(signing_keys_of(given, tmp_path).candidates("")) == 1
    payload = answer["access_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert claims["sub"] == "blue"
    issued = datetime.fromtimestamp(claims["iat"], UTC)
    assert timedelta(0) <= issued - NOON <= timedelta(minutes=1)
    assert (tmp_path / "tokens.key").stat().st_mode & 0o077 == 0


def test_ports_for_f3548_clients_are_found_only_where_they_are_wanted(tmp_path: Path) -> None:
    with_f3548, without = (pair_places(tmp_path, PORTS, with_f3548=each) for each in (True, False))
    ports = [
        p for each in with_f3548.values() for p in (each.port, each.peers_port, each.f3548_port)
    ]
    assert len(set(ports)) == 6
    assert all(ports)
    assert {each.f3548_port for each in without.values()} == {0}


def test_whoever_starts_it_is_told_where_f3548_is_answered(tmp_path: Path) -> None:
    places = {
        "BLUE": Place(NodeFolder(tmp_path), 1, 2, 8602),
        "AMBER": Place(NodeFolder(tmp_path), 1, 2, 8702),
    }
    told = told_roles(places, Tokens("http://127.0.0.1:1/token", tmp_path / "key.pem"))
    assert "BLUE's DSS and USS answer on 127.0.0.1:8602, AMBER's USS on 127.0.0.1:8702" in told
    assert "http://127.0.0.1:1/token" in told
