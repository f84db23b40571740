"""A release tells what it says, follows the operation while it holds, and unsays nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from keepclear.disclose.levels import Ground
from keepclear.errors import (
    InvalidInput,
    NotFound,
    NotOurs,
    NotPermitted,
    StateForbids,
    VersionMismatch,
    VersionMissing,
)
from keepclear.model.answer import DoubtKind, Verdict
from keepclear.model.operation import DisclosureLevel, OperationState
from keepclear.services.answering import answer_of
from keepclear.services.declaring import state_coverage
from keepclear.services.disclosing.following import behind, follow
from keepclear.services.disclosing.kept import disclosure_on
from keepclear.services.disclosing.presence import presence_of, tell_presence
from keepclear.services.disclosing.releasing import Giving, release, shown_to, withdraw
from keepclear.services.disclosing.setting import set_disclosure, setting_of
from keepclear.services.disclosing.viewing import views_of
from keepclear.services.expected import NEW
from keepclear.services.line.messaging import Releasing
from keepclear.services.line.notifying import notify, state_on_line
from line_fixture import verified
from line_pair import LINE, tick_at
from samples import coverage
from unit.services.disclosing.answering_pair import (
    BLUE,
    FAR,
    NEAR,
    Asking,
    an_id,
    later,
)

L0, L1, L2, L3, L4 = DisclosureLevel


def held(asking: Asking) -> object:
    """What BLUE's node holds of AMBER's operation; None for nothing."""
    with asking.blue.node.store.view() as view:
        stored = view.operation(NEAR.id)
    return None if stored is None else stored.operation


def test_below_l3_nothing_is_sent(asking: Asking) -> None:
    for version, level in ((NEW, L0), (1, L1), (2, L2)):
        asking.release(NEAR, level, expected=version)
    assert held(asking) is None
    assert "message sent" not in asking.amber.kinds()[-6:]


def test_l3_tells_the_operation_and_what_the_set_covers(asking: Asking) -> None:
    told = asking.release(NEAR, L3)
    assert (told.version, told.created, told.trouble) == (1, True, "")
    assert held(asking) is not None
    answer = answer_of(asking.blue.node, BLUE.id)
    assert answer.verdict is Verdict.CONFLICT
    assert not {each.kind for each in answer.doubts} & {
        DoubtKind.COVERAGE_COUNT,
        DoubtKind.COVERAGE_UNDECLARED,
    }
    (conflict,) = answer.conflicts
    asked = asking.ask().answer
    assert asked is not None
    assert [each.id for each in asked.conflicts] == [conflict.id]
    verified(asking.blue, asking.amber)


def test_a_set_that_leaves_something_out_is_not_told_as_complete(asking: Asking) -> None:
    from keepclear.formats.documents.coverage import stored_coverage
    from keepclear.model.coverage import Completeness
    from keepclear.model.node import Subject

    asking.file(asking.amber, FAR)
    asking.release(NEAR, L3)
    with asking.blue.node.store.view() as view:
        (kept,) = [d for d in view.declarations(Subject.COVERAGE) if d.party == "AMBER"]
    _, coverage = stored_coverage(kept.body)
    assert coverage.notice_count == 1
    assert {word for _, word in coverage.completeness} == {Completeness.PARTIAL}


def test_changes_and_the_end_follow_while_it_holds(asking: Asking) -> None:
    asking.release(NEAR, L3)
    moved = later(NEAR, 30.0)
    asking.file(asking.amber, moved, expected=1)
    follow(asking.amber.node, [NEAR.id])
    asking.pair.carry()
    there = held(asking)
    assert there.version == 2  # type: ignore[attr-defined]
    assert there.volumes[0].window == moved.volumes[0].window  # type: ignore[attr-defined]
    follow(asking.amber.node, [NEAR.id])  # the same again sends nothing
    sent = len(asking.amber.sent())
    follow(asking.amber.node, [NEAR.id])
    assert len(asking.amber.sent()) == sent

    asking.end(asking.amber, NEAR.id)
    follow(asking.amber.node, [NEAR.id])
    asking.pair.carry()
    assert held(asking).state is OperationState.ENDED  # type: ignore[attr-defined]
    verified(asking.blue, asking.amber)


def test_what_people_told_and_stated_no_node_states_anew(asking: Asking) -> None:
    """Part of AMBER's set went to BLUE as a file: only people know that it holds two notices."""
    node, planner = asking.amber.node, partial(Releasing, role="planner")
    notify(node, LINE, NEAR.id, planner(an_id("notice act")), message_id=an_id("notice"))
    stated = an_id("AMBER coverage")
    two = coverage("AMBER", as_of=asking.amber.clock.now(), notice_count=2)
    state_coverage(node, stated, two, expected=1)
    state_on_line(node, LINE, stated, planner(an_id("coverage act")), message_id=an_id("covers"))
    asking.file(asking.amber, later(NEAR, 30.0), expected=1)
    follow(node, [NEAR.id])
    asking.pair.carry()
    said = asking.blue.node.picture.standing().frame.coverages_of("AMBER")
    assert [each.notice_count for each in said] == [2]


def test_what_was_left_undone_is_known_and_done(asking: Asking) -> None:
    asking.release(NEAR, L3)
    assert behind(asking.amber.node) == ()
    asking.file(asking.amber, later(NEAR, 30.0), expected=1)
    assert behind(asking.amber.node) == (NEAR.id,)
    follow(asking.amber.node, behind(asking.amber.node))
    assert behind(asking.amber.node) == ()


