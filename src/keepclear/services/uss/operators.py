"""Tell operators what the standard says they must be told: kept, and logged.

Source: ASTM F3548-21, GEN0400 (the USS cannot do what it is for), GEN0405 (an intent's state
    changed), SCD0090 (a conflict they caused), SCD0095 (a conflict somebody else
    caused them), CSTP0005 .. 0030 (constraints); at most 5 s after.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from keepclear.formats.f3548 import Time, UserInputRecord, UserNotificationRecord
from keepclear.ports.exchange_log import LogSort
from keepclear.ports.store import Unit
from keepclear.ports.uss_store import OperatorNotice
from keepclear.services.uss.uss import Uss

_SAME_FAILURE = timedelta(minutes=5)

Event = Literal["SCD0090", "SCD0095", "CSTP0005", "CSTP0010", "GEN0400", "GEN0405"]


class Saying(NamedTuple):
    """What an operator is to be told.

    Attributes:
        event: the requirement that asks for it.
        operation: the own operation it speaks of.
        conflicts: how many conflicts it speaks of.
        text: what it says.
    """

    event: Event
    operation: str
    conflicts: int
    text: str


def tell_operators(uss: Uss, unit: Unit, sayings: Sequence[Saying], *, event_at: datetime) -> None:
    """Keep what operators are told, inside a unit of work, and log it.

    They read it in the console, by `keepclear f3548 notices` and through the API.
    """
    for each in sayings:
        now = uss.now()
        unit.put_operator_notice(
            OperatorNotice(0, now, event_at, each.event, each.operation, each.conflicts, each.text)
        )
        uss.log.keep(
            LogSort.OPERATOR_NOTIFICATION,
            UserNotificationRecord(
                triggering_event_time=Time(value=event_at, format="RFC3339"),
                notification_time=Time(value=now, format="RFC3339"),
                notification_details=each.text,
                notification_triggering_event=each.event,
            ),
        )


def note_end(uss: Uss, operation: str, designator: str, by: str) -> None:
    """Log that an operator ended an intent (OPIN0040)."""
    uss.log.keep(
        LogSort.OPERATOR_INPUT,
        UserInputRecord(
            triggering_event_time=Time(value=uss.now(), format="RFC3339"),
            operational_intent_id=operation,
            input_triggering_event="OPIN0040",
            input_details=f"{designator} is ended by {by or 'its operator'}",
        ),
    )


def tell_of_failure(uss: Uss, operation: str, designator: str, why: str) -> None:
    """Tell an operator that nothing could be published; once in a while where that goes on."""
    now = uss.now()
    with uss.node.store.view() as view:
        told = view.operator_notices(now - _SAME_FAILURE, now)
    if any(each.event == "GEN0400" and each.operation == operation for each in told):
        return
    text = f"{designator}: what is published could not be changed: {why}"
    saying = Saying("GEN0400", operation, 0, text)
    uss.node.store.write(lambda unit: tell_operators(uss, unit, [saying], event_at=now))
