"""Checks between two nodes: answered by machine, missed, entered by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from keepclear.errors import InvalidInput, StateForbids
from keepclear.formats.documents.check import CheckEntryDocument
from keepclear.ledger.entries import EntryKind
from keepclear.model.line_state import CauseCode, CheckResult, ObservedState
from keepclear.services.line.checks_kept import checks_of
from keepclear.services.line.recording_checks import make_check
from line_pair import LINE, OPENED, Pair, Side, paired_nodes, report_at, state_at

A_CHECK = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with paired_nodes(tmp_path) as made:
        yield made


def checks_at(side: Side) -> list[tuple[bool, str]]:
    with side.node.store.view() as view:
        return [(each.outgoing, each.result.value) for each in checks_of(view, LINE)]


def states_noted(side: Side) -> list[str]:
    with side.node.store.view() as view:
        kinds = EntryKind.LINE_STATE_CHANGED.value
        found = [each for each in view.entries() if each.kind == kinds]
        return [
            bytes(each.payload or b"").split(b'"note":"')[1].split(b":")[0].decode()
            for each in found
        ]


def test_a_line_that_was_just_made_was_never_tested(pair: Pair) -> None:
    report = report_at(pair.blue)
    assert report.status.state == "degraded"
    assert report.status.reasons == ("the line was never tested",)


def test_the_first_checks_bring_a_line_up_on_both_sides(pair: Pair) -> None:
    pair.look()
    assert (state_at(pair.blue), state_at(pair.amber)) == ("up", "up")
    assert checks_at(pair.blue) == checks_at(pair.amber) or len(checks_at(pair.blue)) == 2
    assert states_noted(pair.blue) == ["degraded -> up"]


def test_checks_go_out_at_the_due_times_of_the_plan_and_not_between(pair: Pair) -> None:
    pair.look()
    before = len(checks_at(pair.blue))
    pair.turn(hours=5.9)
    assert len(checks_at(pair.blue)) == before
    pair.turn(minutes=20)
    assert len(checks_at(pair.blue)) == before + 2
    assert report_at(pair.blue).next_check == OPENED.replace(hour=6) + timedelta(days=1)


def test_a_night_without_checks_is_no_lapse(pair: Pair) -> None:
    pair.look()
    pair.turn(hours=6.5)
    pair.turn(hours=16)
    assert state_at(pair.blue) == "up"


def test_one_missed_check_degrades_and_two_lapse_the_line(pair: Pair) -> None:
    pair.look()
    pair.cut = True
    pair.turn(hours=6.5)
    assert state_at(pair.blue) == "degraded"
    pair.turn(hours=17)
    report = report_at(pair.blue)
    assert report.status.state == "lapsed"
    assert report.status.cause is CauseCode.UNKNOWN
    assert report.status.reasons[0] == "no answer, cause unknown"
    assert states_noted(pair.blue)[-2:] == ["up -> degraded", "degraded -> lapsed"]


def test_a_check_goes_out_daily_while_the_line_is_lapsed(pair: Pair) -> None:
    pair.look()
    pair.cut = True
    pair.turn(days=2)
    before = sum(ours for ours, _ in checks_at(pair.blue))
    pair.turn(days=3)
    assert sum(ours for ours, _ in checks_at(pair.blue)) == before + 3


def test_contact_alone_does_not_end_a_lapse(pair: Pair) -> None:
    pair.look()
    pair.cut = True
    pair.turn(days=2)
    pair.cut = False
    pair.turn(days=1)
    report = report_at(pair.blue)
    assert report.status.state == "lapsed"
    assert "there is contact again; both sides restore the line together" in report.status.reasons


def test_an_unanswered_check_is_a_finding_with_an_unknown_cause(pair: Pair) -> None:
    pair.cut = True
    pair.look()
    pair.turn(minutes=20)
    with pair.blue.node.store.view() as view:
        (check,) = checks_of(view, LINE)
    assert (check.result, check.cause) == (CheckResult.NOT_ANSWERED, CauseCode.UNKNOWN)


def test_a_late_reply_is_kept_and_tells_nothing_of_the_clocks(pair: Pair) -> None:
    pair.cut = True
    pair.look()
    pair.turn(minutes=30)
    pair.cut = False
    pair.carry()
    with pair.blue.node.store.view() as view:
        ours = next(each for each in checks_of(view, LINE) if each.outgoing)
    assert ours.result is CheckResult.ANSWERED
    assert ours.skew_s is None


def test_a_reply_tells_round_trip_and_skew(pair: Pair) -> None:
    pair.amber.clock.turn(seconds=40)
    pair.delay_s = 1.0
    pair.look()
    report = report_at(pair.blue)
    assert report.skew_s == pytest.approx(40.0, abs=1.5)
    assert report.status.state == "degraded"
    assert any("clock doubtful" in each for each in report.status.cautions)


def test_the_answering_side_names_a_role_and_says_the_expected_text(pair: Pair) -> None:
    pair.look()
    with pair.blue.node.store.view() as view:
        ours = next(each for each in checks_of(view, LINE) if each.outgoing)
    assert ours.reader_role == "duty officer"
    assert ours.reply == ours.expected


def test_a_check_made_twice_is_one_check(pair: Pair) -> None:
    entry = CheckEntryDocument()
    first = make_check(pair.blue.node, LINE, A_CHECK, entry)
    again = make_check(pair.blue.node, LINE, A_CHECK, entry)
    assert (first.created, again.created) == (True, False)
    pair.carry()
    assert (True, "answered") in checks_at(pair.blue)


def test_a_telephone_check_keeps_a_line_in_use_over_its_alternate(pair: Pair) -> None:
    pair.look()
    pair.cut = True
    pair.turn(hours=6.5)
    entry = CheckEntryDocument(
        channel="telephone", result=CheckResult.ANSWERED, reader_role="duty officer"
    )
    make_check(pair.blue.node, LINE, A_CHECK, entry)
    report = report_at(pair.blue)
    assert report.status.state == "degraded"
    assert report.status.reasons == ("network does not answer; an alternate channel is in use",)
    telephone = next(c for c in report.status.channels if c.facts.channel.id == "telephone")
    assert telephone.observed is ObservedState.ANSWERING


def test_a_check_that_was_answered_is_given_no_other_result(pair: Pair) -> None:
    make_check(pair.blue.node, LINE, A_CHECK, CheckEntryDocument())
    pair.turn(minutes=20)
    entry = CheckEntryDocument(result=CheckResult.NOT_ANSWERED, cause=CauseCode.STAFFING)
    with pytest.raises(StateForbids):
        make_check(pair.blue.node, LINE, A_CHECK, entry, expected=2)


def test_the_cause_of_a_missed_check_becomes_the_cause_of_the_line(pair: Pair) -> None:
    pair.look()
    pair.cut = True
    make_check(pair.blue.node, LINE, A_CHECK, CheckEntryDocument())
    pair.turn(hours=6.5)
    entry = CheckEntryDocument(result=CheckResult.NOT_ANSWERED, cause=CauseCode.TECHNICAL)
    with pair.blue.node.store.view() as view:
        last = checks_of(view, LINE)[0]
    make_check(pair.blue.node, LINE, last.id, entry, expected=2)
    assert report_at(pair.blue).status.cause is CauseCode.TECHNICAL


def test_the_network_is_not_checked_by_hand(pair: Pair) -> None:
    with pytest.raises(InvalidInput, match="by machine"):
        make_check(pair.blue.node, LINE, A_CHECK, CheckEntryDocument(result=CheckResult.ANSWERED))


def test_a_message_nobody_acknowledges_in_time_degrades_the_line(pair: Pair) -> None:
    from keepclear.formats.documents.line import LineDeclarationDocument
    from keepclear.model.line_state import LineAct
    from keepclear.services.line.suspending import declare_line

    pair.look()
    document = LineDeclarationDocument(
        act=LineAct.CHANGE_CHANNEL, channel="network", second="Second", residue="all"
    )
    declare_line(pair.blue.node, LINE, A_CHECK, document, actor="First")
    pair.carry()
    assert state_at(pair.blue) == "up"
    pair.turn(minutes=20)
    assert state_at(pair.blue) == "degraded"
    assert "wait for longer than agreed" in report_at(pair.blue).status.reasons[0]
