"""The ledger: what was appended is there, in order, provable, and signed to its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from contract.store.parts import (
    START,
    CountedEntropy,
    TestKey,
    TurnedClock,
    ended,
    file,
    note,
    plan,
    pruned_note,
    verified,
)
from keepclear.errors import LedgerBroken, StateForbids
from keepclear.ledger.faults import FaultKind
from keepclear.ledger.leaves import leaf_hash
from keepclear.ledger.proofs import (
    consistency_holds,
    consistency_proof,
    inclusion_holds,
    inclusion_proof,
)
from keepclear.ledger.tree import EMPTY_ROOT, frontier_at
from keepclear.model.node import Subject
from keepclear.ports.store import Store, Unit


def append(store: Store, *texts: str) -> list[int]:
    return store.write(lambda unit: [unit.append(note(text)) for text in texts])


def test_an_empty_ledger_has_no_head(store: Store) -> None:
    with store.view() as view:
        assert (view.ledger_size(), view.head(), view.entries(), view.heads()) == (0, None, [], [])
        assert view.entry(0) is None
        assert verified(view).holds


def test_entries_are_numbered_without_a_gap(store: Store) -> None:
    assert append(store, "one", "two") == [0, 1]
    assert append(store, "three") == [2]
    with store.view() as view:
        assert [entry.number for entry in view.entries()] == [0, 1, 2]
        assert view.ledger_size() == 3


def test_an_entry_is_read_as_it_was_appended(store: Store) -> None:
    new = note("one", at=START + timedelta(microseconds=123_456))
    (number,) = store.write(lambda unit: [unit.append(new)])
    with store.view() as view:
        entry = view.entry(number)
    assert entry is not None
    assert entry.payload == new.payload
    assert entry.leaf == leaf_hash(entry.salt, new.payload)
    assert entry.at == START + timedelta(milliseconds=123)
    assert (entry.kind, entry.subject, entry.subject_id, entry.version) == (
        new.kind,
        new.subject,
        new.subject_id,
        new.version,
    )


def test_no_salt_comes_twice(store: Store) -> None:
    append(store, *"abcdef")
    with store.view() as view:
        assert len({entry.salt for entry in view.entries()}) == 6


@pytest.mark.parametrize("beyond", [-1, 1, 2**70, -(2**70)])
def test_there_is_no_entry_beyond_the_last(store: Store, beyond: int) -> None:
    append(store, "one")
    with store.view() as view:
        assert view.entry(beyond) is None
        assert view.entries(after=max(beyond, 0)) == []
        assert view.entries_about(Subject.NODE, "\ud800") == []


def test_entries_come_in_batches(store: Store) -> None:
    append(store, *"abcdefg")
    with store.view() as view:
        assert [entry.number for entry in view.entries(after=1, limit=3)] == [2, 3, 4]


def test_entries_about_one_thing_are_found(store: Store) -> None:
    one = plan()
    file(store, one)
    append(store, "between")
    file(store, ended(one))
    with store.view() as view:
        about = view.entries_about(Subject.OPERATION, one.id)
        assert [(entry.number, entry.version) for entry in about] == [(0, 1), (2, 2)]
        assert view.entries_about(Subject.OPERATION, one.id, after=0, limit=5) == about[1:]


def test_every_group_ends_with_a_signed_head_over_all(store: Store, clock: TurnedClock) -> None:
    append(store, "one", "two")
    clock.turn(seconds=5)
    append(store, "three")
    with store.view() as view:
        heads = view.heads()
        assert view.head() == heads[-1]
        assert [signed.head.size for signed in heads] == [2, 3]
        assert [signed.head.at - START for signed in heads] == [timedelta(), timedelta(seconds=5)]
        assert {signed.head.node for signed in heads} == {store.identity.id}
        assert view.heads(above_size=2) == heads[1:]
        assert view.heads(limit=1) == heads[:1]
        assert verified(view, key=TestKey()).holds


def test_what_appends_nothing_signs_nothing(store: Store) -> None:
    append(store, "one")
    store.write(lambda unit: unit.put_draft(CountedEntropy().new_id(), b"{}", at=START))
    with store.view() as view:
        assert len(view.heads()) == 1


def test_every_entry_is_proved_under_the_head(store: Store) -> None:
    for size in (1, 2, 3, 7):
        append(store, *map(str, range(size)))
    with store.view() as view:
        head = view.head()
        assert head is not None
        size, root = head.head.size, head.head.root
        for entry in view.entries():
            path = inclusion_proof(entry.number, size, view.tree_node)
            assert inclusion_holds(entry.leaf, entry.number, size, path, root)


def test_every_head_is_proved_to_have_only_grown(store: Store) -> None:
    for size in (1, 2, 3, 7):
        append(store, *map(str, range(size)))
    with store.view() as view:
        *heads, last = (signed.head for signed in view.heads())
        for first in heads:
            path = consistency_proof(first.size, last.size, view.tree_node)
            assert consistency_holds(first.size, last.size, path, first.root, last.root)


def test_the_tree_is_whole_within_the_work_that_grows_it(store: Store) -> None:
    append(store, "one", "two", "three")

    def work(unit: Unit) -> bytes:
        for text in "abcde":
            unit.append(note(text))
        assert unit.ledger_size() == 8
        return frontier_at(8, unit.tree_node).root()

    root = store.write(work)
    with store.view() as view:
        head = view.head()
        assert head is not None
        assert head.head.root == root != EMPTY_ROOT


@pytest.mark.parametrize(("level", "index"), [(0, 3), (1, 1), (2, 0), (-1, 0), (0, -1), (0, 2**70)])
def test_a_subtree_that_is_not_whole_is_not_there(store: Store, level: int, index: int) -> None:
    append(store, "one", "two", "three")
    with store.view() as view, pytest.raises(LedgerBroken, match="lacks"):
        view.tree_node(level, index)


def test_a_clock_that_steps_back_changes_no_order(store: Store, clock: TurnedClock) -> None:
    append(store, "before")
    clock.turn(hours=-3)
    store.write(lambda unit: unit.append(note("after", at=clock.now())))
    clock.turn(hours=6)
    append(store, "right again")
    with store.view() as view:
        assert [entry.at - START for entry in view.entries()] == [
            timedelta(),
            timedelta(hours=-3),
            timedelta(),
        ]
        report = verified(view)
        assert report.holds
        assert [fault.kind for fault in report.faults] == [FaultKind.CLOCK]


def test_the_ledger_goes_on_where_it_ended(open_again: Callable[[], Store]) -> None:
    first = open_again()
    append(first, "one", "two", "three")
    first.close()
    second = open_again()
    assert append(second, "four") == [3]
    with second.view() as view:
        assert verified(view).holds
        assert [signed.head.size for signed in view.heads()] == [3, 4]


def test_a_pruned_payload_goes_with_its_salt_and_the_proofs_go_on(store: Store) -> None:
    one = plan()
    file(store, one)
    file(store, ended(one))
    with store.view() as view:
        leaves = [entry.leaf for entry in view.entries()]

    def work(unit: Unit) -> tuple[bool, bool]:
        pruned = unit.prune(0), unit.prune(0)
        unit.append(pruned_note(0))
        return pruned

    assert store.write(work) == (True, False)
    with store.view() as view:
        entries = view.entries()
        assert (entries[0].payload, entries[0].salt) == (None, b"")
        assert [entry.leaf for entry in entries[:2]] == leaves
        report = verified(view)
        assert (report.holds, report.faults, report.pruned) == (True, (), 1)


def test_what_is_still_current_is_not_pruned(store: Store) -> None:
    filed = file(store, plan())
    with pytest.raises(StateForbids, match="current version"):
        store.write(lambda unit: unit.prune(filed.entry))
    with store.view() as view:
        assert view.operation(filed.operation.id) == filed


def test_a_removed_operations_last_payload_can_be_pruned(store: Store) -> None:
    one = plan()
    file(store, one)
    over = file(store, ended(one))

    def work(unit: Unit) -> bool:
        unit.remove_operation(one.id)
        return unit.prune(over.entry)

    assert store.write(work)


def test_there_is_nothing_to_prune_beyond_the_last_entry(store: Store) -> None:
    assert store.write(lambda unit: unit.prune(7)) is False


def test_another_nodes_key_is_noticed(store: Store) -> None:
    append(store, "one")
    with store.view() as view:
        report = verified(view, key=TestKey("stranger"))
    assert [fault.kind for fault in report.faults] == [FaultKind.SIGNATURE]


def test_a_version_that_is_undone_leaves_no_entry(store: Store) -> None:
    one = plan()
    file(store, one)

    def work(unit: Unit) -> None:
        unit.append(note("begun"))
        unit.append(note("half done"))
        raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        store.write(work)
    append(store, "next")
    with store.view() as view:
        assert view.ledger_size() == 2
        assert verified(view).holds
