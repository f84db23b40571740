"""Pages of operations: every one meant is on exactly one page, in order."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.store.parts import changed, ended, file, plan, put
from keepclear.errors import InvalidInput
from keepclear.model.operation import Operation, OperationClass, OperationState
from keepclear.model.volume import Volume
from keepclear.model.window import Window
from keepclear.ports.store import OperationQuery, Store, StoredOperation, Unit, View
from samples import window

STATES = tuple(OperationState)
CLASSES = tuple(OperationClass)


def mixed(store: Store, count: int = 24) -> list[StoredOperation]:
    """Operations of two parties, all classes and states; several begin at one moment."""

    def work(unit: Unit) -> list[StoredOperation]:
        filed = []
        for n in range(count):
            one = plan(
                f"{'BA'[n % 2]}-{n}",
                party=("BLUE", "AMBER")[n % 2],
                at=window(start_min=10.0 * (n * 7 % 8), length_min=5.0 + n),
                operation_class=CLASSES[n % 3],
                member="Straße" if n % 5 == 0 else "",
                tolerance_s=60.0 * (n % 3),
            )
            filed.append(put(unit, one))
            state = STATES[n % len(STATES)]
            if state is OperationState.ENDED:
                filed[-1] = put(unit, ended(one))
            elif state is not OperationState.PLANNED:
                filed[-1] = put(unit, changed(one, state=state))
        return filed

    return store.write(work)


def meant(query: OperationQuery, one: StoredOperation) -> bool:
    """The contract's words, one by one."""
    operation = one.operation
    words = (operation.designator, operation.member, operation.contact, operation.id)
    return (
        (not query.states or operation.state in query.states)
        and (not query.parties or operation.party in query.parties)
        and (not query.classes or operation.operation_class in query.classes)
        and any(query.text.casefold() in word.casefold() for word in words)
        and (query.window is None or operation.window.gap_s(query.window) <= 0.0)
        and (query.numbers is None or one.number in query.numbers)
    )


def in_order(operations: list[StoredOperation]) -> list[StoredOperation]:
    return sorted(operations, key=lambda one: (one.operation.window.start, one.number))


def all_pages(view: View, query: OperationQuery, limit: int) -> list[StoredOperation]:
    found: list[StoredOperation] = []
    cursor, total = "", None
    while True:
        page = view.find(query, cursor=cursor, limit=limit)
        assert len(page.items) <= limit
        assert total in {None, page.total}
        found, cursor, total = [*found, *page.items], page.following, page.total
        if not cursor:
            assert total == len(found)
            return found


@st.composite
def queries(draw: st.DrawFn) -> OperationQuery:
    start_min = draw(st.floats(-30, 120))
    return OperationQuery(
        states=draw(st.frozensets(st.sampled_from(STATES))),
        parties=draw(st.frozensets(st.sampled_from(["BLUE", "AMBER", "GREEN"]))),
        classes=draw(st.frozensets(st.sampled_from(CLASSES), max_size=2)),
        text=draw(st.sampled_from(["", "b-1", "A-", "STRASSE", "130.0", "%", "_", "'", "-2\n"])),
        window=draw(st.none() | st.just(window(start_min, draw(st.floats(1, 60))))),
        numbers=draw(st.none() | st.frozensets(st.integers(-1, 30))),
    )


def test_pages_hold_what_is_meant_in_order(store: Store) -> None:
    filed = mixed(store)

    @given(query=queries(), limit=st.integers(1, 30))
    def holds(query: OperationQuery, limit: int) -> None:
        with store.view() as view:
            wanted = in_order([one for one in filed if meant(query, one)])
            assert all_pages(view, query, limit) == wanted

    holds()


def test_an_empty_store_has_one_empty_page(store: Store) -> None:
    with store.view() as view:
        assert view.find(OperationQuery()) == ((), 0, "")


def test_a_window_is_met_by_what_touches_it(store: Store) -> None:
    one = plan(at=window(0.0, 60.0), tolerance_s=60.0)
    file(store, one)
    whole = one.window
    after = Window(whole.end, whole.end + timedelta(hours=1))
    later = Window(whole.end + timedelta(microseconds=1), whole.end + timedelta(hours=1))
    with store.view() as view:
        assert view.find(OperationQuery(window=after)).total == 1
        assert view.find(OperationQuery(window=later)).total == 0


def test_what_is_filed_meanwhile_neither_repeats_nor_hides(store: Store) -> None:
    filed = in_order([file(store, plan(f"B-{n}", at=window(10.0 * n))) for n in range(4)])
    with store.view() as view:
        first = view.find(OperationQuery(), limit=2)
    earlier, later = plan("B-8", at=window(-5.0)), plan("B-9", at=window(25.0))
    file(store, earlier)
    added = file(store, later)
    with store.view() as view:
        second = view.find(OperationQuery(), cursor=first.following, limit=9)
    assert first.items == tuple(filed[:2])
    assert second.items == (filed[2], added, filed[3])
    assert second.total == 6


def test_a_page_goes_on_though_the_numbers_changed(store: Store) -> None:
    filed = [file(store, plan(f"B-{n}")) for n in range(4)]
    before = OperationQuery(numbers=frozenset(one.number for one in filed[:3]))
    after = replace(before, numbers=frozenset(one.number for one in filed))
    with store.view() as view:
        first = view.find(before, limit=2)
        second = view.find(after, cursor=first.following, limit=2)
    assert [*first.items, *second.items] == filed


def test_a_cursor_of_another_list_is_refused(store: Store) -> None:
    mixed(store)
    with store.view() as view:
        cursor = view.find(OperationQuery(), limit=3).following
        with pytest.raises(InvalidInput, match="does not belong"):
            view.find(OperationQuery(parties=frozenset({"BLUE"})), cursor=cursor)


@pytest.mark.parametrize(
    "cursor", ["x", "é", "\ud800", "AAAA", base64.urlsafe_b64encode(b"\xff" * 24).decode()]
)
def test_what_is_no_cursor_is_refused(store: Store, cursor: str) -> None:
    with store.view() as view, pytest.raises(InvalidInput, match="does not belong"):
        view.find(OperationQuery(), cursor=cursor)


def test_a_page_of_nothing_and_half_a_character_are_refused(store: Store) -> None:
    with store.view() as view:
        with pytest.raises(InvalidInput, match="page of 0"):
            view.find(OperationQuery(), limit=0)
        with pytest.raises(InvalidInput, match="half a character"):
            view.find(OperationQuery(text="\ud800"))


def test_a_page_is_never_endless(store: Store) -> None:
    filed = mixed(store)
    with store.view() as view:
        assert len(view.find(OperationQuery(), limit=10**30).items) == len(filed)


def test_a_new_version_stands_in_its_new_place(store: Store) -> None:
    one, two = plan("B-1", at=window(0.0)), plan("B-2", at=window(10.0))
    file(store, one)
    second = file(store, two)
    moved = file(store, replace(changed(one), volumes=two_later(one)))
    with store.view() as view:
        assert view.find(OperationQuery()).items == (second, moved)


def two_later(one: Operation) -> tuple[Volume, ...]:
    return tuple(replace(volume, window=volume.window.shifted(7_200)) for volume in one.volumes)
