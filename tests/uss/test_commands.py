"""What a person at a terminal sees of a DSS: tables that fit, and errors that say what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from keepclear.cli.exit_codes import ExitCode
from keepclear.cli.main import main
from uss.publishing import strange_intent
from uss.stranger import Reply, not_found
from uss.world import World, new_place, planned, volume, wanted

Terminal = Callable[..., tuple[int, str, str]]


@pytest.fixture
def terminal(
    airspace: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Terminal:
    """Runs a command in 80 columns, in a folder that is no node; its exit code and outputs."""
    settings = airspace.settings["guest"]
    said = {
        "DSS_URL": settings.dss_url,
        "TOKEN_URL": airspace.token_url,
        "TOKEN_METHOD": "GET",
        "TOKEN_PARAMETERS": "sub=guest",
        "BASE_URL": settings.base_url,
        "ALLOW_HTTP_BASE_URLS": "true",
    }
    for name, value in said.items():
        monkeypatch.setenv(f"KEEPCLEAR_F3548_{name}", value)
    monkeypatch.setenv("KEEPCLEAR_NODE", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["f3548", *arguments])
        return (code, *capsys.readouterr())

    return run


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ("query --lat 95 --lng 7", "'95' is no latitude in degrees from -90 to 90"),
        ("query --lat nan --lng 7", "'nan' is no latitude"),
        ("query --lat 46 --lng 7 --radius-m -4", "is no radius in metres"),
        ("query --lng 7", "Missing option '--lat'"),
        ("query --lat 46 --lng 7 --from 2026-11-28T10:00", "is not a time with a zone"),
        ("query --lat 46 --lng 7 --low-m 9 --high-m 3", "--high-m 3 is below --low-m 9"),
        ("query --lat 46 --lng 7 --until 2020-01-01T00:00Z", "is before --from"),
        ("query --lat 46 --lng 7 --wide", "No such option"),
        ("unsubscribe xx", "'xx' is not a version-4 UUID"),
        ("availability uss1 Lost", "'Lost' is not one of"),
        ("publish", "Missing argument 'OPERATION'"),
        ("nothing", "No such command 'nothing'"),
    ],
)
def test_what_is_typed_wrong_is_told_with_a_code_and_a_remedy(
    arguments: str,
    what: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("KEEPCLEAR_NODE", str(tmp_path))
    assert main(["f3548", *arguments.split()]) == ExitCode.BAD_INPUT
    printed = capsys.readouterr()
    first, second = printed.err.splitlines()
    assert first.startswith("keepclear: invalid-")
    assert what in first
    assert second.startswith("  remedy: ")
    assert printed.out == ""


def test_a_setting_that_is_missing_is_named_with_where_to_put_it(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KEEPCLEAR_F3548_DSS_URL")
    code, _, err = terminal("query", "--lat", "46", "--lng", "7")
    assert code == ExitCode.BAD_INPUT
    assert "f3548.dss_url is not set" in err
    assert str(tmp_path / "keepclear.toml") in err
    assert "KEEPCLEAR_F3548_DSS_URL" in err
    monkeypatch.delenv("KEEPCLEAR_F3548_BASE_URL")
    dss_url = ("--dss", "http://127.0.0.1:9")
    assert "f3548.base_url" in terminal("subscribe", "--lat", "46", "--lng", "7", *dss_url)[2]


@pytest.mark.parametrize(
    ("reply", "code", "what", "remedy"),
    [
        (Reply(401, b'{"message": "the `aud` is for others"}'), 4, "answered 401", "audiences"),
        (Reply(403, b'{"message": "the scope x"}'), 3, "answered 403: the scope x", "that scope"),
        (Reply(404, b"<html>"), 3, "answered 404", "without /dss/v1"),
        (Reply(400, b'{"message": "too large. Narrow it."}'), 3, "too large", "as the DSS says"),
        (Reply(200, b"<html>"), 4, "is unusable", "a DSS's address"),
        (Reply(500, b""), 4, "answered 500", "If it is the token"),
    ],
    ids=str,
)
def test_what_a_dss_refuses_is_told_with_what_to_do(
    airspace: World, terminal: Terminal, reply: Reply, code: int, what: str, remedy: str
) -> None:
    airspace.stranger.answer = lambda _: reply
    where = ("--lat", "46", "--lng", "7", "--dss", airspace.stranger.base_url)
    told = terminal("query", *where)
    assert (told[0], told[1]) == (code, "")
    first, second = told[2].splitlines()
    assert what in first
    assert remedy in second


def test_a_dss_that_is_not_there_is_named(terminal: Terminal) -> None:
    code, _, err = terminal("query", "--lat", "46", "--lng", "7", "--dss", "http://127.0.0.1:9")
    assert code == ExitCode.INTERNAL_ERROR
    assert "See that http://127.0.0.1:9 is its address" in err


def test_what_is_near_is_a_table_that_fits(airspace: World, terminal: Terminal) -> None:
    place = new_place()
    asked = wanted(volume(place))
    planned(airspace.guest, asked)
    where = ("--lat", f"{place}", "--lng", "10.0")
    code, out, _ = terminal("query", *where)
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    assert "1 operational intent near" in out
    assert all(word in out for word in (asked.id[:8], "guest", "Accepted", "--details asks them"))
    assert json.loads(terminal("query", *where, "--json")[1])[0]["id"] == asked.id
    nothing = terminal("query", *where, "--constraints")[1]
    assert "The DSS holds no constraint near it." in nothing


def test_operators_are_asked_how_high_and_how_far_and_who_does_not_tell_is_named(
    airspace: World, terminal: Terminal
) -> None:
    place = new_place()
    asked = wanted(volume(place))
    planned(airspace.guest, asked)
    silent = strange_intent(airspace, volume(place + 0.06), priority=9)
    airspace.stranger.answer = not_found
    where = ("--lat", f"{place - 0.008}", "--lng", "10.0025", "--radius-m", "9000", "--details")
    code, out, _ = terminal("query", *where)
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    (ours,) = (line for line in out.splitlines() if line.strip().startswith(asked.id[:8]))
    assert "50..150" in ours
    theirs = [line for line in out.splitlines() if silent.reference.id[:8] in line]
    assert "not told" in theirs[0]
    assert "answered 404: not known here" in " ".join(out.split())
    told = {
        each["reference"]["id"]: each for each in json.loads(terminal("query", *where, "--json")[1])
    }
    metres = told[asked.id]["distance_m"]
    assert f"{metres:,.0f} m" in ours
    assert 700.0 < metres < 900.0
    assert told[silent.reference.id]["distance_m"] is None


def test_a_subscription_is_made_shown_and_ended_by_hand(
    airspace: World, terminal: Terminal
) -> None:
    place = new_place()
    planned(airspace.guest, wanted(volume(place)))
    where = ("--lat", f"{place}", "--lng", "10.0")
    code, out, _ = terminal("subscribe", *where, "--constraints")
    assert code == 0
    assert "1 operational intent near" in out
    shown = terminal("subscriptions", *where)[1]
    assert "intents," in shown
    assert "constraints (implicit)" in " ".join(shown.split())
    assert max(map(len, shown.splitlines())) <= 80
    mine = json.loads(terminal("subscriptions", *where, "--json")[1])
    (made,) = (each["id"] for each in mine if not each["implicit_subscription"])
    assert made in shown
    assert terminal("unsubscribe", made)[1] == f"subscription {made} has ended\n"
    code, _, err = terminal("unsubscribe", made)
    assert code == ExitCode.BAD_INPUT
    assert "what is over is gone" in err


def test_what_is_held_of_a_service_is_a_sentence(airspace: World, terminal: Terminal) -> None:
    url = airspace.settings["guest"].dss_url
    told = terminal("availability", "some-uss")[1]
    assert told == f"some-uss is Unknown; nobody ever said anything, says {url}\n"
    assert terminal("availability", "some-uss", "Down")[1].startswith(
        "some-uss is Down from now on"
    )
    assert terminal("availability", "some-uss")[1] == f"some-uss is Down, says {url}\n"
