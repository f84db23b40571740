"""Groups of commands whose help tells what each is for, whole, in any terminal."""

from __future__ import annotations

from collections.abc import Sequence

import click

_MOST = 1_000
"""More characters than any first sentence has."""


class CommandGroup(click.Group):
    """A group whose help has each command's first sentence wrapped, where click would cut it."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in the order in which they are listed."""
        self.write_commands(ctx, formatter, "Commands", self.list_commands(ctx))

    def write_commands(
        self,
        ctx: click.Context,
        formatter: click.HelpFormatter,
        heading: str,
        names: Sequence[str],
    ) -> None:
        """Write some of the commands below a heading."""
        known = ((name, self.get_command(ctx, name)) for name in names)
        rows = [(name, each.get_short_help_str(_MOST)) for name, each in known if each is not None]
        with formatter.section(heading):
            formatter.write_dl(rows)
