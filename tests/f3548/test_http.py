"""The F3548 port over HTTP: who may ask, in which order it is checked, what a body may be."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest
from msgspec import Struct
from starlette.types import Message, Receive, Scope

from f3548.asking import (
    INTENTS,
    ORIGIN,
    SUBSCRIPTIONS,
    AskedDss,
    asked_dss,
    intent,
    message_of,
    new_id,
    subscription,
    volume,
)
from keepclear import __version__
from keepclear.api.f3548 import dispatch
from keepclear.api.f3548.endpoint import BODY_BYTES, CM, SC, Answer, F3548Call, F3548Endpoint
from keepclear.api.f3548.roles import served
from keepclear.errors import NodeBusy, StoreFull

ENDPOINTS = served(dss=True, uss=False, testing=False)
ID = "7f3c2a10-6f0b-4a51-8d0e-0f8c1a2b3c4d"


def filled(path: str) -> str:
    for name in ("entityid", "subscriptionid"):
        path = path.replace(f"{{{name}}}", ID)
    for name in ("ovn", "version", "uss_id", "system_identity"):
        path = path.replace(f"{{{name}}}", "x" * 16)
    return path


@pytest.mark.parametrize(
    "path", ["/", "/dss", "/dss/v1/operation_references/x", f"{INTENTS}/a/b/c"]
)
def test_an_unknown_path_is_404_whoever_asks(shared_dss: AskedDss, path: str) -> None:
    assert shared_dss.http.get(path).status_code == 404
    assert shared_dss.ask("PUT", path, {}).status_code == 404
    message_of(shared_dss.http.get(path))


def test_a_method_that_is_not_taken_is_405_and_names_those_that_are(shared_dss: AskedDss) -> None:
    response = shared_dss.http.delete(f"{INTENTS}/{ID}")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, PUT"
    message_of(response)


def test_without_a_token_every_endpoint_but_the_open_ones_is_401(shared_dss: AskedDss) -> None:
    for each in ENDPOINTS:
        for headers in ({}, {"authorization": "Bearer x.y.z"}):
            response = shared_dss.http.request(each.method, filled(each.path), headers=headers)
            if each.scopes:
                assert response.status_code == 401, each.operation_id
                assert response.headers["www-authenticate"].startswith("Bearer")
                message_of(response)
            else:
                assert response.status_code == 200, each.operation_id


def test_without_the_scope_it_is_403_before_ids_and_bodies_are_looked_at(
    shared_dss: AskedDss,
) -> None:
    for each in ENDPOINTS:
        if each.scopes:
            path = filled(each.path).replace(ID, "no-id")
            response = shared_dss.ask(each.method, path, ["nonsense"], scope="utm.other")
            assert response.status_code == 403, each.operation_id
            assert min(map(min, each.scopes)) in message_of(response)


def test_a_bad_token_goes_before_a_missing_scope(shared_dss: AskedDss) -> None:
    expired = shared_dss.token(scope="utm.other", exp=1)
    response = shared_dss.http.get(
        f"{INTENTS}/{ID}", headers={"authorization": f"Bearer {expired}"}
    )
    assert response.status_code == 401


def test_ids_go_before_bodies(shared_dss: AskedDss) -> None:
    response = shared_dss.ask("PUT", f"{INTENTS}/not-an-id", ["nonsense"])
    assert response.status_code == 400
    assert "UUID" in message_of(response)


@pytest.mark.parametrize("path", [f"{SUBSCRIPTIONS}/{ID}/", f"{INTENTS}/{ID}/"])
def test_a_lost_version_is_told_and_not_sent_away(shared_dss: AskedDss, path: str) -> None:
    body = subscription() if "subscriptions" in path else intent()
    assert shared_dss.ask("PUT", path, body).status_code == 400
    assert shared_dss.ask("DELETE", path).status_code == 400


@pytest.mark.parametrize("path", [f"{INTENTS}/%2Fquery", f"{INTENTS}/a%2Fb", f"{INTENTS}/%C3%A4"])
def test_an_encoded_part_stays_one_part(shared_dss: AskedDss, path: str) -> None:
    response = shared_dss.ask("GET", path)
    assert response.status_code == 400
    assert "UUID" in message_of(response)


def test_an_intent_is_made_changed_shown_found_and_removed(asked: AskedDss) -> None:
    made = asked.new_intent()
    path = f"{INTENTS}/{made['id']}"
    assert asked.ask("GET", path).json()["operational_intent_reference"]["version"] == 1
    changed = asked.ask("PUT", f"{path}/{made['ovn']}", intent(key=[made["ovn"]]))
    assert changed.status_code == 200
    ovn = changed.json()["operational_intent_reference"]["ovn"]
    found = asked.ask("POST", f"{INTENTS}/query", {"area_of_interest": volume()})
    assert [each["id"] for each in found.json()["operational_intent_references"]] == [made["id"]]
    assert asked.ask("DELETE", f"{path}/{ovn}").status_code == 200
    response = asked.ask("GET", path)
    assert response.status_code == 404
    message_of(response)


def test_a_conflict_names_what_is_missing(asked: AskedDss) -> None:
    other = asked.new_intent()
    response = asked.ask("PUT", f"{INTENTS}/{new_id()}", intent(), sub="uss2")
    assert response.status_code == 409
    assert message_of(response)
    (missing,) = response.json()["missing_operational_intents"]
    assert missing["id"] == other["id"]
    assert missing.get("ovn") != other["ovn"]


def test_another_managers_intent_is_403(asked: AskedDss) -> None:
    made = asked.new_intent()
    response = asked.ask("DELETE", f"{INTENTS}/{made['id']}/{made['ovn']}", sub="uss2")
    assert response.status_code == 403
    message_of(response)


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"", {}, 400),
        (b"{", {}, 400),
        (b"[]", {}, 400),
        (b"\xff", {}, 400),
        (b"[" * 100_000, {}, 400),
        (b"{}", {"content-type": "text/plain"}, 400),
        (b"{}", {"content-type": "application/json; charset=latin-1"}, 400),
        (b"{}", {"content-encoding": "gzip"}, 400),
        (b" " * (BODY_BYTES + 1), {}, 413),
    ],
)
def test_a_body_that_cannot_be_used_is_refused(
    shared_dss: AskedDss, content: bytes, headers: dict[str, str], status: int
) -> None:
    given = {"content-type": "application/json", **shared_dss.bearer(), **headers}
    response = shared_dss.http.put(f"{INTENTS}/{new_id()}", content=content, headers=given)
    assert response.status_code == status
    message_of(response)


def test_an_intent_of_10_000_vertices_is_taken(asked: AskedDss) -> None:
    body = intent(extents=[volume(vertices=10_000, size=0.2)])
    assert len(json.dumps(body)) > dispatch.LARGE_BYTES
    made = asked.new_intent(**body)
    found = asked.ask(
        "POST", f"{INTENTS}/query", {"area_of_interest": volume(vertices=10_000, size=0.2)}
    )
    assert [each["id"] for each in found.json()["operational_intent_references"]] == [made["id"]]


def raw_scope(asked: AskedDss) -> Scope:
    headers = {"content-type": "application/json", **asked.bearer()}
    path = f"{INTENTS}/{ID}"
    return {
        "type": "http",
        "method": "PUT",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }


async def sent_to(asked: AskedDss, receive: Receive) -> list[Message]:
    """What the application sends for a body that comes as a test has it."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await asked.application(raw_scope(asked), receive, send)
    return sent


