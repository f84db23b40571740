"""The bad inputs of issue 4 over real HTTP: each leaves a reasoned record, and FLASH goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest

from contract.peers.served import asked, serving
from contract.peers.test_answering import ENVELOPES, FLASH, STRANGER, delivery
from keepclear.formats.documents.envelope import envelope_bytes, envelope_of
from keepclear.model.envelope import AgreementRef
from keepclear.model.operation import Mode, Precedence
from keepclear.ports.peers import PeerAddress
from keepclear.services.line.messaging import find
from keepclear.services.line.quarantine import Reason, quarantined
from line_fixture import LINE, Side, message, two_nodes, verified
from unit.services.line.test_receiving import altered

Served: TypeAlias = tuple[Side, Side, PeerAddress]
Made: TypeAlias = Callable[[Side, bytes], bytes]

OTHER_TEXT = AgreementRef("TEST", 1, "00" * 32)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """BLUE, AMBER, and where AMBER answers."""
    with two_nodes(tmp_path) as (blue, amber), serving(amber) as address:
        yield blue, amber, address


def wrong_signature(blue: Side, sent: bytes) -> bytes:
    broken = envelope_bytes(replace(envelope_of(sent), signature=b"\x01" * 64))
    return delivery(blue, broken)


def unknown_party(blue: Side, sent: bytes) -> bytes:
    return delivery(blue, sent, line="AMBER-GREEN")


def unknown_sender(blue: Side, sent: bytes) -> bytes:
    return delivery(blue, altered(blue, sent, sender="GREEN"))


def unknown_key(blue: Side, sent: bytes) -> bytes:
    return delivery(blue, sent, key=STRANGER)


def other_mode(blue: Side, sent: bytes) -> bytes:
    return delivery(blue, altered(blue, sent, mode=Mode.REAL))


def other_agreement(blue: Side, sent: bytes) -> bytes:
    return delivery(blue, altered(blue, sent, agreement=OTHER_TEXT))


@pytest.mark.parametrize(
    ("made", "status", "reason"),
    [
        (wrong_signature, 200, Reason.BAD_SIGNATURE),
        (unknown_party, 403, Reason.UNKNOWN_PARTY),
        (unknown_sender, 200, Reason.OTHER_LINE),
        (unknown_key, 403, Reason.UNKNOWN_KEY),
        (other_mode, 200, Reason.OTHER_MODE),
        (other_agreement, 200, Reason.AGREEMENT_DIFFERS),
    ],
)
def test_what_is_wrong_is_kept_apart_with_its_reason_and_a_flash_gets_through_all_the_same(
    served: Served, made: Made, status: int, reason: Reason
) -> None:
    blue, amber, address = served
    blue.post(message())
    (sent,) = blue.sent()
    assert asked(address, "POST", ENVELOPES, made(blue, sent)).status_code == status
    assert reasons(amber) == [reason.value]
    assert "quarantine noted" in amber.kinds()
    assert amber.received() == []
    a_flash_gets_through(served)
    verified(amber)


def test_a_replay_by_whoever_recorded_it_changes_nothing(served: Served) -> None:
    blue, amber, address = served
    blue.post(message())
    recorded = delivery(blue, *blue.sent())
    assert asked(address, "POST", ENVELOPES, recorded).status_code == 200
    before = amber.kinds()
    amber.clock.turn(days=1)
    for _ in range(3):
        again = asked(address, "POST", ENVELOPES, recorded)
        assert again.status_code == 200
        assert b'"duplicate"' in again.content
    assert [each for each in amber.kinds()[len(before) :] if each != "line clock noted"] == []
    assert len(amber.received()) == 1


@pytest.mark.parametrize("minutes", [10, -10])
def test_a_clock_ten_minutes_off_is_told_beside_each_message_and_stops_none(
    served: Served, minutes: int
) -> None:
    blue, amber, address = served
    blue.clock.turn(minutes=minutes)
    blue.post(message(at=blue.clock.now()))
    assert asked(address, "POST", ENVELOPES, delivery(blue, *blue.sent())).status_code == 200
    urgent = a_flash_gets_through(served)
    for name in (*amber.received(), urgent):
        assert "clock doubtful" in doubts(amber, name)
    assert amber.line().skew_s == 60.0 * minutes
    assert reasons(amber) == []


def test_a_flash_under_another_agreement_is_taken_and_marked(served: Served) -> None:
    blue, amber, address = served
    urgent = message(precedence=Precedence.FLASH)
    blue.post(urgent)
    (sent,) = blue.sent()
    marked = delivery(blue, altered(blue, sent, agreement=OTHER_TEXT))
    assert asked(address, "POST", FLASH, marked).status_code == 200
    assert "agreement differs" in doubts(amber, urgent.id)


def a_flash_gets_through(served: Served) -> str:
    """Post a FLASH and have it delivered; its id."""
    blue, amber, address = served
    urgent = message(number=2, precedence=Precedence.FLASH, at=blue.clock.now())
    blue.post(urgent)
    body = delivery(blue, blue.sent()[-1])
    assert asked(address, "POST", FLASH, body).status_code == 200
    assert urgent.id in amber.received()
    return urgent.id


def reasons(side: Side) -> list[str]:
    with side.node.store.view() as view:
        return [each.reason for each in quarantined(view)]


def doubts(side: Side, name: str) -> tuple[str, ...]:
    with side.node.store.view() as view:
        held = find(view, name)
    assert held is not None
    assert held.stored.line == LINE
    return held.life.doubts
