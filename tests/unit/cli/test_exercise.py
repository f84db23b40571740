"""The built-in exercise runs, is written as files that give the same answer, and is served."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path

import pytest

from keepclear.cli.exit_codes import ExitCode
from keepclear.cli.listening import open_listener
from keepclear.cli.main import main
from keepclear.web.headers import LOOPBACK

DAY = ("--date", "2026-03-14")
EXERCISE = ("exercise", *DAY)


def test_the_exercise_holds_conflicts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*EXERCISE, "--no-suggest"]) == ExitCode.CONFLICT
    words = capsys.readouterr().out.split()
    assert (words[0], words[-1]) == ("EXERCISE", "EXERCISE")


def test_the_written_files_give_the_answer_of_the_exercise_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*EXERCISE, "--write", "day"]) == 0
    capsys.readouterr()
    main([*EXERCISE, "--no-suggest"])
    built_in = capsys.readouterr().out
    files = ["day/blue.geojson", "--against", "day/amber.geojson", "day/others.geojson"]
    when = ["--now", "2026-03-14T05:00Z", "--agreement", "day/agreement.toml", "--own"]
    assert main(["check", *files, *when]) == ExitCode.CONFLICT
    assert capsys.readouterr().out == built_in


def test_writing_says_the_moment_to_check_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*EXERCISE, "--write", str(tmp_path / "deep" / "day")]) == 0
    assert "2026-03-14T05:00Z" in capsys.readouterr().out


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert main([*EXERCISE, "--write", str(tmp_path / "file" / "day")]) == ExitCode.BAD_INPUT


def test_a_port_that_leaves_no_room_for_the_other_node_is_bad_input(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*EXERCISE, "--serve", "--port", "65434"]) == ExitCode.BAD_INPUT
    told = capsys.readouterr().err
    assert "no room for AMBER" in told
    assert "up to 65433, or 0" in told


def test_a_taken_port_is_said_before_anything_is_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with closing(open_listener(LOOPBACK, 0)) as listener:
        port = listener.getsockname()[1]
        assert main([*EXERCISE, "--serve", "--alone", "--port", str(port)]) == ExitCode.BAD_INPUT
    said = capsys.readouterr()
    assert "is taken" in said.err
    assert said.out == ""


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "14.03.2026"])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    assert main(["exercise", "--date", day]) == ExitCode.BAD_INPUT


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Message
    body: bytes


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[str]
    port: int
    entry: str

    def get(self, path: str, **headers: str) -> Reply:
        with closing(HTTPConnection(LOOPBACK, self.port, timeout=30)) as connection:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """BLUE's node in the exercise as `make run` serves it, on a free port."""
    tool = Path(sys.executable).with_name("keepclear")
    command = [str(tool), *EXERCISE, "--serve", "--alone", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        announced = next(line for line in process.stdout if "/enter?" in line)
        host, _, path = announced.split("http://")[1].strip().partition("/")
        yield Server(process, int(host.rpartition(":")[2]), f"/{path}")
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.wait(timeout=30) == 0


def test_blues_node_runs_in_the_exercise_on_its_clock(server: Server) -> None:
    health = json.loads(server.get("/health").body)
    assert (health["mode"], health["status"]) == ("EXERCISE", "ok")
    entered = server.get(server.entry)
    cookie = entered.headers["set-cookie"].split(";")[0]
    node = json.loads(server.get("/api/v1/node", Cookie=cookie).body)
    assert node["now"].startswith("2026-03-14T05:0")
    assert node["is_clock_set"]
    assert node["counts"]["operations"]["planned"] > 60
    assert all(each["fresh"] for each in node["data"])
    answers = json.loads(server.get("/api/v1/answers", Cookie=cookie).body)
    assert answers["counts"]["conflict"] > 0


def test_the_console_stands_at_its_root(server: Server) -> None:
    page = server.get("/")
    assert page.status == 200
    assert "unsafe" not in page.headers["content-security-policy"]


def test_another_site_cannot_reach_it_through_the_browser(server: Server) -> None:
    assert server.get("/", Host=f"evil.example:{server.port}").status == 421


def test_no_server_software_is_named(server: Server) -> None:
    assert server.get("/").headers["server"] is None
