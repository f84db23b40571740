"""Files are read whole or refused with a remedy, and written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from keepclear.cli.files import (
    read_file,
    require_new,
    require_no_input,
    require_report,
    write_file,
)
from keepclear.errors import InvalidFile, InvalidInput


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="no such file") as refusal:
        read_file(tmp_path / "plans.geojson")
    assert refusal.value.file.endswith("plans.geojson")


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="directory"):
        read_file(tmp_path)


def test_a_path_through_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plans").write_bytes(b"x")
    with pytest.raises(InvalidFile, match="cannot be read"):
        read_file(tmp_path / "plans" / "a.csv")


def test_a_file_larger_than_allowed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plans.csv"
    path.write_bytes(b"12345")
    assert read_file(path, most_bytes=5) == b"12345"
    with pytest.raises(InvalidFile, match="more than 4"):
        read_file(path, most_bytes=4)


def test_a_written_file_leaves_nothing_else_behind(tmp_path: Path) -> None:
    write_file(tmp_path / "out.json", b"first")
    write_file(tmp_path / "out.json", b"second")
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]
    assert (tmp_path / "out.json").read_bytes() == b"second"


def test_a_written_file_has_the_rights_the_user_gives_new_files(tmp_path: Path) -> None:
    (tmp_path / "usual").write_bytes(b"")
    write_file(tmp_path / "ours", b"")
    usual, ours = ((tmp_path / name).stat().st_mode for name in ("usual", "ours"))
    assert stat.S_IMODE(ours) == stat.S_IMODE(usual)


def test_a_link_keeps_pointing_to_what_is_written(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_bytes(b"old")
    (tmp_path / "link.json").symlink_to("real.json")
    write_file(tmp_path / "link.json", b"new")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_bytes() == b"new"


def test_a_device_is_written_to_and_not_replaced() -> None:
    write_file(Path(os.devnull), b"gone")
    assert not Path(os.devnull).is_file()


def test_a_folder_that_does_not_exist_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be written") as refusal:
        write_file(tmp_path / "nowhere" / "out.json", b"")
    assert "folder" in refusal.value.remedy


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_bytes(b"old")
    (tmp_path / f".out.{os.getpid()}.part").mkdir()
    with pytest.raises(InvalidInput):
        write_file(target, b"new")
    assert target.read_bytes() == b"old"


def test_an_existing_file_is_replaced_by_force_alone(tmp_path: Path) -> None:
    path = tmp_path / "plans.kml"
    require_new(path, force=False)
    path.write_bytes(b"x")
    require_new(path, force=True)
    with pytest.raises(InvalidInput, match="exists already"):
        require_new(path, force=False)


@pytest.mark.parametrize("name", ["plans.geojson", "b.KML", "b.kmz", "b.csv", "a.toml"])
def test_a_report_is_never_written_where_plans_or_agreements_belong(name: str) -> None:
    with pytest.raises(InvalidInput, match="no place for a report"):
        require_no_input(Path(name), [])


def test_a_report_is_never_written_over_an_input_by_another_name(tmp_path: Path) -> None:
    plans = tmp_path / "plans.json"
    plans.write_bytes(b"{}")
    (tmp_path / "link.json").symlink_to(plans)
    with pytest.raises(InvalidInput):
        require_no_input(tmp_path / "link.json", [plans])
    require_no_input(tmp_path / "answer.json", [plans])


def test_a_report_replaces_nothing_but_a_report(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    require_report(path)
    for earlier in (b"", b"<!doctype html>\n<html>", b'{"schema":"keepclear-check/1"}'):
        path.write_bytes(earlier)
        require_report(path)
    path.write_bytes(b'{"type":"FeatureCollection"}')
    with pytest.raises(InvalidInput, match="no earlier report"):
        require_report(path)


@pytest.mark.parametrize("name", ["nowhere/answer.json", "."])
def test_a_report_without_a_place_is_refused_before_the_work_begins(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(InvalidInput, match="no place for a file"):
        require_report(tmp_path / name)
