"""What happens becomes an exit code, and nothing that goes wrong looks like an answer."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from keepclear import __version__
from keepclear.cli.exit_codes import OF_VERDICT, ExitCode
from keepclear.cli.main import COMMANDS, fault_id, main, root, run
from keepclear.errors import InvalidFile
from keepclear.model.answer import Verdict

HEAVY = ("numpy", "numba", "shapely", "pyproj", "rich", "starlette", "uvicorn", "msgspec")


def run_failing(error: BaseException, *options: str) -> int:
    """Run a command `fail` that raises the error, under the options of `keepclear` itself."""

    @click.command("fail")
    def fail() -> None:
        raise error

    group = click.Group("keepclear", {"fail": fail}, callback=root.callback, params=root.params)
    return run(group, [*options, "fail"])


def run_python(code: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return result.stdout


def test_help_and_version_are_done() -> None:
    assert main(["--help"]) == 0
    assert main(["--version"]) == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert f"keepclear {name}" in capsys.readouterr().out


def test_version_names_the_libraries_that_decide_answers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["version"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"keepclear {__version__}\n")
    assert "numpy" in out
    assert "numba" in out


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys\nfrom keepclear.cli.main import main\nmain(['--help'])\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    assert run_python(code).splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "arguments",
    [["chk"], ["check"], ["check", "--colour"], ["--colour"], ["agreement", "check"]],
    ids=" ".join,
)
def test_wrong_usage_is_code_3_and_never_the_code_of_an_answer(arguments: list[str]) -> None:
    assert main(arguments) == ExitCode.BAD_INPUT


def test_an_unknown_command_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    main(["chk"])
    assert "chk" in capsys.readouterr().err


def test_bad_input_says_code_place_and_remedy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = InvalidFile("no width", file="p.kml", feature="feature 3", remedy="Add one.")
    assert run_failing(error) == ExitCode.BAD_INPUT
    said = capsys.readouterr()
    assert said.err == "keepclear: invalid-file: p.kml, feature 3: no width\n  remedy: Add one.\n"
    assert said.out == ""


def test_text_of_others_cannot_steer_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run_failing(InvalidFile("\x1b[2J\u202eevil\n  remedy: Send it.", file="p.kml"))
    err = capsys.readouterr().err
    assert "\x1b" not in err
    assert "\u202e" not in err
    assert err.count("\n") == 2


def test_a_fault_is_code_4_with_an_id_and_no_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_failing(ZeroDivisionError("by zero")) == ExitCode.INTERNAL_ERROR
    err = capsys.readouterr().err
    assert "internal error KC-" in err
    assert "nothing was answered" in err
    assert "Traceback" not in err


def test_debug_shows_the_traceback_of_a_fault(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_failing(ZeroDivisionError("by zero"), "--debug") == ExitCode.INTERNAL_ERROR
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), click.Abort()])
def test_ctrl_c_is_no_answer(stop: BaseException) -> None:
    assert run_failing(stop) == ExitCode.INTERRUPTED


def test_a_fault_keeps_its_id() -> None:
    def raised(message: str) -> BaseException:
        try:
            raise ValueError(message)
        except ValueError as error:
            return error

    assert fault_id(raised("a")) == fault_id(raised("b"))


def test_a_closed_pipe_is_no_answer(tmp_path: Path) -> None:
    agreement = tmp_path / "agreement.toml"
    assert main(["agreement", "new", "-o", str(agreement)]) == 0
    code = "import sys\nfrom keepclear.cli.main import main\nsys.exit(main(sys.argv[1:]))"
    shown = subprocess.Popen(
        [sys.executable, "-c", code, "agreement", "show", str(agreement)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert shown.stdout is not None
    shown.stdout.close()
    _, err = shown.communicate()
    assert shown.returncode == ExitCode.PIPE_CLOSED
    assert err == b""


def test_each_verdict_has_its_own_code() -> None:
    assert {verdict: int(OF_VERDICT[verdict]) for verdict in Verdict} == {
        Verdict.NO_CONFLICT_FOUND: 0,
        Verdict.CONFLICT: 1,
        Verdict.CANNOT_SAY: 2,
    }


def test_no_option_is_without_help() -> None:
    silent = [
        f"{context.command_path} {parameter.name}"
        for command, context in every_command(root, click.Context(root, info_name="keepclear"))
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.help
    ]
    assert silent == []


def every_command(
    command: click.Command, context: click.Context
) -> Iterator[tuple[click.Command, click.Context]]:
    yield command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from every_command(below, click.Context(below, context, name))
