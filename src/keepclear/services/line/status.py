"""A line at a glance: what is declared, what is observed, what waits, what may be done.

Source: domain study of keepclear, 5d; design, section 5 (caution while the line is not UP).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from keepclear.contact.caution import NOT_WIDENED
from keepclear.contact.caution import caution_factor as factor_for
from keepclear.contact.gaps import Gap
from keepclear.contact.line_acts import next_acts
from keepclear.contact.line_facts import LineStatus
from keepclear.contact.line_life import derive
from keepclear.contact.restoring import next_steps
from keepclear.model.line import Line, line_id
from keepclear.model.line_standing import LineStanding
from keepclear.model.line_state import Check, Lapse, LineAct, LineState
from keepclear.model.node import Subject
from keepclear.model.restoration import Step
from keepclear.ports.store import View
from keepclear.services.line.checks_kept import check_of
from keepclear.services.line.gap_listing import gap_found
from keepclear.services.line.pairing import lines
from keepclear.services.line.remembering import history_of
from keepclear.services.line.standing import (
    CHECK_DUE,
    agreement_in_force,
    facts_of,
    skew_of,
    standing_of,
)
from keepclear.services.line.traffic import Traffic, traffic_of
from keepclear.services.node import Node


@dataclass(frozen=True, slots=True)
class Silence:
    """How long there was no contact, while the line is lapsed.

    Attributes:
        since: the last contact, as this node knows it; None where it knows of none.
        for_s: how long ago that is.
        datings: what each source says of the last contact; more than one where they differ.
        differ: whether two of them cannot both be right.
    """

    since: datetime | None
    for_s: float | None
    datings: tuple[Lapse, ...]
    differ: bool


@dataclass(frozen=True, slots=True)
class LineReport:
    """A line at a glance.

    Attributes:
        line: which line.
        standing: what is remembered of it.
        status: what follows from that, at this moment.
        since: since when it is in its state.
        last_check: the last check, either way; None for none.
        next_check: when the next check goes out; None where none does.
        skew_s: by how much their clock is ahead of ours; None where it was never seen.
        skew_at: when that was seen.
        traffic: messages that wait.
        caution_factor: by how much own buffers grow towards the party.
        silence: of a lapsed line; None of any other.
        gap: what the gap left, once both sides gave their lists; None before.
        steps: the proofs of a restoration that we may give now.
        acts: what we may declare now.
    """

    line: Line
    standing: LineStanding
    status: LineStatus
    since: datetime
    last_check: Check | None
    next_check: datetime | None
    skew_s: float | None
    skew_at: datetime | None
    traffic: Traffic
    caution_factor: float
    silence: Silence | None
    gap: Gap | None
    steps: tuple[Step, ...]
    acts: tuple[LineAct, ...]


def line_reports(node: Node) -> tuple[LineReport, ...]:
    """Every line of the node at a glance, by id."""
    now = node.now()
    with node.store.view() as view:
        return tuple(line_report(view, each, now) for each in lines(view))


def line_report(view: View, line: Line, now: datetime) -> LineReport:
    """One line at a glance, at one moment."""
    standing = standing_of(view, line)
    status = derive(facts_of(view, line, standing, now), now)
    skew_s, skew_at = skew_of(line, standing)
    is_noted = status.state is standing.state
    silence = _silence(view, line, standing, now) if status.state is LineState.LAPSED else None
    return LineReport(
        line=line,
        standing=standing,
        status=status,
        since=standing.state_since if is_noted else status.since or now,
        last_check=check_of(view, standing.last_check) if standing.last_check else None,
        next_check=_next_check(view, line.id, status),
        skew_s=skew_s,
        skew_at=skew_at,
        traffic=traffic_of(view, line.id),
        caution_factor=factor_for(agreement_in_force(view, line, now), status.state),
        silence=silence,
        gap=_gap(view, standing, now),
        steps=_steps(standing, status.state),
        acts=next_acts(standing.declarations, line.us, status.state, now),
    )


def line_status(view: View, line: Line, now: datetime) -> LineStatus:
    """The derived state of a line, at one moment."""
    return derive(facts_of(view, line, standing_of(view, line), now), now)


def caution_factor(view: View, node: Node, party: str, now: datetime) -> float:
    """The factor by which our buffers grow towards a party: 1 where nothing is widened.

    Args:
        view: the store.
        node: ours.
        party: the other one.
        now: the moment.
    """
    us = node.identity.party
    if party == us:
        return NOT_WIDENED
    wanted = line_id(us, party)
    line = next((each for each in lines(view) if each.id == wanted), None)
    if line is None:
        return NOT_WIDENED
    state = line_status(view, line, now).state
    return factor_for(agreement_in_force(view, line, now), state)


def _next_check(view: View, name: str, status: LineStatus) -> datetime | None:
    due = [each.due for each in view.deadlines(Subject.LINE, name) if each.kind == CHECK_DUE]
    return min(due, default=status.next_due)


def _silence(view: View, line: Line, standing: LineStanding, now: datetime) -> Silence:
    history = history_of(view, line.id, now)
    told = [each.last.latest for each in history.datings if each.last.latest < now]
    known = [at for at in (standing.contact_at, *told) if at is not None]
    since = max(known, default=None)
    for_s = None if since is None else (now - since).total_seconds()
    return Silence(since, for_s, history.datings, history.differ)


def _gap(view: View, standing: LineStanding, now: datetime) -> Gap | None:
    current = standing.restoration
    if current is None or current.our_list is None or current.their_list is None:
        return None
    return gap_found(view, current.our_list, current.their_list, now)


def _steps(standing: LineStanding, state: LineState) -> tuple[Step, ...]:
    if standing.restoration is None and state in {LineState.UP, LineState.CLOSED}:
        return ()
    return next_steps(standing.restoration)
