"""Single values spelled in TOML.

Source: TOML 1.0.0, sections String, Offset Date-Time, Float, Array.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from keepclear.formats.quantities import plain

_ESCAPES = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)} | {
    0x22: '\\"',
    0x5C: "\\\\",
}


def toml_string(text: str) -> str:
    """A basic string on one line, quotes and control characters escaped."""
    return f'"{text.translate(_ESCAPES)}"'


def toml_datetime(at: datetime) -> str:
    """An aware time in UTC, with the letter Z."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def toml_number(number: float) -> str:
    """A number without an exponent; whole numbers without a point."""
    return plain(number)


def toml_array(spelled: Iterable[str]) -> str:
    """An array of values that are spelled already: on one line, or one a line if long."""
    values = list(spelled)
    line = f"[{', '.join(values)}]"
    if len(line) <= 80:
        return line
    return "[\n" + "".join(f"    {value},\n" for value in values) + "]"
