"""The record of an operation's document: its fields, their types and what they mean."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType, field

from keepclear.formats.documents.fields import (
    LONGEST_TOLERANCE_S,
    Line,
    Moment,
    Name,
    Names,
    Text,
    Uuid,
    Whole,
    require_count,
    require_some,
    require_tolerance,
)
from keepclear.formats.documents.part import Part
from keepclear.formats.documents.shapes import VolumeDocument
from keepclear.model.operation import (
    EndReason,
    Mode,
    OperationCategory,
    OperationClass,
    OperationState,
    Precedence,
    Source,
    SourceKind,
    Uncertainty,
)

_ZERO_OR_MORE = {"minimum": 0}


class UncertaintyDocument(Part, frozen=True, kw_only=True, gc=False):
    """How far the truth may lie from what was declared, as the owner says."""

    lateral_m: Annotated[
        float, Meta(description="Horizontally, in metres.", extra_json_schema=_ZERO_OR_MORE)
    ] = 0.0
    vertical_m: Annotated[
        float, Meta(description="In height, in metres.", extra_json_schema=_ZERO_OR_MORE)
    ] = 0.0

    def built(self) -> Uncertainty:
        """The uncertainty."""
        return Uncertainty(self.lateral_m, self.vertical_m)


class SourceDocument(Part, frozen=True, kw_only=True, gc=False):
    """Where something came from."""

    kind: Annotated[SourceKind, Meta(description="By which way it came.")]
    name: Annotated[Text, Meta(description="The file, line or form, as a person knows it.")] = ""
    feature: Annotated[Text, Meta(description="Which part of it, such as `row 17`.")] = ""

    def built(self) -> Source:
        """The source."""
        return Source(self.kind, self.name, self.feature)


class OperationDocument(Part, frozen=True, kw_only=True, gc=False):
    """An intended flight or movement; designator, class and volumes are demanded."""

    id: Annotated[
        Uuid | UnsetType, Meta(description="A UUID; from outside it must be the one of the path.")
    ] = UNSET
    party: Annotated[
        Name | UnsetType, Meta(description="The owner's party id; the node's own by default.")
    ] = UNSET
    designator: Annotated[Name, Meta(description="The owner's own short name for it.")]
    operation_class: Annotated[
        OperationClass, Meta(description="What moves; rules differ by it.")
    ] = field(name="class")
    mode: Annotated[
        Mode | UnsetType, Meta(description="EXERCISE or REAL; another than the node's is refused.")
    ] = UNSET
    version: Annotated[
        Whole | UnsetType,
        Meta(description="1, and one more at every change; the node counts."),
    ] = UNSET
    ovn: Annotated[
        Line | UnsetType, Meta(description="Opaque version number; the node draws it.")
    ] = UNSET
    state: Annotated[
        OperationState | UnsetType, Meta(description="Where it is in its life; the node keeps it.")
    ] = UNSET
    end_reason: Annotated[
        EndReason | UnsetType,
        Meta(description="Why it ended; empty while it has not, or where nobody said."),
    ] = UNSET
    category: Annotated[OperationCategory, Meta(description="What it is for.")] = (
        OperationCategory.OTHER
    )
    level: Annotated[
        Literal["L0", "L1", "L2", "L3", "L4"],
        Meta(description="The most that other parties may learn of it."),
    ] = "L1"
    tolerance_s: Annotated[
        float,
        Meta(
            description="Seconds that widen every window at both ends.",
            extra={"rule": require_tolerance},
            extra_json_schema={"minimum": 0, "maximum": LONGEST_TOLERANCE_S},
        ),
    ] = 0.0
    uncertainty: Annotated[
        UncertaintyDocument, Meta(description="How far the truth may lie from the declaration.")
    ] = UncertaintyDocument()
    precedence: Annotated[
        Precedence, Meta(description="How soon a person must see its notice.")
    ] = Precedence.ROUTINE
    member: Annotated[
        Line, Meta(description="The member that flies it; empty for the party itself.")
    ] = ""
    contact: Annotated[
        Text,
        Meta(description="How to reach the aircraft or its controller; empty where not given."),
    ] = ""
    crossings: Annotated[
        Names, Meta(description="Ids of boundaries whose crossing is notified with it.")
    ] = ()
    entries: Annotated[
        Names, Meta(description="Ids of zones and airfields whose entry is notified with it.")
    ] = ()
    aircraft_count: Annotated[
        int | None,
        Meta(
            description="How many aircraft, from 1; null where not said.",
            extra={"rule": require_count},
            extra_json_schema={"minimum": 1},
        ),
    ] = None
    priority: Annotated[
        Whole,
        Meta(description="F3548's number, used at that edge only; no party outranks another."),
    ] = 0
    source: Annotated[
        SourceDocument | UnsetType, Meta(description="Where the node has it from; the node says.")
    ] = UNSET
    received_at: Annotated[
        Moment | UnsetType, Meta(description="When the node took it in; the node says.")
    ] = UNSET
    source_text: Annotated[
        Text, Meta(description="What it was read from, word for word; empty where not text.")
    ] = ""
    volumes: Annotated[
        tuple[VolumeDocument, ...],
        Meta(
            description="Where and when; at least one.",
            extra={"rule": require_some},
            extra_json_schema={"minItems": 1},
        ),
    ]
