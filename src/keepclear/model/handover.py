"""The handover of a watch: what was open, and that both officers signed for it.

Source: domain study of keepclear, 5d (watch handover: open messages, clocks, active volumes,
line states, last words of the other side; both watch officers sign).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from keepclear.errors import InvalidInput
from keepclear.model.window import require_utc


class WatchSide(StrEnum):
    """Who signs: whoever gives the watch up, and whoever takes it."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"


class HandoverState(StrEnum):
    """How far a handover is."""

    OPEN = "open"
    SIGNED = "signed"
    """Both signed, and the watch changed."""
    OVERRIDDEN = "overridden"
    """The watch changed without both, for a reason that stands in the record."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One officer's word for what the sheet says.

    Attributes:
        side: which of the two.
        role: as what they are on duty.
        name: the account's, or how they call themselves where there are none.
        by_password: they confirmed with the password of that account.
        at: when, by the node's clock.
        actor: in whose session it was done.
    """

    side: WatchSide
    role: str
    name: str
    by_password: bool
    at: datetime
    actor: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", require_utc(self.at))


@dataclass(frozen=True, slots=True)
class Override:
    """Why the watch changed without both signatures, and who said so.

    Attributes:
        reason: in their words.
        role: as what they are on duty.
        actor: who.
        at: when, by the node's clock.
    """

    reason: str
    role: str
    actor: str
    at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", require_utc(self.at))


@dataclass(frozen=True, slots=True)
class Handover:
    """A watch given from one officer to the next.

    Attributes:
        id: a UUID, drawn by whoever prepared it.
        party: whose watch.
        prepared_at: when its sheet was drawn up.
        prepared_by: who did.
        watch_version: the version of the watch that is given up.
        shift: the next watch, as its document; when it begins is told by the signatures.
        sheet: what was open, as it stood at `prepared_at`.
        digest: SHA-256 over the sheet's canonical bytes, hex; both sign for it.
        signatures: those that are given.
        override: where the watch changed without both; None otherwise.
        state: how far it is.
    """

    id: str
    party: str
    prepared_at: datetime
    prepared_by: str
    watch_version: int
    shift: Mapping[str, Any]
    sheet: Mapping[str, Any]
    digest: str
    signatures: tuple[Signature, ...] = ()
    override: Override | None = None
    state: HandoverState = HandoverState.OPEN

    def __post_init__(self) -> None:
        object.__setattr__(self, "prepared_at", require_utc(self.prepared_at))

    def signed_by(self, side: WatchSide) -> Signature | None:
        """The signature of one side; None where it is not given."""
        return next((each for each in self.signatures if each.side is side), None)


def read_side(text: str) -> str:
    """One of the two sides.

    Raises:
        InvalidInput: it is neither.
    """
    if text not in {side.value for side in WatchSide}:
        raise InvalidInput(f"{text!r:.40} is no side", remedy="Name outgoing or incoming.")
    return text
