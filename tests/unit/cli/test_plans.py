"""Recorded flights become plans in a file, whole or one for each party."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from keepclear.cli.exit_codes import ExitCode
from keepclear.cli.inputs import plans_from
from keepclear.cli.main import main
from keepclear.model.volume import Corridor

RULE = ("--party-rule", "icao24 < 4b0000: BLUE; else AMBER")
NOW = datetime(2018, 8, 2, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two aircraft flying north for ten minutes, in the folder in which the command runs."""
    lines = ["timestamp,icao24,callsign,latitude,longitude,altitude"]
    for minute in range(10):
        for icao24, callsign, longitude in (("3c0001", "DLH1", 7.0), ("4b0002", "SWR2", 8.0)):
            lines.append(
                f"2018-08-01T05:{minute:02}:00Z,{icao24},{callsign},"
                f"{46.0 + 0.1 * minute},{longitude},35000"
            )
    (tmp_path / "tracks.csv").write_text("\n".join(lines) + "\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def from_tracks(*arguments: str) -> int:
    return main(["plans", "from-tracks", "tracks.csv", *RULE, *arguments])


@pytest.mark.usefixtures("folder")
def test_each_flight_becomes_an_operation(capsys: pytest.CaptureFixture[str]) -> None:
    assert from_tracks("-o", "plans.geojson") == 0
    plans = plans_from([Path("plans.geojson")], received_at=NOW)
    assert {(o.party, o.designator) for o in plans.operations} == {
        ("BLUE", "DLH1-1"),
        ("AMBER", "SWR2-1"),
    }
    words = capsys.readouterr().out.split("\n")[0].split()
    assert (words[0], words[-1]) == ("EXERCISE", "EXERCISE")


@pytest.mark.usefixtures("folder")
def test_width_and_height_are_the_whole_of_both() -> None:
    from_tracks("-o", "plans.geojson", "--width", "2 km", "--height", "200 m")
    for operation in plans_from([Path("plans.geojson")], received_at=NOW).operations:
        for volume in operation.volumes:
            assert isinstance(volume.footprint, Corridor)
            assert volume.footprint.half_width_m == pytest.approx(1_000.0)
            height_m = volume.band.upper.value_m - volume.band.lower.value_m
            assert height_m == pytest.approx(200.0)


@pytest.mark.usefixtures("folder")
def test_split_writes_one_file_for_each_party() -> None:
    assert from_tracks("-o", "plans.csv", "--split") == 0
    for party in ("BLUE", "AMBER"):
        plans = plans_from([Path(f"plans-{party}.csv")], received_at=NOW)
        assert plans.parties == (party,)


def test_existing_files_are_kept_unless_forced(folder: Path) -> None:
    (folder / "plans-BLUE.geojson").write_text("mine")
    assert from_tracks("-o", "plans.geojson", "--split") == ExitCode.BAD_INPUT
    assert not (folder / "plans-AMBER.geojson").exists()
    assert (folder / "plans-BLUE.geojson").read_text() == "mine"
    assert from_tracks("-o", "plans.geojson", "--split", "--force") == 0


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "arguments",
    [("--width", "2"), ("--width", "0 NM"), ("--tolerance", "1 m"), ("--class", "balloon")],
    ids=" ".join,
)
def test_a_quantity_without_its_unit_or_sense_is_refused(arguments: tuple[str, str]) -> None:
    assert from_tracks("-o", "plans.geojson", *arguments) == ExitCode.BAD_INPUT
    assert not Path("plans.geojson").exists()


@pytest.mark.usefixtures("folder")
def test_a_rule_that_leaves_aircraft_undecided_is_refused() -> None:
    command = [
        "plans",
        "from-tracks",
        "tracks.csv",
        "-o",
        "p.csv",
        "--party-rule",
        "callsign S*: A",
    ]
    assert main(command) == ExitCode.BAD_INPUT
