"""BLUE's node asks AMBER's: both hold the same, and no more than the level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from keepclear.formats.documents.line import LineDeclarationDocument
from keepclear.formats.documents.volume_question import answer_document
from keepclear.model.answer import Verdict
from keepclear.model.coverage import Completeness
from keepclear.model.line_state import LineAct, Scope
from keepclear.model.node import Subject
from keepclear.model.operation import DisclosureLevel, Operation, OperationClass
from keepclear.model.volume_question import Hint, Reason
from keepclear.services.declaring import state_coverage
from keepclear.services.disclosing.asking import ask
from keepclear.services.disclosing.peer_answers import Standing, peer_answers
from keepclear.services.disclosing.viewing import views_of
from keepclear.services.line.alarms import alarms
from keepclear.services.line.suspending import declare_line
from line_fixture import verified
from line_pair import LINE, tick_at
from samples import NM, circle, coverage, operation, window
from unit.services.disclosing.answering_pair import (
    BLUE,
    FAR,
    NEAR,
    Asking,
    an_id,
    asking_nodes,
    later,
)

L0, L1, L2, L3 = list(DisclosureLevel)[:4]


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    with asking_nodes(tmp_path) as made:
        made.file(made.blue, BLUE)
        yield made


def test_a_conflict_is_the_same_on_both_sides_and_names_nothing(asking: Asking) -> None:
    asking.file(asking.amber, NEAR)
    mine = asking.ask()
    theirs = asking.question(asking.amber, BLUE.id)
    assert mine.answer is not None
    assert mine.answer == theirs.answer
    (told,) = mine.answer.conflicts
    assert (told.verdict, told.rule_id, told.level) == (Verdict.CONFLICT, "R1", L1)
    document = str(answer_document(mine.answer))
    for secret in (NEAR.id, "A-1", "130.000", "transport"):
        assert secret not in document
    assert Hint.LATER in mine.answer.hints
    verified(asking.blue, asking.amber)


def test_no_conflict_found_needs_fresh_coverage_that_reaches(asking: Asking) -> None:
    asking.file(asking.amber, FAR)
    assert verdict(asking, "first") == (Verdict.NO_CONFLICT_FOUND, ())
    asking.pair.turn(hours=5)
    asking.pair.turn(hours=1, minutes=10)
    asking.file(asking.blue, soon := operation("B-2", circle(), at=window(360.0, 60.0)))
    told = asking.ask("stale", soon).answer
    assert told is not None
    assert (told.verdict, told.reasons) == (Verdict.CANNOT_SAY, (Reason.COVERAGE,))


def test_without_any_coverage_of_the_answering_set_it_cannot_say(tmp_path: Path) -> None:
    with asking_nodes(tmp_path) as made:
        made.file(made.blue, BLUE)
        none = tuple((each, Completeness.NONE) for each in OperationClass)
        state_coverage(
            made.amber.node,
            an_id("AMBER coverage"),
            coverage("AMBER", as_of=made.amber.clock.now(), completeness=none),
            expected=1,
        )
        assert verdict(made, "first") == (Verdict.CANNOT_SAY, (Reason.COVERAGE,))


def test_the_same_question_twice_is_one_question_and_one_charge(asking: Asking) -> None:
    asking.file(asking.amber, NEAR)
    first = asking.ask()
    sent = len(asking.amber.sent())
    assert asking.ask() == first
    assert len(asking.amber.sent()) == sent
    assert asking.amber.kinds().count("budget charged") == 1


def test_out_of_budget_is_cannot_say_until_time_gives_some_back(asking: Asking) -> None:
    asking.file(asking.amber, FAR)
    spread = [
        operation(f"B-{n}", circle(33.0 + 0.15 * n, 34.0 + 0.1 * n), at=window(20.0 * n, 60.0))
        for n in range(10, 53)
    ]
    told = []
    for made in spread:
        asking.file(asking.blue, made)
        told.append(verdict(asking, made.designator, made)[1])
    assert told[0] == ()
    assert told[-1] == (Reason.OUT_OF_BUDGET,)
    asking.pair.turn(minutes=10)
    again = operation("B-99", circle(32.5, 33.0), at=window(30.0, 60.0))
    asking.file(asking.blue, again)
    assert verdict(asking, "again", again) == (Verdict.NO_CONFLICT_FOUND, ())


def test_a_search_is_stopped_and_the_owner_is_told(asking: Asking) -> None:
    asking.file(asking.amber, NEAR)
    told = []
    for number in range(12):
        made = operation(f"B-1{number}", circle(35.0 + 0.003 * number, 36.0, NM))
        asking.file(asking.blue, made)
        told.append(verdict(asking, made.designator, made)[1])
    assert told[0] == ()
    assert told[-1] == (Reason.SEARCH,)
    (alarm,) = [each for each in alarms(asking.amber.node) if each.subject is Subject.BUDGET]
    assert (alarm.about, alarm.what) == ("BLUE", "they may be probing")
    assert "budget probed" in asking.amber.kinds()


def test_own_small_volumes_are_made_large_enough_to_be_asked(asking: Asking) -> None:
    small = operation("B-7", circle(radius_m=200.0), at=window(0.0, 5.0))
    asking.file(asking.blue, small)
    asking.file(asking.amber, NEAR)
    asked = asking.ask("small", small)
    assert asked.widened
    assert asked.answer is not None
    assert asked.answer.verdict is Verdict.CONFLICT


def test_on_a_line_that_is_not_to_be_relied_on_nothing_is_asked(asking: Asking) -> None:
    document = LineDeclarationDocument(
        act=LineAct.SUSPEND,
        scope=Scope.ALL,
        residue="flash",
        role="duty officer",
        second="another",
    )
    declare_line(asking.blue.node, LINE, an_id("suspended"), document, actor="one")
    asked = asking.ask()
    assert asked.answer is not None
    assert asked.answer.reasons == (Reason.LINE,)
    assert asked.as_of is None
    assert "question taken" not in asking.amber.kinds()
    assert "question answered" not in asking.amber.kinds()
    (item,) = peer_answers(asking.blue.node, BLUE.id).items
    assert (item.standing, item.counts_as) == (Standing.HELD_BACK, Verdict.CANNOT_SAY)


def test_a_part_at_l0_forbids_no_conflict_found_wherever_it_is(asking: Asking) -> None:
    asking.file(asking.amber, replace(FAR, level=L0))
    assert verdict(asking, "first") == (Verdict.CANNOT_SAY, (Reason.NOT_RELEASED,))
    asking.release(FAR, L1)
    asking.file(asking.blue, made := later(BLUE, 1.0), expected=1)
    assert verdict(asking, "second", made) == (Verdict.NO_CONFLICT_FOUND, ())


def test_what_was_released_at_l0_is_withheld_too(asking: Asking) -> None:
    asking.file(asking.amber, NEAR)
    asking.release(NEAR, L0)
    told = asking.ask().answer
    assert told is not None
    assert (told.verdict, told.conflicts) == (Verdict.CANNOT_SAY, ())


def test_l2_tells_the_part_that_overlaps_and_it_is_erased_when_it_is_over(asking: Asking) -> None:
    asking.file(asking.amber, NEAR)
    asking.release(NEAR, L2)
    told = asking.ask().answer
    assert told is not None
    (conflict,) = told.conflicts
    assert conflict.overlap
    assert conflict.category
    assert conflict.contact_role == "duty officer"
    assert conflict.designator == ""

    over = max(box.window.end for box in conflict.overlap)
    asking.pair.turn(seconds=(over - asking.blue.clock.now()).total_seconds() + 60.0)
    tick_at(asking.blue)
    left = asking.question(asking.blue, BLUE.id)
    assert left.answer is not None
    assert left.erased_at is not None
    assert left.answer.conflicts[0].overlap == ()
    assert left.answer.conflicts[0].id == conflict.id
    with asking.blue.node.store.view() as view:
        entries = view.entries_about(Subject.QUESTION, f"{BLUE.id}/{an_id('first')}")
    assert not any(b'"overlap":[{' in (each.payload or b"") for each in entries)
    verified(asking.blue, asking.amber)


def test_every_view_is_logged_for_the_owner(asking: Asking) -> None:
    asking.file(asking.amber, NEAR)
    asking.file(asking.amber, FAR)
    asking.ask()
    with asking.amber.node.store.view() as view:
        (seen,) = views_of(view, asking.amber.node, NEAR.id)
        assert views_of(view, asking.amber.node, FAR.id) == ()
    assert (seen.party, seen.level, seen.about) == ("BLUE", L1, an_id("first"))
    assert "view logged" in asking.amber.kinds()


def test_an_answer_has_an_age_and_ends_with_the_version_it_was_about(asking: Asking) -> None:
    asking.file(asking.amber, FAR)
    assert standing(asking) is Standing.NOT_ASKED
    ask(asking.blue.node, LINE, BLUE.id, an_id("first"))
    assert standing(asking) is Standing.WAITING
    asking.pair.carry()
    assert standing(asking) is Standing.CURRENT
    asking.file(asking.blue, later(BLUE, 90.0), expected=1)
    assert standing(asking) is Standing.OTHER_VERSION


def test_an_answer_that_does_not_come_is_cannot_say(asking: Asking) -> None:
    asking.pair.cut = True
    ask(asking.blue.node, LINE, BLUE.id, an_id("first"))
    asking.blue.clock.turn(minutes=3)
    answers = peer_answers(asking.blue.node, BLUE.id)
    (item,) = answers.items
    assert (item.standing, item.counts_as) == (Standing.NO_ANSWER, Verdict.CANNOT_SAY)
    assert answers.overall is Verdict.CANNOT_SAY


def test_a_conflict_that_was_told_stands_until_a_newer_answer(asking: Asking) -> None:
    asking.file(asking.amber, NEAR)
    asking.ask()
    asking.file(asking.blue, later(BLUE, 5.0), expected=1)
    (item,) = peer_answers(asking.blue.node, BLUE.id).items
    assert (item.standing, item.counts_as) == (Standing.OTHER_VERSION, Verdict.CONFLICT)


def standing(asking: Asking) -> Standing:
    (item,) = peer_answers(asking.blue.node, BLUE.id).items
    return item.standing


def verdict(
    asking: Asking, name: str, made: Operation = BLUE
) -> tuple[Verdict, tuple[Reason, ...]]:
    told = asking.ask(name, made).answer
    assert told is not None
    return told.verdict, told.reasons
