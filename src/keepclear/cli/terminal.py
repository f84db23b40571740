"""The terminal that tables are printed on."""

from __future__ import annotations

from rich.console import Console


class Terminal(Console):
    """Stdout, with no guessing at colours inside words and no meaning in square brackets."""

    def __init__(self) -> None:
        super().__init__(highlight=False, markup=False, emoji=False)

    def on_broken_pipe(self) -> None:
        """Let the command see it: left alone, rich ends with the exit code of a conflict."""
        raise BrokenPipeError
