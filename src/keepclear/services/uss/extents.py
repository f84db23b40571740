"""An operation's volumes as F3548 writes them: outwards, in heights above the ellipsoid.

Source: ASTM F3548-21, interface UTM API 1.0.0, Altitude (W84 alone), Volume4D; requirement
    OPIN0010 (volumes contain the whole flight).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

from keepclear.errors import InvalidAltitude
from keepclear.f3548.outlines import outlined
from keepclear.formats.f3548 import Volume4D
from keepclear.model.altitude import HIGHEST_M, LOWEST_M, Altitude, AltitudeBand, AltitudeReference
from keepclear.model.operation import Operation
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Volume
from keepclear.services.node import Node

_HAE = AltitudeReference.HAE


class Extents(NamedTuple):
    """An operation's volumes as they are published.

    Attributes:
        volumes: each holds the whole volume, widened by what the owner said of it.
        losses: what is not as it was, for a person.
    """

    volumes: tuple[Volume4D, ...]
    losses: tuple[str, ...]


def extents_of(node: Node, operation: Operation) -> Extents:
    """An operation's volumes, widened by its tolerance and uncertainty.

    Raises:
        InvalidAltitude: a height of which nothing is known above the ellipsoid.
        InvalidInput: a shape that cannot be written.
    """
    facts = node.pack([operation]).facts
    volumes: list[Volume4D] = []
    losses: list[str] = []
    for number, volume in enumerate(operation.volumes):
        low_m = float(facts["lower_low_m"][number])
        high_m = float(facts["upper_high_m"][number])
        band, said = _band(volume, low_m, high_m, operation.uncertainty.vertical_m)
        footprint, more = _widened(volume.footprint, operation.uncertainty.lateral_m)
        window = operation.window_of(volume)
        done = outlined(replace(volume, footprint=footprint, band=band, window=window))
        volumes.append(done.extent)
        losses += (f"volume {number + 1}: {each}" for each in (*said, *more, *done.losses))
    return Extents(tuple(volumes), tuple(losses))


def _band(
    volume: Volume, low_m: float, high_m: float, uncertainty_m: float
) -> tuple[AltitudeBand, tuple[str, ...]]:
    lower, upper = volume.band.lower, volume.band.upper
    if lower.reference is _HAE and upper.reference is _HAE:
        low_m, high_m = lower.value_m, upper.value_m
        said: tuple[str, ...] = ()
    else:
        said = (f"{lower.reference} to {upper.reference} is written as heights above W84.",)
    if not math.isfinite(high_m) or high_m > HIGHEST_M:
        raise InvalidAltitude(
            f"nothing is known of how high {upper.value_m:.0f} m {upper.reference} is",
            remedy="Give the height as HAE or QNH, or with the height of the ground.",
        )
    low_m = max(low_m, LOWEST_M) if math.isfinite(low_m) else LOWEST_M
    return (
        AltitudeBand(
            Altitude(max(low_m - uncertainty_m, LOWEST_M), _HAE),
            Altitude(min(high_m + uncertainty_m, HIGHEST_M), _HAE),
        ),
        said,
    )


def _widened(footprint: Footprint, uncertainty_m: float) -> tuple[Footprint, tuple[str, ...]]:
    if uncertainty_m == 0.0:
        return footprint, ()
    match footprint:
        case Circle():
            return replace(footprint, radius_m=footprint.radius_m + uncertainty_m), ()
        case Corridor():
            return replace(footprint, half_width_m=footprint.half_width_m + uncertainty_m), ()
        case Polygon():
            return footprint, (f"its edge is uncertain by {uncertainty_m:.0f} m beyond it.",)
