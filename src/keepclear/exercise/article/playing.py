"""Which function plays which step of the script."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from keepclear.exercise.article import flying, opening, talking
from keepclear.exercise.article.conducting import Play

PLAYS: Final[Mapping[str, Play]] = MappingProxyType(
    {
        "silence": opening.silence,
        "watch": opening.watch,
        "offer": opening.offer,
        "test": opening.test,
        "confirm": opening.confirm,
        "call": talking.call,
        "readouts": talking.readouts,
        "consultation": talking.consultation,
        "purpose": talking.purpose,
        "request": talking.request,
        "hazard": flying.hazard,
        "notices": flying.notices,
        "conflict": flying.conflict,
        "proof": flying.proof,
    }
)
"""By the step's key; a test holds it to the file of steps."""
