"""Read a flight plan of an automated test: which intent it asks for.

Source: InterUSS automated testing interface, flight_planning v1 (0.7.0): UsageState,
    FunctionalState, AltitudeReference.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec
from msgspec import UNSET

from keepclear.errors import InvalidInput
from keepclear.formats.f3548 import (
    Altitude,
    FlightPlan,
    FlightPlanAltitude,
    FlightPlanVolume4D,
    FunctionalState,
    UsageState,
    Volume3D,
    Volume4D,
)
from keepclear.formats.f3548.record import Maybe
from keepclear.model.coordination import IntentState
from keepclear.services.uss.uss import Uss

_INTENT_OF = {
    (UsageState.PLANNED, FunctionalState.NOMINAL): IntentState.ACCEPTED,
    (UsageState.IN_USE, FunctionalState.NOMINAL): IntentState.ACTIVATED,
    (UsageState.IN_USE, FunctionalState.OFF_NOMINAL): IntentState.NONCONFORMING,
    (UsageState.IN_USE, FunctionalState.CONTINGENT): IntentState.CONTINGENT,
}


class NotSupportedHereError(InvalidInput):
    """The plan asks for something this USS does not do."""


class FlightRead(NamedTuple):
    """A flight plan, read.

    Attributes:
        state: which it asks for.
        area: where, in heights above the ellipsoid.
        priority: as the regulator has it.
        as_planned: the plan with those heights; UNSET where it stands as it came.
    """

    state: IntentState
    area: tuple[Volume4D, ...]
    priority: int
    as_planned: Maybe[FlightPlan]


def read_plan(uss: Uss, plan_: FlightPlan) -> FlightRead:
    """Read a flight plan.

    Raises:
        NotSupportedHereError: it asks for what this USS does not do.
        InvalidInput: it cannot be.
    """
    about = plan_.basic_information
    usage, behaviour = about.usage_state, about.uas_state or FunctionalState.NOMINAL
    if behaviour is FunctionalState.NOT_SPECIFIED:
        behaviour = FunctionalState.NOMINAL
    state = _INTENT_OF.get((usage, behaviour))
    if state is None:
        raise InvalidInput(f"a flight that is {usage} cannot be {behaviour}")
    if not state.is_nominal and not uss.settings.monitors:
        raise NotSupportedHereError(f"this USS may not declare intents {state}")
    given = tuple(about.area or ())
    if not given:
        raise InvalidInput("the flight plan has no area")
    said = plan_.astm_f3548_21
    area = tuple(volume_in(uss, each) for each in given)
    return FlightRead(
        state, area, (said.priority or 0) if said else 0, _as_planned(plan_, given, area)
    )


def _as_planned(
    plan_: FlightPlan, given: tuple[FlightPlanVolume4D, ...], area: tuple[Volume4D, ...]
) -> Maybe[FlightPlan]:
    """The plan with heights above the ellipsoid; UNSET where it had no other."""
    heights = (
        height
        for each in given
        for height in (each.volume.altitude_lower, each.volume.altitude_upper)
    )
    if all(not height or height.reference == "W84" for height in heights):
        return UNSET
    volumes = tuple(_written(one, other) for one, other in zip(given, area, strict=True))
    about = msgspec.structs.replace(plan_.basic_information, area=volumes)
    return msgspec.structs.replace(plan_, basic_information=about)


def _written(given: FlightPlanVolume4D, volume: Volume4D) -> FlightPlanVolume4D:
    lower, upper = volume.volume.altitude_lower, volume.volume.altitude_upper
    heights = msgspec.structs.replace(
        given.volume,
        altitude_lower=FlightPlanAltitude(value=lower.value, reference="W84") if lower else UNSET,
        altitude_upper=FlightPlanAltitude(value=upper.value, reference="W84") if upper else UNSET,
    )
    return msgspec.structs.replace(given, volume=heights)


def volume_in(uss: Uss, given: FlightPlanVolume4D) -> Volume4D:
    """A volume in heights above the ellipsoid.

    Raises:
        NotSupportedHereError: it counts from the ground, and nothing is known of that.
    """
    volume = given.volume
    return Volume4D(
        volume=Volume3D(
            outline_circle=volume.outline_circle,
            outline_polygon=volume.outline_polygon,
            altitude_lower=_height(uss, volume.altitude_lower),
            altitude_upper=_height(uss, volume.altitude_upper),
        ),
        time_start=given.time_start,
        time_end=given.time_end,
    )


def _height(uss: Uss, given: Maybe[FlightPlanAltitude]) -> Maybe[Altitude]:
    if not given:
        return UNSET
    value_m = given.value
    if given.reference != "W84":
        if uss.settings.ground_m is None:
            raise NotSupportedHereError(
                f"heights that count from {given.reference} are not supported: nothing is known "
                "of the ground (f3548.ground_m)"
            )
        value_m += uss.settings.ground_m
    return Altitude(value=value_m, reference="W84", units="M")
