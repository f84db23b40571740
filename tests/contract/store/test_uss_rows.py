"""What a store keeps for a USS: what was learnt, what waits to be told, what operators heard."""

from __future__ import annotations

from datetime import timedelta

from contract.store.parts import TurnedClock
from keepclear.model.node import Subject
from keepclear.ports.store import Store
from keepclear.ports.uss_store import Learnt, LearntSort, OperatorNotice, Waiting

HOUR = timedelta(hours=1)


def learnt(clock: TurnedClock, entity_id: str, **changed: object) -> Learnt:
    now = clock.now()
    one = Learnt(LearntSort.INTENT, entity_id, "uss2", 1, "ovn", True, now + HOUR, now, b"{}")
    return one._replace(**changed)  # type: ignore[arg-type]  # of the caller


def put_learnt(store: Store, one: Learnt) -> None:
    store.write(lambda unit: unit.put_learnt(one))


def put_waiting(store: Store, one: Waiting) -> None:
    store.write(lambda unit: unit.put_waiting(one))


def put_notice(store: Store, one: OperatorNotice) -> None:
    store.write(lambda unit: unit.put_operator_notice(one))


def test_what_was_learnt_is_kept_by_sort_and_id_in_its_last_version(
    store: Store, clock: TurnedClock
) -> None:
    store.write(lambda unit: unit.put_learnt(learnt(clock, "a")))
    store.write(lambda unit: unit.put_learnt(learnt(clock, "a", version=2, is_told=False)))
    constraint = learnt(clock, "a", sort=LearntSort.CONSTRAINT)
    store.write(lambda unit: unit.put_learnt(constraint))
    with store.view() as view:
        assert view.learnt(LearntSort.INTENT, "a") == learnt(clock, "a", version=2, is_told=False)
        assert view.learnt(LearntSort.CONSTRAINT, "a") == constraint
        assert view.learnt(LearntSort.INTENT, "b") is None
        assert view.learnt(LearntSort.INTENT, "\ud800") is None


def test_what_was_learnt_is_listed_in_pages_and_forgotten_once_it_is_over(
    store: Store, clock: TurnedClock
) -> None:
    for entity_id in "abc":
        ends = clock.now() + (HOUR if entity_id == "b" else -HOUR)
        put_learnt(store, learnt(clock, entity_id, ends=ends))
    with store.view() as view:
        page = view.all_learnt(LearntSort.INTENT, after="a", limit=1)
        assert [each.id for each in page] == ["b"]
    assert store.write(lambda unit: unit.drop_learnt_before(clock.now())) == 2
    store.write(lambda unit: unit.drop_learnt(LearntSort.INTENT, "b"))
    store.write(lambda unit: unit.drop_learnt(LearntSort.INTENT, "b"))
    with store.view() as view:
        assert view.all_learnt(LearntSort.INTENT) == []


def test_what_waits_keeps_its_order_and_its_attempts(store: Store, clock: TurnedClock) -> None:
    now = clock.now()
    for url in ("http://b", "http://a"):
        waiting = Waiting(0, url, "/x", b"{}", now, now + HOUR)
        put_waiting(store, waiting)
    with store.view() as view:
        first, second = view.waiting()
    assert (first.base_url, second.base_url) == ("http://b", "http://a")
    again = first._replace(due=now + HOUR, attempts=1)
    assert store.write(lambda unit: unit.put_waiting(again)) == first.number
    store.write(lambda unit: unit.drop_waiting(second.number))
    with store.view() as view:
        assert view.waiting() == [again]


def test_what_waits_for_one_hides_nothing_that_waits_for_another(
    store: Store, clock: TurnedClock
) -> None:
    now = clock.now()
    for url in ("http://a", "http://a", "http://a", "http://b"):
        put_waiting(store, Waiting(0, url, "/x", b"{}", now, now + HOUR))
    with store.view() as view:
        some, every = view.waiting(limit=2), view.waiting()
    assert [each.base_url for each in some] == ["http://a", "http://a", "http://b"]
    assert [each.number for each in some] == [each.number for each in (*every[:2], every[3])]


def test_operators_notices_are_found_by_their_time(store: Store, clock: TurnedClock) -> None:
    now = clock.now()
    for minutes in (0, 10, 20):
        at = now + timedelta(minutes=minutes)
        notice = OperatorNotice(0, at, now, "SCD0095", "id", minutes, "text")
        put_notice(store, notice)
    ten = now + timedelta(minutes=10)
    with store.view() as view:
        assert [each.conflicts for each in view.operator_notices(ten, ten)] == [10]
        assert [each.conflicts for each in view.operator_notices(now, ten)] == [0, 10]
        assert [each.conflicts for each in view.operator_notices(now, ten, limit=1)] == [10]
    assert store.write(lambda unit: unit.drop_operator_notices_before(ten)) == 1


def test_what_others_publish_is_no_change_that_is_told_and_an_operators_notice_is_one(
    store: Store, clock: TurnedClock
) -> None:
    with store.view() as view:
        before = view.sequence
    store.write(lambda unit: unit.put_learnt(learnt(clock, "a")))
    with store.view() as view:
        assert view.sequence == before
    now = clock.now()
    put_notice(store, OperatorNotice(0, now, now, "SCD0095", "id", 1, "text"))
    with store.view() as view:
        (change,) = view.changes(after=before)
        (notice,) = view.operator_notices(now, now)
    assert (change.subject, change.id) == (Subject.OPERATOR_NOTICE, str(notice.number))
