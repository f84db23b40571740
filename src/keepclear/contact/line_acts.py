"""Who may restore a line, and when a declaration on one makes sense.

Who may declare, and that two people do, the catalogue says of M23.

Source: domain study of keepclear, 5d (line life) and 5f (M23, M24).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from keepclear.contact.line_words import word_of
from keepclear.errors import NotPermitted, StateForbids
from keepclear.model.line_state import DeclaredState, LineAct, LineDeclaration, LineState
from keepclear.model.message import Role

MAY_RESTORE = frozenset({Role.DUTY_OFFICER, Role.SENIOR_WATCH, Role.TOP_LEVEL, Role.LIAISON})
"""Those who hold the watch, and the liaison officer."""


def require_may_restore(role: str) -> None:
    """Refuse a role that may not restore a line.

    Raises:
        NotPermitted: it may not.
    """
    if role not in {each.value for each in MAY_RESTORE}:
        raise NotPermitted(
            f"no {role!r:.40} restores a line",
            remedy=f"One of: {', '.join(sorted(each.value for each in MAY_RESTORE))}.",
        )


def require_next_word(
    declarations: Iterable[LineDeclaration], fresh: LineDeclaration, state: LineState
) -> None:
    """Refuse a declaration that says what was said, or speaks of a line that is no more.

    Raises:
        StateForbids: it does.
    """
    if state is LineState.CLOSED:
        raise StateForbids(
            "the line is closed", remedy="A closed line is opened by an agreement alone."
        )
    if fresh.act is LineAct.RESUME:
        word = word_of(declarations, fresh.party, _latest(fresh), fresh.channel)
        if word.state is DeclaredState.OPEN:
            raise StateForbids(
                f"{fresh.party} has suspended nothing that could be resumed",
                remedy="A line that lapsed is restored, not resumed.",
            )


def next_acts(
    declarations: Iterable[LineDeclaration], us: str, state: LineState, now: datetime
) -> tuple[LineAct, ...]:
    """What our side may declare now of the whole line."""
    if state is LineState.CLOSED:
        return ()
    word = word_of(declarations, us, now)
    first = LineAct.RESUME if word.stops else LineAct.SUSPEND
    closing = () if word.state is DeclaredState.CLOSED else (LineAct.CLOSE,)
    return (first, LineAct.CHANGE_CHANNEL, *closing)


def _latest(declaration: LineDeclaration) -> datetime:
    return max(declaration.effective_at, declaration.declared_at)
