"""A question that machines ask over a line about a volume, and what is answered at a level."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from keepclear.model.answer import Verdict
from keepclear.model.operation import DisclosureLevel, OperationClass, Uncertainty
from keepclear.model.volume import Volume


class Reason(StrEnum):
    """Why nothing can be said, or no more than this; each is the same for whatever is hidden."""

    OUT_OF_BUDGET = "out of budget"
    TOO_SMALL = "below the least volume that is answered"
    SEARCH = "too many different questions about one place and time"
    COVERAGE = "the answering party's coverage is missing, stale or does not reach"
    NOT_RELEASED = "a part of the set is not released at L1"
    NOT_BOUND = "no agreement binds both parties in that time"
    OUTSIDE = "outside the agreement's area or time"
    NO_RULE = "no rule binds these classes"
    FROM_AFAR = "too near a pole, or too long, for the lattice"
    LINE = "the line is not to be relied on"
    NOT_UNDERSTOOD = "the question could not be read"
    NO_ANSWER = "no answer has come"


class Hint(StrEnum):
    """Which of the asker's own figures to change; how much is not said with it."""

    EARLIER = "earlier"
    LATER = "later"
    HIGHER = "higher"
    LOWER = "lower"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Amount:
    """A change of the asked volume after which nothing would be found; always whole steps.

    Attributes:
        hint: of which kind.
        time_s: later by so much; earlier where negative.
        vertical_m: higher by so much; lower where negative.
        lateral_m: moved by so much.
        bearing_deg: in that direction.
    """

    hint: Hint
    time_s: float = 0.0
    vertical_m: float = 0.0
    lateral_m: float = 0.0
    bearing_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class ToldConflict:
    """One conflict as far as its level lets it be told.

    Attributes:
        id: the same on both sides.
        rule_id: which rule.
        verdict: conflict, or cannot say.
        level: at which it is told.
        start, end: a band of time between nodes of the lattice.
        overlap: at L2 and above, boxes between nodes that hold the part that overlaps.
        category: at L2 and above.
        contact_role: at L2 and above.
        operation, designator: at L3 and above; empty below.
    """

    id: str
    rule_id: str
    verdict: Verdict
    level: DisclosureLevel
    start: datetime
    end: datetime
    overlap: tuple[Volume, ...] = ()
    category: str = ""
    contact_role: str = ""
    operation: str = ""
    designator: str = ""


@dataclass(frozen=True, slots=True)
class VolumeAnswer:
    """What a node answers to a question about a volume.

    Attributes:
        verdict: the worst there is; doubts count.
        reasons: why it cannot be no conflict found.
        conflicts: worst first, then by time; as many as are told.
        total: how many there are.
        hints: what would help, in words.
        amounts: what would help, in steps; only where asked for.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    conflicts: tuple[ToldConflict, ...] = ()
    total: int = 0
    hints: tuple[Hint, ...] = ()
    amounts: tuple[Amount, ...] = ()


@dataclass(frozen=True, slots=True)
class VolumeQuestion:
    """A question about a volume, on either side of the line.

    Attributes:
        id: a UUID, that of the message that asks.
        line: on which line.
        asker, answerer: the two ends of it.
        about: whose operations it is about; a third party's where a broker is asked.
        operation: whose volumes they are, by id.
        operation_version: in which version.
        operation_class: what moves.
        volumes: as they were asked, tolerance included.
        at: when it was asked or came, by this node's clock.
        uncertainty: how far the truth may lie from them, as their owner declares.
        member: the member of the asking party that flies it; empty for the party.
        suggests: whether amounts were asked for.
        widened: whether volumes were made large enough first.
        actor: who had it asked; empty on the answering side and for the node itself.
        answer: what was answered; None while nothing was.
        answered_at: when, by this node's clock.
        as_of: the moment the answer speaks of, by the answering node's clock.
        erased_at: when overlaps were erased, because they are over.
    """

    id: str
    line: str
    asker: str
    answerer: str
    about: str
    operation: str
    operation_version: int
    operation_class: OperationClass
    volumes: tuple[Volume, ...]
    at: datetime
    uncertainty: Uncertainty = field(default_factory=Uncertainty)
    member: str = ""
    suggests: bool = False
    widened: bool = False
    actor: str = ""
    answer: VolumeAnswer | None = None
    answered_at: datetime | None = None
    as_of: datetime | None = None
    erased_at: datetime | None = None


def cannot_say(*reasons: Reason) -> VolumeAnswer:
    """The answer that says nothing, and why."""
    return VolumeAnswer(Verdict.CANNOT_SAY, tuple(reasons))


@dataclass(frozen=True, slots=True)
class Presence:
    """How many active notices a party says it has: all that L0 tells.

    Attributes:
        party: who says so.
        line: on which line.
        as_of: when, by its clock.
        notices: in a band of numbers, by class of operation.
        zones: how many zones it published.
        received_at: when it came, by this node's clock.
    """

    party: str
    line: str
    as_of: datetime
    notices: tuple[tuple[str, str], ...]
    zones: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class LineDisclosure:
    """What a node does by itself on a line, as its own people set it.

    Attributes:
        line: which line.
        asks_on_filing: asks the other node about every own operation that is filed or changed.
        tells_presence: tells how many notices there are whenever the band of it changes.
        tells_agreed: gives notice of what the agreement lets the other party know whole.
    """

    line: str
    asks_on_filing: bool = field(default=False)
    tells_presence: bool = field(default=False)
    tells_agreed: bool = field(default=False)
