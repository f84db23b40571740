"""Wrong passwords, sessions that are over, accounts that end while somebody works."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.types import Message

from api.asking import HOST, Asked, asked_node
from api.signing_in import headers_of, session_of, sign_in
from keepclear.api.auth import SESSION_LASTS_S
from keepclear.errors import KeepclearError
from keepclear.model.account import AccountKind
from keepclear.model.node import Subject
from keepclear.services.accounts.keeping import Wanted, keep_account, set_password
from keepclear.services.accounts.patience import FIRST_WAIT_S, FREE_TRIES, LONGEST_WAIT_S
from messages import an_id
from people import make, password_of

ADMIN = Wanted((AccountKind.ADMIN,))
OFF = Wanted((AccountKind.WATCH,), is_enabled=False)


@pytest.fixture
def people(tmp_path: Path) -> Iterator[Asked]:
    with asked_node(tmp_path) as asked:
        make(asked.running.node, "root", "admin")
        make(asked.running.node, "hugo", "watch")
        yield asked


def status(asked: Asked, headers: dict[str, str]) -> int:
    return asked.stranger.get("/api/v1/node", headers=headers).status_code


def test_wrong_passwords_wait_and_lock_nobody_out_for_good(people: Asked) -> None:
    mine = session_of(people.stranger, "hugo")
    for _ in range(FREE_TRIES):
        assert sign_in(people.stranger, "hugo", "wrong").status_code == 401
    waits = sign_in(people.stranger, "hugo")
    assert waits.status_code == 429
    assert waits.headers["retry-after"] == str(int(FIRST_WAIT_S))
    for _ in range(200):
        assert sign_in(people.stranger, "hugo", "wrong").status_code == 429
    # An open session, the token and everybody else go on.
    assert status(people, mine) == 200
    assert people.http.get("/api/v1/node").status_code == 200
    assert sign_in(people.stranger, "root").status_code == 204
    people.seconds.at_s += FIRST_WAIT_S
    assert sign_in(people.stranger, "hugo").status_code == 204


def test_however_often_it_was_wrong_the_wait_has_an_end(people: Asked) -> None:
    for _ in range(FREE_TRIES + 10):
        people.seconds.at_s += LONGEST_WAIT_S
        assert sign_in(people.stranger, "hugo", "wrong").status_code == 401
    people.seconds.at_s += LONGEST_WAIT_S
    assert sign_in(people.stranger, "hugo").status_code == 204


def test_wrong_passwords_that_come_at_once_are_not_all_looked_at(people: Asked) -> None:
    access, node = people.access, people.running.node
    from keepclear.services.accounts.signing_in import try_password

    found: list[float] = []
    threads = [
        threading.Thread(
            target=lambda: found.append(try_password(node, access.patience, "hugo", "x").wait_s)
        )
        for _ in range(20)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(wait_s == 0.0 for wait_s in found) == FREE_TRIES


def test_a_name_nobody_has_is_refused_in_the_same_words(people: Asked) -> None:
    known = sign_in(people.stranger, "hugo", "wrong").json()
    assert sign_in(people.stranger, "nobody", "wrong").json() == known
    assert sign_in(people.stranger, "NO/NAME AT ALL", "wrong").json() == known


def test_neither_password_nor_foreign_name_stands_in_the_log(
    people: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        sign_in(people.stranger, "hugo", "wrong-secret")
        sign_in(people.stranger, "typed-the-password-here", "wrong-secret")
        sign_in(people.stranger, "hugo")
    assert "wrong password for account hugo" in caplog.text
    for secret in ("wrong-secret", "typed-the-password-here", password_of("hugo"), "argon2"):
        assert secret not in caplog.text


def test_a_session_ends_a_day_after_it_was_opened(people: Asked) -> None:
    mine = session_of(people.stranger, "hugo")
    people.seconds.at_s += SESSION_LASTS_S - 1.0
    assert status(people, mine) == 200
    people.seconds.at_s += 2.0
    refused = people.stranger.get("/api/v1/node", headers=mine)
    assert (refused.status_code, refused.json()["code"]) == (401, "not-allowed")


def test_a_disabled_account_is_out_at_once_and_stays_out(people: Asked) -> None:
    node = people.running.node
    mine = session_of(people.stranger, "hugo")
    keep_account(node, "hugo", OFF, password="", expected=1, actor="root")
    assert status(people, mine) == 401
    assert sign_in(people.stranger, "hugo").status_code == 401
    on = OFF._replace(is_enabled=True)
    keep_account(node, "hugo", on, password="", expected=2, actor="root")
    assert sign_in(people.stranger, "hugo").status_code == 204


def test_disabling_over_http_ends_its_open_stream(people: Asked) -> None:
    mine = session_of(people.stranger, "hugo")
    caller = people.access.caller(mine, "GET")
    admin = session_of(people.stranger, "root")
    body = {"kinds": ["watch"], "is_enabled": False}
    done = people.stranger.put(
        "/api/v1/accounts/hugo", json=body, headers={**admin, "if-match": '"1"'}
    )
    assert done.status_code == 200, done.text
    assert caller.is_over


def test_another_password_ends_every_session(people: Asked) -> None:
    mine = session_of(people.stranger, "hugo")
    set_password(people.running.node, "hugo", "seven green kettles", actor="root")
    assert status(people, mine) == 401


def test_what_an_account_may_is_asked_anew_each_time(people: Asked) -> None:
    node = people.running.node
    mine = session_of(people.stranger, "hugo")
    assert people.stranger.get("/api/v1/accounts", headers=mine).status_code == 403
    more = Wanted((AccountKind.WATCH, AccountKind.ADMIN))
    keep_account(node, "hugo", more, password="", expected=1, actor="root")
    assert people.stranger.get("/api/v1/accounts", headers=mine).status_code == 200
    less = Wanted((AccountKind.VIEWER,))
    keep_account(node, "hugo", less, password="", expected=2, actor="root")
    assert people.stranger.get("/api/v1/accounts", headers=mine).status_code == 403


def test_two_admins_cannot_both_end_the_other(people: Asked) -> None:
    node = people.running.node
    make(node, "anna", "admin")
    outcomes: list[object] = []

    def end(name: str, actor: str) -> None:
        try:
            off = ADMIN._replace(is_enabled=False)
            keep_account(node, name, off, password="", expected=1, actor=actor)
            outcomes.append("ended")
        except KeepclearError as error:
            outcomes.append(error.code)

    threads = [
        threading.Thread(target=end, args=pair) for pair in (("root", "anna"), ("anna", "root"))
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(map(str, outcomes)) == ["ended", "state-forbids"]


def test_sessions_from_before_the_first_account_are_over_with_it(tmp_path: Path) -> None:
    with asked_node(tmp_path) as asked:
        ticket = asked.access.new_ticket()
        before = headers_of(asked.stranger.get("/enter", params={"ticket": ticket}))
        asked.stranger.cookies.clear()
        assert status(asked, before) == 200
        make(asked.running.node, "root", "admin")
        assert status(asked, before) == 401
        assert asked.http.get("/api/v1/node").status_code == 200


def test_a_right_password_for_a_damaged_hash_lets_nobody_in(people: Asked) -> None:
    at = people.running.node.now()
    people.running.node.store.write(
        lambda unit: unit.put_password_hash("hugo", "$argon2id$damaged", at=at)
    )
    assert sign_in(people.stranger, "hugo").status_code == 401


def test_an_account_whose_hash_is_gone_lets_nobody_in(people: Asked) -> None:
    at = people.running.node.now()
    people.running.node.store.write(lambda unit: unit.put_password_hash("hugo", "", at=at))
    assert sign_in(people.stranger, "hugo").status_code == 401


def test_a_body_that_comes_after_its_account_was_disabled_is_refused(people: Asked) -> None:
    node, mine = people.running.node, session_of(people.stranger, "hugo")

    def disable() -> None:
        keep_account(node, "hugo", OFF, password="", expected=1, actor="root")

    note = {"role": "duty officer", "text": "Morning call came ten minutes late."}
    path = f"/api/v1/watch-log/{an_id('note')}"
    with ThreadPoolExecutor(1) as thread:
        asking = slowly(people, "PUT", path, {**mine, "if-none-match": "*"}, note, disable)
        assert thread.submit(asyncio.run, asking).result() == 401
    with node.store.view() as view:
        assert not view.declarations(Subject.NOTE)


async def slowly(
    people: Asked,
    method: str,
    path: str,
    headers: dict[str, str],
    body: object,
    meanwhile: Callable[[], object],
) -> int:
    """The status of a request whose head comes, then something else happens, then its body."""
    told = {"host": HOST, "content-type": "application/json", **headers}
    scope = {
        "type": "http",
        "scheme": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in told.items()],
    }
    statuses: list[int] = []

    async def receive() -> Message:
        meanwhile()
        return {"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await people.application(scope, receive, send)
    return statuses[0]
