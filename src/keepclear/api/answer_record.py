"""The record of an answer: the fields that `reports.json_answer` writes, for the OpenAPI document.

docs/reference/check-json.md explains each; a test holds the record and the writer together.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, field

from keepclear.formats.documents.shapes import PositionDocument
from keepclear.model.answer import (
    AirspaceKind,
    DoubtKind,
    FindingKind,
    SuggestionKind,
    Verdict,
)
from keepclear.model.coverage import Completeness
from keepclear.model.operation import OperationClass

Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
"""ISO 8601 in UTC with a Z."""


class Told(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the node tells; every field is always there unless its type says otherwise."""


class OperationRefRecord(Told, frozen=True, kw_only=True):
    """Which operation, in which version."""

    id: Annotated[str, Meta(description="Its UUID")]
    designator: Annotated[str, Meta(description="Its owner's own name for it")]
    party: Annotated[str, Meta(description="Its owner")]
    version: Annotated[int, Meta(description="Which version of it")]
    operation_class: OperationClass = field(name="class")


class SpanRecord(Told, frozen=True, kw_only=True):
    """From a first to a last moment, rounded outwards to whole seconds."""

    start: Time
    end: Time


class SeparationsRecord(Told, frozen=True, kw_only=True):
    """How far apart, beside what the rule asks; one that is reached is enough."""

    lateral_m: Annotated[int | None, Meta(description="Between footprints; 0 where they meet")]
    lateral_minimum_m: Annotated[float | None, Meta(description="What the rule asks")]
    lateral_uncertainty_m: Annotated[int | None, Meta(description="How far it may be off")]
    vertical_low_m: Annotated[int | None, Meta(description="The least that fits; null: explained")]
    vertical_high_m: Annotated[int | None, Meta(description="The greatest; null: explained")]
    vertical_explanation: Annotated[str | None, Meta(description="Why a height is null")]
    vertical_minimum_m: Annotated[float | None, Meta(description="What the rule asks")]
    time_s: Annotated[int | None, Meta(description="Between windows; below 0 where they overlap")]
    time_minimum_s: Annotated[int | None, Meta(description="What the rule asks")]


class ConflictRecord(Told, frozen=True, kw_only=True):
    """Two operations closer than a rule allows, or not provably as far as it asks."""

    id: Annotated[str, Meta(description="The same on both sides of the line")]
    verdict: Verdict
    rule_id: Annotated[str, Meta(description="`meeting` where no rule binds and volumes meet")]
    reason: Annotated[str, Meta(description="One sentence for a person")]
    own: Annotated[bool, Meta(description="Whether both are of the same party")]
    ours: OperationRefRecord
    theirs: OperationRefRecord
    our_volume: Annotated[int, Meta(description="Index of our volume that comes closest")]
    their_volume: Annotated[int, Meta(description="Index of theirs")]
    volume_pairs: Annotated[int, Meta(description="How many pairs of volumes break the rule")]
    span: SpanRecord
    separations: SeparationsRecord
    our_closest: PositionDocument
    their_closest: PositionDocument


class InfringementRecord(Told, frozen=True, kw_only=True):
    """An operation in a zone, over a boundary or at an airfield against its rule."""

    verdict: Verdict
    airspace: AirspaceKind
    airspace_id: str
    airspace_name: str
    volume: Annotated[int, Meta(description="Index of the operation's volume")]
    span: SpanRecord
    place: PositionDocument
    reason: Annotated[str, Meta(description="One sentence for a person")]
    contact: Annotated[str, Meta(description="Whom to call; empty where none is agreed")]


class FindingRecord(Told, frozen=True, kw_only=True):
    """A notice too late, too big or too vague."""

    kind: FindingKind
    reason: str
    volume: Annotated[int | None, Meta(description="Index of the volume; null for the whole")]


class DoubtRecord(Told, frozen=True, kw_only=True):
    """Why an answer cannot be `no conflict found`."""

    kind: DoubtKind
    reason: str
    remedy: str
    party: Annotated[str, Meta(description="Whose set is doubted; empty where nobody's")]


class AmongRecord(Told, frozen=True, kw_only=True):
    """Among what an answer was found."""

    party: str
    notices: Annotated[int, Meta(description="How many notices were compared")]
    oldest_s: Annotated[int | None, Meta(description="Age of the oldest; null where none is")]
    as_of: Annotated[Time | None, Meta(description="When the set was drawn up")]
    age_s: Annotated[int | None, Meta(description="Age of that statement")]
    completeness: Completeness | None
    own: Annotated[bool, Meta(description="True for our own plans")]


class SuggestionRecord(Told, frozen=True, kw_only=True):
    """The least change of one kind after which no conflict is found."""

    kind: SuggestionKind
    found: Annotated[bool, Meta(description="False where nothing within the limits helps")]
    time_s: Annotated[int | None, Meta(description="Later by so much; earlier below 0")]
    vertical_m: Annotated[int | None, Meta(description="Higher by so much; lower below 0")]
    lateral_m: Annotated[int | None, Meta(description="Moved by so much")]
    bearing_deg: Annotated[float, Meta(description="In this direction, from north")]


class AnswerRecord(Told, frozen=True, kw_only=True):
    """Everything keepclear says of one operation. No answer is a permission."""

    operation: OperationRefRecord
    overall: Annotated[Verdict, Meta(description="With infringements counted in")]
    verdict: Annotated[Verdict, Meta(description="On other operations alone, doubts included")]
    conflicts: Annotated[tuple[ConflictRecord, ...], Meta(description="The worst, worst first")]
    conflicts_total: Annotated[
        int | UnsetType, Meta(description="How many there are, listed or not")
    ] = UNSET
    infringements: tuple[InfringementRecord, ...]
    findings: tuple[FindingRecord, ...]
    doubts: tuple[DoubtRecord, ...]
    among: tuple[AmongRecord, ...]
    suggestions: Annotated[tuple[SuggestionRecord, ...], Meta(description="Empty unless asked for")]
