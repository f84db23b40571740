"""A pager that runs a program of the party's own: an SMS gateway, a bell, a script.

The program is started without a shell; nothing of a message ever becomes part of a command.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from keepclear.errors import PeerSilent, PeerTrouble

LONGEST_S = 20.0
"""So long the program may take; the ladder does not wait for it."""
_MOST_SAID = 200


class CommandPager:
    """Runs a program with the level as its last argument and the text on its standard input.

    It is reached where the program ends with 0.
    """

    def __init__(self, program: Sequence[str], *, longest_s: float = LONGEST_S) -> None:
        self._program = tuple(program)
        self._longest_s = longest_s

    def page(self, level: int, text: str) -> None:
        """Run the program.

        Raises:
            PeerSilent: it took too long, and was ended.
            PeerTrouble: there is no such program, or it says that it failed.
        """
        try:
            done = subprocess.run(  # noqa: S603  (the node's own settings name it; no shell)
                [*self._program, str(level)],
                input=f"{text}\n".encode(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=self._longest_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise PeerSilent(
                f"the pager's program took more than {self._longest_s:g} s",
                remedy="Make it end sooner; it may go on by itself in the background.",
            ) from None
        except OSError as error:
            raise PeerTrouble(
                f"the pager's program could not be started: {error.strerror}",
                remedy="Give its whole path in the node's settings, and the right to run it.",
            ) from None
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip()[:_MOST_SAID]
            raise PeerTrouble(
                f"the pager's program ended with {done.returncode}: {said or 'it gave no reason'}",
                remedy="Run it by hand with a level and a line of text; it has to end with 0.",
            )
