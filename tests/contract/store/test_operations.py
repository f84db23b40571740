"""Operations: what is stored is what is read, and what can be compared is what is live."""

from __future__ import annotations

import pytest

from contract.store.parts import (
    SHAPE,
    START,
    changed,
    ended,
    file,
    note,
    operation_entry,
    plan,
    put,
)
from keepclear.errors import InvalidInput, NotFound, StateForbids
from keepclear.model.answer import OperationRef
from keepclear.model.node import Subject
from keepclear.model.operation import OperationState
from keepclear.ports.store import Store


def test_an_operation_is_read_as_it_was_filed(store: Store) -> None:
    one = plan(member="Türkiye", source_text="MSN B-7731 …", tolerance_s=90.0)
    filed = file(store, one)
    with store.view() as view:
        assert view.operation(one.id) == filed
        assert filed.operation == one


def test_an_id_is_found_in_any_spelling_of_a_uuid(store: Store) -> None:
    one = plan()
    file(store, one)
    with store.view() as view:
        assert view.operation(one.id.upper()) == view.operation(one.id) is not None


@pytest.mark.parametrize("unknown", ["", "no uuid", "\ud800", "0" * 32])
def test_what_was_never_filed_is_not_found(store: Store, unknown: str) -> None:
    file(store, plan())
    with store.view() as view:
        assert view.operation(unknown) is None


def test_a_new_version_takes_the_place_of_the_old_under_the_same_number(store: Store) -> None:
    one = plan()
    first, second = file(store, one), file(store, changed(one, contact="131.000"))
    assert second.number == first.number
    assert (second.entry, second.change) == (first.entry + 1, first.change + 1)
    with store.view() as view:
        assert view.operation(one.id) == second
        assert len(view.entries()) == 2


def test_operations_are_found_by_number_and_unknown_numbers_left_out(store: Store) -> None:
    filed = [file(store, plan(f"B-{n}")) for n in range(4)]
    wanted = [filed[2].number, 10**30, -5, filed[0].number, filed[3].number + 1]
    with store.view() as view:
        found = view.operations_numbered(wanted)
        assert found == {one.number: one for one in (filed[0], filed[2])}
        assert view.operations_numbered([]) == {}


def test_more_numbers_than_one_question_holds_are_found(store: Store) -> None:
    filed = [file(store, plan(f"B-{n}")) for n in range(3)]
    with store.view() as view:
        found = view.operations_numbered(range(filed[0].number, filed[0].number + 2_000))
    assert sorted(found) == [one.number for one in filed]


def test_live_operations_are_named_by_number(store: Store) -> None:
    one, two = plan("B-1"), plan("B-2")
    first = file(store, changed(one, designator="B-11"))
    over = file(store, ended(two))
    named = OperationRef(one.id, "B-11", "BLUE", 2, one.operation_class)
    with store.view() as view:
        assert view.refs([over.number, first.number, 10**30]) == {first.number: named}


def test_counts_follow_every_change(store: Store) -> None:
    blue, amber = plan(), plan("A-1", party="AMBER")
    with store.view() as view:
        assert view.counts() == {}
    for one in (blue, amber, changed(blue, state=OperationState.ACTIVE), ended(amber)):
        file(store, one)
    with store.view() as view:
        assert view.counts() == {
            ("BLUE", OperationState.ACTIVE): 1,
            ("AMBER", OperationState.ENDED): 1,
        }


def test_shapes_of_live_operations_come_by_number(store: Store) -> None:
    filed = [file(store, plan(f"B-{n}")) for n in range(5)]
    file(store, ended(filed[1].operation))
    with store.view() as view:
        shapes = view.geometries()
        assert [one.number for one in shapes] == [filed[n].number for n in (0, 2, 3, 4)]
        assert view.geometries(after=filed[2].number, limit=1) == shapes[2:3]
        assert view.geometries(after=filed[4].number) == []
    first, one = shapes[0], filed[0].operation
    assert (first.id, first.party, first.operation_class) == (one.id, "BLUE", one.operation_class)
    assert (first.change, first.received_at) == (filed[0].change, one.received_at)
    assert first.geometry == SHAPE


def test_a_new_version_brings_its_own_shape(store: Store) -> None:
    one, other = plan(), SHAPE._replace(volumes=b"moved")
    file(store, one)
    store.write(lambda unit: put(unit, changed(one), shape=other))
    with store.view() as view:
        assert [shape.geometry for shape in view.geometries()] == [other]


def test_what_changed_nearby_is_found_by_its_cells(store: Store) -> None:
    here = file(store, plan("B-1"), cells=(1, 2, 3))
    there = file(store, plan("B-2"), cells=(3, 4, 2**24 * 2))
    with store.view() as view:
        assert view.changed_near((1,), since=0) == {here.number}
        assert view.changed_near((3, 99), since=0) == {here.number, there.number}
        assert view.changed_near((3,), since=here.change) == {there.number}
        assert view.changed_near((3,), since=there.change) == frozenset()
        assert view.changed_near((), since=0) == frozenset()
        assert view.changed_near(range(2_000), since=0) == {here.number, there.number}


