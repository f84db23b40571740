"""Take what others report of an exchange with us, and put the log together.

Source: ASTM F3548-21, USS0105 and interface UTM API 1.0.0, makeUssReport; LOG0005 .. LOG0055,
    USSLogSet.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from keepclear.errors import InvalidInput
from keepclear.formats.f3548 import ErrorReport, USSLogSet
from keepclear.ledger.entries import EntryKind
from keepclear.model.node import Subject
from keepclear.services.recording import record
from keepclear.services.uss.uss import Uss

LONGEST_SET_DAYS = 31


def take_report(uss: Uss, sender: str, report: ErrorReport) -> ErrorReport:
    """Keep a report in the ledger; it goes back with its number."""
    numbered = msgspec.structs.replace(report, report_id=uss.node.entropy.new_id())
    about = (Subject.REPORT, str(numbered.report_id), 1)
    entry = record(
        uss.node.identity,
        EntryKind.REPORT_TAKEN,
        about,
        msgspec.to_builtins(numbered),
        at=uss.now(),
        actor=sender,
    )
    uss.node.store.write(lambda unit: unit.append(entry))
    return numbered


def log_set(uss: Uss, log_set_id: str) -> USSLogSet:
    """What was logged on a day ("2026-11-28"), or on several ("2026-11-01..2026-11-28").

    Raises:
        InvalidInput: the id is neither, or the days are more than a month; ask in pieces.
    """
    first, last = _days(log_set_id)
    lists: dict[str, list[Any]] = {}
    for line in uss.log.lines(first, last):
        lists.setdefault(line.sort.value, []).append(msgspec.json.decode(line.record))
    return msgspec.convert(lists, USSLogSet)


def _days(text: str) -> tuple[date, date]:
    begins, _, ends = text.partition("..")
    try:
        first = date.fromisoformat(begins)
        last = date.fromisoformat(ends) if ends else first
    except ValueError:
        raise InvalidInput(
            f"{text[:60]!r} names no log set",
            remedy="Name a day (2026-11-28), or two with .. between them.",
        ) from None
    if not first <= last <= first + timedelta(days=LONGEST_SET_DAYS):
        raise InvalidInput(
            f"{text[:60]!r} is not from 1 to {LONGEST_SET_DAYS} days",
            remedy="Ask for a month at most, the earlier day first.",
        )
    return first, last
