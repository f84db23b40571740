"""Methods, types, sizes and unknown paths are answered as HTTP says, as problem documents."""

from __future__ import annotations

import json

import pytest

from api.asking import Asked, typed
from keepclear.api.endpoint import DOCUMENT_BYTES
from keepclear.api.routes import ENDPOINTS, by_path
from samples import operation

PLAN = operation("B-1")
PATH = f"/api/v1/operations/{PLAN.id}"


@pytest.mark.parametrize("path", ["/no", "/api/v1", "/api/v1/", "/api/v1/node/", "/api/v2/node"])
def test_an_unknown_path_is_said_with_where_to_look(shared_node: Asked, path: str) -> None:
    response = shared_node.http.get(path)
    assert response.status_code == 404
    assert response.json()["code"] == "not-found"
    assert "api.md" in response.json()["remedy"]


def test_other_methods_are_refused_with_those_that_are_taken(shared_node: Asked) -> None:
    response = shared_node.http.request("PATCH", PATH)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, PUT"
    assert response.json()["code"] == "method-not-allowed"


@pytest.mark.parametrize("path", by_path())
def test_options_tells_the_methods_to_anybody_and_nothing_else(
    shared_node: Asked, path: str
) -> None:
    response = shared_node.stranger.options(path)
    assert response.status_code == 204
    assert set(by_path()[path]) <= set(response.headers["allow"].split(", "))
    assert response.content == b""


@pytest.mark.parametrize(
    "path", ["/health", "/api/v1/node", "/api/v1/operations", "/api/v1/exports/kmz"]
)
def test_head_says_what_get_would(shared_node: Asked, path: str) -> None:
    head, get = shared_node.http.head(path), shared_node.http.get(path)
    assert head.status_code == get.status_code
    assert head.content == b""
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.headers["content-length"] == str(len(get.content))


def test_head_of_the_stream_opens_none(shared_node: Asked) -> None:
    response = shared_node.http.head("/api/v1/events")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/event-stream"


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": ""},
        {"content-type": "application/json; charset=latin-1"},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ],
)
def test_a_body_of_another_type_is_refused(shared_node: Asked, headers: dict[str, str]) -> None:
    response = shared_node.http.put(PATH, content=json.dumps(typed(PLAN)), headers=headers)
    assert response.status_code == 415
    assert response.json()["code"] == "media-type"


def test_a_body_that_says_utf_8_is_taken(shared_node: Asked) -> None:
    response = shared_node.http.post(
        "/api/v1/checks",
        content=json.dumps(typed(PLAN)),
        headers={"content-type": 'application/json; charset="UTF-8"'},
    )
    assert response.status_code == 200


def test_too_large_a_document_is_refused_before_it_is_read(shared_node: Asked) -> None:
    body = b" " * (DOCUMENT_BYTES + 1)
    headers = {"content-type": "application/json"}
    told = shared_node.http.put(PATH, content=body, headers=headers)
    assert told.status_code == 413
    assert told.json()["code"] == "too-large"


def test_the_largest_document_is_read(shared_node: Asked) -> None:
    body = json.dumps(typed(PLAN)).encode().ljust(DOCUMENT_BYTES)
    response = shared_node.http.post(
        "/api/v1/checks", content=body, headers={"content-type": "application/json"}
    )
    assert response.status_code == 200


def test_a_slip_in_a_parameter_is_named(shared_node: Asked) -> None:
    response = shared_node.http.get("/api/v1/operations", params={"stat": "planned"})
    assert response.status_code == 400
    assert "'stat'" in response.json()["detail"]
    response = shared_node.http.get("/api/v1/operations", params={"limit": "501"})
    assert response.json()["place"] == "limit"


@pytest.mark.parametrize(
    "path", [each.path for each in ENDPOINTS if "_id}" in each.path and each.method == "GET"]
)
def test_an_id_that_is_none_is_refused_or_not_found(shared_node: Asked, path: str) -> None:
    for name in ("operation_id", "draft_id", "thing_id", "agreement_id"):
        path = path.replace(f"{{{name}}}", "no%00thing")
    response = shared_node.http.get(path.replace("{agreement_version}", "1"))
    assert response.status_code in (400, 404)
    assert response.json()["remedy"]


def test_a_large_reply_is_packed_for_whoever_takes_it(asked: Asked) -> None:
    for number in range(120):
        asked.file(operation(f"B-{number}"))
    path = "/api/v1/operations?limit=500"
    plain = asked.http.get(path, headers={"accept-encoding": "identity"})
    packed = asked.http.get(path, headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()
