"""The verdict algebra: three-valued, and on the side of saying less.

For one rule: separated laterally OR vertically OR in time, after Kleene, so that one
certain separation suffices and an unknown one never helps. Over rules and volumes the
heaviest verdict stands.

Source: design of keepclear, section 5 ("Verdicts"); Kleene, "Introduction to
Metamathematics", section 64 (strong three-valued logic).
"""

from __future__ import annotations

from collections.abc import Iterable

from keepclear.model.answer import Separations, Verdict

TOUCH_M = 0.01
"""Gaps up to a centimetre count as contact. Source: ASTM F3548-21, as its test suite has it."""


def kleene_or(values: Iterable[bool | None]) -> bool | None:
    """True if any is true, False if all are false, None (unknown) otherwise."""
    unknown = False
    for value in values:
        if value:
            return True
        unknown = unknown or value is None
    return None if unknown else False


def distance_separated(
    low_m: float, high_m: float, minimum_m: float, uncertainty_m: float = 0.0
) -> bool | None:
    """Tell whether a distance known as an interval keeps a minimum.

    Args:
        low_m, high_m: the interval; negative where shapes overlap.
        minimum_m: what is asked; zero asks only that there is no contact.
        uncertainty_m: widens the interval; declared contact stays contact.
    """
    least_m = low_m - uncertainty_m
    if least_m > TOUCH_M and least_m >= minimum_m - TOUCH_M:
        return True
    in_contact = high_m <= TOUCH_M
    too_close = minimum_m > 0.0 and high_m + uncertainty_m < minimum_m - TOUCH_M
    return False if in_contact or too_close else None


def time_separated(gap_s: float, minimum_s: float) -> bool:
    """Tell whether two windows keep a minimum; times are never unknown."""
    return gap_s > 0.0 and gap_s >= minimum_s


def pair_verdict(separations: Separations) -> Verdict:
    """The verdict on one pair of volumes under one rule."""
    s = separations
    separated = kleene_or(
        (
            time_separated(s.time_s, s.time_minimum_s),
            distance_separated(
                s.vertical_low_m, s.vertical_high_m, s.vertical_minimum_m, s.vertical_uncertainty_m
            ),
            distance_separated(
                s.lateral_m, s.lateral_m, s.lateral_minimum_m, s.lateral_uncertainty_m
            ),
        )
    )
    if separated is None:
        return Verdict.CANNOT_SAY
    return Verdict.NO_CONFLICT_FOUND if separated else Verdict.CONFLICT
