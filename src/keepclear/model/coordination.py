"""States and extents as operators' services coordinate them, under the names of F3548-21.

Source: ASTM F3548-21, interface UTM API 1.0.0: OperationalIntentState, UssAvailabilityState.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from keepclear.model.volume import Footprint


class IntentState(StrEnum):
    """What an operational intent is at a discovery service; ended is no state, but absence."""

    ACCEPTED = "Accepted"
    """Created and shared, not yet in use."""
    ACTIVATED = "Activated"
    """In use."""
    NONCONFORMING = "Nonconforming"
    """Its aircraft is outside its volumes and expected back."""
    CONTINGENT = "Contingent"
    """Its aircraft is not expected to conform again; it can only end."""

    @property
    def is_nominal(self) -> bool:
        """Tell whether the state binds its owner to know what else is there."""
        return self in (IntentState.ACCEPTED, IntentState.ACTIVATED)


class UssState(StrEnum):
    """What an arbiter has said of an operator's service; read in any case of letters."""

    UNKNOWN = "Unknown"
    """Nobody said anything; it may do all that a normal one may."""
    NORMAL = "Normal"
    DOWN = "Down"
    """It does not respond: its accepted intents bind nobody, its others bind everybody."""

    @classmethod
    def _missing_(cls, value: object) -> UssState | None:
        if isinstance(value, str):
            return next((each for each in cls if each.value.lower() == value.lower()), None)
        return None


class Area(NamedTuple):
    """Where and when something is looked for; what is None is open.

    Attributes:
        footprint: the area on the ground; None where it is everywhere.
        low_m: least height above the WGS84 ellipsoid.
        high_m: greatest height above the WGS84 ellipsoid.
        start: its first moment, UTC.
        end: its last moment, UTC.
    """

    footprint: Footprint | None
    low_m: float | None
    high_m: float | None
    start: datetime | None
    end: datetime | None
