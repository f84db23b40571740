"""Contact cards, agreement signatures and TLS pins: believed for a fingerprint, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from keepclear.errors import InvalidMessage, KeyFault
from keepclear.formats.agreement import read_agreement, write_agreement
from keepclear.formats.documents.card import card_bytes, card_of, signature_bytes, signature_of
from keepclear.identity.agreement_signatures import check_signature, sign_agreement
from keepclear.identity.cards import check_card, is_confirmed, sign_card
from keepclear.identity.certificates import certificate_bytes, certify
from keepclear.identity.fingerprints import fingerprint
from keepclear.identity.keys import NodeKey, PartyRoot
from keepclear.identity.tls import pin_of_pem, self_signed, spki_pin
from keepclear.model.card import Card
from keepclear.model.operation import Mode
from keepclear.model.window import Window
from samples import NOON, agreement

ROOT, KEY = PartyRoot.from_seed(b"\x01" * 32), NodeKey.from_seed(b"\x03" * 32)
OTHER = PartyRoot.from_seed(b"\x09" * 32)
NODE = "5f1d7a44-6a0c-4a0e-9a53-0f1f6c1d2e3f"
DAY = timedelta(days=1)
AGREED = read_agreement(write_agreement(agreement()).encode(), name="agreed")


def card(**changes: Any) -> Card:
    told = certify(
        ROOT,
        KEY.public_key,
        party="BLUE",
        node_id=NODE,
        mode=Mode.EXERCISE,
        valid=Window(NOON - DAY, NOON + DAY),
    )
    settings: dict[str, Any] = {
        "party": "BLUE",
        "name": "Blue",
        "mode": Mode.EXERCISE,
        "node_id": NODE,
        "root_public_key": ROOT.public_key,
        "certificate": certificate_bytes(told),
        "url": "https://blue.example:8601",
        "spki_pin": "ab" * 32,
        "at": NOON,
    }
    return sign_card(Card(**(settings | changes)), KEY.sign)


def test_a_card_is_read_back_as_it_was_signed_and_holds() -> None:
    made = card()
    assert card_of(card_bytes(made) + b"\n") == made
    check_card(made, NOON)


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "https://elsewhere.example:1"},
        {"spki_pin": "cd" * 32},
        {"name": "Another"},
        {"root_public_key": OTHER.public_key},
        {"party": "AMBER"},
        {"mode": Mode.REAL},
    ],
)
def test_a_card_altered_on_its_way_does_not_hold(changes: dict[str, Any]) -> None:
    with pytest.raises(KeyFault):
        check_card(replace(card(), **changes), NOON)


def test_a_card_whose_certificate_is_over_does_not_hold() -> None:
    with pytest.raises(KeyFault, match="was valid until"):
        check_card(card(), NOON + 2 * DAY)


def test_what_is_no_card_is_refused() -> None:
    with pytest.raises(InvalidMessage):
        card_of(signature_bytes(sign_agreement(ROOT, AGREED, party="BLUE", at=NOON)))


def test_a_fingerprint_is_confirmed_however_its_digits_are_written_down() -> None:
    said = fingerprint(ROOT.public_key)
    assert is_confirmed(ROOT.public_key, said)
    assert is_confirmed(ROOT.public_key, said.replace(" ", "-"))
    assert is_confirmed(ROOT.public_key, ROOT.public_key.hex().upper())
    assert not is_confirmed(ROOT.public_key, said[:-1] + str((int(said[-1]) + 1) % 10))
    assert not is_confirmed(ROOT.public_key, said[:-6])
    assert not is_confirmed(ROOT.public_key, "")


def test_a_signature_under_an_agreement_holds_for_its_digest_alone() -> None:
    signed = sign_agreement(ROOT, AGREED, party="BLUE", at=NOON)
    assert signature_of(signature_bytes(signed)) == signed
    check_signature(signed)
    for changes in ({"digest": "00" * 32}, {"version": 2}, {"party": "AMBER"}):
        with pytest.raises(KeyFault, match="forged"):
            check_signature(replace(signed, **changes))


def test_who_is_no_party_cannot_sign() -> None:
    with pytest.raises(KeyFault, match="cannot sign"):
        sign_agreement(ROOT, AGREED, party="GREEN", at=NOON)


def test_a_pin_is_of_the_key_whatever_its_certificate_says() -> None:
    private = ec.derive_private_key(7, ec.SECP256R1())
    one = pin_of_pem(self_signed(private, name="BLUE", serial=1))
    assert one == pin_of_pem(self_signed(private, name="another name", serial=2))
    other = ec.derive_private_key(8, ec.SECP256R1())
    assert one != pin_of_pem(self_signed(other, name="BLUE", serial=1))


def test_what_is_no_certificate_has_no_pin() -> None:
    for rubbish in (b"", b"\x30\x00"):
        with pytest.raises(KeyFault):
            spki_pin(rubbish)
    with pytest.raises(KeyFault):
        pin_of_pem(b"no certificate")
