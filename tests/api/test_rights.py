"""Every endpoint, asked by every kind of account: what it may not, it is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.asking import Asked
from api.rights_table import MAY, needs
from api.signing_in import session_of
from keepclear.api.parts import PARTS
from keepclear.api.routes import ENDPOINTS
from keepclear.contact.rights import SEEN_WITH, Part
from people import make

NEEDS = needs()
REFUSED = "it needs the right to"
AN_ID = "00000000-0000-4000-8000-000000000000"
EVENTS = ("GET", "/events")
"""Its stream never ends; see `test_events.py` and `test_accounts.py`."""


def test_every_endpoint_has_a_line_in_the_table() -> None:
    there = {(each.method, each.path.removeprefix("/api/v1")) for each in ENDPOINTS}
    assert there == set(NEEDS)


@pytest.mark.parametrize("kind", MAY)
def test_an_account_is_refused_what_its_kind_may_not(asked: Asked, kind: str) -> None:
    make(asked.running.node, "root", "admin")
    make(asked.running.node, "somebody", kind)
    session = session_of(asked.stranger, "somebody")
    wrong = []
    for (method, path), needed in NEEDS.items():
        if needed == "open":
            continue
        if (method, path) == EVENTS and needed in MAY[kind]:
            continue
        reply = sent(asked.stranger, method, path, session)
        is_refused = reply.status_code == 403 and REFUSED in reply.text
        if is_refused is (needed in MAY[kind]) or reply.status_code == 401:
            wrong.append((method, path, needed, reply.status_code, reply.text[:200]))
    assert not wrong


SEEN_AT = {
    Part.PICTURE: {"/operations", "/answers", "/zones", "/boundaries", "/airfields", "/drafts"},
    Part.LINES: {"/lines", "/messages", "/calls", "/watch-log", "/units", "/texts", "/keys"},
    Part.PAPER_CARDS: {"/lines/{line_id}/cards/{card}"},
    Part.MOVEMENTS: {"/movements", "/sites", "/warnings"},
    Part.ACCOUNTS: {"/accounts"},
    Part.ENTRIES: {"/ledger/entries"},
}
"""Where each part is asked for."""


@pytest.mark.parametrize("part", Part)
def test_a_part_is_said_to_be_seen_by_just_those_who_are_not_refused_it(part: Part) -> None:
    assert {NEEDS["GET", path] for path in SEEN_AT[part]} == {SEEN_WITH[part].value}


def test_without_token_or_session_nothing_is_told(asked: Asked) -> None:
    for has_accounts in (False, True):
        if has_accounts:
            make(asked.running.node, "root", "admin")
        told = {
            (method, path): sent(asked.stranger, method, path, {}).status_code
            for (method, path), needed in NEEDS.items()
            if needed != "open"
        }
        assert set(told.values()) == {401}, told


def test_a_disabled_account_is_refused_everything(asked: Asked, tmp_path: Path) -> None:
    del tmp_path
    node = asked.running.node
    make(node, "root", "admin")
    make(node, "somebody", *MAY)
    session = session_of(asked.stranger, "somebody")
    path = "/api/v1/accounts/somebody"
    now = asked.http.get(path)
    body = {"kinds": [*MAY], "title": "", "is_enabled": False}
    done = asked.http.put(path, json=body, headers={"if-match": f'"{now.json()["version"]}"'})
    assert done.status_code == 200, done.text
    told = {
        sent(asked.stranger, method, path, session).status_code
        for (method, path), needed in NEEDS.items()
        if needed != "open"
    }
    assert told == {401}


def sent(http: httpx.Client, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
    """A request whose path names nothing there is, and whose body says nothing."""
    url = "/api/v1" + re.sub(r"\{(\w+)\}", lambda found: _example(found.group(1)), path)
    body: Any = None if method in ("GET", "DELETE") else {}
    return http.request(method, url, json=body, headers=headers)


def _example(part: str) -> str:
    schema = PARTS[part].schema
    if "enum" in schema:
        return str(schema["enum"][0])
    if schema["type"] == "integer":
        return "1"
    return "geojson" if part == "format" else "nobody" if part == "account" else AN_ID
