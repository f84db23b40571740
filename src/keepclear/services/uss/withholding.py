"""Text of exchanges as it may be shown: whoever told it may have left a token in it.

Source: ASTM F3548-21, interface UTM API 1.0.0, ExchangeRecord: headers and bodies as they were.
"""

from __future__ import annotations

import base64
import re
from typing import Final

_WITHHELD: Final = "withheld"
_TOKENS = (
    re.compile(r"eyJ[\w-]*\.[\w-]+(?:\.[\w-]*)?"),
    re.compile(r"(?i)(?<=bearer )\s*[^\s\"',()]+"),
    re.compile(r"(?i)(?<=token=)[^&\s\"'()]+|(?<=secret=)[^&\s\"'()]+"),
    re.compile(r"(?i)(?<=token\":)\s*\"[^\"]*\"?|(?<=secret\":)\s*\"[^\"]*\"?"),
)
"""JWTs, wherever cut; what follows the word Bearer; parameters and fields of that name."""
_SECRETS = ("authorization", "cookie", "key", "secret", "token")
"""Headers with such a word in their name."""


def without_tokens(text: str) -> str:
    """The text, every token in it withheld."""
    for pattern in _TOKENS:
        text = pattern.sub(f"({_WITHHELD})", text)
    return text


def header_shown(header: str) -> str:
    """A header, without its value where that lets somebody in."""
    name, mark, _ = header.partition(":")
    if mark and any(word in name.lower() for word in _SECRETS):
        return f"{name}: {_WITHHELD}"
    return without_tokens(header)


def text_of(body: str) -> str:
    """A body in base64 as text without tokens; what is no text is told by its size."""
    try:
        data = base64.b64decode(body)
    except ValueError:
        return without_tokens(body)
    text = data.decode("utf-8", "replace")
    return f"{len(data):,} bytes that are no text" if "\0" in text else without_tokens(text)
