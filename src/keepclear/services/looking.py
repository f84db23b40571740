"""Look at one thing that a DSS names: ask its operator where it is, and how far from a place.

For a person who looks; what somebody plans by is learnt and verified elsewhere.
"""

from __future__ import annotations

from typing import NamedTuple

from keepclear.errors import InvalidInput, PeerTrouble
from keepclear.f3548.distances import nearest_m
from keepclear.formats.f3548 import (
    ConstraintDetails,
    ConstraintReference,
    OperationalIntentDetails,
    OperationalIntentReference,
    area_of,
)
from keepclear.model.volume import Position
from keepclear.ports.uss_peers import UssPeers


class Found(NamedTuple):
    """A thing that a DSS names.

    Attributes:
        reference: what the DSS says.
        details: what its operator says; None where nobody asked, or it does not tell.
        low_m, high_m: between which heights above the ellipsoid it is; None where not told.
        distance_m: from the place to the nearest of its volumes, zero inside; None where not told.
        trouble: why its operator did not tell; empty where it did, or nobody asked.
    """

    reference: OperationalIntentReference | ConstraintReference
    details: OperationalIntentDetails | ConstraintDetails | None = None
    low_m: float | None = None
    high_m: float | None = None
    distance_m: float | None = None
    trouble: str = ""


def look(
    reference: OperationalIntentReference | ConstraintReference, peers: UssPeers, place: Position
) -> Found:
    """Ask the operator of a reference for its details; that it does not tell is an answer."""
    try:
        return _measured(reference, _details(reference, peers), place)
    except (PeerTrouble, InvalidInput) as trouble:
        return Found(reference, trouble=trouble.message)


def _details(
    reference: OperationalIntentReference | ConstraintReference, peers: UssPeers
) -> OperationalIntentDetails | ConstraintDetails:
    if isinstance(reference, ConstraintReference):
        return peers.constraint(reference.uss_base_url, reference.id).details
    return peers.intent(reference.uss_base_url, reference.id).details


def _measured(
    reference: OperationalIntentReference | ConstraintReference,
    details: OperationalIntentDetails | ConstraintDetails,
    place: Position,
) -> Found:
    volumes = tuple(details.volumes or ())
    if isinstance(details, OperationalIntentDetails):
        volumes += tuple(details.off_nominal_volumes or ())
    areas = [area_of(each) for each in volumes]
    shapes = [each.footprint for each in areas if each.footprint is not None]
    lows = [each.low_m for each in areas if each.low_m is not None]
    highs = [each.high_m for each in areas if each.high_m is not None]
    return Found(
        reference,
        details,
        min(lows, default=None),
        max(highs, default=None),
        nearest_m(place, shapes) if shapes else None,
    )
