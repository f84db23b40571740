from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import InvalidInput
from keepclear.ledger.entries import EntryKind, payload_of
from keepclear.ledger.faults import MOST_FAULTS, FaultKind
from keepclear.ledger.heads import SignedHead
from keepclear.ledger.leaves import leaf_hash
from keepclear.ledger.verifying import Columns, Verification, VerificationReport, Witness
from unit.ledger.grown import START, Ledger, record, stored, tree_hash


def verified(
    ledger: Ledger,
    *witnesses: Witness,
    batch: int = 4,
    withheld_allowed: bool = False,
    thorough: bool = False,
) -> VerificationReport:
    verification = Verification(ledger.heads, withheld_allowed=withheld_allowed, thorough=thorough)
    for witness in witnesses:
        verification.against(witness)
    for start in range(0, len(ledger.entries), batch):
        verification.take(ledger.entries[start : start + batch])
    return verification.report()


def kinds(report: VerificationReport) -> set[FaultKind]:
    assert all(fault.text and fault.remedy for fault in report.faults)
    assert report.holds == (not any(fault.kind.breaks for fault in report.faults))
    return {fault.kind for fault in report.faults}


@given(st.integers(0, 40), st.integers(1, 41), st.booleans())
def test_an_honest_ledger_holds_however_it_is_fed(count: int, batch: int, thorough: bool) -> None:
    ledger = Ledger.of(count)
    report = verified(ledger, batch=batch, thorough=thorough)
    assert kinds(report) == set()
    assert report.entries == report.payloads_present == count
    assert report.heads == len(ledger.heads)
    assert report.root == tree_hash([entry.leaf for entry in ledger.entries])


def test_an_empty_ledger_without_heads_holds() -> None:
    assert kinds(verified(Ledger([]))) == set()


def test_a_ledger_signed_twice_at_one_size_holds() -> None:
    ledger = Ledger.of(5)
    ledger.heads = [head for head in ledger.heads for _ in range(2)]
    assert kinds(verified(ledger)) == set()


@given(st.integers(0, 19))
def test_a_rewritten_payload_is_found(number: int) -> None:
    ledger = Ledger.of(20)
    ledger.change(number, payload=payload_of(record(number, designator="forged")))
    report = verified(ledger)
    assert [(fault.number, fault.kind) for fault in report.faults] == [(number, FaultKind.LEAF)]


@given(st.integers(0, 19))
def test_a_rewritten_entry_is_found(number: int) -> None:
    ledger = Ledger.of(20)
    ledger.rewrite(number)
    report = verified(ledger)
    assert kinds(report) == {FaultKind.ROOT}
    first = min(head.head.size for head in ledger.heads if head.head.size > number)
    assert [fault.number for fault in report.faults] == [first - 1]


def test_a_swapped_salt_is_found() -> None:
    ledger = Ledger.of(5)
    ledger.change(1, salt=ledger.entries[2].salt)
    assert kinds(verified(ledger)) == {FaultKind.LEAF}


@pytest.mark.parametrize("salt", [None, b"", bytes(17)])
def test_a_payload_without_its_salt_is_not_proved(salt: bytes | None) -> None:
    ledger = Ledger.of(5)
    ledger.change(1, salt=salt)
    assert kinds(verified(ledger)) == {FaultKind.LEAF}


def test_a_byte_moved_from_payload_to_salt_is_found() -> None:
    ledger = Ledger.of(5)
    entry = ledger.entries[1]
    assert entry.salt
    assert entry.payload
    ledger.change(1, salt=entry.salt + entry.payload[:1], payload=entry.payload[1:])
    assert FaultKind.LEAF in kinds(verified(ledger))


@given(st.integers(0, 18))
def test_entries_in_another_order_are_found(number: int) -> None:
    ledger = Ledger.of(20)
    one, other = ledger.entries[number : number + 2]
    ledger.entries[number : number + 2] = other, one
    assert FaultKind.GAP in kinds(verified(ledger))


