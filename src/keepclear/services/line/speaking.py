"""Messages that the node itself says about a line: checks, declarations, steps of restoring."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from keepclear.canonical import JsonValue
from keepclear.model.line import Line
from keepclear.model.message import Message, Role
from keepclear.model.operation import Precedence
from keepclear.ports.store import Unit
from keepclear.services.line.posting import Posted, post
from keepclear.services.node import Node

_PRECEDENCE = {
    "M01": Precedence.ROUTINE,
    "M23": Precedence.IMMEDIATE,
    "M24": Precedence.PRIORITY,
    "M30": Precedence.ROUTINE,
    "M31": Precedence.ROUTINE,
    "M32": Precedence.ROUTINE,
    "M33": Precedence.ROUTINE,
}


def message_of(
    node: Node,
    line: Line,
    code: str,
    fields: Mapping[str, JsonValue],
    now: datetime,
    *,
    role: str,
    message_id: str = "",
) -> Message:
    """A message about the line itself, to be sent.

    Args:
        node: the node.
        line: on which line.
        code: M01, M23 or M24.
        fields: its own fields.
        now: the present moment.
        role: the role that says it.
        message_id: its UUID where the thing it tells of has one; empty for a new one.
    """
    return Message(
        id=message_id or node.entropy.new_id(),
        code=code,
        version=1,
        line=line.id,
        sender=line.us,
        recipient=line.them,
        from_role=role,
        to_role=Role.DUTY_OFFICER.value,
        mode=line.mode,
        precedence=_PRECEDENCE[code],
        originated_at=now,
        fields=dict(fields),
    )


def say(
    unit: Unit,
    node: Node,
    line: Line,
    code: str,
    fields: Mapping[str, JsonValue],
    now: datetime,
    *,
    role: str,
) -> Posted:
    """Send a message of machines: a check, a step of restoring. It has a record of its own."""
    return post(unit, node, line, message_of(node, line, code, fields, now, role=role))
