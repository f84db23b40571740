"""Who comes inside our widened buffers while a line is not to be relied on."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Annotated

from msgspec import Meta

from keepclear import errors
from keepclear.api.answer_record import OperationRefRecord, SpanRecord, Told
from keepclear.api.endpoint import Call, Endpoint, NoQuery, Returned
from keepclear.api.replies import Reply
from keepclear.formats.times import iso_text
from keepclear.model.line_state import LineState
from keepclear.model.window import Window
from keepclear.services.line.cautioning import Caution, cautions_for


class CautionRecord(Told, frozen=True, kw_only=True):
    """One operation of theirs inside a widened buffer of ours: never a conflict."""

    id: Annotated[str, Meta(description="At this node alone; the other side does not know it")]
    party: str
    line: str
    state: Annotated[LineState, Meta(description="Of the line, and why buffers are wider")]
    factor: Annotated[float, Meta(description="How many times as wide")]
    theirs: OperationRefRecord
    rule_id: str
    span: SpanRecord
    lateral_m: Annotated[int, Meta(description="Between footprints, rounded down")]
    lateral_minimum_m: Annotated[int, Meta(description="The widened minimum, rounded up")]
    vertical_m: Annotated[int | None, Meta(description="The least that fits; null: not known")]
    vertical_minimum_m: int
    time_s: Annotated[int, Meta(description="Between windows; below 0 where they overlap")]
    time_minimum_s: int
    reason: str


class WideningRecord(Told, frozen=True, kw_only=True):
    """By how much our buffers grow towards a party."""

    party: str
    factor: float


class CautionsReply(Told, frozen=True, kw_only=True):
    """What our widened buffers hold for one operation."""

    operation: str
    widened: Annotated[
        tuple[WideningRecord, ...], Meta(description="Empty while every line can be relied on")
    ]
    total: int
    items: Annotated[tuple[CautionRecord, ...], Meta(description="By time; 50 at most")]


def _get(call: Call[NoQuery]) -> Reply:
    operation_id = call.path["operation_id"]
    found = cautions_for(call.node, operation_id)
    return Reply(
        CautionsReply(
            operation=operation_id,
            widened=tuple(WideningRecord(party=p, factor=factor) for p, factor in found.factors),
            total=found.total,
            items=tuple(_record(each) for each in found.told),
        )
    )


def _record(caution: Caution) -> CautionRecord:
    apart, theirs = caution.separations, caution.theirs
    return CautionRecord(
        id=caution.id,
        party=caution.party,
        line=caution.line,
        state=caution.state,
        factor=caution.factor,
        theirs=OperationRefRecord(
            id=theirs.id,
            designator=theirs.designator,
            party=theirs.party,
            version=theirs.version,
            operation_class=theirs.operation_class,
        ),
        rule_id=caution.rule_id,
        span=_span(caution.span),
        lateral_m=math.floor(apart.lateral_m),
        lateral_minimum_m=math.ceil(apart.lateral_minimum_m),
        vertical_m=_down(apart.vertical_low_m),
        vertical_minimum_m=math.ceil(apart.vertical_minimum_m),
        time_s=math.floor(apart.time_s),
        time_minimum_s=math.ceil(apart.time_minimum_s),
        reason=caution.reason,
    )


def _down(value: float) -> int | None:
    return math.floor(value) if math.isfinite(value) else None


def _span(span: Window) -> SpanRecord:
    """Whole seconds, outwards."""
    end = span.end + timedelta(microseconds=999_999)
    whole = (each.replace(microsecond=0) for each in (span.start, end))
    start_text, end_text = (iso_text(each) for each in whole)
    return SpanRecord(start=start_text, end=end_text)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/operations/{operation_id}/cautions",
        summary="Who comes inside our widened buffers while a line is not to be relied on",
        description="Local cautions, never conflicts: they are kept nowhere and told to nobody.",
        handler=_get,
        returns=(Returned(200, "The cautions", CautionsReply),),
        errors=(errors.NotFound,),
    ),
)
