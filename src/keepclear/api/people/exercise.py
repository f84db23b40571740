"""The exercise's script on the consoles, and the clock that nodes in it share.

Only a node that was started for an exercise with a clock of its own has any of this.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.replies import Reply
from keepclear.errors import NotFound, StateForbids
from keepclear.exercise.board import FASTEST, SLOWEST, Board, BoardStep, StepState
from keepclear.formats.times import iso_text
from keepclear.ports.world import TurnableClock


class ScriptStepRecord(Told, frozen=True, kw_only=True):
    """One step of the script."""

    number: int
    title: str
    phrase: Annotated[str, Meta(description="The article's words it stands for; empty: none")]
    party: Annotated[str, Meta(description="Whose console shows it best")]
    explains: Annotated[str, Meta(description="What to look at")]
    state: StepState
    told: Annotated[str, Meta(description="What came of it, or why it failed")]


class ExerciseRecord(Told, frozen=True, kw_only=True):
    """The script, how far it is, and what was asked of it last."""

    steps: tuple[ScriptStepRecord, ...]
    until: Annotated[int, Meta(description="The step that was asked for; 0 for none")]
    speed: float
    wish: Annotated[int, Meta(description="Counts wishes")]


class StepBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A step, as the conductor reports it."""

    number: Annotated[int, Meta(ge=1, le=1_000)]
    title: Annotated[str, Meta(max_length=200)]
    phrase: Annotated[str, Meta(max_length=500)] = ""
    party: Annotated[str, Meta(max_length=40)] = ""
    explains: Annotated[str, Meta(max_length=2_000)] = ""
    state: StepState = StepState.WAITING
    told: Annotated[str, Meta(max_length=2_000)] = ""


class StepsBody(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole script as it stands."""

    steps: Annotated[tuple[StepBody, ...], Meta(max_length=100)]


class WishBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What the person at the console wants."""

    until: Annotated[int, Meta(ge=0, le=1_000, description="Play up to this step; 0 stops")]
    speed: Annotated[
        float, Meta(ge=SLOWEST, le=FASTEST, description="A multiple of the pace of talk")
    ] = 1.0


class ClockBody(Struct, frozen=True, forbid_unknown_fields=True):
    """The moment from which the node's clock goes on."""

    now: datetime


class TurnedClockRecord(Told, frozen=True, kw_only=True):
    """The node's clock."""

    now: Time


def _board(call: Call[NoQuery]) -> Board:
    board = call.equipment.board
    if board is None:
        raise NotFound("this node is not in an exercise with a script")
    return board


def _reply(board: Board) -> Reply:
    steps, wish = board.read()
    return Reply(
        {
            "steps": [_step(each) for each in steps],
            "until": wish.until,
            "speed": wish.speed,
            "wish": wish.number,
        }
    )


def _step(step: BoardStep) -> dict[str, object]:
    return {
        "number": step.number,
        "title": step.title,
        "phrase": step.phrase,
        "party": step.party,
        "explains": step.explains,
        "state": step.state.value,
        "told": step.told,
    }


def _get(call: Call[NoQuery]) -> Reply:
    return _reply(_board(call))


def _put(call: Call[NoQuery]) -> Reply:
    board = _board(call)
    told = body_of(call.body, StepsBody)
    board.show(
        [
            BoardStep(s.number, s.title, s.phrase, s.party, s.explains, s.state, s.told)
            for s in told.steps
        ]
    )
    return _reply(board)


def _wish(call: Call[NoQuery]) -> Reply:
    board = _board(call)
    wanted = body_of(call.body, WishBody)
    board.wish(wanted.until, wanted.speed)
    return _reply(board)


def _turn(call: Call[NoQuery]) -> Reply:
    clock = call.node.clock
    if not (call.node.is_clock_set and isinstance(clock, TurnableClock)):
        raise StateForbids(
            "this node keeps its machine's time",
            remedy="Only a node started for an exercise with a clock of its own is turned.",
        )
    at = body_of(call.body, ClockBody).now
    if at.tzinfo is None:
        raise errors.InvalidWindow(f"{at.isoformat()} has no zone")
    clock.turn_to(at)
    call.node.ring()
    return Reply({"now": iso_text(call.node.now())})


_PATH = "/api/v1/exercise"

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_PATH,
        summary="The exercise's script and how far it is",
        handler=_get,
        returns=(Returned(200, "The script", ExerciseRecord),),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=_PATH,
        summary="Report the script; for the conductor",
        handler=_put,
        body=Body(StepsBody),
        returns=(Returned(200, "The script", ExerciseRecord),),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=f"{_PATH}/wish",
        summary="Have the script played up to a step",
        handler=_wish,
        body=Body(WishBody),
        returns=(Returned(200, "The script", ExerciseRecord),),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=f"{_PATH}/clock",
        summary="Turn the node's clock; in an exercise only",
        handler=_turn,
        body=Body(ClockBody),
        returns=(Returned(200, "Turned", TurnedClockRecord),),
        errors=(errors.StateForbids, errors.InvalidWindow),
    ),
)
