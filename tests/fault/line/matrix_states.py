"""Every state of a message's life, and what two sides do to bring a message there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeAlias

from fault.line.matrix import Rig
from keepclear.formats.times import iso_text
from keepclear.model.message_life import ActKind, AnswerWord, State, Units
from keepclear.model.operation import Precedence
from keepclear.services.expected import NEW
from keepclear.services.line.messaging import Releasing, release, save_draft
from line_fixture import LINE, Side
from messages import BAND, FIELDS, PLACE, WINDOW, an_id, at, do, heard

Step: TypeAlias = Callable[[Rig], None]

THE = an_id("the message")
NEXT = an_id("the one that supersedes it")
REPLY = an_id("the message that answers it")
VALID_MINUTES = 30
REQUEST: Final[dict[str, Any]] = {
    "kind": "request",
    "boundary": "the river",
    "point": PLACE,
    "direction": "west to east",
    "class": "manned",
    "band": BAND,
    "window": WINDOW,
    "reason": "medical",
}
NOTICE: Final = {**REQUEST, "kind": "notice"}
PLAIN: Final = {
    "about": "the call",
    "text": "They spoke.",
    "points": ["contact restored"],
    "correction_asked": False,
}


@dataclass(frozen=True)
class Case:
    """One state.

    Attributes:
        steps: what is done, in order.
        blue, amber: in which state the message is in the end, at its sender and its receiver.
        is_open: whether something of it is still to come then.
    """

    steps: Sequence[Step]
    blue: State
    amber: State | None
    is_open: bool = True


def drafted(
    rig: Rig,
    name: str = THE,
    code: str = "M11",
    fields: dict[str, Any] = REQUEST,
    **header: Any,
) -> None:
    told = {"precedence": rig.precedence.value, **header}
    document = {"code": code, "line": LINE, "fields": fields, **told}
    save_draft(rig.blue.node, name, document, expected=NEW)


def sent(
    code: str = "M11", fields: dict[str, Any] = REQUEST, name: str = THE, **header: Any
) -> Step:
    def step(rig: Rig) -> None:
        drafted(rig, name, code, fields, **header)
        released(rig, rig.blue, name)

    return step


def released(rig: Rig, side: Side, name: str) -> None:
    act_id = an_id(f"release {name}")
    release(side.node, name, Releasing(act_id, "duty officer", "first", "second"))
    rig.sent[side.party].append(name)


def expiring(rig: Rig) -> None:
    """A message that holds for half an hour."""
    start, end = rig.blue.clock.now(), rig.blue.clock.now() + timedelta(minutes=VALID_MINUTES)
    valid = {"start": iso_text(start), "end": iso_text(end)}
    sent(valid=valid)(rig)


def arrived(rig: Rig) -> None:
    rig.wait(rig.amber, THE)


def by_amber(kind: ActKind, **said: Any) -> Step:
    def step(rig: Rig) -> None:
        rig.wait(rig.amber, THE, kind)
        acted(rig, rig.amber, kind, **said)

    return step


def by_blue(kind: ActKind, **said: Any) -> Step:
    def step(rig: Rig) -> None:
        rig.wait(rig.blue, THE, kind)
        acted(rig, rig.blue, kind, **said)

    return step


def acted(rig: Rig, side: Side, kind: ActKind, **said: Any) -> None:
    """Do something, and note what must be on both sides in the end."""
    before = at(side, THE).life
    after = do(side, THE, kind, f"{len(rig.acts)}", **said).life
    rig.acts += [each.act_id for each in after.history[len(before.history) :]]


def read_back(**slips: Any) -> Step:
    def step(rig: Rig) -> None:
        rig.wait(rig.amber, THE, ActKind.READBACK)
        told = heard(at(rig.amber, THE), **slips)
        acted(rig, rig.amber, ActKind.READBACK, heard=told)

    return step


def considered(rig: Rig) -> None:
    rig.wait(rig.amber, THE, ActKind.CONSIDER)
    until = rig.amber.clock.now() + timedelta(hours=3)
    acted(rig, rig.amber, ActKind.CONSIDER, until=until)


def superseded(rig: Rig, **header: Any) -> None:
    sent(name=NEXT, supersedes=THE, **header)(rig)


def overtaken(rig: Rig) -> None:
    """Superseded by a FLASH, which may come before what it supersedes."""
    superseded(rig, precedence=Precedence.FLASH.value)


def replied(rig: Rig) -> None:
    """Answered by a message of its own, before anything else was proved or after."""
    rig.wait(rig.amber, THE)
    document = {
        "code": "M08",
        "line": LINE,
        "precedence": rig.precedence.value,
        "refs": [THE],
        "fields": {"advisory": THE, "answer": "will move"},
    }
    save_draft(rig.amber.node, REPLY, document, expected=NEW)
    released(rig, rig.amber, REPLY)


def expired(rig: Rig) -> None:
    rig.turn(minutes=VALID_MINUTES + 1)


def crossing(*steps: Step) -> Step:
    """Things done on both sides before either learns of the other's."""

    def step(rig: Rig) -> None:
        for each in steps:
            each(rig)

    return step


def draft_withdrawn(rig: Rig) -> None:
    do(rig.blue, THE, ActKind.WITHDRAW)


def tried(rig: Rig) -> None:
    rig.rounds(1)


