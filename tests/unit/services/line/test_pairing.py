"""Making a line: both signed one agreement, and a voice confirmed the root."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from keepclear.errors import (
    InvalidAgreement,
    InvalidInput,
    ModeMismatch,
    NotFound,
    StateForbids,
    VersionMismatch,
)
from keepclear.formats.agreement import read_agreement, write_agreement
from keepclear.identity.agreement_signatures import sign_agreement
from keepclear.identity.cards import sign_card
from keepclear.identity.fingerprints import fingerprint
from keepclear.identity.keys import PartyRoot
from keepclear.model.operation import Mode
from keepclear.services.agreeing import file_agreement
from keepclear.services.expected import NEW
from keepclear.services.line.pairing import lines
from keepclear.services.line.peering import Paired, add_peer, require_address
from keepclear.services.line.signing import take_signature
from line_fixture import Side, party_node, sign_both
from samples import agreement

AGREED = read_agreement(write_agreement(agreement()).encode(), name="agreed")
OTHER_ROOT = PartyRoot.from_seed(b"\x77" * 32)


@pytest.fixture
def apart(tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    with (
        party_node(tmp_path / "blue", "BLUE", seed=7) as blue,
        party_node(tmp_path / "amber", "AMBER", seed=9) as amber,
    ):
        yield blue, amber


def add(here: Side, there: Side, *, heard: str = "", url: str = "http://127.0.0.1:8601") -> Paired:
    said = heard or fingerprint(there.root.public_key)
    card = there.card(url)
    return add_peer(here.node, card, agreement_id="TEST", heard=said, expected=NEW, actor="officer")


def test_a_line_needs_an_agreement_filed_and_signed_by_both(apart: tuple[Side, Side]) -> None:
    blue, amber = apart
    with pytest.raises(NotFound, match="no agreement TEST"):
        add(blue, amber)
    file_agreement(blue.node, "TEST", 1, write_agreement(agreement()).encode(), expected=NEW)
    with pytest.raises(StateForbids, match="BLUE has not signed"):
        add(blue, amber)
    now = blue.clock.now()
    take_signature(blue.node, sign_agreement(blue.root, AGREED, party="BLUE", at=now))
    with pytest.raises(StateForbids, match="AMBER has not signed"):
        add(blue, amber)
    take_signature(blue.node, sign_agreement(amber.root, AGREED, party="AMBER", at=now))
    paired = add(blue, amber)
    assert paired.created
    assert paired.line.fingerprint_confirmed_by == "officer"
    assert blue.rung


def test_the_same_card_again_changes_nothing(apart: tuple[Side, Side]) -> None:
    blue, amber = apart
    sign_both(blue, amber)
    first = add(blue, amber)
    again = add(blue, amber)
    assert (again.created, again.line) == (False, first.line)
    with pytest.raises(VersionMismatch):
        add(blue, amber, url="http://127.0.0.1:8602")


def test_another_fingerprint_than_the_one_heard_makes_no_line(apart: tuple[Side, Side]) -> None:
    blue, amber = apart
    sign_both(blue, amber)
    with pytest.raises(InvalidInput, match="what was heard"):
        add(blue, amber, heard=fingerprint(blue.root.public_key))
    with blue.node.store.view() as view:
        assert lines(view) == ()


def test_a_card_of_the_other_mode_or_of_our_own_party_is_refused(apart: tuple[Side, Side]) -> None:
    blue, amber = apart
    sign_both(blue, amber)
    real = sign_card(replace(amber.card(), mode=Mode.REAL), amber.key.sign)
    heard = fingerprint(amber.root.public_key)
    with pytest.raises(ModeMismatch):
        add_peer(blue.node, real, agreement_id="TEST", heard=heard, expected=NEW)
    with pytest.raises(InvalidInput, match="own"):
        add(blue, blue)


def test_a_root_that_did_not_sign_the_agreement_makes_no_line(
    apart: tuple[Side, Side], tmp_path: Path
) -> None:
    blue, amber = apart
    sign_both(blue, amber)
    with (
        party_node(tmp_path / "false", "AMBER", seed=40) as impostor,
        pytest.raises(InvalidInput, match="another root"),
    ):
        add(blue, impostor)
    assert add(blue, amber).created


def test_a_signature_over_another_text_is_refused(apart: tuple[Side, Side]) -> None:
    blue, amber = apart
    sign_both(blue, amber)
    other = read_agreement(
        write_agreement(replace(agreement(), title="another")).encode(), name="other"
    )
    with pytest.raises(InvalidAgreement, match="digest"):
        take_signature(
            blue.node, sign_agreement(amber.root, other, party="AMBER", at=blue.clock.now())
        )


def test_our_own_signature_by_another_root_is_refused(apart: tuple[Side, Side]) -> None:
    blue, amber = apart
    sign_both(blue, amber)
    with pytest.raises(InvalidInput, match="another root"):
        take_signature(
            blue.node, sign_agreement(OTHER_ROOT, AGREED, party="BLUE", at=blue.clock.now())
        )


@pytest.mark.parametrize(
    ("url", "pin", "mode"),
    [
        ("http://192.0.2.7:8601", "", Mode.EXERCISE),
        ("http://127.0.0.1:8601", "", Mode.REAL),
        ("https://192.0.2.7:8601", "", Mode.EXERCISE),
        ("https://192.0.2.7:8601/path", "ab" * 32, Mode.REAL),
        ("https://user@192.0.2.7:8601", "ab" * 32, Mode.REAL),
        ("ftp://127.0.0.1", "ab" * 32, Mode.EXERCISE),
        ("https://[", "ab" * 32, Mode.REAL),
    ],
)
def test_an_address_that_is_not_safe_is_refused(url: str, pin: str, mode: Mode) -> None:
    with pytest.raises(InvalidInput):
        require_address(url, pin, mode)


@pytest.mark.parametrize(
    ("url", "pin", "mode"),
    [
        ("", "", Mode.REAL),
        ("http://127.0.0.1:8601", "", Mode.EXERCISE),
        ("http://[::1]:8601", "", Mode.EXERCISE),
        ("https://blue.example:8601", "ab" * 32, Mode.REAL),
    ],
)
def test_a_safe_address_or_none_is_taken(url: str, pin: str, mode: Mode) -> None:
    require_address(url, pin, mode)
