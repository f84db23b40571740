"""Give what came over a line to whoever deals with its kind, inside one unit of work."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from keepclear.ports.store import Unit
from keepclear.services.disclosing.answering import take_volume_question
from keepclear.services.disclosing.presence import take_presence
from keepclear.services.disclosing.taking_answers import take_volume_answer
from keepclear.services.disclosing.telling_owner import take_views_told
from keepclear.services.line.checking import look_again, take_check
from keepclear.services.line.messaging_taking import require_ours, take_message
from keepclear.services.line.messaging_told import take_act
from keepclear.services.line.noticing import take_notice
from keepclear.services.line.records import CODES
from keepclear.services.line.records import take as take_record
from keepclear.services.line.restoring import take_restoration
from keepclear.services.line.suspending import take_declaration
from keepclear.services.line.taken import Taken
from keepclear.services.node import Node
from keepclear.services.paper.settling import replace_copy, settle_copies

__all__ = ["Taken", "take"]

_UNKEPT: Mapping[str, Callable[[Unit, Node, Taken], None]] = {
    "M01": take_check,
    "M24": take_restoration,
    "M25": take_act,
    "M30": take_volume_question,
    "M31": take_volume_answer,
    "M32": take_presence,
    "M33": take_views_told,
}
"""Checks, steps of a restoration and acts have records of their own: they wait for nobody."""


def take(unit: Unit, node: Node, taken: Taken) -> None:
    """Take one message in; the same one again changes nothing.

    Raises:
        InvalidInput: it cannot be taken; nothing of it was written.
    """
    require_ours(node, taken)
    code = taken.message.code
    if code in _UNKEPT:
        _UNKEPT[code](unit, node, taken)
        settle_copies(unit, node, taken)
        return
    if replace_copy(unit, node, taken):
        settle_copies(unit, node, taken)
        take_notice(unit, node, taken)
        return
    is_new = unit.message(taken.message.id) is None
    if code == "M23":
        take_declaration(unit, node, taken)
    take_message(unit, node, taken)
    if is_new and code in CODES:
        take_record(unit, node, taken.message)
    if is_new:
        take_notice(unit, node, taken)
    settle_copies(unit, node, taken)
    if code == "M02":  # who is on watch decides whether somebody speaks their language
        look_again(unit, node, taken.line.id, taken.received_at)
