"""Plans change their format without a silent loss, and never replace a file by accident."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from keepclear.cli.exit_codes import ExitCode
from keepclear.cli.inputs import plans_from
from keepclear.cli.main import main
from keepclear.exercise.generating import build_exercise
from keepclear.exercise.writing import write_exercise
from keepclear.services.reading_plans import content_of

FILES = write_exercise(build_exercise(date(2026, 3, 14)))
NOW = datetime(2026, 3, 14, 5, tzinfo=UTC)


@pytest.fixture
def blue(tmp_path: Path) -> Path:
    path = tmp_path / "blue.geojson"
    path.write_bytes(FILES["blue.geojson"])
    return path


@pytest.mark.parametrize("suffix", [".geojson", ".json", ".kml", ".kmz", ".csv"])
def test_operations_survive_a_change_of_format(blue: Path, suffix: str) -> None:
    target = blue.with_name(f"copy{suffix}")
    assert main(["convert", str(blue), str(target)]) == 0
    before, after = (plans_from([path], received_at=NOW).operations for path in (blue, target))
    assert [content_of(o).id for o in after] == [content_of(o).id for o in before]
    assert [o.window for o in after] == [o.window for o in before]


def test_losses_are_listed(blue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["convert", str(blue), str(blue.with_name("blue.kml"))])
    out = capsys.readouterr().out
    assert "lost: " in out
    assert out.startswith("EXERCISE  ")


def test_strict_writes_nothing_that_would_lose_something(
    blue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = blue.with_name("blue.kml")
    assert main(["convert", "--strict", str(blue), str(target)]) == ExitCode.BAD_INPUT
    assert "export-loss" in capsys.readouterr().err
    assert not target.exists()


def test_an_existing_file_is_kept(blue: Path) -> None:
    before = blue.read_bytes()
    assert main(["convert", str(blue), str(blue)]) == ExitCode.BAD_INPUT
    assert blue.read_bytes() == before


@pytest.mark.parametrize("name", ["plans.xml", "plans", "plans.geojson.gz"])
def test_an_ending_of_no_known_format_is_refused(
    blue: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["convert", str(blue), str(blue.with_name(name))]) == ExitCode.BAD_INPUT
    assert ".kml" in capsys.readouterr().err
