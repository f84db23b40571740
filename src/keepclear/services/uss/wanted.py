"""What is asked for an intent, what came of it, and what stands against it by itself.

Source: ASTM F3548-21, OPIN0005 .. OPIN0035 and its constants (OiMaxPlanHorizon 30 days,
    OiMaxVertices 10,000); interface UTM API 1.0.0, OperationalIntentDetails.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from keepclear.f3548.details import MOST_INTENT_VERTICES
from keepclear.f3548.states import active_now, may_follow
from keepclear.formats.documents.published import PublishedIntent
from keepclear.formats.f3548 import (
    Volume4D,
)
from keepclear.formats.f3548.volumes import volume_of
from keepclear.model.coordination import IntentState
from keepclear.services.uss.uss import Uss

HORIZON = timedelta(days=30)
"""OiMaxPlanHorizon."""
_S = IntentState


class Result(StrEnum):
    """What came of it."""

    DONE = "done"
    REFUSED = "refused"
    """The rules, or what is there, stand against it."""
    FAILED = "failed"
    """The discovery service could not be dealt with."""


class Outcome(NamedTuple):
    """What came of it.

    Attributes:
        result: in one word.
        published: the intent as it stands now; None where there is none.
        why: what stood against it; empty where nothing did.
        conflicts: how many intents it meets and may meet.
    """

    result: Result
    published: PublishedIntent | None
    why: str = ""
    conflicts: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for one intent.

    Attributes:
        id: of the operation, and of the intent.
        designator: of the operation.
        operation_version: which version of the operation it speaks of.
        state: which state it is to have.
        volumes: where it is meant to be.
        off_nominal_volumes: where it may be while it does not conform.
        priority: as the regulator has it.
        actor: who asks; empty where the node follows an operation by itself.
        said_priority: the priority where a person said it; None where the operation says it.
        nonconforming_since: since when the flight is off its plan; None where it is not.
        because: the rule that asks for it, for its operator; empty where a person does.
    """

    id: str
    designator: str
    operation_version: int
    state: IntentState
    volumes: tuple[Volume4D, ...]
    off_nominal_volumes: tuple[Volume4D, ...] = ()
    priority: int = 0
    actor: str = ""
    said_priority: int | None = None
    nonconforming_since: datetime | None = None
    because: str = ""

    @property
    def extents(self) -> tuple[Volume4D, ...]:
        """Everywhere it may be."""
        return (*self.volumes, *self.off_nominal_volumes)


def unfit(uss: Uss, wanted: Wanted, current: PublishedIntent | None) -> str:
    """What stands against an intent by itself, whatever is around it; empty where nothing does.

    Raises:
        InvalidInput: one of its volumes is unusable.
    """
    before, now = state_of(current), uss.now()
    if not may_follow(before, wanted.state):
        return f"an intent that is {before or 'not there'} cannot become {wanted.state}"
    if not wanted.state.is_nominal and not uss.settings.monitors:
        return f"this USS may not declare intents {wanted.state}"
    wrong = _wrong_volumes(wanted)
    if wrong:
        return wrong
    return _wrong_times(wanted, now)


def state_of(published: PublishedIntent | None) -> IntentState | None:
    """The state an intent has at the discovery service; None where it has none."""
    if published is None or published.intent is None:
        return None
    return published.intent.reference.state


def moved_on(published: PublishedIntent, now: datetime) -> bool:
    """Whether an intent's time is over."""
    intent = published.intent
    return intent is not None and intent.reference.time_end.value < now


def _wrong_times(wanted: Wanted, now: datetime) -> str:
    volumes = [volume_of(each) for each in wanted.extents]
    windows = [each.window for each in volumes]
    if max(window.end for window in windows) <= now:
        return "it lies wholly in the past"
    starts = min(window.start for window in windows)
    if wanted.state is _S.ACCEPTED and starts > now + HORIZON:
        return f"it starts more than {HORIZON.days} days ahead"
    if wanted.state is _S.ACTIVATED and not active_now(volumes, now):
        return "none of its volumes is in use now"
    return ""


def _wrong_volumes(wanted: Wanted) -> str:
    if sum(_vertices(each) for each in wanted.extents) > MOST_INTENT_VERTICES:
        return f"it has more than {MOST_INTENT_VERTICES:,} vertices"
    if wanted.state is not _S.CONTINGENT and not wanted.volumes:
        return f"it has no volumes, and is to be {wanted.state}"
    if wanted.state is _S.CONTINGENT and wanted.volumes:
        return "a Contingent intent has off-nominal volumes only"
    if wanted.state.is_nominal and wanted.off_nominal_volumes:
        return f"it has off-nominal volumes, and is to be {wanted.state}"
    if not wanted.state.is_nominal and not wanted.off_nominal_volumes:
        return f"it has no off-nominal volumes, and is to be {wanted.state}"
    return ""


def _vertices(extent: Volume4D) -> int:
    polygon = extent.volume.outline_polygon
    return len(polygon.vertices) if polygon else 1