@given(st.integers(0, 18))
def test_entries_renumbered_in_another_order_are_found(number: int) -> None:
    ledger = Ledger.of(20)
    one, other = ledger.entries[number : number + 2]
    ledger.entries[number] = other._replace(number=number)
    ledger.entries[number + 1] = one._replace(number=number + 1)
    found = kinds(verified(ledger))
    # Where a head stood between the two it differs; everywhere else the next one does.
    assert FaultKind.ROOT in found


@given(st.integers(0, 19))
def test_a_removed_entry_is_found(number: int) -> None:
    ledger = Ledger.of(20)
    del ledger.entries[number]
    assert kinds(verified(ledger)) & {FaultKind.GAP, FaultKind.TRUNCATED}


def test_an_entry_put_in_twice_is_found() -> None:
    ledger = Ledger.of(20)
    ledger.entries.insert(3, ledger.entries[3])
    assert FaultKind.GAP in kinds(verified(ledger))


def test_a_cut_off_end_is_found_by_the_head_that_covers_it() -> None:
    ledger = Ledger.of(20)
    del ledger.entries[17:]
    report = verified(ledger)
    assert kinds(report) == {FaultKind.TRUNCATED}


def test_a_cut_off_end_with_its_heads_is_found_by_a_witness() -> None:
    whole, cut = Ledger.of(20), Ledger.of(15)
    seen = whole.head(20).head
    assert kinds(verified(cut)) == set()
    report = verified(cut, Witness(seen.size, seen.root, "AMBER"))
    assert kinds(report) == {FaultKind.TRUNCATED}
    assert "AMBER" in report.faults[0].text


def test_a_ledger_rewritten_and_signed_anew_is_found_by_a_witness() -> None:
    ledger = Ledger.of(20)
    seen = [ledger.head(size).head for size in (0, 7, 11, 20)]
    ledger.rewrite(9)
    ledger.sign_anew()
    assert kinds(verified(ledger)) == set()
    report = verified(ledger, *(Witness(head.size, head.root, "AMBER") for head in seen))
    assert [(fault.number, fault.kind) for fault in report.faults] == [
        (10, FaultKind.WITNESS),
        (19, FaultKind.WITNESS),
    ]


def test_a_witness_named_after_its_size_has_passed_is_refused() -> None:
    ledger = Ledger.of(5)
    verification = Verification(ledger.heads)
    verification.take(ledger.entries)
    with pytest.raises(InvalidInput, match="already taken"):
        verification.against(Witness(4, bytes(32), "AMBER"))


def test_a_witness_named_at_just_its_size_is_compared() -> None:
    ledger = Ledger.of(5)
    verification = Verification(ledger.heads)
    verification.take(ledger.entries)
    verification.against(Witness(5, bytes(32), "AMBER"))
    assert kinds(verification.report()) == {FaultKind.WITNESS}


def test_entries_that_no_head_covers_are_found() -> None:
    ledger = Ledger.of(20)
    ledger.entries.append(stored(20, record(20)))
    report = verified(ledger)
    assert [(fault.number, fault.kind) for fault in report.faults] == [
        (20, FaultKind.UNSIGNED_TAIL)
    ]


def test_entries_without_any_head_are_found() -> None:
    ledger = Ledger.of(4)
    ledger.heads = []
    assert kinds(verified(ledger)) == {FaultKind.UNSIGNED_TAIL}


def test_one_forged_head_is_named_and_the_others_hold() -> None:
    ledger = Ledger.of(20)
    forged = replace(ledger.heads[2].head, root=bytes(32))
    ledger.heads[2] = replace(ledger.heads[2], head=forged)
    report = verified(ledger)
    assert [(fault.number, fault.kind) for fault in report.faults] == [
        (forged.size - 1, FaultKind.ROOT)
    ]


@pytest.mark.parametrize("size", [0, 20])
def test_a_head_of_either_end_is_compared(size: int) -> None:
    ledger = Ledger.of(20)
    forged = replace(ledger.head(size).head, root=bytes(32))
    place = 0 if size == 0 else len(ledger.heads)
    ledger.heads.insert(place, SignedHead(forged, b"", "k"))
    assert kinds(verified(ledger)) == {FaultKind.ROOT}


