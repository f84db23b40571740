"""`keepclear doctor` names what keeps a node from working, and what to do; it changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keepclear.cli.exit_codes import ExitCode
from keepclear.cli.main import main

Ask = Callable[..., tuple[Any, int]]


def faults(ask: Ask) -> tuple[set[str], int]:
    told, code = ask("doctor")
    return {each["name"] for each in told["checks"] if each["status"] == "fault"}, code


@pytest.mark.usefixtures("node")
def test_a_sound_node_has_no_fault(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    assert faults(ask) == (set(), 0)
    main(["doctor", "--quick"])
    out = capsys.readouterr().out
    assert (out.split()[0], out.split()[-1]) == ("EXERCISE", "EXERCISE")


def missing_key(node: Path) -> None:
    (node / "keys" / "node.key").unlink()


def open_token(node: Path) -> None:
    (node / "token").chmod(0o644)


def damaged_store(node: Path) -> None:
    (node / "store.sqlite").write_bytes(b"nothing" * 999)


def wrong_setting(node: Path) -> None:
    (node / "keepclear.toml").write_text("[listen]\nprot = 1\n")


def foreign_keys(node: Path) -> None:
    other = node.with_name("other")
    main(["init", "--node", str(other), "--party", "AMBER", "--mode", "EXERCISE"])
    shutil.rmtree(node / "keys")
    shutil.copytree(other / "keys", node / "keys")


def broken_off(node: Path) -> None:
    (node / ".unfinished").write_text("")


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (missing_key, {"files", "keys", "certificate"}),
        (open_token, {"file rights"}),
        (damaged_store, {"store version", "store"}),
        (wrong_setting, {"settings"}),
        (foreign_keys, {"keys", "certificate"}),
        (broken_off, {"node"}),
    ],
)
def test_what_is_wrong_is_named_with_a_remedy(
    node: Path, ask: Ask, spoil: Callable[[Path], None], named: set[str]
) -> None:
    spoil(node)
    assert faults(ask) == (named, ExitCode.INTERNAL_ERROR)
    told, _ = ask("doctor")
    assert all(each["remedy"] for each in told["checks"] if each["status"] != "ok")


def test_nothing_is_changed(node: Path, ask: Ask) -> None:
    damaged_store(node)
    before = {path: path.read_bytes() for path in node.rglob("*") if path.is_file()}
    faults(ask)
    assert {path: path.read_bytes() for path in node.rglob("*") if path.is_file()} == before


def test_a_node_that_was_killed_is_told_from_one_that_runs(node: Path, ask: Ask) -> None:
    started = "2026-03-14T05:00:00Z"
    (node / "serving.json").write_text(
        f'{{"pid": 1, "address": "127.0.0.1", "port": 1, "started_at": "{started}"}}'
    )
    told, code = ask("doctor")
    (lock,) = (each for each in told["checks"] if each["name"] == "lock")
    assert (lock["status"], code) == ("warning", 0)


def test_a_folder_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    assert main(["doctor", "--node", str(tmp_path / "none")]) == ExitCode.BAD_INPUT
