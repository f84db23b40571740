"""The answer in a terminal: it fits, it names, it never tells by colour alone."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from keepclear.errors import InvalidFile
from keepclear.model.answer import CheckReport, Verdict
from keepclear.model.operation import Mode
from keepclear.reports.place import Places
from keepclear.reports.ranking import Order
from keepclear.reports.table import CheckTable
from unit.reports.latakia import (
    answer,
    basemap,
    circle,
    conflict,
    crowd,
    latakia,
    level,
    operation,
    subject_of,
    window,
)


def printed(
    report: CheckReport, width: int = 80, *, colour: bool = False, **options: object
) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, force_terminal=colour, color_system="standard" if colour else None
    )
    console.print(CheckTable(report, gazetteer=Places(basemap().places), **options))  # type: ignore[arg-type]
    return stream.getvalue()


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def report() -> CheckReport:
    return latakia().report


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(report: CheckReport, width: int) -> None:
    assert max(len(line) for line in printed(report, width).splitlines()) <= width


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("width", [50, 80, 120])
def test_the_mode_stands_first_and_last(report: CheckReport, mode: Mode, width: int) -> None:
    text = printed(replace(report, mode=mode), width).split()
    assert text[0] == mode.value
    assert text[-1] == mode.value


def test_the_head_names_agreement_moment_and_coverage(report: CheckReport) -> None:
    head = squeezed(printed(report, 120))[:260]
    assert "agreement SYR-DECON v3 9f2c41d07ab8" in head
    assert "now 151130ZSEP15" in head
    assert "among 41 AMBER notices, oldest 14 min, coverage partial" in head


def test_the_head_gives_up_a_word_before_it_gives_up_its_line(report: CheckReport) -> None:
    long = replace(report, agreement_id="EXERCISE-AGREEMENT")
    first = printed(long, 80).splitlines()[0]
    assert first == ("EXERCISE | EXERCISE-AGREEMENT v3 9f2c41d07ab8 | now 151130ZSEP15 | EXERCISE")


def test_a_row_says_with_whom_when_how_close_and_which_rule(report: CheckReport) -> None:
    lines = printed(report, 120).splitlines()
    (first,) = (i for i, line in enumerate(lines) if line.strip().startswith("B-7751"))
    row = squeezed(" ".join(lines[first : first + 2]))
    assert row == ("B-7751 !! CONFLICT A-0931 +1 151410Z 0.7 NM (1.3 km) R2 151520Z 300 ft (91 m)")


def test_every_answer_stands_in_words_and_marks(report: CheckReport) -> None:
    text = printed(report)
    for words in ("!! CONFLICT", "?? CANNOT SAY", "-- NO CONFLICT FOUND"):
        assert words in text


def test_no_answer_is_green(report: CheckReport) -> None:
    coloured = printed(report, colour=True)
    codes = {
        code for found in re.findall(r"\x1b\[([\d;]*)m", coloured) for code in found.split(";")
    }
    assert "31" in codes
    assert not codes & {"32", "42", "92", "102"}


def test_colour_carries_nothing_that_words_do_not(report: CheckReport) -> None:
    assert re.sub(r"\x1b\[[\d;]*m", "", printed(report, colour=True)) == printed(report)


def test_no_color_in_the_environment_is_obeyed(
    report: CheckReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[\d;]*3[0-7]", printed(report, colour=True))


def test_a_conflict_is_told_at_length(report: CheckReport) -> None:
    text = squeezed(printed(report))
    assert "C2 CONFLICT B-7731 BLUE and A-0915 AMBER" in text
    assert "lateral: 1.9 NM (3.6 km); R1 asks 3.0 NM (5.6 km)" in text
    assert "vertical: 1,000 ft (304 m); asks 3,000 ft (915 m)" in text
    assert "35.5699N 036.9156E = 35 34.19N 036 54.94E" in text
    assert "of Idlib" in text


def test_infringements_findings_doubts_and_suggestions_follow(report: CheckReport) -> None:
    text = squeezed(printed(report))
    assert "I1 INFRINGEMENT B-7751 in Latakia hazard area (zone)" in text
    assert "I2 CANNOT SAY B-7731 in Orontes line (boundary)" in text
    assert "call: AMBER duty officer, line 1" in text
    assert "B-7765, volume 1: too late." in text
    assert "remedy: Ask AMBER for a coverage statement to 151700Z." in text
    assert "1 h 05 min later: no conflict found" in text
    assert "moved sideways: none within limits" in text


def test_long_lists_end_honestly() -> None:
    text = printed(crowd(90, 60).report)
    assert "… and 40 more (all in --json)" in text
    assert "… and 40 more conflicts (all in --json)" in text
    assert "B-0000" in text
    assert "Operations 90: 60 CONFLICT" in text


def test_the_order_is_the_callers(report: CheckReport) -> None:
    text = printed(report, order=Order.BY_DESIGNATOR, most_blocks=0)
    rows = re.findall(r"^ ?(B-\d+)", text, re.MULTILINE)
    assert rows == sorted(rows)
    assert len(rows) == 7


def test_features_left_out_are_named_with_their_remedy() -> None:
    left_out = InvalidFile("no party", file="blue.csv", feature="row 17", remedy="Name a party.")
    report = subject_of((), (), (), rejected=(left_out,)).report
    text = squeezed(printed(report))
    assert "blue.csv, row 17: no party remedy: Name a party." in text
    assert "No operation was checked." in text
    assert "Overall: CANNOT SAY." in text


def test_a_narrow_terminal_gets_a_list(report: CheckReport) -> None:
    text = printed(report, 50)
    assert "B-7760: -- NO CONFLICT FOUND" in text
    assert "with A-0912 +2" in text


hostile = st.text(st.characters(), min_size=1, max_size=60)


@given(hostile, hostile, hostile)
@settings(max_examples=30)
def test_texts_of_others_can_neither_colour_nor_move_anything(
    designator: str, theirs: str, reason: str
) -> None:
    mine = operation(
        f"[red]{designator}", "BLUE", circle(35, 36, 5), level(100, 120), window("1300", "1400")
    )
    other = operation(
        f"\x1b[2J{theirs}", "AMBER", circle(35, 36, 3), level(110, 130), window("1300", "1400")
    )
    report = subject_of(
        (mine,), (other,), (answer(mine, conflict(mine, other, reason=reason)),)
    ).report
    text = printed(report)
    assert not set(text) & {chr(code) for code in range(32) if chr(code) != "\n"}
    assert not set(text) & set("\u202e\u202d\u2066\u2067\u200f\x9b")
    assert "[red]" in text or "[re" in squeezed(text)


def test_verdicts_of_the_report_and_the_foot_agree(report: CheckReport) -> None:
    assert report.overall is Verdict.CONFLICT
    assert "Overall: CONFLICT." in squeezed(printed(report))


def test_an_operation_that_only_infringes_is_not_said_to_be_in_conflict(
    report: CheckReport,
) -> None:
    infringing = next(one for one in report.answers if one.infringements)
    alone = replace(infringing, verdict=Verdict.NO_CONFLICT_FOUND, conflicts=())
    certain = tuple(replace(one, verdict=Verdict.CONFLICT) for one in alone.infringements)
    text = printed(replace(report, answers=(replace(alone, infringements=certain),)), 100)
    assert "!! INFRINGEMENT" in text
    assert "Operations 1: 0 CONFLICT, 1 INFRINGEMENT" in text
    assert "Overall: INFRINGEMENT" in text
