"""What runs out by itself: releases that were given until a moment, overlaps that are over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from keepclear.formats.documents.release import stored_release
from keepclear.formats.documents.volume_question import stored_question
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.pruning import pruned_body
from keepclear.model.node import Subject
from keepclear.ports.store import Declaration, Unit
from keepclear.services.disclosing.kept import keep_question, keep_release
from keepclear.services.disclosing.taking_answers import last_overlap
from keepclear.services.node import Node
from keepclear.services.recording import record
from keepclear.services.retaining import SUBJECT_ID


def tick_release(unit: Unit, node: Node, current: Declaration, now: datetime) -> None:
    """End a release whose time has come."""
    release = stored_release(current.body)
    if release.ended_at is None and release.until is not None and release.until <= now:
        ended = replace(release, ended_at=now)
        keep_release(unit, node, ended, EntryKind.RELEASE_EXPIRED, actor="")
    unit.put_deadlines(Subject.RELEASE, current.id, [])


def tick_question(unit: Unit, node: Node, current: Declaration, now: datetime) -> None:
    """Erase the overlaps of an answer that are over; that there was one stays on record.

    The ledger's entries that held them lose their payloads, not their leaves.
    """
    question = stored_question(current.body)
    over = last_overlap(question)
    if over is not None and over > now:
        return
    unit.put_deadlines(Subject.QUESTION, current.id, [])
    if over is None or question.answer is None:
        return
    bare = tuple(replace(each, overlap=()) for each in question.answer.conflicts)
    erased = replace(question, answer=replace(question.answer, conflicts=bare), erased_at=now)
    keep_question(unit, node, erased, EntryKind.QUESTION_ERASED)
    entries = unit.entries_about(Subject.QUESTION, current.id)
    held = [each.number for each in entries if b'"overlap":[{' in (each.payload or b"")]
    pruned = [number for number in held if unit.prune(number)]
    if pruned:
        body = pruned_body(pruned, "the overlap that was told at L2 is over")
        about = (Subject.PAYLOAD, SUBJECT_ID, 1)
        unit.append(record(node.identity, EntryKind.PAYLOAD_PRUNED, about, body, at=now))
