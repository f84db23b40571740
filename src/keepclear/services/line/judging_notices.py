"""Is a notice on a line of use as a notice: told in time, small and precise enough?

The agreement's lead times and size limits say so, for theirs and for ours alike. A notice is
taken in any case; INSUFFICIENT is a formal answer, drafted for a person to release.

Source: domain study of keepclear, 0.5, 1.5 (20 minutes' notice of a very large box) and 5h.3.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from keepclear.deconflict.findings import findings_of
from keepclear.errors import InvalidInput, NotFound, StateForbids
from keepclear.formats.times import dtg_or_iso
from keepclear.model.agreement import Agreement
from keepclear.model.answer import Finding, FindingKind
from keepclear.model.message import Message
from keepclear.model.operation import (
    Operation,
    OperationCategory,
    OperationClass,
    Source,
    SourceKind,
)
from keepclear.ports.line_store import MessageQuery
from keepclear.ports.store import View
from keepclear.services.expected import NEW
from keepclear.services.line.messaging import Held, find, held, held_of, save_draft
from keepclear.services.line.noticing import volumes_of
from keepclear.services.line.pairing import agreement_of, line_of
from keepclear.services.node import Node

NOTICES: Final = frozenset({"M03", "M04"})
_ANSWERS: Final = uuid.UUID("3a4f2f52-7f0c-4d0f-9a43-8f0e3f1b6c20")
_PAGE: Final = 200
_MOST: Final = 2_000
_LONGEST: Final = 280
_PROPOSALS: Final = {
    FindingKind.TOO_LATE: "tell us as early as the agreement asks",
    FindingKind.TOO_BIG: "divide it into smaller volumes with their own times",
    FindingKind.TOO_VAGUE: "say it more exactly, with a contact",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the agreement says of a notice.

    Attributes:
        message: its id.
        code: M03 or M04.
        line: on which line.
        is_ours: whether we told it, or are about to.
        designator: of the operation.
        told_at: when it was told, or would be now.
        starts_at: when what it tells of begins.
        agreement: which agreement was applied, and its version.
        findings: what is wrong with it as a notice; empty where nothing is.
        answer: the id of the draft that answers it; empty where none was drafted.
    """

    message: str
    code: str
    line: str
    is_ours: bool
    designator: str
    told_at: datetime
    starts_at: datetime
    agreement: str
    findings: tuple[Finding, ...]
    answer: str = ""

    @property
    def is_insufficient(self) -> bool:
        """Whether it may rightly be answered that the notice does not suffice."""
        return bool(self.findings)


def judge_notice(node: Node, message_id: str) -> Judgement:
    """What the agreement says of one notice: ours, also before it is released, or theirs.

    Raises:
        NotFound: there is no such message, or no agreement binds its line.
        StateForbids: it is no notice of an operation.
        InvalidInput: it holds no volume that can be used.
    """
    with node.store.view() as view:
        return _judged(node, view, held(view, message_id))


def insufficient_notices(
    node: Node, *, line: str = "", outgoing: bool | None = None
) -> tuple[Judgement, ...]:
    """Open notices that do not suffice, the newest first."""
    query = MessageQuery(line=line, codes=NOTICES, outgoing=outgoing, open_only=False)
    found: list[Judgement] = []
    with node.store.view() as view:
        for each in _every(view, query):
            try:
                judged = _judged(node, view, each)
            except (InvalidInput, NotFound, StateForbids):
                continue  # what cannot be read is told beside the message itself
            if judged.is_insufficient:
                found.append(judged)
    return tuple(found)


