"""A declaration that was contradicted stays, beside what stands against it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from keepclear.contact.contradicting import contradictions_of
from keepclear.model.note import Note
from keepclear.model.query import Ownership, Query, Statement

AT = datetime(2026, 3, 14, tzinfo=UTC)


def said(name: str, party: str, ownership: Ownership | None, hours: float = 0) -> Statement:
    return Statement(name, party, AT + timedelta(hours=hours), ownership, "as said")


def query(*statements: Statement) -> Query:
    return Query("q", "AMBER-BLUE", statements=statements)


def test_the_same_party_saying_the_opposite_contradicts_itself() -> None:
    first, later = (
        said("one", "AMBER", Ownership.NOT_OURS),
        said("two", "AMBER", Ownership.OURS, 5),
    )
    (found,) = contradictions_of(query(first, later), ())
    assert (found.statement, found.later, found.at) == (first, later, later.at)


@pytest.mark.parametrize(
    "later",
    [
        said("two", "AMBER", Ownership.NOT_OURS, 5),
        said("two", "AMBER", Ownership.UNKNOWN, 5),
        said("two", "AMBER", Ownership.WILL_NOT_SAY, 5),
        said("two", "AMBER", None, 5),
        said("two", "BLUE", Ownership.OURS, 5),
    ],
    ids=lambda each: f"{each.party} {each.ownership}",
)
def test_everything_else_contradicts_nothing(later: Statement) -> None:
    first = said("one", "AMBER", Ownership.NOT_OURS)
    assert contradictions_of(query(first, later), ()) == ()


def test_an_officer_may_say_that_a_declaration_is_contradicted() -> None:
    first = said("one", "AMBER", Ownership.NOT_OURS)
    at = AT + timedelta(hours=3)
    note = Note("n", at, "jk", "duty officer", "they answered on their net", contradicts="one")
    other = Note("m", at, "jk", "duty officer", "of another", contradicts="two")
    (found,) = contradictions_of(query(first), (note, other))
    assert (found.note, found.later, found.at) == (note, None, at)
