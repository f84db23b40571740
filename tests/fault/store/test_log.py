"""The log is emptied into the file beside the writer: nothing is lost, nobody is held up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from contract.store.parts import ended, file, plan, pruned_note, verified
from fault.store.opening import NAME, opened
from keepclear.ports.store import StoredOperation, Unit
from keepclear.store.sqlite.checkpointing import Checkpointing
from keepclear.store.sqlite.connecting import reading_connection


def test_what_is_filed_while_the_log_is_emptied_is_all_there(tmp_path: Path) -> None:
    store = opened(tmp_path)
    beside = Checkpointing(tmp_path / NAME)

    def file_one(n: int) -> StoredOperation:
        beside.committed(100)
        return file(store, plan(f"B-{n}"))

    with ThreadPoolExecutor(4) as pool:
        filed = list(pool.map(file_one, range(300)))
    beside.stop()
    assert store.quick_check() == ()
    with store.view() as view:
        assert len(view.geometries()) == len(filed) == 300
        assert verified(view).holds
    store.close()


def test_a_log_that_is_being_emptied_keeps_nobody_from_filing(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with store._writer._log.at_work:
        for n in range(250):
            file(store, plan(f"B-{n}"))
    store.close()
    connection = reading_connection(tmp_path / NAME)
    assert connection.execute("SELECT count(*) FROM operation").fetchone() == (250,)
    connection.close()


def test_what_is_pruned_goes_from_the_log_too_while_it_is_emptied(tmp_path: Path) -> None:
    store = opened(tmp_path)
    one = plan(source_text="Zugspitze-4711" * 500)
    file(store, one)
    file(store, ended(plan()))

    def work(unit: Unit) -> None:
        assert unit.prune(0)
        unit.append(pruned_note(0))

    store._writer._log.committed(100)
    store.write(work)
    assert not any(b"Zugspitze-4711" in each.read_bytes() for each in tmp_path.glob(f"{NAME}*"))
    store.close()
