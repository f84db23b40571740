"""Lives of messages for tests; nothing here is under test."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from keepclear.contact.clocks import DEFAULT_CLOCKS
from keepclear.contact.life import Step, advance, drafted, due, received
from keepclear.model.message_life import Act, ActKind, Life, MessageSide, Terms
from keepclear.model.operation import Precedence
from samples import NOON

CHANNELS = ("network", "telephone", "e-mail")
_ids = itertools.count(1)


def terms(precedence: Precedence = Precedence.FLASH, **changes: Any) -> Terms:
    settings: dict[str, Any] = {"clocks": DEFAULT_CLOCKS[precedence], "channels": CHANNELS}
    return Terms(**(settings | changes))


def act(kind: ActKind, by: MessageSide, act_id: str = "", **more: Any) -> Act:
    return Act(act_id or f"act {next(_ids)}", kind, by, more.pop("role", "duty officer"), **more)


def sent(under: Terms, at: datetime = NOON) -> Life:
    """A message of ours that just went out."""
    life = drafted(under)
    for kind in (ActKind.VALIDATE, ActKind.RELEASE, ActKind.SEND):
        life = advance(life, act(kind, MessageSide.SENDER), at).life
    return life


def came(under: Terms, at: datetime = NOON) -> Life:
    """A message of theirs that just came."""
    return received(under, at, their_at=at).life


def did(life: Life, kind: ActKind, at: datetime = NOON, **more: Any) -> Life:
    """The life after an act of whoever may do it."""
    senders = (ActKind.CORRECTION, ActKind.CANCEL, ActKind.WITHDRAW, ActKind.SUPERSEDE)
    by = MessageSide.SENDER if kind in senders else MessageSide.RECEIVER
    if kind is ActKind.SILENCE:
        by = life.side
    return advance(life, act(kind, by, **more), at).life


def after(life: Life, seconds: float, at: datetime = NOON) -> Step:
    """What its clocks bring, so many seconds later."""
    return due(life, at + timedelta(seconds=seconds))


def facts(life: Life) -> Life:
    """The life without what depends on when each side learned of things."""
    return replace(life, history=(), deadlines=(), overdue=(), level=0, channel=0)
