"""The routes of the console: the built page, its assets and the data under its map.

Everything comes from this process; nothing here knows a plan or a rule. Without the built
bundle, as in a fresh checkout, one page says what to run.
"""

from __future__ import annotations

import functools
import importlib.resources
import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from keepclear.web.asset import Asset

CONSOLE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""What the console may load: its own files, and pictures it draws itself."""
MAP_FILES = ("land.json", "borders.json", "places.json")
"""The names under `/map/`."""

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".json": "application/json",
}
_NOT_BUILT = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>keepclear: console not built</title></head>
<body><main><h1>The console is not built</h1>
<p>This checkout of keepclear has no console yet. Run <code>make web</code>, then load this page
again. Commands and the API work without it.</p></main></body></html>
"""
_NO_SUCH_FILE = PlainTextResponse("There is no such file.\n", status_code=404)


def console_routes(
    map_files: Mapping[str, bytes], *, bundle: Traversable | None = None
) -> list[BaseRoute]:
    """List the routes that serve the console: `/`, `/assets/...` and `/map/...`.

    Args:
        map_files: `land.json`, `borders.json` and `places.json` as `map_data` makes them,
            read when first asked for (`MapFiles` makes them no sooner). A name that is
            missing answers 404, and the map does without.
        bundle: the folder that `make web` built; left out, the one in this package.

    Returns:
        Routes to mount beside the API's own. They answer GET and HEAD and ask for no
        session: there is nothing secret in them.
    """
    built = _built_assets(bundle or importlib.resources.files("keepclear.web") / "static")
    built.setdefault("/", Asset(_TYPES[".html"], _NOT_BUILT, policy=CONSOLE_POLICY))
    return [
        Route("/", _of_bundle(built), methods=["GET"]),
        Route("/favicon.svg", _of_bundle(built), methods=["GET"]),
        Route("/assets/{name}", _of_bundle(built), methods=["GET"]),
        Route("/map/{name}", _of_map(map_files), methods=["GET"]),
    ]


def _built_assets(folder: Traversable) -> dict[str, Asset]:
    """Every file of the bundle by its path; empty where it was not built."""
    page = folder / "index.html"
    if not page.is_file():
        return {}
    assets = {"/": Asset(_TYPES[".html"], page.read_bytes(), policy=CONSOLE_POLICY)}
    icon = folder / "favicon.svg"
    if icon.is_file():
        assets["/favicon.svg"] = Asset(_TYPES[".svg"], icon.read_bytes())
    # The build names these by their content, so a browser may keep them for good.
    for file in (folder / "assets").iterdir():
        assets[f"/assets/{file.name}"] = Asset(
            _type_of(file.name), file.read_bytes(), is_immutable=True, policy=CONSOLE_POLICY
        )
    return assets


def _type_of(name: str) -> str:
    suffix = f".{name.rpartition('.')[2]}"
    return _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def _of_bundle(assets: Mapping[str, Asset]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        asset = assets.get(request.url.path)
        return _NO_SUCH_FILE if asset is None else asset.response(request)

    return answer


def _of_map(map_files: Mapping[str, bytes]) -> Callable[[Request], Response]:
    @functools.cache
    def asset_of(name: str) -> Asset:
        return Asset(_TYPES[".json"], map_files[name])

    # Not a coroutine: making the files takes half a second, which a worker thread can spare.
    def answer(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in MAP_FILES or name not in map_files:
            return _NO_SUCH_FILE
        return asset_of(name).response(request)

    return answer
