"""Only whoever holds the token or a session is answered, and only under the node's own name."""

from __future__ import annotations

from http.cookies import SimpleCookie

import httpx
import pytest

from api.asking import BEARER, HOST, ORIGIN, PORT, TOKEN, Asked
from keepclear.api.application import node_application
from keepclear.api.routes import ENDPOINTS
from keepclear.web.headers import FIXED_HEADERS

ID = "81d1d229-2f1c-534e-90c2-8829b284c451"
CLOSED = sorted({(each.method, each.path) for each in ENDPOINTS if not each.is_open})


def filled(path: str) -> str:
    for name in ("operation_id", "draft_id", "coverage_id", "import_id"):
        path = path.replace(f"{{{name}}}", ID)
    path = path.replace("{format}", "csv").replace("{number}", "0")
    return path.replace("{agreement_version}", "1").replace("{", "").replace("}", "")


def session(asked: Asked) -> str:
    response = asked.stranger.post(
        "/api/v1/session", json={"token": TOKEN, "actor": "duty officer"}
    )
    assert response.status_code == 204
    (morsel,) = SimpleCookie(response.headers["set-cookie"]).values()
    asked.stranger.cookies.clear()
    return f"{morsel.key}={morsel.value}"


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_nothing_is_told_or_done_without_token_or_session(
    shared_node: Asked, method: str, path: str
) -> None:
    response = shared_node.stranger.request(method, filled(path), content=b"{}")
    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == "not-allowed"


@pytest.mark.parametrize(
    "host",
    ["evil.example:8600", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.evil.example:8600", "", "a,b"],
)
@pytest.mark.parametrize("path", ["/", "/health", "/api/v1/node", "/enter", "/nowhere"])
def test_a_foreign_host_name_is_refused_even_with_the_token(
    shared_node: Asked, host: str, path: str
) -> None:
    response = shared_node.http.get(path, headers={"host": host})
    assert response.status_code == 421
    assert response.json()["code"] == "foreign-host"


@pytest.mark.parametrize("host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"[::1]:{PORT}"])
def test_this_machine_is_answered_under_each_of_its_names(shared_node: Asked, host: str) -> None:
    assert shared_node.http.get("/api/v1/node", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("node.blue.example:8600", 200),
        ("NODE.BLUE.example", 200),
        ("proxy.blue.example:443", 200),
        ("proxy.blue.example", 421),
        ("blue.example", 421),
    ],
)
def test_further_names_are_answered_where_they_were_allowed(
    shared_node: Asked, host: str, status: int
) -> None:
    made = node_application(
        shared_node.running.node,
        shared_node.access,
        port=PORT,
        extra_hosts=["node.blue.example", "proxy.blue.example:443"],
    )
    transport = type(shared_node.http._transport)(made)  # type: ignore[call-arg]  # the same transport, of another application
    with httpx.Client(base_url=ORIGIN, transport=transport, headers=BEARER) as http:
        assert http.get("/api/v1/node", headers={"host": host}).status_code == status
    made.close()


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1:8601", "http://localhost:8600", "file://"],
)
def test_a_foreign_origin_is_refused_even_with_the_token(shared_node: Asked, origin: str) -> None:
    response = shared_node.http.post(
        "/api/v1/readings", json={"altitude": "FL180"}, headers={"origin": origin}
    )
    assert response.status_code == 403
    assert response.json()["title"] == "The request comes from a foreign page"


def test_a_name_pointed_at_this_machine_gets_nothing(shared_node: Asked) -> None:
    rebound = {"host": "evil.example:8600", "origin": "http://evil.example:8600"}
    response = shared_node.http.get("/api/v1/node", headers=rebound)
    assert response.status_code == 421
    assert "BLUE" not in response.text


def test_our_own_page_is_answered(shared_node: Asked) -> None:
    cookie = session(shared_node)
    own = {"cookie": cookie, "origin": ORIGIN}
    response = shared_node.stranger.post(
        "/api/v1/readings", json={"altitude": "FL180"}, headers=own
    )
    assert response.status_code == 200


