"""What is near an area, and how much of it a service looks at or answers with.

Nothing is left out silently: what is too much is refused, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence

from keepclear.errors import InvalidInput
from keepclear.f3548.extent import Extent, reach_m
from keepclear.ports.dss_store import DssView, StoredConstraint, StoredIntent
from keepclear.services.dss.discovery import DssLimits

WIDE_M = 100_000.0
"""What is not so wide holds no crowd but one that is really there."""


def intents_near(view: DssView, extent: Extent, limits: DssLimits) -> Sequence[StoredIntent]:
    """All intents whose extents meet one.

    Raises:
        InvalidInput: there are too many.
    """
    require_sparse(view, extent, limits)
    found = view.intents_meeting(extent, most=limits.most_results + 1)
    require_few(len(found), limits.most_results)
    return found


def constraints_near(
    view: DssView, extent: Extent, limits: DssLimits
) -> Sequence[StoredConstraint]:
    """All constraints whose extents meet one.

    Raises:
        InvalidInput: there are too many.
    """
    require_sparse(view, extent, limits)
    found = view.constraints_meeting(extent, most=limits.most_results + 1)
    require_few(len(found), limits.most_results)
    return found


def require_sparse(view: DssView, extent: Extent, limits: DssLimits) -> None:
    """See that a wide extent does not have the service look at everything there is.

    Volumes that lie far apart have one extent, with all between them in it.

    Raises:
        InvalidInput: too much is filed there; it would hold up everybody else.
    """
    if reach_m(extent) <= WIDE_M:
        return
    if view.crowd(extent, most=limits.most_near + 1) > limits.most_near:
        raise InvalidInput(
            f"the volumes reach {reach_m(extent) / 1_000:,.0f} km, past more than"
            f" {limits.most_near:,} things",
            remedy="Split what lies far apart: several operational intents, or questions.",
        )


def require_few(found: int, most: int) -> None:
    """See that an answer holds everything there is.

    Raises:
        InvalidInput: there is more than an answer may hold; nothing is left out silently.
    """
    if found > most:
        raise InvalidInput(
            f"more than {most:,} things are there",
            remedy="Narrow the area, the heights or the times, and ask in parts.",
        )
