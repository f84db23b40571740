"""Damaged and falsified stores: what is wrong is said, and nothing is built upon it."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from contract.store.parts import changed, file, note, plan, verified
from fault.store.crash_runs import faults_after
from fault.store.opening import NAME, opened, raw
from keepclear.errors import LedgerBroken, StoreCorrupt
from keepclear.ledger.faults import FaultKind
from keepclear.ledger.verifying import VerificationReport, Witness
from keepclear.store.sqlite import open_for_reading

PAGE_BYTES = 4_096


def filled(folder: Path, count: int = 12) -> None:
    store = opened(folder)
    for n in range(count):
        file(store, plan(f"B-{n}", source_text="x" * 3_000))
    store.close()


def read_report(folder: Path, witness: Witness | None = None) -> VerificationReport:
    with closing(open_for_reading(folder / NAME)) as reader, reader.view() as view:
        return verified(view, witness=witness)


def last_head(folder: Path) -> Witness:
    with closing(open_for_reading(folder / NAME)) as reader, reader.view() as view:
        head = view.head()
    assert head is not None
    return Witness(head.head.size, head.head.root, "AMBER")


@pytest.mark.parametrize(
    ("tampering", "kind"),
    [
        ("UPDATE ledger_payload SET bytes = replace(bytes, 'B-3', 'B-9')", FaultKind.LEAF),
        ("UPDATE ledger_payload SET salt = zeroblob(16) WHERE number = 3", FaultKind.LEAF),
        ("UPDATE ledger_entry SET leaf = zeroblob(32) WHERE number = 3", FaultKind.ROOT),
        ("DELETE FROM ledger_payload WHERE number = 3", FaultKind.MISSING),
        ("UPDATE ledger_entry SET at = at - 60000000 WHERE number = 3", FaultKind.COLUMNS),
        ("UPDATE ledger_entry SET subject_id = 'B' WHERE number = 3", FaultKind.COLUMNS),
        ("DELETE FROM ledger_entry WHERE number = 3", FaultKind.GAP),
        ("UPDATE ledger_head SET root = zeroblob(32) WHERE size = 4", FaultKind.SIGNATURE),
        ("UPDATE ledger_head SET at = at + 1000 WHERE size = 4", FaultKind.SIGNATURE),
        ("DELETE FROM ledger_head WHERE size = 12", FaultKind.UNSIGNED_TAIL),
        ("DELETE FROM ledger_entry WHERE number = 11", FaultKind.TRUNCATED),
    ],
)
def test_a_falsified_ledger_does_not_verify(
    tmp_path: Path, tampering: str, kind: FaultKind
) -> None:
    filled(tmp_path)
    assert read_report(tmp_path).holds
    with raw(tmp_path) as tables:
        assert tables.execute(tampering).rowcount > 0
    report = read_report(tmp_path)
    assert not report.holds
    assert kind in {fault.kind for fault in report.faults}


def test_a_ledger_cut_off_with_its_heads_is_known_by_who_remembers_it(tmp_path: Path) -> None:
    filled(tmp_path)
    witness = last_head(tmp_path)
    with raw(tmp_path) as tables:
        for statement in (
            "DELETE FROM ledger_payload WHERE number >= 8",
            "DELETE FROM ledger_entry WHERE number >= 8",
            "DELETE FROM ledger_head WHERE size > 8",
        ):
            tables.execute(statement)
    assert read_report(tmp_path).holds
    report = read_report(tmp_path, witness)
    assert [fault.kind for fault in report.faults] == [FaultKind.TRUNCATED]


@pytest.mark.parametrize(
    "tampering",
    [
        "DELETE FROM ledger_entry WHERE number = 11",
        "UPDATE ledger_head SET root = zeroblob(32) WHERE size = 12",
        "UPDATE ledger_node SET hash = zeroblob(32)",
        "DELETE FROM ledger_node",
    ],
)
def test_a_node_does_not_go_on_upon_a_broken_ledger(tmp_path: Path, tampering: str) -> None:
    filled(tmp_path)
    with raw(tmp_path) as tables:
        tables.execute(tampering)
    with pytest.raises(LedgerBroken):
        opened(tmp_path)


@pytest.mark.parametrize(
    "tampering",
    [
        "DELETE FROM ledger_payload WHERE number = 3",
        "UPDATE ledger_payload SET bytes = '{}' WHERE number = 3",
        "UPDATE ledger_payload SET bytes = x'ff' WHERE number = 3",
    ],
)
def test_an_operation_whose_document_is_gone_is_not_made_up(tmp_path: Path, tampering: str) -> None:
    filled(tmp_path)
    with raw(tmp_path) as tables:
        tables.execute(tampering)
    with closing(opened(tmp_path)) as store, store.view() as view:
        assert view.operation(plan("B-2").id) is not None
        with pytest.raises(LedgerBroken, match="entry 3"):
            view.operation(plan("B-3").id)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE ledger_entry SET subject = 'ghost'",
        "UPDATE ledger_entry SET at = 9223372036854775807",
    ],
)
def test_an_entry_that_says_nonsense_is_named(tmp_path: Path, tampering: str) -> None:
    filled(tmp_path, 1)
    with raw(tmp_path) as tables:
        tables.execute(tampering)
    with (
        closing(open_for_reading(tmp_path / NAME)) as reader,
        reader.view() as view,
        pytest.raises(LedgerBroken, match="entry 0"),
    ):
        view.entries()


def test_a_head_that_says_nonsense_is_named(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    with raw(tmp_path) as tables:
        tables.execute("UPDATE ledger_head SET root = x'00'")
    with (
        closing(open_for_reading(tmp_path / NAME)) as reader,
        reader.view() as view,
        pytest.raises(LedgerBroken, match="head over 1"),
    ):
        view.head()


def root_page(folder: Path, table: str) -> int:
    with raw(folder) as tables:
        question = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        return int(tables.execute(question, (table,)).fetchone()[0])


def overwrite_page(folder: Path, page: int) -> None:
    with (folder / NAME).open("r+b") as store:
        store.seek((page - 1) * PAGE_BYTES)
        store.write(b"\xa5" * PAGE_BYTES)


def test_a_damaged_start_of_the_file_is_damage(tmp_path: Path) -> None:
    filled(tmp_path)
    overwrite_page(tmp_path, 1)
    with pytest.raises(StoreCorrupt, match="damaged"):
        opened(tmp_path)


def test_a_damaged_page_is_found_by_looking_and_by_reading(tmp_path: Path) -> None:
    filled(tmp_path)
    overwrite_page(tmp_path, root_page(tmp_path, "geometry"))
    with closing(opened(tmp_path)) as store:
        assert store.quick_check() != ()
        with pytest.raises(StoreCorrupt, match=NAME), store.view() as view:
            view.geometries()
        with store.view() as view:
            assert view.ledger_size() == 12


def test_after_damage_was_met_nothing_more_is_written(tmp_path: Path) -> None:
    filled(tmp_path)
    overwrite_page(tmp_path, root_page(tmp_path, "geometry"))
    with closing(opened(tmp_path)) as store:
        with pytest.raises(StoreCorrupt):
            file(store, plan("B-new"))
        with pytest.raises(StoreCorrupt, match="damaged"):
            store.write(lambda unit: unit.append(note()))
        with store.view() as view:
            assert view.ledger_size() == 12


def test_a_damaged_store_is_not_copied_as_if_it_were_whole(tmp_path: Path) -> None:
    filled(tmp_path)
    overwrite_page(tmp_path, root_page(tmp_path, "geometry"))
    with closing(opened(tmp_path)) as store, pytest.raises(StoreCorrupt, match=NAME):
        store.backup(str(tmp_path / "copy.sqlite"))
    assert not list(tmp_path.glob("*copy*"))


@pytest.mark.parametrize("kept", [0.0, 0.13, 0.5, 0.77, 0.999])
def test_a_log_that_was_cut_off_ends_with_a_whole_work(tmp_path: Path, kept: float) -> None:
    live, left = tmp_path / "live", tmp_path / "left"
    live.mkdir()
    with closing(opened(live)) as store:
        filed = [file(store, plan(f"B-{n}", source_text="x" * 999)) for n in range(10)]
        filed.append(file(store, changed(filed[0].operation)))
        shutil.copytree(live, left)
    log = left / f"{NAME}-wal"
    with log.open("r+b") as file_left:
        file_left.truncate(int(log.stat().st_size * kept))
    (left / f"{NAME}-shm").unlink()
    assert faults_after(left, []) == []
    with closing(opened(left)) as store, store.view() as view:
        survived = view.ledger_size()
        assert survived < 11
        for one in filed[:survived]:
            assert view.operation(one.operation.id) is not None


def test_a_damaged_log_ends_with_a_whole_work(tmp_path: Path) -> None:
    live, left = tmp_path / "live", tmp_path / "left"
    live.mkdir()
    with closing(opened(live)) as store:
        for n in range(10):
            file(store, plan(f"B-{n}"))
        shutil.copytree(live, left)
    log = left / f"{NAME}-wal"
    content = bytearray(log.read_bytes())
    content[len(content) // 2] ^= 0xFF
    log.write_bytes(content)
    (left / f"{NAME}-shm").unlink()
    assert faults_after(left, []) == []
    with closing(opened(left)) as store, store.view() as view:
        assert 0 < view.ledger_size() < 10
