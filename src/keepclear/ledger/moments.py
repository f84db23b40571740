"""Moments as the ledger writes them: always UTC, always three decimals.

Texts of one length sort as the moments do, and a moment has one spelling.
"""

from __future__ import annotations

from datetime import UTC, datetime

from keepclear.errors import InvalidWindow
from keepclear.model.window import require_utc

_LENGTH = len("2026-03-14T05:00:00.123Z")


def to_millisecond(at: datetime) -> datetime:
    """The moment in UTC, cut to the millisecond, as it will be read back.

    Raises:
        InvalidWindow: the time has no zone.
    """
    utc = require_utc(at)
    return utc.replace(microsecond=utc.microsecond // 1_000 * 1_000)


def moment_text(at: datetime) -> str:
    """Write a moment: "2026-03-14T05:00:00.123Z"; what is finer is cut off.

    Raises:
        InvalidWindow: the time has no zone.
    """
    return require_utc(at).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def moment_of(text: str) -> datetime:
    """Read what `moment_text` wrote, and nothing else.

    Raises:
        InvalidWindow: another spelling, or no such time.
    """
    try:
        at = datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        at = None
    if at is None or len(text) != _LENGTH or moment_text(at) != text:
        raise InvalidWindow(
            f"{text!r} is not a moment of a ledger", remedy="Write 2026-03-14T05:00:00.123Z."
        )
    return at
