"""The one place that knows the real clock, where identifiers come from and which data ships.

Commands take from here what the services ask for; nothing else in keepclear reads the
clock or draws an identifier, so every answer can be had again from the same input.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keepclear.ports import Clock, Entropy, Gazetteer, Geoid
    from keepclear.reports.basemap import Basemap


class SystemClock:
    """The clock of this machine; fits the `Clock` port."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)  # noqa: TID251  (the one place that reads the clock)


class SystemEntropy:
    """The randomness of this machine; fits the `Entropy` port."""

    def new_id(self) -> str:
        """A fresh UUID version 4."""
        return str(uuid.uuid4())  # noqa: TID251  (the one place that draws identifiers)


def clock() -> Clock:
    """The wall clock."""
    return SystemClock()


def entropy() -> Entropy:
    """Where identifiers come from."""
    return SystemEntropy()


def geoid() -> Geoid:
    """The EGM96 geoid that ships with keepclear.

    Raises:
        DataMissing: its file is not there.
    """
    from keepclear.data.loading import load_geoid

    return load_geoid()


def gazetteer() -> Gazetteer:
    """The places that ship with keepclear.

    Raises:
        DataMissing: their file is not there.
    """
    from keepclear.data.loading import load_gazetteer

    return load_gazetteer()


def basemap() -> Basemap:
    """The land, borders and places that ship with keepclear, for the map of a report.

    Raises:
        DataMissing: a file of them is not there.
    """
    from keepclear.data.loading import load_borders, load_gazetteer, load_land
    from keepclear.reports.basemap import Basemap

    everywhere = load_gazetteer().within(-90.0, -180.0, 90.0, 180.0)
    return Basemap(load_land(), load_borders(), everywhere)
