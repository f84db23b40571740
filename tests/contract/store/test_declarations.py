"""Declarations: the current version of each, cancelled ones kept apart."""

from __future__ import annotations

import pytest

from contract.store.parts import START, entry_about, verified
from keepclear.errors import StateForbids
from keepclear.ledger.entries import EntryKind
from keepclear.model.node import Subject
from keepclear.ports.store import Declaration, Store, Unit


def declare(
    store: Store,
    declaration_id: str,
    subject: Subject = Subject.ZONE,
    *,
    version: int = 1,
    live: bool = True,
    body: bytes = b'{"name":"Z"}',
) -> Declaration:
    def work(unit: Unit) -> Declaration:
        kind = EntryKind.ZONE_DECLARED if subject is Subject.ZONE else EntryKind.AGREEMENT_FILED
        entry = unit.append(entry_about(subject, declaration_id, version, kind, body="as told"))
        one = Declaration(subject, declaration_id, "BLUE", version, live, body, entry)
        unit.put_declaration(one, action="declared", at=START)
        return one

    return store.write(work)


def test_a_declaration_is_read_as_it_was_put(store: Store) -> None:
    one = declare(store, "Z-1", body=b"\x00 any bytes \xff")
    with store.view() as view:
        assert view.declaration(Subject.ZONE, "Z-1") == one
        assert verified(view).holds


@pytest.mark.parametrize("unknown", ["", "Z-2", "z-1", "\ud800"])
def test_what_was_never_declared_is_not_found(store: Store, unknown: str) -> None:
    declare(store, "Z-1")
    with store.view() as view:
        assert view.declaration(Subject.ZONE, unknown) is None
        assert view.declaration(Subject.AIRFIELD, "Z-1") is None


def test_declarations_of_one_sort_come_by_id(store: Store) -> None:
    second, first = declare(store, "B"), declare(store, "A")
    agreement = declare(store, "TEST/1", Subject.AGREEMENT)
    with store.view() as view:
        assert view.declarations(Subject.ZONE) == [first, second]
        assert view.declarations(Subject.AGREEMENT) == [agreement]
        assert view.declarations(Subject.COVERAGE) == []


def test_a_cancelled_one_is_shown_only_on_request(store: Store) -> None:
    declare(store, "A")
    cancelled = declare(store, "A", version=2, live=False)
    with store.view() as view:
        assert view.declarations(Subject.ZONE) == []
        assert view.declarations(Subject.ZONE, live=False) == [cancelled]
        assert view.declaration(Subject.ZONE, "A") == cancelled


def test_a_declaration_is_a_change(store: Store) -> None:
    declare(store, "A")
    declare(store, "A", version=2)
    with store.view() as view:
        changes = view.changes(after=0)
    assert [(one.sequence, one.subject, one.id, one.version) for one in changes] == [
        (1, Subject.ZONE, "A", 1),
        (2, Subject.ZONE, "A", 2),
    ]


def test_the_payload_of_what_is_declared_is_not_pruned(store: Store) -> None:
    replaced, current = declare(store, "A"), declare(store, "A", version=2)
    with pytest.raises(StateForbids, match="current version"):
        store.write(lambda unit: unit.prune(current.entry))
    assert store.write(lambda unit: unit.prune(replaced.entry))
