"""Drills: thirteen, each whole as data; run on a stage of paper; judged by rules that are pure."""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import InvalidInput, NotFound
from keepclear.exercise.board import Board, BoardStep, StepState
from keepclear.exercise.drills.debrief import (
    Debrief,
    Manner,
    Outcome,
    Seen,
    Word,
    time_words,
    word_of,
)
from keepclear.exercise.drills.drill import Drill, DrillStep, Expected, Scene
from keepclear.exercise.drills.registry import DRILLS, drill_of
from keepclear.exercise.drills.times import at_most
from keepclear.exercise.drills.training import PATIENCE, Training
from keepclear.exercise.generating import build_exercise
from keepclear.formats.agreement import read_agreement
from keepclear.reports.debrief.page import debrief_page
from keepclear.reports.debrief.table import COLUMNS, debrief_table

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
AGREEMENT = read_agreement(build_exercise(NOON.date()).agreement_toml.encode(), name="agreed")
NASTY = "<script>alert(1)</script>\u202e\x1b[2J & more"
seconds = st.floats(0.0, 1e7)


class Paper:
    """A stage that is a board, a clock, and what the trainee did."""

    def __init__(self) -> None:
        self.board = Board()
        self.at = NOON
        self.done: dict[str, datetime] = {}
        self._count = itertools.count()

    def now(self) -> datetime:
        return self.at

    def turn_to(self, at: datetime) -> None:
        self.at = at

    def new_id(self) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, str(next(self._count))))

    def get(self, party: str, path: str, /, **query: str) -> Any:
        assert party == "BLUE"
        del query
        if path == "/node":
            return {"ledger": {"size": 7}}
        steps, wish = self.board.read()
        return {
            "steps": [step.state for step in steps],
            "wish": wish.number,
            "until": wish.until,
        }

    def put(self, party: str, path: str, body: Mapping[str, Any], **how: Any) -> Any:
        assert (party, path, how) == ("BLUE", "/exercise", {})
        steps = [BoardStep(**{**told, "state": StepState(told["state"])}) for told in body["steps"]]
        self.board.show(steps)

    def until(self, what: str, found: Callable[[], Any]) -> Any:
        assert found(), what
        return found()

    def does(self, key: str) -> None:
        self.done[key] = self.at

    def passes(self, **by: float) -> None:
        self.at += timedelta(**by)

    post = bundle = take_bundle = folder = lay_out = put


def seen(key: str, wrong: str = "") -> Callable[[Scene], Seen | None]:
    def look(scene: Scene) -> Seen | None:
        at = scene.stage.done.get(key)  # type: ignore[attr-defined]
        return None if at is None else Seen(at, wrong=wrong)

    return look


def step(key: str, *, follows: bool = False, wrong: Any = None, **by: float) -> DrillStep:
    return DrillStep(
        title=f"Step {key}",
        todo="Do it.",
        expected=Expected(f"Do {key}", at_most(**(by or {"minutes": 1})), "own", seen(key)),
        right=lambda scene: scene.stage.does(key),  # type: ignore[attr-defined]
        act=None if follows else lambda _: f"{key} came.",
        wrong=wrong,
    )


def training(paper: Paper, *steps: DrillStep, manner: Manner = Manner.BY_HAND) -> Training:
    drill = Drill("d", "A drill", "It was. It is.", "study", "a slip", "One. Two.", steps)
    made = Training(paper, drill, AGREEMENT, manner)  # type: ignore[arg-type]
    made.show()
    return made


def words(debrief: Debrief) -> list[Word]:
    return [each.word for each in debrief.outcomes]


def debrief_of(*outcomes: Outcome, steps: int | None = None, **told: str) -> Debrief:
    return Debrief(
        drill="d",
        title=told.get("title", "A drill"),
        briefing=told.get("briefing", "It was."),
        source="study",
        lesson=told.get("lesson", "Do better."),
        party="BLUE",
        begun_at=NOON,
        ended_at=NOON + timedelta(hours=1),
        manner=Manner.BY_HAND,
        outcomes=outcomes,
        steps=len(outcomes) if steps is None else steps,
        trouble=told.get("trouble", ""),
    )


outcomes = st.builds(
    Outcome,
    expected=st.text(min_size=1, max_size=120).filter(str.strip),
    within_s=seconds,
    clock=st.just("clock"),
    after_s=st.none() | seconds,
    wrong=st.sampled_from(["", "it is 9 km off", NASTY]),
)


def test_there_are_thirteen_drills_in_the_order_of_training() -> None:
    assert list(DRILLS) == [
        "daily-check",
        "lapse",
        "suspension",
        "named-person-absent",
        "wrong-place",
        "too-late-too-big",
        "convoy-at-night",
        "not-ours",
        "air-defence-area",
        "member-leaves",
        "off-line-week",
        "probing",
        "restoration",
    ]


