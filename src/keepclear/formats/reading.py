"""What every reader is told, and what every writer gives back.

Readers take bytes and a `Reading`; they return a `PlanSet` or raise `InvalidFile`, which
names file, feature and remedy. Nothing is half taken: without `skip_invalid` the first
bad feature refuses the file; with it, bad features stand in `PlanSet.rejected`.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from keepclear.errors import InvalidFile
from keepclear.model.operation import Mode

MOST_BYTES = 256 * 2**20
"""The largest file a reader takes: a million simple operations fit."""
MOST_FEATURES = 1_000_000
"""The most features a reader takes from one file."""

DERIVED_IDS = uuid.UUID("6d1f5d2c-7c2d-5d4e-9a6e-2f5a6b0c9b1e")
"""Namespace of ids derived from party and designator where a file gives none."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read.

    Attributes:
        name: the file's name, for messages and sources.
        received_at: when this node took it in.
        party: whose operations they are where a feature does not say; None demands it.
        mode: EXERCISE or REAL where the file does not say; None demands it.
        skip_invalid: keep bad features out and go on.
        most_bytes: refuse larger files.
        most_features: refuse more features.
    """

    name: str
    received_at: datetime
    party: str | None = None
    mode: Mode | None = None
    skip_invalid: bool = False
    most_bytes: int = MOST_BYTES
    most_features: int = MOST_FEATURES

    def refuse(self, message: str, *, feature: str = "", remedy: str | None = None) -> InvalidFile:
        """Make the error that refuses the file or one feature of it."""
        return InvalidFile(message, file=self.name, feature=feature, remedy=remedy)

    def require_size(self, data: bytes) -> None:
        """Refuse what is empty or too large.

        Raises:
            InvalidFile: it is.
        """
        if not data.strip():
            raise self.refuse("the file is empty", remedy="Give a file with at least one feature.")
        if len(data) > self.most_bytes:
            raise self.refuse(
                f"{len(data):,} bytes are more than {self.most_bytes:,}",
                remedy="Split the file.",
            )


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing an export could not hold.

    Attributes:
        feature: which operation, zone or coverage, by designator or id.
        what: the property or shape.
        how: what became of it ("left out", "drawn as a 72-sided polygon").
    """

    feature: str
    what: str
    how: str


@dataclass(frozen=True, slots=True)
class Export:
    """An export and its loss report.

    Attributes:
        data: the bytes of the file.
        losses: what a reader of the file will not get back; empty when everything is there.
    """

    data: bytes
    losses: tuple[Loss, ...] = ()


def derived_id(party: str, designator: str) -> str:
    """The id of an operation whose file gives none: the same for the same two names."""
    return str(uuid.uuid5(DERIVED_IDS, f"{party}/{designator}"))
