"""Units of work: whole or not at all, alone in what fails, told before anybody is answered."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import pytest

from contract.store.parts import START, changed, ended, file, note, plan, put, verified
from keepclear.errors import NodeFault, NodeStopping
from keepclear.model.node import Change
from keepclear.ports.store import Committed, Store, StoredOperation, Unit


def test_a_work_gives_back_what_it_returns(store: Store) -> None:
    assert store.write(lambda unit: (unit.sequence, unit.ledger_size())) == (0, 0)
    assert store.write(lambda _: None) is None


def test_a_work_reads_what_it_wrote(store: Store) -> None:
    one = plan()

    def work(unit: Unit) -> StoredOperation | None:
        put(unit, one)
        assert unit.sequence == 1
        assert [change.id for change in unit.changes(after=0)] == [one.id]
        assert unit.changed_near((1,), since=0)
        return unit.operation(one.id)

    found = store.write(work)
    assert found is not None
    assert found.operation == one


def test_a_work_that_raises_leaves_nothing_behind(store: Store) -> None:
    kept = file(store, plan("B-1"))

    def work(unit: Unit) -> None:
        put(unit, plan("B-2"))
        put(unit, changed(kept.operation))
        unit.append(note())
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        store.write(work)
    with store.view() as view:
        assert view.sequence == kept.change
        assert view.operation(kept.operation.id) == kept
        assert sum(view.counts().values()) == 1
        assert view.ledger_size() == 1
        assert len(view.geometries()) == 1


def test_works_of_many_callers_fail_alone(store: Store) -> None:
    told: list[int] = []
    store.on_change(lambda done: told.extend(change.sequence for change in done.changes))

    def outcome(n: int) -> StoredOperation | None:
        def work(unit: Unit) -> StoredOperation:
            stored = put(unit, plan(f"B-{n}"))
            if n % 3 == 0:
                raise RuntimeError("not this one")
            return stored

        try:
            return store.write(work)
        except RuntimeError:
            return None

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(outcome, range(60)))
    stored = [one for one in found if one is not None]
    assert [n for n, one in enumerate(found) if one is None] == list(range(0, 60, 3))
    assert sorted(one.change for one in stored) == told == list(range(1, 41))
    with store.view() as view:
        assert view.ledger_size() == 40
        assert verified(view).holds


def test_writers_of_many_threads_lose_nothing(store: Store) -> None:
    def write(thread: int) -> list[StoredOperation]:
        return [file(store, plan(f"B-{thread}-{n}")) for n in range(25)]

    with ThreadPoolExecutor(6) as pool:
        filed = [one for each in pool.map(write, range(6)) for one in each]
    assert sorted(one.entry for one in filed) == list(range(150))
    assert sorted(one.change for one in filed) == list(range(1, 151))
    with store.view() as view:
        assert {one.operation.id for one in filed} == {shape.id for shape in view.geometries()}
        assert verified(view).holds


def test_listeners_are_told_in_order_before_the_writer_is_answered(store: Store) -> None:
    told: list[Change] = []
    seen: list[int] = []

    def listen(committed: Committed) -> None:
        with store.view() as view:
            seen.append(view.sequence)
        told.extend(committed.changes)

    store.on_change(listen)
    for n in range(3):
        filed = file(store, plan(f"B-{n}"))
        assert told[-1].sequence == filed.change == seen[-1]
    with store.view() as view:
        assert told == view.changes(after=0)


def test_what_failed_or_changed_nothing_is_not_told(store: Store) -> None:
    told: list[Committed] = []
    store.on_change(told.append)

    def fail(unit: Unit) -> None:
        put(unit, plan())
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        store.write(fail)
    store.write(lambda unit: unit.append(note()))
    assert told == []


def test_after_a_listener_fails_nothing_more_is_taken(store: Store) -> None:
    def listen(_: Committed) -> None:
        raise RuntimeError("the index is full")

    store.on_change(listen)
    filed = file(store, plan("B-1"))
    with pytest.raises(NodeFault, match="the index is full") as refused:
        file(store, plan("B-2"))
    assert "Start the node again" in refused.value.remedy
    with store.view() as view:
        assert view.operation(filed.operation.id) == filed


def test_a_work_that_asks_for_another_is_refused_instead_of_waiting_for_ever(store: Store) -> None:
    with pytest.raises(NodeFault, match="another work"):
        store.write(lambda _: store.write(lambda unit: unit.append(note())))


def test_a_unit_is_of_no_use_after_its_work(store: Store) -> None:
    kept: list[Unit] = []
    store.write(kept.append)
    with pytest.raises(NodeFault, match="after the work had ended"):
        store.write(lambda _: kept[0].append(note()))
    with store.view() as view:
        assert view.ledger_size() == 0


def test_a_moment_stays_as_it_was(store: Store) -> None:
    one = plan()
    first = file(store, one)
    with store.view() as before:
        second = file(store, changed(one, contact="later"))
        file(store, plan("B-2"))
        assert before.operation(one.id) == first
        assert before.sequence == first.change
        assert before.ledger_size() == 1
        assert [change.sequence for change in before.changes(after=0)] == [first.change]
    with store.view() as after:
        assert after.operation(one.id) == second


def test_moments_are_read_in_many_threads_while_others_write(store: Store) -> None:
    one = plan()
    file(store, one)

    def read() -> bool:
        with store.view() as view:
            stored = view.operation(one.id)
            assert stored is not None
            return stored.operation.version == view.ledger_size() == view.sequence

    def write() -> bool:
        current = one
        for n in range(40):
            current = changed(current, contact=str(n))
            file(store, current)
        return True

    with ThreadPoolExecutor(5) as pool:
        writing = pool.submit(write)
        readings = [pool.submit(read) for _ in range(200)]
        assert all(reading.result(30) for reading in readings)
        assert writing.result(30)


def test_an_error_while_reading_harms_no_later_reading(store: Store) -> None:
    file(store, plan())
    with pytest.raises(RuntimeError, match="reader"), store.view():
        raise RuntimeError("the reader's own")
    with store.view() as view:
        assert view.ledger_size() == 1


def test_a_closed_store_takes_nothing_and_shows_nothing(store: Store) -> None:
    store.close()
    with pytest.raises(NodeStopping):
        file(store, plan())
    with pytest.raises(NodeStopping), store.view():
        pass
    store.close()


def test_what_was_taken_before_closing_is_stored(open_again: Callable[[], Store]) -> None:
    store = open_again()
    gate, working = Event(), Event()

    def hold(_: Unit) -> None:
        working.set()
        gate.wait(10)

    def outcome(n: int) -> StoredOperation | None:
        try:
            return file(store, plan(f"B-{n}"))
        except NodeStopping:
            return None

    with ThreadPoolExecutor(8) as pool:
        held = pool.submit(store.write, hold)
        assert working.wait(10)
        outcomes = [pool.submit(outcome, n) for n in range(6)]
        closing = pool.submit(store.close)
        gate.set()
        held.result(10)
        closing.result(10)
        stored = [one for each in outcomes if (one := each.result(10)) is not None]
    with open_again().view() as view:
        assert {one.operation.id for one in stored} == {s.id for s in view.geometries()}


def test_a_listener_may_still_read_while_the_store_closes(store: Store) -> None:
    told: list[int] = []
    closing: list[Thread] = []

    def listen(_: Committed) -> None:
        closing.append(Thread(target=store.close))
        closing[0].start()
        with store.view() as view:
            told.append(view.sequence)

    store.on_change(listen)
    file(store, plan())
    closing[0].join(10)
    assert told == [1]


def test_the_identity_is_what_was_fixed(open_again: Callable[[], Store]) -> None:
    first = open_again()
    identity = first.identity
    first.close()
    assert open_again().identity == identity
    assert identity.made_at == START


def test_a_backup_holds_everything_of_one_moment(store: Store, tmp_path: Path) -> None:
    file(store, plan())
    target = tmp_path / "copy.sqlite"
    store.backup(str(target))
    file(store, plan("B-2"))
    assert target.stat().st_size > 0
    with store.view() as view:
        assert view.ledger_size() == 2


def test_listeners_are_told_what_became_of_each_operation(store: Store) -> None:
    """The same as the store answers when it is asked; what was undone is not told."""
    told: list[Committed] = []
    store.on_change(told.append)

    def twice(unit: Unit) -> None:
        put(unit, plan("B-1"))
        put(unit, changed(plan("B-1")))
        put(unit, plan("B-2"))

    def undone(unit: Unit) -> None:
        put(unit, plan("B-3"))
        raise RuntimeError("no")

    store.write(twice)
    with pytest.raises(RuntimeError):
        store.write(undone)
    store.write(lambda unit: put(unit, ended(changed(plan("B-1")))))
    with store.view() as view:
        answered = view.operation_changes(after=0)
    seen = {each.number: each for done in told for each in done.operations}
    assert sorted(seen.values(), key=lambda each: each.change) == list(answered)
    assert [len(done.operations) for done in told] == [2, 1]