def test_a_drill_is_found_as_people_write_it_and_another_names_all() -> None:
    assert drill_of("Named person ABSENT").name == "named-person-absent"
    with pytest.raises(NotFound, match="no drill"):
        drill_of("target practice")


@pytest.mark.parametrize("drill", DRILLS.values(), ids=DRILLS)
def test_every_drill_is_whole_as_data(drill: Drill) -> None:
    for text in (drill.briefing, drill.lesson):
        assert 2 <= len(re.findall(r"[.?!](?=\s|$)", text)) <= 4
        assert len(text) < 600
    assert re.search(r"\d", drill.source)
    assert drill.slip
    assert len(drill.steps) >= 2
    assert any(each.wrong is not None for each in drill.steps)
    assert len(drill.title) <= 38
    assert drill.steps[0].act is not None
    for each in drill.steps:
        assert len(each.title) <= 60
        assert each.todo.endswith(".")
        assert len(each.expected.what) <= 37  # one row of the table each


@pytest.mark.parametrize("drill", DRILLS.values(), ids=DRILLS)
def test_no_drill_names_a_person_or_speaks_of_permission(drill: Drill) -> None:
    texts = [drill.briefing, drill.lesson, drill.slip, drill.title]
    texts += [each.todo for each in drill.steps]
    every = " ".join(texts).casefold()
    assert not re.search(r"\b(approved to|cleared|permission|target|weapon)\b", every)


@given(seconds, seconds, st.booleans())
def test_one_word_stands_for_each_way_of_doing_a_thing(
    within_s: float, after_s: float, wrong: bool
) -> None:
    word = word_of(within_s, after_s, wrong=wrong)
    if wrong:
        assert word is Word.DONE_WRONGLY
    else:
        assert (word is Word.AS_IT_SHOULD_BE) == (after_s <= within_s)
        assert (word is Word.LATE) == (after_s > within_s)
    assert word_of(within_s, None, wrong=False) is Word.NOT_DONE


@given(st.lists(outcomes, max_size=6), st.integers(0, 3))
def test_a_drill_is_as_it_should_be_only_if_every_step_of_it_is(
    found: list[Outcome], left: int
) -> None:
    debrief = debrief_of(*found, steps=len(found) + left)
    good = sum(each.word is Word.AS_IT_SHOULD_BE for each in found)
    assert debrief.is_as_it_should_be == (good == debrief.steps and good > 0)
    assert debrief.summary.startswith(f"{good} of {len(found) + left} ")
    assert ("not reached" in debrief.summary) == (left > 0)


@given(st.integers(0, 10**7))
def test_times_are_said_in_two_units_that_lie_never_above(whole: int) -> None:
    said = time_words(float(whole))
    lengths = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
    parts = said.split()
    told = [(int(n), lengths[u]) for n, u in zip(parts[::2], parts[1::2], strict=True)]
    total = sum(count * length for count, length in told)
    assert len(told) <= 2
    assert total <= whole < total + told[-1][1] or (whole == total == 0)


@given(st.lists(outcomes, max_size=4))
def test_the_table_fits_80_columns_and_cannot_steer_a_terminal(found: list[Outcome]) -> None:
    table = debrief_table(debrief_of(*found, trouble=NASTY))
    lines = table.split("\n")
    assert max(map(len, lines)) <= COLUMNS
    assert lines[0].startswith("EXERCISE")
    assert lines[-1] == "EXERCISE"
    assert "\x1b" not in table
    assert "\u202e" not in table
    for each in found:
        assert str(each.word) in table


def test_the_page_asks_for_nothing_and_says_the_same() -> None:
    found = (
        Outcome("Acknowledge it", 60.0, "FLASH", 12.0),
        Outcome("Read it back", 180.0, "FLASH", 1_700.0),
        Outcome("Answer it", 900.0, "FLASH"),
        Outcome("Send the place", 300.0, "own", 20.0, NASTY),
    )
    page = debrief_page(debrief_of(*found, lesson=f"Look. {NASTY}")).decode()
    assert page.count("EXERCISE") >= 4
    assert "default-src" in page
    assert "<script" not in page
    assert "http://" not in page
    assert "src=" not in page.replace("style-src", "")
    for word in Word:
        assert str(word) in page
    assert "12 s" in page
    assert "28 min 20 s" in page


