"""Take in the answer to a question of ours (M31): it stands beside our own, with age and source.

Overlaps are erased when they are over; that is a stored deadline.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from keepclear.errors import InvalidInput
from keepclear.formats.documents.fields import moment
from keepclear.formats.documents.volume_question import answer_from
from keepclear.ledger.entries import EntryKind
from keepclear.model.answer import Verdict, worst
from keepclear.model.message import message_id
from keepclear.model.node import Subject
from keepclear.model.volume_question import VolumeAnswer, VolumeQuestion
from keepclear.ports.store import Unit
from keepclear.services.disclosing.kept import keep_question, kept_question, question_key
from keepclear.services.line.taken import Taken
from keepclear.services.node import Node
from keepclear.services.recording import record

ERASE: Final = "erase"
"""The deadline at which overlaps are over."""


def take_volume_answer(unit: Unit, node: Node, taken: Taken) -> None:
    """Keep an answer beside its question; a second one, or one never asked for, changes nothing."""
    fields = taken.message.fields
    try:
        operation, question_id = message_id(fields["operation"]), message_id(fields["question"])
        answer, as_of = answer_from(fields["answer"]), moment(fields["as_of"])
    except (InvalidInput, KeyError, TypeError, ValueError) as error:
        _note_unusable(unit, node, taken, error)
        return
    asked = kept_question(unit, operation, question_id)
    if asked is None or not _is_of(asked, taken):
        _note_unusable(unit, node, taken, InvalidInput(f"{question_id} was not asked there"))
        return
    if asked.as_of is not None:
        return
    done = replace(asked, answer=_sound(answer), answered_at=taken.received_at, as_of=as_of)
    keep_question(unit, node, done, EntryKind.QUESTION_TAKEN)
    over = last_overlap(done)
    if over is not None:
        key = question_key(operation, question_id)
        unit.put_deadlines(Subject.QUESTION, key, [(ERASE, over)])


def last_overlap(question: VolumeQuestion) -> datetime | None:
    """When the last overlap that was told is over; None where none was."""
    conflicts = () if question.answer is None else question.answer.conflicts
    ends = [box.window.end for each in conflicts for box in each.overlap]
    return max(ends, default=None)


def _is_of(asked: VolumeQuestion, taken: Taken) -> bool:
    return asked.line == taken.line.id and asked.answerer == taken.message.sender


def _sound(answer: VolumeAnswer) -> VolumeAnswer:
    """An answer whose verdict is no milder than what stands below it."""
    below = [each.verdict for each in answer.conflicts]
    below += [Verdict.CANNOT_SAY] if answer.reasons or answer.total > len(below) else []
    return replace(answer, verdict=worst([answer.verdict, *below]))


def _note_unusable(unit: Unit, node: Node, taken: Taken, error: Exception) -> None:
    message = taken.message
    about = (Subject.MESSAGE, message.id, message.version)
    body = {"code": message.code, "reason": "unusable", "detail": str(error)[:500]}
    kind = EntryKind.MESSAGE_UNUSABLE
    unit.append(record(node.identity, kind, about, body, at=taken.received_at))
