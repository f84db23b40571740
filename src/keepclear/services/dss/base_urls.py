"""Which addresses of operators' services are taken.

Source: ASTM F3548-21, interface UTM API 1.0.0: UssBaseURL; TLS is what the standard's security
    section asks of every exchange.
"""

from __future__ import annotations

import re

from keepclear.errors import InvalidInput

_LONGEST = 2_048
_ADDRESS = re.compile(r"(https?)://[^\s/?#@\\]+([/?#][^\s\\]*)?", re.ASCII | re.IGNORECASE)


def require_base_url(url: str, place: str, *, allow_http: bool) -> None:
    """See that an address can be reached as the standard asks.

    Args:
        url: the address.
        place: the field it stands in.
        allow_http: take one without TLS.

    Raises:
        InvalidInput: it is no such address.
    """
    found = _ADDRESS.fullmatch(url) if len(url) <= _LONGEST else None
    if found is None:
        raise InvalidInput(
            f"{place}: {url[:80]!r} is not the address of a service",
            remedy="Give an address like https://uss.example.com/utm.",
        )
    if not allow_http and found[1].lower() != "https":
        raise InvalidInput(
            f"{place}: {url[:80]!r} is not reached over TLS",
            remedy="Give an https address; for tests, allow others by f3548.allow_http_base_urls.",
        )
