"""Which volumes of two intents meet: exactly, to a centimetre, above the WGS84 ellipsoid.

Source: ASTM F3548-21 asks for conflicts of volumes themselves: zero separation; the
    intersection is the one of `deconflict.pairs`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from keepclear.deconflict.index import LiveIndex
from keepclear.deconflict.packing import PackedVolumes, pack_volumes
from keepclear.deconflict.pairs import Minima
from keepclear.errors import InvalidAltitude
from keepclear.geometry.geodesy import FloatArray
from keepclear.model.agreement import Atmosphere
from keepclear.model.altitude import AltitudeReference
from keepclear.model.operation import Uncertainty
from keepclear.model.volume import Volume

_TOUCHING = Minima(0.0, 0.0, 0.0)


class Meeting(NamedTuple):
    """Two volumes that meet, by their places in the sequences given."""

    mine: int
    theirs: int


def intersecting(mine: Sequence[Volume], theirs: Sequence[Volume]) -> tuple[Meeting, ...]:
    """The pairs of volumes with a place, height and moment in common; touching counts.

    Returns:
        In the order of mine, then of theirs; nothing where no two meet.

    Raises:
        InvalidAltitude: a height does not count from the ellipsoid.
    """
    if not mine or not theirs:
        return ()
    ours, others = _packed(mine), _packed(theirs)
    index = LiveIndex()
    index.add(others, len(theirs))
    pairs = index.snapshot().pairs_meeting(ours, 0, len(mine), _TOUCHING)
    if pairs is None:
        return ()
    rows = pairs.theirs.facts["operation"][pairs.which].tolist()
    found = zip(pairs.ours.tolist(), rows, strict=True)
    return tuple(Meeting(*each) for each in sorted(set(found)))


def _packed(volumes: Sequence[Volume]) -> PackedVolumes:
    for volume in volumes:
        for height in (volume.band.lower, volume.band.upper):
            if height.reference is not AltitudeReference.HAE:
                raise InvalidAltitude(
                    f"an intent's height counts from {height.reference}, not the ellipsoid",
                    remedy="Convert its heights to HAE, wide enough to hold what is meant.",
                )
    return pack_volumes(
        volumes,
        [volume.window for volume in volumes],
        [Uncertainty()] * len(volumes),
        range(len(volumes)),
        geoid=_no_geoid,
        atmosphere=Atmosphere(),
    )


def _no_geoid(latitude_deg: FloatArray, longitude_deg: FloatArray) -> FloatArray:
    """Heights above the ellipsoid need no geoid."""
    return np.zeros(np.broadcast(latitude_deg, longitude_deg).shape)
