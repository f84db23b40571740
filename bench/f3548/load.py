"""Clients of a DSS: writers in one dense area, readers of what lies elsewhere."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
import uvloop

from bench.f3548.bodies import Ring, box, intent_body, query_body, subscription_body
from bench.f3548.wire import Wire

AREA = (46.9, 7.4)
"""South-west corner of the dense area."""
SIZE_DEG = 0.02
STANDING = 12
"""Intents that stay; the rest of the twenty come and go."""
SUBSCRIPTIONS = 20
_DICE = np.random.default_rng(20_150_918)


class Waits(NamedTuple):
    """What clients waited.

    Attributes:
        waits_ms: for each request that was answered as wanted.
        seconds: from the first request to the last answer.
        refused: how many were refused because a key had become old meanwhile.
    """

    waits_ms: list[float]
    seconds: float
    refused: int = 0

    def percentile(self, share: float) -> float:
        """So many percent waited no longer, ms."""
        return float(np.percentile(self.waits_ms, share))

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.waits_ms) / self.seconds


class _Dense:
    """What all writers know of the dense area: whose intents stand there, and their OVNs."""

    def __init__(self, port: int, token: str, *, races: bool = True) -> None:
        self.port = port
        self.token = token
        self.turn = nullcontext() if races else asyncio.Lock()
        now = datetime.now(UTC)  # noqa: TID251  (a measurement, not the product)
        self.window = (now + timedelta(minutes=5), now + timedelta(hours=2))
        self.ovns: dict[str, str] = {}
        self.waits_ms: list[float] = []
        self.refused = 0

    def ring(self) -> list[tuple[float, float]]:
        """Somewhere in the area; any two meet, or nearly."""
        south, west = (low + _DICE.random() * SIZE_DEG / 2 for low in AREA)
        return list(box(south, west, SIZE_DEG / 2))

    async def put(self, wire: Wire, entity: str, ovn: str = "") -> str:
        """Create or change an intent, with the key that is right; its new OVN."""
        ring = self.ring()
        path = f"/dss/v1/operational_intent_references/{entity}" + (f"/{ovn}" if ovn else "")
        while True:
            async with self.turn:
                key = [each for name, each in self.ovns.items() if name != entity]
                body = intent_body([ring], *self.window, key=key)
                begin = time.perf_counter()
                reply = await wire.ask("PUT", path, body)
                if reply.status in (200, 201):
                    self.ovns[entity] = str(reply.json()["operational_intent_reference"]["ovn"])
            if reply.status in (200, 201):
                self.waits_ms.append((time.perf_counter() - begin) * 1e3)
                return self.ovns[entity]
            if reply.status != 409:
                raise RuntimeError(f"{reply.status} {reply.body[:500]!r}")
            self.refused += 1
            for missing in reply.json().get("missing_operational_intents", ()):
                self.ovns[missing["id"]] = missing["ovn"]

    async def delete(self, wire: Wire, entity: str, ovn: str) -> None:
        """Remove an intent."""
        path = f"/dss/v1/operational_intent_references/{entity}/{ovn}"
        begin = time.perf_counter()
        reply = await wire.ask("DELETE", path)
        self.waits_ms.append((time.perf_counter() - begin) * 1e3)
        self.ovns.pop(entity, None)
        if reply.status != 200:
            raise RuntimeError(f"{reply.status} {reply.body[:500]!r}")

    async def cycles(self, many: int) -> None:
        """Create, change, delete, again and again."""
        wire = Wire(self.port, self.token)
        for _ in range(many):
            entity = _new_id()
            ovn = await self.put(wire, entity)
            ovn = await self.put(wire, entity, ovn)
            await self.delete(wire, entity, ovn)
        wire.close()


def dense_writes(port: int, token: str, *, writers: int, cycles: int, races: bool) -> Waits:
    """Cycles in the dense area, by so many writers at once; every third write is a deletion.

    Args:
        port, token: of the DSS.
        writers: how many.
        cycles: of each.
        races: whether each writes as it likes, with a key that may be old by then; or they are
            one operator's, who knows of each write before it makes the next key.
    """

    async def measured() -> Waits:
        dense = _Dense(port, token, races=races)
        await _furnish(dense)
        dense.waits_ms.clear()
        dense.refused = 0
        begin = time.perf_counter()
        await asyncio.gather(*(dense.cycles(cycles) for _ in range(writers)))
        seconds = time.perf_counter() - begin
        await _empty(dense)
        return Waits(dense.waits_ms, seconds, dense.refused)

    return uvloop.run(measured())


async def _furnish(dense: _Dense) -> None:
    """Subscriptions and intents that stand in the area all the time."""
    wire = Wire(dense.port, dense.token)
    ring = box(AREA[0] - 0.01, AREA[1] - 0.01, SIZE_DEG * 2)
    for number in range(SUBSCRIPTIONS):
        body = subscription_body(ring, *dense.window, f"https://uss{number % 5}.example/f3548")
        reply = await wire.ask("PUT", f"/dss/v1/subscriptions/{_new_id()}", body)
        if reply.status != 200:
            raise RuntimeError(f"{reply.status} {reply.body[:500]!r}")
    for _ in range(STANDING):
        await dense.put(wire, _new_id())
    wire.close()


async def _empty(dense: _Dense) -> None:
    """Leave the area as it was found."""
    wire = Wire(dense.port, dense.token)
    for entity, ovn in list(dense.ovns.items()):
        await dense.delete(wire, entity, ovn)
    ring = box(AREA[0] - 0.01, AREA[1] - 0.01, SIZE_DEG * 2)
    reply = await wire.ask("POST", "/dss/v1/subscriptions/query", query_body(ring, *dense.window))
    for each in reply.json()["subscriptions"]:
        await wire.ask("DELETE", f"/dss/v1/subscriptions/{each['id']}/{each['version']}")
    wire.close()


def subscribe_elsewhere(port: int, token: str, many: int, rings: Callable[[int], Ring]) -> None:
    """Have so many subscriptions stand where the stock lies."""

    async def done() -> None:
        wire = Wire(port, token)
        now = datetime.now(UTC)  # noqa: TID251
        window = (now, now + timedelta(hours=23))
        for number in range(many):
            body = subscription_body(rings(number), *window, "https://far.example/f3548")
            reply = await wire.ask("PUT", f"/dss/v1/subscriptions/{_new_id()}", body)
            if reply.status != 200:
                raise RuntimeError(f"{reply.status} {reply.body[:500]!r}")
        wire.close()

    uvloop.run(done())


def reads(
    port: int,
    token: str,
    ids: list[str],
    *,
    readers: int,
    path: str = "/dss/v1/operational_intent_references",
) -> Waits:
    """Each of the references once, by so many readers at once; or what else is at a path."""

    async def one(wire: Wire, number: int) -> None:
        reply = await wire.ask("GET", f"{path}/{ids[number]}")
        if reply.status != 200:
            raise RuntimeError(f"{reply.status} {reply.body[:500]!r}")

    return uvloop.run(_each(port, token, len(ids), readers, one))


def queries(port: int, token: str, bodies: list[bytes], *, readers: int) -> Waits:
    """Questions about areas, by so many readers at once."""

    async def one(wire: Wire, number: int) -> None:
        reply = await wire.ask(
            "POST", "/dss/v1/operational_intent_references/query", bodies[number]
        )
        if reply.status != 200:
            raise RuntimeError(f"{reply.status} {reply.body[:500]!r}")

    return uvloop.run(_each(port, token, len(bodies), readers, one))


async def _each(
    port: int, token: str, many: int, readers: int, one: Callable[[Wire, int], Awaitable[None]]
) -> Waits:
    waits_ms: list[float] = []

    async def reader(which: int) -> None:
        wire = Wire(port, token)
        for number in range(which, many, readers):
            begin = time.perf_counter()
            await one(wire, number)
            waits_ms.append((time.perf_counter() - begin) * 1e3)
        wire.close()

    begin = time.perf_counter()
    await asyncio.gather(*(reader(which) for which in range(readers)))
    return Waits(waits_ms, time.perf_counter() - begin)


def _new_id() -> str:
    return str(uuid.uuid4())  # noqa: TID251  (a measurement, not the product)
