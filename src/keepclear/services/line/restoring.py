"""Restore a line with the other side: offer, test both ways, verify, list what is open, confirm.

Source: domain study of keepclear, 5d (RESTORING) and 1.4.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from keepclear.canonical import JsonValue
from keepclear.contact import restoring as machine
from keepclear.contact.line_acts import require_may_restore
from keepclear.contact.line_words import word_of
from keepclear.errors import StateForbids
from keepclear.formats.documents.line import act_fields, act_of, gap_digest
from keepclear.formats.times import iso_text
from keepclear.identity.fingerprints import key_id
from keepclear.ledger.entries import EntryKind
from keepclear.model.line import Line
from keepclear.model.line_standing import LineStanding
from keepclear.model.line_state import LineAct, LineDeclaration, LineState, Scope
from keepclear.model.message import Role
from keepclear.model.restoration import Restoration, RestorationAct, Step
from keepclear.ports.store import Unit
from keepclear.services.line.gap_listing import gap_list
from keepclear.services.line.pairing import line_of
from keepclear.services.line.sending_checks import send_check
from keepclear.services.line.speaking import say
from keepclear.services.line.standing import facts_of, note, settle, standing_of
from keepclear.services.line.taken import Taken
from keepclear.services.node import Node

MOST_OVER = 50
"""So many restorations that are over are remembered, so that their late acts are known."""


def restore_line(
    node: Node, line_id: str, step: Step, *, role: str = Role.DUTY_OFFICER.value, actor: str = ""
) -> LineStanding:
    """Give one proof of ours; one that was given stands, and nothing happens.

    A test is proved when its check is answered; until then it is under way.

    Args:
        node: the node.
        line_id: which line.
        step: which proof.
        role: the role that gives it.
        actor: who gives it.

    Raises:
        NotFound: there is no such line.
        NotPermitted: the role may not.
        StateForbids: the line needs no restoring, or a proof comes before those it rests on.
    """
    require_may_restore(role)

    def work(unit: Unit) -> LineStanding:
        now = node.now()
        line = line_of(unit, line_id)
        standing = without_stale(unit, node, line, standing_of(unit, line), now)
        if _is_given(standing.restoration, step):
            return standing
        changed = _with_step(unit, node, line, standing, step, now, role=role, actor=actor)
        return _finished(unit, node, line, changed, now, actor=actor)

    restored = node.store.write(work)
    node.ring()
    return restored


def break_off(
    node: Node, line_id: str, reason: str, *, role: str = Role.DUTY_OFFICER.value, actor: str = ""
) -> LineStanding:
    """Break a restoration off, and tell the other side; the line stays as it was before.

    Raises:
        NotFound: there is no such line.
        NotPermitted: the role may not.
        StateForbids: no restoration is under way.
    """
    require_may_restore(role)

    def work(unit: Unit) -> LineStanding:
        now = node.now()
        line = line_of(unit, line_id)
        standing = standing_of(unit, line)
        if standing.restoration is None:
            raise StateForbids("no restoration is under way", remedy="There is nothing to end.")
        act = _act(standing.restoration, None, role=role, reason=reason)
        _tell(unit, node, line, act, now, kind=EntryKind.LINE_RESTORATION_ENDED, actor=actor)
        return settle(unit, node, line, _without(standing), now, actor=actor)

    ended = node.store.write(work)
    node.ring()
    return ended


def take_restoration(unit: Unit, node: Node, taken: Taken) -> None:
    """Take a step of the other side (M24); late, early or twice, it does no harm.

    Raises:
        InvalidMessage: its fields are none of M24.
    """
    act = act_of(taken.message.fields)
    line = line_of(unit, taken.line.id)
    now = taken.received_at
    standing = without_stale(unit, node, line, standing_of(unit, line), now)
    heard = machine.heard(
        standing.restoration,
        act,
        now,
        our_fingerprint="" if node.certificate is None else node.certificate.root_id,
        digests=_digests(standing.restoration),
        over=frozenset(standing.over),
    )
    kind = EntryKind.LINE_RESTORATION_DOUBTED if heard.reason else EntryKind.LINE_RESTORATION_STEP
    body = {**act_fields(act, now), "party": line.them}
    note(unit, node, line, kind, body, now, actor=line.them, why=heard.reason)
    if heard.restoration is None and standing.restoration is not None:
        settle(unit, node, line, _without(standing), now)
        return
    if _is_another(standing.restoration, heard.restoration):
        standing = _without(standing)
    _finished(unit, node, line, replace(standing, restoration=heard.restoration), now)


def without_stale(
    unit: Unit, node: Node, line: Line, standing: LineStanding, now: datetime
) -> LineStanding:
    """What is remembered of a line, without a restoration that stood still for too long."""
    current = standing.restoration
    patience_s = facts_of(unit, line, standing, now).plan.lapse_after_s
    if current is None or not machine.is_stale(current, now, patience_s):
        return standing
    body: dict[str, JsonValue] = {"restoration": current.id, "moved_at": iso_text(current.moved_at)}
    kind = EntryKind.LINE_RESTORATION_ENDED
    note(unit, node, line, kind, body, now, why="it stood still for too long")
    return _without(standing)


def with_proof(
    unit: Unit, node: Node, line: Line, standing: LineStanding, check_id: str, now: datetime
) -> LineStanding:
    """What is remembered of a line when a check was answered: it may be a restoration's test."""
    current = standing.restoration
    if current is None or current.tested_with != check_id:
        return standing
    proved = machine.tested(current, now)
    act = _act(proved, Step.TEST, role=Role.DUTY_OFFICER.value, check=check_id)
    _tell(unit, node, line, act, now)
    return replace(standing, restoration=proved)


