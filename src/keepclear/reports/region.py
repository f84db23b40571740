"""Which part of the earth a check is about."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from keepclear.model.answer import OperationRef
from keepclear.model.volume import Position
from keepclear.reports.local import (
    FloatArray,
    Projection,
    Region,
    middle_of,
    outline,
    table,
    thinned,
)
from keepclear.reports.place import EARTH_RADIUS_M
from keepclear.reports.subject import CheckSubject, Shelf, shelf_of

LEAST_REACH_M = 10_000.0
MOST_REACH_M = 0.5 * math.pi * EARTH_RADIUS_M
_MARGIN = 1.12
_MOST_SHAPES = 4_000


def region_of(subject: CheckSubject) -> Region:
    """The region a map of the check opens on.

    It holds the operations that were checked, their counterparts in conflicts, and where
    they infringe; the agreement's area where nothing was checked.
    """
    lines = list(_shapes(subject))
    if not lines:
        lines = list(outline(subject.agreement.area))
    positions = np.concatenate(lines)
    middle = middle_of(positions)
    # Twice, because the mean of crowded points is not the middle of their extent.
    flat = Projection(middle).flat(positions)
    half = (flat.min(axis=0) + flat.max(axis=0)) / 2.0
    lat, lon = (float(value) for value in Projection(middle).positions(half[None, :])[0])
    centre = Position(lat, lon)
    reach = np.abs(Projection(centre).flat(positions)).max(axis=0) * _MARGIN
    east_m, north_m = (min(max(float(value), LEAST_REACH_M), MOST_REACH_M) for value in reach)
    return Region(centre, east_m, north_m)


def _shapes(subject: CheckSubject) -> Iterator[FloatArray]:
    shelf = shelf_of(subject)
    seen: set[str] = set()
    left = _MOST_SHAPES
    for answer in subject.report.answers:
        refs = (answer.operation, *(conflict.theirs for conflict in answer.conflicts))
        for ref in refs:
            if ref.id not in seen and left > 0:
                seen.add(ref.id)
                lines = _operation_lines(shelf, ref)
                left -= len(lines)
                yield from lines
        places = [conflict.our_closest for conflict in answer.conflicts]
        places += [infringement.place for infringement in answer.infringements]
        if places:
            yield table(places)


def _operation_lines(shelf: Shelf, ref: OperationRef) -> list[FloatArray]:
    operation = shelf.find(ref)
    if operation is None:
        return []
    return [thinned(outline(volume.footprint)[0], 0.02) for volume in operation.volumes]
