"""What other nodes hand over, and how much of it at once.

FLASH has its own way: no budget, threads of its own, and a small body. Ordinary deliveries are
counted by who sends, and wait for few threads, so that a flood leaves the node to its people.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NoReturn, TypeVar

import msgspec
from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from keepclear.api.bodies import read_body
from keepclear.api.node.limits import Limits, Rate
from keepclear.api.node.pool import Pool
from keepclear.api.node.refusals import NOT_FLASH, STRANGER, VERSION, too_many
from keepclear.api.problems import BUSY_RETRY_S, refusal
from keepclear.errors import KeyFault, NodeBusy
from keepclear.formats.documents.delivery import MOST_BYTES, Handed, answer_bytes, handed_of
from keepclear.formats.documents.receipt import receipt_bytes
from keepclear.identity.certificates import certificate_bytes
from keepclear.model.operation import Precedence
from keepclear.services.line.admitting import Admitted, admit, note_stranger
from keepclear.services.line.greeting import ACCEPTED, own_hello
from keepclear.services.line.receiving import receive
from keepclear.services.node import Node

A = TypeVar("A")
T = TypeVar("T")

FLASH_BYTES = 300_000
"""A FLASH is short; its way takes no more."""
BY_ADDRESS = Rate(per_s=200.0, burst=600.0)
BY_LINE = Rate(per_s=100.0, burst=300.0)
"""Ordinary deliveries; each may hold 200 envelopes."""
BY_STRANGER = Rate(per_s=1.0, burst=20.0)
"""What nobody vouches for, all of it together."""
VERSION_HEADER = "keepclear-version"


class Deliveries:
    """Answers the three requests of the peers' protocol.

    Args:
        node: ours.
        seconds: a clock that only ever goes forward, in seconds.
    """

    def __init__(self, node: Node, seconds: Callable[[], float]) -> None:
        self._node = node
        self._addresses = Limits(BY_ADDRESS, seconds)
        self._lines = Limits(BY_LINE, seconds)
        self._strangers = Limits(BY_STRANGER, seconds)
        self._ordinary = Pool("ordinary", threads=2, most=8)
        self._door = Pool("door", threads=1, most=32)
        self._flash = Pool("flash", threads=2, most=256)
        self._flash_door = Pool("flash-door", threads=1, most=256)

    async def hello(self, scope: Scope, receive_body: Receive) -> bytes:
        """What this node says of itself."""
        del receive_body
        self._count(scope)
        return await self._door.run(own_hello, self._node)

    async def envelopes(self, scope: Scope, receive_body: Receive) -> bytes:
        """Take in ordinary envelopes; the signed receipts.

        Raises:
            Refusal: 400, 403, 413 or 429.
        """
        headers = Headers(scope=scope)
        _require_version(headers)
        self._count(scope)
        body = await read_body(receive_body, headers, MOST_BYTES)
        handed, admitted = await _run(self._door, self._opened, body)
        if not admitted.is_known:
            await self._turn_away(self._door, admitted, handed, flash=False)
        if wait_s := self._lines.wait_s(admitted.source):
            raise too_many(f"{admitted.source} delivers too often", wait_s)
        return await _run(self._ordinary, self._taken, handed)

    async def flash(self, scope: Scope, receive_body: Receive) -> bytes:
        """Take in FLASH at once, whatever else goes on; the signed receipts.

        Raises:
            Refusal: 400, 403 or 413.
        """
        headers = Headers(scope=scope)
        _require_version(headers)
        body = await read_body(receive_body, headers, FLASH_BYTES)
        handed, admitted = await self._flash_door.run(self._opened, body)
        if not admitted.is_known:
            await self._turn_away(self._flash_door, admitted, handed, flash=True)
        _require_flash(handed.envelopes)
        return await self._flash.run(self._taken, handed)

    def close(self) -> None:
        """Take nothing more, and return once what is under way is done."""
        for pool in (self._door, self._flash_door, self._ordinary, self._flash):
            pool.close()

    def _count(self, scope: Scope) -> None:
        address = (scope.get("client") or ("",))[0]
        if wait_s := self._addresses.wait_s(address):
            raise too_many("requests from this address come too often", wait_s)

    def _opened(self, body: bytes) -> tuple[Handed, Admitted]:
        handed = handed_of(body)
        return handed, admit(self._node, handed)

    def _taken(self, handed: Handed) -> bytes:
        delivery = handed.delivery
        receipts = receive(
            self._node,
            delivery.line,
            handed.envelopes,
            sent_at=delivery.at,
            certificate=handed.certificate,
        )
        if self._node.certificate is None:
            raise KeyFault("the node was opened without its certificate")
        own = certificate_bytes(self._node.certificate)
        return answer_bytes(own, [receipt_bytes(each) for each in receipts.receipts])

    async def _turn_away(
        self, pool: Pool, admitted: Admitted, handed: Handed, *, flash: bool
    ) -> NoReturn:
        """Note what nobody vouches for, and say so; always raises."""
        # Strangers' FLASH is bounded by what is noted in an hour, never by how often it comes.
        wait_s = 0 if flash else self._strangers.wait_s("")
        if wait_s:
            raise too_many("more comes that nobody vouches for than is looked at", wait_s)
        await pool.run(note_stranger, self._node, admitted, handed.envelopes, flash=flash)
        word = "; people were asked to verify it by voice" if flash else ""
        raise refusal(STRANGER, f"{admitted.reason}{word}")


async def _run(pool: Pool, work: Callable[[A], T], argument: A) -> T:
    """Have an ordinary delivery worked on; one that would wait too long is told to come again."""
    try:
        return await pool.run(work, argument)
    except NodeBusy as busy:
        raise too_many(busy.message, BUSY_RETRY_S) from None


class _Claim(msgspec.Struct, frozen=True):
    precedence: str = ""


_CLAIMS = msgspec.json.Decoder(_Claim)


def _require_flash(envelopes: Sequence[bytes]) -> None:
    for each in envelopes:
        try:
            said = _CLAIMS.decode(each).precedence
        except (msgspec.DecodeError, RecursionError):
            said = ""
        if said != Precedence.FLASH.value:
            raise refusal(NOT_FLASH, "an envelope here does not say that it is FLASH")


def _require_version(headers: Headers) -> None:
    said = headers.get(VERSION_HEADER, str(ACCEPTED[0]))
    if said not in {str(version) for version in ACCEPTED}:
        raise refusal(VERSION, f"version {said!r:.20} is not one of {ACCEPTED}")
