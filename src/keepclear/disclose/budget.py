"""How many questions a party may still ask: a bucket that fills again, as data.

Source: domain study of keepclear, 5e (query budget). A token bucket: it starts full, every
question takes out what it costs, and it fills evenly, a whole bucket in one window.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from keepclear.model.agreement import DisclosureLimits

VOLUMES_AT_ONCE = 20
"""An operation of more volumes counts as several questions."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What one asking party has left.

    Attributes:
        left: questions it had left then; parts of one count.
        at: when that was.
    """

    left: float
    at: datetime


def full(limits: DisclosureLimits, now: datetime) -> Budget:
    """The budget of a party that never asked."""
    return Budget(float(limits.questions), now)


def refilled(budget: Budget, limits: DisclosureLimits, now: datetime) -> Budget:
    """The budget as it is now; a clock that stepped back gives nothing and takes nothing."""
    passed_s = max(0.0, (now - budget.at).total_seconds())
    gained = passed_s * limits.questions / limits.window_s
    return Budget(min(float(limits.questions), budget.left + gained), max(now, budget.at))


def charged(
    budget: Budget, limits: DisclosureLimits, now: datetime, *, cost: float = 1.0
) -> tuple[Budget, bool]:
    """Take out what a question costs.

    Returns:
        The budget from now on, and whether there was enough. Where there was not, nothing is
        taken out: who waits may ask again.
    """
    current = refilled(budget, limits, now)
    if current.left < cost:
        return current, False
    return Budget(current.left - cost, current.at), True


def cost_of(limits: DisclosureLimits, volumes: int, *, suggests: bool) -> float:
    """What a question costs: one for so many volumes, and more where amounts are suggested."""
    parts = math.ceil(volumes / VOLUMES_AT_ONCE)
    return float(max(1, parts) + (limits.suggestion_cost if suggests else 0))


def after_s(budget: Budget, limits: DisclosureLimits, *, cost: float = 1.0) -> float:
    """In how many seconds there is enough again; 0 where there is."""
    missing = max(0.0, cost - budget.left)
    return missing * limits.window_s / limits.questions
