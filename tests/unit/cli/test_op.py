"""`keepclear op`: the node's answer is the exit code, and nothing is changed unseen."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keepclear.cli.exit_codes import ExitCode
from keepclear.cli.main import main

Ask = Callable[..., tuple[Any, int]]
Plan = Callable[..., str]

pytestmark = pytest.mark.usefixtures("node")


def op(*arguments: str) -> int:
    return main(["op", *arguments])


def test_an_empty_node_lists_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert op("list") == 0
    out = capsys.readouterr().out
    assert (out.split()[0], out.split()[-1]) == ("EXERCISE", "EXERCISE")
    assert "There is none such." in out


class TestFiling:
    def test_without_others_sets_the_answer_is_cannot_say(self, plan: Plan) -> None:
        assert op("file", plan()) == ExitCode.CANNOT_SAY

    def test_among_fresh_and_complete_sets_it_is_no_conflict_found(self, plan: Plan) -> None:
        assert op("import", "empty.geojson") == 0
        name = plan(later_h=3.0)
        assert op("try", name) == ExitCode.NO_CONFLICT_FOUND
        assert op("file", name) == ExitCode.NO_CONFLICT_FOUND

    def test_over_another_operation_it_is_conflict_and_filed_all_the_same(
        self, plan: Plan, ask: Ask
    ) -> None:
        op("file", plan("B-1"))
        filed, code = ask("op", "file", plan("B-2"))
        assert code == ExitCode.CONFLICT
        assert filed["answer"]["overall"] == "conflict"
        assert ask("op", "list")[0]["total"] == 2

    def test_text_begins_and_ends_with_the_mode_and_names_the_other(
        self, plan: Plan, capsys: pytest.CaptureFixture[str]
    ) -> None:
        op("file", plan("B-1"))
        capsys.readouterr()
        op("file", plan("B-2"))
        out = capsys.readouterr().out
        assert (out.split()[0], out.split()[-1]) == ("EXERCISE", "EXERCISE")
        assert "!! B-2: CONFLICT" in out
        assert "CONFLICT with B-1 of BLUE" in out
        assert "no permission" in out

    def test_trying_stores_nothing(self, plan: Plan, ask: Ask) -> None:
        op("try", plan())
        assert ask("op", "list")[0]["total"] == 0

    def test_the_same_document_twice_is_two_operations_without_an_id(
        self, plan: Plan, ask: Ask
    ) -> None:
        name = plan()
        op("file", name)
        op("file", name)
        assert ask("op", "list")[0]["total"] == 2

    def test_a_document_can_come_from_stdin(
        self, plan: Plan, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        text = io.TextIOWrapper(io.BytesIO(Path(plan()).read_bytes()))
        monkeypatch.setattr("sys.stdin", text)
        assert op("file", "-") == ExitCode.CANNOT_SAY

    @pytest.mark.parametrize(
        ("text", "code"),
        [("{", "invalid-file"), ("[]", "invalid-file"), ("{}", "invalid-operation")],
    )
    def test_what_is_no_operation_is_refused_with_its_reason(
        self, text: str, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], ask: Ask
    ) -> None:
        (tmp_path / "bad.json").write_text(text)
        assert op("file", "bad.json") == ExitCode.BAD_INPUT
        assert f"keepclear: {code}: " in capsys.readouterr().err
        assert ask("op", "list")[0]["total"] == 0


class TestChanging:
    def test_what_show_prints_can_be_changed_and_filed(self, plan: Plan, ask: Ask) -> None:
        op("file", plan("B-1"))
        document, _ = ask("op", "show", "B-1")
        changed = {**document, "contact": "another desk"}
        Path("changed.json").write_text(json.dumps(changed))
        op("change", "changed.json")
        after, _ = ask("op", "show", "B-1")
        assert (after["version"], after["contact"]) == (2, "another desk")

    def test_a_version_that_was_overtaken_is_never_overwritten(
        self, plan: Plan, ask: Ask, capsys: pytest.CaptureFixture[str]
    ) -> None:
        op("file", plan("B-1"))
        document, _ = ask("op", "show", "B-1")
        Path("stale.json").write_text(json.dumps({**document, "contact": "late"}))
        Path("first.json").write_text(json.dumps({**document, "contact": "early"}))
        op("change", "first.json")
        assert op("change", "stale.json") == ExitCode.BAD_INPUT
        assert "version-mismatch" in capsys.readouterr().err
        assert ask("op", "show", "B-1")[0]["contact"] == "early"

    def test_a_document_without_its_version_changes_nothing(
        self, plan: Plan, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert op("change", plan()) == ExitCode.BAD_INPUT
        assert "op show" in capsys.readouterr().err


class TestLife:
    def test_an_operation_is_activated_goes_astray_and_ends(self, plan: Plan, ask: Ask) -> None:
        op("file", plan("B-1", later_h=-0.5))
        for command, state in (
            ("activate", "active"),
            ("nonconforming", "nonconforming"),
            ("contingent", "contingent"),
        ):
            filed, code = ask("op", command, "B-1")
            assert filed["operation"]["state"] == state
            assert code in (ExitCode.CONFLICT, ExitCode.CANNOT_SAY)
        ended, code = ask("op", "end", "B-1", "--text", "landed at home")
        assert ended["operation"]["state"] == "ended"
        assert code == 0
        assert ask("op", "list")[0]["total"] == 0
        assert ask("op", "list", "--state", "ended")[0]["total"] == 1

    def test_where_it_may_be_now_replaces_what_was_planned(self, plan: Plan, ask: Ask) -> None:
        op("file", plan("B-1", later_h=-0.5))
        op("activate", "B-1")
        wider = json.loads(Path(plan("wider", later_h=-0.5)).read_text())
        wider["volumes"][0]["footprint"]["radius_m"] = 20_000.0
        Path("wider.json").write_text(json.dumps(wider))
        filed, _ = ask("op", "contingent", "B-1", "--volumes", "wider.json")
        radii = [v["footprint"]["radius_m"] for v in filed["operation"]["volumes"]]
        assert max(radii) == 20_000.0

    def test_an_ended_operation_does_not_come_back(
        self, plan: Plan, ask: Ask, capsys: pytest.CaptureFixture[str]
    ) -> None:
        filed, _ = ask("op", "file", plan("B-1"))
        op("cancel", "B-1")
        capsys.readouterr()
        assert op("activate", filed["operation"]["id"]) == ExitCode.BAD_INPUT
        assert "state-forbids" in capsys.readouterr().err

    def test_a_cancelled_operation_says_so_in_its_history(self, plan: Plan, ask: Ask) -> None:
        filed, _ = ask("op", "file", plan("B-1"))
        op("cancel", "B-1")
        history, _ = ask("op", "show", filed["operation"]["id"], "--history")
        kinds = [entry["kind"] for entry in history["items"]]
        assert kinds == ["operation filed", "operation cancelled"]


class TestNames:
    def test_a_designator_that_two_share_is_refused_and_both_are_named(
        self, plan: Plan, ask: Ask, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ids = [ask("op", "file", plan("B-1"))[0]["operation"]["id"] for _ in range(2)]
        assert op("activate", "B-1") == ExitCode.BAD_INPUT
        err = capsys.readouterr().err
        assert all(one in err for one in ids)

    @pytest.mark.parametrize("name", ["B-404", "00000000-0000-4000-8000-000000000404"])
    def test_an_unknown_operation_is_bad_input(
        self, name: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert op("show", name) == ExitCode.BAD_INPUT
        assert "remedy: " in capsys.readouterr().err

    def test_a_part_of_a_designator_is_not_the_operation(self, plan: Plan) -> None:
        op("file", plan("B-10"))
        assert op("cancel", "B-1") == ExitCode.BAD_INPUT


class TestFiles:
    def test_an_import_answers_with_the_worst_of_our_own(self, ask: Ask) -> None:
        assert op("import", "amber.geojson") == 0
        report, code = ask("op", "import", "blue.geojson")
        assert code == ExitCode.CONFLICT
        assert report["answers"]["conflict"] > 0
        answers, code = ask("op", "answers")
        assert code == ExitCode.CONFLICT
        assert answers["total"] == len(report["taken"])

    def test_a_dry_run_stores_nothing(self, ask: Ask) -> None:
        report, _ = ask("op", "import", "blue.geojson", "--dry-run")
        assert len(report["taken"]) > 30
        assert ask("op", "list")[0]["total"] == 0

    def test_features_left_out_are_named_and_make_no_conflict_found_cannot_say(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        plans = json.loads(Path("amber.geojson").read_text())
        plans["features"][3]["properties"]["lower"] = "high"
        Path("damaged.geojson").write_text(json.dumps(plans))
        assert op("import", "damaged.geojson") == ExitCode.BAD_INPUT
        assert op("import", "damaged.geojson", "--skip-invalid") == ExitCode.CANNOT_SAY
        assert "left out: " in capsys.readouterr().out

    def test_a_whole_set_ends_what_it_lacks(self, ask: Ask) -> None:
        op("import", "amber.geojson")
        plans = json.loads(Path("amber.geojson").read_text())
        del plans["features"][3]
        Path("fewer.geojson").write_text(json.dumps(plans))
        report, _ = ask("op", "import", "fewer.geojson", "--whole-set")
        assert len(report["ended"]) == 1

    def test_a_file_of_the_other_mode_is_refused(self) -> None:
        text = Path("amber.geojson").read_text().replace("EXERCISE", "REAL")
        Path("real.geojson").write_text(text)
        assert op("import", "real.geojson") == ExitCode.BAD_INPUT

    @pytest.mark.parametrize("form", ["geojson", "kml", "kmz", "csv"])
    def test_an_export_can_be_imported_again(self, form: str, plan: Plan, ask: Ask) -> None:
        op("file", plan("B-1"))
        assert op("export", form, "-o", f"out.{form}") == 0
        report, _ = ask("op", "import", f"out.{form}")
        assert (report["taken"], report["unchanged"]) == ([], 1)

    def test_what_a_format_cannot_hold_is_counted(self, capsys: pytest.CaptureFixture[str]) -> None:
        op("import", "amber.geojson")
        capsys.readouterr()
        op("export", "kml", "-o", "out.kml")
        assert "kml cannot hold " in capsys.readouterr().out

    def test_everything_is_a_zip_with_ledger_and_plans(self, plan: Plan) -> None:
        op("file", plan("B-1"))
        assert op("export", "everything", "-o", "all.zip") == 0
        names = zipfile.ZipFile("all.zip").namelist()
        assert {"plans.geojson", "ledger.jsonl", "README.txt"} <= {Path(n).name for n in names}

    def test_an_export_replaces_no_file_unless_forced(self) -> None:
        Path("out.csv").write_text("mine")
        assert op("export", "csv", "-o", "out.csv") == ExitCode.BAD_INPUT
        assert Path("out.csv").read_text() == "mine"
        assert op("export", "csv", "-o", "out.csv", "--force") == 0


class TestDrafts:
    def test_a_draft_is_saved_undone_redone_and_filed(self, plan: Plan, ask: Ask) -> None:
        Path("half.json").write_text(json.dumps({"designator": "B-1"}))
        first, _ = ask("op", "draft", "save", "half.json")
        assert first["problems"]
        whole = Path(plan("B-1"))
        saved, _ = ask("op", "draft", "save", whole.name, "--id", first["id"])
        assert (saved["revision"], saved["problems"]) == (2, [])
        assert ask("op", "draft", "undo", first["id"])[0]["revision"] == 1
        assert ask("op", "draft", "redo", first["id"])[0]["revision"] == 2
        filed, code = ask("op", "draft", "file", first["id"])
        assert filed["operation"]["id"] == first["id"]
        assert code == ExitCode.CANNOT_SAY

    def test_an_unfinished_draft_cannot_be_filed(self, ask: Ask) -> None:
        Path("half.json").write_text(json.dumps({"designator": "B-1"}))
        saved, _ = ask("op", "draft", "save", "half.json")
        assert op("draft", "file", saved["id"]) == ExitCode.BAD_INPUT

    def test_a_dropped_draft_is_gone(self, ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
        Path("half.json").write_text(json.dumps({"designator": "B-1"}))
        saved, _ = ask("op", "draft", "save", "half.json")
        assert op("draft", "drop", saved["id"]) == 0
        capsys.readouterr()
        op("draft", "list")
        assert "No drafts." in capsys.readouterr().out


def test_pages_of_a_list_show_everything_once(ask: Ask) -> None:
    op("import", "amber.geojson")
    seen: list[str] = []
    cursor: list[str] = []
    while True:
        page, _ = ask("op", "list", "--limit", "7", *cursor)
        seen += [item["id"] for item in page["items"]]
        if not page["next"]:
            break
        cursor = ["--cursor", page["next"]]
    assert len(seen) == len(set(seen)) == page["total"] == 20


def test_the_table_fits_a_narrow_terminal(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    op("file", plan("B-1"))
    capsys.readouterr()
    op("list")
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80
