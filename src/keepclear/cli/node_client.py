"""How a command reaches a node: over HTTP where one runs, else the same API in this process.

There is one path: whoever answers, the command sends the same requests and reads the same
documents, so nothing can be done from the command line that the API would refuse.
"""

from __future__ import annotations

import asyncio
import getpass
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from keepclear import errors
from keepclear.compose.folder import NodeFolder, read_private
from keepclear.compose.serving_record import Serving, running
from keepclear.errors import (
    InvalidFile,
    KeepclearError,
    NodeFault,
    NodeUnreachable,
    StoreLocked,
    StoreMissing,
)

if TYPE_CHECKING:
    from keepclear.api.application import ASGIApp

API = "/api/v1"
WAIT_S = 60.0
"""A check of many thousand plans or an import takes so long; nothing takes longer."""
LOCK_WAIT_S = 30.0
"""Another command, or a node that is just starting, has the store no longer than this."""
ACTOR_VARIABLE = "KEEPCLEAR_ACTOR"
"""Says who acts, where it is not the person whose login it is."""
_LOCK_POLL_S = 0.1
_PAGE = 200
_ALONE_PORT = 8600
"""Never opened: the name under which the application in this process is asked."""


class NodeClient:
    """One node, asked by path under /api/v1; whatever is refused is raised as the node's error."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def get(self, path: str, **parameters: Any) -> Any:
        """The document at a path; parameters that are None are left out."""
        return self.ask("GET", path, parameters=parameters).json()

    def every(self, path: str, **parameters: Any) -> list[Any]:
        """All items of a list, page by page; parameters that are None are left out."""
        items: list[Any] = []
        cursor: str | None = None
        while True:
            page = self.get(path, limit=_PAGE, cursor=cursor, **parameters)
            items += page["items"]
            cursor = page["next"]
            if not cursor:
                return items

    def put(self, path: str, document: object, *, expects: str) -> Any:
        """Put a document; `expects` is "*" for a new thing, else the version that is changed."""
        return self.ask("PUT", path, document=document, expects=expects).json()

    def ask(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, Any] | None = None,
        document: object = None,
        content: bytes | None = None,
        content_type: str = "",
        accept: str = "",
        expects: str = "",
    ) -> httpx.Response:
        """Send one request.

        Args:
            method: of HTTP.
            path: below /api/v1.
            parameters: of the query; those that are None are left out.
            document: sent as JSON, if not None.
            content: sent as it is, if not None, as `content_type`.
            content_type: what `content` is.
            accept: in which form the answer should come, where there is a choice.
            expects: "*" for a thing that must be new, a version that must be the present one.

        Raises:
            KeepclearError: what the node says is wrong, as its own error.
            NodeUnreachable: it does not answer.
        """
        try:
            response = self._http.request(
                method,
                API + path,
                params={k: _worded(v) for k, v in (parameters or {}).items() if v is not None},
                json=document,
                content=content,
                headers=_headers(content_type, accept, expects),
            )
        except httpx.HTTPError as error:
            raise NodeUnreachable(
                f"the node does not answer ({type(error).__name__}); "
                "whether the request was taken is not known"
            ) from None
        if response.is_success:
            return response
        raise error_of(response)


def _worded(value: object) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _headers(content_type: str, accept: str, expects: str) -> dict[str, str]:
    given = {"content-type": content_type, "accept": accept}
    headers = {name: value for name, value in given.items() if value}
    if expects == "*":
        headers["if-none-match"] = "*"
    elif expects:
        headers["if-match"] = f'"{expects}"'
    return headers


def error_of(response: httpx.Response) -> KeepclearError:
    """The error that a problem document (RFC 9457) speaks of; a fault where it is none."""
    try:
        problem = response.json()
        code, detail = str(problem["code"]), str(problem["detail"])
    except (ValueError, KeyError, TypeError):
        return NodeFault(f"the node answered {response.status_code} and gave no reason")
    kind = _kinds().get(code)
    remedy = problem.get("remedy") or None
    if kind is None:
        return NodeFault(f"{code}: {detail}", remedy=remedy)
    if issubclass(kind, InvalidFile):
        return kind(detail, file=str(problem.get("place") or "what was sent"), remedy=remedy)
    return kind(detail, remedy=remedy)


def _kinds() -> dict[str, type[KeepclearError]]:
    named = (getattr(errors, name) for name in errors.__all__)
    return {kind.code: kind for kind in named}


class InProcess(httpx.BaseTransport):
    """Carries requests to an application in this process, one after the other."""

    def __init__(self, application: ASGIApp) -> None:
        self._asgi = httpx.ASGITransport(app=application)
        self._runner = asyncio.Runner()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Have it answered, whole."""
        return self._runner.run(self._answered(request))

    async def _answered(self, request: httpx.Request) -> httpx.Response:
        response = await self._asgi.handle_async_request(request)
        body = b"".join([part async for part in response.aiter_raw()])
        return httpx.Response(response.status_code, headers=response.headers, content=body)

    def close(self) -> None:
        """End its event loop."""
        self._runner.close()


