"""Mail out by STARTTLS and in over TLS, against real servers with certificates of their own."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from keepclear.errors import PeerTrouble
from keepclear.peers.mail_in import ImapInbox, MailboxServer
from keepclear.peers.mail_out import MailOut
from keepclear.peers.pager_mail import Encryption, MailServer
from unit.peers.mail_servers import Mailbox, certified, imap_server, smtp_server

LINE = "AMBER-BLUE"
MAIL = b"From: a@b\r\nSubject: one\r\n\r\nhello\r\n"


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


def out(port: int, context: ssl.SSLContext) -> MailOut:
    server = MailServer(
        "localhost", port, "watch@blue.example", Encryption.STARTTLS, "blue", "very secret"
    )
    return MailOut(server, {LINE: "watch@amber.example"}, context=context)


def inbox(port: int, context: ssl.SSLContext) -> ImapInbox:
    return ImapInbox(MailboxServer("localhost", port, "amber", "secret"), context=context)


def test_mail_goes_out_by_starttls_and_no_word_of_it_in_the_open(
    box: Mailbox, tmp_path: Path
) -> None:
    server, trusting = certified(tmp_path, "localhost")
    with smtp_server(box, server) as port:
        assert out(port, trusting).send(LINE, "a subject", "text") == "watch@amber.example"
    assert box.subjects() == ["a subject"]
    assert len(box.logins) == 1
    assert box.open_words == ["EHLO", "STAR"]


@pytest.mark.parametrize("name", ["localhost", "elsewhere.example"])
def test_a_certificate_nobody_vouches_for_or_of_another_name_gets_no_mail_and_no_password(
    box: Mailbox, tmp_path: Path, name: str
) -> None:
    server, trusting = certified(tmp_path, name)
    context = ssl.create_default_context() if name == "localhost" else trusting
    with smtp_server(box, server) as port, pytest.raises(PeerTrouble, match="certificate"):
        out(port, context).send(LINE, "a subject", "text")
    with imap_server(box, server) as port, pytest.raises(PeerTrouble, match="certificate"):
        next(inbox(port, context).letters())
    assert (box.mails, box.logins) == ({}, [])


def test_a_server_that_has_no_starttls_is_told_nothing(box: Mailbox, tmp_path: Path) -> None:
    _, trusting = certified(tmp_path, "localhost")
    with smtp_server(box) as port, pytest.raises(PeerTrouble, match="STARTTLS"):
        out(port, trusting).send(LINE, "a subject", "text")
    assert (box.mails, box.logins) == ({}, [])


def test_mail_comes_in_over_tls_and_is_flagged(box: Mailbox, tmp_path: Path) -> None:
    server, trusting = certified(tmp_path, "localhost")
    uid = box.add(MAIL)
    with imap_server(box, server) as port:
        mailbox = inbox(port, trusting)
        (letter,) = mailbox.letters()
        mailbox.done(letter)
        assert list(mailbox.letters()) == []
    assert letter.content == MAIL
    assert box.seen == {uid}
    assert set(box.logins) == {"amber"}


def test_a_mailbox_that_speaks_no_tls_gets_no_password(box: Mailbox, tmp_path: Path) -> None:
    _, trusting = certified(tmp_path, "localhost")
    with imap_server(box) as port, pytest.raises(PeerTrouble, match="mailbox"):
        next(inbox(port, trusting).letters())
    assert box.logins == []
