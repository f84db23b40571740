"""What drives and asks a service under test: flight planning and versioning.

Only a node that was told to serves these. Heights may here count from the ground too, so
volumes have records of their own.

Source: InterUSS automated testing interfaces, flight_planning v1 (0.7.0) and versioning
    (0.1.2).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from keepclear.formats.f3548.geometry import Circle, Polygon, Time
from keepclear.formats.f3548.record import Maybe, NullableRecord, Record


class UsageState(StrEnum):
    """What the user does with a flight plan."""

    PLANNED = "Planned"
    IN_USE = "InUse"
    CLOSED = "Closed"


class FunctionalState(StrEnum):
    """How the user's aircraft behaves."""

    NOMINAL = "Nominal"
    OFF_NOMINAL = "OffNominal"
    CONTINGENT = "Contingent"
    NOT_SPECIFIED = "NotSpecified"


class ExecutionStyle(StrEnum):
    """Whether the user asks, wants or states."""

    HYPOTHETICAL = "Hypothetical"
    IF_ALLOWED = "IfAllowed"
    IN_REALITY = "InReality"


class PlanningActivityResult(StrEnum):
    """What came of it; a refusal is Rejected, Failed is a malfunction."""

    COMPLETED = "Completed"
    REJECTED = "Rejected"
    FAILED = "Failed"
    NOT_SUPPORTED = "NotSupported"


class FlightPlanStatus(StrEnum):
    """What the flight plan is afterwards."""

    NOT_PLANNED = "NotPlanned"
    PLANNED = "Planned"
    OK_TO_FLY = "OkToFly"
    OFF_NOMINAL = "OffNominal"
    CLOSED = "Closed"


class StatusResponse(Record, frozen=True, kw_only=True):
    """Whether the interface is ready."""

    status: Literal["Starting", "Ready"]
    api_name: str | UnsetType = UNSET
    api_version: str | UnsetType = UNSET


class FlightPlanAltitude(Record, frozen=True, kw_only=True):
    """A height above the ellipsoid, the ground or the place of takeoff."""

    value: Annotated[float, Meta(ge=-8_000.0, le=100_000.0)]
    reference: Literal["W84", "SFC", "Takeoff"]
    units: Literal["M"] = "M"


class FlightPlanVolume3D(NullableRecord, frozen=True, kw_only=True):
    """An outline, exactly one, between two heights."""

    outline_circle: Maybe[Circle] = UNSET
    outline_polygon: Maybe[Polygon] = UNSET
    altitude_lower: Maybe[FlightPlanAltitude] = UNSET
    altitude_upper: Maybe[FlightPlanAltitude] = UNSET


class FlightPlanVolume4D(NullableRecord, frozen=True, kw_only=True):
    """A volume during a window."""

    volume: FlightPlanVolume3D
    time_start: Maybe[Time] = UNSET
    time_end: Maybe[Time] = UNSET


class BasicFlightPlanInformation(NullableRecord, frozen=True, kw_only=True):
    """What the user means to do, where and when."""

    usage_state: UsageState
    uas_state: Maybe[FunctionalState] = UNSET
    area: Maybe[tuple[FlightPlanVolume4D, ...]] = UNSET
    description: Maybe[str] = UNSET
    utm_id: Maybe[str] = UNSET
    specific_session_id: Maybe[str] = UNSET


class ASTMF354821OpIntentInformation(NullableRecord, frozen=True, kw_only=True):
    """What a flight plan says for F3548 only."""

    priority: Maybe[int] = UNSET


class FlightPlan(NullableRecord, frozen=True, kw_only=True):
    """A flight plan; what this product makes nothing of is handed back as it came."""

    basic_information: BasicFlightPlanInformation
    uas: Maybe[dict[str, Any]] = UNSET
    operator: Maybe[dict[str, Any]] = UNSET
    telemetry: Maybe[dict[str, Any]] = UNSET
    astm_f3548_21: Maybe[ASTMF354821OpIntentInformation] = UNSET
    uspace_flight_authorisation: Maybe[dict[str, Any]] = UNSET
    rpas_operating_rules_2_6: Maybe[dict[str, Any]] = UNSET
    additional_information: Maybe[dict[str, Any]] = UNSET


class UpsertFlightPlanRequest(Record, frozen=True, kw_only=True):
    """A user plans, changes, flies or closes."""

    flight_plan: FlightPlan
    execution_style: ExecutionStyle
    request_id: str


class UpsertFlightPlanResponse(NullableRecord, frozen=True, kw_only=True):
    """What came of it."""

    planning_result: PlanningActivityResult
    notes: str | UnsetType = UNSET
    flight_plan_status: FlightPlanStatus
    as_planned: Maybe[FlightPlan] = UNSET
    includes_advisories: (
        Literal["Unknown", "AtLeastOneAdvisoryOrCondition", "NoAdvisoriesOrConditions"] | UnsetType
    ) = UNSET


class DeleteFlightPlanResponse(Record, frozen=True, kw_only=True):
    """What came of a cancellation."""

    planning_result: PlanningActivityResult
    notes: str | UnsetType = UNSET
    flight_plan_status: FlightPlanStatus
    includes_advisories: (
        Literal["Unknown", "AtLeastOneAdvisoryOrCondition", "NoAdvisoriesOrConditions"] | UnsetType
    ) = UNSET


class ClearAreaRequest(Record, frozen=True, kw_only=True):
    """Take every own flight plan out of an area."""

    request_id: str
    extent: FlightPlanVolume4D


class ClearAreaOutcome(Record, frozen=True, kw_only=True):
    """Whether all of them are gone."""

    success: bool
    message: str | UnsetType = UNSET


class ClearAreaResponse(Record, frozen=True, kw_only=True):
    """Whether all of them are gone."""

    outcome: ClearAreaOutcome


class UserNotification(Record, frozen=True, kw_only=True):
    """Something the user was told."""

    observed_at: Time
    message: str | UnsetType = UNSET
    conflicts: Literal["Unknown", "None", "Single", "Multiple"] | UnsetType = UNSET


class QueryUserNotificationsResponse(Record, frozen=True, kw_only=True):
    """What the user was told in a span of time."""

    user_notifications: tuple[UserNotification, ...]


class GetVersionResponse(Record, frozen=True, kw_only=True):
    """Which version of a system runs here."""

    system_identity: str | UnsetType = UNSET
    system_version: str | UnsetType = UNSET