def test_heads_whose_sizes_fall_are_found() -> None:
    ledger = Ledger.of(20)
    later = ledger.heads[2]
    ledger.heads[2] = replace(later, head=replace(ledger.heads[0].head, at=later.head.at))
    assert kinds(verified(ledger)) == {FaultKind.HEAD_ORDER}


def test_heads_whose_epochs_fall_are_found() -> None:
    ledger = Ledger.of(20)
    ledger.heads[2] = replace(ledger.heads[2], head=replace(ledger.heads[2].head, epoch=1))
    assert kinds(verified(ledger)) == {FaultKind.HEAD_ORDER}


def test_a_new_epoch_after_a_restore_holds() -> None:
    ledger = Ledger.of(20)
    ledger.heads[3:] = [replace(h, head=replace(h.head, epoch=1)) for h in ledger.heads[3:]]
    assert kinds(verified(ledger)) == set()


def test_a_head_of_another_node_is_found() -> None:
    ledger = Ledger.of(20)
    other = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    ledger.heads[-1] = replace(ledger.heads[-1], head=replace(ledger.heads[-1].head, node=other))
    assert kinds(verified(ledger)) == {FaultKind.HEAD_NODE}


def test_a_clock_that_stepped_back_is_a_warning_and_no_break() -> None:
    ledger = Ledger.of(20)
    early = replace(ledger.heads[3].head, at=START)
    ledger.heads[3] = replace(ledger.heads[3], head=early)
    report = verified(ledger)
    assert kinds(report) == {FaultKind.CLOCK}
    assert report.holds


def test_every_signature_is_put_to_the_verifier() -> None:
    ledger = Ledger.of(10)
    asked: list[tuple[str, bytes, bytes]] = []

    def verify(key: str, message: bytes, signature: bytes) -> bool:
        asked.append((key, message, signature))
        return b'"size":6' not in message

    verification = Verification(ledger.heads, verify=verify)
    verification.take(ledger.entries)
    report = verification.report()
    assert len(asked) == len(ledger.heads) == report.heads
    assert [(fault.number, fault.kind) for fault in report.faults] == [(5, FaultKind.SIGNATURE)]


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": EntryKind.OPERATION_FILED.value},
        {"subject": "zone"},
        {"subject_id": "other"},
        {"version": 9},
        {"at": START},
    ],
    ids=str,
)
def test_an_index_that_differs_from_its_payload_is_found(changed: dict[str, Any]) -> None:
    ledger = Ledger.of(5)
    columns = ledger.entries[2].columns
    assert columns is not None
    ledger.change(2, columns=columns._replace(**changed))
    report = verified(ledger)
    assert [(fault.number, fault.kind) for fault in report.faults] == [(2, FaultKind.COLUMNS)]
    assert next(iter(changed)) in report.faults[0].text


def test_an_index_is_compared_to_the_millisecond() -> None:
    ledger = Ledger.of(5)
    columns = ledger.entries[2].columns
    assert columns is not None
    finer = columns.at + timedelta(microseconds=400)
    ledger.change(2, columns=Columns(finer, *columns[1:]))
    assert kinds(verified(ledger)) == set()


def test_entries_without_an_index_beside_them_hold() -> None:
    ledger = Ledger.of(5)
    ledger.change(2, columns=None)
    assert kinds(verified(ledger)) == set()


def test_a_payload_that_is_no_document_is_found() -> None:
    ledger = Ledger.of(5)
    salt, payload = bytes(16), b"not a document"
    ledger.change(2, salt=salt, payload=payload, leaf=leaf_hash(salt, payload))
    ledger.sign_anew()
    assert kinds(verified(ledger)) == {FaultKind.UNREADABLE}


