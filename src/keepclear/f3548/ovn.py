"""Opaque version numbers: nothing about the entity can be read from one.

A manager may ask for a certain one, made of the entity's id and a UUID of version 7, which
carries its moment: so it is new, and above whatever the manager asked for before.

Source: ASTM F3548-21, interface UTM API 1.0.0, EntityOVN: 16 to 128 characters; InterUSS, OVN
    request extension to it; RFC 9562, 5.7 (UUID version 7).
"""

from __future__ import annotations

import base64
import uuid

from keepclear.errors import InvalidInput, VersionConflict

RANDOM_BYTES = 24
"""What `new_ovn` is best given: 32 characters, no two alike in any node's life."""


def new_ovn(random: bytes) -> str:
    """A version number made of random bytes; letters, digits, ``-`` and ``_`` only.

    Raises:
        InvalidInput: not 12 to 96 bytes; give `RANDOM_BYTES`.
    """
    if not 12 <= len(random) <= 96:
        raise InvalidInput(f"{len(random)} random bytes do not make an OVN; give 12 to 96")
    return base64.urlsafe_b64encode(random).decode().rstrip("=")


_NEAR_MS = 300_000
"""How far from now the moment in a suffix may lie."""


def requested_ovn(entity_id: str, suffix: str, *, now_us: int) -> str:
    """The version number that a manager asks for.

    Args:
        entity_id: whose it is to be.
        suffix: a UUID of version 7, made just now.
        now_us: the present moment, microseconds since 1970.

    Raises:
        InvalidInput: the suffix is none, or was not made within five minutes of now.
    """
    remedy = "Make a UUID of version 7 for each request, or leave requested_ovn_suffix out."
    try:
        made = uuid.UUID(suffix)
    except ValueError:
        raise InvalidInput(
            f"requested_ovn_suffix: {suffix!r:.60} is no UUID", remedy=remedy
        ) from None
    if str(made) != suffix or made.version != 7:
        raise InvalidInput(
            f"requested_ovn_suffix: {suffix} is no UUID of version 7 in its usual form",
            remedy=remedy,
        )
    if abs((made.int >> 80) - now_us // 1_000) > _NEAR_MS:
        raise InvalidInput(f"requested_ovn_suffix: {suffix} was not made just now", remedy=remedy)
    return f"{entity_id}_{suffix}"


def require_later(ovn: str, before: str) -> None:
    """See that a version number that was asked for comes after the one that it replaces.

    Raises:
        VersionConflict: it is the same, or an older one of the same manager's.
    """
    head, _, suffix = ovn.partition("_")
    old_head, _, old_suffix = before.partition("_")
    if head == old_head and suffix <= old_suffix:
        raise VersionConflict(
            "requested_ovn_suffix: it is not later than that of the current version",
            remedy="Make a new UUID of version 7 for each request.",
        )
