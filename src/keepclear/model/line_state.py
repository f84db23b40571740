"""The state of a line: what was declared, what was observed, what happened on it and when.

Declared and observed are two facts, kept for each channel; a state to display is derived
from them and never stored as a fact of its own.

Source: domain study of keepclear, 5c and 5d.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keepclear.errors import InvalidInput, InvalidWindow
from keepclear.model.channel import ChannelKind
from keepclear.model.window import require_utc


class DeclaredState(StrEnum):
    """What a party says of a channel."""

    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class ObservedState(StrEnum):
    """What the checks of a channel show."""

    ANSWERING = "answering"
    ONE_WAY = "one way"
    SILENT = "silent"
    NOT_TRIED = "not tried"


class LineState(StrEnum):
    """The state of a line, as it is displayed."""

    UP = "up"
    DEGRADED = "degraded"
    LAPSED = "lapsed"
    SUSPENDED = "suspended"
    SUSPENDED_BUT_ANSWERING = "suspended but answering"
    RESTORING = "restoring"
    CLOSED = "closed"

    @property
    def takes_flash(self) -> bool:
        """Whether FLASH is still attempted: in every state but CLOSED."""
        return self is not LineState.CLOSED

    @property
    def widens(self) -> bool:
        """Whether own buffers grow by the agreed factor: wherever contact is not to be relied on.

        Source: design of keepclear, section 5 (caution while the line is not UP).
        """
        return self not in {LineState.UP, LineState.DEGRADED}


class CauseCode(StrEnum):
    """Why a check went as it did. An unanswered check is a finding, never an insult."""

    ANSWERED = "answered"
    NO_ANSWER = "no answer"
    REFUSED = "refused"
    TECHNICAL = "technical"
    STAFFING = "staffing"
    UNKNOWN = "unknown"


class CheckResult(StrEnum):
    """What came of a check."""

    WAITING = "waiting"
    ANSWERED = "answered"
    DIFFERS = "differs"
    """Answered, with another text than was expected."""
    NOT_ANSWERED = "not answered"

    @property
    def proves(self) -> bool:
        """Whether the channel carried it both ways."""
        return self in {CheckResult.ANSWERED, CheckResult.DIFFERS}


@dataclass(frozen=True, slots=True)
class Check:
    """A test of one channel, in one direction: who asked expects an answer.

    Attributes:
        id: its UUID, the same on both sides.
        line: which line.
        outgoing: True where we asked.
        channel: the id of the channel it went over.
        at: when it was asked, by this node's clock; kept in UTC.
        text: what was sent or said; neutral.
        language: of the text ("en", "ru", "fr").
        expected: what should be said back.
        due: which due time it was sent for; None for one ad hoc.
        result: what came of it.
        cause: why; None while it waits.
        reply: what was said back; empty where nothing was.
        answered_at: when it was answered, by this node's clock.
        reader_role: the role that was on duty at the answering side; never a person's name.
        round_trip_s: how long it was under way, both ways, without the time at the other side.
        skew_s: by how much their clock is ahead of ours.
        by_hand: whether a person entered it.
        remark: in that person's words.
    """

    id: str
    line: str
    outgoing: bool
    channel: str
    at: datetime
    text: str
    language: str
    expected: str
    due: datetime | None = None
    result: CheckResult = CheckResult.WAITING
    cause: CauseCode | None = None
    reply: str = ""
    answered_at: datetime | None = None
    reader_role: str = ""
    round_trip_s: float | None = None
    skew_s: float | None = None
    by_hand: bool = False
    remark: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", require_utc(self.at))
        if self.result is CheckResult.NOT_ANSWERED and self.cause is None:
            raise InvalidInput(
                "a check that was not answered needs a cause",
                remedy="Give a cause code; `unknown` where nobody knows.",
            )
        if self.result.proves and self.answered_at is None:
            raise InvalidInput("a check that was answered needs the moment of its answer")


class Scope(StrEnum):
    """How much of a line a declaration speaks of."""

    ALL = "all"
    AIR = "air"
    NON_SAFETY = "non-safety"


class LineAct(StrEnum):
    """What a party declares of a line."""

    SUSPEND = "suspend"
    RESUME = "resume"
    CHANGE_CHANNEL = "change channel"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class LineDeclaration:
    """A party's word on the state of the line (M23).

    Attributes:
        id: a UUID, the same on both sides.
        party: who declares.
        act: what.
        scope: of how much.
        residue: what still works for safety, in the party's words.
        effective_at: from when; kept in UTC.
        declared_at: when it was said.
        channel: the id of the one channel it speaks of; empty for all of them.
        reason: why, in the party's words.
        role: the role that released it.
    """

    id: str
    party: str
    act: LineAct
    scope: Scope
    residue: str
    effective_at: datetime
    declared_at: datetime
    channel: str = ""
    reason: str = ""
    role: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "effective_at", require_utc(self.effective_at))
        object.__setattr__(self, "declared_at", require_utc(self.declared_at))
        if self.act is LineAct.CHANGE_CHANNEL and not self.channel:
            raise InvalidInput(
                "a change of channel names no channel", remedy="Name the channel that is used now."
            )


class ContactKind(StrEnum):
    """What sort of contact there was."""

    CALL = "call"
    MEETING = "meeting"
    CHECK = "check"
    MESSAGE = "message"


class ContactLevel(StrEnum):
    """Between whom, by office and never by name."""

    WATCH = "watch"
    LIAISON = "liaison"
    SENIOR = "senior"
    COMMANDER = "commander"
    MINISTER = "minister"


class SourceSide(StrEnum):
    """Whose word a dating is."""

    OWN = "own"
    OTHER = "other"
    PRESS = "press"


@dataclass(frozen=True, slots=True)
class Dating:
    """When something was, as exactly as its source says.

    Attributes:
        text: as the source says it ("August 2014", "more than a year ago").
        earliest: the first moment it can mean; kept in UTC.
        latest: the last moment it can mean; the same as `earliest` where it is exact.
    """

    text: str
    earliest: datetime
    latest: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "earliest", require_utc(self.earliest))
        object.__setattr__(self, "latest", require_utc(self.latest))
        if self.latest < self.earliest:
            raise InvalidWindow(f"the dating {self.text!r} ends before it starts")


@dataclass(frozen=True, slots=True)
class ContactEvent:
    """One contact between the parties, as one source has it.

    Attributes:
        id: a UUID.
        line: which line.
        kind: what sort of contact.
        level: between whom.
        channel: by which means; None where the source does not say.
        at: when.
        side: whose word it is.
        source: which source ("Pentagon statement").
        words: what the source says, word for word.
    """

    id: str
    line: str
    kind: ContactKind
    level: ContactLevel
    channel: ChannelKind | None
    at: Dating
    side: SourceSide
    source: str
    words: str = ""

    def __post_init__(self) -> None:
        if not self.source:
            raise InvalidInput(
                "the contact names no source", remedy="Say whose account it is; it is never mixed."
            )


@dataclass(frozen=True, slots=True)
class Lapse:
    """How long there was no contact of one kind, by one source.

    Attributes:
        level: at which level.
        channel: by which means; None for any.
        side: whose word the last contact is.
        source: which source.
        last: when the last contact was, as that source says.
        at_least_s, at_most_s: how long ago that is; both the same where it is exact.
        event: the id of that contact.
    """

    level: ContactLevel
    channel: ChannelKind | None
    side: SourceSide
    source: str
    last: Dating
    at_least_s: float
    at_most_s: float
    event: str
