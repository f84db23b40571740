"""What every record of the F3548 interface has in common.

Names of records and fields are those of the interface. A field that may be left out is UNSET
where it was, so that an absent key stays absent; fields that nobody declared are ignored.

Source: ASTM F3548-21, interface UTM API 1.0.0, introduction: "fields specified in a message
    but not declared in the API must be ignored", "whenever an object-type field may be
    omitted, it may also be set to null for the same effect".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import force_setattr

T = TypeVar("T")

if TYPE_CHECKING:
    Maybe: TypeAlias = T | UnsetType
else:
    Maybe = T | None | UnsetType
"""An object that may be left out or null: both are read as UNSET, so None is never seen."""

UUIDv4Format: TypeAlias = Annotated[
    str,
    Meta(
        pattern=(
            "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"
        ),
        max_length=36,
    ),
]
EntityID: TypeAlias = UUIDv4Format
SubscriptionID: TypeAlias = UUIDv4Format
EntityOVN: TypeAlias = Annotated[str, Meta(min_length=16, max_length=128)]
Key: TypeAlias = tuple[EntityOVN, ...]
UssBaseURL: TypeAlias = str
SubscriptionUssBaseURL: TypeAlias = UssBaseURL
OperationalIntentUssBaseURL: TypeAlias = UssBaseURL
ConstraintUssBaseURL: TypeAlias = UssBaseURL
Int32: TypeAlias = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Priority: TypeAlias = int
SubscriptionNotificationIndex: TypeAlias = Annotated[int, Meta(ge=0, le=2**31 - 1)]
TextShortType: TypeAlias = Annotated[str, Meta(max_length=200)]


class Record(Struct, frozen=True, kw_only=True):
    """A record of the interface."""


class NullableRecord(Record, frozen=True, kw_only=True):
    """A record with objects that may be null, which is read as if they were left out."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            if getattr(self, name) is None:
                force_setattr(self, name, UNSET)


class ErrorResponse(Record, frozen=True, kw_only=True):
    """Why a request was refused, for a person."""

    message: str | UnsetType = UNSET
