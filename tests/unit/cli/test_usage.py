"""Whoever types a command wrongly is told what is wrong and what to write: in every command."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from keepclear.cli.exit_codes import ExitCode
from keepclear.cli.main import main, root

ID = "4b6b3ab4-0f6a-4d7f-9d4c-0a2b7b8f3c11"
Capture = pytest.CaptureFixture[str]
READS_ANYTHING = (click.types.StringParamType, click.Path, click.types.BoolParamType)


def every_command(
    command: click.Command, context: click.Context
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Each command with the words that call it."""
    yield tuple(context.command_path.split()[1:]), command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from every_command(below, click.Context(below, context, name))


COMMANDS = list(every_command(root, click.Context(root, info_name="keepclear")))
GROUPS = [words for words, command in COMMANDS if isinstance(command, click.Group)]
DEMANDING = [
    (words, [each for each in command.params if each.required])
    for words, command in COMMANDS
    if any(each.required for each in command.params)
]
PARTICULAR = [
    (words, each)
    for words, command in COMMANDS
    for each in command.params
    if not isinstance(each.type, READS_ANYTHING) and isinstance(each, click.Option)
]
WORDS = [
    (words, command, each)
    for words, command in COMMANDS
    for each in command.params
    if isinstance(each.type, click.Choice)
]


def named(case: object) -> str:
    return " ".join(case) if isinstance(case, tuple) else getattr(case, "name", "") or ""


def told(capsys: Capture, *arguments: str) -> tuple[str, str]:
    """What is wrong and what to do; nothing is on stdout, whatever form was asked for."""
    assert main(arguments) == ExitCode.BAD_INPUT
    printed = capsys.readouterr()
    assert printed.out == ""
    what, remedy = printed.err.splitlines()
    assert what.startswith("keepclear: invalid-input: ")
    assert remedy.startswith("  remedy: ")
    return what, remedy


def before(parameter: click.Parameter, command: click.Command) -> list[str]:
    """How far a command is written until this parameter's value."""
    if isinstance(parameter, click.Option):
        return [parameter.opts[0]]
    names = [each.name for each in command.params if isinstance(each, click.Argument)]
    return [ID for _ in names[: names.index(parameter.name)]]


def test_the_walk_finds_every_sort_of_thing() -> None:
    assert len(COMMANDS) > 130
    assert (len(GROUPS), len(DEMANDING)) > (25, 60)
    assert len(PARTICULAR) > 40
    assert len(WORDS) > 20


@pytest.mark.parametrize(("words", "required"), DEMANDING, ids=named)
def test_all_that_is_missing_is_named_with_how_to_write_it(
    words: tuple[str, ...], required: list[click.Parameter], capsys: Capture
) -> None:
    what, remedy = told(capsys, *words)
    for each in required:
        option = isinstance(each, click.Option)
        name = max(each.opts, key=len) if option else each.human_readable_name
        assert repr(name) in what
        assert name in remedy
    assert f"`keepclear {' '.join(words)} --help`" in remedy


@pytest.mark.parametrize(("words", "option"), PARTICULAR, ids=named)
def test_a_value_of_the_wrong_sort_is_quoted_beside_its_option(
    words: tuple[str, ...], option: click.Option, capsys: Capture
) -> None:
    what, remedy = told(capsys, *words, option.opts[0], "?!a")
    assert "'?!a'" in what
    assert any(name in what for name in option.opts)
    assert f"`keepclear {' '.join(words)} --help`" in remedy


@pytest.mark.parametrize(("words", "command", "parameter"), WORDS, ids=named)
def test_a_word_that_is_not_among_the_choices_is_told_with_all_of_them(
    words: tuple[str, ...], command: click.Command, parameter: click.Parameter, capsys: Capture
) -> None:
    what, remedy = told(capsys, *words, *before(parameter, command), "?!a")
    assert isinstance(parameter.type, click.Choice)
    assert all(f"'{each}'" in what for each in parameter.type.choices)
    assert "Give one of them." in remedy


