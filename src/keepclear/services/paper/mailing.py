"""Texts and bundles by mail, out and in. A mail proves nothing: what counts is in it.

What comes is taken once. A text line becomes a copy that nobody signed; a bundle is taken as a
file is. Whatever cannot be read is kept as evidence, with its reason, and nothing else of it.
"""

from __future__ import annotations

import uuid
from hashlib import sha256
from typing import NamedTuple

from keepclear.canonical import JsonValue
from keepclear.errors import InvalidInput, KeepclearError, NotFound, StateForbids
from keepclear.formats.bundle import bundle_of
from keepclear.formats.mail import Mail, mail_of, text_lines_of
from keepclear.ledger.entries import EntryKind
from keepclear.model.channel import ChannelKind
from keepclear.model.line import Line
from keepclear.model.message import Role
from keepclear.model.node import Subject
from keepclear.ports.mail import Inbox, Outbox
from keepclear.ports.store import Unit
from keepclear.services.line.pairing import line_of, lines
from keepclear.services.node import Node
from keepclear.services.paper.bundling import take_bundle, write_bundle
from keepclear.services.paper.entering import Entering, enter_text, note_unreadable
from keepclear.services.paper.writing import printed_text
from keepclear.services.recording import record

_COPIES = uuid.UUID("9f0c1b5e-5a1e-4a55-8c0e-0d6b8a0f7a31")
"""Names the copy of a text that came by mail, so that the same mail twice is entered once."""
BUNDLE_NAME = "{line}.keepclear"


class MailTaken(NamedTuple):
    """What became of the mails of an inbox.

    Attributes:
        mails: how many there were.
        texts: ids of the copies that were entered.
        bundles: how many bundles were taken.
        own: texts of ours that were quoted back; nothing is done with them.
        refused: why something was not taken, one for each.
    """

    mails: int
    texts: tuple[str, ...]
    bundles: int
    own: int
    refused: tuple[str, ...]


def mail_text(node: Node, outbox: Outbox, message_id: str, *, actor: str = "") -> str:
    """Mail a released message of ours as a text line; the address it went to.

    Raises:
        NotFound: there is no such message, or the settings name no address for its line.
        StateForbids: it was not released, or is theirs.
        PeerTrouble: the mail server did not take it.
    """
    printed = printed_text(node, message_id)
    message = printed.message
    if message.sender != node.identity.party:
        raise StateForbids("the message is theirs", remedy="Mail what your party says.")
    with node.store.view() as view:
        line = line_of(view, message.line)
    duff = " NO DUFF" if message.no_duff else ""
    subject = (
        f"{message.mode}{duff} {message.precedence} {message.code} "
        f"{printed.place.epoch}/{printed.place.serial:04d} {message.mode}"
    )
    to = outbox.send(line.id, subject, f"{printed.line}\n")
    _note(node, line, EntryKind.LINE_MAIL_SENT, {"to": to, "message": message_id}, actor)
    return to


def mail_bundle(node: Node, outbox: Outbox, line_id: str, *, actor: str = "") -> str:
    """Mail what waits on a line as a bundle; the address it went to.

    Raises:
        NotFound: there is no such line, or the settings name no address for it.
        PeerTrouble: the mail server did not take it.
    """
    with node.store.view() as view:
        line = line_of(view, line_id)
    written = write_bundle(node, line_id, actor=actor)
    subject = f"{line.mode} bundle of {line.us} on {line.id} {line.mode}"
    count = f"{written.envelopes} envelopes, {written.receipted} receipted"
    text = f"{line.mode}\n{count}\n{line.mode}\n"
    name = BUNDLE_NAME.format(line=line.id)
    to = outbox.send(line.id, subject, text, attachment=(name, written.content))
    told: dict[str, JsonValue] = {"to": to, "digest": sha256(written.content).hexdigest()}
    _note(node, line, EntryKind.LINE_MAIL_SENT, told, actor)
    return to