acknowledged = by_amber(ActKind.ACKNOWLEDGE)
declined = by_amber(ActKind.CANNOT_COMPLY, text="no aircraft to move")
answered = by_amber(ActKind.ANSWER, answer=AnswerWord.ANSWERED, text="at 1300Z")
partly = by_amber(ActKind.ANSWER, answer=AnswerWord.PARTLY, text="the place; not the time")
told_units = by_amber(ActKind.PASSED_TO_UNITS, units=Units.CONFIRMED)
units_cannot = by_amber(ActKind.PASSED_TO_UNITS, units=Units.CANNOT)
cancellation_acknowledged = by_amber(ActKind.ACKNOWLEDGE_CANCELLATION)
cancelled = by_blue(ActKind.CANCEL, text="no longer so")
corrected = by_blue(ActKind.CORRECTION, text="the band is as sent")
withdrawn = by_blue(ActKind.WITHDRAW, text="written in error")
disputed = read_back(direction="east to west")
proved = (sent(), acknowledged, read_back())

CASES: Final[dict[str, Case]] = {
    "drafted": Case((drafted,), State.READY, None),
    "draft withdrawn": Case((drafted, draft_withdrawn), State.WITHDRAWN, None, False),
    "released": Case((sent(),), State.DELIVERED, State.DELIVERED),
    "sent": Case((sent(), tried), State.DELIVERED, State.DELIVERED),
    "delivered": Case((sent(), arrived), State.DELIVERED, State.DELIVERED),
    "acknowledged": Case(
        (sent("M22", PLAIN), acknowledged), State.CLOSED, State.CLOSED, is_open=False
    ),
    "readback due": Case((sent(), acknowledged), State.READBACK_DUE, State.READBACK_DUE),
    "disputed": Case((sent(), acknowledged, disputed), State.DISPUTED, State.DISPUTED),
    "corrected": Case(
        (sent(), acknowledged, disputed, corrected), State.READBACK_DUE, State.READBACK_DUE
    ),
    "disputed twice, then read back": Case(
        (sent(), acknowledged, disputed, corrected, disputed, read_back()),
        State.AWAITING_ANSWER,
        State.AWAITING_ANSWER,
    ),
    "withdrawn in dispute": Case(
        (sent(), acknowledged, disputed, withdrawn), State.WITHDRAWN, State.WITHDRAWN, False
    ),
    "read back": Case(
        (sent(fields=NOTICE), acknowledged, read_back()), State.READ_BACK, State.READ_BACK
    ),
    "awaiting answer": Case(proved, State.AWAITING_ANSWER, State.AWAITING_ANSWER),
    "under consideration": Case(
        (*proved, considered), State.UNDER_CONSIDERATION, State.UNDER_CONSIDERATION
    ),
    "answered": Case((*proved, considered, answered), State.ANSWERED, State.ANSWERED),
    "answered, units told": Case(
        (*proved, answered, told_units), State.ANSWERED, State.ANSWERED, False
    ),
    "answered by a message": Case(
        (sent("M07", FIELDS["M07"]), acknowledged, read_back(), replied),
        State.ANSWERED,
        State.ANSWERED,
        False,
    ),
    "answered before it was acknowledged": Case(
        (sent("M07", FIELDS["M07"]), replied, acknowledged, read_back()),
        State.ANSWERED,
        State.ANSWERED,
        False,
    ),
    "partly": Case((*proved, partly), State.PARTLY, State.PARTLY),
    "partly, then answered": Case((*proved, partly, answered), State.ANSWERED, State.ANSWERED),
    "declined": Case((*proved, declined), State.DECLINED, State.DECLINED),
    "passed to units": Case(
        (sent(fields=NOTICE), acknowledged, read_back(), told_units),
        State.CLOSED,
        State.CLOSED,
        False,
    ),
    "units cannot be told, then are": Case(
        (sent(fields=NOTICE), acknowledged, units_cannot, told_units, read_back()),
        State.CLOSED,
        State.CLOSED,
        False,
    ),
    "cancelled": Case((sent(), acknowledged, cancelled), State.CANCELLED, State.CANCELLED),
    "cancelled before it came": Case((sent(), cancelled), State.CANCELLED, State.CANCELLED),
    "cancelled, and that acknowledged": Case(
        (sent(), cancelled, cancellation_acknowledged), State.CANCELLED, State.CANCELLED, False
    ),
    "cancelled while it is acknowledged": Case(
        (sent(), arrived, crossing(acknowledged, cancelled), cancellation_acknowledged),
        State.CANCELLED,
        State.CANCELLED,
        False,
    ),
    "cancelled while it is answered": Case(
        (*proved, crossing(answered, cancelled)), State.CANCELLED, State.CANCELLED
    ),
    "superseded": Case(
        (sent(), acknowledged, superseded), State.SUPERSEDED, State.SUPERSEDED, False
    ),
    "superseded while it is read back": Case(
        (sent(), acknowledged, crossing(read_back(), superseded)),
        State.SUPERSEDED,
        State.SUPERSEDED,
        False,
    ),
    "superseded after it was cancelled": Case(
        (sent(), acknowledged, cancelled, superseded), State.SUPERSEDED, State.SUPERSEDED, False
    ),
    "superseded after it was closed": Case(
        (sent("M22", PLAIN), acknowledged, superseded), State.SUPERSEDED, State.SUPERSEDED, False
    ),
    "superseded by a flash that overtakes it": Case(
        (crossing(sent(), overtaken),), State.SUPERSEDED, State.SUPERSEDED, False
    ),
    "expired": Case((expiring, arrived, expired), State.EXPIRED, State.EXPIRED, False),
    "expired on the way": Case((crossing(expiring, expired),), State.EXPIRED, State.EXPIRED, False),
    "acknowledged late": Case(
        (expiring, arrived, crossing(acknowledged, expired)), State.EXPIRED, State.EXPIRED, False
    ),
    "cancelled as it expires": Case(
        (expiring, arrived, crossing(cancelled, expired)), State.CANCELLED, State.CANCELLED
    ),
}
"""By the name of the state, or of the way it was come to."""
