"""Another USS: it has one intent, hears what it is told, and notes when."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec

_PATIENCE_S = 60.0


@dataclass
class Peer:
    """The server.

    Attributes:
        base_url: where it is.
        intent: its own, as it tells it.
        heard: when it was told first of each version of each intent, by the wall clock.
    """

    base_url: str = ""
    intent: dict[str, Any] = field(default_factory=dict)
    heard: dict[tuple[str, int], float] = field(default_factory=dict)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def await_heard(self, count: int) -> None:
        """Wait until it was told of so many versions."""
        with self.arrived:
            if not self.arrived.wait_for(lambda: len(self.heard) >= count, _PATIENCE_S):
                raise RuntimeError(f"told of {len(self.heard)} versions, not of {count}")


@contextmanager
def peer_served() -> Iterator[Peer]:
    """The server, while the block runs."""
    peer = Peer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(200, msgspec.json.encode({"operational_intent": peer.intent}))

        def do_POST(self) -> None:
            at = time.time()  # noqa: TID251  (a measurement, not the product)
            told = msgspec.json.decode(self.rfile.read(int(self.headers["content-length"])))
            reference = (told.get("operational_intent") or {}).get("reference", {})
            with peer.arrived:
                what = told.get("operational_intent_id", ""), reference.get("version", 0)
                peer.heard.setdefault(what, at)
                peer.arrived.notify_all()
            self._answer(204, b"")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    peer.base_url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, name="peer")
    thread.start()
    try:
        yield peer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