def test_a_body_without_a_length_is_bounded_too(shared_dss: AskedDss) -> None:
    asked_for = 0

    async def receive() -> Message:
        nonlocal asked_for
        asked_for += 1
        return {"type": "http.request", "body": b" " * 65_536, "more_body": True}

    start, _ = asyncio.run(sent_to(shared_dss, receive))
    assert start["status"] == 413
    assert (b"connection", b"close") in start["headers"]
    assert asked_for == BODY_BYTES // 65_536 + 1


def test_a_slow_body_is_not_waited_for(
    shared_dss: AskedDss, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "BODY_WAIT_S", 0.01)

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    start, _ = asyncio.run(sent_to(shared_dss, receive))
    assert start["status"] == 400
    assert (b"connection", b"close") in start["headers"]


def test_large_bodies_are_read_a_few_at_a_time(
    shared_dss: AskedDss, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "MOST_LARGE", 1)
    monkeypatch.setattr(dispatch, "BODY_WAIT_S", 0.05)

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def two() -> list[int]:
        both = await asyncio.gather(*(sent_to(shared_dss, receive) for _ in range(2)))
        return sorted(messages[0]["status"] for messages in both)

    assert asyncio.run(two()) == [400, 429]


def test_a_caller_that_goes_away_is_not_answered(shared_dss: AskedDss) -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    assert not asyncio.run(sent_to(shared_dss, receive))


