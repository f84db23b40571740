"""A lean HTTP client, so that what is measured is the server: one request after another."""

from __future__ import annotations

import asyncio
from typing import Any

import httptools
import msgspec


class Reply:
    """One answer.

    Attributes:
        status: the HTTP status.
        body: its bytes.
    """

    __slots__ = ("_parser", "body", "done", "status")

    def __init__(self) -> None:
        self.status = 0
        self.body = b""
        self.done = False
        self._parser = httptools.HttpResponseParser(self)

    def feed(self, data: bytes) -> bool:
        """Take what came; whether the answer is whole."""
        self._parser.feed_data(data)
        self.status = self._parser.get_status_code()
        return self.done

    def on_body(self, part: bytes) -> None:
        """Part of the body."""
        self.body += part

    def on_message_complete(self) -> None:
        """The answer is whole."""
        self.done = True

    def json(self) -> Any:
        """The body as what it says."""
        return msgspec.json.decode(self.body)


class Wire:
    """One connection that stays open."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._head = (
            f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\n"
        )
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, body: bytes = b"") -> Reply:
        """Send a request and wait for its answer."""
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        head = f"{method} {path} HTTP/1.1\r\n{self._head}Content-Length: {len(body)}\r\n\r\n"
        self._writer.write(head.encode() + body)
        reply = Reply()
        while True:
            data = await self._reader.read(65_536)
            if not data:
                raise ConnectionError(f"{method} {path}: the server hung up")
            if reply.feed(data):
                return reply

    def close(self) -> None:
        """Let the connection go."""
        if self._writer is not None:
            self._writer.close()