def test_what_changed_anywhere_is_found_without_cells(store: Store) -> None:
    first, second = file(store, plan("B-1")), file(store, plan("B-2"))
    over = file(store, ended(first.operation))
    with store.view() as view:
        assert view.changed_near(None, since=0) == {second.number}
        assert view.changed_near(None, since=second.change) == frozenset()
        assert view.changed_near(None, since=over.change) == frozenset()


def test_what_moved_away_or_ended_is_no_longer_near(store: Store) -> None:
    one, two = plan("B-1"), plan("B-2")
    file(store, one, cells=(1,))
    file(store, two, cells=(1,))
    moved = file(store, changed(one), cells=(8,))
    file(store, ended(two))
    with store.view() as view:
        assert view.changed_near((1,), since=0) == frozenset()
        assert view.changed_near((8,), since=0) == {moved.number}


def test_a_cell_given_twice_counts_once(store: Store) -> None:
    filed = file(store, plan(), cells=(5, 5, 1))
    with store.view() as view:
        assert view.changed_near((5,), since=0) == {filed.number}


def test_what_became_of_operations_since_a_change_is_told_once_each(store: Store) -> None:
    one, two, three = (file(store, plan(f"B-{n}")) for n in range(3))
    moved = file(store, changed(one.operation))
    over = file(store, ended(two.operation))
    with store.view() as view:
        told = view.operation_changes(after=0)
        assert [(each.number, each.change) for each in told] == [
            (three.number, three.change),
            (moved.number, moved.change),
            (over.number, over.change),
        ]
        assert [each.geometry is None for each in told] == [False, False, True]
        assert view.operation_changes(after=three.change, limit=1) == told[1:2]
        assert view.operation_changes(after=over.change) == []
        shapes = {shape.number: shape for shape in view.geometries()}
        assert told[0].geometry == shapes[three.number]


def test_every_filing_is_a_change_of_its_moment(store: Store) -> None:
    one = plan()
    filed = file(store, one)
    with store.view() as view:
        (change,) = view.changes(after=0)
    assert (change.sequence, change.subject, change.id) == (
        filed.change,
        Subject.OPERATION,
        one.id,
    )
    assert (change.version, change.action, change.at) == (1, "filed", START)


def test_a_live_operation_is_not_stored_without_its_shape(store: Store) -> None:
    one = plan()
    with pytest.raises(InvalidInput, match="geometry"):
        store.write(
            lambda unit: unit.put_operation(
                one,
                entry=unit.append(operation_entry(one)),
                action="filed",
                geometry=None,
                cells=(),
            )
        )
    with store.view() as view:
        assert view.ledger_size() == 0


def test_an_ended_operation_is_not_stored_with_a_shape(store: Store) -> None:
    over = ended(plan())
    with pytest.raises(InvalidInput, match="geometry"):
        store.write(
            lambda unit: unit.put_operation(
                over,
                entry=unit.append(operation_entry(over)),
                action="ended",
                geometry=SHAPE,
                cells=(),
            )
        )


def test_an_operation_needs_an_entry_of_its_own(store: Store) -> None:
    one, other = plan("B-1"), plan("B-2")
    for entry in (note(), operation_entry(other)):
        with pytest.raises(InvalidInput, match="not about"):
            store.write(
                lambda unit, entry=entry: unit.put_operation(  # type: ignore[misc]
                    one, entry=unit.append(entry), action="filed", geometry=SHAPE, cells=(1,)
                )
            )
    with pytest.raises(InvalidInput, match="not about"):
        store.write(
            lambda unit: unit.put_operation(
                one, entry=10**30, action="filed", geometry=SHAPE, cells=(1,)
            )
        )


def test_an_ended_operation_can_be_removed_and_leaves_its_entries(store: Store) -> None:
    one = plan()
    file(store, one)
    file(store, ended(one))
    store.write(lambda unit: unit.remove_operation(one.id))
    with store.view() as view:
        assert view.operation(one.id) is None
        assert view.counts() == {}
        assert len(view.entries_about(Subject.OPERATION, one.id)) == 2


def test_a_number_is_not_given_twice(store: Store) -> None:
    one = plan("B-1")
    file(store, one)
    removed = file(store, ended(one))
    store.write(lambda unit: unit.remove_operation(one.id))
    assert file(store, plan("B-2")).number > removed.number


def test_a_live_operation_is_not_removed(store: Store) -> None:
    one = plan()
    file(store, one)
    with pytest.raises(StateForbids):
        store.write(lambda unit: unit.remove_operation(one.id))
    with pytest.raises(NotFound):
        store.write(lambda unit: unit.remove_operation(plan("B-2").id))
