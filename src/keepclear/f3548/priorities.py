"""Who yields: may a service plan, change or activate an intent that meets another one.

Decided pair by pair, after the exact intersection is known. The higher priority may always
overlap, the lower never; between equals the regulator says. What is in the air already may
change although it meets what it met before.

Of a service that is down, what is only planned and cannot be learnt ranks lowest, and what is in
use ranks highest. Planned intents whose details are held keep the priority they have: the
standard lowers only what nobody answers for.

Source: ASTM F3548-21, requirements SCD0005 and SCD0010 (services that are down and give no
    details), SCD0015 to SCD0030 (higher priority), SCD0035 to SCD0050 (equal priority that may
    not meet), SCD0055 to SCD0070 (equal priority that may), interface UTM API 1.0.0, Priority.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from keepclear.model.coordination import IntentState, UssState


class Step(Enum):
    """What a service is about to do with an own intent."""

    PLAN = "plan"
    MODIFY = "modify"
    ACTIVATE = "activate"
    MODIFY_ACTIVATED = "modify in use"


class Rank(Enum):
    """Where another intent stands against the own one."""

    LOWER = "lower"
    EQUAL = "equal"
    HIGHER = "higher"


class Met(NamedTuple):
    """Another intent that the own one meets.

    Attributes:
        priority: of its details; zero where they say none.
        state: of it.
        availability: what is held of its manager.
        met_before: whether the own intent, as it stands, meets it already.
        is_known: whether its details are held, in the version that the discovery service has.
    """

    priority: int
    state: IntentState
    availability: UssState
    met_before: bool = False
    is_known: bool = True


class Ruling(NamedTuple):
    """Whether a pair stands in the way.

    Attributes:
        allowed: whether the step may be taken as far as this pair goes.
        requirement: which requirement speaks of the pair; empty where none does.
        reason: for a person.
    """

    allowed: bool
    requirement: str
    reason: str


_HIGHER = {
    Step.PLAN: "SCD0015",
    Step.MODIFY: "SCD0020",
    Step.ACTIVATE: "SCD0025",
    Step.MODIFY_ACTIVATED: "SCD0030",
}
_EQUAL = {
    Step.PLAN: "SCD0035",
    Step.MODIFY: "SCD0040",
    Step.ACTIVATE: "SCD0045",
    Step.MODIFY_ACTIVATED: "SCD0050",
}
_EQUAL_MAY_MEET = {
    Step.PLAN: "SCD0055",
    Step.MODIFY: "SCD0060",
    Step.ACTIVATE: "SCD0065",
    Step.MODIFY_ACTIVATED: "SCD0070",
}


def step_of(before: IntentState | None, after: IntentState) -> Step | None:
    """What bringing an intent from one state into another is.

    Returns:
        None for an off-nominal state: it is told, not asked.
    """
    if not after.is_nominal:
        return None
    if after is IntentState.ACCEPTED:
        return Step.PLAN if before is None else Step.MODIFY
    if before in (IntentState.ACTIVATED, IntentState.NONCONFORMING):
        return Step.MODIFY_ACTIVATED
    return Step.ACTIVATE


def rank_of(priority: int, met: Met) -> Rank:
    """Where another intent stands; that of a service that is down, by its state first."""
    if met.availability is UssState.DOWN:
        if met.state is not IntentState.ACCEPTED:
            return Rank.HIGHER
        if not met.is_known:
            return Rank.LOWER
    if met.priority == priority:
        return Rank.EQUAL
    return Rank.HIGHER if met.priority > priority else Rank.LOWER


def ruling(priority: int, step: Step | None, met: Met, *, equals_may_meet: bool = False) -> Ruling:
    """Whether an own intent may meet another one.

    Args:
        priority: of the own intent.
        step: from `step_of`.
        met: the other one.
        equals_may_meet: what the regulator says of equal priorities.
    """
    if step is None:
        return Ruling(True, "", "the intent is off-nominal: it is declared as flown")
    rank = rank_of(priority, met)
    if rank is Rank.LOWER:
        return _lower(met)
    if rank is Rank.EQUAL and equals_may_meet:
        return Ruling(True, _EQUAL_MAY_MEET[step], "its priority is equal, and equals may meet")
    requirement = (_HIGHER if rank is Rank.HIGHER else _EQUAL)[step]
    if step is Step.MODIFY_ACTIVATED and met.met_before and met.state is not IntentState.ACCEPTED:
        return Ruling(True, requirement, "both are in use and met before the change")
    if met.availability is UssState.DOWN and met.state is not IntentState.ACCEPTED:
        return Ruling(False, "SCD0010", "its service is down and it is in use")
    return Ruling(False, requirement, f"its priority is {rank.value}")


def _lower(met: Met) -> Ruling:
    if met.availability is UssState.DOWN and not met.is_known:
        return Ruling(True, "SCD0005", "its service is down and it is only Accepted")
    return Ruling(True, "", "its priority is lower")
