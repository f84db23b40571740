"""What a node remembers of a line between two looks at it: facts, and the state last told.

Source: domain study of keepclear, 5c (channel: declared state per party, observed state,
latency and success history) and 5d.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from keepclear.model.channel import CHANNELS, Channel
from keepclear.model.line_state import CauseCode, LineDeclaration, LineState
from keepclear.model.restoration import Restoration


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What is known of one channel.

    Attributes:
        channel: which.
        asked_at: when we last checked it; None for never.
        answered_at: when a check of ours was last answered.
        reached_at: when a check of theirs last came and was answered.
        cause: why our last check went as it did; None where it waits or there was none.
        round_trip_s: of the last answered check.
    """

    channel: Channel
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    reached_at: datetime | None = None
    cause: CauseCode | None = None
    round_trip_s: float | None = None

    @property
    def failed(self) -> bool:
        """Whether its last check was not answered."""
        return self.cause is not None and self.cause is not CauseCode.ANSWERED


@dataclass(frozen=True, slots=True)
class LineStanding:
    """What is remembered of a line.

    Attributes:
        line: which line.
        opened_at: when it was made, or last restored.
        state: the derived state that was last noted.
        state_since: since when.
        channels: what is known of each channel.
        declarations: what either party declared, in the order in which it came.
        contact_at: when a check was last answered or a person last spoke to them.
        lapsed_at: when silence was found to be a lapse; None since the line was restored.
        restoration: the restoration under way; None for none.
        over: the UUIDs of offers of restorations that are over.
        skew_s: by how much their clock is ahead of ours, when last measured.
        skew_at: when that was.
        checked_due: the last due time for which a check was sent.
        waiting: the ids of our checks that wait for an answer.
        last_check: the id of the last check, either way; empty for none.
    """

    line: str
    opened_at: datetime
    state: LineState
    state_since: datetime
    channels: tuple[ChannelFacts, ...] = tuple(ChannelFacts(each) for each in CHANNELS)
    declarations: tuple[LineDeclaration, ...] = ()
    contact_at: datetime | None = None
    lapsed_at: datetime | None = None
    restoration: Restoration | None = None
    over: tuple[str, ...] = ()
    skew_s: float | None = None
    skew_at: datetime | None = None
    checked_due: datetime | None = None
    waiting: tuple[str, ...] = ()
    last_check: str = ""

    def channel(self, channel_id: str) -> ChannelFacts:
        """What is known of one channel; that it was not tried where nothing is."""
        for each in self.channels:
            if each.channel.id == channel_id:
                return each
        raise KeyError(channel_id)

    def with_channel(self, changed: ChannelFacts) -> LineStanding:
        """The same with what is known of one channel replaced."""
        name = changed.channel.id
        channels = (changed if each.channel.id == name else each for each in self.channels)
        return replace(self, channels=tuple(channels))
