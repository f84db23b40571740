"""Why a line is not UP, in sentences for a person, and what its channels show.

Source: domain study of keepclear, 5d (DEGRADED: one due check missed, one way only, latency
high, alternate in use, no linguist, or clock skew above 2 s).
"""

from __future__ import annotations

from datetime import datetime

from keepclear.contact.checks import CLOCK_DEGRADES_S, CLOCK_WARNS_S, finding_of, missed
from keepclear.contact.line_facts import Heard, LineFacts, later_of
from keepclear.model.channel import ChannelKind, ChannelOrder
from keepclear.model.line_standing import ChannelFacts
from keepclear.model.line_state import CauseCode, CheckResult, LineState, ObservedState

SLOW_S = 10.0
"""A round trip longer than this could not carry a FLASH in its time."""


def weaknesses(facts: LineFacts, heard: Heard) -> tuple[str, ...]:
    """Everything for which a line that is neither suspended nor lapsed is not UP."""
    return (
        *_of_checks(heard),
        *_of_primary(facts),
        *_of_messages_and_people(facts),
    )


def _of_checks(heard: Heard) -> list[str]:
    if heard.answered_at is None and heard.reached_at is None:
        return ["the line was never tested"]
    if heard.answered_at is None:
        return ["one way only: our check was never answered"]
    if heard.reached_at is None:
        return ["one way only: their check never came"]
    if heard.missed:
        return ["the last due check was not answered"]
    if heard.is_one_way:
        way = "our check was not answered" if heard.unanswered else "their check did not come"
        return [f"one way only: {way}"]
    return []


def _of_primary(facts: LineFacts) -> list[str]:
    primary = next((c for c in facts.channels if c.channel.order is ChannelOrder.PRIMARY), None)
    if primary is None:
        return []
    told = []
    if primary.failed and _is_elsewhere(facts, primary):
        told.append(f"{primary.channel.id} does not answer; an alternate channel is in use")
    if primary.round_trip_s is not None and primary.round_trip_s > SLOW_S:
        told.append(f"slow: a check took {primary.round_trip_s:.0f} s there and back")
    return told


def _of_messages_and_people(facts: LineFacts) -> list[str]:
    told = []
    if facts.overdue:
        told.append(f"FLASH or IMMEDIATE messages wait for longer than agreed: {facts.overdue}")
    if facts.skew_s is not None and abs(facts.skew_s) > CLOCK_DEGRADES_S:
        told.append(f"the clocks differ by {abs(facts.skew_s):.1f} s")
    if not facts.has_linguist:
        told.append("no certified linguist on watch, and no language in common")
    return told


def _is_elsewhere(facts: LineFacts, primary: ChannelFacts) -> bool:
    """Whether another channel answered after the primary one was last asked in vain."""
    asked = primary.asked_at or facts.opened_at
    others = (each for each in facts.channels if each is not primary)
    return any(each.answered_at is not None and each.answered_at >= asked for each in others)


def lapse_reasons(facts: LineFacts, heard: Heard) -> tuple[str, ...]:
    """What is known of a lapse."""
    told = [finding_of(CheckResult.NOT_ANSWERED, cause_of(facts, heard))]
    if heard.missed:
        told.append(f"due checks in a row that went by: {heard.missed}")
    if facts.lapsed_at and facts.contact_at and facts.contact_at > facts.lapsed_at:
        told.append("there is contact again; both sides restore the line together")
    return tuple(told)


def cause_of(facts: LineFacts, heard: Heard) -> CauseCode | None:
    """Why checks were not answered, as was last said of one; None where none went by."""
    if not heard.unanswered and facts.lapsed_at is None:
        return None
    failed = [each for each in facts.channels if each.failed and each.asked_at is not None]
    last = max(failed, key=lambda each: each.asked_at or facts.opened_at, default=None)
    return CauseCode.UNKNOWN if last is None else last.cause


def cautions_of(
    facts: LineFacts, heard: Heard, state: LineState, *, is_lapsed: bool
) -> tuple[str, ...]:
    """What a person should know besides; a suspension never hides what the checks show."""
    told: list[str] = []
    if facts.skew_s is not None and abs(facts.skew_s) >= CLOCK_WARNS_S:
        told.append(f"clock doubtful: theirs and ours are {abs(facts.skew_s):.0f} s apart")
    if state.widens:
        told.append("own buffers are widened as agreed; their last notices are shown with age")
        told.append(
            "FLASH is sent all the same"
            if state.takes_flash
            else "nothing is sent on a closed line"
        )
    if state not in {LineState.UP, LineState.DEGRADED, LineState.LAPSED}:
        told.extend(weaknesses(facts, heard))
        if is_lapsed:
            told.extend(lapse_reasons(facts, heard))
    return tuple(dict.fromkeys(told))


def observed_of(facts: LineFacts, one: ChannelFacts, now: datetime) -> ObservedState:
    """What the checks of one channel show.

    The network is checked by both nodes at every due time; over any other channel a person
    who was answered has proved both ways.
    """
    if one.asked_at is None and one.reached_at is None:
        return ObservedState.NOT_TRIED
    answers = one.answered_at is not None and not one.failed
    reaches = one.reached_at is not None
    if one.channel.kind is not ChannelKind.NETWORK:
        return ObservedState.ANSWERING if answers or reaches else ObservedState.SILENT
    plan, opened = facts.plan, facts.opened_at
    answers = answers and not missed(plan, later_of(one.answered_at, opened), now)
    reaches = reaches and not missed(plan, later_of(one.reached_at, opened), now)
    if answers and reaches:
        return ObservedState.ANSWERING
    return ObservedState.ONE_WAY if answers or reaches else ObservedState.SILENT
