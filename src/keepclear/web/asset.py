"""One file for the browser, held in memory, with what its headers say of it."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property

from starlette.requests import Request
from starlette.responses import Response

_WORTH_PACKING_BYTES = 1_024
_PACKED_ALREADY = ("font/", "image/png")


@dataclass(frozen=True)
class Asset:
    """A file to hand out.

    Attributes:
        content_type: its media type.
        body: its bytes.
        is_immutable: its name changes with its content, so a browser may keep it for good;
            any other file is asked about again each time.
        policy: the content security policy that holds inside it; empty for plain data.
    """

    content_type: str
    body: bytes
    is_immutable: bool = False
    policy: str = ""

    @cached_property
    def tag(self) -> str:
        """Its entity tag, from the content alone."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'

    @cached_property
    def packed(self) -> bytes | None:
        """Its bytes in gzip; None where packing gains nothing."""
        if len(self.body) < _WORTH_PACKING_BYTES or self.content_type.startswith(_PACKED_ALREADY):
            return None
        return gzip.compress(self.body, compresslevel=6, mtime=0)

    def response(self, request: Request) -> Response:
        """Answer a request for it: whole, packed, or "not modified".

        Source: RFC 9110, 12.5.3 (Accept-Encoding), 13.1.2 (If-None-Match).
        """
        headers = {
            "etag": self.tag,
            "cache-control": "public, max-age=31536000, immutable"
            if self.is_immutable
            else "no-cache",
            "vary": "accept-encoding",
        }
        if self.policy:
            headers["content-security-policy"] = self.policy
        if _names(request.headers.get("if-none-match", ""), self.tag):
            return Response(status_code=304, headers=headers)
        body = self.body
        if self.packed is not None and _takes_gzip(request.headers.get("accept-encoding", "")):
            headers["content-encoding"] = "gzip"
            body = self.packed
        return Response(body, media_type=self.content_type, headers=headers)


def _names(header: str, tag: str) -> bool:
    """Tell whether an If-None-Match names this tag; weak tags compare by their text."""
    named = {part.strip().removeprefix("W/") for part in header.split(",")}
    return tag in named or "*" in named


def _takes_gzip(header: str) -> bool:
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            refused = weight.replace(" ", "") in ("q=0", "q=0.0", "q=0.00", "q=0.000")
            return not refused
    return False
