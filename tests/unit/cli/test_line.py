"""`keepclear line`, at a node that was paired by hand with another on the same machine."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from keepclear.cli.main import main
from keepclear.formats.agreement import read_agreement
from unit.cli.conftest import FILES, NOW

Ask = Callable[..., tuple[Any, int]]
LINE = "AMBER-BLUE"
AGREEMENT = read_agreement(FILES["agreement.toml"], name="agreement").id
COVERED = {
    "party": "BLUE",
    "area": {
        "kind": "circle",
        "centre": {"latitude_deg": 36.0, "longitude_deg": 38.0},
        "radius_m": 400_000.0,
    },
    "start": NOW.isoformat(),
    "end": (NOW + timedelta(days=1)).isoformat(),
    "as_of": NOW.isoformat(),
    "completeness": {"manned": "complete", "unmanned": "partial", "ground movement": "none"},
}


def run(*arguments: str | Path) -> None:
    assert main([str(each) for each in arguments]) == 0


@pytest.fixture(scope="session")
def paired(made_node: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """BLUE's node with a line to AMBER's, made by the commands for it; never changed."""
    place = tmp_path_factory.mktemp("paired")
    blue, amber = place / "blue", place / "amber"
    shutil.copytree(made_node, blue)
    text = made_node.parent / "agreement.toml"
    run("init", "--node", amber, "--party", "AMBER", "--mode", "EXERCISE", "--agreement", text)
    for name, folder in (("blue", blue), ("amber", amber)):
        run("agreement", "sign", AGREEMENT, "--node", folder, "-o", place / f"{name}.signature")
        card = place / f"{name}.card"
        run("keys", "card", "--node", folder, "-o", card, "--url", "http://127.0.0.1:9")
    run("agreement", "accept", place / "amber.signature", "--node", blue)
    heard = json.loads((place / "amber.card").read_bytes())["root"]
    run(
        "peer", "add", place / "amber.card", "--node", blue,
        "--agreement", AGREEMENT, "--fingerprint", heard,
    )  # fmt: skip
    return blue


@pytest.fixture
def blue(paired: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "node"
    shutil.copytree(paired, folder)
    monkeypatch.setenv("KEEPCLEAR_NODE", str(folder))
    monkeypatch.setenv("KEEPCLEAR_ACTOR", "First Person")
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command and give back what it printed for a person."""

    def asked(*arguments: str) -> str:
        capsys.readouterr()
        assert main(list(arguments)) == 0
        return capsys.readouterr().out

    return asked


def test_a_node_without_peers_has_no_line(node: Path, told: Callable[..., str]) -> None:
    del node
    assert "There is no line to any party." in told("line", "status")


@pytest.mark.usefixtures("blue")
class TestLine:
    def test_status_shows_declared_beside_observed(
        self, told: Callable[..., str], ask: Ask
    ) -> None:
        printed = told("line", "status", LINE)
        assert "EXERCISE  BLUE: line AMBER-BLUE degraded since" in printed
        assert "the line was never tested" in printed
        assert "us open, them open" in printed
        assert LINE in told("line", "status")
        everything, code = ask("line", "status")
        assert code == 0
        assert [each["id"] for each in everything["items"]] == [LINE]
        assert ask("line", "status", LINE)[0] == everything["items"][0]

    def test_a_check_by_telephone_is_entered_and_corrected(
        self, told: Callable[..., str], ask: Ask
    ) -> None:
        said = ("--channel", "telephone", "--result", "not answered")
        made, code = ask("line", "check", LINE, *said)
        assert (code, made["cause"]) == (0, "unknown")
        better, code = ask("line", "check", LINE, *said, "--cause", "staffing", "--id", made["id"])
        assert (code, better["cause"]) == (0, "staffing")
        printed = told("line", "check", LINE, "--channel", "radio", "--result", "answered")
        assert "over radio: answered" in printed

    def test_a_check_by_machine_waits_for_its_answer(self, ask: Ask) -> None:
        made, code = ask("line", "check", LINE)
        assert (code, made["result"], made["by_hand"]) == (0, "waiting", False)

    def test_two_people_suspend_and_resume(self, told: Callable[..., str], ask: Ask) -> None:
        said = ("--second", "Second Person", "--residue", "FLASH is taken")
        printed = told("line", "suspend", LINE, *said, "--scope", "air")
        assert "suspended since" in printed
        assert "Own buffers are" in printed
        resumed, code = ask("line", "resume", LINE, "--second", "Second Person")
        assert (code, resumed["line"]["declared"]["us"]) == (0, "open")

    def test_one_person_alone_does_not(self) -> None:
        assert main(["line", "suspend", LINE, "--second", "First Person"]) == 3

    def test_steps_of_a_restoration_are_taken_and_broken_off(
        self, told: Callable[..., str], ask: Ask
    ) -> None:
        printed = told("line", "restore", LINE, "offer")
        assert "restoring since" in printed
        assert "we gave offer; they gave nothing" in printed
        assert "May be given now: test, verify, list" in printed
        assert main(["line", "restore", LINE, "confirm"]) == 3
        ended, code = ask("line", "restore", LINE, "break off", "--reason", "not yet")
        assert (code, ended["restoration"]) == (0, None)

    def test_history_is_empty_until_somebody_enters_a_contact(
        self, told: Callable[..., str], ask: Ask
    ) -> None:
        assert "No contact is known." in told("line", "history", LINE)
        assert ask("line", "history", LINE)[0]["contacts"] == []

    def test_an_unknown_line_is_bad_input(self) -> None:
        assert main(["line", "status", "BLUE-GREY"]) == 3