def take_mails(node: Node, inbox: Inbox, *, actor: str = "") -> MailTaken:
    """Take in every mail that waits; each is marked as seen whatever became of it.

    Raises:
        PeerTrouble: the inbox does not answer; what was taken so far is kept.
    """
    found = MailTaken(0, (), 0, 0, ())
    for letter in inbox.letters():
        told = take_mail(node, letter.content, actor=actor)
        inbox.done(letter)
        found = MailTaken(
            found.mails + told.mails,
            found.texts + told.texts,
            found.bundles + told.bundles,
            found.own + told.own,
            found.refused + told.refused,
        )
    return found


def take_mail(node: Node, content: bytes, *, actor: str = "") -> MailTaken:
    """Take in one mail; the same one again changes nothing."""
    try:
        mail = mail_of(content)
    except InvalidInput as error:
        note_unreadable(node, content[:20_000].decode("utf-8", "replace"), f"mail: {error.message}")
        return MailTaken(1, (), 0, 0, (error.message,))
    texts: list[str] = []
    refused: list[str] = []
    own = bundles = 0
    for text in text_lines_of(mail.text):
        if _is_own(node, text):
            own += 1
            continue
        why = _entered(node, mail, text, texts, actor)
        refused += [why] if why else []
    for attached in mail.bundles:
        why = _bundle(node, attached, actor)
        bundles += 0 if why else 1
        refused += [why] if why else []
    refused += _odd(node, mail, is_empty=not (texts or bundles or own or refused))
    if texts or bundles:
        _note_taken(node, mail, texts, bundles, actor)
    return MailTaken(1, tuple(texts), bundles, own, tuple(refused))


def _entered(node: Node, mail: Mail, text: str, texts: list[str], actor: str) -> str:
    """Enter one text; why it was not, else nothing."""
    copy_id = str(uuid.uuid5(_COPIES, sha256(text.encode("utf-8", "replace")).hexdigest()))
    entering = Entering(
        by=ChannelKind.EMAIL.value,
        role=Role.DUTY_OFFICER.value,
        actor=actor,
        source=f"mail from {mail.sender:.100}, subject {mail.subject:.100}",
    )
    try:
        enter_text(node, copy_id, text, entering)
    except KeepclearError as error:
        if not isinstance(error, InvalidInput | NotFound | StateForbids):
            raise
        return error.message
    texts.append(copy_id)
    return ""


def _bundle(node: Node, content: bytes, actor: str) -> str:
    """Take one bundle; why it was not, else nothing."""
    try:
        take_bundle(node, bundle_of(content).line, content, actor=actor)
    except InvalidInput as error:
        text = content[:20_000].decode("utf-8", "replace")
        note_unreadable(node, text, f"bundle in a mail: {error.message}")
        return error.message
    except NotFound as error:
        return error.message
    return ""


def _odd(node: Node, mail: Mail, *, is_empty: bool) -> list[str]:
    """What a mail holds that is no text line and no bundle; kept as evidence by its name."""
    reasons = [f"the attachment {each!r:.80} is not taken" for each in mail.others]
    if is_empty and not reasons:
        reasons = ["it holds neither a text line nor a bundle"]
    if reasons:
        source = f"mail from {mail.sender:.100}, subject {mail.subject:.100}"
        note_unreadable(node, mail.text[:20_000], f"{source}: {'; '.join(reasons)}")
    return reasons


def _is_own(node: Node, text: str) -> bool:
    return f" {node.identity.party}>" in text[:200].upper()


def _note_taken(node: Node, mail: Mail, texts: list[str], bundles: int, actor: str) -> None:
    told: dict[str, JsonValue] = {
        "from": mail.sender[:200],
        "subject": mail.subject[:200],
        "mail": mail.id[:200],
        "texts": list(texts),
        "bundles": bundles,
    }
    with node.store.view() as view:
        first = lines(view)
    if first:
        _note(node, first[0], EntryKind.LINE_MAIL_TAKEN, told, actor)


def _note(node: Node, line: Line, kind: EntryKind, body: dict[str, JsonValue], actor: str) -> None:
    about = (Subject.LINE, line.id, line.version)
    entry = record(node.identity, kind, about, body, at=node.now(), actor=actor)

    def work(unit: Unit) -> None:
        unit.append(entry)

    node.store.write(work)
