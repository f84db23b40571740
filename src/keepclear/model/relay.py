"""What is passed on to own members and affiliates, and what becomes of one who leaves.

Source: domain study of keepclear, 5b ("a number of its allies": who is told, who answers) and
5h, drill 12.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keepclear.model.unit import MeansKind


class AllyKind(StrEnum):
    """How a body is bound to its party."""

    MEMBER = "member"
    AFFILIATE = "affiliate"


@dataclass(frozen=True, slots=True)
class RelayReceipt:
    """What a member or affiliate said to a message that was passed on to it.

    Attributes:
        id: a UUID; of the M28 too where one is sent.
        to: the member or affiliate.
        relayed_at: when it was passed on.
        means: by which.
        role: who passed it on.
        receipt: what they said to it; empty where nothing was said yet.
        actor: how who passed it on calls themselves.
        was_told: whether the sender of the message was told by an M28.
    """

    id: str
    to: str
    relayed_at: datetime
    means: MeansKind
    role: str
    receipt: str = ""
    actor: str = ""
    was_told: bool = False


@dataclass(frozen=True, slots=True)
class Relay:
    """Whether one message is passed on to allies, and what became of it.

    Attributes:
        message: which message.
        is_relayed: the decision, yes or no; there is no relay without one.
        to: to whom.
        role: who decided.
        decided_at: when.
        actor: how they call themselves.
        words: why.
        stopped: those of `to` who left since; nothing more is passed on to them.
        receipts: what they said to it.
    """

    message: str
    is_relayed: bool
    to: tuple[str, ...]
    role: str
    decided_at: datetime
    actor: str = ""
    words: str = ""
    stopped: tuple[str, ...] = ()
    receipts: tuple[RelayReceipt, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Those who have said nothing to it yet."""
        said = {each.to for each in self.receipts if each.receipt}
        return tuple(each for each in self.to if each not in said and each not in self.stopped)


@dataclass(frozen=True, slots=True)
class ToldCancelled:
    """One notice that was cancelled on a line because its flyer left.

    Attributes:
        operation, designator: which flight.
        line: where it was told.
        message: the M04 that cancelled it.
    """

    operation: str
    designator: str
    line: str
    message: str


@dataclass(frozen=True, slots=True)
class Departure:
    """A member who left: its flights, notices and relays.

    Attributes:
        member: who left.
        left_at: when.
        role, second: who put it on record, and who read it with them.
        words: as it is told to the others.
        operations: ids of its flights that were ended.
        cancelled: what was cancelled on lines.
        relays_stopped: messages that are passed on to it no more.
        told: ids of the messages that tell the other parties.
        to_tell: members and affiliates of ours who are still to be told.
        is_done: everything was done; a departure that was interrupted is gone through again.
        actor: how who put it on record calls themselves.
    """

    member: str
    left_at: datetime
    role: str
    second: str
    words: str
    operations: tuple[str, ...] = ()
    cancelled: tuple[ToldCancelled, ...] = ()
    relays_stopped: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    to_tell: tuple[str, ...] = ()
    is_done: bool = False
    actor: str = ""
