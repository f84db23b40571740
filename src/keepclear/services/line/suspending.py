"""Declare a line suspended, resumed, changed or closed; take the other side's word for theirs.

Nothing is hidden and nothing deleted by it: their last notices stay, with their age.

Source: domain study of keepclear, 5d (SUSPENDED: declared, scope, from when, safety residue).
"""

from __future__ import annotations

from dataclasses import replace

from keepclear.contact.line_acts import require_next_word
from keepclear.formats.documents.line import (
    LineDeclarationDocument,
    declaration_fields,
    declaration_of,
    declared_by,
)
from keepclear.formats.documents.plain import plain_document
from keepclear.ledger.entries import EntryKind
from keepclear.model.channel import ChannelOrder
from keepclear.model.line import Line
from keepclear.model.line_standing import ChannelFacts, LineStanding
from keepclear.model.line_state import LineAct, LineDeclaration
from keepclear.ports.store import Unit
from keepclear.services.line.messaging_releasing import Releasing, send
from keepclear.services.line.pairing import line_of
from keepclear.services.line.speaking import message_of
from keepclear.services.line.standing import note, settle, standing_of
from keepclear.services.line.taken import Taken
from keepclear.services.node import Node

MOST_KEPT = 50
"""So many declarations are remembered with the line; the ledger has all of them."""


def declare_line(
    node: Node,
    line_id: str,
    declaration_id: str,
    document: LineDeclarationDocument,
    *,
    actor: str = "",
) -> LineDeclaration:
    """Declare something of a line in our name, and tell the other side.

    The same declaration again changes nothing.

    Args:
        node: the node.
        line_id: which line.
        declaration_id: a UUID the caller drew; also the id of the message that tells it.
        document: what is declared.
        actor: who declares.

    Raises:
        NotFound: there is no such line.
        NotPermitted: the role may not, or a second person is missing.
        StateForbids: the line is closed, or nothing was suspended that could be resumed.
    """

    def work(unit: Unit) -> LineDeclaration:
        now = node.now()
        line = line_of(unit, line_id)
        standing = standing_of(unit, line)
        known = _held(standing, declaration_id)
        if known is not None:
            return known
        fresh = declared_by(document, declaration_id=declaration_id, party=line.us, at=now)
        require_next_word(standing.declarations, fresh, standing.state)
        fields = declaration_fields(fresh)
        message = message_of(node, line, "M23", fields, now, role=fresh.role, message_id=fresh.id)
        releasing = Releasing(fresh.id, fresh.role, actor, document.second, fresh.reason)
        send(unit, node, message, releasing)
        why = f"confirmed by {document.second}"
        _keep(unit, node, line, standing, fresh, actor=actor, why=why)
        return fresh

    declared = node.store.write(work)
    node.ring()
    return declared


def take_declaration(unit: Unit, node: Node, taken: Taken) -> None:
    """Take what the other side declares of the line (M23); the same again changes nothing.

    Raises:
        InvalidMessage: its fields are none of M23.
    """
    line = line_of(unit, taken.line.id)
    message = taken.message
    fresh = declaration_of(
        message.fields,
        message_id=message.id,
        party=line.them,
        role=message.from_role,
        at=message.originated_at,
    )
    standing = standing_of(unit, line)
    if _held(standing, fresh.id) is None:
        _keep(unit, node, line, standing, fresh)


def _keep(
    unit: Unit,
    node: Node,
    line: Line,
    standing: LineStanding,
    fresh: LineDeclaration,
    *,
    actor: str = "",
    why: str = "",
) -> None:
    now = node.now()
    body = plain_document(fresh)
    note(unit, node, line, EntryKind.LINE_DECLARED, body, now, actor=actor, why=why)
    changed = replace(standing, declarations=(*standing.declarations, fresh)[-MOST_KEPT:])
    if fresh.act is LineAct.SUSPEND and not fresh.channel:
        # Who suspends does not restore at the same time; what was proved is proved anew.
        over = () if standing.restoration is None else tuple(sorted(standing.restoration.offers))
        changed = replace(changed, restoration=None, over=(*standing.over, *over))
    if fresh.act is LineAct.CHANGE_CHANNEL:
        changed = replace(changed, channels=_led_by(standing.channels, fresh.channel))
    settle(unit, node, line, changed, now, actor=actor)


def _led_by(channels: tuple[ChannelFacts, ...], first: str) -> tuple[ChannelFacts, ...]:
    """The channels with another one tried first."""
    return tuple(
        replace(
            each,
            channel=replace(
                each.channel,
                order=ChannelOrder.PRIMARY if each.channel.id == first else ChannelOrder.ALTERNATE,
            ),
        )
        for each in channels
    )


def _held(standing: LineStanding, declaration_id: str) -> LineDeclaration | None:
    return next((each for each in standing.declarations if each.id == declaration_id), None)