def test_nothing_begins_before_the_trainee_wants_it_and_the_briefing_stands_first() -> None:
    paper = Paper()
    made = training(paper, step("one"), step("two"))
    steps, _ = paper.board.read()
    assert [each.title for each in steps] == ["A drill", "Step one", "Step two", "Debrief"]
    assert steps[0].told == "It was. It is."
    assert not made.is_wanted()
    paper.board.wish(2, 1.0)
    assert made.is_wanted()


def test_a_step_done_in_time_is_as_it_should_be_and_the_next_waits() -> None:
    paper = Paper()
    made = training(paper, step("one"), step("two"))
    paper.board.wish(2, 1.0)
    assert made.is_wanted()
    made.begin()
    shown = paper.board.read()[0][1]
    assert shown.state is StepState.RUNNING
    assert shown.told == "one came."
    assert "Within 1 min (own)" in shown.explains
    assert not made.look()
    paper.passes(seconds=50)
    paper.does("one")
    assert made.look()
    assert made.end().state is StepState.DONE
    assert not made.is_wanted()
    assert not made.is_over
    (outcome,) = made.debrief().outcomes
    assert (outcome.after_s, outcome.word) == (50.0, Word.AS_IT_SHOULD_BE)
    assert not made.debrief().is_as_it_should_be


def test_a_step_that_follows_from_the_last_begins_by_itself() -> None:
    paper = Paper()
    made = training(paper, step("one"), step("two", follows=True))
    paper.board.wish(2, 1.0)
    assert made.is_wanted()
    made.begin()
    paper.does("one")
    assert made.look()
    made.end()
    assert made.is_wanted()


def test_what_is_done_late_is_late_and_what_is_done_after_the_step_too() -> None:
    paper = Paper()
    made = training(paper, step("one"), step("two"))
    made.begin()
    paper.passes(seconds=90)
    assert not made.look()
    paper.passes(seconds=30)
    assert made.look()
    made.end()
    made.begin()
    paper.does("one")
    paper.passes(seconds=61)
    paper.does("two")
    assert made.look()
    made.end()
    debrief = made.debrief()
    assert words(debrief) == [Word.LATE, Word.LATE]
    assert [each.after_s for each in debrief.outcomes] == [120.0, 61.0]


def test_long_waits_are_cut_short_by_turning_the_clock_past_the_time() -> None:
    paper = Paper()
    made = training(paper, step("one", hours=2))
    made.begin()
    paper.at += PATIENCE
    assert made.look()
    shown = made.end()
    assert paper.at == NOON + timedelta(hours=2, seconds=1)
    assert "turned forward" in shown.told
    assert shown.state is StepState.FAILED
    assert words(made.debrief()) == [Word.NOT_DONE]


def test_the_trainee_may_stop_the_wait_for_a_step() -> None:
    paper = Paper()
    made = training(paper, step("one", hours=2), step("two"))
    paper.board.wish(2, 1.0)
    assert made.is_wanted()
    made.begin()
    assert not made.look()
    paper.board.wish(0, 1.0)
    assert made.look()


def test_a_counterpart_that_cannot_go_on_says_why_and_the_step_goes_on() -> None:
    def fails(_: Scene) -> str:
        raise InvalidInput("the line is cut")

    paper = Paper()
    broken = step("one")
    broken = DrillStep(broken.title, broken.todo, broken.expected, broken.right, act=fails)
    made = training(paper, broken)
    made.begin()
    assert "the line is cut" in paper.board.read()[0][1].told
    paper.does("one")
    assert made.look()


def test_a_drill_that_is_stopped_is_debriefed_as_far_as_it_went() -> None:
    paper = Paper()
    made = training(paper, step("one"), step("two"))
    made.begin()
    paper.does("one")
    made.stop("by hand")
    debrief = made.debrief()
    assert words(debrief) == [Word.AS_IT_SHOULD_BE]
    assert not debrief.is_as_it_should_be
    assert debrief.trouble == "by hand"
    assert "1 not reached" in debrief_table(debrief)
    assert "no step began" in debrief_table(debrief_of(steps=2))


def test_played_right_all_is_well_and_played_wrong_the_slip_shows() -> None:
    slip = step("two", wrong=lambda _: None)
    paper = Paper()
    made = training(paper, step("one"), slip, manner=Manner.PLAYED)
    while not made.is_over:
        made.play()
    assert made.debrief().is_as_it_should_be
    paper = Paper()
    made = training(paper, step("one"), slip, manner=Manner.PLAYED_WRONG)
    while not made.is_over:
        made.play()
    debrief = made.debrief()
    assert words(debrief) == [Word.AS_IT_SHOULD_BE, Word.NOT_DONE]
    made.show_debrief(debrief)
    last = paper.board.read()[0][-1]
    assert last.state is StepState.FAILED
    assert "Do two: not done" in last.told
    assert last.explains == "One. Two."
