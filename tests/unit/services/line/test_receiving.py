"""What comes over a line: taken once and in order, or kept apart with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from keepclear.errors import NotFound
from keepclear.formats.agreement import read_agreement, write_agreement
from keepclear.formats.documents.envelope import envelope_bytes, envelope_of
from keepclear.formats.documents.message import message_document
from keepclear.identity.agreement_signatures import sign_agreement
from keepclear.identity.certificates import certificate_bytes
from keepclear.identity.envelopes import sign_envelope
from keepclear.identity.keys import NodeKey
from keepclear.model.envelope import AgreementRef, Result
from keepclear.model.operation import Mode, Precedence
from keepclear.model.window import Window
from keepclear.services.agreeing import file_agreement
from keepclear.services.expected import NEW
from keepclear.services.line.quarantine import (
    MOST_AN_HOUR,
    Quarantined,
    Reason,
    quarantined,
    see,
)
from keepclear.services.line.receiving import Receipts, receive
from keepclear.services.line.signing import take_signature
from line_fixture import LINE, Side, certificate_for, message, two_nodes, verified
from node_fixture import START
from samples import agreement

FLASH = Precedence.FLASH
STRANGER = NodeKey.from_seed(b"\x66" * 32)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    with two_nodes(tmp_path) as (blue, amber):
        yield blue, amber


def results(receipts: Receipts) -> list[Result]:
    return [item.result for each in receipts.receipts for item in each.items]


def reasons(receipts: Receipts) -> list[str]:
    return [item.reason for each in receipts.receipts for item in each.items]


def kept(side: Side) -> tuple[Quarantined, ...]:
    with side.node.store.view() as view:
        return quarantined(view)


def altered(side: Side, content: bytes, key: NodeKey | None = None, **changes: Any) -> bytes:
    """An envelope as the same side would have signed it otherwise."""
    envelope = replace(envelope_of(content), signature=b"", **changes)
    signer = key or side.key
    if key is not None:
        envelope = replace(envelope, key=signer.key_id)
    return envelope_bytes(sign_envelope(envelope, signer.sign).envelope)


def posted(side: Side, count: int, precedence: Precedence = Precedence.ROUTINE) -> list[bytes]:
    before = len(side.sent())
    for number in range(before, before + count):
        side.post(message(side.party, number=number, at=side.clock.now(), precedence=precedence))
    return side.sent()[before:]


def test_what_was_posted_is_taken_once_however_often_it_comes(pair: tuple[Side, Side]) -> None:
    blue, amber = pair
    sent = posted(blue, 3)
    assert results(receive(amber.node, LINE, sent)) == [Result.TAKEN] * 3
    assert results(receive(amber.node, LINE, sent)) == [Result.DUPLICATE] * 3
    assert len(amber.received()) == 3
    verified(blue, amber)


def test_a_day_later_a_replay_is_still_a_duplicate(pair: tuple[Side, Side]) -> None:
    blue, amber = pair
    sent = posted(blue, 1)
    receive(amber.node, LINE, sent)
    amber.clock.turn(days=1)
    assert results(receive(amber.node, LINE, sent)) == [Result.DUPLICATE]


def test_an_early_envelope_is_held_and_the_gap_told_and_noted(pair: tuple[Side, Side]) -> None:
    blue, amber = pair
    sent = posted(blue, 4)
    told = receive(amber.node, LINE, [sent[0], sent[3]])
    assert results(told) == [Result.TAKEN, Result.HELD]
    assert told.receipts[0].missing == ((2, 3),)
    assert amber.kinds().count("line gap noted") == 1
    filled = receive(amber.node, LINE, sent[1:3])
    assert (filled.receipts[0].have, filled.receipts[0].missing) == (4, ())
    assert amber.received() == [str(envelope_of(each).message["id"]) for each in sent]


def test_a_batch_in_any_order_is_taken_in_the_order_of_its_stream(pair: tuple[Side, Side]) -> None:
    blue, amber = pair
    sent = posted(blue, 5)
    receive(amber.node, LINE, [sent[each] for each in (3, 1, 4, 0, 2)])
    assert amber.received() == [str(envelope_of(each).message["id"]) for each in sent]


def test_flash_is_taken_at_once_before_those_it_overtook(pair: tuple[Side, Side]) -> None:
    blue, amber = pair
    ordinary = posted(blue, 2)
    (flash,) = posted(blue, 1, FLASH)
    later = posted(blue, 1)
    assert results(receive(amber.node, LINE, [flash])) == [Result.TAKEN]
    assert len(amber.received()) == 1
    assert results(receive(amber.node, LINE, [*ordinary, *later])) == [Result.TAKEN] * 3
    assert results(receive(amber.node, LINE, [flash])) == [Result.DUPLICATE]
    assert len(amber.received()) == 4


def test_two_signed_envelopes_of_one_serial_are_both_kept_and_alarm(
    pair: tuple[Side, Side],
) -> None:
    blue, amber = pair
    (sent,) = posted(blue, 1)
    receive(amber.node, LINE, [sent])
    other = altered(blue, sent, at=START + timedelta(seconds=1))
    told = receive(amber.node, LINE, [other])
    assert (results(told), reasons(told)) == ([Result.QUARANTINED], [Reason.TAMPERED.value])
    (found,) = kept(amber)
    assert found.alarm
    assert found.content == other.decode()
    assert "line tampered" in amber.kinds()
    receive(amber.node, LINE, [other])
    assert len(kept(amber)) == 1
    assert results(receive(amber.node, LINE, posted(blue, 1))) == [Result.TAKEN]


def test_an_envelope_that_names_another_history_is_a_fork(pair: tuple[Side, Side]) -> None:
    blue, amber = pair
    first, second = posted(blue, 2)
    receive(amber.node, LINE, [first])
    told = receive(amber.node, LINE, [altered(blue, second, previous=b"\x01" * 32)])
    assert reasons(told) == [Reason.FORK.value]
    assert results(receive(amber.node, LINE, [second])) == [Result.TAKEN]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"mode": Mode.REAL}, Reason.OTHER_MODE),
        ({"line": "AMBER-GREEN"}, Reason.OTHER_LINE),
        ({"sender": "GREEN"}, Reason.OTHER_LINE),
        ({"recipient": "GREEN"}, Reason.OTHER_LINE),
        ({"node": "00000000-0000-4000-8000-000000000000"}, Reason.OTHER_LINE),
        ({"key": STRANGER}, Reason.UNKNOWN_KEY),
    ],
)
def test_what_nobody_vouches_for_is_kept_apart_with_its_reason(
    pair: tuple[Side, Side], changes: dict[str, Any], reason: Reason
) -> None:
    blue, amber = pair
    (sent,) = posted(blue, 1)
    told = receive(amber.node, LINE, [altered(blue, sent, **changes)])
    assert (results(told), reasons(told)) == ([Result.QUARANTINED], [reason.value])
    assert [each.reason for each in kept(amber)] == [reason.value]
    assert "quarantine noted" in amber.kinds()
    assert amber.received() == []
    assert results(receive(amber.node, LINE, [sent])) == [Result.TAKEN]


def test_a_signature_that_does_not_hold_is_kept_apart(pair: tuple[Side, Side]) -> None:
    blue, amber = pair
    (sent,) = posted(blue, 1)
    forged = envelope_bytes(replace(envelope_of(sent), signature=b"\x01" * 64))
    assert reasons(receive(amber.node, LINE, [forged])) == [Reason.BAD_SIGNATURE.value]


def test_rubbish_is_kept_apart_and_changes_nothing_else(pair: tuple[Side, Side]) -> None:
    blue, amber = pair
    (sent,) = posted(blue, 1)
    told = receive(amber.node, LINE, [b"\xff\x00", sent, b"{}"])
    assert results(told) == [Result.TAKEN]
    assert [each.reason for each in kept(amber)] == [Reason.UNREADABLE.value] * 2


def test_flash_of_an_unknown_key_asks_a_person_to_verify_by_voice(pair: tuple[Side, Side]) -> None:
    blue, amber = pair
    (sent,) = posted(blue, 1, FLASH)
    receive(amber.node, LINE, [altered(blue, sent, key=STRANGER)])
    (found,) = kept(amber)
    assert found.alarm
    assert found.detail.startswith("Verify by voice")
    assert not see(amber.node, found.id, actor="duty officer").alarm
    assert kept(amber) == ()


def test_a_flood_that_nobody_vouches_for_is_noted_only_so_often_an_hour(
    pair: tuple[Side, Side],
) -> None:
    _, amber = pair
    before = len(amber.kinds())
    for number in range(MOST_AN_HOUR + 30):
        receive(amber.node, LINE, [b"rubbish %d" % number])
    assert len(amber.kinds()) == before + MOST_AN_HOUR
    amber.clock.turn(hours=1)
    receive(amber.node, LINE, [b"rubbish of the next hour"])
    assert len(amber.kinds()) == before + MOST_AN_HOUR + 1


def test_an_ordinary_message_under_another_agreement_is_refused_and_flash_is_taken(
    pair: tuple[Side, Side],
) -> None:
    blue, amber = pair
    other = AgreementRef("TEST", 1, "00" * 32)
    (sent,) = posted(blue, 1)
    first = altered(blue, sent, agreement=other)
    told = receive(amber.node, LINE, [first])
    assert (results(told), reasons(told)) == ([Result.REFUSED], [Reason.AGREEMENT_DIFFERS.value])
    assert told.receipts[0].have == 1
    assert results(receive(amber.node, LINE, [first])) == [Result.REFUSED]
    link = sign_envelope(replace(envelope_of(first), signature=b""), blue.key.sign)
    urgent = message(number=2, precedence=FLASH)
    flash = altered(
        blue,
        sent,
        agreement=other,
        serial=2,
        previous=link.hash,
        precedence=FLASH,
        message=message_document(urgent),
    )
    assert results(receive(amber.node, LINE, [flash])) == [Result.TAKEN]
    assert amber.received() == [urgent.id]


def test_a_version_that_only_one_party_signed_does_not_bind_the_line(
    pair: tuple[Side, Side],
) -> None:
    blue, amber = pair
    valid = Window(START - timedelta(days=1), agreement().valid.end)
    toml = write_agreement(replace(agreement(), version=2, valid=valid)).encode()
    second = read_agreement(toml, name="second")
    file_agreement(blue.node, "TEST", 2, toml, expected=NEW)
    take_signature(blue.node, sign_agreement(blue.root, second, party="BLUE", at=START))
    (sent,) = posted(blue, 1)
    assert envelope_of(sent).agreement.version == 1
    assert results(receive(amber.node, LINE, [sent])) == [Result.TAKEN]


@pytest.mark.parametrize("minutes", [10, -10])
def test_a_clock_ten_minutes_off_is_measured_and_everything_is_still_taken(
    pair: tuple[Side, Side], minutes: int
) -> None:
    blue, amber = pair
    blue.clock.turn(minutes=minutes)
    sent = [*posted(blue, 1), *posted(blue, 1, FLASH)]
    told = receive(amber.node, LINE, sent, sent_at=blue.clock.now())
    assert results(told) == [Result.TAKEN] * 2
    assert amber.line().skew_s == 60.0 * minutes
    assert "line clock noted" in amber.kinds()


def test_a_new_key_of_the_same_root_is_taken_with_its_certificate(pair: tuple[Side, Side]) -> None:
    blue, amber = pair
    (sent,) = posted(blue, 1)
    fresh = NodeKey.from_seed(b"\x44" * 32)
    renewed = altered(blue, sent, key=fresh)
    assert reasons(receive(amber.node, LINE, [renewed])) == [Reason.UNKNOWN_KEY.value]
    told = certificate_bytes(certificate_for(blue.root, fresh, blue.node.identity, START))
    taken = receive(amber.node, LINE, [renewed], certificate=told)
    assert results(taken) == [Result.TAKEN]
    assert told in amber.line().peer.certificates
    assert "line key taken" in amber.kinds()


def test_a_certificate_of_another_root_lets_nobody_in(pair: tuple[Side, Side]) -> None:
    blue, amber = pair
    (sent,) = posted(blue, 1)
    told = certificate_bytes(certificate_for(amber.root, STRANGER, blue.node.identity, START))
    forged = altered(blue, sent, key=STRANGER)
    taken = receive(amber.node, LINE, [forged], certificate=told)
    assert reasons(taken) == [Reason.UNKNOWN_KEY.value]


def test_a_new_epoch_is_noted_and_what_was_held_of_the_old_one_is_taken(
    pair: tuple[Side, Side],
) -> None:
    blue, amber = pair
    sent = posted(blue, 3)
    receive(amber.node, LINE, [sent[0], sent[2]])
    fresh = message(number=50)
    restored = altered(blue, sent[0], epoch=1, message=message_document(fresh))
    assert results(receive(amber.node, LINE, [restored])) == [Result.TAKEN]
    assert {"line epoch begun", "line gap given up"} <= set(amber.kinds())
    assert not {"line tampered"} & set(amber.kinds())
    assert len(amber.received()) == 3
    assert results(receive(amber.node, LINE, [sent[1]])) == [Result.TAKEN]
    assert len(amber.received()) == 4


def test_an_envelope_that_names_another_precedence_than_its_message_is_refused(
    pair: tuple[Side, Side],
) -> None:
    blue, amber = pair
    (sent,) = posted(blue, 1)
    told = receive(amber.node, LINE, [altered(blue, sent, precedence=FLASH)])
    assert results(told) == [Result.REFUSED]


def test_a_message_that_cannot_be_taken_does_not_hold_up_those_behind_it(
    pair: tuple[Side, Side],
) -> None:
    blue, amber = pair
    first, second, third = posted(blue, 3)
    broken = {**envelope_of(first).message, "version": 0}
    bad = altered(blue, first, message=broken)
    link = sign_envelope(replace(envelope_of(bad), signature=b""), blue.key.sign)
    good = altered(blue, second, previous=link.hash)
    told = receive(amber.node, LINE, [bad, good])
    assert results(told) == [Result.REFUSED, Result.TAKEN]
    assert [each.reason for each in kept(amber)] == [Reason.NOT_USABLE.value]
    assert results(receive(amber.node, LINE, [bad])) == [Result.REFUSED]
    del third
    verified(amber)


def test_nothing_is_taken_on_a_line_that_is_not_there(pair: tuple[Side, Side]) -> None:
    blue, amber = pair
    with pytest.raises(NotFound):
        receive(amber.node, "AMBER-GREEN", posted(blue, 1))
