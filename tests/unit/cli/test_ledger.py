"""The record can be read, proved to strangers and verified; tampering is found."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from keepclear.cli.exit_codes import ExitCode
from keepclear.cli.main import main

Ask = Callable[..., tuple[Any, int]]
Plan = Callable[..., str]


def ledger(*arguments: str) -> int:
    return main(["ledger", *arguments])


def altered(node: Path, statement: str) -> None:
    """Do to the store what no keepclear does."""
    with closing(sqlite3.connect(node / "store.sqlite")) as connection, connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        assert connection.execute(statement).rowcount


@pytest.mark.usefixtures("node")
class TestReading:
    def test_the_first_entries_say_whose_node_was_made(self, ask: Ask) -> None:
        page, _ = ask("ledger", "show", "--after", "-1")
        kinds = [each["kind"] for each in page["items"]]
        assert kinds == ["node initialised", "key certified", "agreement filed"]

    def test_the_last_entries_are_shown_unless_told_otherwise(self, ask: Ask, plan: Plan) -> None:
        main(["op", "file", plan()])
        page, _ = ask("ledger", "show", "--limit", "1")
        assert page["items"][0]["kind"] == "operation filed"

    def test_one_entry_is_printed_whole(self, ask: Ask) -> None:
        entry, _ = ask("ledger", "show", "0")
        assert entry["payload"]["body"]["party"] == "BLUE"

    def test_an_entry_beyond_the_end_is_bad_input(self) -> None:
        assert ledger("show", "999") == ExitCode.BAD_INPUT
        assert ledger("prove", "999") == ExitCode.BAD_INPUT

    def test_the_head_is_told_between_the_mode_words(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert ledger("head") == 0
        words = capsys.readouterr().out.split()
        assert (words[0], words[-1]) == ("EXERCISE", "EXERCISE")


@pytest.mark.usefixtures("node")
class TestProofs:
    def test_a_proof_convinces_whoever_has_the_certificate(
        self, node: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert ledger("prove", "1", "-o", "proof.json") == 0
        certificate = str(node / "keys" / "node.cert.json")
        assert ledger("check-proof", "proof.json", "--certificate", certificate) == 0
        assert "by BLUE's node" in capsys.readouterr().out

    def test_a_withheld_entry_is_proved_without_its_content(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert ledger("prove", "0", "--withhold", "-o", "proof.json") == 0
        assert '"payload"' not in Path("proof.json").read_text()
        assert ledger("check-proof", "proof.json") == 0
        assert "withheld" in capsys.readouterr().out

    @pytest.mark.parametrize(
        "change",
        [
            {"payload": '{"mode":"EXERCISE"}'},
            {"leaf": "00" * 32},
            {"number": 1},
            {"salt": "00" * 16},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_an_altered_proof_does_not_hold(
        self, change: dict[str, object], capsys: pytest.CaptureFixture[str]
    ) -> None:
        ledger("prove", "0", "-o", "proof.json")
        proof = json.loads(Path("proof.json").read_text())
        Path("proof.json").write_text(json.dumps({**proof, **change}))
        assert ledger("check-proof", "proof.json") == ExitCode.INTERNAL_ERROR
        assert "ledger-broken" in capsys.readouterr().err

    def test_a_head_signed_by_another_key_does_not_hold(self, tmp_path: Path) -> None:
        ledger("prove", "0", "-o", "proof.json")
        other = tmp_path / "other"
        main(["init", "--node", str(other), "--party", "AMBER", "--mode", "EXERCISE"])
        theirs = str(other / "keys" / "node.cert.json")
        assert ledger("check-proof", "proof.json", "--certificate", theirs) == 4

    def test_another_head_than_the_one_known_does_not_hold(self) -> None:
        ledger("prove", "0", "-o", "proof.json")
        assert ledger("check-proof", "proof.json", "--root", "00" * 32) == 4

    @pytest.mark.parametrize("text", ["{}", '{"head": 1}', "[]", "x"])
    def test_what_is_no_proof_is_refused(self, text: str) -> None:
        Path("proof.json").write_text(text)
        assert ledger("check-proof", "proof.json") == ExitCode.BAD_INPUT


@pytest.mark.usefixtures("node")
class TestVerifying:
    def test_a_ledger_as_it_was_written_holds(
        self, plan: Plan, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(["op", "file", plan()])
        capsys.readouterr()
        assert ledger("verify", "--signatures", "--thorough") == 0
        assert "the ledger holds" in capsys.readouterr().out

    def test_a_rewritten_entry_is_found(self, node: Path, ask: Ask) -> None:
        altered(node, "UPDATE ledger_payload SET bytes = replace(bytes, 'BLUE', 'BLUF')")
        report, code = ask("ledger", "verify")
        assert (code, report["holds"]) == (ExitCode.INTERNAL_ERROR, False)
        assert "payload rewritten" in {fault["kind"] for fault in report["faults"]}

    def test_a_forged_signature_is_found_where_signatures_are_checked(
        self, node: Path, ask: Ask
    ) -> None:
        altered(node, "UPDATE ledger_head SET signature = zeroblob(64)")
        assert ask("ledger", "verify")[1] == 0
        report, code = ask("ledger", "verify", "--signatures")
        assert code == ExitCode.INTERNAL_ERROR
        assert report["faults"][0]["kind"] == "signature does not hold"

    def test_a_cut_off_end_is_found_by_who_kept_a_head(
        self, ask: Ask, plan: Plan, tmp_path: Path
    ) -> None:
        main(["backup", str(tmp_path / "before.sqlite")])
        main(["op", "file", plan()])
        head, _ = ask("ledger", "head")
        Path("head.json").write_text(json.dumps(head))
        assert ask("ledger", "verify", "--witness", "head.json")[1] == 0
        before = str(tmp_path / "before.sqlite")
        report, code = ask("ledger", "verify", "--store", before, "--witness", "head.json")
        assert code == ExitCode.INTERNAL_ERROR
        assert report["faults"][0]["kind"] == "entries cut off"

    def test_what_is_no_head_is_no_witness(self) -> None:
        Path("head.json").write_text('{"size": "many"}')
        assert ledger("verify", "--witness", "head.json") == ExitCode.BAD_INPUT

    def test_a_missing_store_is_named(self, tmp_path: Path) -> None:
        assert ledger("verify", "--store", str(tmp_path / "none")) == ExitCode.BAD_INPUT
