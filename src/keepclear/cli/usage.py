"""Wrong usage told as every other error is: a code, what is wrong, and what to do."""

from __future__ import annotations

import click

from keepclear.errors import InvalidInput


class PlainCommand(click.Command):
    """A command that refuses arguments as keepclear refuses any other input."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments.

        Raises:
            InvalidInput: they cannot be used.
        """
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as fault:
            raise _told(fault, ctx) from None


class PlainGroup(click.Group):
    """A group of such commands."""

    command_class = PlainCommand

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is named.

        Raises:
            InvalidInput: there is none of that name.
        """
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as fault:
            raise _told(fault, ctx) from None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the group's own arguments.

        Raises:
            InvalidInput: they cannot be used.
        """
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as fault:
            raise _told(fault, ctx) from None


def _told(fault: click.UsageError, context: click.Context) -> Exception:
    if not context.args and type(fault).__name__ == "NoArgsIsHelpError":  # of click 8.2 and later
        return fault
    message = fault.format_message().rstrip(".")
    return InvalidInput(message, remedy=f"See `{context.command_path} --help`.")
