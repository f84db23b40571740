"""Zones, boundaries, airfields, coverage and agreements: filed, listed, shown, ended."""

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

HERE = {"latitude_deg": 36.0, "longitude_deg": 38.0}
THERE = {"latitude_deg": 36.5, "longitude_deg": 38.5}
BAND = {
    "lower": {"value_m": 0.0, "reference": "AGL"},
    "upper": {"value_m": 3_000.0, "reference": "QNH"},
}
THINGS: dict[str, dict[str, Any]] = {
    "zone": {
        "id": "Z-9",
        "name": "EXERCISE firing area",
        "kind": "exclusion",
        "footprint": {"kind": "circle", "centre": HERE, "radius_m": 5_000.0},
        **BAND,
        "entry": "prohibited",
        "declared_by": "BLUE",
    },
    "boundary": {
        "id": "L-9",
        "name": "EXERCISE line",
        "line": [HERE, THERE],
        "rules": [{"party": "BLUE", "keeps_to": "left", "crossing": "on notice"}],
    },
    "airfield": {
        "id": "A-9",
        "name": "EXERCISE strip",
        "position": HERE,
        "elevation_m": 300.0,
        "party": "BLUE",
        "ring_radius_m": 9_000.0,
        "ring_lower": BAND["lower"],
        "ring_upper": BAND["upper"],
    },
}


def write(document: object) -> str:
    Path("thing.json").write_text(json.dumps(document))
    return "thing.json"


@pytest.mark.parametrize("sort", THINGS)
class TestAirspace:
    def test_it_is_filed_listed_and_cancelled(
        self, sort: str, ask: Ask, capsys: pytest.CaptureFixture[str]
    ) -> None:
        thing = THINGS[sort]
        stored, code = ask(sort, "file", write(thing))
        assert (code, stored["version"]) == (0, 1)
        listed, _ = ask(sort, "list")
        assert [each["id"] for each in listed["items"]] == [thing["id"]]
        assert main([sort, "list"]) == 0
        assert thing["name"] in capsys.readouterr().out
        assert ask(sort, "cancel", thing["id"])[1] == 0
        assert ask(sort, "list")[0]["items"] == []

    def test_what_show_prints_can_be_changed_and_filed(self, sort: str, ask: Ask) -> None:
        ask(sort, "file", write(THINGS[sort]))
        shown, _ = ask(sort, "show", THINGS[sort]["id"])
        stored, code = ask(sort, "file", write({**shown, "name": "EXERCISE renamed"}))
        assert (code, stored["version"], stored["name"]) == (0, 2, "EXERCISE renamed")

    def test_an_overtaken_version_is_never_overwritten(
        self, sort: str, ask: Ask, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ask(sort, "file", write(THINGS[sort]))
        shown, _ = ask(sort, "show", THINGS[sort]["id"])
        ask(sort, "file", write({**shown, "name": "EXERCISE first"}))
        capsys.readouterr()
        late = write({**shown, "name": "EXERCISE late"})
        assert main([sort, "file", late]) == ExitCode.BAD_INPUT
        assert "version-mismatch" in capsys.readouterr().err

    def test_one_without_an_id_is_refused(
        self, sort: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        nameless = {name: value for name, value in THINGS[sort].items() if name != "id"}
        assert main([sort, "file", write(nameless)]) == ExitCode.BAD_INPUT
        assert "id" in capsys.readouterr().err

    def test_an_unknown_one_is_bad_input(self, sort: str) -> None:
        assert main([sort, "show", "X-1"]) == ExitCode.BAD_INPUT
        assert main([sort, "cancel", "X-1"]) == ExitCode.BAD_INPUT


COVERAGE: dict[str, Any] = {
    "party": "BLUE",
    "area": {"kind": "circle", "centre": HERE, "radius_m": 400_000.0},
    "start": "2026-03-14T00:00:00Z",
    "end": "2026-03-15T00:00:00Z",
    "as_of": "2026-03-14T05:00:00Z",
    "completeness": {"manned": "complete", "unmanned": "partial", "ground movement": "none"},
}


class TestCoverage:
    def test_it_is_stated_listed_and_withdrawn(
        self, ask: Ask, capsys: pytest.CaptureFixture[str]
    ) -> None:
        stated, code = ask("coverage", "state", write(COVERAGE))
        assert code == 0
        main(["coverage", "list"])
        assert stated["id"] in capsys.readouterr().out
        assert ask("coverage", "withdraw", stated["id"])[1] == 0
        assert ask("coverage", "list")[0]["items"] == []

    def test_the_least_complete_class_is_what_the_list_says(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(["coverage", "state", write(COVERAGE)])
        capsys.readouterr()
        main(["coverage", "list"])
        assert " none " in capsys.readouterr().out

    def test_an_unknown_statement_is_bad_input(self) -> None:
        assert main(["coverage", "withdraw", "nothing"]) == ExitCode.BAD_INPUT


class TestAgreements:
    def test_those_in_force_are_listed(self, ask: Ask) -> None:
        (held,) = ask("agreement", "list")[0]["items"]
        assert held["in_force"] is True

    def test_its_text_comes_back_byte_for_byte(
        self, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        main(["agreement", "show", "EXERCISE-AGREEMENT", "--toml"])
        assert capsysbinary.readouterr().out == Path("agreement.toml").read_bytes()

    def test_a_stored_one_is_shown_like_a_file(self, capsys: pytest.CaptureFixture[str]) -> None:
        main(["agreement", "show", "agreement.toml"])
        from_file = capsys.readouterr().out
        main(["agreement", "show", "EXERCISE-AGREEMENT/1"])
        assert capsys.readouterr().out == from_file

    def test_the_next_version_is_filed_beside_it(self, ask: Ask) -> None:
        text = Path("agreement.toml").read_text()
        assert "\nversion = 1" in text
        Path("next.toml").write_text(text.replace("\nversion = 1", "\nversion = 2", 1))
        stored, code = ask("agreement", "file", "next.toml")
        assert (code, stored["version"]) == (0, 2)
        held = ask("agreement", "list")[0]["items"]
        assert [each["version"] for each in held] == [1, 2]

    def test_a_filed_version_is_never_changed(self, capsys: pytest.CaptureFixture[str]) -> None:
        text = Path("agreement.toml").read_text()
        Path("other.toml").write_text(text + "\n# another text\n")
        assert main(["agreement", "file", "other.toml"]) == ExitCode.BAD_INPUT
        assert "remedy: " in capsys.readouterr().err

    def test_an_unknown_one_is_neither_file_nor_stored(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["agreement", "show", "NOWHERE"]) == ExitCode.BAD_INPUT
        assert "no file and the node holds no agreement" in capsys.readouterr().err
