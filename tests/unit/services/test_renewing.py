"""A newer set beside what is held: who counts the versions, what ends, what never does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.formats.reading import derived_id
from keepclear.ledger.entries import EntryKind
from keepclear.model.operation import EndReason, Operation, OperationState, Source, SourceKind
from keepclear.services.renewing import IN_FLIGHT, Renewal, Renewing
from samples import NOON, operation, window

S = OperationState
FILE = Source(SourceKind.FILE, "blue.geojson", "feature 1")


def listed(designator: str = "B-1", *, party: str = "BLUE", **changes: Any) -> Operation:
    """An operation as a file that gives no ids names it."""
    settings: dict[str, Any] = {"id": derived_id(party, designator), "source": FILE} | changes
    return operation(designator, party=party, **settings)


def renewing(held: Iterable[Operation]) -> Renewing:
    by_id = {each.id: each for each in held}
    numbers = iter(range(1_000))
    return Renewing(by_id.get, "BLUE", NOON, lambda: f"ovn {next(numbers)}")


def renewed(given_set: Iterable[Operation], held: Iterable[Operation] = ()) -> Renewal:
    return renewing(held).renewal(given_set)


def ended(one: Operation, reason: EndReason) -> Operation:
    return replace(one, state=S.ENDED, end_reason=reason)


def test_what_is_not_held_is_filed_with_an_ovn_and_a_time_of_receipt_of_this_node() -> None:
    (step,) = renewed([listed(ovn="theirs to forget", version=3)]).steps
    assert (step.kind, step.is_new) == (EntryKind.OPERATION_FILED, True)
    assert step.operation.version == 3  # our own count, as it was exported
    assert step.operation.ovn == "ovn 0"
    assert step.operation.received_at == NOON


def test_another_party_keeps_its_versions_and_ovns_but_not_its_time_of_receipt() -> None:
    (step,) = renewed([listed("A-1", party="AMBER", ovn="x", version=7)]).steps
    assert (step.operation.version, step.operation.ovn) == (7, "x")
    assert step.operation.received_at == NOON


@pytest.mark.parametrize("party", ["BLUE", "AMBER"])
def test_the_same_again_is_unchanged_whatever_file_it_came_in(party: str) -> None:
    held = listed(party=party, ovn="kept", received_at=NOON - timedelta(days=1))
    again = replace(held, source=replace(FILE, name="other.kml"), source_text="as typed")
    renewal = renewed([again], [held])
    assert (renewal.steps, renewal.unchanged) == ([], 1)
    assert renewal.ids == {held.id}


def test_our_change_is_counted_by_this_node() -> None:
    held = listed(version=4, ovn="four")
    (step,) = renewed([listed(tolerance_s=60.0)], [held]).steps
    assert (step.kind, step.is_new) == (EntryKind.OPERATION_CHANGED, False)
    assert (step.operation.version, step.operation.ovn) == (5, "ovn 0")


@pytest.mark.parametrize(("ovn", "version"), [("three", 3), ("", 3), ("three", 4)])
def test_our_file_of_an_older_version_overwrites_nothing(ovn: str, version: int) -> None:
    held = listed(version=4, ovn="four")
    renewal = renewed([listed(tolerance_s=60.0, ovn=ovn, version=version)], [held])
    assert renewal.steps == []
    assert "older version; here is 4" in renewal.left[0].reason


def test_our_file_of_the_present_version_changes_it() -> None:
    held = listed(version=4, ovn="four")
    (step,) = renewed([listed(tolerance_s=60.0, ovn="four", version=4)], [held]).steps
    assert step.operation.version == 5


@pytest.mark.parametrize("state", sorted(IN_FLIGHT))
def test_a_list_without_states_does_not_bring_a_flight_back_to_the_ground(
    state: OperationState,
) -> None:
    held = listed(state=state, ovn="o")
    assert renewed([listed()], [held]).unchanged == 1
    (step,) = renewed([listed(tolerance_s=60.0)], [held]).steps
    assert step.operation.state is state


def test_a_state_that_may_follow_is_taken_from_our_file() -> None:
    (step,) = renewed([listed(state=S.ACTIVE)], [listed()]).steps
    assert (step.operation.state, step.kind) == (S.ACTIVE, EntryKind.OPERATION_ACTIVATED)


def test_an_end_in_our_file_says_why_as_the_node_would() -> None:
    (planned,) = renewed([listed(state=S.ENDED)], [listed()]).steps
    assert planned.operation.end_reason is EndReason.CANCELLED
    assert planned.kind is EntryKind.OPERATION_CANCELLED
    (flown,) = renewed([listed(state=S.ENDED)], [listed(state=S.ACTIVE)]).steps
    assert flown.operation.end_reason is EndReason.COMPLETED
    assert flown.kind is EntryKind.OPERATION_ENDED


def test_another_partys_higher_version_is_taken_and_a_lower_one_left() -> None:
    held = listed("A-1", party="AMBER", version=3)
    (step,) = renewed([replace(held, version=5, tolerance_s=9.0)], [held]).steps
    assert (step.operation.version, step.operation.tolerance_s) == (5, 9.0)
    renewal = renewed([replace(held, version=2, tolerance_s=9.0)], [held])
    assert renewal.steps == []
    assert "version 2; here is 3" in renewal.left[0].reason


def test_another_partys_second_content_under_one_version_is_a_quarrel() -> None:
    held = listed("A-1", party="AMBER")
    renewal = renewed([replace(held, tolerance_s=9.0)], [held])
    assert renewal.steps == []
    assert "same version" in renewal.quarrels[0].message
    assert renewal.quarrels[0].file == "blue.geojson"


def test_another_party_may_say_what_it_likes_of_its_states() -> None:
    held = listed("A-1", party="AMBER", state=S.CONTINGENT)
    (step,) = renewed([replace(held, state=S.PLANNED, version=2)], [held]).steps
    assert step.operation.state is S.PLANNED


def test_an_id_of_another_party_is_never_taken_over() -> None:
    held = listed("A-1", party="AMBER")
    renewal = renewed([listed("B-1", id=held.id)], [held])
    assert renewal.steps == []
    assert "has the id of A-1 of AMBER" in renewal.quarrels[0].message


def test_yesterdays_list_again_revives_nothing() -> None:
    held = ended(listed(version=3, ovn="o"), EndReason.COMPLETED)
    assert renewed([listed()], [held]).unchanged == 1


@pytest.mark.parametrize("party", ["BLUE", "AMBER"])
def test_tomorrows_flight_of_the_same_designator_is_another_operation(party: str) -> None:
    over = ended(listed(party=party, version=3), EndReason.COMPLETED)
    tomorrow = listed(party=party, at=window(24 * 60.0))
    (step,) = renewed([tomorrow], [over]).steps
    assert step.is_new
    assert step.operation.id != over.id
    assert step.operation.volumes == tomorrow.volumes
    again = renewed([tomorrow], [over, step.operation])
    assert (again.steps, again.unchanged) == ([], 1)
    assert again.ids == {step.operation.id}


def test_an_operation_of_ours_that_ended_under_its_own_id_stays_ended() -> None:
    own_id = "0f0e0d0c-0b0a-4908-8706-050403020100"
    held = ended(listed(id=own_id), EndReason.CANCELLED)
    renewal = renewed([listed(id=own_id, at=window(24 * 60.0))], [held])
    assert renewal.steps == []
    assert "new id" in renewal.left[0].reason


@pytest.mark.parametrize("party", ["BLUE", "AMBER"])
def test_what_ended_only_because_a_list_lacked_it_comes_back_with_the_next(party: str) -> None:
    held = ended(listed(party=party, ovn="o"), EndReason.WITHDRAWN)
    (step,) = renewed([listed(party=party)], [held]).steps
    assert (step.operation.state, step.operation.end_reason) == (S.PLANNED, EndReason.NOT_ENDED)
    assert not step.is_new


def test_what_a_whole_set_no_longer_names_ends_as_withdrawn() -> None:
    ours, theirs = listed("B-1", version=2), listed("A-1", party="AMBER", version=2, ovn="x")
    kept = listed("B-2")
    renewal = renewing([]).ends([ours, theirs, kept], frozenset({kept.id}))
    first, second = (step.operation for step in renewal.steps)
    assert {first.state, second.state} == {S.ENDED}
    assert {first.end_reason, second.end_reason} == {EndReason.WITHDRAWN}
    assert (first.version, first.ovn) == (3, "ovn 0")
    assert (second.version, second.ovn) == (2, "x")  # theirs to count
    assert {step.kind for step in renewal.steps} == {EntryKind.OPERATION_ENDED}


@pytest.mark.parametrize("state", sorted(IN_FLIGHT))
def test_what_is_in_flight_never_ends_by_its_absence_from_a_list(state: OperationState) -> None:
    renewal = renewing([]).ends([listed(state=state)], frozenset())
    assert renewal.steps == []
    assert "it stays" in renewal.left[0].reason


@given(
    st.lists(
        st.tuples(st.sampled_from(["BLUE", "AMBER"]), st.integers(0, 3), st.integers(1, 3)),
        unique_by=lambda each: each[:2],
    ),
    st.lists(st.sampled_from(["BLUE", "AMBER"])),
)
def test_taking_the_same_set_twice_changes_nothing_the_second_time(
    rows: list[tuple[str, int, int]], extra: list[str]
) -> None:
    held = {listed(f"X-{i}", party=p).id: listed(f"X-{i}", party=p) for i, p in enumerate(extra)}
    given_set = [listed(f"X-{n}", party=p, version=v, tolerance_s=float(v)) for p, n, v in rows]
    first = renewed(given_set, held.values())
    held.update({step.operation.id: step.operation for step in first.steps})
    second = renewed(given_set, held.values())
    assert [step.operation.designator for step in second.steps] == []
    assert len(second.left) == len(first.left)
    assert len(second.quarrels) == len(first.quarrels)
    assert second.unchanged == len(rows) - len(second.left) - len(second.quarrels)
