"""Which declarations of ownership were contradicted, by whom, and when.

A declaration is contradicted where the same party later says the opposite to the same
question (OURS after NOT OURS, or the other way), or where an officer's note says that it is.
UNKNOWN and WILL NOT SAY contradict nothing. Both statements stay, with their times.

Source: domain study of keepclear, 5h drill 9 (not ours, later contradicted).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from keepclear.model.note import Note
from keepclear.model.query import Ownership, Query, Statement

_DEFINITE = frozenset({Ownership.OURS, Ownership.NOT_OURS})


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A declaration, and what stands against it.

    Attributes:
        statement: what was declared.
        at: when it was contradicted.
        later: the later declaration that does so; None where an officer says it.
        note: the note that says so; None where a declaration does.
    """

    statement: Statement
    at: datetime
    later: Statement | None
    note: Note | None


def contradictions_of(query: Query, notes: Iterable[Note]) -> tuple[Contradiction, ...]:
    """Everything that stands against a query's declarations, in the order of its moments."""
    found = [*_by_declarations(query), *_by_notes(query, notes)]
    return tuple(sorted(found, key=lambda each: (each.at, each.statement.at)))


def _by_declarations(query: Query) -> Iterator[Contradiction]:
    for index, earlier in enumerate(query.statements):
        for later in query.statements[index + 1 :]:
            if later.party == earlier.party and _are_opposite(earlier, later):
                yield Contradiction(earlier, max(later.at, earlier.at), later, None)
                break


def _by_notes(query: Query, notes: Iterable[Note]) -> Iterator[Contradiction]:
    by_message = {each.message: each for each in query.statements}
    for note in notes:
        statement = by_message.get(note.contradicts)
        if statement is not None:
            yield Contradiction(statement, max(note.at, statement.at), None, note)


def _are_opposite(one: Statement, other: Statement) -> bool:
    return {one.ownership, other.ownership} == _DEFINITE
