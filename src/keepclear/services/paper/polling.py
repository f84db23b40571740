"""Read the inbox by itself, at an interval, and say when it cannot be reached.

The interval is a stored deadline like every other. When it comes, `tick` marks the inbox as to
be read and rings; whoever may wait for a mail server then reads it, outside every unit of work.
Where the mailbox does not answer, the next try comes after as long as it has been failing, so
waits double up to an hour, and people are told for as long as it stands.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from keepclear.errors import PeerTrouble
from keepclear.ledger.moments import to_millisecond
from keepclear.ports.mail import Inbox
from keepclear.ports.store import Unit
from keepclear.services.node import Node
from keepclear.services.paper.mailbox_kept import (
    ACTOR,
    MailboxTrouble,
    keep_trouble,
    read_next,
    trouble,
)
from keepclear.services.paper.mailing import MailTaken, take_mails

LONGEST_BACKOFF_S: Final = 3_600.0


def begin_polling(node: Node, every_s: float) -> None:
    """Have the inbox read now and at an interval from then on; 0 for only when asked to."""
    now = node.now()

    def work(unit: Unit) -> None:
        read_next(unit, now if every_s > 0.0 else None)
        if every_s <= 0.0:
            keep_trouble(unit, node, MailboxTrouble(why="no longer read by itself"), now)

    node.store.write(work)
    node.ring()


def poll(node: Node, inbox: Inbox, every_s: float) -> MailTaken | None:
    """Read the inbox, keep whether it answered, and say when it is read next.

    Returns:
        What became of the mails; None where the mailbox could not be read to its end.
    """
    taken, why = None, ""
    try:
        taken = take_mails(node, inbox, actor=ACTOR)
    except PeerTrouble as error:
        why = error.message
    now = node.now()

    def work(unit: Unit) -> None:
        since = (trouble(unit).since or to_millisecond(now)) if why else None
        keep_trouble(unit, node, MailboxTrouble(since=since, why=why), now)
        wait_s = every_s if since is None else backoff_s(every_s, (now - since).total_seconds())
        read_next(unit, now + timedelta(seconds=wait_s))

    node.store.write(work)
    node.ring()
    return taken


def backoff_s(every_s: float, failing_s: float) -> float:
    """After how long a mailbox is tried again that has been failing for so long."""
    return max(every_s, min(LONGEST_BACKOFF_S, failing_s))
