"""Mail, over real sockets: texts and bundles out and in; nothing that is in a mail is believed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import InvalidInput, InvalidMessage, NotFound, PeerTrouble
from keepclear.formats.mail import mail_of, text_lines_of
from keepclear.model.message_life import State
from keepclear.model.text_copy import CopyState
from keepclear.peers.mail_in import FolderInbox, ImapInbox, MailboxServer
from keepclear.peers.mail_out import MailOut
from keepclear.peers.pager_mail import Encryption, MailServer
from keepclear.services.line.quarantine import quarantined
from keepclear.services.paper.copies_kept import copy_of
from keepclear.services.paper.mailing import mail_bundle, mail_text, take_mail, take_mails
from keepclear.services.paper.writing import printed_text
from line_fixture import LINE, verified
from line_pair import Pair, paired_nodes
from messages import at, released
from unit.peers.mail_servers import Mailbox, imap_server, smtp_server


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with paired_nodes(tmp_path) as made:
        made.look()
        made.cut = True
        yield made
        verified(made.blue, made.amber)


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def outbox(box: Mailbox) -> Iterator[MailOut]:
    with smtp_server(box) as port:
        server = MailServer("127.0.0.1", port, "watch@blue.example", Encryption.NONE)
        yield MailOut(server, {LINE: "watch@amber.example"})


@pytest.fixture
def inbox(box: Mailbox) -> Iterator[ImapInbox]:
    with imap_server(box) as port:
        server = MailboxServer("127.0.0.1", port, "amber", "secret", is_encrypted=False)
        yield ImapInbox(server)


def mail(text: str, *, sender: str = "watch@blue.example", subject: str = "text") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "watch@amber.example", subject
    made.set_content(text)
    return made


def found(pair: Pair) -> list[str]:
    with pair.amber.node.store.view() as view:
        return [each.detail for each in quarantined(view)]


def test_a_text_goes_by_smtp_and_comes_by_imap_as_a_copy(
    pair: Pair, box: Mailbox, outbox: MailOut, inbox: ImapInbox
) -> None:
    sent = released(pair.blue, "M03")
    assert mail_text(pair.blue.node, outbox, sent.stored.id) == "watch@amber.example"
    (subject,) = box.subjects()
    assert subject.startswith("EXERCISE PRIORITY M03")
    assert subject.endswith("EXERCISE")
    told = take_mails(pair.amber.node, inbox)
    assert (told.mails, len(told.texts), told.refused) == (1, 1, ())
    with pair.amber.node.store.view() as view:
        copy = copy_of(view, told.texts[0])
    assert copy.message == sent.stored.id
    assert copy.state is CopyState.WAITING
    assert copy.by == "e-mail"
    assert take_mails(pair.amber.node, inbox).mails == 0
    assert box.seen == {1}


def test_a_bundle_goes_by_mail_and_is_taken_signed(
    pair: Pair, outbox: MailOut, inbox: ImapInbox
) -> None:
    sent = released(pair.blue, "M16")
    mail_bundle(pair.blue.node, outbox, LINE)
    assert take_mails(pair.amber.node, inbox).bundles == 1
    assert at(pair.amber, sent.stored.id).life.state is State.DELIVERED
    assert not at(pair.amber, sent.stored.id).life.doubts


def test_a_folder_of_files_works_as_a_mailbox(pair: Pair, tmp_path: Path) -> None:
    line = printed_text(pair.blue.node, released(pair.blue, "M09").stored.id).line
    folder = tmp_path / "mail"
    folder.mkdir()
    (folder / "1.eml").write_bytes(mail(line).as_bytes())
    (folder / "notes.txt").write_text("not a mail")
    assert len(take_mails(pair.amber.node, FolderInbox(folder)).texts) == 1
    assert (folder / "seen" / "1.eml").exists()
    assert take_mails(pair.amber.node, FolderInbox(folder)).mails == 0


def test_a_forged_sender_gains_nothing(pair: Pair) -> None:
    line = printed_text(pair.blue.node, released(pair.blue, "M16").stored.id).line
    told = take_mail(pair.amber.node, mail(line, sender="minister@blue.example").as_bytes())
    with pair.amber.node.store.view() as view:
        assert copy_of(view, told.texts[0]).state is CopyState.WAITING


def test_the_same_mail_twice_is_entered_once(pair: Pair) -> None:
    line = printed_text(pair.blue.node, released(pair.blue, "M09").stored.id).line
    content = mail(line).as_bytes()
    assert take_mail(pair.amber.node, content) == take_mail(pair.amber.node, content)
    assert pair.amber.kinds().count("text entered") == 1


def test_one_wrong_digit_in_a_mail_is_kept_as_evidence(pair: Pair) -> None:
    line = printed_text(pair.blue.node, released(pair.blue, "M09").stored.id).line
    told = take_mail(pair.amber.node, mail(line.replace("35.7100N", "35.7900N")).as_bytes())
    assert "check word" in told.refused[0]
    assert told.texts == ()
    assert "verify by voice" in found(pair)[0]


def test_attachments_that_are_no_bundles_are_kept_by_name_and_not_opened(pair: Pair) -> None:
    made = mail("see attachment")
    made.add_attachment(b"MZ", maintype="application", subtype="x-msdownload", filename="plan.exe")
    made.add_attachment(b"{}", maintype="application", subtype="json", filename="x.keepclear")
    told = take_mail(pair.amber.node, made.as_bytes())
    assert any("plan.exe" in each for each in told.refused)
    assert any("no bundle" in each for each in told.refused)
    assert told.bundles == 0
    assert len(found(pair)) == 2


def test_our_own_text_quoted_back_does_nothing(pair: Pair) -> None:
    line = printed_text(pair.amber.node, released(pair.amber, "M16").stored.id).line
    told = take_mail(pair.amber.node, mail(f"Thank you.\n\n{line}").as_bytes())
    assert (told.own, told.texts, told.refused) == (1, (), ())


def test_a_mail_without_anything_is_told(pair: Pair) -> None:
    assert "neither" in take_mail(pair.amber.node, mail("hello").as_bytes()).refused[0]


def test_a_line_without_an_address_and_a_server_that_is_gone_are_told(
    pair: Pair, outbox: MailOut
) -> None:
    with pytest.raises(NotFound, match="no mail address"):
        outbox.send("AMBER-GREEN", "s", "t")
    gone = MailServer("127.0.0.1", 1, "watch@blue.example", Encryption.NONE)
    with pytest.raises(PeerTrouble):
        MailOut(gone, {LINE: "a@b"}).send(LINE, "s", "t")
    box = MailboxServer("127.0.0.1", 1, "u", "p", is_encrypted=False)
    with pytest.raises(PeerTrouble):
        take_mails(pair.amber.node, ImapInbox(box))
    with pytest.raises(InvalidInput, match="in the open"):
        MailboxServer("mail.example", 143, "u", "p", is_encrypted=False)


def test_a_mail_of_too_many_parts_is_refused() -> None:
    made = mail("x")
    for number in range(31):
        made.add_attachment(b"x", maintype="a", subtype="b", filename=str(number))
    with pytest.raises(InvalidMessage, match="parts"):
        mail_of(made.as_bytes())


@given(st.binary(max_size=500))
def test_any_bytes_are_a_mail_or_refused(content: bytes) -> None:
    with contextlib.suppress(InvalidMessage):
        text_lines_of(mail_of(content).text)
