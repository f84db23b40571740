"""`keepclear check`: the exit code is the answer, and a slip never looks like one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from keepclear.cli.exit_codes import ExitCode
from keepclear.cli.main import main
from keepclear.exercise.generating import build_exercise
from keepclear.exercise.writing import write_exercise

FILES = write_exercise(build_exercise(date(2026, 3, 14)))
NOW = "2026-03-14T05:00Z"
ALL = ("blue.geojson", "--against", "amber.geojson", "others.geojson")
ASK = ("--agreement", "agreement.toml", "--now", NOW)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The exercise's files, in the folder in which the command runs."""
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*arguments: str) -> int:
    return main(["check", *arguments])


def edited(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


@pytest.mark.usefixtures("folder")
class TestAnswers:
    def test_a_conflict_is_code_1(self) -> None:
        assert check(*ALL, *ASK) == ExitCode.CONFLICT

    def test_a_silent_party_is_code_2(self) -> None:
        assert check("others.geojson", "--against", "amber.geojson", *ASK) == ExitCode.CANNOT_SAY

    def test_own_plans_apart_from_each_other_are_code_0(self) -> None:
        assert check("others.geojson", "--own", *ASK) == ExitCode.NO_CONFLICT_FOUND

    def test_own_plans_that_meet_are_code_1(self) -> None:
        assert check("blue.geojson", "--own", *ASK) == ExitCode.CONFLICT

    def test_stale_coverage_is_code_2_even_where_nothing_is_near(self, folder: Path) -> None:
        plans = json.loads((folder / "blue.geojson").read_text())
        plans["features"] = [
            feature
            for feature in plans["features"]
            if feature["properties"].get("designator") == "B-103"
        ]
        (folder / "one.geojson").write_text(json.dumps(plans))
        asked = ("one.geojson", *ALL[1:], "--agreement", "agreement.toml", "--now")
        assert check(*asked, NOW) == ExitCode.NO_CONFLICT_FOUND
        assert check(*asked, "2026-03-14T23:00Z") == ExitCode.CANNOT_SAY

    def test_every_format_of_the_same_plans_gives_the_same_code(self) -> None:
        for name in ("blue.csv", "blue.kml"):
            assert check(name, *ALL[1:], *ASK) == ExitCode.CONFLICT

    def test_the_table_begins_and_ends_with_the_mode(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        check(*ALL, *ASK)
        words = capsys.readouterr().out.split()
        assert (words[0], words[-1]) == ("EXERCISE", "EXERCISE")

    def test_the_table_names_operations_rules_and_the_answer(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        check(*ALL, *ASK)
        out = capsys.readouterr().out
        assert "B-101" in out
        assert "A-201" in out
        assert "CONFLICT" in out

    def test_the_same_question_gets_the_same_answer_to_the_byte(self, folder: Path) -> None:
        for name in ("first.json", "second.json"):
            check(*ALL, *ASK, "--json", name)
        assert (folder / "first.json").read_bytes() == (folder / "second.json").read_bytes()


@pytest.mark.usefixtures("folder")
class TestReports:
    def test_json_on_stdout_stands_alone(self, capsys: pytest.CaptureFixture[str]) -> None:
        check(*ALL, *ASK, "--json")
        assert json.loads(capsys.readouterr().out)["mode"] == "EXERCISE"

    def test_json_and_page_are_written_beside_the_table(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert check(*ALL, *ASK, "--json", "answer.json", "--html", "report.html") == 1
        assert json.loads((folder / "answer.json").read_text())["mode"] == "EXERCISE"
        assert (folder / "report.html").read_bytes().startswith(b"<!doctype html>")
        assert "CONFLICT" in capsys.readouterr().out

    def test_reports_are_replaced_by_newer_reports(self) -> None:
        for _ in range(2):
            assert check(*ALL, *ASK, "--json", "answer.json", "--html", "report.html") == 1

    def test_a_plan_named_after_json_by_mistake_is_kept(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = (folder / "amber.geojson").read_bytes()
        code = check("blue.geojson", "--own", *ASK, "--json", "amber.geojson")
        assert code == ExitCode.BAD_INPUT
        assert (folder / "amber.geojson").read_bytes() == before
        assert "no place for a report" in capsys.readouterr().err

    def test_nothing_is_written_when_nothing_is_answered(self, folder: Path) -> None:
        (folder / "blue.geojson").write_text("{}")
        assert check(*ALL, *ASK, "--json", "answer.json") == ExitCode.BAD_INPUT
        assert not (folder / "answer.json").exists()


@pytest.mark.usefixtures("folder")
class TestUsage:
    def test_released_files_take_every_name_up_to_the_next_option(self) -> None:
        together = check(*ALL, *ASK)
        apart = check(
            "blue.geojson", "--against", "amber.geojson", "--against=others.geojson", *ASK
        )
        assert together == apart == ExitCode.CONFLICT

    def test_plans_named_after_against_are_not_taken_for_ones_own(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = check("--against", "amber.geojson", "blue.geojson", *ASK)
        assert code == ExitCode.BAD_INPUT
        assert "Name them before --against" in capsys.readouterr().err

    def test_against_without_a_file_is_refused(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert check("blue.geojson", "--against", "--own", *ASK) == ExitCode.BAD_INPUT
        assert "--against names no file" in capsys.readouterr().err

    def test_nothing_to_check_against_is_refused(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert check("blue.geojson", *ASK) == ExitCode.BAD_INPUT
        assert "--own" in capsys.readouterr().err

    def test_an_agreement_is_required(self) -> None:
        assert check(*ALL) == ExitCode.BAD_INPUT

    @pytest.mark.parametrize("moment", ["now", "2026-03-14", "2026-03-14T05:00", "0500Z"])
    def test_a_moment_without_a_zone_is_refused(self, moment: str) -> None:
        code = check(*ALL, "--agreement", "agreement.toml", "--now", moment)
        assert code == ExitCode.BAD_INPUT

    @pytest.mark.parametrize("name", ["missing.geojson", "."])
    def test_a_file_that_cannot_be_read_is_named(
        self, name: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert check(name, *ALL[1:], *ASK) == ExitCode.BAD_INPUT
        assert f"{name}: " in capsys.readouterr().err

    def test_own_plans_on_both_sides_are_refused(self) -> None:
        assert check("blue.geojson", "--against", "blue.csv", *ASK) == ExitCode.BAD_INPUT


@pytest.mark.usefixtures("folder")
class TestBadInput:
    def test_an_exercise_is_not_checked_under_a_real_agreement(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        edited(folder / "agreement.toml", 'mode = "EXERCISE"', 'mode = "REAL"')
        assert check(*ALL, *ASK) == ExitCode.BAD_INPUT
        assert "mode-mismatch" in capsys.readouterr().err

    def test_real_and_exercise_files_are_not_checked_together(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        edited(folder / "amber.geojson", '"EXERCISE"', '"REAL"')
        assert check(*ALL, *ASK) == ExitCode.BAD_INPUT
        assert "mode-mismatch" in capsys.readouterr().err

    def test_an_unusable_feature_refuses_the_file_and_is_named(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        edited(folder / "amber.geojson", '"lower_reference": "STD", ', "")
        assert check(*ALL, *ASK) == ExitCode.BAD_INPUT
        err = capsys.readouterr().err
        assert "amber.geojson, feature " in err
        assert "remedy: " in err

    def test_skipping_an_unusable_feature_makes_code_0_into_2(self, folder: Path) -> None:
        asked = ("others.geojson", "--own", *ASK)
        assert check(*asked) == ExitCode.NO_CONFLICT_FOUND
        first = (folder / "others.geojson").read_text()
        (folder / "others.geojson").write_text(
            first.replace('"designator": "C-405"', '"designator": ""')
        )
        assert check(*asked) == ExitCode.BAD_INPUT
        assert check(*asked, "--skip-invalid") == ExitCode.CANNOT_SAY

    def test_an_empty_released_set_is_no_statement(self, folder: Path) -> None:
        plans = json.loads((folder / "amber.geojson").read_text())
        plans["features"] = []
        (folder / "empty.geojson").write_text(json.dumps(plans))
        asked = ("others.geojson", "--against", "empty.geojson", *ASK)
        assert check(*asked) == ExitCode.CANNOT_SAY
        assert check(*asked, "--own") != ExitCode.NO_CONFLICT_FOUND

    def test_an_agreement_with_errors_is_refused(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        edited(folder / "agreement.toml", 'lateral = "3 NM"', "lateral = 3")
        assert check(*ALL, *ASK) == ExitCode.BAD_INPUT
        assert "invalid-agreement" in capsys.readouterr().err
