"""What another node is told where nothing is taken: problem documents, as for people.

Source: RFC 9457; RFC 6585, 4 (429); RFC 9110, 10.2.3 (Retry-After).
"""

from __future__ import annotations

from keepclear.api.problems import HttpKind, Refusal, refusal

TOO_MANY = HttpKind(
    "too-many-deliveries",
    429,
    "Deliveries come too often",
    "Wait as Retry-After says and send several envelopes together. FLASH is not held back.",
)
VERSION = HttpKind(
    "peer-version",
    400,
    "That version of the protocol is not spoken",
    "Speak one of the versions that /node/v1/hello names.",
)
STRANGER = HttpKind(
    "not-vouched-for",
    403,
    "Nobody vouches for this",
    "Add the other node with its present card on both sides; compare fingerprints by voice.",
)
NOT_FLASH = HttpKind(
    "not-flash",
    400,
    "Only FLASH goes this way",
    "Send all else to /node/v1/envelopes.",
)
UNENCRYPTED = HttpKind(
    "unencrypted",
    403,
    "Nothing is taken unencrypted",
    "Use https; plain HTTP is for nodes in EXERCISE on one machine alone.",
)


def too_many(detail: str, wait_s: int) -> Refusal:
    """Tell a node to come again later."""
    return refusal(TOO_MANY, detail, retry_after=str(wait_s))
