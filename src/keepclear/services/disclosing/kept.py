"""Releases, questions, budgets and settings as the store keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.disclose.budget import Budget, full
from keepclear.disclose.searching import Asked
from keepclear.formats.documents.release import release_document, stored_release
from keepclear.formats.documents.volume_question import question_document, stored_question
from keepclear.formats.times import iso_text
from keepclear.ledger.entries import EntryKind
from keepclear.model.agreement import DisclosureLimits
from keepclear.model.line import Line
from keepclear.model.node import Subject
from keepclear.model.operation import Mode
from keepclear.model.release import Release, release_id
from keepclear.model.volume_question import LineDisclosure, VolumeQuestion
from keepclear.ports.store import Declaration, Unit, View
from keepclear.services.line.keeping import Content, Kept, write
from keepclear.services.node import Node
from keepclear.services.recording import record

_PAGE = 500


class BudgetKept(Struct, frozen=True, kw_only=True):
    """What one asking party has left, and what it asked lately.

    Attributes:
        left, at: as the budget has it.
        recent: its questions, oldest first.
        searched_at: when it was last found to search; None for never.
        searched: how many of its questions were refused for that since it began.
        refused: how many were refused for want of budget since it began.
    """

    left: float
    at: datetime
    recent: tuple[Asked, ...] = ()
    searched_at: datetime | None = None
    searched: int = 0
    refused: int = 0

    @property
    def budget(self) -> Budget:
        """What is left."""
        return Budget(self.left, self.at)


_BUDGET = msgspec.json.Decoder(BudgetKept)
_SETTINGS = msgspec.json.Decoder(LineDisclosure)


def question_key(operation: str, question: str) -> str:
    """Under which id a question is kept: those about one operation stand together."""
    return f"{operation}/{question}"


def kept_question(view: View, operation: str, question: str) -> VolumeQuestion | None:
    """One question; None where there is none."""
    found = view.declaration(Subject.QUESTION, question_key(operation, question))
    return None if found is None else stored_question(found.body)


def questions_about(view: View, asker: str, operation: str) -> tuple[VolumeQuestion, ...]:
    """A party's questions about one of its operations, the oldest first."""
    found = [
        stored_question(each.body)
        for each in _beginning(view, Subject.QUESTION, asker, f"{operation}/")
    ]
    return tuple(sorted(found, key=lambda each: (each.at, each.id)))


def questions_of(view: View, asker: str) -> tuple[VolumeQuestion, ...]:
    """All questions that a party asked, the latest first."""
    found = [stored_question(each.body) for each in _beginning(view, Subject.QUESTION, asker, "")]
    return tuple(sorted(found, key=lambda each: (each.at, each.id), reverse=True))


def keep_question(
    unit: Unit, node: Node, question: VolumeQuestion, kind: EntryKind, *, note: str = ""
) -> Kept:
    """Keep a question as it is now."""
    content = Content(
        Subject.QUESTION,
        question_key(question.operation, question.id),
        question.asker,
        question_document(question),
    )
    return write(unit, node, content, kind, actor=question.actor or question.asker, note=note)


def release_to(view: View, operation: str, party: str) -> Release | None:
    """What was released of an operation to a party, now or before; None for nothing ever."""
    found = view.declaration(Subject.RELEASE, release_id(operation, party))
    return None if found is None else stored_release(found.body)


def releases_to(view: View, party: str) -> Iterator[Release]:
    """Everything that was ever released to a party, by operation."""
    for each in _beginning(view, Subject.RELEASE, party, ""):
        yield stored_release(each.body)


def keep_release(
    unit: Unit, node: Node, release: Release, kind: EntryKind, *, actor: str, note: str = ""
) -> Kept:
    """Keep a release; it stands under the party to whom it was given."""
    content = Content(Subject.RELEASE, release.id, release.party, release_document(release))
    return write(unit, node, content, kind, actor=actor, note=note)


def budget_of(view: View, asker: str, limits: DisclosureLimits, now: datetime) -> BudgetKept:
    """What a party has left; all of it where it never asked."""
    found = view.declaration(Subject.BUDGET, asker)
    if found is not None:
        return _BUDGET.decode(found.body)
    begun = full(limits, now)
    return BudgetKept(left=begun.left, at=begun.at)


def put_budget(
    unit: Unit, node: Node, asker: str, kept: BudgetKept, kind: EntryKind, told: dict[str, Any]
) -> None:
    """Keep what a party has left; the ledger has what changed, not every question again."""
    current = unit.declaration(Subject.BUDGET, asker)
    version = 1 if current is None else current.version + 1
    about = (Subject.BUDGET, asker, version)
    body: dict[str, JsonValue] = {"left": round(kept.left, 3), "at": iso_text(kept.at), **told}
    entry = unit.append(record(node.identity, kind, about, body, at=node.now(), actor=asker))
    document = canonical_bytes(msgspec.to_builtins(kept))
    stored = Declaration(Subject.BUDGET, asker, asker, version, True, document, entry)
    unit.put_declaration(stored, action=kind.value.rpartition(" ")[2], at=node.now())


def disclosure_on(view: View, line: Line) -> LineDisclosure:
    """What the node does by itself on a line; in EXERCISE it asks and tells, else nothing."""
    found = view.declaration(Subject.LINE, settings_key(line.id))
    if found is not None:
        return _SETTINGS.decode(found.body)
    is_exercise = line.mode is Mode.EXERCISE
    return LineDisclosure(
        line.id,
        asks_on_filing=is_exercise,
        tells_presence=is_exercise,
        tells_agreed=is_exercise,
    )


def settings_key(line_id: str) -> str:
    """A line's further documents stand behind its name."""
    return f"{line_id}/disclosure"


def _beginning(view: View, subject: Subject, party: str, prefix: str) -> Iterator[Declaration]:
    """A party's declarations whose ids begin so, by id."""
    after = prefix[:-1] + "." if prefix else ""  # "." is the character before "/"
    while True:
        page = view.declarations_of(subject, party, after=after, limit=_PAGE)
        for each in page:
            if not each.id.startswith(prefix):
                return
            yield each
        if len(page) < _PAGE:
            return
        after = page[-1].id


def budgets(view: View) -> Iterator[tuple[str, BudgetKept]]:
    """What every party that ever asked has left, by party."""
    for each in view.declarations(Subject.BUDGET):
        yield each.id, _BUDGET.decode(each.body)
