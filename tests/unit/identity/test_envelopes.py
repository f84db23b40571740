"""Signed envelopes, receipts and deliveries: whose word they are, and nobody else's."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.canonical import canonical_bytes
from keepclear.errors import InvalidMessage, KeyFault
from keepclear.formats.documents.envelope import envelope_bytes, envelope_of
from keepclear.formats.documents.receipt import receipt_bytes, receipt_of
from keepclear.identity.certificates import certificate_bytes, certify
from keepclear.identity.envelopes import PeerKeys, sign_envelope, sign_receipt, under
from keepclear.identity.keys import NodeKey, PartyRoot
from keepclear.model.envelope import AgreementRef, Envelope, Receipt, ReceiptItem, Result
from keepclear.model.operation import Mode, Precedence
from keepclear.model.window import Window
from samples import NOON

ROOT, OTHER_ROOT = PartyRoot.from_seed(b"\x01" * 32), PartyRoot.from_seed(b"\x02" * 32)
KEY, OTHER_KEY = NodeKey.from_seed(b"\x03" * 32), NodeKey.from_seed(b"\x04" * 32)
NODE = "5f1d7a44-6a0c-4a0e-9a53-0f1f6c1d2e3f"
MESSAGE = {"id": "0b1f6d3e-1111-4222-8333-444455556666", "precedence": "ROUTINE", "fields": {}}


def certificate(
    root: PartyRoot = ROOT, key: NodeKey = KEY, party: str = "BLUE", mode: Mode = Mode.EXERCISE
) -> bytes:
    valid = Window(NOON - timedelta(days=1), NOON + timedelta(days=1))
    return certificate_bytes(
        certify(root, key.public_key, party=party, node_id=NODE, mode=mode, valid=valid)
    )


def keys(*documents: bytes) -> PeerKeys:
    return PeerKeys(
        documents or [certificate()],
        root_public_key=ROOT.public_key,
        party="BLUE",
        node_id=NODE,
        mode=Mode.EXERCISE,
    )


def envelope(**changes: Any) -> Envelope:
    settings: dict[str, Any] = {
        "line": "AMBER-BLUE",
        "sender": "BLUE",
        "recipient": "AMBER",
        "node": NODE,
        "key": KEY.key_id,
        "mode": Mode.EXERCISE,
        "epoch": 0,
        "serial": 1,
        "previous": b"",
        "at": NOON,
        "precedence": Precedence.ROUTINE,
        "agreement": AgreementRef("TEST", 1, "ab" * 32),
        "message": MESSAGE,
    }
    return Envelope(**(settings | changes))


def test_an_envelope_is_read_back_as_it_was_signed() -> None:
    signed = sign_envelope(envelope(), KEY.sign)
    assert envelope_of(envelope_bytes(signed.envelope)) == signed.envelope
    assert keys().signed_envelope(signed.envelope) == signed.hash


@given(st.data())
def test_no_change_of_a_byte_goes_unseen(data: st.DataObject) -> None:
    whole = envelope_bytes(sign_envelope(envelope(), KEY.sign).envelope)
    place = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda each: each != whole[place]))
    altered = whole[:place] + bytes([byte]) + whole[place + 1 :]
    try:
        read = envelope_of(altered)
    except InvalidMessage:
        return
    assert keys().signed_envelope(read) is None


def test_an_envelope_in_another_spelling_is_refused() -> None:
    whole = envelope_bytes(sign_envelope(envelope(), KEY.sign).envelope)
    with pytest.raises(InvalidMessage, match="one spelling"):
        envelope_of(json.dumps(json.loads(whole)).encode())


@pytest.mark.parametrize(
    "rubbish", [b"", b"{}", b"[1]", b"\xff", b'{"what":1}', b"[" * 5_000, b'{"serial":1e400}']
)
def test_rubbish_is_no_envelope(rubbish: bytes) -> None:
    with pytest.raises(InvalidMessage):
        envelope_of(rubbish)


def test_a_chain_that_names_nothing_before_its_second_link_cannot_be() -> None:
    with pytest.raises(InvalidMessage, match="does not name"):
        envelope(serial=2)


def test_the_key_of_another_root_signs_nothing() -> None:
    signed = sign_envelope(envelope(key=OTHER_KEY.key_id), OTHER_KEY.sign)
    foreign = certificate(root=OTHER_ROOT, key=OTHER_KEY)
    assert keys(certificate(), foreign).signed_envelope(signed.envelope) is None


@pytest.mark.parametrize("changes", [{"party": "AMBER"}, {"mode": Mode.REAL}])
def test_a_certificate_for_another_party_or_mode_counts_for_nothing(
    changes: dict[str, Any],
) -> None:
    with pytest.raises(KeyFault):
        keys().checked(certificate(**changes))


def test_a_certificate_that_is_over_is_not_accepted_now() -> None:
    with pytest.raises(KeyFault, match="was valid until"):
        keys().checked(certificate(), NOON + timedelta(days=2))


def test_a_signature_over_one_kind_of_statement_never_passes_as_one_over_another() -> None:
    statement = canonical_bytes({"a": 1})
    signature = KEY.sign(under("keepclear receipt/1", statement))
    assert keys().signed(KEY.key_id, "keepclear receipt/1", statement, signature)
    assert not keys().signed(KEY.key_id, "keepclear envelope/1", statement, signature)


def test_a_receipt_is_read_back_as_it_was_signed_and_an_altered_one_is_not_believed() -> None:
    item = ReceiptItem(3, "cd" * 32, Result.TAKEN)
    unsigned = Receipt("AMBER-BLUE", NODE, KEY.key_id, NOON, 0, 3, ((5, 6),), (item,))
    signed = sign_receipt(unsigned, KEY.sign)
    assert receipt_of(receipt_bytes(signed)) == signed
    assert keys().signed_receipt(signed)
    assert not keys().signed_receipt(replace(signed, have=4))