def test_a_withdrawal_unsays_nothing_and_a_later_change_makes_the_set_doubtful(
    asking: Asking,
) -> None:
    asking.release(NEAR, L3)
    gone = withdraw(
        asking.amber.node, NEAR.id, "BLUE", role="planner", expected=1, actor="somebody"
    )
    asking.pair.carry()
    assert gone.release.ended_by == "planner"
    assert held(asking) is not None
    doubts = {each.kind for each in answer_of(asking.blue.node, BLUE.id).doubts}
    assert DoubtKind.COVERAGE_COUNT not in doubts

    asking.file(asking.amber, later(NEAR, 300.0), expected=1)
    follow(asking.amber.node, [NEAR.id])
    asking.pair.carry()
    assert held(asking).version == 1  # type: ignore[attr-defined]
    doubts = {each.kind for each in answer_of(asking.blue.node, BLUE.id).doubts}
    assert DoubtKind.COVERAGE_COUNT in doubts


def test_a_release_runs_out_by_itself(asking: Asking) -> None:
    asking.release(NEAR, L2, until=asking.amber.clock.now() + timedelta(minutes=10))
    asking.amber.clock.turn(minutes=11)
    tick_at(asking.amber)
    with asking.amber.node.store.view() as view:
        (shown,) = shown_to(view, asking.amber.node, NEAR.id)
    assert (shown.effective.level, shown.effective.ground) == (L1, Ground.DEFAULT)
    assert shown.release is not None
    assert shown.release.ended_at is not None
    assert "release expired" in asking.amber.kinds()


def test_the_same_release_again_changes_nothing_and_two_people_do_not_overwrite_each_other(
    asking: Asking,
) -> None:
    asking.release(NEAR, L2)
    with pytest.raises(VersionMismatch):
        asking.release(NEAR, L2)
    assert asking.release(NEAR, L2, expected=1).version == 1
    assert asking.release(NEAR, L1, expected=1).version == 2
    with pytest.raises(VersionMissing):
        asking.release(NEAR, L3, expected=None)


def test_what_cannot_be_released_is_refused(asking: Asking) -> None:
    node = asking.amber.node
    with pytest.raises(InvalidInput, match="no tracks"):
        release(node, NEAR.id, "BLUE", Giving(L4, "planner"), expected=NEW)
    with pytest.raises(InvalidInput, match="past"):
        asking.release(NEAR, L3, until=asking.amber.clock.now())
    with pytest.raises(NotPermitted):
        release(node, NEAR.id, "BLUE", Giving(L3, "interpreter"), expected=NEW)
    with pytest.raises(NotFound):
        release(node, NEAR.id, "GREEN", Giving(L3, "planner"), expected=NEW)
    with pytest.raises(NotFound):
        release(node, an_id("nothing"), "BLUE", Giving(L3, "planner"), expected=NEW)
    asking.release(NEAR, L3)
    with pytest.raises(NotOurs):
        release(asking.blue.node, NEAR.id, "AMBER", Giving(L3, "planner"), expected=NEW)
    asking.end(asking.amber, NEAR.id)
    with pytest.raises(StateForbids):
        asking.release(NEAR, L2, expected=1)


def test_a_notice_is_a_view_of_the_whole(asking: Asking) -> None:
    asking.release(NEAR, L3)
    with asking.amber.node.store.view() as view:
        (seen,) = views_of(view, asking.amber.node, NEAR.id)
    assert (seen.party, seen.level, seen.what) == ("BLUE", L3, "notice M03")


def test_filing_asks_by_itself_in_an_exercise_once_for_each_shape(asking: Asking) -> None:
    follow(asking.blue.node, [BLUE.id])
    asking.pair.carry()
    assert asking.amber.kinds().count("question answered") == 1
    follow(asking.blue.node, [BLUE.id])
    asking.pair.carry()
    assert asking.amber.kinds().count("question answered") == 1
    asking.file(asking.blue, later(BLUE, 60.0), expected=1)
    follow(asking.blue.node, [BLUE.id])
    asking.pair.carry()
    assert asking.amber.kinds().count("question answered") == 2


def test_what_a_line_does_by_itself_can_be_turned_off(asking: Asking) -> None:
    with asking.blue.node.store.view() as view:
        setting, version = setting_of(view, LINE)
    assert (setting.asks_on_filing, version) == (True, 0)
    quiet = replace(setting, asks_on_filing=False, tells_presence=False)
    assert set_disclosure(asking.blue.node, quiet, expected=NEW) == (quiet, 1)
    with asking.blue.node.store.view() as view:
        assert disclosure_on(view, asking.blue.line()) == quiet
    sent = len(asking.blue.sent())
    follow(asking.blue.node, [BLUE.id])
    assert len(asking.blue.sent()) == sent


def test_presence_tells_bands_and_nothing_else(asking: Asking) -> None:
    told = tell_presence(asking.amber.node, LINE, an_id("presence"), actor="somebody")
    again = tell_presence(asking.amber.node, LINE, an_id("presence"), actor="somebody")
    asking.pair.carry()
    with asking.blue.node.store.view() as view:
        there = presence_of(view, LINE, "AMBER")
    assert there is not None
    assert dict(there.notices) == {"all": "1"}
    assert told.notices == again.notices == there.notices
    assert asking.amber.kinds().count("presence told") == 1
