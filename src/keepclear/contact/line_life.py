"""The state of a line, derived from what was declared and what was observed.

Nothing here is remembered but facts: whoever holds the same facts derives the same state at
the same moment. More silence never gives a better state, and a suspension hides nothing: what
is observed stands beside it.

Source: domain study of keepclear, 5d (line life).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from keepclear.contact.checks import missed_at, next_due
from keepclear.contact.line_facts import (
    ChannelStatus,
    Heard,
    LineFacts,
    LineStatus,
    heard_of,
    last_of,
    later_of,
)
from keepclear.contact.line_weaknesses import (
    cause_of,
    cautions_of,
    lapse_reasons,
    observed_of,
    weaknesses,
)
from keepclear.contact.line_words import Word, stopped_since, suspension_of, told, word_of
from keepclear.model.line_standing import ChannelFacts
from keepclear.model.line_state import CauseCode, DeclaredState, LineState

NO_AGREEMENT = "no agreement is in force"


class Found(NamedTuple):
    """A derived state.

    Attributes:
        state: which.
        since: since when, where the facts name a moment.
        reasons: why it is not UP.
    """

    state: LineState
    since: datetime | None
    reasons: tuple[str, ...]


def derive(facts: LineFacts, now: datetime) -> LineStatus:
    """The state of a line at one moment.

    Args:
        facts: what is known.
        now: the moment; declarations that are not in effect yet do not count.
    """
    words = {party: word_of(facts.declarations, party, now) for party in (facts.us, facts.them)}
    known = _as_checked(facts, words)
    heard = heard_of(known, now)
    lapsed_at = facts.lapsed_at or _lapse_of(known, heard, now)
    found = _stopped(known, words, now) or _running(known, heard, lapsed_at)
    shown = suspension_of(words.values())
    cause = cause_of(known, heard)
    if found.state is LineState.LAPSED and cause is None:
        cause = CauseCode.UNKNOWN
    return LineStatus(
        state=found.state,
        since=found.since,
        reasons=found.reasons,
        cautions=cautions_of(known, heard, found.state, is_lapsed=lapsed_at is not None),
        cause=cause,
        declared_us=words[facts.us].state,
        declared_them=words[facts.them].state,
        scope=shown.scope if shown else None,
        residue=shown.residue if shown else "",
        channels=tuple(_channel(known, each, now) for each in facts.channels),
        missed=heard.missed,
        one_way=heard.is_one_way,
        last_answered_at=heard.answered_at,
        next_due=next_due(known.plan, now),
    )


def changes_after(facts: LineFacts, now: datetime) -> datetime | None:
    """The next moment at which silence alone can change the state; None for never."""
    words = {party: word_of(facts.declarations, party, now) for party in (facts.us, facts.them)}
    known = _as_checked(facts, words)
    heard = heard_of(known, now)
    answered = later_of(heard.answered_at, facts.opened_at)
    reached = later_of(heard.reached_at, facts.opened_at)
    patience = timedelta(seconds=facts.plan.lapse_after_s)
    moments = [
        missed_at(known.plan, answered, 1),
        missed_at(known.plan, reached, 1),
        missed_at(known.plan, max(answered, reached), facts.plan.lapse_after_missed),
        later_of(facts.contact_at, facts.opened_at) + patience,
        facts.restoring_at and facts.restoring_at + patience,
        facts.agreed_until,
        *(each.effective_at for each in facts.declarations),
    ]
    return min((each for each in moments if each is not None and each > now), default=None)


def is_kept_alive(facts: LineFacts, now: datetime) -> bool:
    """Whether checks go out once a day only, because the line is lapsed or stopped."""
    words = [word_of(facts.declarations, party, now) for party in (facts.us, facts.them)]
    return facts.lapsed_at is not None or any(word.stops for word in words)


def _as_checked(facts: LineFacts, words: Mapping[str, Word]) -> LineFacts:
    """The facts with the plan by which checks go out: once a day on a line that is down."""
    if facts.lapsed_at is None and not any(word.stops for word in words.values()):
        return facts
    daily = tuple(sorted(facts.plan.times_z)[:1])
    return replace(facts, plan=replace(facts.plan, times_z=daily))


def _stopped(facts: LineFacts, words: Mapping[str, Word], now: datetime) -> Found | None:
    """The state that agreement and declarations give, whatever is observed; None for none."""
    if facts.agreed_until is None or facts.agreed_until <= now:
        return Found(LineState.CLOSED, facts.agreed_until, (NO_AGREEMENT,))
    said, since = told(words.values()), stopped_since(words.values())
    if all(word.state is DeclaredState.CLOSED for word in words.values()):
        return Found(LineState.CLOSED, since, said)
    if _is_recent(facts, facts.restoring_at, now):
        return Found(LineState.RESTORING, facts.restoring_at, ("it is being restored", *said))
    return None if since is None else _suspended(facts, since, said, now)


def _suspended(facts: LineFacts, since: datetime, said: tuple[str, ...], now: datetime) -> Found:
    """A suspension, and whether there was contact after it and not long ago."""
    is_after = facts.contact_at is not None and facts.contact_at > since
    if is_after and _is_recent(facts, facts.contact_at, now):
        return Found(LineState.SUSPENDED_BUT_ANSWERING, since, (*said, "and yet it answers"))
    return Found(LineState.SUSPENDED, since, said)


def _running(facts: LineFacts, heard: Heard, lapsed_at: datetime | None) -> Found:
    """The state that observation gives."""
    if lapsed_at is not None:
        return Found(LineState.LAPSED, lapsed_at, lapse_reasons(facts, heard))
    weak = weaknesses(facts, heard)
    return Found(LineState.DEGRADED if weak else LineState.UP, None, weak)


def _lapse_of(facts: LineFacts, heard: Heard, now: datetime) -> datetime | None:
    """When silence became a lapse; None where it is none."""
    found: list[datetime | None] = []
    if heard.missed >= facts.plan.lapse_after_missed:
        last = later_of(last_of(heard.answered_at, heard.reached_at), facts.opened_at)
        found.append(missed_at(facts.plan, last, facts.plan.lapse_after_missed))
    contact = later_of(facts.contact_at, facts.opened_at)
    over = contact + timedelta(seconds=facts.plan.lapse_after_s)
    if over <= now:
        found.append(over)
    return min((each for each in found if each is not None), default=None)


def _is_recent(facts: LineFacts, moment: datetime | None, now: datetime) -> bool:
    """Whether something was so lately that its silence since is no lapse."""
    return moment is not None and now - moment < timedelta(seconds=facts.plan.lapse_after_s)


def _channel(facts: LineFacts, one: ChannelFacts, now: datetime) -> ChannelStatus:
    name = one.channel.id
    return ChannelStatus(
        facts=one,
        declared_us=word_of(facts.declarations, facts.us, now, name).state,
        declared_them=word_of(facts.declarations, facts.them, now, name).state,
        observed=observed_of(facts, one, now),
    )
