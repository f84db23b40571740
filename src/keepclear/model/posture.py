"""A declaration kept as said, with the date on which to look at it again.

Source: domain study of keepclear, 5b ("defensive in nature") and 5c.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from keepclear.errors import InvalidInput
from keepclear.model.window import require_utc


@dataclass(frozen=True, slots=True)
class Review:
    """One look at a posture after it was declared.

    Attributes:
        at: when.
        role: by whom on duty as what.
        words: what was found, as a fact.
    """

    at: datetime
    role: str
    words: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", require_utc(self.at))


@dataclass(frozen=True, slots=True)
class Posture:
    """What a party declared of itself, in its words.

    Attributes:
        id: its UUID.
        line: which line.
        party: who declared it.
        declared_at: when.
        words: as said; never corrected.
        language: in which language; empty where nobody said.
        translation: the same in our language; empty for none.
        scope: what it is about.
        start, end: for which time; None where it was not said.
        where: said or published where.
        message: the message (M17) it came in; empty where it did not come over the line.
        review_at: when we look at it again; None for never, which nobody is reminded of.
        reviews: the looks taken, in order.

    Raises:
        InvalidInput: it ends before it starts.
    """

    id: str
    line: str
    party: str
    declared_at: datetime
    words: str
    language: str = ""
    translation: str = ""
    scope: str = ""
    start: datetime | None = None
    end: datetime | None = None
    where: str = ""
    message: str = ""
    review_at: datetime | None = None
    reviews: tuple[Review, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "declared_at", require_utc(self.declared_at))
        for name in ("start", "end", "review_at"):
            at = getattr(self, name)
            object.__setattr__(self, name, None if at is None else require_utc(at))
        if self.start is not None and self.end is not None and self.end < self.start:
            raise InvalidInput("the posture ends before it starts", remedy="Correct start or end.")
