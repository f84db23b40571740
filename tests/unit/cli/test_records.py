"""Calls, consultations, readouts, the watch and its log, from the command line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keepclear.cli.exit_codes import ExitCode
from keepclear.cli.main import main
from keepclear.compose.folder import NodeFolder
from keepclear.compose.opening import open_node
from keepclear.services.line.quarantine import Find, Reason, note, quarantined
from keepclear.services.line.querying import take_question
from line_fixture import message

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


@pytest.fixture
def narrow(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """What a command prints on a terminal of 80 columns; no line is longer."""

    def printed(*arguments: str) -> str:
        monkeypatch.setenv("COLUMNS", "80")
        capsys.readouterr()
        assert main(list(arguments)) == 0
        text = capsys.readouterr().out
        assert max(len(line) for line in text.splitlines()) <= 80
        return text

    return printed


def the_question(folder: Path) -> str:
    """Have AMBER's question come to a node; its id."""
    asked = message(
        "AMBER",
        code="M16",
        fields={
            "question": "Whose are they?",
            "facts": "Two helicopters.",
            "answer_by": "2099-03-14T06:00:00Z",
        },
    )
    with open_node(NodeFolder(folder)) as opened:
        node = opened.node
        node.store.write(lambda unit: take_question(unit, node, asked))
    return asked.id


def something_forged(folder: Path) -> str:
    """Have something come that claims to be AMBER's; what it is called."""
    content = b"forged"
    find = Find(
        LINE, Reason.BAD_SIGNATURE, "verify by voice: whose key is it?", content,
        hashlib.sha256(content).hexdigest(), alarm=True,
    )  # fmt: skip
    with open_node(NodeFolder(folder)) as opened:
        node = opened.node
        assert node.store.write(lambda unit: note(unit, node, find))
        with node.store.view() as view:
            return quarantined(view)[0].id


def request(**changes: Any) -> dict[str, Any]:
    return {
        "line": LINE,
        "asked_by": "theirs",
        "asked_at": "2026-03-14T05:10:00Z",
        "words": "Three crossings of the river, each before noon.",
        "answer_by": "2099-03-14T05:10:00Z",
        **changes,
    }


def test_a_request_is_considered_then_answered_and_nothing_more(
    ask: Ask, narrow: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    kept, code = ask("request", "keep", write(request()))
    assert (code, kept["now"]["state"]) == (0, "received")
    until = ("--until", "2099-03-20T05:00Z")
    considered, code = ask("request", "step", kept["id"], "consider", *until)
    assert (code, considered["version"]) == (0, 2)
    assert (considered["now"]["state"], considered["steps"][0]["role"]) == (
        "under consideration",
        "duty officer",
    )
    listed = " ".join(narrow("request", "list").split())
    assert "consideration" in listed
    assert "by 200500ZMAR99" in listed
    answered, _ = ask("request", "step", kept["id"], "answer", "--words", "Two of them.")
    assert [each["act"] for each in answered["steps"]] == ["consider", "answer"]
    assert ask("request", "step", kept["id"], "decline")[1] == ExitCode.BAD_INPUT
    assert "answered" in narrow("request", "list")
    assert main(["request", "step", kept["id"], "lapse"]) == ExitCode.BAD_INPUT
    capsys.readouterr()


def test_a_posture_is_kept_as_said_and_looked_at_again(
    ask: Ask, narrow: Callable[..., str]
) -> None:
    document = {
        "line": LINE,
        "party": "AMBER",
        "declared_at": "2026-03-14T05:10:00Z",
        "words": "Defensive in nature.",
        "review_at": "2026-03-15T05:10:00Z",
    }
    kept, code = ask("posture", "keep", write(document))
    assert (code, kept["now"]["is_overdue"]) == (0, True)
    assert "OVERDUE" in narrow("posture", "list")
    again = ("--again", "2099-03-15T05:10:00Z")
    seen, code = ask("posture", "review", kept["id"], "Nothing stands against it.", *again)
    assert (code, seen["version"], seen["words"]) == (0, 2, "Defensive in nature.")
    assert [each["words"] for each in seen["reviews"]] == ["Nothing stands against it."]
    assert not seen["now"]["is_overdue"]
    assert "150510ZMAR99" in narrow("posture", "list")
    closed, _ = ask("posture", "review", kept["id"], "Still nothing.")
    assert closed["review_at"] == "2099-03-15T05:10:00Z"


def test_a_question_is_listed_with_what_was_declared_last(
    node: Path, ask: Ask, narrow: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    question = the_question(node)
    page, code = ask("query", "list")
    (told,) = page["items"]
    assert (code, told["id"], told["now"]["answer_code"]) == (0, question, "M17")
    assert ask("query", "show", question)[0]["question"] == "Whose are they?"
    listed = narrow("query", "list")
    assert question in listed
    assert "open by" in " ".join(listed.split())
    assert main(["query", "keep", "x"]) == ExitCode.BAD_INPUT
    capsys.readouterr()


def test_what_was_not_taken_alarms_until_a_person_saw_it(
    node: Path, ask: Ask, narrow: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    name = something_forged(node)
    listed, code = ask("quarantine", "list")
    assert (code, [each["id"] for each in listed["items"]]) == (0, [name])
    assert name in narrow("quarantine", "list")
    assert ask("quarantine", "show", name)[0]["content"] == "forged"
    (alarm,) = (each for each in ask("alarm", "list")[0]["items"] if each["is_audible"])
    printed = narrow("alarm", "list")
    assert "WARNING  verify by voice" in printed
    assert alarm["id"] in printed
    assert ask("alarm", "silence", alarm["id"])[1] == 0
    assert ask("alarm", "silence", alarm["id"])[1] == ExitCode.BAD_INPUT
    assert ask("quarantine", "list")[0]["items"] == []
    assert "seen: verify by voice" in " ".join(narrow("quarantine", "list", "--seen").split())
    assert ask("quarantine", "seen", name)[0]["live"] is False
    for unknown in (["quarantine", "show", "x/y"], ["quarantine", "seen", "x/y"]):
        assert main(unknown) == ExitCode.BAD_INPUT
    capsys.readouterr()