@pytest.mark.parametrize("words", [words for words, _ in COMMANDS], ids=named)
def test_the_nearest_option_is_suggested(words: tuple[str, ...], capsys: Capture) -> None:
    command = dict(COMMANDS)[words]
    own = [name for each in command.params for name in each.opts if name.startswith("--")]
    name = max(["--help", *own], key=len)
    what, remedy = told(capsys, *words, f"{name}x")
    assert f"'{name}x'" in what
    assert f"Did you mean `{name}`?" in remedy


@pytest.mark.parametrize("words", GROUPS, ids=named)
def test_the_nearest_command_is_suggested(words: tuple[str, ...], capsys: Capture) -> None:
    group = dict(COMMANDS)[words]
    assert isinstance(group, click.Group)
    name = max(group.list_commands(click.Context(group)), key=len)
    what, remedy = told(capsys, *words, f"{name}x")
    assert f"'{name}x'" in what
    assert f"Did you mean `{' '.join(('keepclear', *words, name))}`?" in remedy


def test_a_command_of_a_group_is_found_where_the_group_was_left_out(capsys: Capture) -> None:
    assert "Did you mean `keepclear f3548 publish`?" in told(capsys, "publish", "B-1")[1]


def test_an_option_without_its_value_is_told_with_what_it_takes(capsys: Capture) -> None:
    assert "Give --agreement PATH." in told(capsys, "check", "plans.kml", "--agreement")[1]
    assert "--role is one of node, dss." in told(capsys, "serve", "--role")[1]


@pytest.mark.parametrize(
    ("arguments", "what", "remedy"),
    [
        ("version now", "unexpected extra argument (now)", "`keepclear version --help`"),
        ("--debug", "Missing command", "`keepclear --help`"),
        ("check --agreement a.toml", "no PLANS named", "before --against"),
        ("check p.kml --agreement a.toml", "nothing to check against", "--own"),
        ("check p.kml --agreement a.toml --against", "--against names no file", "RELEASED"),
        ("agreement new --party BLUE", "two different parties", "--party twice"),
        ("drill silence --play --play-wrong", "exclude each other", "one of them"),
        ("f3548 status --json --nod x", "No such option '--nod'", "`--node`"),
    ],
)
def test_what_else_may_be_wrong_is_told_in_the_same_form(
    arguments: str, what: str, remedy: str, capsys: Capture
) -> None:
    first, second = told(capsys, *arguments.split())
    assert what in first
    assert remedy in second


@pytest.mark.parametrize("words", GROUPS, ids=named)
def test_a_group_alone_shows_its_help_and_answers_nothing(
    words: tuple[str, ...], capsys: Capture
) -> None:
    assert main(words) == ExitCode.BAD_INPUT
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"Usage: {' '.join(('keepclear', *words))} [OPTIONS] COMMAND")


@pytest.mark.parametrize(("words", "command"), COMMANDS, ids=named)
def test_help_is_whole_in_eighty_columns_and_says_what_each_command_is_for(
    words: tuple[str, ...], command: click.Command
) -> None:
    name = " ".join(("keepclear", *words))
    context = click.Context(command, info_name=name, terminal_width=80, max_content_width=80)
    told = command.get_help(context)
    assert max(map(len, told.splitlines())) <= 80
    if isinstance(command, click.Group):
        joined = " ".join(told.split())
        for each in command.list_commands(context):
            below = command.get_command(context, each)
            assert below is not None
            summary = below.get_short_help_str(1_000)
            assert summary.endswith((".", ";"))
            assert f" {each} {summary}" in joined


@pytest.mark.parametrize("typed", ["x", "0", "4000"])
def test_who_gives_no_such_number_is_told_which_there_may_be(typed: str, capsys: Capture) -> None:
    assert main(["f3548", "reports", "--days", typed]) == ExitCode.BAD_INPUT
    assert "Give a whole number, at least 1 and at most 3,650." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("keepclear f35", "f3548"),
        ("keepclear f3548 pub", "publish-zone"),
        ("keepclear serve --role d", "dss"),
        ("keepclear init --mode ex", "EXERCISE"),
    ],
)
def test_the_shell_completes_what_is_begun(
    typed: str, offered: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("_KEEPCLEAR_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split()) - 1))
    with pytest.raises(SystemExit):
        main([])
    assert f"plain,{offered}" in capsys.readouterr().out.splitlines()
