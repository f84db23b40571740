"""A humanitarian site: told to named recipients alone, never by level, never in bulk.

Source: domain study of keepclear, 3, 5f (M15) and 5g (no bulk map of humanitarian sites).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keepclear.errors import InvalidInput
from keepclear.model.humanitarian import Assurance, RecordSource, Released
from keepclear.model.volume import Position
from keepclear.model.window import require_utc


class VerifiedBy(StrEnum):
    """How the place was looked at."""

    VISIT = "visit"
    IMAGERY = "imagery"
    TELEPHONE = "telephone"
    NOT_VERIFIED = "not verified"


@dataclass(frozen=True, slots=True)
class Site:
    """A place to keep away from.

    Attributes:
        id: a UUID.
        party: who notifies it.
        function: what it is for: hospital, store, shelter.
        point: where.
        point_text: as it was typed, so that a slip shows.
        radius_m: how far around the point.
        verified_by, method, verified_on: who looked, how and when.
        expiry: when it must have been said again.
        confirm_by: when to look again before that; None for not before the expiry.
        recipients: the parties that may be told, by name; nobody else ever is.
        assurances: what others said, in their words.
        releases: who was told, by which message.
        message: the message it came in; empty for one of ours.
        source: how it came.
        remark: what those who handle it must know; it is told to nobody.
    """

    id: str
    party: str
    function: str
    point: Position
    radius_m: float
    verified_by: str
    method: VerifiedBy
    verified_on: datetime
    expiry: datetime
    point_text: str = ""
    confirm_by: datetime | None = None
    recipients: tuple[str, ...] = ()
    assurances: tuple[Assurance, ...] = ()
    releases: tuple[Released, ...] = ()
    message: str = ""
    source: RecordSource = RecordSource.FORM
    remark: str = ""

    def __post_init__(self) -> None:
        for name in ("verified_on", "expiry"):
            object.__setattr__(self, name, require_utc(getattr(self, name)))
        if self.confirm_by is not None:
            object.__setattr__(self, "confirm_by", require_utc(self.confirm_by))
        if not 0.0 < self.radius_m <= 50_000.0:
            raise InvalidInput(
                f"radius_m: {self.radius_m:g} m is not above 0 and at most 50,000",
                remedy="Give metres around the point; a large place needs several entries.",
            )
