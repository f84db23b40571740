"""A zone with a restriction for unmanned aircraft, as the F3548 interface writes it.

Source: ASTM F3548-21, interface UTM API 1.0.0: GeoZone to TextShortType; EUROCAE ED-269.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from msgspec import UNSET, Meta, UnsetType

from keepclear.formats.f3548.record import Maybe, NullableRecord, Record, TextShortType

CodeZoneType: TypeAlias = Literal[
    "COMMON", "CUSTOMIZED", "PROHIBITED", "REQ_AUTHORISATION", "CONDITIONAL", "NO_RESTRICTION"
]
CodeZoneReasonType: TypeAlias = Literal[
    "AIR_TRAFFIC",
    "SENSITIVE",
    "PRIVACY",
    "POPULATION",
    "NATURE",
    "NOISE",
    "FOREIGN_TERRITORY",
    "EMERGENCY",
    "OTHER",
]
CodeAuthorityRole: TypeAlias = Literal["AUTHORIZATION", "NOTIFICATION", "INFORMATION"]
CodeYesNoType: TypeAlias = Literal["YES", "NO"]
ConditionExpressionType: TypeAlias = Annotated[str, Meta(max_length=10_000)]


class Authority(Record, frozen=True, kw_only=True):
    """Who authorises flights in a zone, is told of them, or informs about it."""

    name: TextShortType | UnsetType = UNSET
    service: TextShortType | UnsetType = UNSET
    contact_name: TextShortType | UnsetType = UNSET
    site_url: TextShortType | UnsetType = UNSET
    email: TextShortType | UnsetType = UNSET
    phone: TextShortType | UnsetType = UNSET
    purpose: CodeAuthorityRole | UnsetType = UNSET
    interval_before: str | UnsetType = UNSET


class GeoZone(NullableRecord, frozen=True, kw_only=True):
    """The zone that a constraint stands for."""

    identifier: Annotated[str, Meta(max_length=7)]
    country: Annotated[str, Meta(min_length=3, max_length=3)]
    zone_authority: Annotated[tuple[Authority, ...], Meta(min_length=1)]
    name: TextShortType | UnsetType = UNSET
    type: CodeZoneType
    restriction: str
    restriction_conditions: tuple[ConditionExpressionType, ...] | UnsetType = UNSET
    region: Annotated[int, Meta(ge=0, le=65_535)] | UnsetType = UNSET
    reason: Annotated[tuple[CodeZoneReasonType, ...], Meta(max_length=9)] | UnsetType = UNSET
    other_reason_info: Annotated[str, Meta(max_length=30)] | UnsetType = UNSET
    regulation_exemption: CodeYesNoType | UnsetType = UNSET
    u_space_class: Annotated[str, Meta(max_length=100)] | UnsetType = UNSET
    message: TextShortType | UnsetType = UNSET
    additional_properties: Maybe[dict[str, Any]] = UNSET
