"""A restoration: how two parties bring a lapsed or suspended line back, proof by proof.

Source: domain study of keepclear, 5d (RESTORING) and 1.4 (use resumed before it was
declared: restored needs a test, mutual confirmation, and what was missed).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keepclear.model.window import require_utc


class Step(StrEnum):
    """One proof; each side gives every one of them."""

    OFFER = "offer"
    """It offered to restore the line, or joined the other's offer."""
    TEST = "test"
    """Its check was answered."""
    VERIFY = "verify"
    """It compared the other's key, and the clocks agree."""
    LIST = "list"
    """It gave its list of what is open, so that what was missed is found."""
    CONFIRM = "confirm"
    """It holds all proofs of both sides, and a person says so."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One thing of a gap list.

    Attributes:
        id: its UUID or name.
        version: in which version.
        sort: what it is ("operation", "zone", "M07").
        until: when it is over of itself; None for never.
    """

    id: str
    version: int
    sort: str
    until: datetime | None = None

    def __post_init__(self) -> None:
        if self.until is not None:
            object.__setattr__(self, "until", require_utc(self.until))


@dataclass(frozen=True, slots=True)
class GapList:
    """What one side has open at the moment of restoring. It holds names, and no content.

    Attributes:
        party: whose list.
        made_at: when.
        sent: of each stream of ours, (epoch, highest serial sent).
        held: of each stream of theirs, (epoch, highest serial held without a gap).
        messages: messages that are not over.
        things: live operations and declared airspace, by id and version.
        missed: notices that the other side was never known to have received.
        fingerprints: the roots of both parties as this side knows them, by party.
        left_out: how many things did not fit; a list never hides that it is not whole.
    """

    party: str
    made_at: datetime
    sent: tuple[tuple[int, int], ...] = ()
    held: tuple[tuple[int, int], ...] = ()
    messages: tuple[Listed, ...] = ()
    things: tuple[Listed, ...] = ()
    missed: tuple[Listed, ...] = ()
    fingerprints: tuple[tuple[str, str], ...] = ()
    left_out: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "made_at", require_utc(self.made_at))


@dataclass(frozen=True, slots=True)
class Restoration:
    """A restoration as one side sees it.

    Attributes:
        id: the smaller of the offers' UUIDs: two offers that cross become one.
        offers: the UUIDs of all offers that belong to it.
        begun_at: when this side first knew of it.
        moved_at: when a proof last came.
        ours: the proofs that we gave.
        theirs: the proofs that we have of them.
        our_list: what we have open; None until given.
        their_list: likewise.
        their_word: digests that their confirmation named: of our list, of theirs; None
            until they confirmed.
        tested_with: the id of our check under way; empty for none.
    """

    id: str
    offers: frozenset[str]
    begun_at: datetime
    moved_at: datetime
    ours: frozenset[Step] = frozenset()
    theirs: frozenset[Step] = frozenset()
    our_list: GapList | None = None
    their_list: GapList | None = None
    their_word: tuple[str, str] | None = None
    tested_with: str = ""


@dataclass(frozen=True, slots=True)
class RestorationAct:
    """What one side says in a restoration (M24).

    Attributes:
        step: which proof; None breaks it off.
        restoration: the UUID of the offer it belongs to.
        offers: the UUIDs of all offers that its sender knows to be one with it.
        gap: with a list, the list.
        digests: with a confirmation: of the confirming side's list, and of the other's.
        fingerprint: with a verification: the other's key as this side holds it.
        skew_s: with a verification: how far the clocks are apart.
        check: with a test, the id of the check that was answered.
        reason: in a person's words.
        role: the role that says it.
    """

    step: Step | None
    restoration: str
    offers: frozenset[str] = frozenset()
    gap: GapList | None = None
    digests: tuple[str, str] | None = None
    fingerprint: str = ""
    skew_s: float | None = None
    check: str = ""
    reason: str = ""
    role: str = ""
