"""Bodies of requests: of the right type, and never larger than what is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Receive

from keepclear.api.problems import MEDIA_TYPE, TOO_LARGE, refusal
from keepclear.api.replies import JSON

DOCUMENT_BYTES = 1_000_000
"""The largest document."""


@dataclass(frozen=True, slots=True)
class Body:
    """What a request brings.

    Attributes:
        schema: the record it is read as; None for bytes of a foreign format.
        content_types: those it may have; empty for any, as files come in many.
        limit_bytes: the largest that is taken.
        description: for the OpenAPI document.
    """

    schema: Any = None
    content_types: tuple[str, ...] = (JSON,)
    limit_bytes: int = DOCUMENT_BYTES
    description: str = ""


class GoneError(Exception):
    """The caller went away before the request was whole; there is nobody to answer."""


def require_media_type(headers: Headers, body: Body) -> None:
    """Refuse a body that says it is something else, or compressed.

    Raises:
        Refusal: 415, naming what is taken.
    """
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise refusal(MEDIA_TYPE, "the body is compressed", accept_encoding="identity")
    if not body.content_types:
        return
    given, _, parameters = headers.get("content-type", "").lower().partition(";")
    if given.strip() not in body.content_types:
        wanted = ", ".join(body.content_types)
        raise refusal(MEDIA_TYPE, f"the body has to be {wanted}", accept=wanted)
    charset = parameters.strip().removeprefix("charset=").strip('"')
    if charset not in ("", "utf-8", "utf8"):
        raise refusal(MEDIA_TYPE, "the body has to be in UTF-8")


async def read_body(receive: Receive, headers: Headers, limit_bytes: int) -> bytes:
    """The body, whole.

    Raises:
        Refusal: 413, as soon as it is known to be too large.
        GoneError: the caller went away.
    """
    said = headers.get("content-length", "")
    if said.isascii() and said.isdigit() and int(said[:20]) > limit_bytes:
        raise refusal(TOO_LARGE, f"{said[:20]} bytes are more than {limit_bytes:,}")
    parts: list[bytes] = []
    size_bytes = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneError
        part = message.get("body", b"")
        size_bytes += len(part)
        if size_bytes > limit_bytes:
            raise refusal(TOO_LARGE, f"more than {limit_bytes:,} bytes came")
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)