def test_a_payload_with_two_meanings_is_found_by_a_thorough_look() -> None:
    ledger = Ledger.of(5)
    salt = bytes(16)
    payload = payload_of(record(2)).replace(b'{"actor":', b'{"actor":"nobody","actor":')
    ledger.change(2, salt=salt, payload=payload, leaf=leaf_hash(salt, payload))
    ledger.sign_anew()
    assert kinds(verified(ledger)) == set()
    assert kinds(verified(ledger, thorough=True)) == {FaultKind.UNREADABLE}


def test_a_pruned_payload_that_an_entry_names_is_accounted_for() -> None:
    ledger = Ledger.of(10)
    roots = [head.head.root for head in ledger.heads[:3]]
    ledger.prune(2, 3, 4, 7)
    report = verified(ledger)
    assert kinds(report) == set()
    assert (report.payloads_present, report.pruned, report.withheld) == (7, 4, 0)
    assert [head.head.root for head in ledger.heads[:3]] == roots


def test_a_payload_that_is_missing_without_a_word_is_found() -> None:
    ledger = Ledger.of(10)
    ledger.prune(2)
    for number in (3, 4, 7):
        ledger.change(number, payload=None, salt=None)
    report = verified(ledger)
    assert [(fault.number, fault.kind) for fault in report.faults] == [
        (3, FaultKind.MISSING),
        (7, FaultKind.MISSING),
    ]
    assert (report.pruned, report.withheld) == (1, 3)


def test_withheld_payloads_hold_where_they_are_expected() -> None:
    ledger = Ledger.of(10)
    for number in (3, 4, 7):
        ledger.change(number, payload=None, salt=None)
    report = verified(ledger, withheld_allowed=True)
    assert kinds(report) == set()
    assert report.withheld == 3


def test_a_salt_that_outlived_its_payload_is_a_warning() -> None:
    ledger = Ledger.of(10)
    salt = ledger.entries[4].salt
    ledger.prune(4)
    ledger.change(4, salt=salt)
    report = verified(ledger)
    assert [(fault.number, fault.kind) for fault in report.faults] == [(4, FaultKind.SALT_KEPT)]
    assert report.holds


def test_a_pruned_payload_that_came_back_is_a_warning() -> None:
    ledger = Ledger.of(10)
    before = ledger.entries[4]
    ledger.prune(4)
    ledger.entries[4] = before
    report = verified(ledger)
    assert [(fault.number, fault.kind) for fault in report.faults] == [(4, FaultKind.NOT_ERASED)]
    assert report.holds


def test_an_entry_cannot_prune_what_comes_after_it() -> None:
    ledger = Ledger.of(3)
    ledger.prune(2)
    ledger.entries[3] = stored(
        3,
        replace(
            record(3, EntryKind.PAYLOAD_PRUNED), body={"entries": [[2, 4]], "reason": "in advance"}
        ),
    )
    ledger.sign_anew()
    assert kinds(verified(ledger)) == {FaultKind.PRUNING, FaultKind.MISSING}


def test_a_pruning_entry_that_names_nothing_is_found() -> None:
    ledger = Ledger.of(3)
    ledger.entries.append(stored(3, record(3, EntryKind.PAYLOAD_PRUNED)))
    ledger.sign_anew()
    assert kinds(verified(ledger)) == {FaultKind.PRUNING}


def test_of_very_many_faults_all_are_counted_and_the_first_kept() -> None:
    ledger = Ledger.of(1)
    entry = ledger.entries[0]
    verification = Verification([])
    verification.take(entry._replace(number=1) for _ in range(MOST_FAULTS + 500))
    report = verification.report()
    assert len(report.faults) == MOST_FAULTS
    assert report.faults_total > MOST_FAULTS + 400
    assert not report.holds


@given(st.integers(0, 19), st.integers(0, 255), st.sampled_from(["leaf", "salt", "payload"]))
def test_any_flipped_bit_is_found(number: int, bit: int, part: str) -> None:
    ledger = Ledger.of(20)
    value = bytearray(getattr(ledger.entries[number], part))
    value[bit // 8 % len(value)] ^= 1 << bit % 8
    ledger.change(number, **{part: bytes(value)})
    assert not verified(ledger).holds
