"""Proofs from a real store, checked as somebody would who trusts only the head."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from keepclear.errors import InvalidInput, NotFound
from keepclear.identity.keys import NodeKey
from keepclear.identity.signatures import verifier_of
from keepclear.ledger.faults import FaultKind
from keepclear.ledger.heads import head_bytes
from keepclear.ledger.leaves import leaf_hash
from keepclear.ledger.proofs import consistency_holds, inclusion_holds
from keepclear.ledger.verifying import VerificationReport, Witness
from keepclear.services.proving import consistency_of, every_head, prove_entry, verify_ledger
from node_fixture import RunningNode, exercise_node
from samples import circle, operation

KEY = NodeKey.from_seed(b"\x07" * 32)
"""The key with which nodes of tests sign."""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningNode]:
    with exercise_node(tmp_path) as running:
        for number in range(9):
            running.take(operation(f"A-{number}", circle(31.0 + number), party="AMBER"))
        yield running


def size_of(running: RunningNode) -> int:
    with running.node.store.view() as view:
        return view.ledger_size()


def verified(running: RunningNode, *witnesses: Witness) -> VerificationReport:
    with running.node.store.view() as view:
        holds = verifier_of([KEY.public_key])
        return verify_ledger(view, verify=holds, witnesses=witnesses)


def tampered(running: RunningNode, *statements: str) -> VerificationReport:
    """The report after somebody with the disk in hand changed the store's file."""
    with sqlite3.connect(running.folder / "store.sqlite") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return verified(running)


def test_every_entry_is_proved_under_the_signed_head(running: RunningNode) -> None:
    for number in range(size_of(running)):
        proof = prove_entry(running.node, number)
        entry, head = proof.entry, proof.head.head
        assert entry.payload is not None
        assert leaf_hash(entry.salt, entry.payload) == entry.leaf
        assert inclusion_holds(entry.leaf, number, head.size, proof.path, head.root)
        assert KEY.sign(head_bytes(head)) == proof.head.signature


def test_a_withheld_entry_is_proved_without_its_content_or_salt(running: RunningNode) -> None:
    proof = prove_entry(running.node, 4, withhold=True)
    assert (proof.withheld, proof.entry.payload, proof.entry.salt) == (True, None, b"")
    head = proof.head.head
    assert inclusion_holds(proof.entry.leaf, 4, head.size, proof.path, head.root)


@pytest.mark.parametrize("number", [-1, 1_000])
def test_an_entry_that_is_not_there_is_not_found(running: RunningNode, number: int) -> None:
    with pytest.raises(NotFound):
        prove_entry(running.node, number)


def test_an_empty_ledger_proves_no_entry_but_its_own_emptiness(tmp_path: Path) -> None:
    with exercise_node(tmp_path, agreed=False) as running:
        if size_of(running):
            pytest.skip("the store writes entries of its own when it opens")
        with pytest.raises(NotFound):
            prove_entry(running.node, 0)
        proof = consistency_of(running.node, 0)
        assert (proof.second, proof.path, proof.head) == (0, (), None)


def test_each_size_is_shown_to_have_grown_from_each_smaller_one(running: RunningNode) -> None:
    size = size_of(running)
    for first in range(size + 1):
        for second in range(first, size + 1):
            proof = consistency_of(running.node, first, second)
            assert consistency_holds(first, second, proof.path, proof.first_root, proof.second_root)


def test_growth_up_to_the_last_head_comes_with_that_head(running: RunningNode) -> None:
    proof = consistency_of(running.node, 3)
    assert proof.head is not None
    assert (proof.second, proof.second_root) == (proof.head.head.size, proof.head.head.root)


def test_growth_beyond_the_ledger_or_backwards_is_refused(running: RunningNode) -> None:
    with pytest.raises(NotFound):
        consistency_of(running.node, 0, 1_000)
    with pytest.raises(InvalidInput):
        consistency_of(running.node, 5, 4)


def test_a_ledger_as_it_was_written_holds(running: RunningNode) -> None:
    report = verified(running)
    assert report.holds
    assert report.faults == ()
    assert report.entries == report.payloads_present == size_of(running)


def test_verifying_tells_how_far_it_is(running: RunningNode) -> None:
    told: list[tuple[int, int]] = []
    with running.node.store.view() as view:
        verify_ledger(view, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (size_of(running), size_of(running))
    assert all(earlier[0] < later[0] for earlier, later in pairwise(told))


def test_every_head_is_given_once_in_order(running: RunningNode) -> None:
    with running.node.store.view() as view:
        sizes = [signed.head.size for signed in every_head(view)]
    assert sizes == sorted(set(sizes))
    assert sizes[-1] == size_of(running)


def test_a_rewritten_payload_is_found(running: RunningNode) -> None:
    report = tampered(running, "UPDATE ledger_payload SET bytes = x'7b7d' WHERE number = 5")
    assert not report.holds
    assert (report.faults[0].number, report.faults[0].kind) == (5, FaultKind.LEAF)


def test_a_payload_removed_without_a_word_is_found(running: RunningNode) -> None:
    report = tampered(running, "DELETE FROM ledger_payload WHERE number = 5")
    assert not report.holds
    assert FaultKind.MISSING in {fault.kind for fault in report.faults}


def test_a_signature_of_a_foreign_key_is_found(running: RunningNode) -> None:
    foreign = verifier_of([NodeKey.from_seed(b"\x08" * 32).public_key])
    with running.node.store.view() as view:
        report = verify_ledger(view, verify=foreign)
    assert not report.holds
    assert {fault.kind for fault in report.faults} == {FaultKind.SIGNATURE}


def test_a_witness_of_what_stood_there_agrees_and_another_does_not(running: RunningNode) -> None:
    proof = consistency_of(running.node, 4)
    assert verified(running, Witness(4, proof.first_root, "AMBER")).holds
    report = verified(running, Witness(4, b"\x00" * 32, "AMBER"))
    assert {fault.kind for fault in report.faults} == {FaultKind.WITNESS}


def test_entries_that_a_witness_remembers_and_are_gone_are_missed(running: RunningNode) -> None:
    size = size_of(running)
    assert not verified(running, Witness(size + 2, b"\x00" * 32, "AMBER")).holds
