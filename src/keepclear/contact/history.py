"""The history of contacts: how long since the last one, by level and channel, as each source says.

Sources that date the last contact differently stand side by side. Nothing is averaged, and no
source outranks another.

Source: domain study of keepclear, 5b ("first talks in more than a year" and "first contact
since last August" in one article).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from keepclear.errors import InvalidInput
from keepclear.model.channel import ChannelKind
from keepclear.model.line_state import ContactEvent, ContactLevel, Dating, Lapse, SourceSide

_MOMENT = timedelta(microseconds=1)
_YEAR = re.compile(r"[12][0-9]{3}")
_MONTH = re.compile(r"(?P<year>[12][0-9]{3})-(?P<month>[0-9]{2})")
_DAY = re.compile(r"(?P<year>[12][0-9]{3})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_NAMED = re.compile(r"(?P<name>[A-Za-z]+) (?P<year>[12][0-9]{3})")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_REMEDY = "Write 2014, 2014-08, August 2014, 2014-08-12, or a time with a zone."


def dating_of(text: str) -> Dating:
    """The span that a date means, as exactly as it is written.

    Raises:
        InvalidInput: it is none of the ways in which dates are written.
    """
    plain = text.strip()
    if _YEAR.fullmatch(plain):
        year = int(plain)
        return Dating(text, datetime(year, 1, 1, tzinfo=UTC), _month_end(year, 12))
    if found := _MONTH.fullmatch(plain):
        return _month(text, int(found["year"]), int(found["month"]))
    if (found := _NAMED.fullmatch(plain)) and found["name"].casefold() in _MONTHS:
        return _month(text, int(found["year"]), _MONTHS.index(found["name"].casefold()) + 1)
    try:
        if found := _DAY.fullmatch(plain):
            start = datetime.fromisoformat(plain).replace(tzinfo=UTC)
            return Dating(text, start, start + timedelta(days=1) - _MOMENT)
        at = datetime.fromisoformat(plain)
    except ValueError:
        raise InvalidInput(f"the date {text!r:.80} cannot be read", remedy=_REMEDY) from None
    if at.tzinfo is None:
        raise InvalidInput(f"the time {text!r:.80} has no zone", remedy=_REMEDY)
    return Dating(text, at, at)


def lapses(events: Iterable[ContactEvent], now: datetime) -> tuple[Lapse, ...]:
    """How long since the last contact, for each level, channel and source; the longest first.

    Args:
        events: the contacts of one line, in any order.
        now: the moment; what is not before it is not counted.
    """
    last: dict[tuple[ContactLevel, ChannelKind | None, SourceSide, str], ContactEvent] = {}
    for each in events:
        if each.at.earliest >= now:
            continue
        key = (each.level, each.channel, each.side, each.source)
        if key not in last or _recency(each) > _recency(last[key]):
            last[key] = each
    found = [_lapse(each, now) for each in last.values()]
    return tuple(sorted(found, key=lambda one: (-one.at_most_s, one.level, one.side, one.source)))


def datings(events: Sequence[ContactEvent], now: datetime) -> tuple[Lapse, ...]:
    """What each source says of the last contact at all, at any level and by any means.

    Where they differ there is more than one, and both are to be shown.
    """
    last: dict[tuple[SourceSide, str], ContactEvent] = {}
    for each in events:
        key = (each.side, each.source)
        if each.at.earliest < now and (key not in last or _recency(each) > _recency(last[key])):
            last[key] = each
    found = [_lapse(each, now) for each in last.values()]
    return tuple(sorted(found, key=lambda one: (one.last.latest, one.source), reverse=True))


def differ(found: Sequence[Lapse]) -> bool:
    """Whether two of some datings cannot both be right."""
    return any(
        one.last.latest < other.last.earliest or other.last.latest < one.last.earliest
        for place, one in enumerate(found)
        for other in found[place + 1 :]
    )


def last_contact(events: Iterable[ContactEvent], now: datetime) -> datetime | None:
    """The latest moment at which any source lets there have been contact; None for none."""
    return max((e.at.latest for e in events if e.at.earliest < now), default=None)


def _month(text: str, year: int, month: int) -> Dating:
    if not 1 <= month <= 12:
        raise InvalidInput(f"there is no month {month} in {text!r:.80}", remedy=_REMEDY)
    return Dating(text, datetime(year, month, 1, tzinfo=UTC), _month_end(year, month))


def _month_end(year: int, month: int) -> datetime:
    days = calendar.monthrange(year, month)[1]
    return datetime(year, month, days, tzinfo=UTC) + timedelta(days=1) - _MOMENT


def _recency(event: ContactEvent) -> tuple[datetime, datetime, str]:
    return (event.at.latest, event.at.earliest, event.id)


def _lapse(event: ContactEvent, now: datetime) -> Lapse:
    return Lapse(
        level=event.level,
        channel=event.channel,
        side=event.side,
        source=event.source,
        last=event.at,
        at_least_s=max(0.0, (now - event.at.latest).total_seconds()),
        at_most_s=(now - event.at.earliest).total_seconds(),
        event=event.id,
    )
