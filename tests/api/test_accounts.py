"""Accounts over HTTP: sessions by name and password, rights, attribution, second persons."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from api.asking import BEARER, TOKEN, Asked, asked_node
from api.signing_in import headers_of, session_of, sign_in
from api.test_messages import Line, asking
from keepclear.api.routes import ENDPOINTS
from keepclear.contact.rights import Capability
from keepclear.identity.passwords import NOBODYS
from keepclear.services.accounts.patience import FIRST_WAIT_S, FREE_TRIES
from line_pair import paired_nodes
from messages import an_id
from people import confirming, make, password_of

NEW = {"if-none-match": "*"}
KINDS = ("viewer", "watch", "releaser", "liaison", "movement officer", "investigator")
NOTE = {"role": "duty officer", "text": "Morning call came ten minutes late."}
PATH = f"/api/v1/watch-log/{an_id('note')}"


@pytest.fixture
def people(asked: Asked) -> Asked:
    """A node with an admin called root and one account of each other kind, called as it."""
    node = asked.running.node
    make(node, "root", "admin")
    for kind in KINDS:
        make(node, kind.replace(" ", "-"), kind)
    return asked


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    with asked_node(tmp_path_factory.mktemp("people")) as made:
        make(made.running.node, "root", "admin")
        for kind in KINDS:
            make(made.running.node, kind.replace(" ", "-"), kind)
        yield made


def entry(asked: Asked) -> Any:
    return asked.http.get("/api/v1/ledger/entries", params={"limit": 500}).json()["items"][-1]


def test_without_accounts_the_token_alone_counts(asked: Asked) -> None:
    told = asked.stranger.get("/api/v1/session").json()
    assert (told["has_accounts"], told["is_open"], told["by"]) == (False, False, "nothing")
    told = asked.http.get("/api/v1/session", headers={"keepclear-actor": "jk"}).json()
    assert (told["by"], told["actor"], told["account"]) == ("token", "jk", None)
    assert told["may"] == [each.value for each in Capability]
    assert sign_in(asked.stranger, "hugo").status_code == 401


def test_the_first_account_is_made_with_the_token_and_is_an_admins(asked: Asked) -> None:
    wanted = {"kinds": ["watch"], "password": "a long enough one"}
    refused = asked.http.put("/api/v1/accounts/hugo", json=wanted, headers=NEW)
    assert (refused.status_code, refused.json()["code"]) == (409, "state-forbids")
    wanted["kinds"] = ["watch", "admin"]
    made = asked.http.put("/api/v1/accounts/Hugo", json=wanted, headers=NEW)
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["name"], told["kinds"], told["version"]) == ("hugo", ["watch", "admin"], 1)
    assert "administer" in told["may"]
    assert "password" not in told
    again = asked.http.put("/api/v1/accounts/hugo", json=wanted, headers=NEW)
    assert again.status_code == 412


def test_a_session_of_an_account_says_whose_it_is(people: Asked) -> None:
    mine = session_of(people.stranger, "watch")
    told = people.stranger.get("/api/v1/session", headers=mine).json()
    assert told == {
        "has_accounts": True,
        "is_open": True,
        "by": "account",
        "actor": "watch",
        "account": "watch",
        "kinds": ["watch"],
        "may": ["enter", "view", "watch", "movements"],
        "sees": ["picture", "lines", "cards", "movements"],
        "roles": ["duty officer", "senior watch officer", "interpreter", "planner"],
    }


def test_what_an_account_does_stands_under_its_name(people: Asked) -> None:
    mine = session_of(people.stranger, "watch")
    written = people.stranger.put(PATH, json=NOTE, headers=mine)
    assert written.status_code == 201, written.text
    assert written.json()["actor"] == "watch"
    assert entry(people)["payload"]["actor"] == "watch"


def test_a_program_with_the_token_never_passes_for_an_account(people: Asked) -> None:
    said = {"keepclear-actor": "watch"}
    written = people.http.put(PATH, json=NOTE, headers=said)
    assert written.json()["actor"] == "watch (by token)"
    opened = people.stranger.post("/api/v1/session", json={"token": TOKEN, "actor": "watch"})
    people.stranger.cookies.clear()
    told = people.stranger.get("/api/v1/session", headers=headers_of(opened)).json()
    assert (told["by"], told["actor"]) == ("token", "watch (by token)")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"token": TOKEN, "account": "root", "password": "x"},
        {"account": ""},
        {"account": "root", "secret": "x"},
    ],
)
def test_a_session_is_opened_in_one_way_or_the_other(people: Asked, body: dict[str, str]) -> None:
    assert people.stranger.post("/api/v1/session", json=body).status_code == 400


NEEDED: dict[tuple[str, str], Capability] = {
    (each.method, each.path): each.needed for each in ENDPOINTS if not each.is_open
}
ALLOWED = {
    "viewer": {"enter", "view"},
    "watch": {"enter", "view", "watch", "movements"},
    "releaser": {"enter", "view", "watch", "release", "movements"},
    "liaison": {"enter", "view", "watch", "release", "movements"},
    "movement-officer": {"enter", "view", "movements"},
    "investigator": {"enter", "view", "investigate"},
    "root": {"enter", "view", "administer"},
}


@pytest.mark.parametrize("name", ALLOWED)
def test_every_endpoint_refuses_whoever_may_not(shared: Asked, name: str) -> None:
    mine = session_of(shared.stranger, name)
    for (method, path), needed in NEEDED.items():
        if needed.value in ALLOWED[name]:
            continue
        reply = shared.stranger.request(method, path, headers=mine, content=b"{}")
        assert reply.status_code == 403, (method, path, reply.text)
        assert reply.json()["code"] == "not-permitted", (method, path)


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("GET", "/api/v1/operations", "view"),
        ("PUT", "/api/v1/operations/{operation_id}", "watch"),
        ("DELETE", "/api/v1/zones/{thing_id}", "watch"),
        ("POST", "/api/v1/checks", "view"),
        ("PUT", "/api/v1/lines/{line_id}/declaration", "release"),
        ("PUT", "/api/v1/lines/{line_id}/notices/{operation_id}", "release"),
        ("GET", "/api/v1/ledger/entries", "investigate"),
        ("PUT", "/api/v1/peers/{party}", "administer"),
        ("GET", "/api/v1/accounts", "administer"),
        ("PUT", "/api/v1/accounts/{account}/password", "enter"),
    ],
)
def test_an_endpoint_says_what_it_needs(shared: Asked, method: str, path: str, needed: str) -> None:
    assert NEEDED[method, path] == needed
    told = shared.http.get("/api/v1/openapi.json").json()["paths"][path][method.lower()]
    assert told["x-keepclear-needs"] == needed
    assert "not-permitted" in str(told["responses"]["403"])


def test_the_whole_archive_is_for_investigators(shared: Asked) -> None:
    for name, status in (("watch", 403), ("investigator", 200)):
        mine = session_of(shared.stranger, name)
        reply = shared.stranger.get("/api/v1/exports/everything", headers=mine)
        assert reply.status_code == status
        assert shared.stranger.get("/api/v1/exports/csv", headers=mine).status_code == 200


def test_an_account_acts_as_its_own_roles_alone(people: Asked) -> None:
    mine = session_of(people.stranger, "liaison")
    refused = people.stranger.put(PATH, json=NOTE, headers=mine)
    assert refused.status_code == 403
    assert "may not act as duty officer" in refused.json()["detail"]
    own = {**NOTE, "role": "liaison officer"}
    assert people.stranger.put(PATH, json=own, headers=mine).status_code == 201


def test_a_role_that_is_left_to_its_default_is_asked_for_too(people: Asked) -> None:
    mine = session_of(people.stranger, "liaison")
    path = "/api/v1/lines/AMBER-BLUE/restoration"
    refused = people.stranger.put(path, json={"act": "offer"}, headers=mine)
    assert refused.status_code == 403


def test_everybody_changes_their_own_password_with_the_present_one(people: Asked) -> None:
    mine, elsewhere = (session_of(people.stranger, "viewer") for _ in range(2))
    path = "/api/v1/accounts/viewer/password"
    words = {"password": "seven green kettles"}
    assert people.stranger.put(path, json=words, headers=mine).status_code == 403
    wrong = {**words, "current": "not this one"}
    assert people.stranger.put(path, json=wrong, headers=mine).status_code == 403
    done = people.stranger.put(path, json={**words, "current": password_of("viewer")}, headers=mine)
    people.stranger.cookies.clear()
    assert done.status_code == 200, done.text
    for old in (mine, elsewhere):
        assert people.stranger.get("/api/v1/node", headers=old).status_code == 401
    assert people.stranger.get("/api/v1/node", headers=headers_of(done)).status_code == 200
    assert sign_in(people.stranger, "viewer").status_code == 401
    assert sign_in(people.stranger, "viewer", "seven green kettles").status_code == 204


def test_an_admin_sets_anybodys_password_and_nobody_else_does(people: Asked) -> None:
    words = {"password": "seven green kettles"}
    path = "/api/v1/accounts/viewer/password"
    watch, admin = (session_of(people.stranger, name) for name in ("watch", "root"))
    assert people.stranger.put(path, json=words, headers=watch).status_code == 403
    assert people.stranger.put(path, json=words, headers=admin).status_code == 200
    assert sign_in(people.stranger, "viewer", "seven green kettles").status_code == 204


def test_accounts_are_listed_without_anything_of_a_password(people: Asked) -> None:
    admin = session_of(people.stranger, "root")
    listed = people.stranger.get("/api/v1/accounts", headers=admin)
    assert listed.json()["total"] == 7
    one = people.stranger.get("/api/v1/accounts/watch", headers=admin)
    assert one.headers["etag"] == '"1"'
    for told in (listed.text, one.text):
        assert "argon2" not in told
        assert '"hash"' not in told
        assert NOBODYS not in told


def test_an_admin_sees_who_is_signed_in_and_whose_password_is_being_guessed(people: Asked) -> None:
    session_of(people.stranger, "watch")
    for _ in range(FREE_TRIES):
        assert sign_in(people.stranger, "viewer", "a guess").status_code == 401
    listed = people.http.get("/api/v1/accounts").json()["items"]
    told = {one["name"]: (one["sessions"], one["wrong_in_a_row"]) for one in listed}
    assert told["watch"] == (1, 0)
    assert told["viewer"] == (0, FREE_TRIES)
    assert 0.0 < people.http.get("/api/v1/accounts/viewer").json()["waits_s"] <= FIRST_WAIT_S
    people.http.put("/api/v1/accounts/watch/password", json={"password": "one more blue kite"})
    assert people.http.get("/api/v1/accounts/watch").json()["sessions"] == 0


def test_a_foreign_page_cannot_use_an_accounts_session(people: Asked) -> None:
    mine = session_of(people.stranger, "watch")
    forged = {"cookie": mine["cookie"], "sec-fetch-site": "cross-site"}
    assert people.stranger.put(PATH, json=NOTE, headers=forged).status_code == 403
    foreign = {"cookie": mine["cookie"], "origin": "http://evil.example"}
    assert people.stranger.put(PATH, json=NOTE, headers=foreign).status_code == 403


def test_a_link_names_nobody_where_people_have_accounts(people: Asked) -> None:
    ticket = people.access.new_ticket()
    reply = people.stranger.get("/enter", params={"ticket": ticket})
    assert (reply.status_code, reply.headers["location"]) == (303, "/")
    assert "set-cookie" not in reply.headers


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    with ExitStack() as stack:
        pair = stack.enter_context(paired_nodes(tmp_path))
        pair.carry()
        for name, *kinds in (
            ("root", "admin"),
            ("hugo", "watch"),
            ("rita", "releaser"),
            ("lena", "liaison"),
        ):
            make(pair.blue.node, name, *kinds)
        clients = [stack.enter_context(asking(side)) for side in pair.sides]
        yield Line(pair, clients[0], clients[1])


def released(line: Line, name: str, code: str, **said: Any) -> Any:
    """What came of it when an account released a draft."""
    http = line.blue
    bearer = http.headers.pop("authorization")
    try:
        mine = session_of(http, name)
        path = f"/api/v1/messages/{an_id(code)}/acts/{an_id(f'{name} {code} {said}')}"
        act = {"kind": "release", "role": "duty officer", **said}
        return http.put(path, json=act, headers=mine)
    finally:
        http.headers["authorization"] = bearer


def test_a_watch_releases_flash_and_nothing_else(line: Line) -> None:
    assert line.draft("M09")["document"]["precedence"] == "FLASH"
    assert released(line, "hugo", "M09").status_code == 200
    assert line.draft("M07")["document"]["precedence"] != "FLASH"
    refused = released(line, "hugo", "M07")
    assert refused.status_code == 403
    assert "releases FLASH alone" in refused.json()["detail"]
    done = released(line, "rita", "M07")
    assert done.status_code == 200, done.text


def test_a_release_by_two_takes_the_password_of_the_second(line: Line) -> None:
    path = "/api/v1/lines/AMBER-BLUE/declaration"
    said = {"act": "suspend", "reason": "drill", "role": "senior watch officer"}
    bearer = line.blue.headers.pop("authorization")
    mine = session_of(line.blue, "rita")
    by_name = line.blue.put(path, json={**said, "second": "hugo"}, headers=mine)
    assert by_name.status_code == 403
    alone = line.blue.put(path, json={**said, "second": confirming("rita")}, headers=mine)
    assert alone.status_code == 403
    assert "is the first" in alone.json()["detail"]
    wrong = {"account": "hugo", "password": "wrong"}
    assert line.blue.put(path, json={**said, "second": wrong}, headers=mine).status_code == 403
    done = line.blue.put(path, json={**said, "second": confirming("hugo")}, headers=mine)
    assert done.status_code == 200, done.text
    line.blue.headers["authorization"] = bearer
    with line.pair.blue.node.store.view() as view:
        payloads = [each.payload or b"" for each in view.entries(limit=10_000)]
    (told,) = [each for each in payloads if b'"second":"hugo"' in each]
    assert b'"actor":"rita"' in told
    assert not any(password_of("hugo").encode() in each for each in payloads)


def test_the_token_still_does_everything_where_there_are_accounts(shared: Asked) -> None:
    for path in ("/api/v1/node", "/api/v1/accounts", "/api/v1/ledger/entries"):
        assert shared.stranger.get(path, headers=BEARER).status_code == 200
