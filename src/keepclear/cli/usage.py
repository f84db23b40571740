"""Wrong usage told as every other error is: a code, what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

import click

from keepclear.errors import InvalidInput


def usage_error(
    fault: click.ClickException, group: click.Group, arguments: Sequence[str]
) -> InvalidInput:
    """What is wrong with the arguments of a command, and what to give in their place.

    Args:
        fault: what click says; it does not always say of which command.
        group: whose command was called.
        arguments: with which arguments.
    """
    context = getattr(fault, "ctx", None) or _called(group, arguments)
    match fault:
        case click.MissingParameter():
            what, remedy = _missing(fault, context)
        case click.BadParameter():
            what, remedy = fault.format_message(), _instead(fault.param)
        case click.NoSuchOption():
            what, remedy = fault.message, _nearest(fault.option_name, _options(context))
        case click.BadOptionUsage():
            what, remedy = fault.message, _complete(fault.option_name, context.command)
        case click.UsageError() if hasattr(fault, "command_name"):  # of click 8.4 and later
            what, remedy = fault.message, _nearest_command(fault.command_name, context)
        case _:
            what, remedy = fault.format_message(), ""
    is_group = isinstance(context.command, click.Group)
    rest = "lists what there is" if is_group else "says what it takes"
    see = f"`{context.command_path} --help` {rest}."
    return InvalidInput(what.rstrip("."), remedy=f"{remedy} {see}".strip())


def is_help(fault: click.ClickException) -> bool:
    """Whether it is the help of a group that was called without a command."""
    return type(fault).__name__ == "NoArgsIsHelpError"  # of click 8.2 and later


def _called(group: click.Group, arguments: Sequence[str]) -> click.Context:
    """The innermost command that the arguments name."""
    context = click.Context(group, info_name="keepclear")
    for each in arguments:
        if not isinstance(context.command, click.Group):
            break
        command = context.command.get_command(context, each)
        if command is not None:
            context = click.Context(command, context, info_name=each)
    return context


def _missing(fault: click.MissingParameter, context: click.Context) -> tuple[str, str]:
    """All that is missing at once: whoever gives one thing after the other loses patience."""
    lacking = [
        each
        for each in context.command.get_params(context)
        if each is fault.param
        or (each.required and each.name not in context.params and not each.envvar)
    ]
    if not lacking:
        return fault.format_message(), ""
    named = [f"{each.param_type_name} {_name(each)!r}" for each in lacking]
    remedies = (_of_choices(each) for each in lacking)
    given = f"Give {_joined([_as_written(each) for each in lacking])}."
    return f"Missing {_joined(named)}", " ".join(each for each in (given, *remedies) if each)


def _instead(parameter: click.Parameter | None) -> str:
    """What to give in place of a value that a parameter does not take; empty where that says it."""
    match None if parameter is None else parameter.type:
        case click.Choice():
            return "Give one of them."
        case click.IntRange() | click.types.IntParamType() as kind:
            return f"Give a whole number{_bounds(kind)}."
        case click.FloatRange() | click.types.FloatParamType() as kind:
            return f"Give a number{_bounds(kind)}."
    return ""


def _bounds(kind: object) -> str:
    least, most = getattr(kind, "min", None), getattr(kind, "max", None)
    words = ((least, "at least"), (most, "at most"))
    told = [f"{word} {bound:,}" for bound, word in words if bound is not None]
    return f", {' and '.join(told)}" if told else ""


def _name(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return parameter.human_readable_name


def _as_written(parameter: click.Parameter) -> str:
    if not isinstance(parameter, click.Option) or isinstance(parameter.type, click.Choice):
        return _name(parameter)
    return f"{_name(parameter)} {parameter.metavar or parameter.type.name.upper()}"


def _of_choices(parameter: click.Parameter) -> str:
    """What a parameter may be, where that is one of a few words; empty where it is not."""
    if not isinstance(parameter.type, click.Choice):
        return ""
    words = [str(each) for each in parameter.type.choices]
    return f"{_name(parameter)} is one of {', '.join(words)}."


def _complete(option: str, command: click.Command) -> str:
    known = (each for each in command.params if option in each.opts)
    return "".join(f"Give {_as_written(each)}. {_of_choices(each)}".strip() for each in known)


def _options(context: click.Context) -> list[str]:
    known = context.command.get_params(context)
    names = [name for each in known for name in (*each.opts, *each.secondary_opts)]
    return [name for name in names if name.startswith("-")]


def _nearest(name: str, known: Iterable[str], before: str = "") -> str:
    near = get_close_matches(name, list(known), n=1)
    return f"Did you mean `{before}{near[0]}`?" if near else ""


def _nearest_command(name: str, context: click.Context) -> str:
    """The nearest of this group; else that of the same name in a group below."""
    group = context.command
    if not isinstance(group, click.Group):
        return ""
    path, known = context.command_path, group.list_commands(context)
    near = _nearest(name, known, f"{path} ")
    if near:
        return near
    for each in known:
        below = group.get_command(context, each)
        if isinstance(below, click.Group) and name in below.list_commands(context):
            return f"Did you mean `{path} {each} {name}`?"
    return ""


def _joined(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
