"""What a node answers its peers: bounded, with reasons, and FLASH whatever else comes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract.peers.served import asked, serving, tls_key
from keepclear.api.node.deliveries import BY_LINE, BY_STRANGER, FLASH_BYTES
from keepclear.api.node.limits import Limits, Rate
from keepclear.compose.peers_serving import needs_tls
from keepclear.errors import InvalidInput, PeerRefused
from keepclear.formats.documents.delivery import MOST_BYTES, Handed, batch_digest, handed_bytes
from keepclear.formats.documents.envelope import envelope_bytes, envelope_of
from keepclear.identity.certificates import certificate_bytes
from keepclear.identity.envelopes import sign_delivery
from keepclear.identity.keys import NodeKey
from keepclear.model.envelope import Delivery
from keepclear.model.operation import Mode, Precedence
from keepclear.peers.node import NodePeers
from keepclear.ports.peers import PeerAddress
from keepclear.services.line.quarantine import quarantined
from line_fixture import LINE, Side, message, party_node, two_nodes

STRANGER = NodeKey.from_seed(b"\x66" * 32)
ENVELOPES, FLASH = "/node/v1/envelopes", "/node/v1/flash"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Side, Side, PeerAddress]]:
    """BLUE, AMBER, and where AMBER answers."""
    with two_nodes(tmp_path) as (blue, amber), serving(amber) as address:
        yield blue, amber, address


@pytest.fixture
def flooded(tmp_path: Path) -> Iterator[tuple[Side, Side, PeerAddress]]:
    """As `served`, in an instant that does not pass, so that no machine is too slow to flood it."""
    with two_nodes(tmp_path) as (blue, amber), serving(amber, seconds=lambda: 0.0) as address:
        yield blue, amber, address


def delivery(side: Side, *contents: bytes, key: NodeKey | None = None, line: str = LINE) -> bytes:
    signer = key or side.key
    assert side.node.certificate is not None
    unsigned = Delivery(
        line=line,
        node=side.node.identity.id,
        key=signer.key_id,
        at=side.clock.now(),
        count=len(contents),
        digest=batch_digest(contents),
    )
    signed = sign_delivery(unsigned, signer.sign)
    return handed_bytes(Handed(signed, certificate_bytes(side.node.certificate), contents))


def told(response: httpx.Response) -> tuple[int, str]:
    document: dict[str, Any] = response.json()
    return response.status_code, document["code"]


def found(side: Side) -> list[tuple[str, bool]]:
    with side.node.store.view() as view:
        return [(each.reason, each.alarm) for each in quarantined(view)]


def test_a_body_that_is_too_large_is_refused_and_the_node_goes_on(
    served: tuple[Side, Side, PeerAddress],
) -> None:
    blue, amber, address = served
    assert told(asked(address, "POST", ENVELOPES, b"x" * (MOST_BYTES + 1)))[0] == 413
    assert told(asked(address, "POST", FLASH, b"x" * (FLASH_BYTES + 1)))[0] == 413
    blue.post(message())
    assert asked(address, "POST", ENVELOPES, delivery(blue, *blue.sent())).status_code == 200
    assert len(amber.received()) == 1


@pytest.mark.parametrize("body", [b"", b"{}", b"[", b"\xff", b'{"delivery":{}}'])
def test_rubbish_is_refused_with_a_reason(
    served: tuple[Side, Side, PeerAddress], body: bytes
) -> None:
    assert told(asked(served[2], "POST", ENVELOPES, body)) == (400, "invalid-message")


def test_another_path_method_or_version_is_refused(served: tuple[Side, Side, PeerAddress]) -> None:
    address = served[2]
    assert told(asked(address, "GET", "/api/v1/node"))[0] == 404
    assert told(asked(address, "GET", ENVELOPES))[0] == 405
    with httpx.Client(base_url=address.url, trust_env=False) as http:
        response = http.post(ENVELOPES, content=b"", headers={"keepclear-version": "3"})
    assert told(response) == (400, "peer-version")


def test_a_delivery_of_an_unknown_party_or_key_is_refused_and_noted(
    served: tuple[Side, Side, PeerAddress],
) -> None:
    blue, amber, address = served
    blue.post(message())
    foreign = delivery(blue, *blue.sent(), line="AMBER-GREEN")
    assert told(asked(address, "POST", ENVELOPES, foreign)) == (403, "not-vouched-for")
    forged = delivery(blue, *blue.sent(), key=STRANGER)
    assert told(asked(address, "POST", ENVELOPES, forged)) == (403, "not-vouched-for")
    assert sorted(found(amber)) == [("unknown key", False), ("unknown party", False)]
    assert amber.received() == []


def test_flash_that_nobody_vouches_for_alarms_a_person(
    served: tuple[Side, Side, PeerAddress],
) -> None:
    blue, amber, address = served
    blue.post(message(precedence=Precedence.FLASH))
    forged = delivery(blue, *blue.sent(), key=STRANGER)
    assert told(asked(address, "POST", FLASH, forged))[0] == 403
    assert found(amber) == [("unknown key", True)]


def test_only_flash_goes_the_way_of_flash(served: tuple[Side, Side, PeerAddress]) -> None:
    blue, _, address = served
    blue.post(message())
    assert told(asked(address, "POST", FLASH, delivery(blue, *blue.sent()))) == (400, "not-flash")


def test_a_flooding_peer_is_told_to_wait_and_its_flash_still_gets_through(
    flooded: tuple[Side, Side, PeerAddress],
) -> None:
    blue, amber, address = flooded
    body = delivery(blue)
    statuses: list[int] = []

    def flood() -> None:
        with httpx.Client(base_url=address.url, trust_env=False, timeout=30) as http:
            for _ in range(100):
                response = http.post(ENVELOPES, content=body)
                statuses.append(response.status_code)
                if response.status_code == 429:
                    assert int(response.headers["retry-after"]) >= 1

    threads = [threading.Thread(target=flood) for _ in range(4)]
    for thread in threads:
        thread.start()
    blue.post(message(precedence=Precedence.FLASH))
    urgent = asked(address, "POST", FLASH, delivery(blue, *blue.sent()))
    for thread in threads:
        thread.join()
    assert urgent.status_code == 200
    assert len(amber.received()) == 1
    assert 429 in statuses
    assert 200 in statuses


def test_strangers_together_are_looked_at_only_so_often(
    flooded: tuple[Side, Side, PeerAddress],
) -> None:
    blue, _, address = flooded
    body = delivery(blue, key=STRANGER)
    with httpx.Client(base_url=address.url, trust_env=False, timeout=30) as http:
        statuses = [http.post(ENVELOPES, content=body).status_code for _ in range(60)]
    assert statuses[0] == 403
    assert statuses[-1] == 429
    assert statuses.count(403) == BY_STRANGER.burst


def test_a_real_node_answers_nothing_unencrypted(tmp_path: Path) -> None:
    with party_node(tmp_path / "real", "AMBER", seed=9, mode=Mode.REAL) as amber:
        with serving(amber) as address:
            assert told(asked(address, "GET", "/node/v1/hello")) == (403, "unencrypted")
        with serving(amber, tls_key(tmp_path)) as address:
            assert asked(address, "GET", "/node/v1/hello").status_code == 200


def test_a_refusal_says_when_to_come_again(flooded: tuple[Side, Side, PeerAddress]) -> None:
    blue, _, address = flooded
    body = delivery(blue)
    waits_s: list[float] = []
    with closing(NodePeers()) as peers:
        for _ in range(int(BY_LINE.burst) + 3):
            try:
                peers.deliver(address, body)
            except PeerRefused as refused:
                waits_s.append(refused.retry_after_s)
    assert waits_s
    assert min(waits_s) >= 1.0


def test_a_corrupted_envelope_is_kept_apart_and_the_others_are_taken(
    served: tuple[Side, Side, PeerAddress],
) -> None:
    blue, amber, address = served
    for number in range(3):
        blue.post(message(number=number))
    first, second, third = blue.sent()
    broken = envelope_bytes(replace(envelope_of(second), signature=b"\x00" * 64))
    body = delivery(blue, first, broken, third)
    assert asked(address, "POST", ENVELOPES, body).status_code == 200
    assert found(amber) == [("bad signature", False)]
    assert len(amber.received()) == 1
    assert asked(address, "POST", ENVELOPES, delivery(blue, second)).status_code == 200
    assert len(amber.received()) == 3


class Seconds:
    def __init__(self) -> None:
        self.at_s = 0.0

    def __call__(self) -> float:
        return self.at_s


def test_a_bucket_fills_again_with_time() -> None:
    seconds = Seconds()
    limits = Limits(Rate(per_s=2.0, burst=3.0), seconds)
    assert [limits.wait_s("a") for _ in range(4)] == [0, 0, 0, 1]
    assert limits.wait_s("b") == 0
    seconds.at_s = 0.5
    assert [limits.wait_s("a") for _ in range(2)] == [0, 1]


def test_plain_http_is_for_exercise_on_this_machine_alone() -> None:
    assert not needs_tls("127.0.0.1", "", Mode.EXERCISE)
    assert needs_tls("127.0.0.1", "https://blue.example:8601", Mode.EXERCISE)
    assert needs_tls("192.0.2.7", "", Mode.EXERCISE)
    assert needs_tls("127.0.0.1", "", Mode.REAL)
    with pytest.raises(InvalidInput):
        needs_tls("127.0.0.1", "http://127.0.0.1:8601", Mode.REAL)
