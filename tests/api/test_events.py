"""Whoever follows the changes misses nothing, and holds nobody up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

import pytest
from starlette.types import Message

from api.asking import BEARER, HOST, TOKEN, Asked
from keepclear.api import live
from samples import operation, window


@dataclass
class Stream:
    """A reader of the stream, at its own pace, spoken to without a socket.

    Attributes:
        asked: the node.
        query: of the request.
        headers: further ones.
        who: who asks.
        takes: whether what is sent is taken; a reader that sleeps takes nothing.
    """

    asked: Asked
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    who: dict[str, str] = field(default_factory=lambda: BEARER)
    takes: asyncio.Event = field(default_factory=asyncio.Event)
    status: int = 0
    text: str = ""
    ended: bool = False
    _gone: asyncio.Event = field(default_factory=asyncio.Event)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.takes.set()
        given = {"host": HOST, **self.who, **self.headers}
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/api/v1/events",
            "query_string": self.query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "scheme": "http",
        }
        self._task = asyncio.create_task(self.asked.application(scope, self._receive, self._send))
        await self.until(lambda: bool(self.status))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._gone.set()
        self.takes.set()
        assert self._task is not None
        async with asyncio.timeout(10):
            await self._task

    async def _receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        await self.takes.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.text += message["body"].decode()
            self.ended = not message.get("more_body", False)
        self._news.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not is_so():
                self._news.clear()
                await self._news.wait()

    async def events(self, count: int) -> list[dict[str, Any]]:
        """The data of the first events, once so many have come."""
        await self.until(lambda: self.text.count("\ndata: ") >= count)
        lines = [line for line in self.text.splitlines() if line.startswith("data: ")]
        return [json.loads(line.removeprefix("data: ")) for line in lines]


def file(asked: Asked, *numbers: int) -> None:
    for number in numbers:
        asked.running.take(operation(f"B-{number}", at=window(100.0 * number)))


async def filed(asked: Asked, *numbers: int) -> None:
    await asyncio.to_thread(file, asked, *numbers)


def test_changes_come_as_they_are_made(asked: Asked) -> None:
    async def follow() -> None:
        async with Stream(asked) as stream:
            assert stream.status == 200
            await stream.until(lambda: "retry:" in stream.text)
            await filed(asked, 1)
            (event,) = await stream.events(1)
            assert event["kind"] == "operation"
            assert event["action"] == "filed"
            assert event["version"] == 1
            assert event["id"] == operation("B-1").id
            assert f"id: {event['change']}\nevent: operation\n" in stream.text

    asyncio.run(follow())


def test_whoever_comes_back_misses_nothing(asked: Asked) -> None:
    async def follow() -> None:
        async with Stream(asked, "after=0") as stream:
            await filed(asked, 1, 2)
            seen = [event["change"] for event in await stream.events(4)]
        await filed(asked, 3, 4)
        async with Stream(asked, "after=0", {"last-event-id": str(seen[-1])}) as stream:
            await filed(asked, 5)
            seen += [event["change"] for event in await stream.events(3)]
        assert seen == list(range(1, 8))

    asyncio.run(follow())


def test_nothing_is_lost_while_others_write(asked: Asked) -> None:
    async def follow() -> None:
        seen: list[int] = []
        writing = asyncio.create_task(filed(asked, *range(1, 41)))
        last = 0
        while len(seen) < 42:
            async with Stream(asked, f"after={last}") as stream:
                seen += [event["change"] for event in await stream.events(1)]
            last = seen[-1]
        await writing
        assert seen == list(range(1, 43))

    asyncio.run(follow())


def test_without_a_number_only_what_comes_from_now_on_is_told(asked: Asked) -> None:
    file(asked, 1)

    async def follow() -> None:
        async with Stream(asked) as stream:
            await filed(asked, 2)
            (event,) = await stream.events(1)
            assert event["id"] == operation("B-2").id

    asyncio.run(follow())


def test_a_number_the_node_never_reached_is_answered_with_resync(asked: Asked) -> None:
    async def follow() -> None:
        async with Stream(asked, "after=500") as stream:
            (event,) = await stream.events(1)
            assert event["action"] == "resync"
            assert event["change"] == 2
            assert "event: resync\n" in stream.text
            await filed(asked, 1)
            assert (await stream.events(2))[1]["change"] == 3

    asyncio.run(follow())


def test_a_reader_that_takes_nothing_holds_nobody_up(asked: Asked) -> None:
    async def follow() -> None:
        async with Stream(asked, "after=0") as asleep, Stream(asked, "after=0") as awake:
            await asleep.events(2)
            asleep.takes.clear()
            await filed(asked, *range(1, 11))
            assert len(await awake.events(12)) == 12
            asleep.takes.set()
            assert len(await asleep.events(12)) == 12

    asyncio.run(follow())


def test_a_quiet_stream_tells_that_it_still_stands(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.01)

    async def follow() -> None:
        async with Stream(asked) as stream:
            await stream.until(lambda: stream.text.count(": still here\n\n") >= 2)

    asyncio.run(follow())


def test_streams_end_when_the_node_stops(asked: Asked) -> None:
    async def follow() -> None:
        async with Stream(asked) as stream:
            asked.application.stop()
            await stream.until(lambda: stream.ended)
        async with Stream(asked) as late:
            assert late.status == 503

    asyncio.run(follow())


def test_a_stream_ends_with_its_session(asked: Asked) -> None:
    session = asked.access.open_session(TOKEN)
    cookie = {"cookie": f"{asked.access.cookie}={session}"}

    async def follow() -> None:
        async with Stream(asked, who=cookie) as stream:
            await stream.until(lambda: "retry:" in stream.text)
            asked.access.end_session({**cookie, "sec-fetch-site": "same-origin"})
            await filed(asked, 1)
            await stream.until(lambda: stream.ended)
            assert "data: " not in stream.text

    asyncio.run(follow())


def test_only_so_many_streams_are_open_at_once(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_STREAMS", 1)

    async def follow() -> None:
        async with Stream(asked) as first:
            async with Stream(asked) as second:
                assert second.status == 503
            assert first.status == 200
        async with Stream(asked) as third:
            assert third.status == 200

    asyncio.run(follow())


@pytest.mark.parametrize(
    ("query", "headers"),
    [("after=-1", {}), ("after=x", {}), ("since=1", {}), ("", {"last-event-id": "x"})],
)
def test_a_number_that_is_none_is_refused(
    asked: Asked, query: str, headers: dict[str, str]
) -> None:
    async def follow() -> None:
        async with Stream(asked, query, headers) as stream:
            assert stream.status == 400

    asyncio.run(follow())
