"""One entry of the watch log: free text, corrected only by another note.

Source: domain study of keepclear, 5d (watch handover) and 5g (no hidden edits of the log).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from keepclear.errors import InvalidInput
from keepclear.model.window import require_utc

MOST_CHARACTERS = 4_000
"""The longest note."""


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody on watch wrote down.

    Attributes:
        id: its UUID.
        at: when it was written, by the node's clock.
        actor: who wrote it, as they call themselves; initials will do.
        role: on duty as what.
        text: what they wrote.
        line: which line it is about; empty for none.
        about: ids of messages, calls and other things it is about.
        corrects: the id of the note it corrects; empty for none. Both stay.
        contradicts: the id of a declaration (M17) that it says is contradicted; empty for none.

    Raises:
        InvalidInput: it is empty, too long, or corrects itself.
    """

    id: str
    at: datetime
    actor: str
    role: str
    text: str
    line: str = ""
    about: tuple[str, ...] = ()
    corrects: str = ""
    contradicts: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", require_utc(self.at))
        if not self.text.strip():
            raise InvalidInput("the note is empty", remedy="Write what happened.")
        if len(self.text) > MOST_CHARACTERS:
            raise InvalidInput(
                f"the note has {len(self.text):,} characters, of at most {MOST_CHARACTERS:,}",
                remedy="Write two notes.",
            )
        if self.corrects == self.id:
            raise InvalidInput("a note does not correct itself", remedy="Name the earlier note.")
