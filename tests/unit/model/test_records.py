"""Records refuse what cannot be, and keep every moment in UTC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from keepclear.errors import InvalidInput, InvalidWindow
from keepclear.model.call import Call, CallEnding, CallKind, LineEnd, Point
from keepclear.model.channel import ChannelKind
from keepclear.model.note import Note
from keepclear.model.posture import Posture
from keepclear.model.query import Query, QueryState, Statement
from keepclear.model.readout import AboutKind, Mark, Pairing, Readout, ReadoutKind
from keepclear.model.watch import DutyRole, Watch

AT = datetime(2026, 3, 14, 6, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


def call(**more: Any) -> Call:
    started = more.pop("started_at", AT)
    return Call("c", "A-B", ChannelKind.TELEPHONE, CallKind.URGENT, LineEnd.OURS, started, **more)


def posture(**more: Any) -> Posture:
    return Posture("p", "A-B", "A", AT, "as said", **more)


def watch(*roles: str, **more: Any) -> Watch:
    return Watch("A", AT, tuple(DutyRole(role) for role in roles), **more)


def readout(**more: Any) -> Readout:
    return Readout("r", "A-B", "A", ReadoutKind.OWN, AboutKind.CALL, "", **more)


POINT = Point(1, "topic", LineEnd.OURS, "said")
IMPOSSIBLE: dict[str, Callable[[], object]] = {
    "a call ends before it starts": lambda: call(ended_at=AT - timedelta(1), ending="cut off"),
    "an end without how": lambda: call(ended_at=LATER),
    "how without an end": lambda: call(ending=CallEnding.CUT_OFF),
    "a number twice": lambda: call(points=(POINT, POINT)),
    "a posture ends before it starts": lambda: posture(start=LATER, end=AT),
    "a role twice": lambda: watch("Interpreter", "interpreter"),
    "a handover before the start": lambda: watch("x", next_handover=AT),
    "a pairing of no point": lambda: readout(pairings=(Pairing(1, "s", 1, Mark.SAME, "x"),)),
    "an empty note": lambda: Note("n", AT, "", "x", "  "),
    "a note that corrects itself": lambda: Note("n", AT, "", "x", "text", corrects="n"),
}


@pytest.mark.parametrize("impossible", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_what_cannot_be_is_refused(impossible: Callable[[], object]) -> None:
    with pytest.raises(InvalidInput):
        impossible()


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidWindow):
        call(started_at=AT.replace(tzinfo=None))


def test_times_are_kept_in_utc() -> None:
    there = timezone(timedelta(hours=3))
    assert call(started_at=AT.astimezone(there)).started_at.tzinfo is UTC


def test_a_running_call_lasts_until_now_and_an_ended_one_no_longer() -> None:
    assert call().duration_s(LATER) == 3_600
    assert call().duration_s(AT - timedelta(1)) == 0
    ended = call(ended_at=LATER, ending=CallEnding.CONCLUDED)
    assert ended.duration_s(LATER + timedelta(1)) == 3_600


def test_a_watch_tells_its_languages_and_its_linguist() -> None:
    both = Watch(
        "A",
        AT,
        (DutyRole("one", ("en", "ru")), DutyRole("two", ("ru",), certified_linguist=True)),
        languages=("fr",),
    )
    assert both.spoken == ("fr", "en", "ru")
    assert both.has_linguist
    assert not watch("one").has_linguist
    assert not watch("one").is_overdue(LATER)


def test_a_question_that_lapsed_is_answered_late_and_the_lapse_stays() -> None:
    asked = Query("q", "A-B", LineEnd.OURS, AT, lapsed_at=LATER)
    assert asked.state is QueryState.NO_ANSWER
    answer = Statement("m", "B", LATER, None)
    late = Query("q", "A-B", LineEnd.OURS, AT, lapsed_at=LATER, statements=(answer,))
    assert (late.state, late.lapsed_at) == (QueryState.ANSWERED, LATER)
    assert Query("q", "A-B", statements=(answer,)).state is QueryState.UNASKED
