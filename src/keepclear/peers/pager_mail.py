"""A pager that sends mail over SMTP.

Encryption is what the settings say, never what the server would rather have: where STARTTLS or
TLS is asked for and not to be had, nothing is sent, and no password ever goes in the open.

Source: RFC 5321 (SMTP), RFC 3207 (STARTTLS), RFC 8314 (TLS from the first byte).
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum

from keepclear.errors import InvalidInput, PeerSilent, PeerTrouble

LONGEST_S = 20.0
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_LONGEST_SUBJECT = 120


class Encryption(StrEnum):
    """How the way to the mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"
    """Only to a server on the same machine."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """The mail server of the node.

    Attributes:
        host, port: where it is.
        sender: from which address it sends.
        encryption: how the way to it is protected.
        user, password: empty where it asks for none.
    """

    host: str
    port: int
    sender: str
    encryption: Encryption = Encryption.STARTTLS
    user: str = ""
    password: str = ""

    def __post_init__(self) -> None:
        if self.encryption is Encryption.NONE and self.host not in _LOOPBACK:
            raise InvalidInput(
                f"mail to {self.host} would go in the open",
                remedy="Use starttls or tls, or a mail server on this machine.",
            )


class MailPager:
    """Sends a mail to the addresses of a level, and to those of every level below it."""

    def __init__(
        self,
        server: MailServer,
        addresses: Mapping[int, tuple[str, ...]],
        *,
        longest_s: float = LONGEST_S,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._addresses = addresses
        self._longest_s = longest_s
        self._context = context or ssl.create_default_context()

    def page(self, level: int, text: str) -> None:
        """Send the mail.

        Raises:
            PeerSilent: the server does not answer.
            PeerTrouble: nobody is to be told at this level, or the server does not take it.
        """
        to = sorted({each for at in range(level + 1) for each in self._addresses.get(at, ())})
        if not to:
            raise PeerTrouble(
                f"the pager has no address for level {level}",
                remedy="Name in the node's settings who is told at which level.",
            )
        try:
            with connected(self._server, self._longest_s, self._context) as server:
                server.send_message(_mail(self._server.sender, to, text))
        except (TimeoutError, ConnectionError) as error:
            raise PeerSilent(f"the mail server does not answer: {error}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise PeerTrouble(f"the mail server did not take the page: {error}"[:500]) from None


def connected(server: MailServer, longest_s: float, context: ssl.SSLContext) -> smtplib.SMTP:
    """A way to a mail server, protected as its settings say, and no less.

    Raises:
        SMTPException, OSError: it cannot be had so.
    """
    if server.encryption is Encryption.TLS:
        way: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=longest_s, context=context
        )
    else:
        way = smtplib.SMTP(server.host, server.port, timeout=longest_s)
    try:
        if server.encryption is Encryption.STARTTLS:
            way.starttls(context=context)
        if server.user:
            way.login(server.user, server.password)
    except (smtplib.SMTPException, OSError):
        way.close()
        raise
    return way


def _mail(sender: str, to: list[str], text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = ", ".join(to)
    mail["Subject"] = " ".join(text.split())[:_LONGEST_SUBJECT]
    mail.set_content(f"{text}\n")
    return mail
