"""Handing the watch over, over HTTP: the sheet, the signatures, and who may give them."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import pytest

from api.asking import Asked
from api.signing_in import session_of
from api.test_records_watch import SHIFT, an_id
from people import make, password_of

NEW = {"if-none-match": "*"}
NO = "not it"
NEXT = {
    "handed_over_by": "duty officer",
    "taken_over_by": "senior watch officer",
    "next_handover": "2026-03-14T22:00:00Z",
}
PATH = f"/api/v1/handover/{an_id('handover')}"


@pytest.fixture
def watched(asked: Asked) -> Asked:
    """A node whose watch somebody has, eight hours later."""
    taken = asked.http.put("/api/v1/watch", json=SHIFT, headers=NEW)
    assert taken.status_code == 201, taken.text
    asked.running.clock.turn(hours=8, minutes=1)
    return asked


@pytest.fixture
def people(watched: Asked) -> Asked:
    node = watched.running.node
    make(node, "root", "admin")
    make(node, "hugo", "watch")
    make(node, "anna", "watch")
    make(node, "lena", "liaison")
    return watched


def signed(asked: Asked, side: str, headers: dict[str, str] | None = None, **said: Any) -> Any:
    http = asked.http if headers is None else asked.stranger
    return http.put(f"{PATH}/signatures/{side}", json=said, headers=headers)


def test_without_a_watch_there_is_a_sheet_and_nothing_to_hand_over(asked: Asked) -> None:
    told = asked.http.get("/api/v1/handover").json()
    assert (told["under_way"], told["last"], told["sheet"]["since"]) == (None, None, None)
    refused = asked.http.put(PATH, json=NEXT)
    assert (refused.status_code, refused.json()["code"]) == (409, "state-forbids")


def test_without_accounts_both_sign_by_role_and_name(watched: Asked) -> None:
    made = watched.http.put(PATH, json=NEXT)
    assert made.status_code == 201, made.text
    assert made.json()["now"]["missing"] == ["outgoing", "incoming"]
    assert watched.http.get("/api/v1/handover").json()["under_way"]["id"] == an_id("handover")
    out = signed(watched, "outgoing", role="duty officer", name="Hugo")
    assert (out.status_code, out.json()["now"]["missing"]) == (200, ["incoming"]), out.text
    assert watched.http.get("/api/v1/watch").json()["ours"]["version"] == 1
    done = signed(watched, "incoming", role="senior watch officer", name="Anna")
    assert done.status_code == 200, done.text
    told = done.json()
    assert (told["state"], told["now"]["watch_changed"]) == ("signed", True)
    assert [each["name"] for each in told["signatures"]] == ["Hugo", "Anna"]
    ours = watched.http.get("/api/v1/watch").json()["ours"]
    assert (ours["version"], ours["taken_over_by"]) == (2, "senior watch officer")
    over = watched.http.get("/api/v1/handover").json()
    assert (over["under_way"], over["last"]["state"]) == (None, "signed")


def test_where_there_are_accounts_each_gives_their_own_password(people: Asked) -> None:
    mine = session_of(people.stranger, "hugo")
    assert people.stranger.put(PATH, json=NEXT, headers=mine).status_code == 201
    by_name = signed(people, "outgoing", mine, role="duty officer", name="hugo")
    assert by_name.status_code == 403
    wrong = signed(people, "outgoing", mine, role="duty officer", account="hugo", password=NO)
    assert wrong.status_code == 403
    out = signed(
        people,
        "outgoing",
        mine,
        role="duty officer",
        account="hugo",
        password=password_of("hugo"),
    )
    assert out.status_code == 200, out.text
    same = signed(
        people,
        "incoming",
        mine,
        role="senior watch officer",
        account="hugo",
        password=password_of("hugo"),
    )
    assert same.status_code == 403
    other = signed(
        people,
        "incoming",
        mine,
        role="senior watch officer",
        account="lena",
        password=password_of("lena"),
    )
    assert other.status_code == 403
    assert "may not act as" in other.json()["detail"]
    done = signed(
        people,
        "incoming",
        mine,
        role="senior watch officer",
        account="anna",
        password=password_of("anna"),
    )
    assert done.status_code == 200, done.text
    assert [(each["name"], each["by_password"]) for each in done.json()["signatures"]] == [
        ("hugo", True),
        ("anna", True),
    ]
    for secret in (password_of("anna"), password_of("hugo"), "argon2"):
        assert secret not in done.text


def test_where_there_are_accounts_the_watch_is_not_changed_past_a_handover(people: Asked) -> None:
    ours = people.http.get("/api/v1/watch").json()["ours"]
    fixed = {**ours, "remark": "Two calls came."}
    kept = people.http.put("/api/v1/watch", json=fixed, headers={"if-match": '"1"'})
    assert kept.status_code == 200, kept.text
    taken = {**ours, "since": "2026-03-14T14:00:00Z", "next_handover": None}
    refused = people.http.put("/api/v1/watch", json=taken, headers={"if-match": '"2"'})
    assert (refused.status_code, refused.json()["code"]) == (409, "state-forbids")
    assert people.http.put(PATH, json=NEXT).status_code == 201
    said = {"role": "duty officer", "reason": "relieved ill"}
    done = people.http.put(f"{PATH}/override", json=said)
    assert done.status_code == 200, done.text
    assert done.json()["override"]["reason"] == "relieved ill"
    assert people.http.get("/api/v1/watch").json()["ours"]["version"] == 3


def test_the_sheet_is_a_page_that_its_own_policy_lets_be_seen(watched: Asked) -> None:
    watched.http.put(PATH, json=NEXT)
    for path in ("/api/v1/handover/sheet", f"{PATH}/sheet"):
        reply = watched.http.get(path)
        assert reply.headers["content-type"] == "text/html; charset=utf-8"
        style = re.search(r"<style>(.*?)</style>", reply.text, re.DOTALL)
        assert style is not None
        digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
        policy = reply.headers["content-security-policy"]
        assert f"style-src 'sha256-{digest}'" in policy
        assert "default-src 'none'" in policy
    assert "Name, signature, time" in watched.http.get(f"{PATH}/sheet").text


@pytest.mark.parametrize(
    "body",
    [
        {"role": "duty officer"},
        {"role": "duty officer", "account": "hugo", "password": "x"},
        {"role": "planner", "name": "Hugo"},
        {"name": "Hugo"},
    ],
)
def test_a_signature_that_says_too_little_is_refused(watched: Asked, body: dict[str, str]) -> None:
    watched.http.put(PATH, json=NEXT)
    assert signed(watched, "outgoing", None, **body).status_code in {400, 403}


def test_there_are_two_sides_and_no_third(watched: Asked) -> None:
    watched.http.put(PATH, json=NEXT)
    assert signed(watched, "upper", role="duty officer", name="Hugo").status_code == 400
    nowhere = watched.http.get(f"/api/v1/handover/{an_id('other')}")
    assert nowhere.status_code == 404
