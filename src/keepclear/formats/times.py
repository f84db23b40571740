"""Times as they stand on the line and in files: always with a zone, always UTC inside.

Date-time groups carry Z and no other letter; ISO 8601 times carry Z or an offset. A time
without a month is read only beside a reference, and only where one month is meant.

Source: the date-time group of ACP 121, written together and with zone Z alone; ISO
8601-1:2019, 5.4 (date and time, extended format) and 5.5 (intervals of start and end).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from keepclear.errors import InvalidWindow
from keepclear.formats.quantities import capitals
from keepclear.model.window import Window, require_utc

FARTHEST = timedelta(days=14)
"""How far from its reference a time without a month may lie: beyond it, two months compete."""
MOST_CHARACTERS = 100
"""The longest window that is read."""

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_GROUP = re.compile(
    r"(?P<day>[0-9]{2})(?P<hour>[0-9]{2})(?P<minute>[0-9]{2}) ?(?P<zone>[A-Z])"
    r"(?: ?(?P<month>[A-Z]{3}) ?(?P<year>[0-9]{4}|[0-9]{2}))?"
)
_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}"
    r"(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?P<zone>Z|[-+][0-9]{2}:[0-9]{2})?"
)
_ANY_TIME = (
    r"[0-9]{6} ?[A-Z](?: ?[A-Z]{3} ?(?:[0-9]{4}|[0-9]{2}))?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{5,15}(?:Z|[-+][0-9]{2}:[0-9]{2})?"
)
_TWO_TIMES = re.compile(rf"({_ANY_TIME})(?: TO | ?[-/] ?)({_ANY_TIME})")
_REMEDY = "Write 151130ZSEP15, 2015-09-15T11:30:00Z, or 151130Z where the month is beyond doubt."


def parse_time(text: str, *, reference: datetime | None = None) -> datetime:
    """Read a time: "151130ZSEP15", "2015-09-15T11:30Z", or "151130Z" beside a reference.

    Args:
        text: what was typed. A two-digit year is 2000 .. 2099.
        reference: the moment near which a time without a month lies; the month is the one
            that brings it nearest.

    Returns:
        The moment, aware, in UTC.

    Raises:
        InvalidWindow: no zone, no such date, a zone letter other than Z, or a time without
            a month that has no reference or lies more than 14 days from it.
    """
    tidy = _tidied(text)
    if group := _GROUP.fullmatch(tidy):
        return _of_group(group, reference, text)
    if found := _ISO.fullmatch(tidy):
        if found["zone"] is None:
            raise InvalidWindow(f"the time {text!r} has no zone", remedy=_REMEDY)
        try:
            return datetime.fromisoformat(_six_decimals(tidy)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise InvalidWindow(f"there is no such time as {text!r}", remedy=_REMEDY) from None
    if re.fullmatch(r"[0-9]{6}|[0-9]{4}-[0-9]{2}-[0-9]{2}", tidy):
        raise InvalidWindow(f"the time {text!r} is not complete", remedy=_REMEDY)
    raise InvalidWindow(f"the time {text!r} cannot be read", remedy=_REMEDY)


def parse_window(text: str, *, reference: datetime | None = None) -> Window:
    """Read a window: "151300Z-151430Z", or two times with " - ", " to " or "/" between.

    An end without a month is the first such moment after the start, so that
    "301300Z-010200Z" runs into the next month; the start is read beside `reference`.

    Raises:
        InvalidWindow: a time cannot be read, or the end is not after the start.
    """
    ends = _TWO_TIMES.fullmatch(_tidied(text))
    if ends is None:
        raise InvalidWindow(
            f"the window {text!r} is not two times",
            remedy="Write 151300Z-151430Z or 2015-09-15T13:00Z/2015-09-15T14:30Z.",
        )
    return window_between(ends[1], ends[2], reference=reference)


def window_between(start_text: str, end_text: str, *, reference: datetime | None = None) -> Window:
    """Read a window from the texts of its start and its end, as `parse_window` does.

    Raises:
        InvalidWindow: a time cannot be read, or the end is not after the start.
    """
    start = parse_time(start_text, reference=reference)
    group = _GROUP.fullmatch(_tidied(end_text))
    if group is None or group["month"] is not None:
        return Window(start, parse_time(end_text))
    _require_zulu(group, end_text)
    later = [end for end in _candidates(group, start) if start < end and end - start <= FARTHEST]
    if not later:
        raise InvalidWindow(
            f"the end {end_text!r} is before the start {start_text!r}, or more than 14 days later",
            remedy="Put the end after the start; give both month and year for a long window.",
        )
    return Window(start, later[0])


def dtg_text(at: datetime) -> str:
    """Write a date-time group, "151130ZSEP15"; seconds are cut off.

    Raises:
        InvalidWindow: the time has no zone, or its year is not 2000 .. 2099.
    """
    utc = require_utc(at)
    if not 2000 <= utc.year <= 2099:
        raise InvalidWindow(f"the year {utc.year} cannot be written with two digits")
    return f"{utc:%d%H%M}Z{_MONTHS[utc.month - 1]}{utc.year % 100:02d}"


def iso_text(at: datetime) -> str:
    """Write an ISO 8601 time that `parse_time` reads back exactly: "2015-09-15T11:30:00Z".

    Raises:
        InvalidWindow: the time has no zone.
    """
    return require_utc(at).replace(tzinfo=None).isoformat() + "Z"


def window_text(window: Window) -> str:
    """Write a window that `parse_window` reads back exactly.

    Date-time groups where both ends are whole minutes of 2000 .. 2099, else ISO 8601.
    """
    ends = (window.start, window.end)
    if all(at.second == at.microsecond == 0 and 2000 <= at.year <= 2099 for at in ends):
        return "-".join(dtg_text(at) for at in ends)
    return "/".join(iso_text(at) for at in ends)


def _of_group(group: re.Match[str], reference: datetime | None, text: str) -> datetime:
    _require_zulu(group, text)
    if group["month"] is not None:
        if group["month"] not in _MONTHS:
            raise InvalidWindow(
                f"{group['month']} in {text!r} is not a month", remedy=", ".join(_MONTHS)
            )
        year = int(group["year"]) + (2_000 if len(group["year"]) == 2 else 0)
        dated = _moment(group, year, _MONTHS.index(group["month"]) + 1)
        if dated is None:
            raise InvalidWindow(f"there is no such time as {text!r}", remedy=_REMEDY)
        return dated
    if reference is None:
        raise InvalidWindow(
            f"the time {text!r} has no month", remedy="Add month and year: 151130ZSEP15."
        )
    near = require_utc(reference)
    by_distance = sorted(_candidates(group, near), key=lambda at: abs(at - near))
    if not by_distance or abs(by_distance[0] - near) > FARTHEST:
        raise InvalidWindow(
            f"the time {text!r} is more than 14 days from {dtg_or_iso(near)} in any month",
            remedy="Add month and year: 151130ZSEP15.",
        )
    if len(by_distance) > 1 and abs(by_distance[1] - near) == abs(by_distance[0] - near):
        raise InvalidWindow(
            f"the time {text!r} is as near in one month as in the next",
            remedy="Add month and year: 151130ZSEP15.",
        )
    return by_distance[0]


def dtg_or_iso(at: datetime) -> str:
    """A time for a message: its date-time group, or ISO 8601 outside 2000 .. 2099."""
    return dtg_text(at) if 2000 <= at.year <= 2099 else iso_text(at)


def _require_zulu(group: re.Match[str], text: str) -> None:
    if group["zone"] != "Z":
        raise InvalidWindow(
            f"the time {text!r} is of zone {group['zone']}; times on the line are Z",
            remedy=_REMEDY,
        )


def _candidates(group: re.Match[str], near: datetime) -> list[datetime]:
    """The group's moments in the month of `near` and the two beside it, earliest first."""
    months = near.year * 12 + near.month - 1
    found = [_moment(group, *_month_of(months + step)) for step in (-1, 0, 1)]
    return [at for at in found if at is not None]


def _month_of(months: int) -> tuple[int, int]:
    return months // 12, months % 12 + 1


def _moment(group: re.Match[str], year: int, month: int) -> datetime | None:
    day, hour, minute = int(group["day"]), int(group["hour"]), int(group["minute"])
    try:
        return datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None


def _six_decimals(iso: str) -> str:
    """Fill the fraction of a second to six decimals, as `datetime.fromisoformat` wants it."""
    return re.sub(r"\.([0-9]+)", lambda found: "." + found[1].ljust(6, "0"), iso)


def _tidied(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise InvalidWindow(f"{len(text):,} characters are too many for a time or a window")
    return capitals(text.replace("\N{EN DASH}", "-"))
