"""What a handover sheet says: everything open at one moment, section by section.

A section shows so many and says how many there are. Nothing on the sheet is a permission.
"""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from msgspec import Meta, Struct

from keepclear.formats.documents.fields import Moment
from keepclear.model.operation import Mode

Item = TypeVar("Item")


class Section(Struct, Generic[Item], frozen=True, kw_only=True):
    """One section: how many there are, and those that are shown."""

    total: int
    items: tuple[Item, ...]


class OpenMessage(Struct, frozen=True, kw_only=True):
    """A message whose life is not over."""

    id: str
    code: str
    line: str
    is_ours: bool
    precedence: str
    state: str
    at: Moment
    due: Annotated[Moment | None, Meta(description="When its next clock runs out")]
    text: Annotated[str, Meta(description="What it is, and who it goes from and to")]


class RunningClock(Struct, frozen=True, kw_only=True):
    """A stored deadline."""

    subject: str
    id: str
    kind: str
    due: Moment
    is_overdue: bool


class ActiveOperation(Struct, frozen=True, kw_only=True):
    """An operation that is in the air or on the road now, as far as the node knows."""

    id: str
    party: str
    designator: str
    operation_class: str
    state: str
    start: Moment
    end: Moment


class LineAtHandover(Struct, frozen=True, kw_only=True):
    """A line at a glance."""

    id: str
    state: str
    since: Moment
    reasons: tuple[str, ...]
    last_check_at: Moment | None
    next_check_at: Moment | None
    unacknowledged_in: int
    unacknowledged_out: int
    waiting: int


class LastWords(Struct, frozen=True, kw_only=True):
    """What the other side said last on a line, and by which means."""

    line: str
    party: str
    at: Moment
    by: Annotated[str, Meta(description="`message` or `call`")]
    id: str
    text: str


class StandingAlarm(Struct, frozen=True, kw_only=True):
    """Something that waits for a person."""

    id: str
    level: str
    what: str
    line: str
    since: Moment
    due: Moment | None
    text: str


class HeldBack(Struct, frozen=True, kw_only=True):
    """Something that came over a line and was not taken."""

    id: str
    source: str
    reason: str
    detail: str
    at: Moment
    asks_for_somebody: bool


class DueTalk(Struct, frozen=True, kw_only=True):
    """A series of talks whose next session is due within a day, or overdue."""

    id: str
    line: str
    title: str
    why: str
    at: Moment | None


class RunningCall(Struct, frozen=True, kw_only=True):
    """A call that has not ended."""

    id: str
    line: str
    started_at: Moment


class ShiftNote(Struct, frozen=True, kw_only=True):
    """A note of the shift that ends."""

    id: str
    at: Moment
    actor: str
    role: str
    line: str
    text: str


class SheetDocument(Struct, frozen=True, kw_only=True):
    """Everything that the next watch takes over, at one moment."""

    party: str
    mode: Mode
    at: Moment
    since: Annotated[Moment | None, Meta(description="Since when the shift lasts")]
    on_watch: Annotated[tuple[str, ...], Meta(description="The roles on duty")]
    remark: Annotated[str, Meta(description="What this shift was told at its start")]
    messages: Section[OpenMessage]
    clocks: Section[RunningClock]
    operations: Section[ActiveOperation]
    lines: Section[LineAtHandover]
    last_words: Section[LastWords]
    calls: Section[RunningCall]
    alarms: Section[StandingAlarm]
    quarantine: Section[HeldBack]
    consultations: Section[DueTalk]
    notes: Section[ShiftNote]
