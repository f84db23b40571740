"""The life of a message as one side of its line sees it: what is proved, and what is due.

State is not stored but follows from the facts, so that facts which come twice, late or in
another order lead to the same state.

Source: domain study of keepclear, 5d (message life); design 5 (clocks).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keepclear.model.agreement import Clocks


class MessageSide(StrEnum):
    """Which side of a message a node is on."""

    SENDER = "sender"
    RECEIVER = "receiver"


class State(StrEnum):
    """Where a message is in its life."""

    DRAFTED = "DRAFTED"
    READY = "READY"
    RELEASED = "RELEASED"
    SENT = "SENT"
    UNDELIVERED = "UNDELIVERED"
    DELIVERED = "DELIVERED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    READBACK_DUE = "READBACK DUE"
    READ_BACK = "READ BACK"
    DISPUTED = "DISPUTED"
    AWAITING_ANSWER = "AWAITING ANSWER"
    UNDER_CONSIDERATION = "UNDER CONSIDERATION"
    ANSWERED = "ANSWERED"
    PARTLY = "PARTLY"
    DECLINED = "DECLINED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"
    CANCELLED = "CANCELLED"
    SUPERSEDED = "SUPERSEDED"
    EXPIRED = "EXPIRED"


class Units(StrEnum):
    """Whether own units were told: a side state of its own."""

    NONE = "none"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    CANNOT = "cannot"


class AnswerWord(StrEnum):
    """How far a message was answered. An answer is never an approval."""

    ANSWERED = "answered"
    PARTLY = "partly"
    DECLINED = "declined"


class ActKind(StrEnum):
    """What somebody, or the node itself, does to a message."""

    VALIDATE = "validate"
    RELEASE = "release"
    SEND = "send"
    DELIVER = "deliver"
    ACKNOWLEDGE = "acknowledge"
    ACKNOWLEDGE_CANCELLATION = "acknowledge cancellation"
    READBACK = "readback"
    CORRECTION = "correction"
    ANSWER = "answer"
    CONSIDER = "consider"
    PASSED_TO_UNITS = "passed to units"
    CANNOT_COMPLY = "cannot comply"
    CANCEL = "cancel"
    WITHDRAW = "withdraw"
    SUPERSEDE = "supersede"
    SILENCE = "silence"


class ClockKind(StrEnum):
    """What a deadline of a message is for."""

    DELIVERY = "delivery"
    ACKNOWLEDGE = "acknowledge"
    READBACK = "readback"
    ANSWER = "answer"
    UNITS = "units"
    CANCELLATION = "cancellation"
    ESCALATE = "escalate"
    ALTERNATE = "alternate"
    TOP_LEVEL = "top level"
    EXPIRY = "expiry"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a message must prove before it is over, and how long each proof may take.

    Attributes:
        clocks: as the agreement says, or the defaults.
        needs_readback: it is read back field by field.
        needs_answer: it asks for an answer.
        asks_units: own units of the receiver must be told.
        speaks_of: when what it speaks of begins; every clock ends before it.
        valid_until: when it expires; None for never.
        answer_by: when the sender asked to have the answer; None for the agreed time.
        channels: the means of the line in the order they are tried.
        is_undeniable: it is received, passed on or warned about, and never declined: it tells
            of a humanitarian movement or site.
    """

    clocks: Clocks
    needs_readback: bool = False
    needs_answer: bool = False
    asks_units: bool = False
    speaks_of: datetime | None = None
    valid_until: datetime | None = None
    answer_by: datetime | None = None
    channels: tuple[str, ...] = ("network",)
    is_undeniable: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something due at a moment."""

    kind: ClockKind
    due: datetime


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to a message.

    Attributes:
        id: a UUID; the same act a second time changes nothing.
        kind: what was done.
        by: which side did it.
        role: as what that person is on duty; empty for the node itself.
        actor: how they call themselves; empty where nobody said.
        reason: why, in their words.
        their_at: when, by the clock of the other side; None for an act of this side.
        matches: for a readback, whether every field was heard as sent.
        answer: for an answer, how far it goes.
        until: for a consideration, until when.
        units: for units, what became of it.
        successor: for a supersession, the id of the new message.
    """

    id: str
    kind: ActKind
    by: MessageSide
    role: str = ""
    actor: str = ""
    reason: str = ""
    their_at: datetime | None = None
    matches: bool = False
    answer: AnswerWord | None = None
    until: datetime | None = None
    units: Units | None = None
    successor: str = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of a message's history.

    Attributes:
        at: when, by this node's clock.
        act: what happened.
        state: the state after it.
        act_id: of the act; empty for what a clock did.
        role, actor, reason: who and why.
        their_at: when, by the other side's clock; None where it is this side's.
        late: it came when the message was over.
        due: of a clock: when it ran out, which may be before anybody looked; None otherwise.
    """

    at: datetime
    act: str
    state: State
    act_id: str = ""
    role: str = ""
    actor: str = ""
    reason: str = ""
    their_at: datetime | None = None
    late: bool = False
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """What is proved of a message, on one side.

    Attributes:
        side: sender or receiver.
        terms: what must be proved, and when.
        ready: a draft in which nothing is missing.
        released_at, sent_at, delivered_at: when, by this node's clock.
        undelivered: no channel delivered it in time; sending goes on.
        acknowledged_at, acknowledged_by: when a person had it, and as what they were on duty.
        mismatches, corrections: how often a readback differed, and was put right.
        read_back_at: when every field was heard as sent.
        answer, answered_at: how far it was answered, and when.
        considered_until: the answer's new time; the clock is armed anew once only.
        units: whether units were told.
        cancelled_at, cancellation_acknowledged_at: a cancellation is acknowledged too.
        withdrawn_at, superseded_by, expired_at: how else it ended.
        was_in_time: it expired here, and then came that all was proved there before.
        level: how far it escalated: 0 the watch, 1 the senior watch, 2 the top level.
        channel: index of the channel to try now.
        silenced_level: at which level its sound was silenced; -1 for not.
        overdue: which of the clocks that run ran out.
        is_late: something came when it was over; it was kept.
        doubts: what whoever reads it must know: a clock, an agreement, a field that cannot be.
        deadlines: what is due, the next first.
        history: everything that happened, in the order this node learned of it.
    """

    side: MessageSide
    terms: Terms
    ready: bool = False
    released_at: datetime | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    undelivered: bool = False
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    mismatches: int = 0
    corrections: int = 0
    read_back_at: datetime | None = None
    answer: AnswerWord | None = None
    answered_at: datetime | None = None
    considered_until: datetime | None = None
    units: Units = Units.NONE
    cancelled_at: datetime | None = None
    cancellation_acknowledged_at: datetime | None = None
    withdrawn_at: datetime | None = None
    superseded_by: str = ""
    expired_at: datetime | None = None
    was_in_time: bool = False
    level: int = 0
    channel: int = 0
    silenced_level: int = -1
    overdue: tuple[ClockKind, ...] = ()
    is_late: bool = False
    doubts: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    history: tuple[Transition, ...] = ()

    @property
    def units_wait(self) -> bool:
        """Whether it is still to be said that units were told."""
        return self.units is Units.ASKED

    @property
    def state(self) -> State:
        """Where it is, as the facts say."""
        return self._ended_state() or self._sent_state() or self._proved_state()

    def _ended_state(self) -> State | None:
        if self.withdrawn_at is not None:
            return State.WITHDRAWN
        if self.superseded_by:
            return State.SUPERSEDED
        if self.cancelled_at is not None:
            return State.CANCELLED
        has_expired = self.expired_at is not None and not self.was_in_time
        return State.EXPIRED if has_expired else None

    def _sent_state(self) -> State | None:
        if self.side is MessageSide.SENDER:
            if self.released_at is None:
                return State.READY if self.ready else State.DRAFTED
            if self.sent_at is None:
                return State.RELEASED
        if self.delivered_at is None:
            return State.UNDELIVERED if self.undelivered else State.SENT
        return State.DELIVERED if self.acknowledged_at is None else None

    def _proved_state(self) -> State:
        if self.terms.needs_readback and self.read_back_at is None:
            is_disputed = self.mismatches > self.corrections
            return State.DISPUTED if is_disputed else State.READBACK_DUE
        if self.answer is not None:
            return State[self.answer.name]
        if self.terms.needs_answer:
            waits = self.considered_until is None
            return State.AWAITING_ANSWER if waits else State.UNDER_CONSIDERATION
        if self.units_wait:
            return State.READ_BACK if self.terms.needs_readback else State.ACKNOWLEDGED
        return State.CLOSED

    @property
    def is_open(self) -> bool:
        """Whether something of it is still to come."""
        match self.state:
            case State.WITHDRAWN | State.SUPERSEDED | State.EXPIRED | State.CLOSED:
                return False
            case State.CANCELLED:
                return self.cancellation_acknowledged_at is None
            case State.ANSWERED | State.PARTLY | State.DECLINED:
                return self.units_wait
            case _:
                return True

    def has_seen(self, act_id: str) -> bool:
        """Whether an act of that id was taken before."""
        return any(each.act_id == act_id for each in self.history)
