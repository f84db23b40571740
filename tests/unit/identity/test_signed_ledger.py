"""Keys and ledger together: what a forger without the node's key can and cannot do."""

from __future__ import annotations

from dataclasses import replace

from keepclear.identity.keys import NodeKey
from keepclear.identity.signatures import verifier_of
from keepclear.ledger.faults import FaultKind
from keepclear.ledger.heads import SignedHead, head_bytes
from keepclear.ledger.verifying import Verification, VerificationReport
from keepclear.ports.signing import Signer
from unit.ledger.grown import Ledger

KEY = NodeKey.from_seed(bytes(range(32)))
FORGER = NodeKey.from_seed(bytes(32))


def signed(ledger: Ledger, signer: Signer) -> Ledger:
    ledger.heads = [
        SignedHead(one.head, signer.sign(head_bytes(one.head)), signer.key_id)
        for one in ledger.heads
    ]
    return ledger


def verified(ledger: Ledger) -> VerificationReport:
    verification = Verification(ledger.heads, verify=verifier_of([KEY.public_key]))
    verification.take(ledger.entries)
    return verification.report()


def test_a_ledger_signed_by_its_node_holds() -> None:
    report = verified(signed(Ledger.of(10), KEY))
    assert report.holds
    assert report.faults == ()


def test_a_ledger_rewritten_and_signed_by_a_forger_is_found() -> None:
    ledger = Ledger.of(10)
    ledger.rewrite(4)
    ledger.sign_anew()
    report = verified(signed(ledger, FORGER))
    assert {fault.kind for fault in report.faults} == {FaultKind.SIGNATURE}
    assert not report.holds


def test_a_forger_who_borrows_the_key_id_is_found() -> None:
    ledger = signed(Ledger.of(10), FORGER)
    ledger.heads = [replace(head, key_id=KEY.key_id) for head in ledger.heads]
    assert {fault.kind for fault in verified(ledger).faults} == {FaultKind.SIGNATURE}


def test_a_signature_moved_to_another_head_is_found() -> None:
    ledger = signed(Ledger.of(10), KEY)
    ledger.heads[0] = replace(ledger.heads[0], signature=ledger.heads[1].signature)
    report = verified(ledger)
    assert [(fault.number, fault.kind) for fault in report.faults] == [(2, FaultKind.SIGNATURE)]
