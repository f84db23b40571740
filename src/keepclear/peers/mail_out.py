"""Mail to the other party of a line, over SMTP; the same server settings as the pager's.

Source: RFC 5321 (SMTP), RFC 3207 (STARTTLS), RFC 8314 (TLS from the first byte), RFC 5322.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP

from keepclear.errors import NotFound, PeerSilent, PeerTrouble
from keepclear.peers.pager_mail import LONGEST_S, MailServer, connected


class MailOut:
    """Sends mails to the address that the settings name for a line; fits the `Outbox` port."""

    def __init__(
        self,
        server: MailServer,
        addresses: Mapping[str, str],
        *,
        longest_s: float = LONGEST_S,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._addresses = addresses
        self._longest_s = longest_s
        self._context = context or ssl.create_default_context()

    def send(
        self, line: str, subject: str, text: str, *, attachment: tuple[str, bytes] | None = None
    ) -> str:
        """Send a mail; the address it went to."""
        to = self._addresses.get(line)
        if to is None:
            raise NotFound(
                f"the settings name no mail address for {line}",
                remedy=f'Add "{line}=watch@example.org" to mail.addresses.',
            )
        mail = EmailMessage(policy=SMTP.clone(max_line_length=78))
        mail["From"], mail["To"] = self._server.sender, to
        mail["Subject"] = " ".join(subject.split())
        # Quoted-printable: servers may not wrap a text line, and lines never begin with ">".
        mail.set_content(text, cte="quoted-printable")
        if attachment is not None:
            name, content = attachment
            mail.add_attachment(
                content, maintype="application", subtype="octet-stream", filename=name
            )
        try:
            with connected(self._server, self._longest_s, self._context) as server:
                server.send_message(mail)
        except (TimeoutError, ConnectionError) as error:
            raise PeerSilent(f"the mail server does not answer: {error}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise PeerTrouble(f"the mail server did not take the mail: {error}"[:500]) from None
        return to
