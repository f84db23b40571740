"""Which operations of ours show their presence alone, in memory, followed as they change."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock


@dataclass(slots=True)
class AtL0:
    """Our live operations whose owner shows their presence alone, followed as they change.

    Attributes:
        lock: held while it is brought up to date.
        sequence: the change up to which it knows.
        ids: of those operations.
    """

    lock: Lock = field(default_factory=Lock)
    sequence: int = 0
    ids: set[str] = field(default_factory=set)