def test_a_foreign_page_cannot_change_anything_through_a_browser(shared_node: Asked) -> None:
    cookie = session(shared_node)
    for forged in ({}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
        response = shared_node.stranger.post(
            "/api/v1/readings", json={"altitude": "FL180"}, headers={"cookie": cookie, **forged}
        )
        assert response.status_code == 403


def test_a_session_ends_when_it_is_asked_to(shared_node: Asked) -> None:
    cookie = {"cookie": session(shared_node)}
    assert shared_node.stranger.get("/api/v1/node", headers=cookie).status_code == 200
    ended = shared_node.stranger.delete("/api/v1/session", headers={**cookie, "origin": ORIGIN})
    assert ended.status_code == 204
    assert "Max-Age=0" in ended.headers["set-cookie"]
    shared_node.stranger.cookies.clear()
    assert shared_node.stranger.get("/api/v1/node", headers=cookie).status_code == 401


def test_a_foreign_page_cannot_end_a_session(shared_node: Asked) -> None:
    cookie = {"cookie": session(shared_node)}
    shared_node.stranger.delete(
        "/api/v1/session", headers={**cookie, "sec-fetch-site": "cross-site"}
    )
    assert shared_node.stranger.get("/api/v1/node", headers=cookie).status_code == 200


def test_a_wrong_token_opens_no_session(shared_node: Asked) -> None:
    response = shared_node.stranger.post("/api/v1/session", json={"token": "x" * 43})
    assert response.status_code == 401
    assert "set-cookie" not in response.headers


def test_wrong_tokens_are_cut_short_and_the_right_one_still_works(asked: Asked) -> None:
    statuses = {
        asked.stranger.get("/api/v1/node", headers={"authorization": "Bearer no"}).status_code
        for _ in range(12)
    }
    assert statuses == {401, 429}
    assert asked.http.get("/api/v1/node").status_code == 200


def test_a_ticket_leads_a_browser_to_the_console_once(shared_node: Asked) -> None:
    ticket = shared_node.access.new_ticket()
    first = shared_node.stranger.get("/enter", params={"ticket": ticket})
    assert first.status_code == 303
    assert first.headers["location"] == "/"
    cookie = first.headers["set-cookie"].partition(";")[0]
    shared_node.stranger.cookies.clear()
    response = shared_node.stranger.get("/api/v1/node", headers={"cookie": cookie})
    assert response.status_code == 200
    second = shared_node.stranger.get("/enter", params={"ticket": ticket})
    assert second.status_code == 403
    assert "set-cookie" not in second.headers
    assert "token" in second.text


def test_who_acted_stands_in_the_ledger(shared_node: Asked) -> None:
    cookie = session(shared_node)
    draft = {"id": "Z-1", "kind": "exclusion", "footprint": _CIRCLE, **_BAND}
    headers = {"cookie": cookie, "origin": ORIGIN, "if-none-match": "*"}
    assert (
        shared_node.stranger.put("/api/v1/zones/Z-1", json=draft, headers=headers).status_code
        == 201
    )
    entries = shared_node.http.get("/api/v1/ledger/entries").json()["items"]
    assert entries[-1]["payload"]["actor"] == "duty officer"


_CIRCLE = {
    "kind": "circle",
    "centre": {"latitude_deg": 35.0, "longitude_deg": 36.0},
    "radius_m": 1_000,
}
_BAND = {
    "lower": {"value_m": 0, "reference": "HAE"},
    "upper": {"value_m": 1_000, "reference": "HAE"},
}


@pytest.mark.parametrize("path", ["/api/v1/node", "/health", "/nowhere", "/enter?ticket=x"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"])
def test_every_response_is_closed_down(shared_node: Asked, path: str, method: str) -> None:
    for client in (shared_node.http, shared_node.stranger):
        response = client.request(method, path)
        assert set(FIXED_HEADERS) <= set(response.headers)
        assert response.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in response.headers
        assert "server" not in response.headers


def test_health_names_no_names_to_strangers(shared_node: Asked) -> None:
    told, secret = shared_node.http.get("/health"), shared_node.stranger.get("/health")
    assert "AMBER" in told.text
    assert told.status_code == secret.status_code == 200
    assert secret.json()["mode"] == "EXERCISE"
    assert [each["name"] for each in secret.json()["checks"]] == [
        each["name"] for each in told.json()["checks"]
    ]
    for name in ("AMBER", "BLUE", "TEST"):
        assert name not in secret.text


def test_the_host_header_is_checked_before_the_token(shared_node: Asked) -> None:
    assert shared_node.stranger.get("/api/v1/node", headers={"host": HOST}).status_code == 401
    assert shared_node.stranger.get("/api/v1/node", headers={"host": "x"}).status_code == 421
