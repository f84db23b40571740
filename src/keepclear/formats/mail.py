"""Mails as they came: their text, their bundles, and what else is in them. Nothing is believed.

Source: RFC 5322 (format), RFC 2045 to 2049 (MIME), through the parser of the standard library;
the limits are keepclear's own.
"""

from __future__ import annotations

import re
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Final, NamedTuple

from keepclear.errors import InvalidMessage

MOST_BYTES: Final = 90_000_000
"""A bundle of the largest size, as mail writes it."""
MOST_TEXT: Final = 400_000
MOST_PARTS: Final = 30
BUNDLE_SUFFIX: Final = ".keepclear"
_LINE = re.compile(
    r"\b(EXERCISE|REAL)( NO DUFF)? KC1 .{10,200000}?"
    r"\| CHK \S{1,12}(?: NO DUFF)? (?:EXERCISE|REAL)\b",
    re.IGNORECASE,
)


class Mail(NamedTuple):
    """A mail.

    Attributes:
        id: as it says itself; may be forged, as all of this may.
        sender, subject: likewise.
        text: its plain text.
        bundles: attachments whose name says that they are bundles.
        others: names or types of whatever else is in it.
    """

    id: str
    sender: str
    subject: str
    text: str
    bundles: tuple[bytes, ...]
    others: tuple[str, ...]


def mail_of(content: bytes) -> Mail:
    """Read a mail.

    Raises:
        InvalidMessage: it is none, too large, or in too many parts.
    """
    if len(content) > MOST_BYTES:
        raise InvalidMessage(f"{len(content):,} bytes are too many for a mail")
    try:
        mail = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(content)
        parts = [each for each in mail.walk() if not each.is_multipart()]
        if len(parts) > MOST_PARTS:
            raise InvalidMessage(f"{len(parts)} parts are too many for a mail")
        told = [_part(each) for each in parts]
        head = [_header(mail, name) for name in ("message-id", "from", "subject")]
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise InvalidMessage("the mail cannot be read") from None
    text = "\n".join(each for kind, each in told if kind == "text" and isinstance(each, str))
    if len(text) > MOST_TEXT:
        raise InvalidMessage(f"{len(text):,} characters are too many for the text of a mail")
    return Mail(
        head[0],
        head[1],
        head[2],
        text,
        tuple(each for kind, each in told if kind == "bundle" and isinstance(each, bytes)),
        tuple(each for kind, each in told if kind == "other" and isinstance(each, str)),
    )


def text_lines_of(text: str) -> tuple[str, ...]:
    """Everything in a text that looks like a text line, however it was wrapped."""
    return tuple(found[0] for found in _LINE.finditer(" ".join(text.split())))


def _part(part: EmailMessage) -> tuple[str, str | bytes]:
    name = part.get_filename() or ""
    if name.lower().endswith(BUNDLE_SUFFIX):
        found = part.get_payload(decode=True)
        return ("bundle", found if isinstance(found, bytes) else b"")
    if part.get_content_type() == "text/plain" and not name:
        found = part.get_payload(decode=True)
        charset = part.get_content_charset() or "utf-8"
        return ("text", (found if isinstance(found, bytes) else b"").decode(charset, "replace"))
    return ("other", name or part.get_content_type())


def _header(mail: EmailMessage, name: str) -> str:
    return " ".join(str(mail.get(name, "")).split())
