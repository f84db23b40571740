"""A USS that somebody else wrote: it answers as a test tells it to, at whatever pace."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Heard(NamedTuple):
    """A request that came."""

    method: str
    path: str
    body: Any


class Reply(NamedTuple):
    """What is answered; `drip` sends it byte by byte until the asker goes away."""

    status: int
    body: bytes = b""
    drip: bool = False


Answer = Callable[[Heard], Reply]


def not_found(heard: Heard) -> Reply:
    del heard
    return Reply(404, b'{"message": "not known here"}')


@dataclass(slots=True)
class Stranger:
    """The server, and what it does.

    Attributes:
        base_url: where it is.
        answer: what it does; a test sets it.
        heard: every request, in its order.
        arrived: told of every request.
        stopped: set once the server stops; ends what drips.
    """

    base_url: str = ""
    answer: Answer = not_found
    heard: list[Heard] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)
    stopped: threading.Event = field(default_factory=threading.Event)

    def awaited(
        self, path: str, intent_id: str, count: int = 1, *, within_s: float = 30.0
    ) -> list[Heard]:
        """What a path was told of one intent, once it was so often; of others it may hear too."""

        def so_far() -> list[Heard]:
            told = [each for each in self.heard if each.path == path and each.body]
            return [each for each in told if each.body.get("operational_intent_id") == intent_id]

        with self.arrived:
            self.arrived.wait_for(lambda: len(so_far()) >= count, within_s)
            return so_far()


@contextmanager
def stranger_served() -> Iterator[Stranger]:
    """The server, while the block runs."""
    stranger = Stranger()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            size = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(size)
            heard = Heard(self.command, self.path, json.loads(body) if body else None)
            with stranger.arrived:
                stranger.heard.append(heard)
                stranger.arrived.notify_all()
            reply = stranger.answer(heard)
            if reply.drip:
                self._drip()
                return
            self.send_response(reply.status)
            self.send_header("content-length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = do_PUT = do_DELETE = _handle  # noqa: N815  (as the library wants)

        def _drip(self) -> None:
            self.send_response(200)
            self.send_header("content-length", "1000000")
            self.end_headers()
            try:
                while not stranger.stopped.wait(0.2):
                    self.wfile.write(b" ")
                    self.wfile.flush()
            except OSError:
                return

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Nothing is printed."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """A client that went away, or was killed, is no fault of the stranger's."""

    server = Server(("127.0.0.1", 0), Handler)
    stranger.base_url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, name="stranger")
    thread.start()
    try:
        yield stranger
    finally:
        stranger.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()
