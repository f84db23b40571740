"""Spans of time in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from keepclear.errors import InvalidWindow


def require_utc(at: datetime) -> datetime:
    """Return the same moment in UTC.

    Raises:
        InvalidWindow: the time has no zone; give it one, it is never guessed.
    """
    if at.tzinfo is None or at.utcoffset() is None:
        raise InvalidWindow(f"the time {at.isoformat()} has no zone")
    return at.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """A closed span of time.

    Attributes:
        start: its first moment, aware; kept in UTC.
        end: its last moment, aware, after `start`; kept in UTC.

    Raises:
        InvalidWindow: a time without a zone, or the end not after the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", require_utc(self.start))
        object.__setattr__(self, "end", require_utc(self.end))
        if self.end <= self.start:
            raise InvalidWindow(
                f"the window ends {self.end.isoformat()}, not after it starts "
                f"{self.start.isoformat()}"
            )

    @property
    def duration_s(self) -> float:
        """How long the window lasts."""
        return (self.end - self.start).total_seconds()

    def widened(self, tolerance_s: float) -> Window:
        """The window with a tolerance added at both ends."""
        if tolerance_s == 0.0:
            return self
        return self._moved(-tolerance_s, tolerance_s)

    def shifted(self, shift_s: float) -> Window:
        """The window moved later by `shift_s` (earlier where negative)."""
        return self._moved(shift_s, shift_s)

    def _moved(self, start_s: float, end_s: float) -> Window:
        try:
            return Window(
                self.start + timedelta(seconds=start_s), self.end + timedelta(seconds=end_s)
            )
        except OverflowError:
            raise InvalidWindow("the window lies at the edge of the calendar") from None

    def gap_s(self, other: Window) -> float:
        """Seconds between two windows: negative by as much as they overlap."""
        return max(
            (other.start - self.end).total_seconds(), (self.start - other.end).total_seconds()
        )

    def covers(self, other: Window) -> bool:
        """Tell whether the other window lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end
