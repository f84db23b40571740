"""The pager that a node's settings describe."""

from __future__ import annotations

from keepclear.config import Config
from keepclear.errors import InvalidInput
from keepclear.peers.pager_command import CommandPager
from keepclear.peers.pager_mail import Encryption, MailPager, MailServer
from keepclear.ports.pager import Pager


def pager_of(config: Config) -> Pager | None:
    """What wakes people who are not at the screen; None where the settings name nothing.

    A command goes before mail.

    Raises:
        InvalidInput: a mail server without sender or addresses, or mail that would go in the open.
    """
    told = config.pager
    if told.command:
        return CommandPager(told.command)
    if not told.mail_host:
        return None
    addresses = {0: told.mail_watch, 1: told.mail_senior, 2: told.mail_top}
    if not told.mail_sender or not any(addresses.values()):
        raise InvalidInput(
            "the pager has a mail server, but no sender or nobody to tell",
            remedy="Set pager.mail_sender and at least one of mail_watch, mail_senior, mail_top.",
        )
    server = MailServer(
        host=told.mail_host,
        port=told.mail_port,
        sender=told.mail_sender,
        encryption=Encryption(told.mail_encryption),
        user=told.mail_user,
        password=told.mail_password,
    )
    return MailPager(server, addresses)
