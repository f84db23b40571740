"""Ids of entities and subscriptions as they stand in a path."""

from __future__ import annotations

import re

from keepclear.errors import InvalidInput

NO_SUBSCRIPTION_ID = "00000000-0000-4000-8000-000000000000"
"""What an intent without a subscription shows in place of one."""

_UUID4 = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE
)


def id_of(text: str) -> str:
    """The id in the one spelling that is stored and compared: small letters.

    Raises:
        InvalidInput: it is not a UUID of version 4 in its usual form.
    """
    if not _UUID4.fullmatch(text):
        raise InvalidInput(
            f"{text[:60]!r} is not a version-4 UUID",
            remedy="Give the id in the form xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx.",
        )
    return text.lower()
