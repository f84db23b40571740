"""Texts that nobody signed: entered, authenticated, acted on, held against the envelope."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keepclear.contact.text_lines import written_line
from keepclear.contact.text_names import Place
from keepclear.errors import InvalidInput, InvalidMessage, ModeMismatch, NotFound, StateForbids
from keepclear.model.message import Message
from keepclear.model.message_life import ActKind, State
from keepclear.model.operation import Mode, Precedence
from keepclear.model.text_copy import CopyState, TextCopy
from keepclear.services.line.alarms import alarms
from keepclear.services.line.quarantine import quarantined
from keepclear.services.paper.authenticating import (
    agree_secret,
    authenticate,
    cards_for,
    next_of,
    reply,
    standing_of_cards,
)
from keepclear.services.paper.copies_kept import copy_of
from keepclear.services.paper.entering import Entering, enter_text
from keepclear.services.paper.writing import printed_text
from line_fixture import LINE, verified
from line_pair import Pair, Side, paired_nodes
from messages import an_id, at, do, released

PHONE = Entering("telephone", "duty officer", "somebody")


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with paired_nodes(tmp_path) as made:
        made.look()
        made.cut = True
        secret, mark = agree_secret(made.blue.node, LINE, "")
        assert agree_secret(made.amber.node, LINE, secret) == (secret, mark)
        yield made
        verified(made.blue, made.amber)


def enter(side: Side, text: str, name: str = "copy", how: Entering = PHONE) -> TextCopy:
    return enter_text(side.node, an_id(name), text, how)


def copy_now(side: Side, name: str = "copy") -> TextCopy:
    with side.node.store.view() as view:
        return copy_of(view, an_id(name))


def ask(pair: Pair, copy: TextCopy, **wrong: str) -> TextCopy:
    """AMBER challenges BLUE, who replies by the card."""
    challenge = next_of(pair.amber.node, copy.id)
    heard = wrong.get("heard") or reply(pair.blue.node, LINE, challenge)
    return authenticate(pair.amber.node, copy.id, challenge, heard, role="duty officer")


def carry(pair: Pair) -> None:
    pair.cut = False
    pair.carry()


def test_a_flash_by_voice_is_acted_on_at_once_and_marked_verify(pair: Pair) -> None:
    sent = released(pair.blue, "M09")
    copy = enter(pair.amber, printed_text(pair.blue.node, sent.stored.id).spoken_line)
    assert copy.state is CopyState.VERIFY
    taken = at(pair.amber, copy.message)
    assert taken.life.state is State.DELIVERED
    assert "verify" in taken.life.doubts[0]
    found = alarms(pair.amber.node)
    assert found[0].about == copy.message
    assert any(each.about == copy.id and "verify" in each.what for each in found)


def test_a_flash_that_was_acted_on_is_failed_once_a_reply_was_wrong(pair: Pair) -> None:
    sent = released(pair.blue, "M09")
    copy = enter(pair.amber, printed_text(pair.blue.node, sent.stored.id).spoken_line)
    told = ask(pair, copy, heard="2222")
    assert told.acted_at is not None
    assert told.state is CopyState.FAILED
    urgent = [each for each in alarms(pair.amber.node) if each.about == copy.id]
    assert "another channel" in urgent[0].what
    assert ask(pair, told).state is CopyState.AUTHENTICATED


def test_what_was_done_on_a_copy_known_by_its_place_counts_for_the_signed_message(
    pair: Pair,
) -> None:
    sent = released(pair.blue, "M09")
    copy = enter(pair.amber, printed_text(pair.blue.node, sent.stored.id).spoken_line)
    do(pair.amber, copy.message, ActKind.ACKNOWLEDGE)
    carry(pair)
    assert copy_now(pair.amber).state is CopyState.MATCHED
    assert at(pair.amber, copy.message).life.superseded_by == sent.stored.id
    assert at(pair.amber, sent.stored.id).life.acknowledged_by == "duty officer"
    assert at(pair.blue, sent.stored.id).life.acknowledged_by == "duty officer"


def test_a_copy_with_its_id_becomes_the_signed_message(pair: Pair) -> None:
    sent = released(pair.blue, "M09")
    copy = enter(pair.amber, printed_text(pair.blue.node, sent.stored.id).line)
    assert copy.message == sent.stored.id
    do(pair.amber, copy.message, ActKind.ACKNOWLEDGE)
    carry(pair)
    taken = at(pair.amber, sent.stored.id)
    assert not any("TEXT COPY" in each for each in taken.life.doubts)
    assert taken.life.acknowledged_by == "duty officer"
    assert taken.message.originated_at == sent.message.originated_at
    assert copy_now(pair.amber).state is CopyState.MATCHED


def test_any_other_message_waits_for_challenge_and_reply(pair: Pair) -> None:
    sent = released(pair.blue, "M16")
    copy = enter(pair.amber, printed_text(pair.blue.node, sent.stored.id).line)
    assert copy.state is CopyState.WAITING
    with pytest.raises(NotFound):
        at(pair.amber, copy.message)
    told = ask(pair, copy)
    assert told.state is CopyState.AUTHENTICATED
    assert "authenticated by challenge" in at(pair.amber, copy.message).life.doubts[0]


def test_an_impostors_suspension_by_telephone_is_never_acted_on(pair: Pair) -> None:
    forged = Message(
        id=an_id("forged"),
        code="M23",
        version=1,
        line=LINE,
        sender="BLUE",
        recipient="AMBER",
        from_role="duty officer",
        to_role="duty officer",
        mode=Mode.EXERCISE,
        precedence=Precedence.IMMEDIATE,
        originated_at=pair.blue.node.now(),
        fields={
            "act": "suspend",
            "scope": "all",
            "residue": "nothing",
            "effective_at": "2026-03-14T08:00:00Z",
        },
    )
    copy = enter(pair.amber, written_line(forged, Place(1, 99)))
    for _ in range(3):
        copy = ask(pair, copy, heard="2222")
    assert copy.state is CopyState.FAILED
    with pytest.raises(StateForbids, match="wrong"):
        ask(pair, copy)
    assert "line declared" not in pair.amber.kinds()
    urgent = [each for each in alarms(pair.amber.node) if each.about == copy.id]
    assert "authentication failed" in urgent[0].what


def test_a_difference_from_the_envelope_is_disputed_and_no_tampering(pair: Pair) -> None:
    from unit.contact.test_text_lines import spoilt

    sent = released(pair.blue, "M09")
    line = printed_text(pair.blue.node, sent.stored.id).line
    copy = enter(pair.amber, spoilt(line, "two fast aircraft", "one slow aircraft"))
    carry(pair)
    told = copy_now(pair.amber)
    assert told.state is CopyState.DISPUTED
    assert [(each.key, each.copied, each.sent) for each in told.differences] == [
        ("subject", "one slow aircraft", "two fast aircraft")
    ]
    taken = at(pair.amber, sent.stored.id)
    assert taken.message.fields["subject"] == "two fast aircraft"
    assert any("differs" in each for each in taken.life.doubts)
    assert "line tampered" not in pair.amber.kinds()
    assert "text disputed" in pair.amber.kinds()
    assert copy.text in told.text


def test_a_text_that_comes_after_its_envelope_is_compared_at_once(pair: Pair) -> None:
    sent = released(pair.blue, "M09")
    carry(pair)
    copy = enter(pair.amber, printed_text(pair.blue.node, sent.stored.id).spoken_line)
    assert copy.state is CopyState.MATCHED


def test_a_challenge_is_put_once_and_answered_once(pair: Pair) -> None:
    sent = released(pair.blue, "M16")
    copy = enter(pair.amber, printed_text(pair.blue.node, sent.stored.id).line)
    challenge = next_of(pair.amber.node, copy.id)
    right = reply(pair.blue.node, LINE, challenge)
    with pytest.raises(StateForbids):
        reply(pair.blue.node, LINE, challenge)
    authenticate(pair.amber.node, copy.id, challenge, "2222", role="duty officer")
    with pytest.raises(StateForbids):
        authenticate(pair.amber.node, copy.id, challenge, right, role="duty officer")
    assert standing_of_cards(pair.amber.node, LINE).used == (challenge,)
    assert standing_of_cards(pair.blue.node, LINE).answered == (challenge,)


def test_both_sides_print_the_same_cards_and_the_ledger_never_holds_the_secret(pair: Pair) -> None:
    day = pair.blue.node.now().date()
    ours, theirs = cards_for(pair.blue.node, LINE, day)
    assert cards_for(pair.amber.node, LINE, day) == (theirs, ours)
    secret, _ = agree_secret(pair.blue.node, LINE, "")
    with pair.blue.node.store.view() as view:
        payloads = b"".join(each.payload or b"" for each in view.entries(limit=10_000))
    assert secret.encode() not in payloads


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda line: line.replace("35.7100N", "35.7900N"), InvalidMessage),
        (lambda line: line.replace("EXERCISE", "REAL"), InvalidMessage),
        (lambda _: "FLASH this is no line at all", InvalidMessage),
    ],
)
def test_what_cannot_be_read_is_kept_as_evidence(pair: Pair, change: Any, error: type) -> None:
    sent = released(pair.blue, "M09")
    line = change(printed_text(pair.blue.node, sent.stored.id).line)
    with pytest.raises(error):
        enter(pair.amber, line)
    with pair.amber.node.store.view() as view:
        (found,) = quarantined(view)
    assert found.content == line
    assert found.alarm  # it says FLASH


def test_a_text_of_the_other_mode_or_of_strangers_is_refused_and_kept(pair: Pair) -> None:
    from unit.contact.test_text_lines import spoilt

    line = printed_text(pair.blue.node, released(pair.blue, "M09").stored.id).line
    with pytest.raises(ModeMismatch):
        enter(pair.amber, spoilt(line, "EXERCISE", "REAL"), "a")
    with pytest.raises(NotFound):
        enter(pair.amber, spoilt(line, "BLUE>AMBER", "GREEN>AMBER"), "b")
    with pytest.raises(InvalidInput):
        enter(pair.blue, line, "c")
    with pair.amber.node.store.view() as view:
        assert len(quarantined(view)) == 2


def test_entering_twice_changes_nothing(pair: Pair) -> None:
    line = printed_text(pair.blue.node, released(pair.blue, "M09").stored.id).line
    assert enter(pair.amber, line) == enter(pair.amber, line)
    assert pair.amber.kinds().count("text entered") == 1
