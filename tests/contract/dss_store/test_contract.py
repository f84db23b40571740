"""What a discovery service's store promises, whatever engine is below it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

import pytest

from dss_fixture import POOL, entity, volume
from keepclear.f3548.extent import Extent, extent_of, meets, union_of
from keepclear.formats.f3548 import area_of
from keepclear.model.coordination import IntentState, UssState
from keepclear.ports.dss_store import (
    Availability,
    ConstraintRecord,
    DssStore,
    DssUnit,
    IntentRecord,
    StoredIntent,
    SubscriptionRecord,
)

FAR = (10.0, -60.0)


def extent(*args: object, **kwargs: object) -> Extent:
    return extent_of([area_of(volume(*args, **kwargs))])  # type: ignore[arg-type]  # as `volume`


HERE = extent()


def intent(word: str, *, version: int = 1, subscription: int | None = None) -> IntentRecord:
    return IntentRecord(
        entity(word), "uss1", version, f"ovn of {word} {version}", IntentState.ACCEPTED,
        "https://uss1.example.com", subscription,
    )  # fmt: skip


def constraint(word: str) -> ConstraintRecord:
    return ConstraintRecord(entity(word), "authority", 1, f"ovn of {word}", "https://a.example.com")


def subscription(word: str, *, manager: str = "uss1", implicit: bool = False) -> SubscriptionRecord:
    return SubscriptionRecord(
        entity(word), manager, f"version of {word}", 0, "https://uss1.example.com",
        for_intents=True, for_constraints=False, is_implicit=implicit,
    )  # fmt: skip


def stored_intent(unit: DssUnit, word: str) -> StoredIntent:
    stored = unit.intent(entity(word))
    assert stored is not None
    return stored


def test_a_store_keeps_the_pool_it_was_made_for(open_again: Callable[[], DssStore]) -> None:
    assert open_again().pool == POOL
    assert open_again().pool == POOL


def test_what_was_stored_is_there_after_opening_again(open_again: Callable[[], DssStore]) -> None:
    open_again().write(lambda unit: unit.add_intent(intent("a"), HERE))
    with open_again().view() as view:
        stored = view.intent(entity("a"))
        assert stored is not None
        assert stored.record == intent("a")
        assert view.intent_extent(stored.number) == HERE
        assert stored.availability is UssState.UNKNOWN
        assert view.sequence == 1


def test_what_is_not_there_is_none(store: DssStore) -> None:
    with store.view() as view:
        assert view.intent(entity("a")) is None
        assert view.constraint(entity("a")) is None
        assert view.subscription(entity("a")) is None
        assert view.intent("no id at all") is None
        assert view.availability("nobody") == Availability(UssState.UNKNOWN, "")
        assert view.availability("half \ud800 a character") == Availability(UssState.UNKNOWN, "")


@pytest.mark.parametrize(
    "asked",
    [
        extent(),
        extent((35.004, 36.0)),
        extent(radius_m=50_000.0, low_m=120.0, high_m=500.0),
        extent(FAR),
        extent(low_m=130.0, high_m=500.0),
        extent(radius_m=1_500_000.0),
    ],
)
def test_a_question_finds_what_meets_it_and_nothing_else(store: DssStore, asked: Extent) -> None:
    places = {
        "here": HERE,
        "far": extent(FAR),
        "huge": extent(radius_m=400_000.0),
        "above": extent(low_m=200.0, high_m=300.0),
        "tiny": extent(radius_m=0.1),
    }

    def fill(unit: DssUnit) -> None:
        for word, place in places.items():
            unit.add_intent(intent(word), place)
            unit.add_constraint(constraint(word), place)
            unit.add_subscription(subscription(word), place)

    store.write(fill)
    expected = [entity(word) for word, place in places.items() if meets(asked, place)]
    with store.view() as view:
        intents = view.intents_meeting(asked, most=99)
        constraints = view.constraints_meeting(asked, most=99)
        subscriptions = view.subscriptions_meeting(asked, manager="uss1", now_us=0, most=99)
    assert [each.record.id for each in intents] == expected
    assert [each.record.id for each in constraints] == expected
    assert [each.record.id for each in subscriptions] == expected


@pytest.mark.parametrize("constraints", [False, True])
def test_what_a_key_is_compared_with_is_what_a_question_finds(
    store: DssStore, constraints: bool
) -> None:
    def fill(unit: DssUnit) -> None:
        for word, place in {"a": HERE, "far": extent(FAR), "b": HERE}.items():
            unit.add_intent(intent(word), place)
            unit.add_constraint(constraint(word), place)
        for uss in ("uss1", "authority"):
            unit.put_availability(uss, Availability(UssState.DOWN, "1"))

    store.write(fill)
    with store.view() as view:
        found = view.relevant(HERE, constraints=constraints, most=9)
        assert view.how_many(HERE, constraints=constraints, most=9) == 2
        assert view.how_many(HERE, constraints=constraints, most=1) == 1
        assert len(view.relevant(HERE, constraints=constraints, most=1)) == 1
        stored = view.intent(entity("a"))
    assert stored is not None
    assert {each.id for each in found} == {entity("a"), entity("b")}
    assert {each.state for each in found} == {None if constraints else stored.record.state}
    assert {each.availability for each in found} == {UssState.DOWN}


def test_a_crowd_is_everything_filed_near_whenever_it_is(store: DssStore) -> None:
    def fill(unit: DssUnit) -> None:
        for word in "abc":
            unit.add_intent(intent(word), HERE._replace(start_us=0, end_us=1))
            unit.add_constraint(constraint(word), HERE)
            unit.add_subscription(subscription(word), HERE)

    store.write(fill)
    with store.view() as view:
        assert view.crowd(extent(radius_m=200_000.0), most=99) == 9
        assert view.crowd(extent(radius_m=200_000.0), most=4) == 4
        assert view.crowd(extent((-35.0, -144.0), radius_m=200_000.0), most=99) == 0


def test_subscriptions_are_counted_by_manager_and_kind(store: DssStore) -> None:
    def fill(unit: DssUnit) -> None:
        for word in "abc":
            unit.add_subscription(subscription(word), HERE)
        unit.add_subscription(subscription("implicit", implicit=True), HERE)
        unit.add_subscription(subscription("other")._replace(manager="uss2"), HERE)
        unit.add_subscription(subscription("far"), extent(FAR))

    store.write(fill)
    now_us = HERE.start_us
    with store.view() as view:

        def counted(record: SubscriptionRecord, now_us: int = now_us) -> int:
            return view.how_many_subscriptions(HERE, record, now_us=now_us, most=9)

        assert counted(subscription("new")) == 3
        assert counted(subscription("a")) == 2
        assert counted(subscription("new", implicit=True)) == 1
        assert counted(subscription("new")._replace(manager="uss2")) == 1
        assert counted(subscription("new"), HERE.end_us + 1) == 0


def test_an_answer_holds_no_more_than_asked_for(store: DssStore) -> None:
    for word in "abc":
        store.write(lambda unit, word=word: unit.add_intent(intent(word), HERE))  # type: ignore[misc]  # a default in a lambda
    with store.view() as view:
        assert [each.record.id for each in view.intents_meeting(HERE, most=2)] == [
            entity("a"),
            entity("b"),
        ]


def test_a_thing_that_moved_is_found_where_it_is_now(store: DssStore) -> None:
    def move(unit: DssUnit) -> None:
        unit.add_intent(intent("a"), HERE)
        number = stored_intent(unit, "a").number
        unit.change_intent(number, intent("a", version=2), extent(FAR), before=HERE)

    store.write(move)
    with store.view() as view:
        assert view.intents_meeting(HERE, most=9) == []
        (found,) = view.intents_meeting(extent(FAR), most=9)
    assert found.record.version == 2


def test_a_thing_that_was_removed_is_found_no_more(store: DssStore) -> None:
    def come_and_go(unit: DssUnit) -> None:
        unit.add_intent(intent("a"), HERE)
        unit.drop_intent(stored_intent(unit, "a").number, HERE)
        unit.add_constraint(constraint("a"), HERE)
        kept = unit.constraint(entity("a"))
        assert kept is not None
        unit.drop_constraint(kept.number, HERE)
        unit.drop_subscription(unit.add_subscription(subscription("a"), HERE), HERE)

    store.write(come_and_go)
    with store.view() as view:
        assert view.intents_meeting(HERE, most=9) == []
        assert view.constraints_meeting(HERE, most=9) == []
        assert view.subscriptions_meeting(HERE, manager="uss1", now_us=0, most=9) == []
        assert view.intent(entity("a")) is None


def test_whoever_depends_on_a_subscription_is_known_until_it_goes(store: DssStore) -> None:
    def depend(unit: DssUnit) -> int:
        number = unit.add_subscription(subscription("s"), HERE)
        unit.add_intent(intent("a", subscription=number), HERE)
        unit.add_intent(intent("b", subscription=number), extent(FAR))
        return number

    number = store.write(depend)
    with store.view() as view:
        assert view.dependents(number, most=9) == [entity("a"), entity("b")]
        assert view.dependents(number, most=1) == [entity("a")]
        assert list(view.dependents_beyond(number, HERE)) == [extent(FAR)]
        assert view.dependents_bounds(number) == union_of((HERE, extent(FAR)))
        assert view.dependents_bounds(number, but=entity("b")) == HERE
        assert view.dependents_bounds(number + 1) is None
        stored = view.intent(entity("a"))
        assert stored is not None
        assert stored.subscription_id == entity("s")
    store.write(lambda unit: unit.drop_subscription(number, HERE))
    with store.view() as view:
        left = view.intent(entity("a"))
        assert left is not None
        assert left.subscription_id is None


def test_a_notification_is_counted_for_whom_it_concerns_alone(store: DssStore) -> None:
    def subscribe(unit: DssUnit) -> None:
        unit.add_subscription(subscription("here"), HERE)
        unit.add_subscription(subscription("far"), extent(FAR))
        unit.add_subscription(subscription("deaf")._replace(for_intents=False), HERE)

    store.write(subscribe)
    now_us = HERE.start_us

    def notify(unit: DssUnit) -> list[tuple[str, int]]:
        notified = unit.notify((HERE,), of_constraints=False, now_us=now_us)
        return [(each.id, each.notified) for each in notified]

    assert store.write(notify) == [(entity("here"), 1)]
    assert store.write(notify) == [(entity("here"), 2)]
    both = store.write(
        lambda unit: unit.notify((HERE, extent(FAR)), of_constraints=False, now_us=now_us)
    )
    assert [each.notified for each in both] == [3, 1]
    over_us = HERE.end_us + 1
    assert (
        store.write(lambda unit: unit.notify((HERE,), of_constraints=False, now_us=over_us)) == []
    )


def test_what_is_held_of_a_service_stands_with_its_things(store: DssStore) -> None:
    store.write(lambda unit: unit.add_intent(intent("a"), HERE))
    store.write(lambda unit: unit.put_availability("uss1", Availability(UssState.NORMAL, "1")))
    store.write(lambda unit: unit.put_availability("uss1", Availability(UssState.DOWN, "2")))
    with store.view() as view:
        assert view.availability("uss1") == Availability(UssState.DOWN, "2")
        (found,) = view.intents_meeting(HERE, most=9)
    assert found.availability is UssState.DOWN


def test_what_is_over_comes_longest_over_first_and_implicit_ones_never(store: DssStore) -> None:
    def fill(unit: DssUnit) -> None:
        for seconds in (30, 10, 20):
            place = HERE._replace(end_us=HERE.start_us + seconds)
            unit.add_intent(intent(f"{seconds}"), place)
            unit.add_constraint(constraint(f"{seconds}"), place)
            unit.add_subscription(subscription(f"{seconds}", implicit=seconds == 20), place)

    store.write(fill)
    before_us = HERE.start_us + 25
    with store.view() as view:
        assert [e.record.id for e in view.over_intents(before_us, limit=9)] == [
            entity("10"),
            entity("20"),
        ]
        assert len(view.over_constraints(before_us, limit=9)) == 2
        assert [e.record.id for e in view.over_subscriptions(before_us, limit=9)] == [entity("10")]
        assert len(view.over_intents(before_us, limit=1)) == 1


def test_one_work_of_a_group_that_fails_leaves_nothing_and_harms_no_other(store: DssStore) -> None:
    def fail(unit: DssUnit) -> None:
        unit.add_intent(intent("lost"), HERE)
        raise ValueError("no")

    def store_one(unit: DssUnit) -> None:
        unit.add_intent(intent("kept"), HERE)

    outcomes = store.write_each([fail, store_one])
    assert isinstance(outcomes[0], ValueError)
    assert outcomes[1] is None
    with store.view() as view:
        assert [each.record.id for each in view.intents_meeting(HERE, most=9)] == [entity("kept")]
        assert view.sequence == 1


def test_a_view_is_of_one_moment_while_others_write(store: DssStore) -> None:
    store.write(lambda unit: unit.add_intent(intent("a"), HERE))
    with store.view() as view:
        assert len(view.intents_meeting(HERE, most=9)) == 1
        store.write(lambda unit: unit.add_intent(intent("b"), HERE))
        assert len(view.intents_meeting(HERE, most=9)) == 1


def test_readers_do_not_wait_for_the_writer(store: DssStore) -> None:
    inside, done = Event(), Event()

    def long(unit: DssUnit) -> None:
        unit.add_intent(intent("a"), HERE)
        inside.set()
        assert done.wait(10)

    writer = Thread(target=lambda: store.write(long))
    writer.start()
    assert inside.wait(10)
    with store.view() as view:
        assert view.intent(entity("a")) is None
    done.set()
    writer.join()
