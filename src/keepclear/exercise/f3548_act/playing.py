"""Which function plays which step of the second act."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from keepclear.exercise.article.conducting import Play
from keepclear.exercise.f3548_act import releasing, settling

ACT_PLAYS: Final[Mapping[str, Play]] = MappingProxyType(
    {
        "f3548-release": releasing.release,
        "f3548-refusal": releasing.refusal,
        "f3548-change": releasing.change,
        "f3548-flight": settling.flown,
        "f3548-end": settling.end,
        "f3548-apart": settling.apart,
    }
)
"""By the step's key; a test holds it to the file of steps."""