def test_what_comes_together_goes_together_and_each_is_answered_for_itself(
    asked: AskedDss,
) -> None:
    bodies = [intent(extents=[volume(46.0 + 0.5 * number)]) for number in range(20)]
    bodies[7]["state"] = "Ended"
    bodies[11]["uss_base_url"] = "http://not.encrypted"

    async def crowd() -> list[int]:
        transport = httpx.ASGITransport(asked.application)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as http:
            paths = [f"{INTENTS}/{new_id()}" for _ in bodies]
            headers = asked.bearer()
            written = await asyncio.gather(
                *(
                    http.put(path, json=body, headers=headers)
                    for path, body in zip(paths, bodies, strict=True)
                )
            )
            read = await asyncio.gather(*(http.get(path, headers=headers) for path in paths))
        return [each.status_code for each in (*written, *read)]

    statuses = asyncio.run(crowd())
    bad = {7, 11}
    assert statuses[:20] == [400 if number in bad else 201 for number in range(20)]
    assert statuses[20:] == [404 if number in bad else 200 for number in range(20)]


class _Said(Struct):
    said: str


def _fail(call: F3548Call) -> Answer:
    match call.path["uss_id"]:
        case "fault":
            raise ZeroDivisionError
        case "full":
            raise StoreFull("no room")
        case "busy":
            raise NodeBusy("too much")
        case "nothing":
            return Answer(204)
    return Answer(200, _Said(call.query.get("q", "")))


FAILING = F3548Endpoint(
    method="GET",
    path="/failing/{uss_id}",
    operation_id="fail",
    summary="Fails as it is told.",
    scopes=(frozenset((SC, CM)),),
    handler=_fail,
    returns=(200, _Said),
    sort="work",
    query=("q",),
)


@pytest.mark.parametrize(
    ("path", "status", "headers"),
    [
        ("fault", 500, {}),
        ("full", 507, {}),
        ("busy", 429, {"retry-after": "1"}),
        ("nothing", 204, {}),
        ("else?q=a%20b&q=c", 200, {}),
    ],
)
def test_whatever_happens_is_answered_as_the_standard_has_it(
    tmp_path: Path, path: str, status: int, headers: dict[str, str]
) -> None:
    with asked_dss(tmp_path, more=(FAILING,)) as asked:
        response = asked.ask("GET", f"/failing/{path}", scope=f"{SC} {CM}")
        assert response.status_code == status
        assert response.headers.items() >= headers.items()
        if status == 204:
            assert not response.content
        elif status == 200:
            assert response.json() == {"said": "c"}
        else:
            assert "ZeroDivision" not in message_of(response)
        assert asked.ask("GET", f"/failing/{path}", scope=SC).status_code == 403


def test_a_closed_application_takes_nothing_more(asked: AskedDss) -> None:
    asked.application.close()
    for method, path in (("PUT", f"{INTENTS}/{ID}"), ("GET", f"{INTENTS}/{ID}")):
        response = asked.ask(method, path, intent() if method == "PUT" else None)
        assert response.status_code == 503
        message_of(response)


def test_a_node_says_its_version_its_pool_and_that_it_answers(shared_dss: AskedDss) -> None:
    assert __version__ in shared_dss.http.get("/aux/v1/version").json()["version"]
    assert shared_dss.http.get("/dss/v1/healthy").json() == {"status": "ok"}
    pool = shared_dss.ask("GET", "/aux/v1/pool", scope="interuss.pool_status.read")
    assert pool.json() == {"dar_id": shared_dss.dss.store.pool}
    scope = "interuss.versioning.read_system_versions"
    version = shared_dss.ask("GET", "/versions/astm.f3548.v21", scope=scope).json()
    assert version == {"system_identity": "astm.f3548.v21", "system_version": __version__}


def test_a_token_is_checked_for_its_owner(shared_dss: AskedDss) -> None:
    scope = "dss.write.identification_service_areas"
    path = "/aux/v1/validate_oauth"
    assert shared_dss.ask("GET", path, scope=scope).json() == {"owner": "uss1"}
    assert shared_dss.ask("GET", f"{path}?owner=uss1", scope=scope).status_code == 200
    assert shared_dss.ask("GET", f"{path}?owner=uss2", scope=scope).status_code == 403
