"""Answers, distances, heights and times in the words people read.

Distances between volumes are rounded down and what a rule asks is rounded up: both
towards danger. Both NM and km, both ft and m are said.
"""

from __future__ import annotations

import math
import unicodedata
from datetime import UTC, datetime

from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.answer import (
    Among,
    Answer,
    CheckReport,
    Infringement,
    Suggestion,
    SuggestionKind,
    Verdict,
)
from keepclear.model.window import Window
from keepclear.units import (
    M_PER_FT,
    M_PER_KM,
    M_PER_NM,
    feet,
    shown_separation_ft,
    shown_separation_nm,
)

MARKS = {Verdict.CONFLICT: "!!", Verdict.CANNOT_SAY: "??", Verdict.NO_CONFLICT_FOUND: "--"}
"""A shape beside each verdict, so that colour is never needed."""
_FORMAT_ALLOWED = frozenset("\u200c\u200d")
"""Joiners that Persian and Indic names need; every other invisible mark is spelled out."""
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def plain(text: str, most: int = 200) -> str:
    """Text of others made inert: no control, bidirectional or broken characters, not endless.

    Each such character is spelled out ("[U+202E]"), so that nothing is hidden either.
    """
    shown = text if len(text) <= most else text[: most - 1] + "…"
    if shown.isprintable():
        return shown
    return "".join(_inert(character) for character in shown)


def _inert(character: str) -> str:
    if character in "\n\t":
        return " "
    kind = unicodedata.category(character)
    if kind in ("Cc", "Cs", "Zl", "Zp", "Cn", "Co") or (
        kind == "Cf" and character not in _FORMAT_ALLOWED
    ):
        return f"[U+{ord(character):04X}]"
    return character


def verdict_words(verdict: Verdict) -> str:
    """The answer as printed: CONFLICT, CANNOT SAY or NO CONFLICT FOUND."""
    return verdict.value.upper()


INFRINGEMENT = "INFRINGEMENT"
"""Said of an operation that is in no conflict but certainly in airspace against its rule."""


def answer_words(answer: Answer) -> str:
    """One operation's answer as printed: its verdict, or INFRINGEMENT where only that is sure."""
    if answer.overall is Verdict.CONFLICT and answer.verdict is not Verdict.CONFLICT:
        return INFRINGEMENT
    return verdict_words(answer.overall)


def infringement_words(found: Infringement) -> str:
    """One infringement as printed: certain, or CANNOT SAY."""
    return INFRINGEMENT if found.verdict is Verdict.CONFLICT else verdict_words(found.verdict)


def overall_words(report: CheckReport) -> str:
    """The whole report's answer as printed."""
    conflicts = any(answer.verdict is Verdict.CONFLICT for answer in report.answers)
    if report.overall is Verdict.CONFLICT and not conflicts:
        return INFRINGEMENT
    return verdict_words(report.overall)


def day_time(at: datetime) -> str:
    """Day, hour and minute: 151300Z."""
    at = at.astimezone(UTC)
    return f"{at.day:02}{at.hour:02}{at.minute:02}Z"


def date_time_group(at: datetime) -> str:
    """The whole date-time group: 151300ZSEP15."""
    at = at.astimezone(UTC)
    return f"{day_time(at)}{_MONTHS[at.month - 1]}{at.year % 100:02}"


def span_words(window: Window) -> str:
    """A window: "151300Z to 151430Z", with the month where it is not one and the same."""
    start, end = window.start, window.end
    if (start.year, start.month) == (end.year, end.month):
        return f"{day_time(start)} to {day_time(end)}"
    return f"{date_time_group(start)} to {date_time_group(end)}"


def duration_words(duration_s: float) -> str:
    """A length of time: "14 min", "2 h 05 min", "3 d 4 h", "40 s"; the sign is dropped."""
    seconds = round(abs(duration_s))
    minutes, rest = divmod(seconds, 60)
    hours, of_hour = divmod(minutes, 60)
    days, of_day = divmod(hours, 24)
    if days:
        return f"{days} d {of_day} h" if of_day else f"{days} d"
    if hours:
        return f"{hours} h {of_hour:02} min" if of_hour else f"{hours} h"
    if minutes:
        return f"{minutes} min {rest:02} s" if rest else f"{minutes} min"
    return f"{rest} s"


def age_words(age_s: float) -> str:
    """An age, rounded up to whole minutes; a negative one lies in the future."""
    words = duration_words(math.ceil(abs(age_s) / 60.0 - 1e-9) * 60.0)
    return words if age_s >= 0.0 else f"{words} in the future"


def _down(value: float, steps: float) -> float:
    return math.floor(value * steps + 1e-6) / steps


def _up(value: float, steps: float) -> float:
    return math.ceil(value * steps - 1e-6) / steps


def gap_words(lateral_m: float, *, metric: bool = True) -> str:
    """A distance between footprints: "1.9 NM (3.5 km)", or that they meet."""
    if lateral_m <= 0.0:
        return "footprints meet"
    if lateral_m < 0.1 * M_PER_NM:
        return "under 0.1 NM" + (f" ({math.floor(lateral_m + 1e-6):,} m)" if metric else "")
    words = f"{shown_separation_nm(lateral_m):,.1f} NM"
    return f"{words} ({_down(lateral_m / M_PER_KM, 10):,.1f} km)" if metric else words


def least_distance_words(lateral_m: float) -> str:
    """What a rule asks laterally, rounded up: "3.0 NM (5.6 km)", "0.27 NM (0.5 km)".

    Agreed figures are told more finely than measured ones: 150 ft is not "200 ft".
    """
    miles = f"{_up(lateral_m / M_PER_NM, 100):,.2f}"
    return f"{miles.removesuffix('0')} NM ({_up(lateral_m / M_PER_KM, 10):,.1f} km)"


