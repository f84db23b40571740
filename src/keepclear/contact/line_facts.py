"""What a line's state is derived from, and what is derived.

Source: domain study of keepclear, 5d (line life).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from keepclear.contact.checks import missed
from keepclear.model.agreement import CheckPlan
from keepclear.model.line_standing import ChannelFacts
from keepclear.model.line_state import (
    CauseCode,
    DeclaredState,
    LineDeclaration,
    LineState,
    ObservedState,
    Scope,
)

_RANK = {
    LineState.UP: 0,
    LineState.DEGRADED: 1,
    LineState.RESTORING: 2,
    LineState.LAPSED: 3,
    LineState.SUSPENDED_BUT_ANSWERING: 4,
    LineState.SUSPENDED: 5,
    LineState.CLOSED: 6,
}


def rank_of(state: LineState) -> int:
    """How far a state is from UP; greater is worse."""
    return _RANK[state]


@dataclass(frozen=True, slots=True)
class LineFacts:
    """Everything a line's state is derived from.

    Attributes:
        us, them: the parties.
        opened_at: when the line was made, or last restored.
        agreed_until: when the agreement that binds it ends; None where none is in force.
        plan: when checks are due.
        channels: what is known of each.
        declarations: what either party declared, in any order.
        contact_at: when there was last contact both ways, of whatever sort; None for never.
        lapsed_at: when silence was found to be a lapse; None where it was not, or the line
            was restored since. A lapse ends by restoration alone.
        restoring_at: when a restoration that is under way last moved; None for none.
        overdue: how many FLASH and IMMEDIATE messages wait longer than their clocks allow.
        skew_s: by how much their clock is ahead of ours; None where it was not measured.
        has_linguist: False where a watch said that nobody on it speaks the other's language.
    """

    us: str
    them: str
    opened_at: datetime
    agreed_until: datetime | None
    plan: CheckPlan
    channels: tuple[ChannelFacts, ...]
    declarations: tuple[LineDeclaration, ...] = ()
    contact_at: datetime | None = None
    lapsed_at: datetime | None = None
    restoring_at: datetime | None = None
    overdue: int = 0
    skew_s: float | None = None
    has_linguist: bool = True


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """A channel as it is displayed: two facts, side by side.

    Attributes:
        facts: what is known of it.
        declared_us, declared_them: what each party says of it.
        observed: what its checks show.
    """

    facts: ChannelFacts
    declared_us: DeclaredState
    declared_them: DeclaredState
    observed: ObservedState


@dataclass(frozen=True, slots=True)
class LineStatus:
    """A line as it is displayed.

    Attributes:
        state: the derived state.
        since: the moment from which the facts give it; None where they name none.
        reasons: why it is not UP, each a sentence; empty where it is.
        cautions: what a person should know besides.
        cause: why checks were not answered; None where none was missed.
        declared_us, declared_them: what each party says of the whole line.
        scope: how much of it is suspended; None where nothing is.
        residue: what still works for safety, in the words of who suspended it.
        channels: each of them.
        missed: how many due checks in a row went by with no answer in either direction.
        one_way: whether only one direction was heard at the last due check.
        last_answered_at: when a check of ours was last answered, over any channel.
        next_due: when the next check is due; None where the plan has none.
    """

    state: LineState
    since: datetime | None
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    cause: CauseCode | None
    declared_us: DeclaredState
    declared_them: DeclaredState
    scope: Scope | None
    residue: str
    channels: tuple[ChannelStatus, ...]
    missed: int
    one_way: bool
    last_answered_at: datetime | None
    next_due: datetime | None


class Heard(NamedTuple):
    """What the due checks show at one moment.

    Attributes:
        answered_at: when a check of ours was last answered, over any channel.
        reached_at: when a check of theirs last came.
        unanswered: how many due checks of ours in a row had no answer.
        unreached: how many of theirs in a row did not come.
    """

    answered_at: datetime | None
    reached_at: datetime | None
    unanswered: int
    unreached: int

    @property
    def missed(self) -> int:
        """How many due times in a row went by with nothing in either direction."""
        return min(self.unanswered, self.unreached)

    @property
    def is_one_way(self) -> bool:
        """Whether only one direction was heard at the last due time."""
        return (self.unanswered > 0) != (self.unreached > 0)


def heard_of(facts: LineFacts, now: datetime) -> Heard:
    """What the due checks show at one moment."""
    answered = last_of(*(each.answered_at for each in facts.channels))
    reached = last_of(*(each.reached_at for each in facts.channels))
    return Heard(
        answered,
        reached,
        missed(facts.plan, later_of(answered, facts.opened_at), now),
        missed(facts.plan, later_of(reached, facts.opened_at), now),
    )


def last_of(*moments: datetime | None) -> datetime | None:
    """The last of some moments; None where there is none."""
    return max((each for each in moments if each is not None), default=None)


def later_of(moment: datetime | None, than: datetime) -> datetime:
    """A moment, or the other where it is later or the first is none."""
    return than if moment is None else max(moment, than)