def _with_step(
    unit: Unit,
    node: Node,
    line: Line,
    standing: LineStanding,
    step: Step,
    now: datetime,
    *,
    role: str,
    actor: str,
) -> LineStanding:
    """What is remembered once our side took a step."""
    if step is Step.OFFER:
        return _offered(unit, node, line, standing, now, role=role, actor=actor)
    current = machine.require_next(standing.restoration, step)
    if step is Step.TEST:
        return _testing(unit, node, line, standing, current, now, actor=actor)
    act = _act(current, step, role=role)
    if step is Step.VERIFY:
        theirs = key_id(line.peer.root_public_key)
        machine.require_verifiable(theirs, standing.skew_s)
        act = replace(act, fingerprint=theirs, skew_s=standing.skew_s)
    if step is Step.LIST:
        act = replace(act, gap=current.our_list or gap_list(unit, node, line, now))
    if step is Step.CONFIRM:
        act = replace(act, digests=_digests(current))
    given = machine.given(current, act, now)
    _tell(unit, node, line, act, now, actor=actor)
    return replace(standing, restoration=given)


def _offered(
    unit: Unit,
    node: Node,
    line: Line,
    standing: LineStanding,
    now: datetime,
    *,
    role: str,
    actor: str,
) -> LineStanding:
    if standing.restoration is None and standing.state in {LineState.UP, LineState.CLOSED}:
        raise StateForbids(
            f"the line is {standing.state}; there is nothing to restore",
            remedy="Look at the line's state.",
        )
    offered = machine.offered(standing.restoration, node.entropy.new_id(), now)
    _tell(unit, node, line, _act(offered, Step.OFFER, role=role), now, actor=actor)
    return replace(standing, restoration=offered)


def _testing(
    unit: Unit,
    node: Node,
    line: Line,
    standing: LineStanding,
    current: Restoration,
    now: datetime,
    *,
    actor: str,
) -> LineStanding:
    """Send the check that is the test; one that is under way is waited for."""
    if current.tested_with in standing.waiting:
        return standing
    asked, check = send_check(unit, node, line, standing, now, actor=actor)
    return replace(asked, restoration=replace(current, tested_with=check.id))


def _finished(
    unit: Unit, node: Node, line: Line, standing: LineStanding, now: datetime, *, actor: str = ""
) -> LineStanding:
    """Keep where a restoration stands; where every proof is there, the line is restored."""
    current = standing.restoration
    if current is not None:
        current = machine.settled(current, _digests(current), now)
        standing = replace(standing, restoration=current)
    if current is None or not machine.is_complete(current):
        return settle(unit, node, line, standing, now, actor=actor)
    body: dict[str, JsonValue] = {
        "restoration": current.id,
        "begun_at": iso_text(current.begun_at),
        "parties": list(line.parties),
    }
    note(unit, node, line, EntryKind.LINE_RESTORED, body, now, actor=actor)
    resumed = tuple(
        _resumed(node, party, now)
        for party in line.parties
        if word_of(standing.declarations, party, now).stops
    )
    up_again = replace(
        _without(standing),
        opened_at=now,
        contact_at=now,
        lapsed_at=None,
        declarations=(*standing.declarations, *resumed),
    )
    return settle(unit, node, line, up_again, now, actor=actor)


def _resumed(node: Node, party: str, now: datetime) -> LineDeclaration:
    """What a party's confirmation of a restoration says besides: its suspension is over."""
    return LineDeclaration(
        id=node.entropy.new_id(),
        party=party,
        act=LineAct.RESUME,
        scope=Scope.ALL,
        residue="",
        effective_at=now,
        declared_at=now,
        reason="restored, confirmed by both sides",
    )


def _without(standing: LineStanding) -> LineStanding:
    """What is remembered once a restoration is over, in whichever way."""
    offers = () if standing.restoration is None else sorted(standing.restoration.offers)
    return replace(standing, restoration=None, over=(*standing.over, *offers)[-MOST_OVER:])


def _is_another(before: Restoration | None, after: Restoration | None) -> bool:
    """Whether the other side began a new restoration in place of the one under way."""
    return before is not None and after is not None and not before.offers & after.offers


def _is_given(current: Restoration | None, step: Step) -> bool:
    return current is not None and step in current.ours


def _digests(current: Restoration | None) -> tuple[str, str] | None:
    """Digests of our list and of theirs; None while one is not there."""
    if current is None or current.our_list is None or current.their_list is None:
        return None
    return gap_digest(current.our_list), gap_digest(current.their_list)


def _act(
    current: Restoration, step: Step | None, *, role: str, reason: str = "", check: str = ""
) -> RestorationAct:
    return RestorationAct(step, current.id, current.offers, role=role, reason=reason, check=check)


def _tell(
    unit: Unit,
    node: Node,
    line: Line,
    act: RestorationAct,
    now: datetime,
    *,
    kind: EntryKind = EntryKind.LINE_RESTORATION_STEP,
    actor: str = "",
) -> None:
    """Send an act of ours, and put it into the ledger."""
    fields = act_fields(act, now)
    say(unit, node, line, "M24", fields, now, role=act.role)
    note(unit, node, line, kind, {**fields, "party": line.us}, now, actor=actor)
