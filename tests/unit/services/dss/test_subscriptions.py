"""What the discovery service decides about subscriptions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import UNSET

from dss_fixture import HERE, START, URL, Desk, entity, volume
from keepclear.errors import InvalidInput, NotFound, NotOurs, VersionConflict
from keepclear.formats.f3548 import PutSubscriptionParameters, Volume4D, time_of
from keepclear.services.dss import delete_subscription, finished, put_subscription

FAR = (10.0, -60.0)
HOUR = timedelta(hours=1)


def wide(
    place: tuple[float, float] = HERE,
    *,
    starts: timedelta | None = timedelta(0),
    ends: timedelta | None = HOUR,
) -> Volume4D:
    """As wide and as high as a subscription is where a test does not say."""
    return volume(place, radius_m=2_000.0, high_m=500.0, starts=starts, ends=ends)


def remove(desk: Desk, word: str, version: str, *, caller: str = "uss1") -> object:
    return desk.do(delete_subscription(desk.dss, caller, entity(word), version))


def test_a_new_subscription_is_numbered_0_and_shows_what_is_there(desk: Desk) -> None:
    desk.put("a")
    desk.put("far", volume(FAR))
    answer = desk.subscribe("s", caller="uss2")
    assert answer.subscription.notification_index == 0
    assert not answer.subscription.implicit_subscription
    references = answer.operational_intent_references
    assert references is not UNSET
    assert [(each.id, each.ovn) for each in references] == [(entity("a"), UNSET)]
    assert answer.constraint_references is UNSET
    assert desk.subscription(entity("s"), caller="uss2") == answer.subscription


def test_what_a_subscription_does_not_ask_for_is_left_out_of_the_answer(desk: Desk) -> None:
    desk.constrain("zone")
    answer = desk.subscribe("s", for_intents=False, for_constraints=True)
    assert answer.operational_intent_references is UNSET
    references = answer.constraint_references
    assert references is not UNSET
    assert [each.id for each in references] == [entity("zone")]


def test_one_that_asks_for_nothing_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="no notifications"):
        desk.subscribe("s", for_intents=False)


def test_it_starts_now_and_lasts_24_hours_where_it_does_not_say(desk: Desk) -> None:
    made = desk.subscribe("s", volume(starts=None, ends=None)).subscription
    assert made.time_start == time_of(START)
    assert made.time_end == time_of(START + timedelta(hours=24))


@pytest.mark.parametrize("old", [False, True])
def test_24_hours_are_the_most(desk: Desk, old: bool) -> None:
    version = desk.subscribe("s").subscription.version if old else None
    day = timedelta(hours=24)
    with pytest.raises(InvalidInput, match="24 hours"):
        desk.subscribe("s", volume(ends=day + timedelta(microseconds=1)), version=version)
    desk.subscribe("s", volume(ends=day), version=version)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (timedelta(minutes=-5, seconds=-1), timedelta(hours=1)),
        (timedelta(hours=-2), timedelta(hours=-1)),
        (timedelta(minutes=-4), timedelta(minutes=-3)),
        (timedelta(hours=2), timedelta(hours=1)),
    ],
)
def test_it_may_not_begin_long_ago_be_over_or_end_before_it_starts(
    desk: Desk, starts: timedelta, ends: timedelta
) -> None:
    with pytest.raises(InvalidInput):
        desk.subscribe("s", volume(starts=starts, ends=ends))


def test_the_last_day_of_all_is_too_far_off_to_last_another(desk: Desk) -> None:
    last = datetime(9999, 12, 31, 12, tzinfo=UTC)
    with pytest.raises(InvalidInput, match="too far off"):
        desk.subscribe("s", volume(ends=None, at=last))


def test_it_may_begin_five_minutes_ago(desk: Desk) -> None:
    desk.subscribe("s", volume(starts=timedelta(minutes=-5)))


def test_a_change_names_the_current_version_and_keeps_the_number(desk: Desk) -> None:
    first = desk.subscribe("s").subscription
    desk.put("a")
    assert desk.subscription(entity("s")).version == first.version
    second = desk.subscribe("s", version=first.version).subscription
    assert second.notification_index == 1
    assert second.version != first.version
    for version, refusal in ((first.version, VersionConflict), ("", InvalidInput)):
        with pytest.raises(refusal):
            desk.subscribe("s", version=version)
        with pytest.raises(refusal):
            remove(desk, "s", version)


def test_one_that_exists_is_not_made_again_and_one_that_does_not_is_not_changed(
    desk: Desk,
) -> None:
    desk.subscribe("s")
    with pytest.raises(VersionConflict):
        desk.subscribe("s")
    with pytest.raises(VersionConflict):
        desk.subscribe("t", version="1")
    with pytest.raises(NotFound):
        remove(desk, "t", "1")


def test_nobody_reads_changes_or_removes_anothers(desk: Desk) -> None:
    made = desk.subscribe("s").subscription
    with pytest.raises(NotOurs):
        desk.subscription(entity("s"), caller="uss2")
    with pytest.raises(NotOurs):
        desk.subscribe("s", caller="uss2", version=made.version)
    with pytest.raises(NotOurs):
        remove(desk, "s", made.version, caller="uss2")
    assert desk.subscriptions(volume(), caller="uss2") == set()


def test_it_goes_at_its_end_whether_or_not_it_was_swept(desk: Desk) -> None:
    made = desk.subscribe("s", volume(ends=timedelta(minutes=1))).subscription
    assert desk.subscriptions(volume()) == {entity("s")}
    desk.clock.turn(minutes=1, seconds=1)
    assert desk.subscriptions(volume()) == set()
    with pytest.raises(NotFound):
        desk.subscription(entity("s"))
    with pytest.raises(NotFound):
        remove(desk, "s", made.version)


def test_one_that_is_over_is_not_brought_back_by_its_version(desk: Desk) -> None:
    made = desk.subscribe("s", volume(ends=timedelta(minutes=1))).subscription
    desk.clock.turn(minutes=1, seconds=1)
    with pytest.raises(VersionConflict, match="there is no subscription"):
        desk.subscribe("s", version=made.version)


def test_the_id_of_one_that_is_over_is_free_again_for_anybody(desk: Desk) -> None:
    desk.subscribe("s", volume(ends=timedelta(minutes=1)))
    desk.clock.turn(minutes=1, seconds=1)
    again = desk.subscribe("s", caller="uss2").subscription
    assert again.notification_index == 0
    assert desk.subscription(entity("s"), caller="uss2") == again


@pytest.mark.parametrize(
    "narrower",
    [
        wide(ends=timedelta(minutes=59)),
        wide(starts=timedelta(minutes=6)),
        volume(radius_m=2_000.0, high_m=119.0),
        volume(radius_m=2_000.0, low_m=1.0, high_m=500.0),
        volume(radius_m=200.0, high_m=500.0),
        wide(FAR),
    ],
)
def test_it_keeps_covering_what_depends_on_it(desk: Desk, narrower: object) -> None:
    made = desk.subscribe("s").subscription
    desk.put("a", subscription=entity("s"))
    with pytest.raises(InvalidInput, match="does not cover"):
        desk.subscribe("s", narrower, version=made.version)  # type: ignore[arg-type]  # a volume


def test_it_keeps_telling_of_intents_while_one_depends_on_it(desk: Desk) -> None:
    made = desk.subscribe("s").subscription
    desk.put("a", subscription=entity("s"))
    with pytest.raises(InvalidInput):
        desk.subscribe("s", version=made.version, for_intents=False, for_constraints=True)


def test_it_may_be_renewed_from_now_on_while_an_intent_depends_on_it(desk: Desk) -> None:
    made = desk.subscribe("s").subscription
    desk.put("a", subscription=entity("s"))
    desk.clock.turn(minutes=30)
    later = wide(starts=None, ends=timedelta(hours=20))
    desk.subscribe("s", later, version=made.version)


def test_it_is_not_removed_while_an_intent_depends_on_it(desk: Desk) -> None:
    made = desk.subscribe("s").subscription
    intent = desk.put("a", subscription=entity("s")).operational_intent_reference
    with pytest.raises(InvalidInput, match="depend"):
        remove(desk, "s", made.version)
    desk.delete("a", intent.ovn)
    assert remove(desk, "s", made.version)
    with pytest.raises(NotFound):
        desk.subscription(entity("s"))


def test_a_question_finds_only_what_meets_it(desk: Desk) -> None:
    desk.subscribe("here")
    desk.subscribe("far", volume(FAR))
    desk.subscribe("later", volume(starts=timedelta(hours=2), ends=timedelta(hours=3)))
    moment = volume(ends=timedelta(0))
    assert desk.subscriptions(moment) == {entity("here")}
    assert desk.subscriptions(volume(ends=None)) == {entity("here"), entity("later")}


def test_an_answer_put_together_late_names_nothing_of_whoever_came_in_its_place(
    desk: Desk,
) -> None:
    body = PutSubscriptionParameters(
        extents=wide(), uss_base_url=URL, notify_for_operational_intents=True
    )
    late = desk.do(put_subscription(desk.dss, "uss1", entity("s"), None, body))
    made = desk.subscription(entity("s"))
    remove(desk, "s", made.version)
    desk.subscribe("other", caller="uss2")
    desk.put("a", caller="uss2", subscription=entity("other"))
    told = finished(desk.dss, late).subscription
    assert (told.id, told.version) == (made.id, made.version)
    assert told.dependent_operational_intents == ()
