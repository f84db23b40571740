"""The mail of a line that a node's settings describe."""

from __future__ import annotations

from pathlib import Path

from keepclear.config import Config
from keepclear.errors import InvalidInput
from keepclear.peers.mail_in import FolderInbox, ImapInbox, MailboxServer
from keepclear.peers.mail_out import MailOut
from keepclear.peers.pager_mail import Encryption, MailServer
from keepclear.ports.mail import Inbox, Outbox


def outbox_of(config: Config) -> Outbox | None:
    """What sends mail on lines; None where the settings name no server.

    Raises:
        InvalidInput: no sender or address, an address without its line, or mail in the open.
    """
    told = config.mail
    if not told.host:
        return None
    if not told.sender:
        raise InvalidInput("mail.host is set, but no mail.sender", remedy="Set mail.sender.")
    addresses = {}
    for each in told.addresses:
        line, sign, address = each.partition("=")
        if not sign or not line.strip() or "@" not in address:
            raise InvalidInput(
                f"mail.addresses: {each!r:.80} is no line with its address",
                remedy='Write "AMBER-BLUE=watch@example.org".',
            )
        addresses[line.strip()] = address.strip()
    server = MailServer(
        told.host,
        told.port,
        told.sender,
        Encryption(told.encryption),
        told.user,
        told.password,
    )
    return MailOut(server, addresses)


def inbox_of(config: Config) -> Inbox | None:
    """Where mail comes in: a folder before a mailbox; None where the settings name neither.

    Raises:
        InvalidInput: a password would go in the open.
    """
    told = config.mail
    if told.inbox_folder:
        return FolderInbox(Path(told.inbox_folder).expanduser())
    if not told.inbox_host:
        return None
    return ImapInbox(
        MailboxServer(
            told.inbox_host,
            told.inbox_port,
            told.inbox_user,
            told.inbox_password,
            told.inbox_mailbox,
            is_encrypted=told.inbox_encryption == "tls",
        )
    )