def draft_answer(node: Node, message_id: str) -> Held:
    """Draft the formal answer to an insufficient notice of theirs (M20); again changes nothing.

    Nobody is told before a person releases it.

    Raises:
        NotFound: there is no such message.
        StateForbids: it is ours, no notice, or suffices.
        InvalidInput: it holds no volume that can be used.
    """
    judged = judge_notice(node, message_id)
    if judged.is_ours:
        raise StateForbids("the notice is ours", remedy="Release a better one that supersedes it.")
    if not judged.is_insufficient:
        raise StateForbids("the notice suffices by the agreement", remedy="Acknowledge it.")
    answer_id = answer_to(message_id)
    with node.store.view() as view:
        if (before := find(view, answer_id)) is not None:
            return before
        carried = view.envelope_of(message_id, outgoing=False)
    reasons = "; ".join(f"{each.kind}: {each.reason}" for each in judged.findings)
    proposals = {_PROPOSALS[each.kind]: None for each in judged.findings}
    fields = {
        "rule": f"notice of {judged.agreement}"[:80],
        "occurrences": "1",
        "definition": f"INSUFFICIENT notice of {judged.designator}: {reasons}"[:_LONGEST],
        "dataset_hash": "0" * 64 if carried is None else carried.hash.hex(),
        "proposal": f"Please {', and '.join(proposals)}."[:_LONGEST],
    }
    remark = (
        f"Your {judged.code} told {dtg_or_iso(judged.told_at)} of what starts "
        f"{dtg_or_iso(judged.starts_at)}. It is taken and compared all the same."
    )
    document = {
        "code": "M20",
        "line": judged.line,
        "refs": [message_id],
        "fields": fields,
        "remark": remark[:_LONGEST],
        "precedence": "PRIORITY",
    }
    return save_draft(node, answer_id, document, expected=NEW)


def answer_to(message_id: str) -> str:
    """The id of the draft that answers a notice."""
    return str(uuid.uuid5(_ANSWERS, message_id))


def _every(view: View, query: MessageQuery) -> Iterator[Held]:
    cursor, count = "", 0
    while count < _MOST:
        page = view.messages(query, cursor=cursor, limit=_PAGE)
        yield from (held_of(each) for each in page.items)
        count += len(page.items)
        cursor = page.following
        if not cursor:
            return


def _judged(node: Node, view: View, found: Held) -> Judgement:
    message, stored, now = found.message, found.stored, node.now()
    if message.code not in NOTICES or not message.fields.get("volumes"):
        raise StateForbids(f"{message.code} is no notice with volumes", remedy="Judge an M03.")
    line = line_of(view, message.line)
    agreement = agreement_of(view, line.agreement_id, now)
    life = found.life
    told_at = (life.released_at if stored.outgoing else life.delivered_at) or now
    operation = _operation(view, message, told_at, stored.serial)
    answer = answer_to(message.id)
    return Judgement(
        message=message.id,
        code=message.code,
        line=message.line,
        is_ours=stored.outgoing,
        designator=operation.designator,
        told_at=told_at,
        starts_at=min(each.window.start for each in operation.volumes),
        agreement=f"{agreement.id} version {agreement.version}",
        findings=_findings(node, operation, agreement),
        answer="" if view.message(answer) is None else answer,
    )


def _findings(node: Node, operation: Operation, agreement: Agreement) -> tuple[Finding, ...]:
    return findings_of(operation, node.pack([operation]), agreement)


def _operation(view: View, message: Message, told_at: datetime, serial: int | None) -> Operation:
    fields, named = message.fields, message.fields["operation"]
    known = view.operation(named["id"])
    before = None if known is None else known.operation
    class_word = fields.get("class") or (before.operation_class.value if before else "manned")
    return Operation(
        id=named["id"],
        party=message.sender,
        designator=named.get("designator", ""),
        operation_class=OperationClass(class_word),
        volumes=volumes_of(fields["volumes"]),
        mode=message.mode,
        source=Source(SourceKind.LINE, message.line, f"serial {serial or 0}"),
        received_at=told_at,
        version=int(named["version"]),
        category=OperationCategory(
            fields.get("category") or (before.category.value if before else "other")
        ),
        tolerance_s=float(fields.get("tolerance_s") or (before.tolerance_s if before else 0.0)),
        precedence=message.precedence,
        contact=fields.get("frequency", "") or (before.contact if before else ""),
    )
