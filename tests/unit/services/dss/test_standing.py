"""Availability, reports, the pool, and what leaves by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dss_fixture import POOL, START, Desk, entity, volume
from keepclear.errors import InvalidInput, NotFound, VersionConflict
from keepclear.formats.f3548 import (
    ErrorReport,
    ExchangeRecord,
    SetUssAvailabilityStatusParameters,
    UssAvailabilityStatusResponse,
    time_of,
)
from keepclear.model.coordination import UssState
from keepclear.services.dss import (
    expire,
    forget_reports,
    get_availability,
    pool_of,
    put_availability,
    put_report,
)
from keepclear.services.dss.expiring import _A_PIECE


def held(desk: Desk, uss: str) -> UssAvailabilityStatusResponse:
    with desk.store.view() as view:
        return get_availability(desk.dss, view, uss)


def say(desk: Desk, state: UssState, version: str) -> UssAvailabilityStatusResponse:
    body = SetUssAvailabilityStatusParameters(old_version=version, availability=state)
    return desk.do(put_availability(desk.dss, "arbiter", "uss1", body))


def test_nobody_has_said_anything_of_a_service_at_first(desk: Desk) -> None:
    assert held(desk, "uss1").status.availability is UssState.UNKNOWN
    assert held(desk, "uss1").version == ""


def test_an_arbiter_changes_what_is_held_under_its_version(desk: Desk) -> None:
    first = say(desk, UssState.NORMAL, "")
    second = say(desk, UssState.DOWN, first.version)
    assert second.version not in ("", first.version)
    assert held(desk, "uss1") == second
    for stale in ("", first.version, "ThisIsAnIncorrectVersion"):
        with pytest.raises(VersionConflict):
            say(desk, UssState.NORMAL, stale)
    assert held(desk, "uss1") == second


@pytest.mark.parametrize("name", ["", "half \ud800 a character", "x" * 2_000])
def test_a_service_has_a_name_that_can_be_one(desk: Desk, name: str) -> None:
    with pytest.raises(InvalidInput):
        held(desk, name)


def test_a_report_comes_back_with_the_id_it_is_kept_under(desk: Desk) -> None:
    exchange = ExchangeRecord(
        url="https://dss.example.com", method="GET", recorder_role="Client",
        request_time=time_of(START),
    )  # fmt: skip
    kept = desk.do(put_report(desk.dss, "uss1", ErrorReport(exchange=exchange)))
    again = desk.do(put_report(desk.dss, "uss1", kept))
    assert kept.exchange == exchange
    assert kept.report_id
    assert again.report_id != kept.report_id


def test_a_report_is_kept_as_long_as_the_log_and_leaves(desk: Desk) -> None:
    exchange = ExchangeRecord(
        url="https://dss.example.com", method="GET", recorder_role="Client",
        request_time=time_of(START),
    )  # fmt: skip
    for _ in range(60):
        desk.do(put_report(desk.dss, "uss1", ErrorReport(exchange=exchange)))
    desk.clock.turn(days=desk.dss.limits.reports_kept_days)
    last = desk.do(put_report(desk.dss, "uss2", ErrorReport(exchange=exchange)))
    assert forget_reports(desk.dss) == 0
    desk.clock.turn(seconds=1)
    assert forget_reports(desk.dss) == 60
    with desk.store.view() as view:
        (left,) = view.reports(0, limit=10)
    assert (left.id, left.manager) == (last.report_id, "uss2")


def test_the_pool_is_the_stores(desk: Desk) -> None:
    assert pool_of(desk.dss) == POOL


def test_subscriptions_leave_at_their_end_and_what_depended_on_them_stands_alone(
    desk: Desk,
) -> None:
    desk.subscribe("s")
    desk.put("a", subscription=entity("s"))
    assert expire(desk.dss) == 0
    desk.clock.turn(hours=1, seconds=1)
    assert expire(desk.dss) == 1
    assert desk.intent("a").subscription_id != entity("s")
    assert expire(desk.dss) == 0


def test_intents_and_constraints_leave_some_time_after_their_end(desk: Desk) -> None:
    desk.put("a", implicit=True)
    desk.constrain("zone")
    desk.clock.turn(hours=2)
    assert expire(desk.dss) == 0
    desk.intent("a")
    desk.clock.turn(seconds=1)
    assert expire(desk.dss) == 2
    with pytest.raises(NotFound):
        desk.intent("a")
    assert desk.found(volume(starts=None, ends=None)) == set()


def test_an_implicit_subscription_shrinks_with_what_leaves_and_goes_with_the_last(
    desk: Desk,
) -> None:
    desk.limited(expired_kept_s=0.0)
    first = desk.put("a", implicit=True).operational_intent_reference
    later = volume(starts=timedelta(hours=2), ends=timedelta(hours=3))
    desk.put("b", later, subscription=first.subscription_id)
    desk.clock.turn(hours=1, seconds=1)
    assert expire(desk.dss) == 1
    left = desk.subscription(first.subscription_id)
    assert left.time_start == time_of(START + timedelta(hours=2))
    assert left.dependent_operational_intents == (entity("b"),)
    desk.clock.turn(hours=2)
    assert expire(desk.dss) == 1
    with desk.store.view() as view:
        assert view.subscription(first.subscription_id) is None


def test_however_much_is_over_all_of_it_leaves(desk: Desk) -> None:
    words = [f"{number}" for number in range(_A_PIECE + 1)]
    for word in words:
        desk.subscribe(word)
    desk.clock.turn(hours=2)
    assert expire(desk.dss) == len(words)
