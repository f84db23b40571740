"""What of the records waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from keepclear.model.node import Subject


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record that waits for a person.

    Attributes:
        subject: what sort of record.
        id: which one.
        line: on which line; empty for the watch.
        why: what is due, in a few words.
        since: from when.
        title: what it is about.
        due: when its time runs out, or ran out; None where none was set and it only waits.
        is_urgent: whether somebody may come to harm over it.
    """

    subject: Subject
    id: str
    line: str
    why: str
    since: datetime
    title: str
    due: datetime | None = None
    is_urgent: bool = False
