"""HTTP for callers nobody vouches for: a head that is slow or endless ends its connection.

Source: RFC 9112, 2.1 and 3 (a server may limit what it reads before it can tell a request).
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_WAIT_S = 10.0
"""A request line with its headers that is not whole by then is not waited for."""
HEAD_BYTES = 65_536
"""The largest head, counted in what arrives until it is whole."""


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with limits on what comes before an application is asked."""

    _due: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wait for the first request no longer than for a head."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._head_is_whole()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what arrives, unless it is a head without an end."""
        if self._due is not None:
            self._head_bytes += len(data)
            # What comes in the same piece as the end of the head is its body, and bounded there.
            if self._head_bytes > HEAD_BYTES + len(data):
                self._give_up()
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """A head begins."""
        self._expect_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._head_is_whole()
        super().on_headers_complete()

    def _expect_head(self) -> None:
        self._head_is_whole()
        self._due = self.loop.call_later(HEAD_WAIT_S, self._give_up)

    def _head_is_whole(self) -> None:
        self._head_bytes = 0
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _give_up(self) -> None:
        self._head_is_whole()
        if not self.transport.is_closing():
            self.transport.close()
