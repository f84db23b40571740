"""Numbers as a line tells them: in bands, enough for safety and no order of battle."""

from __future__ import annotations

from typing import Final

from keepclear.contact.catalogue.kinds import COUNT_BANDS

_BANDS: Final = ((1, "1"), (4, "2-4"), (9, "5-9"), (19, "10-19"), (49, "20-49"))


def band_of_count(count: int | None) -> str:
    """A number in its band; unknown where nobody said."""
    if count is None:
        return "unknown"
    found = next((band for most, band in _BANDS if 0 < count <= most), None)
    return found or (COUNT_BANDS[0] if count <= 0 else "50 or more")
