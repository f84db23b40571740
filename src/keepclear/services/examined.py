"""How something that was looked at came out, and the looks that every examination shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from keepclear.formats.quantities import duration_text
from keepclear.formats.times import dtg_or_iso

CLOCK_SKEW = timedelta(seconds=30)
"""A clock that stands further than this behind what was recorded has been set back."""


class Status(StrEnum):
    """How one examination came out."""

    OK = "ok"
    WARNING = "warning"
    """The node works; somebody should act before it no longer does."""
    FAULT = "fault"
    """The node does not work, or its answers cannot be relied on."""


class Examined(NamedTuple):
    """One thing that was looked at.

    Attributes:
        name: what, in one or two words.
        status: how it came out.
        detail: one sentence for a person.
        remedy: what that person can do; empty where all is well.
    """

    name: str
    status: Status
    detail: str
    remedy: str = ""


def worst_status(examined: Sequence[Examined]) -> Status:
    """The gravest status among them; OK for none."""
    found = {one.status for one in examined}
    return next((each for each in (Status.FAULT, Status.WARNING) if each in found), Status.OK)


def examined_clock(now: datetime, last_at: datetime | None) -> Examined:
    """Judge the clock by the last thing that was recorded: time never runs backwards."""
    if last_at is None:
        return Examined("clock", Status.OK, f"The clock says {dtg_or_iso(now)}.")
    behind = last_at - now
    if behind <= timedelta(0):
        detail = f"The clock says {dtg_or_iso(now)}; the last entry is {_span(-behind)} old."
        return Examined("clock", Status.OK, detail)
    detail = (
        f"The clock says {dtg_or_iso(now)}, which is {_span(behind)} before the last entry of the "
        "ledger was written."
    )
    remedy = "Set this machine's clock by a time source you trust; a watch by GNSS will do."
    status = Status.FAULT if behind > CLOCK_SKEW else Status.WARNING
    return Examined("clock", status, detail, remedy)


def _span(span: timedelta) -> str:
    return duration_text(float(round(span.total_seconds())))
