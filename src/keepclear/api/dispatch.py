"""From a request to a reply: who asks, what is asked, the service, the bytes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from keepclear.api.auth import Caller
from keepclear.api.bodies import GoneError, read_body, require_media_type
from keepclear.api.decoding import query_of
from keepclear.api.endpoint import Call, Endpoint, Equipment
from keepclear.api.lane import Lane
from keepclear.api.parts import PARTS
from keepclear.api.permits import EVERYTHING, Permit, identified
from keepclear.api.problems import INTERNAL, METHOD, Refusal, refusal, refusal_of
from keepclear.api.replies import Outgoing, Reply, outgoing, refused, send_whole
from keepclear.api.streams import send_stream
from keepclear.api.workers import Workers
from keepclear.errors import KeepclearError

_log = logging.getLogger(__name__)
_Worked: TypeAlias = tuple[Reply, Outgoing]
_Together: TypeAlias = Callable[[Sequence[Call[Any]]], Sequence[Reply | Exception]]


class Resource:
    """Everything that one path answers to, by method."""

    def __init__(
        self, endpoints: Mapping[str, Endpoint], equipment: Equipment, workers: Workers
    ) -> None:
        self._endpoints = endpoints
        self._equipment = equipment
        self._workers = workers
        self._lanes: dict[str, Lane[Call[Any], _Worked]] = {
            method: Lane(workers, partial(_worked_together, endpoint.together))
            for method, endpoint in endpoints.items()
            if endpoint.together is not None
        }
        taken = {*endpoints, "OPTIONS", *(("HEAD",) if "GET" in endpoints else ())}
        self._allow = ", ".join(sorted(taken))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever comes of it."""
        with_body = scope["method"] != "HEAD"
        stream, first = None, b""
        try:
            reply, out = await self._replied(scope, receive)
            if reply.stream is not None and with_body:
                stream, first = reply.stream, await anext(reply.stream, b"")
        except Refusal as told:
            out = outgoing(refused(told))
        except KeepclearError as error:
            out = outgoing(refused(_logged(refusal_of(error), scope)))
        except GoneError:
            return
        except Exception:  # noqa: BLE001  (the edge: whatever is left is a fault of ours)
            out = outgoing(refused(self._fault(scope)))
        if stream is not None:
            await send_stream(stream, first, out, receive, send)
        else:
            await send_whole(out, send, with_body=with_body)

    async def _replied(self, scope: Scope, receive: Receive) -> tuple[Reply, Outgoing]:
        method = scope["method"]
        if method == "OPTIONS":
            reply = Reply(status=204, headers={"allow": self._allow})
            return reply, outgoing(reply)
        endpoint = self._endpoints.get("GET" if method == "HEAD" else method)
        if endpoint is None:
            raise refusal(METHOD, f"{method} is not taken here", allow=self._allow)
        call = await self._call(endpoint, scope, receive)
        lane = self._lanes.get(endpoint.method)
        if lane is not None:
            return await lane.run(call)
        return await self._workers.run(_worked, endpoint, call)

    async def _call(self, endpoint: Endpoint, scope: Scope, receive: Receive) -> Call[Any]:
        headers = Headers(scope=scope)
        caller, permit = self._asking(endpoint, headers, scope["method"])
        query = query_of(scope["query_string"], endpoint.query)
        body = b""
        if endpoint.body is not None:
            require_media_type(headers, endpoint.body)
            body = await read_body(receive, headers, endpoint.body.limit_bytes)
            # A body may come slowly: whoever sent it may no longer be anybody, or may less.
            caller, permit = self._asking(endpoint, headers, scope["method"])
            role = endpoint.role_of(body) if permit.account is not None else None
            if role is not None:
                permit.require_role(role)
        return Call(
            self._equipment,
            {name: PARTS[name].read(text) for name, text in scope["path_params"].items()},
            query,
            body,
            headers,
            caller,
            is_secure=scope["scheme"] == "https",
            permit=permit,
        )

    def _asking(self, endpoint: Endpoint, headers: Headers, method: str) -> tuple[Caller, Permit]:
        """Who asks, once it is certain that they may ask this."""
        if endpoint.is_open:
            return Caller(), EVERYTHING
        access, roster = self._equipment.access, self._equipment.roster
        caller, permit = identified(access, roster, headers, method)
        permit.require(endpoint.needed)
        return caller, permit

    def _fault(self, scope: Scope) -> Refusal:
        word = self._equipment.node.entropy.new_id()[:8]
        _log.exception("fault %s at %s %s", word, scope["method"], scope["path"])
        return refusal(INTERNAL, f"the node failed at this; its log tells more under {word}")


def _worked(endpoint: Endpoint, call: Call[Any]) -> _Worked:
    """Ask the handler and write its reply as bytes, all in the one thread."""
    return _written(call, endpoint.handler(call))


def _worked_together(work: _Together, calls: Sequence[Call[Any]]) -> list[_Worked | Exception]:
    """The same for several calls at once."""
    return [
        one if isinstance(one, Exception) else _written(call, one)
        for call, one in zip(calls, work(calls), strict=True)
    ]


def _written(call: Call[Any], reply: Reply) -> _Worked:
    return reply, outgoing(reply, call.headers.get("accept-encoding", ""))


def _logged(told: Refusal, scope: Scope) -> Refusal:
    if told.problem.status >= 500:
        _log.error("%s %s: %s", scope["method"], scope["path"], told.problem.detail)
    return told
