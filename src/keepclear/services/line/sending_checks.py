"""Send a check over the network; its reply comes as a message of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from keepclear.contact.check_texts import text_for
from keepclear.contact.checks import number_of
from keepclear.formats.documents.check import asking_fields
from keepclear.ledger.entries import EntryKind
from keepclear.model.line import NETWORK, Line
from keepclear.model.line_standing import LineStanding
from keepclear.model.line_state import Check
from keepclear.ports.store import Unit
from keepclear.services.line.checks_kept import keep_check
from keepclear.services.line.speaking import say
from keepclear.services.line.standing import facts_of
from keepclear.services.line.watches_seen import role_on_duty
from keepclear.services.node import Node


def send_check(
    unit: Unit,
    node: Node,
    line: Line,
    standing: LineStanding,
    now: datetime,
    *,
    check_id: str = "",
    due: datetime | None = None,
    actor: str = "",
) -> tuple[LineStanding, Check]:
    """Send a check over the network; the caller settles the line afterwards.

    Args:
        unit: the unit of work.
        node: the node.
        line: which line.
        standing: what is remembered of it.
        now: the present moment.
        check_id: its UUID; empty for a new one.
        due: the due time it is for; None for one ad hoc.
        actor: who had it sent; empty for the node itself.
    """
    name = check_id or node.entropy.new_id()
    plan = facts_of(unit, line, standing, now).plan
    turn = number_of(plan, due) if due is not None else sum(name.encode())
    text = text_for(turn)
    check = Check(
        id=name,
        line=line.id,
        outgoing=True,
        channel=NETWORK,
        at=now,
        text=text.text,
        language=text.language,
        expected=text.expected,
        due=due,
    )
    role = role_on_duty(unit, line.us)
    say(
        unit,
        node,
        line,
        "M01",
        asking_fields(check),
        now,
        role=role,
    )
    keep_check(unit, node, check, EntryKind.CHECK_ASKED, actor=actor)
    channel = replace(standing.channel(NETWORK), asked_at=now)
    asked = replace(
        standing.with_channel(channel),
        waiting=(*standing.waiting, check.id),
        last_check=check.id,
        checked_due=due or standing.checked_due,
    )
    return asked, check
