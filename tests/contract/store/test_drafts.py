"""Drafts: every revision is kept until it is overwritten, and every step can be undone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contract.store.parts import START
from keepclear.errors import InvalidInput, NotFound
from keepclear.model.node import Subject
from keepclear.ports.store import Draft, Store

ONE = "11111111-1111-4111-8111-111111111111"
TWO = "22222222-2222-4222-8222-222222222222"


def save(store: Store, content: bytes, draft_id: str = ONE, minute: int = 0) -> Draft:
    at = START + timedelta(minutes=minute)
    return store.write(lambda unit: unit.put_draft(draft_id, content, at=at))


def turn(store: Store, revision: int) -> Draft:
    return store.write(lambda unit: unit.turn_draft(ONE, revision, at=START))


def test_a_draft_is_read_as_it_was_saved(store: Store) -> None:
    saved = save(store, b'{"designator": "B')
    assert saved == Draft(ONE, 1, 1, 1, b'{"designator": "B', START)
    with store.view() as view:
        assert view.draft(ONE) == view.draft(ONE.upper()) == saved
        assert view.draft(TWO) is None
        assert view.draft("\ud800") is None


def test_every_revision_can_be_gone_back_to(store: Store) -> None:
    for content in (b"a", b"b", b"c"):
        save(store, content)
    assert turn(store, 1)[1:5] == (4, 1, 3, b"a")
    assert turn(store, 3)[1:5] == (5, 3, 3, b"c")
    with store.view() as view:
        assert view.draft(ONE) == Draft(ONE, 5, 3, 3, b"c", START)


def test_saving_after_going_back_forgets_what_was_undone(store: Store) -> None:
    for content in (b"a", b"b", b"c"):
        save(store, content)
    turn(store, 1)
    assert save(store, b"d")[1:5] == (5, 2, 2, b"d")
    with pytest.raises(NotFound, match="no revision 3"):
        turn(store, 3)
    assert turn(store, 1).content == b"a"


@pytest.mark.parametrize("revision", [0, -1, 2, 2**70])
def test_a_revision_that_never_was_is_not_found(store: Store, revision: int) -> None:
    save(store, b"a")
    with pytest.raises(NotFound):
        turn(store, revision)
    with store.view() as view:
        assert view.draft(ONE) == Draft(ONE, 1, 1, 1, b"a", START)


def test_the_last_saved_comes_first(store: Store) -> None:
    save(store, b"a", ONE, minute=1)
    save(store, b"b", TWO, minute=2)
    with store.view() as view:
        assert [draft.id for draft in view.drafts()] == [TWO, ONE]
    save(store, b"c", ONE, minute=3)
    with store.view() as view:
        assert [draft.content for draft in view.drafts()] == [b"c", b"b"]


def test_a_dropped_draft_is_gone_with_its_revisions(store: Store) -> None:
    save(store, b"a")
    save(store, b"b")
    store.write(lambda unit: unit.drop_draft(ONE, at=START))
    with store.view() as view:
        assert view.drafts() == []
    assert save(store, b"c").revisions == 1


def test_what_is_not_there_is_neither_turned_nor_dropped(store: Store) -> None:
    with pytest.raises(NotFound):
        turn(store, 1)
    with pytest.raises(NotFound):
        store.write(lambda unit: unit.drop_draft(ONE, at=START))


def test_a_draft_needs_a_uuid(store: Store) -> None:
    with pytest.raises(InvalidInput, match="not a UUID"):
        save(store, b"a", "B-7731")


def test_drafts_are_changes_and_no_entries(store: Store) -> None:
    save(store, b"a")
    save(store, b"b")
    turn(store, 1)
    store.write(lambda unit: unit.drop_draft(ONE, at=START))
    with store.view() as view:
        assert [(one.subject, one.action) for one in view.changes(after=0)] == [
            (Subject.DRAFT, action) for action in ("saved", "saved", "turned", "dropped")
        ]
        assert view.ledger_size() == 0
