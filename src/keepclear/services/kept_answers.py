"""The memory behind the answers for our live operations; `own_answers` fills and reads it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import NamedTuple

from keepclear.model.answer import Answer


class KeptAnswer(NamedTuple):
    """An answer that was given.

    Attributes:
        answer: what was answered.
        row: the index row of the version it speaks of.
        start: when that operation starts.
        at: when it was answered.
    """

    answer: Answer
    row: int
    start: datetime
    at: datetime


@dataclass(slots=True)
class KeptAnswers:
    """Answers by the store's number of their operation.

    Attributes:
        lock: held by whoever fills or reads.
        kept: the answers.
        ground: what they all rest on.
        sequence: the change up to which they were looked through.
    """

    lock: Lock = field(default_factory=Lock)
    kept: dict[int, KeptAnswer] = field(default_factory=dict)
    ground: Hashable = None
    sequence: int = 0
