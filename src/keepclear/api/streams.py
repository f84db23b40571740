"""Replies that go out piece by piece, for as long as somebody takes them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

from starlette.types import Receive, Send

from keepclear.api.replies import Outgoing

SENDING_LASTS_S = 60.0
"""A reader that takes nothing for so long is let go."""


async def send_stream(
    pieces: AsyncGenerator[bytes, None], first: bytes, out: Outgoing, receive: Receive, send: Send
) -> None:
    """Send pieces until they end, or the reader goes away or stops taking them.

    Args:
        pieces: all but the first.
        first: the first; whoever waited for it knows that the stream could be opened.
        out: status and headers.
        receive: tells when the reader goes away.
        send: takes what goes out.
    """
    headers = [each for each in out.headers if each[0] != b"content-length"]
    gone = asyncio.ensure_future(_gone(receive))
    async with aclosing(pieces):
        try:
            await send({"type": "http.response.start", "status": out.status, "headers": headers})
            await send({"type": "http.response.body", "body": first, "more_body": True})
            with suppress(TimeoutError):
                await _pump(pieces, gone, send)
        finally:
            gone.cancel()


async def _pump(
    pieces: AsyncGenerator[bytes, None], gone: asyncio.Future[None], send: Send
) -> None:
    while True:
        step = asyncio.ensure_future(anext(pieces, None))
        try:
            await asyncio.wait((step, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not step.done():
                step.cancel()
                with suppress(asyncio.CancelledError):
                    await step
        if step.cancelled():
            return
        piece = step.result()
        async with asyncio.timeout(SENDING_LASTS_S):
            await send(
                {"type": "http.response.body", "body": piece or b"", "more_body": piece is not None}
            )
        if piece is None:
            return


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
