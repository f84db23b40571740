"""A node that is asked everything there is, as anybody; nothing here is under test."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx

from api.asking import BEARER, HOST, ORIGIN, PORT, TOKEN, InProcess, Seconds, typed
from api.rights_table import MAY, needs
from api.signing_in import session_of
from keepclear.api.application import NodeApplication, node_application
from keepclear.api.auth import Access
from keepclear.model.account import AccountKind
from keepclear.model.node import Subject
from keepclear.model.operation import Operation
from keepclear.services.accounts.keeping import Wanted, keep_account
from keepclear.services.node import Node
from keepclear.web.console import console_routes
from line_fixture import Side
from people import make

_PATHS = tuple(sorted(path for method, path in needs() if method == "GET" and path != "/events"))
_ID = re.compile(r'"(?:id|operation)": ?"([0-9a-f-]{36})"')
_FORMATS = ("geojson", "csv", "kml", "kmz", "everything")
_CARDS = ("call", "contact", "lost-line", "challenge")
_QUERIES = {
    "/ledger/consistency": {"first": "1"},
    "/readouts/comparison": {"about": "00000000-0000-4000-8000-000000000000"},
}
"""What some pages must be told."""


@dataclass
class Looked:
    """A node, asked everything there is.

    Attributes:
        side: whose node.
        application: what answers.
        http: asks.
        known: ids of other nodes' things that are asked for besides.
        unpaged: paths that turned out to have no pages.
    """

    side: Side
    application: NodeApplication
    http: httpx.Client
    known: tuple[str, ...] = ()
    unpaged: set[str] = field(default_factory=set)

    def callers(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Who may ask: the holder of the token, then one account as each kind there is."""
        yield "token", BEARER
        session: dict[str, str] = {}
        for kind in kinds_in_turn(self.side.node):
            session = session or session_of(self.http, "somebody")
            yield kind, session

    def everything(
        self, headers: dict[str, str], checked: tuple[Operation, ...] = ()
    ) -> dict[str, str]:
        """What each page, list, record, card, export and stream says, by address.

        Args:
            headers: who asks.
            checked: operations about which it is asked what would be if they were filed.
        """
        found = {"/": _text(self.http.get("/", headers=headers))}
        ids: dict[str, set[str]] = {}
        for path in sorted(_PATHS, key=lambda path: path.count("{")):
            for address in self._addresses(path, ids):
                reply = self._whole(path, address, headers)
                found[address] = _text(reply)
                ids.setdefault(path, set()).update(_ID.findall(reply.text))
        for each in checked:
            found[f"check {each.id}"] = _text(
                self.http.post("/api/v1/checks", json=typed(each), headers=headers)
            )
        with ThreadPoolExecutor(1) as thread:  # a browser's loop may run in this one
            streamed = thread.submit(asyncio.run, self._streamed(headers))
            found["/api/v1/events"] = streamed.result()
        return found

    def _whole(self, path: str, address: str, headers: dict[str, str]) -> httpx.Response:
        """The longest page there is; what has no pages takes no limit."""
        if path not in self.unpaged:
            query = _QUERIES.get(path, {"limit": "200"})
            reply = self.http.get(address, headers=headers, params=query)
            if reply.status_code != httpx.codes.BAD_REQUEST:
                return reply
            self.unpaged.add(path)
        return self.http.get(address, headers=headers)

    def _addresses(self, path: str, ids: dict[str, set[str]]) -> Iterator[str]:
        """Every address of a path that ids, named by the lists above it, may fill."""
        match = re.search(r"\{(\w+)\}", path)
        if match is None:
            yield f"/api/v1{path}"
            return
        above = path[: match.start()].rstrip("/")
        for each in self._fitting(match.group(1), ids.get(above, set())):
            filled = path.replace(match.group(0), each, 1)
            yield from self._addresses(filled, ids | {filled: ids.get(path, set())})

    def _fitting(self, part: str, named: set[str]) -> list[str]:
        with self.side.node.store.view() as view:
            size = view.ledger_size()
            lines = [each.id for each in view.declarations(Subject.LINE)]
            agreements = [each.id.split("/")[0] for each in view.declarations(Subject.AGREEMENT)]
        fixed = {
            "line_id": lines,
            "party": ["AMBER", "BLUE", "GREEN", "UN"],
            "format": _FORMATS,
            "card": _CARDS,
            "agreement_id": agreements,
            "agreement_version": ["1"],
            "number": [str(each) for each in range(0, size, 9)],
            "account": ["somebody"],
        }
        return list(fixed.get(part) or sorted({*named, *self.known}))

    async def _streamed(self, headers: dict[str, str]) -> str:
        """The stream of changes from the first one to the last; or why there is none."""
        with self.side.node.store.view() as view:
            last = b"id: %d\n" % view.sequence
        parts: list[bytes] = []
        gone = asyncio.Event()

        async def receive() -> Any:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            parts.append(message.get("body", b""))
            if last in parts[-1]:
                gone.set()

        given = {"host": HOST, **headers}
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/api/v1/events",
            "query_string": b"after=0",
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "scheme": "http",
        }
        await self.application(scope, receive, send)
        return b"".join(parts).decode()


def kinds_in_turn(node: Node) -> Iterator[str]:
    """Each kind of account, while the account `somebody` is of that kind alone."""
    make(node, "root", "admin")
    make(node, "somebody", "viewer")
    for kind in MAY:
        with node.store.view() as view:
            known = view.declaration(Subject.ACCOUNT, "somebody")
        assert known is not None
        wanted, version = Wanted((AccountKind(kind),)), known.version
        keep_account(node, "somebody", wanted, password="", expected=version, actor="test")
        yield kind


def looking(stack: ExitStack, side: Side, known: tuple[str, ...] = ()) -> Looked:
    """A node's application, ready to be asked."""
    access = Access(TOKEN, side.node.entropy, Seconds())
    application = node_application(side.node, access, port=PORT, console=console_routes({}))
    stack.callback(application.close)
    http = httpx.Client(base_url=ORIGIN, transport=InProcess(application))
    return Looked(side, application, stack.enter_context(http), known)


def on_disk(side: Side) -> bytes:
    """Everything that a node's files hold."""
    return b"".join(each.read_bytes() for each in side.folder.iterdir() if each.is_file())


def _text(reply: httpx.Response) -> str:
    kind = reply.headers.get("content-type", "")
    if kind.startswith(("application/zip", "application/vnd.google-earth.kmz")):
        return f"{reply.status_code} {_unpacked(reply.content)}"
    return f"{reply.status_code} {reply.content.decode(errors='replace')}"


def _unpacked(archive: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        return "\n".join(files.read(name).decode(errors="replace") for name in files.namelist())
