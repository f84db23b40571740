"""What handlers return, and how it goes out: JSON, files, problems."""

from __future__ import annotations

import gzip
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field

import msgspec
from starlette.types import Send

from keepclear.api.preconditions import tag_of
from keepclear.api.problems import CONTENT_TYPE, Refusal

JSON = "application/json"
WORTH_PACKING_BYTES = 64_000
"""Smaller replies go out as they are: on one machine packing costs more than it saves."""

_PACKED_TYPES = (JSON, CONTENT_TYPE, "application/geo+json", "text/", "application/toml")
_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler says.

    Attributes:
        content: anything msgspec can write as JSON, or bytes that go out as they are.
        status: the HTTP status.
        version: the version of the one thing that is told; becomes its entity tag.
        content_type: of bytes.
        headers: further ones.
        stream: what goes out piece by piece instead, for as long as it lasts.
    """

    content: object = b""
    status: int = 200
    version: int | None = None
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: AsyncGenerator[bytes, None] | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply as bytes, ready to send."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def outgoing(reply: Reply, accept_encoding: str = "") -> Outgoing:
    """Write a reply as bytes; long texts are packed for whoever takes gzip."""
    content = reply.content
    body = content if isinstance(content, bytes) else _ENCODER.encode(content)
    headers = {**reply.headers}
    if reply.version is not None:
        headers["etag"] = tag_of(reply.version)
    if len(body) >= WORTH_PACKING_BYTES and reply.content_type.startswith(_PACKED_TYPES):
        headers["vary"] = ", ".join(filter(None, (headers.get("vary"), "accept-encoding")))
        if takes_gzip(accept_encoding):
            headers["content-encoding"] = "gzip"
            body = gzip.compress(body, compresslevel=1, mtime=0)
    if body or reply.status not in (204, 303):
        headers["content-type"] = reply.content_type
    if reply.status != 204:
        headers["content-length"] = str(len(body))
    return Outgoing(
        reply.status,
        [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        body,
    )


def takes_gzip(accept_encoding: str) -> bool:
    """Tell whether the caller takes gzip.

    Source: RFC 9110, 12.5.3 (Accept-Encoding).
    """
    for part in accept_encoding.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "").rstrip("0.") != "q="
    return False


async def send_whole(out: Outgoing, send: Send, *, with_body: bool = True) -> None:
    """Send a reply; without its body for HEAD, which keeps the headers."""
    await send({"type": "http.response.start", "status": out.status, "headers": out.headers})
    await send({"type": "http.response.body", "body": out.body if with_body else b""})


def refused(refusal: Refusal) -> Reply:
    """A refusal as a reply."""
    problem = refusal.problem
    return Reply(problem, problem.status, content_type=CONTENT_TYPE, headers=refusal.headers)


async def send_refusal(refusal: Refusal, send: Send) -> None:
    """Send a refusal."""
    await send_whole(outgoing(refused(refusal)), send)
