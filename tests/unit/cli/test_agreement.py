"""An agreement can be begun, checked line by line, and read as tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepclear.cli.exit_codes import ExitCode
from keepclear.cli.main import main

NEW = ["agreement", "new", "--from", "2026-03-14T00:00Z"]


@pytest.fixture
def agreement(tmp_path: Path) -> Path:
    path = tmp_path / "agreement.toml"
    assert main([*NEW, "--id", "EX-1", "-o", str(path)]) == 0
    return path


def test_a_new_agreement_passes_its_own_check(
    agreement: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["agreement", "check", str(agreement)]) == 0
    assert "0 errors, 0 warnings" in capsys.readouterr().out


def test_a_new_agreement_is_printed_without_a_file_name(
    agreement: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main([*NEW, "--id", "EX-1"]) == 0
    assert capsys.readouterr().out == agreement.read_text()


def test_a_new_agreement_replaces_no_file_unless_forced(
    agreement: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = agreement.read_text()
    again = [*NEW, "--id", "EX-2", "-o", str(agreement)]
    assert main(again) == ExitCode.BAD_INPUT
    assert "--force" in capsys.readouterr().err
    assert agreement.read_text() == before
    assert main([*again, "--force"]) == 0
    assert "EX-2" in agreement.read_text()


def test_the_template_is_for_an_exercise_unless_told_otherwise(agreement: Path) -> None:
    assert 'mode = "EXERCISE"' in agreement.read_text()


@pytest.mark.parametrize(
    "parties",
    [["--party", "BLUE"], ["--party", "BLUE", "--party", "BLUE"], ["--party", "blue"]],
    ids=["one", "the same twice", "small letters"],
)
def test_an_agreement_needs_two_parties_in_capitals(parties: list[str]) -> None:
    assert main([*NEW, *parties]) == ExitCode.BAD_INPUT


def test_a_problem_is_named_with_its_line_and_its_remedy(
    agreement: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = agreement.read_text().splitlines()
    number = next(i for i, line in enumerate(lines) if line.startswith("lateral ="))
    lines[number] = 'lateral = "3"'
    agreement.write_text("\n".join(lines))
    assert main(["agreement", "check", str(agreement)]) == ExitCode.BAD_INPUT
    out = capsys.readouterr().out
    assert f"{agreement}:{number + 1}: error: " in out
    assert "remedy: " in out
    assert "1 error, " in out


def test_an_agreement_that_is_no_toml_is_refused_not_crashed_on(
    agreement: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    agreement.write_bytes(b"\xff\xfe = [")
    assert main(["agreement", "check", str(agreement)]) == ExitCode.BAD_INPUT
    assert main(["agreement", "show", str(agreement)]) == ExitCode.BAD_INPUT
    assert "internal error" not in capsys.readouterr().err


def test_the_tables_begin_and_end_with_the_mode(
    agreement: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["agreement", "show", str(agreement)]) == 0
    words = capsys.readouterr().out.split()
    assert (words[0], words[-1]) == ("EXERCISE", "EXERCISE")


def test_the_tables_hold_digest_rules_and_both_units(
    agreement: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["agreement", "show", str(agreement)])
    out = capsys.readouterr().out
    assert "digest" in out
    assert "3 NM (5.56 km)" in out
    assert "3,000 ft (914 m)" in out
    assert "Zones: none" in out


def test_square_brackets_in_names_are_printed_as_they_are(
    agreement: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = agreement.read_text().replace('id = "EX-1"', 'id = "EX-1[red]"')
    agreement.write_text(text)
    capsys.readouterr()
    assert main(["agreement", "show", str(agreement)]) == 0
    assert "EX-1[red]" in capsys.readouterr().out
