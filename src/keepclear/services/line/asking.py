"""Keep a request with its life; its clock ends by itself and that is put on record."""

from __future__ import annotations

from datetime import datetime, timedelta

from keepclear.contact.asking import due_of, lapsed, state_of
from keepclear.errors import StateForbids
from keepclear.formats.documents.request import stored_request
from keepclear.ledger.entries import EntryKind
from keepclear.model.node import Subject
from keepclear.model.request import Request, RequestAct
from keepclear.ports.store import Declaration, Unit
from keepclear.services.expected import Expected
from keepclear.services.line.keeping import Kept, content_of, keep, line_partner, write
from keepclear.services.node import Node

DEADLINE = "answer"
AHEAD = timedelta(minutes=5)
"""So far ahead of the node's clock a step may lie: clocks of people differ."""
_KINDS = (EntryKind.REQUEST_RECORDED, EntryKind.REQUEST_CHANGED)


def keep_request(node: Node, request: Request, *, expected: Expected, actor: str = "") -> Kept:
    """Keep a request, or what became of it: a step more at the end of its life.

    Raises:
        NotFound: there is no such line.
        StateForbids: a step cannot follow, was taken out, lies ahead, or is the node's alone.
        VersionMismatch, VersionMissing: somebody changed it meanwhile, or nothing was said.
    """

    def work(unit: Unit) -> Kept:
        line_partner(unit, node, request.line)
        current = unit.declaration(Subject.REQUEST, request.id)
        before = None if current is None else stored_request(current.body)
        if current is None or expected == current.version:
            _require_continued(request, before, node.now())
        state_of(request)
        content = content_of(Subject.REQUEST, request.id, node.identity.party, request)
        kept = keep(unit, node, content, _KINDS, expected=expected, actor=actor)
        if kept.changed:
            _arm(unit, request)
        return kept

    kept = node.store.write(work)
    node.ring()
    return kept


def tick_request(unit: Unit, node: Node, current: Declaration, now: datetime) -> None:
    """Put on record that a request was not answered in time."""
    request = stored_request(current.body)
    over = lapsed(request, now)
    if over is None:
        return _arm(unit, request)
    content = content_of(Subject.REQUEST, request.id, current.party, over)
    write(unit, node, content, EntryKind.REQUEST_LAPSED, actor="")
    return _arm(unit, over)


def _arm(unit: Unit, request: Request) -> None:
    due = due_of(request)
    unit.put_deadlines(Subject.REQUEST, request.id, [] if due is None else [(DEADLINE, due)])


def _require_continued(request: Request, before: Request | None, now: datetime) -> None:
    held = () if before is None else before.steps
    if request.steps[: len(held)] != held:
        raise StateForbids(
            "a step of the request was changed or taken out",
            remedy="Read it again and add a step at the end; what was done stays on record.",
        )
    for step in request.steps[len(held) :]:
        if step.act is RequestAct.LAPSE:
            raise StateForbids(
                "only the node says that the clock ended", remedy="Leave the step `lapse` out."
            )
        if not step.role:
            raise StateForbids("a step names no role", remedy="Say as what you are on duty.")
        if step.at > now + AHEAD:
            raise StateForbids(
                f"the step {step.act} lies ahead of the node's clock", remedy="Correct its time."
            )
