"""Pages are handed to this machine's browser and to nobody else, and can load nothing."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.web.content_policy import policy_of
from keepclear.web.pages import FIXED_HEADERS, HTML, Page, application

PAGES = {
    "/": Page(HTML, b"<!doctype html><style>p{}</style><script>1</script><p>report"),
    "/files/blue.csv": Page("application/octet-stream", b"a,b\n", download_as="blue.csv"),
}
APP = application(PAGES, port=8600)


@dataclass(frozen=True)
class Response:
    status: int
    headers: dict[str, str]
    body: bytes


def ask(path: str, *, host: str | None = "127.0.0.1:8600", method: str = "GET") -> Response:
    """One request to the application, without a network."""
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [] if host is None else [(b"host", host.encode("latin-1"))],
    }

    async def answer() -> None:
        await APP(scope, receive, send)

    asyncio.run(answer())
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Response(sent[0]["status"], headers, b"".join(m.get("body", b"") for m in sent[1:]))


def test_the_page_is_handed_out_as_it_is() -> None:
    response = ask("/")
    assert response.status == 200
    assert response.body == PAGES["/"].body
    assert response.headers["content-type"] == HTML


def test_input_files_are_saved_under_their_names() -> None:
    headers = ask("/files/blue.csv").headers
    assert headers["content-disposition"] == 'attachment; filename="blue.csv"'


@pytest.mark.parametrize("host", ["127.0.0.1:8600", "localhost:8600", "[::1]:8600"])
def test_this_machine_is_answered(host: str) -> None:
    assert ask("/", host=host).status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example:8600", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.evil.example:8600", "", None],
)
def test_another_host_name_gets_nothing(host: str | None) -> None:
    response = ask("/", host=host)
    assert response.status == 421
    assert b"report" not in response.body


@given(st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=40))
def test_no_host_name_but_the_three_gets_the_page(host: str) -> None:
    allowed = {"127.0.0.1:8600", "localhost:8600", "[::1]:8600"}
    assert (ask("/", host=host).status == 200) == (host in allowed)


@pytest.mark.parametrize(("path", "method"), [("/", "GET"), ("/none", "GET"), ("/", "POST")])
@pytest.mark.parametrize("host", ["127.0.0.1:8600", "evil.example"])
def test_every_response_is_closed_down(path: str, method: str, host: str) -> None:
    headers = ask(path, host=host, method=method).headers
    assert set(FIXED_HEADERS) <= set(headers)
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_unknown_paths_and_other_methods_are_refused() -> None:
    assert ask("/files/../secret").status == 404
    assert ask("/", method="POST").status == 405
    assert ask("/", method="HEAD").status == 200


def test_only_the_pages_own_script_and_style_may_run() -> None:
    policy = policy_of(b"<style>p{}</style><script>1 < 2</script>")
    for text in ("p{}", "1 < 2"):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_a_page_without_script_allows_none() -> None:
    assert "script-src 'none'" in policy_of(b"<p>hello")
