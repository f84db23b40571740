"""The restoration of a line as a pure machine: proofs gathered on both sides, in any order.

Each side gives five proofs and hears of the other's five. A proof that comes twice changes
nothing, one that comes early is kept, and two offers that cross become one restoration under
the smaller of their names. A side confirms only when it holds every proof of both; the line
is up on a side when it confirmed and heard that the other did. So it is up nowhere unless
every proof was given on both sides.

Source: domain study of keepclear, 5d (RESTORING) and 1.4; set union of proofs commutes, which
is why order and repetition cannot matter.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from keepclear.contact.checks import CLOCK_WARNS_S
from keepclear.errors import StateForbids
from keepclear.model.restoration import Restoration, RestorationAct, Step

BEFORE_CONFIRMING = frozenset(Step) - {Step.CONFIRM}
"""What a side must hold of both before it may confirm."""


MOST_OFFERS = 20
"""Two cross; more come of nodes that begin again and again."""


class Taken(NamedTuple):
    """What became of an act of the other side.

    Attributes:
        restoration: as it stands now; None where there is none any more.
        reason: why the act counts for nothing; empty where it counts.
    """

    restoration: Restoration | None
    reason: str = ""


def offered(current: Restoration | None, offer_id: str, now: datetime) -> Restoration:
    """Offer to restore the line, or join the offer that is there.

    Args:
        current: the restoration under way; None for none.
        offer_id: the UUID of our offer, where it is a new one.
        now: the moment.
    """
    begun = current or Restoration(offer_id, frozenset((offer_id,)), now, now)
    return _with_ours(begun, Step.OFFER, now)


def tested(current: Restoration, now: datetime) -> Restoration:
    """Keep that a check of ours was answered."""
    return _with_ours(replace(current, tested_with=""), Step.TEST, now)


def require_next(current: Restoration | None, step: Step) -> Restoration:
    """The restoration, where a proof of ours may be given in it now.

    Raises:
        StateForbids: there is no restoration, we have not joined it, or a confirmation is
            too early; the message names what is missing.
    """
    if current is None:
        raise StateForbids("no restoration is under way", remedy="Offer one first.")
    if step is not Step.OFFER and Step.OFFER not in current.ours:
        raise StateForbids(
            "the offer of the other side is not answered", remedy="Join it with an offer of ours."
        )
    if step is Step.CONFIRM and (missing := missing_before_confirming(current)):
        raise StateForbids(
            f"not every proof is there yet: {', '.join(missing)}",
            remedy="Give ours, and wait for theirs; nothing else brings the line up.",
        )
    return current


def missing_before_confirming(current: Restoration) -> tuple[str, ...]:
    """The proofs without which nobody may confirm, in words ("their test")."""
    ours = (f"our {step}" for step in Step if step in BEFORE_CONFIRMING - current.ours)
    theirs = (f"their {step}" for step in Step if step in BEFORE_CONFIRMING - current.theirs)
    return (*ours, *theirs)


def require_verifiable(fingerprint: str, skew_s: float | None) -> None:
    """Refuse to verify what was not compared.

    Args:
        fingerprint: their key as we hold it; empty where we hold none.
        skew_s: how far the clocks are apart; None where no check told.

    Raises:
        StateForbids: there is no key or no measured clock, or the clocks are too far apart.
    """
    if not fingerprint:
        raise StateForbids(
            "no key of the other side is known", remedy="Pair with their contact card first."
        )
    if skew_s is None:
        raise StateForbids(
            "the clocks were not compared yet", remedy="Make the test; its reply tells their clock."
        )
    if abs(skew_s) >= CLOCK_WARNS_S:
        raise StateForbids(
            f"the clocks are {abs(skew_s):.0f} s apart",
            remedy="Set the clock that is wrong, make the test again, and verify then.",
        )


def given(current: Restoration, act: RestorationAct, now: datetime) -> Restoration:
    """Keep a proof of ours; one that stands already stays as it was given.

    Raises:
        StateForbids: it may not be given now; see `require_next`.
    """
    step = act.step
    if step is None:
        raise StateForbids("breaking off gives no proof")
    require_next(current, step)
    kept = _with_ours(current, step, now)
    if step is Step.LIST and current.our_list is None:
        kept = replace(kept, our_list=act.gap)
    return kept


def heard(
    current: Restoration | None,
    act: RestorationAct,
    now: datetime,
    *,
    our_fingerprint: str,
    digests: tuple[str, str] | None,
    over: frozenset[str] = frozenset(),
) -> Taken:
    """Take an act of the other side.

    Args:
        current: the restoration under way; None for none.
        act: what they say.
        now: the moment.
        our_fingerprint: our own key, which their verification must name.
        digests: of our list and of theirs, as we hold them; None while one is not there.
        over: the UUIDs of offers of restorations that are over; their acts are late.

    Returns:
        The restoration with the proof, or as it was and the reason.
    """
    names = act.offers | {act.restoration}
    if names & over:
        return Taken(current, "it belongs to a restoration that is over")
    if act.step is None:
        is_this = current is not None and bool(names & current.offers)
        return Taken(None) if is_this else Taken(current, "no such restoration is under way")
    if current is not None and len(current.offers | names) > MOST_OFFERS:
        return Taken(current, "more offers than one restoration can have")
    joined = _joined(_still_meant(current, act, names), names, now)
    if act.step is Step.VERIFY and (reason := _doubt(act, our_fingerprint)):
        return Taken(joined, reason)
    told = replace(
        joined,
        # Whoever gives any proof has offered, even where the offer itself is still on its way.
        theirs=joined.theirs | {Step.OFFER, act.step},
        moved_at=now if act.step not in joined.theirs else joined.moved_at,
    )
    if act.step is Step.LIST and joined.their_list is None:
        told = replace(told, their_list=act.gap)
    if act.step is Step.CONFIRM:
        return _confirmed(joined, told, act, digests)
    return Taken(told)


def is_stale(current: Restoration, now: datetime, patience_s: float) -> bool:
    """Whether a restoration stood still for so long that its proofs prove nothing any more."""
    return (now - current.moved_at).total_seconds() >= patience_s


def is_complete(restoration: Restoration) -> bool:
    """Whether every proof of both sides is there, confirmations included."""
    every = frozenset(Step)
    return restoration.ours == every and restoration.theirs == every


def next_steps(current: Restoration | None) -> tuple[Step, ...]:
    """The proofs that we may give now, in the order in which they are best given."""
    if current is None or Step.OFFER not in current.ours:
        return (Step.OFFER,)
    may_confirm = not missing_before_confirming(current)
    return tuple(
        step
        for step in Step
        if step not in current.ours and (step is not Step.CONFIRM or may_confirm)
    )


def _with_ours(current: Restoration, step: Step, now: datetime) -> Restoration:
    if step in current.ours:
        return current
    return replace(current, ours=current.ours | {step}, moved_at=now)


def _joined(current: Restoration | None, names: frozenset[str], now: datetime) -> Restoration:
    """The restoration an act belongs to; offers that cross are one, under the smaller name."""
    if current is None:
        return Restoration(min(names), names, now, now)
    offers = current.offers | names
    return replace(current, id=min(offers), offers=offers)


def _still_meant(
    current: Restoration | None, act: RestorationAct, names: frozenset[str]
) -> Restoration | None:
    """The restoration under way, unless the other side begins another one.

    A first offer of theirs that crosses ours belongs to it; one after they had joined does
    not: they gave the old one up, and its proofs are of no use to them any more.
    """
    if current is None or act.step is not Step.OFFER or names & current.offers:
        return current
    return None if Step.OFFER in current.theirs else current


def _doubt(act: RestorationAct, our_fingerprint: str) -> str:
    if act.fingerprint != our_fingerprint:
        return "they verified another key than ours; compare fingerprints by voice"
    if act.skew_s is None or abs(act.skew_s) >= CLOCK_WARNS_S:
        return "their clock and ours are too far apart"
    return ""


def _confirmed(
    before: Restoration,
    told: Restoration,
    act: RestorationAct,
    digests: tuple[str, str] | None,
) -> Taken:
    """Their confirmation: it counts once it names both lists as we hold them.

    One that overtook the lists waits with its word and counts when they are there.
    """
    if act.digests is None:
        return Taken(before, "their confirmation names no lists")
    if digests is None:
        return Taken(replace(before, their_word=act.digests))
    # What is ours to us is theirs to them.
    if act.digests != (digests[1], digests[0]):
        return Taken(before, "they confirmed other lists than ours; give the lists again")
    return Taken(replace(told, their_word=act.digests))


def settled(current: Restoration, digests: tuple[str, str] | None, now: datetime) -> Restoration:
    """Count a confirmation that came before the lists it names, now that they are there."""
    word = current.their_word
    if word is None or digests is None or Step.CONFIRM in current.theirs:
        return current
    if word != (digests[1], digests[0]):
        return replace(current, their_word=None)
    return replace(current, theirs=current.theirs | {Step.CONFIRM}, moved_at=now)
