"""The clock of an exercise: it goes on from where it was turned to, for every thread at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Thread

from keepclear.compose.machine import ExerciseClock

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def test_it_goes_on_from_the_moment_it_was_turned_to() -> None:
    clock = ExerciseClock(NOON)
    clock.turn_to(NOON + timedelta(hours=3))
    first, second = clock.now(), clock.now()
    assert NOON + timedelta(hours=3) <= first <= second < NOON + timedelta(hours=4)


def test_while_it_is_held_no_other_thread_reads_it_and_then_the_later_time() -> None:
    clock, read = ExerciseClock(NOON), list[datetime]()
    reader = Thread(target=lambda: read.append(clock.now()))
    with clock.held():
        reader.start()
        reader.join(0.1)
        assert read == []
        assert clock.now() < NOON + timedelta(hours=1)  # whoever holds it reads it
        clock.turn_to(NOON + timedelta(hours=2))
    reader.join()
    assert read[0] >= NOON + timedelta(hours=2)
