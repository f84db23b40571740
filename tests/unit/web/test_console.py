"""The console and its map data are handed out whole, cached well, and may load nothing foreign."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from keepclear.web.console import CONSOLE_POLICY, console_routes
from keepclear.web.map_data import MapFiles

SCRIPT = b"console.log('" + b"keepclear " * 400 + b"')"
MAP = {"land.json": b'{"type":"FeatureCollection","features":[]}' + b" " * 2_000}


class Client:
    """Asks an application without a network."""

    def __init__(self, bundle: Path, map_files: Mapping[str, bytes]) -> None:
        self._app = Starlette(routes=console_routes(map_files, bundle=bundle))

    def ask(self, path: str, *, method: str = "GET", **headers: str) -> httpx.Response:
        async def answer() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://node") as client:
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                return await client.request(method, path, headers=named)

        return asyncio.run(answer())


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_bytes(b"<!doctype html><title>keepclear</title>")
    (tmp_path / "favicon.svg").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    (tmp_path / "assets" / "index-1234.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "b612-5678.woff2").write_bytes(b"wOF2" + bytes(4_000))
    return tmp_path


@pytest.fixture
def client(bundle: Path) -> Client:
    return Client(bundle, MAP)


def test_the_page_may_load_its_own_files_and_nothing_else(client: Client) -> None:
    reply = client.ask("/")
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["content-security-policy"] == CONSOLE_POLICY
    assert "default-src 'none'" in CONSOLE_POLICY
    assert "unsafe" not in CONSOLE_POLICY
    assert "http" not in CONSOLE_POLICY


def test_named_files_are_kept_for_good_and_the_page_is_asked_for_again(client: Client) -> None:
    assert "immutable" in client.ask("/assets/index-1234.js").headers["cache-control"]
    assert client.ask("/").headers["cache-control"] == "no-cache"
    assert client.ask("/map/land.json").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/favicon.svg", "/assets/index-1234.js", "/map/land.json"])
def test_who_has_the_newest_gets_no_second_copy(client: Client, path: str) -> None:
    tag = client.ask(path).headers["etag"]
    for named in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.ask(path, if_none_match=named)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert client.ask(path, if_none_match='"other"').status_code == 200


@pytest.mark.parametrize(
    ("path", "body"), [("/assets/index-1234.js", SCRIPT), ("/map/land.json", MAP["land.json"])]
)
def test_what_can_be_packed_is_packed_for_who_takes_it(
    client: Client, path: str, body: bytes
) -> None:
    packed = client.ask(path, accept_encoding="br;q=1.0, gzip;q=0.8")
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(body) / 2
    assert packed.content == body  # the client has unpacked it
    for header in ("identity", "gzip;q=0", ""):
        plain = client.ask(path, accept_encoding=header)
        assert "content-encoding" not in plain.headers
        assert plain.content == body


def test_fonts_are_packed_already(client: Client) -> None:
    reply = client.ask("/assets/b612-5678.woff2", accept_encoding="gzip")
    assert "content-encoding" not in reply.headers
    assert reply.headers["content-type"] == "font/woff2"


@pytest.mark.parametrize(
    "path",
    ["/assets/none.js", "/assets/..%2Findex.html", "/map/places.json", "/map/else", "/other"],
)
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    assert client.ask(path).status_code == 404


def test_nothing_but_reading_is_offered(client: Client) -> None:
    assert client.ask("/", method="HEAD").status_code == 200
    assert client.ask("/", method="POST").status_code == 405


def test_without_the_bundle_one_page_says_what_to_run(tmp_path: Path) -> None:
    client = Client(tmp_path / "static", MAP)
    reply = client.ask("/")
    assert "make web" in reply.text
    assert reply.headers["content-security-policy"] == CONSOLE_POLICY
    assert client.ask("/map/land.json").status_code == 200


def test_map_files_are_made_when_first_asked_for_and_once(bundle: Path) -> None:
    made: list[int] = []

    def make() -> dict[str, bytes]:
        made.append(1)
        return dict(MAP)

    client = Client(bundle, MapFiles(make))
    client.ask("/")
    assert made == []
    client.ask("/map/land.json")
    client.ask("/map/land.json")
    client.ask("/map/borders.json")
    assert made == [1]
