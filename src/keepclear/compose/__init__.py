"""The one place that knows the real clock, the source of identifiers and what a node is made of.

Commands take from here what the services ask for; nothing else in keepclear reads the
clock or draws an identifier, so every answer can be had again from the same input.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keepclear.compose.machine import SystemEntropy
    from keepclear.ports.world import Clock, Gazetteer, Geoid
    from keepclear.reports.basemap import Basemap


def clock() -> Clock:
    """The wall clock."""
    from keepclear.compose.machine import SystemClock

    return SystemClock()


def entropy() -> SystemEntropy:
    """Where identifiers, salts, seeds and tokens come from."""
    from keepclear.compose.machine import SystemEntropy

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


def map_files(*, borders: bool) -> Mapping[str, bytes]:
    """The files under the console's map, made when the first is asked for.

    Args:
        borders: False leaves the borders out.

    Raises:
        DataMissing: when a file is asked for and its data are not there.
    """
    from keepclear.data.loading import load_borders, load_gazetteer, load_land
    from keepclear.web.map_data import MapFiles, map_data

    def made() -> Mapping[str, bytes]:
        places = load_gazetteer().within(-90.0, -180.0, 90.0, 180.0)
        return map_data(load_land(), load_borders() if borders else (), places)

    return MapFiles(made)
