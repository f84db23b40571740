"""The life of a request, as a pure machine: what may come next, and when its clock ends.

Considered is not accepted: UNDER CONSIDERATION has a date and re-arms the clock once. An
answer that comes after the clock is kept as late; ANSWERED and DECLINED are final.

Source: domain study of keepclear, 5b (requests) and 5d, message life 7 and 10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from keepclear.errors import StateForbids
from keepclear.model.request import Request, RequestAct, RequestState, RequestStep

NEXT: Mapping[RequestState, Mapping[RequestAct, RequestState]] = {
    RequestState.RECEIVED: {
        RequestAct.CONSIDER: RequestState.UNDER_CONSIDERATION,
        RequestAct.ANSWER: RequestState.ANSWERED,
        RequestAct.DECLINE: RequestState.DECLINED,
        RequestAct.LAPSE: RequestState.NO_ANSWER,
    },
    RequestState.UNDER_CONSIDERATION: {
        RequestAct.ANSWER: RequestState.ANSWERED,
        RequestAct.DECLINE: RequestState.DECLINED,
        RequestAct.LAPSE: RequestState.NO_ANSWER,
    },
    RequestState.NO_ANSWER: {
        RequestAct.ANSWER: RequestState.ANSWERED,
        RequestAct.DECLINE: RequestState.DECLINED,
    },
    RequestState.ANSWERED: {},
    RequestState.DECLINED: {},
}
"""What each act makes of each state; what is not there may not be done."""


def state_of(request: Request) -> RequestState:
    """Where a request is, by its steps.

    Raises:
        StateForbids: its steps cannot follow each other.
    """
    state, before = RequestState.RECEIVED, request.asked_at
    for step in request.steps:
        _require(state, step, before)
        state, before = NEXT[state][step.act], step.at
    return state


def acts_of(request: Request) -> tuple[RequestAct, ...]:
    """What a person may do next; nothing once it is answered or declined."""
    return tuple(act for act in NEXT[state_of(request)] if act is not RequestAct.LAPSE)


def stepped(request: Request, step: RequestStep) -> Request:
    """The request with one step more.

    Raises:
        StateForbids: the step cannot follow; `acts_of` says what can.
    """
    after = replace(request, steps=(*request.steps, step))
    state_of(after)
    return after


def due_of(request: Request) -> datetime | None:
    """When its clock ends; None where none runs."""
    match state_of(request):
        case RequestState.RECEIVED:
            return request.answer_by
        case RequestState.UNDER_CONSIDERATION:
            return request.steps[-1].until
        case _:
            return None


def lapsed(request: Request, now: datetime) -> Request | None:
    """The request with NO ANSWER on record; None where its clock has not ended."""
    due = due_of(request)
    if due is None or now < due:
        return None
    last = request.steps[-1].at if request.steps else request.asked_at
    return stepped(request, RequestStep(RequestAct.LAPSE, max(due, last)))


def is_late(request: Request) -> bool:
    """Tell whether it was answered or declined only after its clock had ended."""
    if not request.steps or state_of(request) not in {
        RequestState.ANSWERED,
        RequestState.DECLINED,
    }:
        return False
    before = replace(request, steps=request.steps[:-1])
    due = due_of(before)
    overran = due is not None and request.steps[-1].at > due
    return overran or state_of(before) is RequestState.NO_ANSWER


def _require(state: RequestState, step: RequestStep, before: datetime) -> None:
    if step.act not in NEXT[state]:
        may = ", ".join(act for act in NEXT[state] if act is not RequestAct.LAPSE)
        raise StateForbids(
            f"the request is {state}: {step.act} cannot follow",
            remedy=f"What may follow: {may}." if may else "It is over; make a new request.",
        )
    if step.at < before:
        raise StateForbids(
            f"the step {step.act} is earlier than what it follows", remedy="Correct its time."
        )
    if (step.act is RequestAct.CONSIDER) is not (step.until is not None):
        raise StateForbids(
            "under consideration needs a date until when, and nothing else has one",
            remedy="Give `until` with `consider` alone.",
        )
    if step.until is not None and step.until <= step.at:
        raise StateForbids("it is under consideration until before it began", remedy="Correct it.")
