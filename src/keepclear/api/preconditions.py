"""Which version a change means, from the request's headers.

Source: RFC 9110, 13.1.1 (If-Match), 13.1.2 (If-None-Match), 8.8.3 (ETag).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from keepclear.errors import InvalidInput
from keepclear.services.expected import NEW, Expected

_TAG = re.compile(r'"([1-9][0-9]{0,15})"', re.ASCII)


def expected_of(headers: Mapping[str, str]) -> Expected:
    """What the caller says it changes: a version, NEW, or None where it says nothing.

    Raises:
        InvalidInput: a header that names no single version, or both headers at once.
    """
    match, none_match = headers.get("if-match"), headers.get("if-none-match")
    if match is not None and none_match is not None:
        raise InvalidInput(
            "If-Match and If-None-Match contradict each other",
            remedy='Send If-None-Match: * for something new, If-Match: "3" to change version 3.',
        )
    if none_match is not None:
        if none_match.strip() != "*":
            raise InvalidInput(
                "If-None-Match can only be *", remedy="Send If-None-Match: * for something new."
            )
        return NEW
    return None if match is None else _version(match)


def version_of(headers: Mapping[str, str]) -> int | None:
    """The version that is changed, where nothing new can be meant; None where none is said.

    Raises:
        InvalidInput: If-None-Match was sent, or If-Match names no single version.
    """
    expected = expected_of(headers)
    if expected is NEW:
        raise InvalidInput(
            "this changes what is there; it makes nothing new",
            remedy='Send If-Match: "3" for version 3, without If-None-Match.',
        )
    return expected


def tag_of(version: int) -> str:
    """The entity tag of a version."""
    return f'"{version}"'


def _version(text: str) -> int:
    found = _TAG.fullmatch(text.strip())
    if found is None:
        raise InvalidInput(
            "If-Match names no version",
            remedy='Send the version you saw in quotation marks, as If-Match: "3".',
        )
    return int(found[1])
