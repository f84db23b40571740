"""Where a USS keeps what its standard wants logged.

Source: ASTM F3548-21, LOG0005 .. LOG0055; interface UTM API 1.0.0: USSLogSet.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Raw, Struct


class LogSort(StrEnum):
    """Which list of a log set a record belongs to."""

    MESSAGE = "messages"
    OPERATOR_NOTIFICATION = "operator_notifications"
    OPERATOR_INPUT = "operator_inputs"
    OPERATOR_ASSOCIATION = "operator_associations"
    PLANNING_ATTEMPT = "planning_attempts"
    POSITION = "operational_intent_positions"
    CONSTRAINT_PROVIDER = "constraint_provider_associations"


class LogLine(Struct, frozen=True, kw_only=True):
    """One line of the log.

    Attributes:
        at: when it was kept.
        sort: which list it belongs to.
        record: the standard's record, as it was written.
    """

    at: datetime
    sort: LogSort
    record: Raw


class ExchangeLog(Protocol):
    """The log of a USS, kept by the day."""

    def keep(self, sort: LogSort, record: Struct) -> None:
        """Keep a record under the present moment.

        What the disk refuses is said in the node's own log and stops nothing.
        """
        ...

    def lines(self, first: date, last: date) -> Iterator[LogLine]:
        """The lines of some days, both included, in their order; nothing for days not kept."""
        ...

    def forget_before(self, day: date) -> int:
        """Remove the days before one; how many there were."""
        ...
