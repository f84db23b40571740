"""Tell subscribers of a change: written with the change, posted at once, tried again for a while.

Source: ASTM F3548-21, SCD0085, CSTM0070 .. 0095 (whoever changed something tells the
    subscribers that the discovery service named, with their indices); annex of constants:
    UssOiChangeNotificationMaxSeconds 5, ConflictingOIMaxUSSNotificationTimeSeconds 1.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from threading import Lock

import msgspec
from msgspec import Struct

from keepclear.errors import InvalidInput, NodeFault, PeerTrouble
from keepclear.formats.f3548 import (
    Constraint,
    ErrorReport,
    OperationalIntent,
    PutConstraintDetailsParameters,
    PutOperationalIntentDetailsParameters,
    SubscriberToNotify,
    decode,
    encode,
)
from keepclear.formats.f3548.record import Maybe
from keepclear.ports.store import Unit
from keepclear.ports.uss_store import Waiting
from keepclear.services.uss.complaining import doubt_listener
from keepclear.services.uss.paths import CONSTRAINTS, DSS_REPORTS, INTENTS
from keepclear.services.uss.uss import Uss

_log = logging.getLogger(__name__)

UNTIL_S = 60.0
"""After so long a notification is given up; whoever plans there asks for details anyway."""
AGAIN_S = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""After each attempt that failed, so long until the next."""
IDLE_S = 5.0
MOST_AT_ONCE = 24
"""So many USSs are told at once; threads are left for whoever plans, however many are silent."""


def intent_notices(
    uss: Uss,
    subscribers: Sequence[SubscriberToNotify],
    entity_id: str,
    intent: Maybe[OperationalIntent],
) -> list[Waiting]:
    """What is posted of an intent that changed, or (UNSET) is gone; nothing to ourselves."""
    return [
        _waiting(
            uss,
            each.uss_base_url,
            INTENTS,
            PutOperationalIntentDetailsParameters(
                operational_intent_id=entity_id,
                operational_intent=intent,
                subscriptions=each.subscriptions,
            ),
        )
        for each in subscribers
        if not uss.is_ours(each.uss_base_url)
    ]


def constraint_notices(
    uss: Uss,
    subscribers: Sequence[SubscriberToNotify],
    entity_id: str,
    constraint: Maybe[Constraint],
) -> list[Waiting]:
    """What is posted of a constraint that changed, or (UNSET) is gone; nothing to ourselves."""
    return [
        _waiting(
            uss,
            each.uss_base_url,
            CONSTRAINTS,
            PutConstraintDetailsParameters(
                constraint_id=entity_id,
                constraint=constraint,
                subscriptions=each.subscriptions,
            ),
        )
        for each in subscribers
        if not uss.is_ours(each.uss_base_url)
    ]


def _waiting(uss: Uss, base_url: str, path: str, record: object) -> Waiting:
    now = uss.now()
    return Waiting(0, base_url, path, encode(record), now, now + timedelta(seconds=UNTIL_S))


class _About(Struct, frozen=True):
    """What a body is about, as far as it says; reports say nothing."""

    operational_intent_id: str = ""
    constraint_id: str = ""


_ABOUT = msgspec.json.Decoder(_About)


class Teller:
    """Posts what waits: to each USS one after the other, to several at once.

    One thread calls `round`; those of the pool take what is posted out of the store.
    """

    def __init__(self, uss: Uss) -> None:
        self._uss = uss
        self._busy: set[str] = set()
        self._lock = Lock()

    def round(self) -> float:
        """Begin what is due; after how many seconds something is due again."""
        now = self._uss.now()
        with self._lock:
            # Before the store is read: what is posted since is still in what was read.
            busy = frozenset(self._busy)
        soonest_s = IDLE_S
        for base_url, theirs in self._waiting(busy):
            due = in_order(theirs, now)
            if due and not self._begin(base_url, due):
                break
            if not due:
                soonest = min(each.due for each in theirs if each.due > now)
                soonest_s = min(soonest_s, (soonest - now).total_seconds())
        return max(soonest_s, 0.0)

    def _waiting(self, busy: Collection[str]) -> list[tuple[str, list[Waiting]]]:
        """What waits for each USS that is not being told; those that did not fail come first."""
        with self._uss.node.store.view() as view:
            waiting = sorted(view.waiting(), key=lambda each: (each.base_url, each.number))
        by_uss = groupby(waiting, key=lambda each: each.base_url)
        found = [(base_url, list(some)) for base_url, some in by_uss if base_url not in busy]
        return sorted(found, key=lambda each: max(one.attempts for one in each[1]))

    def _begin(self, base_url: str, due: Sequence[Waiting]) -> bool:
        """Have a USS told; False where so many are being told that it must wait for a ring."""
        with self._lock:
            if len(self._busy) >= MOST_AT_ONCE:
                return False
            self._busy.add(base_url)
        self._uss.pool.submit(self._tell, base_url, due)
        return True

    def _tell(self, base_url: str, due: Sequence[Waiting]) -> None:
        try:
            for each in due:
                trouble = self._posted(each)
                self._keep(each, trouble)
                if trouble is not None:
                    break
        except NodeFault as fault:
            _log.error("what was told %s could not be kept: %s", base_url, fault)
        finally:
            with self._lock:
                self._busy.discard(base_url)
            self._uss.ring()

    def _posted(self, waiting: Waiting) -> PeerTrouble | None:
        """Post it; what stood in the way for now. What is refused for good is not tried again."""
        try:
            if waiting.path == DSS_REPORTS:
                self._uss.dss.report(decode(ErrorReport, waiting.body))
            else:
                self._uss.peers.tell(waiting.base_url, waiting.path, waiting.body)
        except PeerTrouble as trouble:
            return trouble
        except InvalidInput as refusal:
            _log.warning("what was told %s was refused: %s", waiting.base_url, refusal)
            doubt_listener(self._uss, waiting, refusal)
        return None

    def _keep(self, waiting: Waiting, trouble: PeerTrouble | None) -> None:
        again = None if trouble is None else next_attempt(waiting, self._uss.now())

        def work(unit: Unit) -> None:
            if again is None:
                unit.drop_waiting(waiting.number)
            else:
                unit.put_waiting(again)

        self._uss.node.store.write(work)
        if trouble is not None and again is None:
            _log.warning("what was to be told was given up: %s", trouble)
            doubt_listener(self._uss, waiting, trouble)


def in_order(theirs: Sequence[Waiting], now: datetime) -> list[Waiting]:
    """What is due of what waits for one USS: of each intent or constraint the oldest first.

    What was told and failed holds back what came after it of the same thing, and nothing else.
    """
    due: list[Waiting] = []
    held: set[_About] = set()
    for each in theirs:
        about = _ABOUT.decode(each.body)
        if each.due > now:
            held.add(about)
        elif about not in held:
            due.append(each)
    return due


def next_attempt(waiting: Waiting, now: datetime) -> Waiting | None:
    """The notification with its next attempt; None once it is given up."""
    if waiting.attempts >= len(AGAIN_S):
        return None
    due = now + timedelta(seconds=AGAIN_S[waiting.attempts])
    if due > waiting.until:
        return None
    return waiting._replace(due=due, attempts=waiting.attempts + 1)
