"""What a write asks is few things, each found through an index, however much is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from dss_fixture import Desk, volume
from keepclear.formats.f3548 import OperationalIntentReference
from keepclear.services.dss import expire

SMALL = {"dss"}
"""Tables of one row, which may be read whole."""
MOST_STATEMENTS = 16
"""So many make one write with everything that belongs to it, rows of cells not counted."""
LATER = volume(starts=timedelta(minutes=10), ends=timedelta(hours=2))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path)
    opened.subscribe("s", for_constraints=True)
    opened.constrain("zone", volume((10.0, -60.0)))
    yield opened
    opened.store.close()


def made(desk: Desk) -> OperationalIntentReference:
    return desk.put("a", implicit=True, for_constraints=True).operational_intent_reference


def change(desk: Desk, first: OperationalIntentReference) -> object:
    return desk.put("a", LATER, replacing=first, subscription=first.subscription_id)


def replace(desk: Desk, first: OperationalIntentReference) -> object:
    return desk.put("a", LATER, replacing=first, implicit=True)


WRITES: dict[str, Callable[[Desk, OperationalIntentReference], object]] = {
    "an intent is made": lambda desk, first: desk.put("b", key=(str(first.ovn),), implicit=True),
    "an intent is changed": change,
    "its subscription is replaced": replace,
    "an intent is removed": lambda desk, first: desk.delete("a", first.ovn),
    "a subscription is made": lambda desk, _: desk.subscribe("t", for_constraints=True),
    "a constraint is made": lambda desk, _: desk.constrain("b"),
    "nothing is over": lambda desk, _: expire(desk.dss),
}


@pytest.mark.parametrize("write", WRITES)
def test_a_write_reads_no_table_from_end_to_end_and_asks_few_things(desk: Desk, write: str) -> None:
    first = made(desk)
    connection = desk.store._writer._connection
    told: list[str] = []
    connection.set_trace_callback(told.append)
    WRITES[write](desk, first)
    connection.set_trace_callback(None)
    plans = [
        step
        for text in told
        if text.startswith(("SELECT", "UPDATE", "DELETE"))
        for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {text}").fetchall()
    ]
    read_whole = {step.split()[1] for step in plans if step.startswith("SCAN")}
    # A number that is counted up to a limit is the scan of a question that was itself looked up.
    assert {name for name in read_whole if not name.startswith("(subquery")} <= SMALL
    assert len([text for text in told if "_cell (" not in text and "cell = " not in text]) <= (
        MOST_STATEMENTS
    )
