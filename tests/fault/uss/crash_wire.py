"""The wire between a USS and its discovery service: it notes every answer, and can hold one.

An answer that is held back while the USS is killed is one that the service gave and nobody got;
a request that is held back reaches the service after the USS is there again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import httpx
import msgspec

SORTS = ("made", "changed", "removed")
KINDS = ("operational_intent_references", "constraint_references")
HELD_S = 60.0


class Named(NamedTuple):
    """A subscriber that the service named in an answer.

    Attributes:
        entity: because of which intent or constraint.
        base_url: of whom.
        subscription: which of its subscriptions.
        number: its index in the answer.
        version: of the intent or constraint.
        is_gone: whether it was removed.
    """

    entity: str
    base_url: str
    subscription: str
    number: int
    version: int
    is_gone: bool


@dataclass
class Wire:
    """What passes.

    Attributes:
        dss_url: where the service is.
        base_url: where the USS finds it.
        named: every subscriber that an answer named.
        made: the ids that the USS asked for as new.
        held: set once what is to be held is there.
        let_go: set where it may go on.
    """

    dss_url: str
    base_url: str = ""
    named: list[Named] = field(default_factory=list)
    made: set[str] = field(default_factory=set)
    held: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)
    _wanted: tuple[str, str] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hold(self, which: str, sort: str) -> None:
        """Hold the next "request" or "answer" of a sort of change."""
        with self._lock:
            self.held.clear()
            self.let_go.clear()
            self._wanted = which, sort

    def forget_hold(self) -> None:
        """Hold nothing; what is held goes on."""
        with self._lock:
            self._wanted = None
        self.let_go.set()

    def pass_by(self, which: str, sort: str) -> bool:
        """Wait here where this is to be held; whether it was."""
        with self._lock:
            if not sort or self._wanted != (which, sort):
                return False
            self._wanted = None
        self.held.set()
        self.let_go.wait(HELD_S)
        return True

    def note(self, method: str, parts: list[str], reply: httpx.Response) -> None:
        """Note whom an answer names."""
        told: Any = msgspec.json.decode(reply.content)
        entity = parts[3]
        reference = told.get("operational_intent_reference") or told["constraint_reference"]
        with self._lock:
            self.named += [
                Named(
                    entity,
                    each["uss_base_url"],
                    one["subscription_id"],
                    one["notification_index"],
                    reference["version"],
                    method == "DELETE",
                )
                for each in told["subscribers"]
                for one in each["subscriptions"]
            ]


def sort_of(method: str, parts: list[str]) -> str:
    """What sort of change a request asks for; empty for none."""
    if len(parts) < 4 or parts[2] not in KINDS:
        return ""
    if method == "DELETE":
        return "removed"
    return ("changed" if len(parts) > 4 else "made") if method == "PUT" else ""


@contextmanager
def wired(dss_url: str) -> Iterator[Wire]:
    """The wire, while the block runs."""
    wire = Wire(dss_url)
    http = httpx.Client(base_url=dss_url, timeout=30.0, trust_env=False)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            size = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(size)
            parts = self.path.strip("/").split("/")
            sort = sort_of(self.command, parts)
            if sort == "made":
                wire.made.add(parts[3])
            wire.pass_by("request", sort)
            kept = ("authorization", "content-type")
            headers = {name: self.headers[name] for name in kept if name in self.headers}
            reply = http.request(self.command, self.path, content=body, headers=headers)
            if sort and reply.is_success:
                wire.note(self.command, parts, reply)
                if wire.pass_by("answer", sort):
                    self.close_connection = True
                    return
            self._answer(reply)

        do_GET = do_POST = do_PUT = do_DELETE = _handle  # noqa: N815  (as the library wants)

        def _answer(self, reply: httpx.Response) -> None:
            try:
                self.send_response(reply.status_code)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(reply.content)))
                self.end_headers()
                self.wfile.write(reply.content)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Nothing is printed."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """A client that was killed is no fault of the wire."""

    server = Server(("127.0.0.1", 0), Handler)
    wire.base_url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, name="wire")
    thread.start()
    try:
        yield wire
    finally:
        wire.forget_hold()
        server.shutdown()
        thread.join()
        server.server_close()
        http.close()
