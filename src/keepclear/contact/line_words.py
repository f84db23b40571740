"""What each party says of a line: its last word that is in effect.

Source: domain study of keepclear, 5d (declared by each party, per channel) and 0, finding 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from keepclear.model.line_state import DeclaredState, LineAct, LineDeclaration, Scope


class Word(NamedTuple):
    """What a party says of a line, at one moment.

    Attributes:
        state: its word.
        by: the declaration that says so; None where it never said anything.
    """

    state: DeclaredState
    by: LineDeclaration | None

    @property
    def stops(self) -> bool:
        """Whether it stops the line, or a part of it."""
        return self.state is not DeclaredState.OPEN


def word_of(
    declarations: Iterable[LineDeclaration], party: str, now: datetime, channel: str = ""
) -> Word:
    """What a party says of a line or one of its channels: its last word that is in effect.

    Args:
        declarations: everybody's.
        party: whose word.
        now: the moment.
        channel: one channel, for which words on the whole line count too; empty for the line.
    """
    heard = [
        each
        for each in declarations
        if each.party == party
        and each.effective_at <= now
        and each.act in _SAYS
        and each.channel in {"", channel}
    ]
    if not heard:
        return Word(DeclaredState.OPEN, None)
    last = max(heard, key=lambda each: (each.effective_at, each.declared_at, each.id))
    return Word(_SAYS[last.act], last)


_SAYS = {
    LineAct.SUSPEND: DeclaredState.SUSPENDED,
    LineAct.RESUME: DeclaredState.OPEN,
    LineAct.CLOSE: DeclaredState.CLOSED,
}


def suspension_of(words: Iterable[Word]) -> LineDeclaration | None:
    """The declaration that leaves least of the line; None where no word stops it."""
    said = [word.by for word in words if word.by is not None and word.stops]
    return min(said, key=lambda each: list(Scope).index(each.scope), default=None)


def stopped_since(words: Iterable[Word]) -> datetime | None:
    """Since when a word stops the line; None where none does."""
    said = [word.by.effective_at for word in words if word.by is not None and word.stops]
    return min(said, default=None)


def told(words: Iterable[Word]) -> tuple[str, ...]:
    """Each word that stops the line, as a sentence."""
    said = [word.by for word in words if word.by is not None and word.stops]
    return tuple(_sentence(each) for each in said)


def _sentence(declaration: LineDeclaration) -> str:
    verb = "closed" if declaration.act is LineAct.CLOSE else "suspended"
    scope = "" if declaration.scope is Scope.ALL else f" ({declaration.scope})"
    return f"{declaration.party} declared the line {verb}{scope}"
