"""Cards of challenge and reply: agree a secret, put a challenge, know a reply; one use each.

Source: design 5 (text copies: an unauthenticated M09 or M10 is acted on and verified, any
other waits).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

import msgspec

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.contact.cards import (
    Card,
    card_of,
    holds,
    new_secret,
    next_challenge,
    read_secret,
    reply_to,
    secret_mark,
)
from keepclear.errors import InvalidInput, NotFound, StateForbids
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.line import Line
from keepclear.model.node import Subject
from keepclear.model.text_copy import Challenge, TextCopy
from keepclear.ports.store import Declaration, Unit, View
from keepclear.services.line.pairing import line_of
from keepclear.services.line.watch_roles import role_on_watch
from keepclear.services.node import Node
from keepclear.services.paper.acting import AUTHENTICATED, act_on_copy
from keepclear.services.paper.copies_kept import copy_of, keep_copy
from keepclear.services.recording import record

MOST_WRONG = 3
"""After so many wrong replies a copy is not authenticated by cards any more."""
_NEAR_MIDNIGHT = timedelta(hours=1)


class CardStanding(NamedTuple):
    """What is known of a line's cards.

    Attributes:
        line: which line.
        mark: what both sides may say to know that they hold one secret; empty for no secret.
        day: the date of the card in force.
        used: challenges of ours that were put that day.
        answered: challenges of theirs that were answered that day.
    """

    line: str
    mark: str
    day: date
    used: tuple[str, ...]
    answered: tuple[str, ...]


def agree_secret(node: Node, line_id: str, typed: str, *, actor: str = "") -> tuple[str, str]:
    """Keep the secret of a line's cards: one drawn here, or one drawn at the other side.

    Args:
        node: ours.
        line_id: which line.
        typed: as the other side wrote it down; empty to draw one.
        actor: who does it.

    Returns:
        The secret, and what both sides may say aloud to know that they hold the same.

    Raises:
        NotFound: there is no such line.
        InvalidInput: what was typed is none.
    """
    secret = read_secret(typed) if typed.strip() else new_secret(node.entropy.new_bytes(32))

    def work(unit: Unit) -> None:
        line = line_of(unit, line_id)
        name = f"{line.id}/secret"
        before = unit.declaration(Subject.CARD, name)
        version = 1 if before is None else before.version + 1
        body: JsonValue = {"mark": secret_mark(secret)}  # the ledger never holds the secret
        about = (Subject.CARD, name, version)
        at = node.now()
        entry = unit.append(
            record(node.identity, EntryKind.CARD_SECRET_AGREED, about, body, at=at, actor=actor)
        )
        kept = canonical_bytes({"secret": secret})
        stored = Declaration(Subject.CARD, name, line.us, version, True, kept, entry)
        unit.put_declaration(stored, action="agreed", at=at)

    node.store.write(work)
    return secret, secret_mark(secret)


def cards_for(node: Node, line_id: str, day: date) -> tuple[Card, Card]:
    """The two cards of a date: what we ask, and what they ask.

    Raises:
        NotFound: there is no such line, or no secret was agreed on it.
    """
    with node.store.view() as view:
        line = line_of(view, line_id)
        secret = _secret(view, line)
    return card_of(secret, line.id, day, line.us), card_of(secret, line.id, day, line.them)


def standing_of_cards(node: Node, line_id: str) -> CardStanding:
    """What is known of a line's cards today.

    Raises:
        NotFound: there is no such line.
    """
    day = node.now().date()
    with node.store.view() as view:
        line = line_of(view, line_id)
        found = view.declaration(Subject.CARD, f"{line.id}/secret")
        mark = "" if found is None else secret_mark(_secret(view, line))
        return CardStanding(
            line.id, mark, day, _used(view, line, day, line.us), _used(view, line, day, line.them)
        )


def reply(node: Node, line_id: str, challenge: str, *, actor: str = "") -> str:
    """What we answer to a challenge of theirs; it is answered once.

    Raises:
        NotFound: there is no such line, or no secret.
        InvalidInput: there is no such challenge.
        StateForbids: it was answered today: whoever asks again may be an impostor.
    """
    asked = challenge.strip().upper()
    day = node.now().date()

    def work(unit: Unit) -> str:
        line = line_of(unit, line_id)
        told = reply_to(_secret(unit, line), line.id, day, line.them, asked)
        _use(unit, node, line, day, line.them, asked, actor=actor)
        return told

    return node.store.write(work)


def next_of(node: Node, copy_id: str) -> str:
    """The challenge to put to who sent a copy.

    Raises:
        NotFound: there is no such copy, or no secret on its line.
        InvalidInput: every challenge of the day was put.
    """
    with node.store.view() as view:
        copy = copy_of(view, copy_id)
        line = line_of(view, copy.line)
        _secret(view, line)
        return next_challenge(_used(view, line, node.now().date(), line.us))


def authenticate(
    node: Node, copy_id: str, challenge: str, heard: str, *, role: str, actor: str = ""
) -> TextCopy:
    """Put on record what was replied to a challenge; if it is the card's, the text is acted on.

    Raises:
        NotFound: there is no such copy, or no secret on its line.
        InvalidInput: there is no such challenge, or the message cannot be taken.
        StateForbids: the challenge was put today, or too many replies were wrong.
        NotPermitted: no role on watch is called that.
    """
    asked = challenge.strip().upper()
    now = node.now()

    def work(unit: Unit) -> TextCopy:
        copy = copy_of(unit, copy_id)
        _require_open(copy)
        line = line_of(unit, copy.line)
        named, day = role_on_watch(unit, node, role), _day_of(unit, line, now, asked, heard)
        secret = _secret(unit, line)
        reply_to(secret, line.id, day, line.us, asked)  # refuses what is no challenge
        _use(unit, node, line, day, line.us, asked, actor=actor)
        is_right = holds(secret, (line.id, day, line.us), asked, heard)
        put = Challenge(to_millisecond(now), day.isoformat(), asked, is_right, named)
        told = replace(copy, challenges=(*copy.challenges, put))
        keep_copy(unit, node, told, EntryKind.TEXT_CHALLENGED, actor=actor)
        if is_right and told.acted_at is None and not told.envelope:
            told = act_on_copy(unit, node, told, AUTHENTICATED, actor=actor)
        return told

    kept = node.store.write(work)
    node.ring()
    return kept


def _require_open(copy: TextCopy) -> None:
    if copy.envelope:
        raise StateForbids("the signed message came", remedy="Read that; the copy is compared.")
    if copy.is_authenticated:
        raise StateForbids("the text is authenticated", remedy="Act on its message.")
    if sum(not each.held for each in copy.challenges) >= MOST_WRONG:
        raise StateForbids(
            f"{MOST_WRONG} replies were wrong: whoever sent it is not who they say",
            remedy="Call back on a number you know, and have the text sent anew.",
        )


def _day_of(view: View, line: Line, now: datetime, challenge: str, heard: str) -> date:
    """Today, or near midnight the day of the card whose reply was heard."""
    secret = _secret(view, line)
    days = dict.fromkeys((now.date(), (now - _NEAR_MIDNIGHT).date(), (now + _NEAR_MIDNIGHT).date()))
    for day in days:
        try:
            if holds(secret, (line.id, day, line.us), challenge, heard):
                return day
        except InvalidInput:
            break
    return now.date()


def _secret(view: View, line: Line) -> str:
    found = view.declaration(Subject.CARD, f"{line.id}/secret")
    if found is None:
        raise NotFound(
            f"no secret was agreed for the cards of {line.id}",
            remedy="Draw one with `card secret`, and have the other side type it.",
        )
    return str(msgspec.json.decode(found.body)["secret"])


def _used(view: View, line: Line, day: date, asker: str) -> tuple[str, ...]:
    begin = f"{line.id}/{day.isoformat()}/{asker}/"
    found = view.declarations_of(Subject.CARD, asker, after=begin, limit=200)
    return tuple(each.id.removeprefix(begin) for each in found if each.id.startswith(begin))


def _use(
    unit: Unit, node: Node, line: Line, day: date, asker: str, challenge: str, *, actor: str
) -> None:
    name = f"{line.id}/{day.isoformat()}/{asker}/{challenge}"
    if unit.declaration(Subject.CARD, name) is not None:
        raise StateForbids(
            f"the challenge {challenge} was put today",
            remedy="Each is put once; take the next. Who asks again may be an impostor.",
        )
    body: JsonValue = {"line": line.id, "day": day.isoformat(), "asker": asker, "put": challenge}
    at = node.now()
    about = (Subject.CARD, name, 1)
    entry = unit.append(record(node.identity, EntryKind.CARD_USED, about, body, at=at, actor=actor))
    kept = Declaration(Subject.CARD, name, asker, 1, False, canonical_bytes(body), entry)
    unit.put_declaration(kept, action="used", at=at)
