"""Calls, consultations, readouts, the watch and its log, from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keepclear.cli.exit_codes import ExitCode
from keepclear.cli.main import main

Ask = Callable[..., tuple[Any, int]]

pytestmark = pytest.mark.usefixtures("node")

LINE = "AMBER-BLUE"
SHIFT = ("--role", "duty officer", "--linguist", "interpreter", "--language", "ru")


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def write(document: object) -> str:
    Path("record.json").write_text(json.dumps(document))
    return "record.json"


def call(**changes: Any) -> dict[str, Any]:
    return {
        "line": LINE,
        "kind": "principals",
        "placed_by": "theirs",
        "started_at": "2026-03-14T05:10:00Z",
        **changes,
    }


def readout(about: str, text: str, **changes: Any) -> dict[str, Any]:
    points = [{"number": 1, "topic": "views", "stance": "common ground", "text": text}]
    return {
        "line": LINE,
        "kind": "own",
        "about_kind": "call",
        "about": about,
        "points": points,
        **changes,
    }


def test_a_call_is_kept_shown_and_ended(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    kept, code = ask("call", "keep", write(call()))
    assert (code, kept["version"], kept["now"]["is_running"]) == (0, 1, True)
    shown, _ = ask("call", "show", kept["id"])
    assert shown["now"]["acts"] == ["change", "end"]
    ended, code = ask("call", "end", kept["id"])
    assert (code, ended["ending"], ended["now"]["is_running"]) == (0, "concluded", False)
    assert main(["call", "list"]) == 0
    assert "principals" in capsys.readouterr().out


def test_an_overtaken_version_is_never_overwritten(
    ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, _ = ask("call", "keep", write(call()))
    ask("call", "keep", write({**kept, "language": "en"}))
    capsys.readouterr()
    assert main(["call", "keep", write({**kept, "language": "ru"})]) == ExitCode.BAD_INPUT
    assert "version-mismatch" in capsys.readouterr().err


def test_a_series_nobody_dated_is_listed_as_overdue(
    ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    series = {
        "line": LINE,
        "kind": "working group",
        "title": "safety of flight",
        "opened_at": "2026-03-14T05:00:00Z",
    }
    assert ask("consultation", "keep", write(series))[1] == 0
    listed, _ = ask("consultation", "list")
    assert [each["now"]["overdue"] for each in listed["items"]] == ["no next date"]
    assert main(["consultation", "list", "--line", LINE]) == 0
    assert "not dated" in capsys.readouterr().out


def test_two_readouts_are_put_side_by_side_without_a_verdict(
    ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, _ = ask("call", "keep", write(call()))
    ask("readout", "keep", write(readout(kept["id"], "areas of overlap")))
    capsys.readouterr()
    assert main(["readout", "compare", kept["id"]]) == 0
    assert "only BLUE" in capsys.readouterr().out
    theirs = readout(kept["id"], "close or coincide", party="AMBER", kind="published")
    ask("readout", "keep", write(theirs))
    told, code = ask("readout", "compare", kept["id"])
    assert (code, told["counts"]["both"]) == (0, 1)
    assert main(["readout", "compare", kept["id"]]) == 0
    printed = capsys.readouterr().out
    assert "A: BLUE" in printed
    assert "close or coincide" in printed


def test_the_watch_is_taken_handed_over_and_shown(
    ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["watch", "hand-over", "--from", "a", "--to", "b"]) == ExitCode.BAD_INPUT
    taken, code = ask("watch", "take", *SHIFT)
    assert (code, taken["version"], taken["now"]["has_linguist"]) == (0, 1, True)
    over, code = ask("watch", "hand-over", "--from", "duty officer", "--to", "senior watch officer")
    assert (code, over["version"]) == (0, 2)
    assert [each["role"] for each in over["roles"]] == ["duty officer", "interpreter"]
    assert (over["handed_over_by"], over["next_handover"]) == ("duty officer", None)
    capsys.readouterr()
    assert main(["watch", "show"]) == 0
    assert "interpreter" in capsys.readouterr().out


def test_a_note_is_added_corrected_and_searched(
    ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    role = ("--role", "duty officer")
    first, code = ask("log", "add", "Morning call late.", *role, "--line", LINE)
    assert code == 0
    second, _ = ask("log", "correct", first["id"], "Twelve minutes late.", *role)
    assert second["corrects"] == first["id"]
    found, _ = ask("log", "search", "MORNING", "duty")
    assert [each["id"] for each in found["items"]] == [first["id"]]
    assert main(["log", "list"]) == 0
    printed = capsys.readouterr().out
    assert "corrected by" in printed
    assert main(["log", "correct", "nothing", "x", *role]) == ExitCode.BAD_INPUT