def least_height_words(vertical_m: float) -> str:
    """What a rule asks vertically, rounded up: "3,000 ft (915 m)"."""
    return f"{_up(feet(vertical_m), 1):,.0f} ft ({math.ceil(vertical_m - 1e-6):,} m)"


def height_gap_words(low_m: float, high_m: float, *, metric: bool = True) -> str:
    """A vertical distance, or the range of it that fits what was declared."""
    if not (math.isfinite(low_m) and math.isfinite(high_m)):
        return "heights cannot be compared"
    if high_m <= 0.0:
        return "bands overlap" if high_m < 0.0 else "bands touch"
    low, high = _height(max(low_m, 0.0), metric=metric), _height(high_m, metric=metric)
    if low_m < 0.0:
        return f"overlap, or up to {high} apart"
    return low if low == high else f"{low} to {high}"


def _height(height_m: float, *, metric: bool) -> str:
    shown_ft = shown_separation_ft(height_m)
    words = f"{shown_ft:,.0f} ft" if shown_ft or height_m <= 0.0 else "under 100 ft"
    return f"{words} ({math.floor(height_m + 1e-6):,} m)" if metric else words


def time_gap_words(time_s: float) -> str:
    """A distance in time: how long both are live, or how long apart."""
    if time_s < 0.0:
        return f"both live for {duration_words(math.ceil(-time_s))}"
    if time_s == 0.0:
        return "one starts as the other ends"
    return f"{duration_words(math.floor(time_s))} apart"


def altitude_words(altitude: Altitude) -> str:
    """A height with its reference: "FL240", "8,000 ft (2,438 m) QNH", "ground"."""
    height_ft = feet(altitude.value_m)
    if altitude.reference is AltitudeReference.STD and _is_level(height_ft):
        return f"FL{round(height_ft / 100.0):03}"
    if altitude.reference is AltitudeReference.AGL and altitude.value_m == 0.0:
        return "ground"
    return f"{round(height_ft):,} ft ({round(altitude.value_m):,} m) {altitude.reference.value}"


def _is_level(height_ft: float) -> bool:
    return height_ft >= 0.0 and abs(height_ft - 100.0 * round(height_ft / 100.0)) < 1.0


def band_words(band: AltitudeBand) -> str:
    """A band: "FL240 to FL260"."""
    return f"{altitude_words(band.lower)} to {altitude_words(band.upper)}"


def among_words(among: Among) -> str:
    """Among what was compared: "among 41 AMBER notices, oldest 14 min, coverage partial"."""
    noun = "notice" if among.notices == 1 else "notices"
    whose = f"other {plain(among.party, 24)}" if among.own else plain(among.party, 24)
    parts = [f"among {among.notices:,} {whose} {noun}"]
    if among.oldest_s is not None:
        parts.append(f"oldest {age_words(among.oldest_s)}")
    if among.own:
        return ", ".join([*parts, "our own"])
    covered = among.completeness.value if among.completeness is not None else "undeclared"
    parts.append(f"coverage {covered}")
    if among.age_s is not None:
        parts.append(f"declared {_ago(among.age_s)}")
    return ", ".join(parts)


def coverage_words(among: Among, most_age_s: float) -> str:
    """One party's set for a status line: "AMBER 41 notices, coverage partial, 14 min ago".

    Args:
        among: what was compared.
        most_age_s: the age from which a coverage statement is called stale.
    """
    noun = "notice" if among.notices == 1 else "notices"
    head = f"{plain(among.party, 24)} {among.notices:,} {noun}"
    if among.own:
        return f"{head}, our own"
    if among.completeness is None or among.age_s is None:
        return f"{head}, coverage UNDECLARED"
    stale = ", STALE" if among.age_s > most_age_s else ""
    return f"{head}, coverage {among.completeness.value}, {_ago(among.age_s)}{stale}"


def _ago(age_s: float) -> str:
    return f"{age_words(age_s)} ago" if age_s >= 0.0 else age_words(age_s)


def suggestion_words(suggestion: Suggestion) -> str:
    """A suggested change: "15 min later: no conflict found", or that there is none."""
    if not suggestion.found:
        return f"{_CHANGES[suggestion.kind]}: none within limits"
    return f"{_change_words(suggestion)}: no conflict found"


_CHANGES = {
    SuggestionKind.TIME: "earlier or later",
    SuggestionKind.ALTITUDE: "higher or lower",
    SuggestionKind.LATERAL: "moved sideways",
}


def _change_words(suggestion: Suggestion) -> str:
    if suggestion.kind is SuggestionKind.TIME:
        later = "later" if suggestion.time_s >= 0.0 else "earlier"
        return f"{duration_words(math.ceil(abs(suggestion.time_s) - 1e-6))} {later}"
    if suggestion.kind is SuggestionKind.ALTITUDE:
        higher = "higher" if suggestion.vertical_m >= 0.0 else "lower"
        return f"{_exact_height(abs(suggestion.vertical_m))} {higher}"
    bearing_deg = round(suggestion.bearing_deg) % 360
    return f"{least_distance_words(suggestion.lateral_m)} towards {bearing_deg:03}°"


def _exact_height(height_m: float) -> str:
    height_ft = math.ceil(height_m / M_PER_FT - 1e-6)
    return f"{height_ft:,} ft ({math.ceil(height_m - 1e-6):,} m)"