@pytest.mark.usefixtures("blue")
class TestNotices:
    def give(self, *named: str) -> tuple[str, ...]:
        return (*named, "--line", LINE, "--role", "planner")

    def test_an_own_operation_is_told_and_its_change_as_a_change(
        self, plan: Callable[..., str], told: Callable[..., str], ask: Ask
    ) -> None:
        ask("op", "file", plan("B-1", category="transport"))
        printed = told("op", *self.give("notify", "B-1"))
        assert "EXERCISE  BLUE: B-1: M03 on AMBER-BLUE, SENT" in printed
        document, _ = ask("op", "show", "B-1")
        Path("changed.json").write_text(json.dumps({**document, "contact": "another desk"}))
        ask("op", "change", "changed.json")
        sent, code = ask("op", *self.give("notify", "B-1", "--reason", "technical"))
        assert (code, sent["code"]) == (0, "M04")
        message, _ = ask("message", "show", sent["message_id"])
        assert message["document"]["fields"]["reason"] == "technical"

    def test_the_same_message_again_sends_none(self, plan: Callable[..., str], ask: Ask) -> None:
        ask("op", "file", plan("B-1"))
        named = self.give("notify", "B-1", "--id", "6ba7b810-9dad-41d1-80b4-00c04fd430c8")
        first, _ = ask("op", *named)
        again, code = ask("op", *named)
        assert (code, again) == (0, first)
        assert ask("message", "list", "--code", "M03")[0]["total"] == 1

    def test_what_was_told_as_it_is_now_is_not_told_again(
        self, plan: Callable[..., str], ask: Ask, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ask("op", "file", plan("B-1"))
        ask("op", *self.give("notify", "B-1"))
        assert main(["op", *self.give("notify", "B-1")]) == 3
        assert "was told B-1 as it is now" in capsys.readouterr().err

    def test_a_role_that_may_not_release_it_sends_none(
        self, plan: Callable[..., str], ask: Ask
    ) -> None:
        ask("op", "file", plan("B-1"))
        assert main(["op", "notify", "B-1", "--line", LINE, "--role", "interpreter"]) == 3
        assert ask("message", "list", "--code", "M03")[0]["total"] == 0

    def test_a_coverage_statement_is_told(self, told: Callable[..., str], ask: Ask) -> None:
        Path("covered.json").write_text(json.dumps(COVERED))
        stated, _ = ask("coverage", "state", "covered.json")
        printed = told("coverage", *self.give("notify", stated["id"]))
        assert "coverage statement: M29 on AMBER-BLUE, SENT" in printed

    def test_a_statement_that_is_not_there_is_bad_input(self) -> None:
        assert main(["coverage", *self.give("notify", "nothing")]) == 3
