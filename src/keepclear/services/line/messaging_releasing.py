"""Release a message: by a role that may, with a second person where two are needed.

Released, signed, chained and in the ledger are one thing: all of it is durable, or nothing is.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from keepclear.canonical import JsonValue
from keepclear.contact.catalogue import type_of
from keepclear.contact.catalogue.answering import answers_of
from keepclear.contact.catalogue.releasing import require_release
from keepclear.contact.catalogue.terms import terms_of
from keepclear.contact.life import advance, drafted
from keepclear.errors import NotPermitted, StateForbids
from keepclear.formats.documents.message import message_document, message_from
from keepclear.ledger.entries import EntryKind
from keepclear.model.line import Line
from keepclear.model.line_state import LineState
from keepclear.model.message import Message, message_id
from keepclear.model.message_life import Act, ActKind, Life, MessageSide
from keepclear.model.operation import Precedence
from keepclear.ports.line_store import StoredMessage
from keepclear.ports.store import Unit
from keepclear.services.disclosing.speaking import require_confirmed, telling_of
from keepclear.services.expected import require_expected
from keepclear.services.line.messaging_drafting import agreed_clocks, as_sent, validate
from keepclear.services.line.messaging_held import Entered, Held, find, held, keep_step, unstored
from keepclear.services.line.pairing import line_of
from keepclear.services.line.posting import post
from keepclear.services.line.records import take as take_record
from keepclear.services.line.standing import standing_of
from keepclear.services.line.watch_roles import role_on_watch
from keepclear.services.node import Node

_RECORDED = ("M14", "M15", "M16", "M17")
"""Messages of ours that become records of the line too."""


class Releasing(NamedTuple):
    """Who releases.

    Attributes:
        act_id: a UUID; the same release a second time changes nothing.
        role: as what the person is on duty.
        actor: how they call themselves.
        second: who else has read it; empty where nobody.
        reason: in their words.
        flash_only: whoever releases may release FLASH, and nothing else.
        confirmed: cautions that were seen and accepted, by their ids.
        version: of the draft, as they have read it; None where they do not say.
    """

    act_id: str
    role: str
    actor: str = ""
    second: str = ""
    reason: str = ""
    flash_only: bool = False
    confirmed: tuple[str, ...] = ()
    version: int | None = None


def release(node: Node, draft_id: str, releasing: Releasing) -> Held:
    """Release a draft as it stands; it goes out as soon as the other node answers.

    Raises:
        NotFound: there is no such draft.
        InvalidMessage: something stands against it; `problems_of` lists everything.
        NotPermitted: the role may not, or a second, different person is needed.
        StateForbids: it was released before, by another act; or it tells more than its level
            and nobody confirmed that.
        VersionMismatch: it is no longer what they have read.
    """

    def work(unit: Unit) -> Held:
        before = held(unit, message_id(draft_id))
        if before.life.has_seen(releasing.act_id):
            return before
        if before.stored.entry is not None:
            raise StateForbids(
                f"the message is {before.life.state}; it was released before",
                remedy="Write a new message that supersedes it.",
            )
        if releasing.version is not None:
            require_expected(releasing.version, before.stored.version, f"the draft {draft_id}")
        return _released(unit, node, before.message, releasing, before.stored)

    kept = node.store.write(work)
    node.ring()
    return kept


def send(unit: Unit, node: Node, message: Message, releasing: Releasing) -> Held:
    """Release a message that a service wrote, inside a unit of work. Ring once it is durable.

    For services of the line that draft by themselves: it is checked, recorded, chained and
    has a life like any other.

    Raises:
        InvalidMessage, NotPermitted: as for a draft.
    """
    if (before := find(unit, message.id)) is not None:
        return before
    return _released(unit, node, message, releasing, None)


def _released(
    unit: Unit, node: Node, message: Message, releasing: Releasing, stored: StoredMessage | None
) -> Held:
    now, line = node.now(), line_of(unit, message.line)
    kind = type_of(message.code)
    role = role_on_watch(unit, node, releasing.role)
    if releasing.flash_only and message.precedence is not Precedence.FLASH:
        raise NotPermitted(
            f"the account {releasing.actor} releases FLASH alone",
            remedy="Have it released by somebody whose account is a releaser's or a liaison's.",
        )
    people = (releasing.actor, releasing.second)
    require_release(kind, message.precedence, role, people=people)
    message = message_from(as_sent(message, role, now))
    validate(unit, node, message, now)
    cautions = telling_of(unit, node, message, now)
    require_confirmed(message, cautions, releasing.confirmed)
    _require_open(unit, line)
    posted = post(unit, node, line, message)
    life = _sent_life(unit, message, line, releasing, role, now)
    begun = stored or unstored(message, life, now)
    placed = begun._replace(epoch=posted.epoch, serial=posted.serial)
    body: dict[str, JsonValue] = {
        "message": message_document(message),
        "epoch": posted.epoch,
        "serial": posted.serial,
        "hash": posted.hash.hex(),
        "second": releasing.second,
    }
    if cautions:
        body["told_beyond"] = [{"place": each.place, "text": each.text} for each in cautions]
    entered = Entered(EntryKind.MESSAGE_RELEASED, body, releasing.actor, releasing.reason)
    before = Held(placed, message, drafted(life.terms))
    kept = keep_step(unit, node, before, life, entered, now=now)
    _supersede(unit, node, kept, releasing, now)
    _answer(unit, node, kept, releasing, role, now)
    if message.code in _RECORDED:
        take_record(unit, node, message)
    return kept


def _require_open(unit: Unit, line: Line) -> None:
    """Refuse to send on a line whose agreement ended; in every other state it is tried."""
    if standing_of(unit, line).state is LineState.CLOSED:
        raise StateForbids(
            f"the line {line.id} is closed; nothing is sent on it",
            remedy="File and sign an agreement that is in force, or use another channel.",
        )


def _sent_life(
    unit: Unit, message: Message, line: Line, releasing: Releasing, role: str, now: datetime
) -> Life:
    """The life of a message up to where it is sent."""
    life = drafted(terms_of(message, agreed_clocks(unit, line, now)))
    steps = (
        (f"{releasing.act_id}/valid", ActKind.VALIDATE),
        (releasing.act_id, ActKind.RELEASE),
        (f"{releasing.act_id}/sent", ActKind.SEND),
    )
    for act_id, kind in steps:
        act = Act(act_id, kind, MessageSide.SENDER, role, releasing.actor, releasing.reason)
        life = advance(life, act, now).life
    return life


def _supersede(unit: Unit, node: Node, kept: Held, releasing: Releasing, now: datetime) -> None:
    """Say of the message before that another took its place, even of one that was over.

    The other side does the same, whatever it knows of the old one then: so both come to one state.
    """
    if not kept.message.supersedes:
        return
    old = held(unit, kept.message.supersedes)
    if old.life.sent_at is None:
        return  # a draft: nobody was told of it
    act = Act(
        kept.stored.id,
        ActKind.SUPERSEDE,
        MessageSide.SENDER,
        kept.message.from_role,
        releasing.actor,
        successor=kept.stored.id,
    )
    life = advance(old.life, act, now, is_checked=False).life
    entered = Entered(EntryKind.MESSAGE_ACTED, {"superseded_by": kept.stored.id})
    keep_step(unit, node, old, life, entered, now=now)


def _answer(
    unit: Unit, node: Node, kept: Held, releasing: Releasing, role: str, now: datetime
) -> None:
    """Say of the messages it answers that they are answered."""
    answers = answers_of(kept.message)
    for ref in answers.refs if answers is not None else ():
        asked = find(unit, ref)
        if answers is None or asked is None or asked.stored.outgoing:
            continue
        act = Act(
            kept.stored.id,
            ActKind.ANSWER,
            MessageSide.RECEIVER,
            role,
            releasing.actor,
            answers.words,
            answer=answers.how_far,
        )
        step = advance(asked.life, act, now, is_checked=False)
        if step.life is asked.life:
            continue  # it names the same question twice
        entered = Entered(EntryKind.MESSAGE_ACTED, {"answered_by": kept.stored.id})
        keep_step(unit, node, asked, step.life, entered, now=now)
