"""What a work has added is seen by the work, whether or not it is in its table yet."""

from __future__ import annotations

import pytest

from contract.store.parts import changed, ended, file, note, plan, put, verified
from keepclear.errors import InvalidInput
from keepclear.model.operation import OperationState
from keepclear.ports.store import Store, StoredOperation, Unit


def test_many_operations_of_one_work_are_stored_whole(store: Store) -> None:
    plans = [plan(f"B-{n}") for n in range(300)]
    stored = store.write(lambda unit: [put(unit, one, cells=(7, n)) for n, one in enumerate(plans)])
    with store.view() as view:
        assert [view.operation(one.id) for one in plans] == stored
        assert view.changed_near((299,), since=0) == {stored[299].number}
        assert len(view.changed_near((7,), since=0)) == 300
        assert view.counts() == {("BLUE", OperationState.PLANNED): 300}
        assert verified(view).holds


def test_a_work_finds_what_it_added_in_the_cells_asked_for(store: Store) -> None:
    before = file(store, plan("B-0"), cells=(5, 6))

    def work(unit: Unit) -> None:
        since = unit.sequence
        one = put(unit, plan("B-1"), cells=(6, 7))
        two = put(unit, plan("B-2"), cells=(8,))
        assert unit.changed_near((5, 6, 7), since=since) == {one.number}
        assert unit.changed_near((6,), since=0) == {before.number, one.number}
        assert unit.changed_near((6, 7, 8), since=one.change) == {two.number}
        assert unit.changed_near(None, since=since) == {one.number, two.number}
        assert unit.changed_near((5, 6, 7), since=since) == {one.number}

    store.write(work)


def test_a_work_reads_the_changes_before_and_since_it_began(store: Store) -> None:
    file(store, plan("B-0"))

    def work(unit: Unit) -> None:
        put(unit, plan("B-1"))
        put(unit, plan("B-2"))
        assert [change.sequence for change in unit.changes(after=0)] == [1, 2, 3]
        assert [change.sequence for change in unit.changes(after=1)] == [2, 3]
        assert [change.sequence for change in unit.changes(after=2, limit=5)] == [3]
        assert [change.sequence for change in unit.changes(after=1, limit=1)] == [2]
        assert unit.changes(after=3) == []

    store.write(work)


def test_an_operation_looked_for_before_and_changed_after_is_stored_once(store: Store) -> None:
    one = plan("B-1")

    def work(unit: Unit) -> StoredOperation:
        assert unit.operation(one.id) is None
        first = put(unit, one, cells=(1,))
        second = put(unit, changed(one), cells=(2,))
        assert second.number == first.number
        assert unit.changed_near((1,), since=0) == frozenset()
        assert unit.operation(one.id) == second
        return put(unit, ended(changed(one)))

    last = store.write(work)
    with store.view() as view:
        assert view.operation(one.id) == last
        assert view.counts() == {("BLUE", OperationState.ENDED): 1}
        assert not view.geometries()


def test_an_entry_that_waits_is_read_and_proved(store: Store) -> None:
    def work(unit: Unit) -> None:
        number = unit.append(note("one"))
        entry = unit.entry(number)
        assert entry is not None
        assert entry.leaf == unit.tree_node(0, number)
        unit.append(note("two"))
        assert [each.number for each in unit.entries()] == [0, 1]

    store.write(work)


def test_a_work_that_fails_after_its_rows_were_written_leaves_nothing(store: Store) -> None:
    kept = file(store, plan("B-0"))

    def work(unit: Unit) -> None:
        put(unit, plan("B-1"))
        assert unit.counts()
        put(unit, plan("B-2"))
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        store.write(work)
    again = file(store, plan("B-3"))
    with store.view() as view:
        assert view.counts() == {("BLUE", OperationState.PLANNED): 2}
        assert again.change == kept.change + 1
        assert verified(view).holds


def test_a_number_is_never_given_to_another_operation(store: Store) -> None:
    one = plan("B-1")
    first = file(store, one)
    file(store, ended(one))
    store.write(lambda unit: unit.remove_operation(one.id))
    assert file(store, plan("B-2")).number > first.number


def test_an_entry_of_something_else_stores_no_operation(store: Store) -> None:
    def work(unit: Unit) -> None:
        entry = unit.append(note())
        unit.put_operation(plan(), entry=entry, action="filed", geometry=None, cells=())

    with pytest.raises(InvalidInput):
        store.write(work)
    with store.view() as view:
        assert view.ledger_size() == 0
