"""From an F3548 request to its answer: the path, who asks, what is asked, the work, the bytes.

The checks come in the order that the field's judges hold services to: 404, 405, 401, 403, then
400 and 413, and only then what a service says.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from keepclear.api.bodies import Body, GoneError, read_body, require_media_type
from keepclear.api.f3548.bearer import NOBODY, Bearer
from keepclear.api.f3548.endpoint import (
    Answer,
    DssWork,
    F3548Call,
    F3548Endpoint,
    F3548Equipment,
)
from keepclear.api.f3548.parts import PARTS
from keepclear.api.f3548.refusals import Told, told_of, told_refusal, unauthenticated
from keepclear.api.f3548.roles import by_path
from keepclear.api.f3548.routing import Routes
from keepclear.api.f3548.tokens import AccessTokens
from keepclear.api.lane import Lane
from keepclear.api.problems import Refusal
from keepclear.api.workers import Workers
from keepclear.errors import KeepclearError, NodeBusy
from keepclear.formats.f3548 import decode, encode
from keepclear.services.dss import KeyLacks, Later, finished, perform

BODY_WAIT_S = 10.0
"""A body that is not whole by then is not waited for."""
LARGE_BYTES = 16_384
"""Larger bodies are read and prepared in a thread, so that the rest does not wait for them."""
MOST_LARGE = 32
"""So many bodies that are large, or do not say how large, are read at once."""
MOST_PARAMETERS = 20

_JSON_BODY = Body()
_log = logging.getLogger(__name__)


class Outcome(NamedTuple):
    """An answer as bytes."""

    status: int
    body: bytes
    headers: Mapping[str, str] = {}


_Reading: TypeAlias = tuple[F3548Endpoint, F3548Call]


class Dispatch:
    """Answers requests; belongs to the event loop that it is first used on.

    Args:
        endpoints: those that the node serves in its roles.
        equipment: what their handlers work with.
        tokens: who may ask.
    """

    def __init__(
        self,
        endpoints: Sequence[F3548Endpoint],
        equipment: F3548Equipment,
        tokens: AccessTokens,
    ) -> None:
        self._routes = Routes(by_path(endpoints).items())
        self._equipment = equipment
        self._tokens = tokens
        self._large = 0
        self._door = Workers("f3548-door", threads=2)
        self._brief = Workers("f3548-brief")
        self._work = Workers("f3548-work", threads=32)
        self._reads = Workers("f3548-reads", threads=2)
        self._writes = Workers("f3548-writes", threads=2)
        self._reading: Lane[_Reading, Outcome] = Lane(self._reads, self._read_together)
        self._writing: Lane[DssWork, bytes | Later[Any]] = Lane(
            self._writes, self._written_together
        )

    async def outcome(self, scope: Scope, receive: Receive) -> Outcome:
        """What becomes of one request, whatever it is.

        Raises:
            GoneError: the caller went away.
        """
        try:
            return await self._answered(scope, receive)
        except GoneError:
            raise
        except Told as told:
            return _outcome_of(told)
        except Refusal as refusal:
            return _outcome_of(told_refusal(refusal))
        except KeepclearError as error:
            return _outcome_of(_noted(told_of(error), scope))
        except Exception:  # noqa: BLE001  (the edge: whatever is left is a fault of ours)
            return _outcome_of(self._fault(scope))

    def close(self) -> None:
        """Take nothing more, and return once what is under way is done."""
        for workers in (self._door, self._work, self._brief, self._reads, self._writes):
            workers.close()

    async def _answered(self, scope: Scope, receive: Receive) -> Outcome:
        found = self._routes.find(scope.get("raw_path") or scope["path"].encode())
        if found is None:
            raise Told(404, "there is nothing at this path")
        methods, parts = found
        endpoint = methods.get(scope["method"])
        if endpoint is None:
            allow = ", ".join(sorted(methods))
            raise Told(405, f"the path takes {allow} alone", {"allow": allow})
        headers = Headers(scope=scope)
        bearer = await self._permitted(endpoint, headers) if endpoint.scopes else NOBODY
        path = {name: PARTS[name].read(text) for name, text in parts.items()}
        query = _query(scope["query_string"]) if endpoint.query else {}
        body = b""
        if endpoint.body is not None:
            body = await self._body(receive, headers, endpoint.most_bytes)
        call = F3548Call(self._equipment, path, query, None, bearer)
        return await self._worked(endpoint, call, body)

    async def _body(self, receive: Receive, headers: Headers, most_bytes: int) -> bytes:
        require_media_type(headers, _JSON_BODY)
        if not _is_large(headers):
            return await _whole(receive, headers, most_bytes)
        if self._large >= MOST_LARGE:
            raise NodeBusy(f"{MOST_LARGE} large bodies are being read already")
        self._large += 1
        try:
            return await _whole(receive, headers, most_bytes)
        finally:
            self._large -= 1

    async def _permitted(self, endpoint: F3548Endpoint, headers: Headers) -> Bearer:
        """Who asks, once it is certain that they may."""
        given = headers.get("authorization")
        if given is None:
            raise unauthenticated("no access token came with the request")
        header = given.encode("latin-1")
        bearer = self._tokens.known(header) or await self._verified(header)
        if not any(needed <= bearer.scopes for needed in endpoint.scopes):
            wanted = "; or ".join(" and ".join(sorted(each)) for each in endpoint.scopes)
            raise Told(403, f"the token does not have the scope for this: {wanted}")
        return bearer

    async def _verified(self, header: bytes) -> Bearer:
        edition = self._tokens.edition
        bearer, until_s = await self._door.run(self._tokens.verified, header)
        self._tokens.keep(header, bearer, until_s, edition)
        return bearer

    async def _worked(self, endpoint: F3548Endpoint, call: F3548Call, body: bytes) -> Outcome:
        is_large = len(body) > LARGE_BYTES
        match endpoint.sort:
            case "read" if is_large:
                return await self._reads.run(self._read_alone, endpoint, call, body)
            case "read":
                return await self._reading.run((endpoint, _with_body(endpoint, call, body)))
            case "write":
                prepare = self._writes.run if is_large else _at_once
                work = await prepare(_prepared, endpoint, call, body)
                return await self._written(work, endpoint.returns[0])
            case "brief":
                return await self._brief.run(_handled, endpoint, call, body)
            case "work":
                return await self._work.run(_handled, endpoint, call, body)

    async def _written(self, work: DssWork, status: int) -> Outcome:
        """Have a work done; what takes long to write down is left to others than the writer."""
        try:
            written = await self._writing.run(work)
        except KeyLacks as lacking:
            if not lacking.is_long:
                raise
            return await self._reads.run(_told_at_length, lacking)
        if isinstance(written, Later):
            return await self._reads.run(self._finished, written, status)
        return Outcome(status, written)

    def _finished(self, later: Later[Any], status: int) -> Outcome:
        return Outcome(status, encode(finished(self._equipment.the_dss, later)))

    def _read_together(self, items: Sequence[_Reading]) -> list[Outcome | Exception]:
        with self._equipment.the_dss.store.view() as view:
            return [_read(endpoint, call._replace(view=view)) for endpoint, call in items]

    def _read_alone(self, endpoint: F3548Endpoint, call: F3548Call, body: bytes) -> Outcome:
        whole = _with_body(endpoint, call, body)
        with self._equipment.the_dss.store.view() as view:
            return _answer(endpoint.handler(whole._replace(view=view)))

    def _written_together(self, works: Sequence[DssWork]) -> list[bytes | Later[Any] | Exception]:
        results = perform(self._equipment.the_dss, works)
        return [each if isinstance(each, Exception | Later) else encode(each) for each in results]

    def _fault(self, scope: Scope) -> Told:
        word = self._equipment.entropy.new_id()[:8]
        _log.exception("fault %s at an F3548 request", word, extra={"facts": _facts(scope)})
        return Told(500, f"the service failed at this; its log tells more under {word}")


def _noted(told: Told, scope: Scope) -> Told:
    if told.status >= 500:
        _log.error("the node failed at an F3548 request", extra={"facts": _facts(scope)})
    return told


def _facts(scope: Scope) -> dict[str, object]:
    return {"method": scope["method"], "path": scope["path"]}


def _outcome_of(told: Told) -> Outcome:
    # What is left of a body that is too large is not read: the connection ends with the answer.
    ends = {"connection": "close"} if told.status == 413 else {}
    return Outcome(told.status, encode(told.record), {**told.headers, **ends})


def _told_at_length(lacking: KeyLacks) -> Outcome:
    return _outcome_of(told_of(lacking))


def _query(raw: bytes) -> dict[str, str]:
    try:
        text = raw.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise Told(400, "the query cannot be read") from None
    return dict(pairs)


async def _whole(receive: Receive, headers: Headers, most_bytes: int) -> bytes:
    try:
        async with asyncio.timeout(BODY_WAIT_S):
            return await read_body(receive, headers, most_bytes)
    except TimeoutError:
        said = f"the body did not come whole within {BODY_WAIT_S:.0f} seconds"
        raise Told(400, said, {"connection": "close"}) from None


def _is_large(headers: Headers) -> bool:
    said = headers.get("content-length", "")
    return not (said.isascii() and said.isdigit() and int(said[:20]) <= LARGE_BYTES)


def _with_body(endpoint: F3548Endpoint, call: F3548Call, body: bytes) -> F3548Call:
    kind = endpoint.body
    return call if kind is None else call._replace(body=decode(kind, body))


async def _at_once(work: Any, endpoint: F3548Endpoint, call: F3548Call, body: bytes) -> DssWork:
    """Small bodies are prepared where they are: a thread would cost more than it saves."""
    prepared: DssWork = work(endpoint, call, body)
    return prepared


def _prepared(endpoint: F3548Endpoint, call: F3548Call, body: bytes) -> DssWork:
    """A write as it goes to the writer."""
    work = endpoint.handler(_with_body(endpoint, call, body))
    if isinstance(work, Answer):
        raise TypeError(f"{endpoint.operation_id} answers where it should return a work")
    return work


def _handled(endpoint: F3548Endpoint, call: F3548Call, body: bytes) -> Outcome:
    return _answer(endpoint.handler(_with_body(endpoint, call, body)))


def _read(endpoint: F3548Endpoint, call: F3548Call) -> Outcome | Exception:
    try:
        return _answer(endpoint.handler(call))
    except Exception as error:  # noqa: BLE001  (one of several reads must not fail the others)
        return error


def _answer(answer: Answer | DssWork) -> Outcome:
    if not isinstance(answer, Answer):
        raise TypeError("a handler returned a work where it should answer")
    return Outcome(answer.status, b"" if answer.record is None else encode(answer.record))