@contextmanager
def node_client(path: Path) -> Iterator[NodeClient]:
    """Reach the node in a folder, for as long as the block runs.

    Raises:
        StoreMissing: there is none.
        StoreLocked: another command has the store and does not let go of it.
        NodeFault: it cannot be opened; each subclass says why.
    """
    folder = NodeFolder(path)
    if not folder.is_node:
        raise StoreMissing(f"there is no node in {path}")
    with ExitStack() as stack:
        yield NodeClient(_reached(stack, folder))


def _reached(stack: ExitStack, folder: NodeFolder) -> httpx.Client:
    until_s = time.perf_counter() + LOCK_WAIT_S
    while True:
        serving = running(folder)
        if serving is not None:
            return stack.enter_context(_over_http(folder, serving))
        try:
            return _alone(stack, folder)
        except StoreLocked:
            if time.perf_counter() > until_s:
                raise
        time.sleep(_LOCK_POLL_S)


def _over_http(folder: NodeFolder, serving: Serving) -> httpx.Client:
    host = f"[{serving.address}]" if ":" in serving.address else serving.address
    # No proxy of the environment may come between two programs on one machine.
    return httpx.Client(
        base_url=f"http://{host}:{serving.port}",
        headers=_who(token_in(folder)),
        timeout=WAIT_S,
        trust_env=False,
    )


def _who(token: str) -> dict[str, str]:
    """What lets us in, and for whom we ask: KEEPCLEAR_ACTOR, else the login's name."""
    actor = os.environ.get(ACTOR_VARIABLE, "")
    if not actor:
        with suppress(OSError, KeyError):  # a login without a name
            actor = getpass.getuser()
    return {"authorization": f"Bearer {token}", "keepclear-actor": quote(actor)}


def _alone(stack: ExitStack, folder: NodeFolder) -> httpx.Client:
    """Open the node in this process and put the API in front of it."""
    from keepclear import compose
    from keepclear.api.application import node_application
    from keepclear.api.auth import Access
    from keepclear.cli.progress import compile_kernels_once
    from keepclear.compose.keys import token_of
    from keepclear.compose.machine import forward_seconds
    from keepclear.compose.opening import open_node

    compile_kernels_once()
    node = stack.enter_context(open_node(folder)).node
    token = token_of(folder, compose.entropy())
    application = node_application(
        node, Access(token, compose.entropy(), forward_seconds), port=_ALONE_PORT
    )
    stack.callback(application.close)
    return stack.enter_context(
        httpx.Client(
            base_url=f"http://127.0.0.1:{_ALONE_PORT}",
            headers=_who(token),
            transport=InProcess(application),
        )
    )


def health_of(folder: NodeFolder, serving: Serving) -> Any:
    """What a running node says of itself.

    Raises:
        NodeUnreachable: it does not answer.
    """
    try:
        with _over_http(folder, serving) as http:
            return http.get("/health").json()
    except (httpx.HTTPError, ValueError):
        raise NodeUnreachable(
            f"process {serving.pid} holds the store but does not answer on port {serving.port}"
        ) from None


def token_in(folder: NodeFolder) -> str:
    """The token of a node that runs.

    Raises:
        KeyFault: it cannot be read, most often because the node is another user's.
    """
    return read_private(folder.token).decode("ascii", "replace").strip()
