"""Which operators' services an arbiter holds to be down, as the F3548 interface writes it.

Source: ASTM F3548-21, interface UTM API 1.0.0: UssAvailabilityStatus to
    UssAvailabilityStatusResponse.
"""

from __future__ import annotations

from typing import TypeAlias

from keepclear.formats.f3548.record import Record
from keepclear.model.coordination import UssState

UssAvailabilityState: TypeAlias = UssState
"""Read in any case of letters (the field's arbiters write it small), written as it stands."""


class UssAvailabilityStatus(Record, frozen=True, kw_only=True):
    """What is held of one service, by the `sub` of its tokens."""

    uss: str
    availability: UssAvailabilityState


class SetUssAvailabilityStatusParameters(Record, frozen=True, kw_only=True):
    """What an arbiter says, and of which version.

    The interface requires `old_version` and gives it a default as well; the field's clients
    leave it out where nothing was said before.
    """

    old_version: str = ""
    availability: UssAvailabilityState


class UssAvailabilityStatusResponse(Record, frozen=True, kw_only=True):
    """What is held of one service now."""

    version: str
    status: UssAvailabilityStatus
