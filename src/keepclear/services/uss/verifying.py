"""See that the discovery service holds what we know it to hold, and mark what it holds otherwise.

An answer that was lost with the process that waited for it leaves another version there than
here; what is marked is brought in line by `following`. Looked at after a start, once more when
nothing from before the start can still be under way, and from then on now and then: a service
that was restored knows less than it did.

Source: ASTM F3548-21, OPIN0025, SCD0085.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

import msgspec

from keepclear.errors import InvalidInput, NotFound, PeerTrouble
from keepclear.formats.documents.published import PublishedIntent
from keepclear.ledger.entries import EntryKind
from keepclear.services.uss.keeping import keep_constraint, keep_intent
from keepclear.services.uss.unanswered import LATE, P, stale, unanswered
from keepclear.services.uss.uss import Uss
from keepclear.services.uss.wanted import moved_on

MOST_A_ROUND = 50
EVERY = timedelta(minutes=10)


class Verifier:
    """Asks the discovery service for everything of ours, some of it each round."""

    def __init__(self, uss: Uss) -> None:
        self._uss = uss
        self._next = uss.now()
        self._is_first = True
        self._left: deque[str] = deque()

    def round(self) -> bool:
        """Look at some; whether more are to be looked at at once."""
        uss, now = self._uss, self._uss.now()
        if not self._left and now >= self._next:
            self._left.extend(each.id for each in uss.own.intents())
            self._left.extend(each.id for each in uss.own.constraints())
            self._next = now + (LATE if self._is_first else EVERY)
            self._is_first = False
        is_busy = False
        for _ in range(min(MOST_A_ROUND, len(self._left))):
            entity_id = self._left.popleft()
            with uss.own.alone_if_free(entity_id) as is_free:
                is_seen = is_free and _is_either_seen(uss, entity_id, now)
            if is_seen:
                continue
            self._left.append(entity_id)
            if is_free:
                return False
            is_busy = True
        return bool(self._left) and not is_busy


def _is_either_seen(uss: Uss, entity_id: str, now: datetime) -> bool:
    """Whether the service said how it stands with what has that id, whichever it is."""
    return _is_intent_seen(uss, entity_id, now) and _is_seen(uss, entity_id, now)


def _is_intent_seen(uss: Uss, entity_id: str, now: datetime) -> bool:
    """Whether the service said how it stands with an intent, where there is one of that id."""
    published = uss.own.intent(entity_id)
    if published is None:
        return True
    if published.intent is None:
        marked = _asked_before(published, now)
    else:
        try:
            there = uss.dss.intent(entity_id).version
        except NotFound:
            marked = _forgotten(published, now)
        except (InvalidInput, PeerTrouble):
            return False
        else:
            same = there == published.intent.reference.version
            marked = published if same else _doubted(published, now)
    if marked != published:
        keep_intent(uss, marked, EntryKind.INTENT_CHANGED)
    return True


def _asked_before(published: P, now: datetime) -> P:
    """What was asked for and has no answer: by a process that is gone, where it bears no mark."""
    return published if published.unanswered_at else unanswered(published, now)


def _doubted(published: PublishedIntent, now: datetime) -> PublishedIntent:
    return msgspec.structs.replace(unanswered(published, now), is_tried=True)


def _forgotten(published: PublishedIntent, now: datetime) -> PublishedIntent:
    """The service has it no more: what is to go was removed, anything else is put there anew."""
    if not published.is_wanted or moved_on(published, now):
        return published
    return msgspec.structs.replace(_doubted(published, now), intent=None)


def _is_seen(uss: Uss, entity_id: str, now: datetime) -> bool:
    """As `_is_intent_seen`, of a constraint."""
    published = uss.own.constraint(entity_id)
    if published is None:
        return True
    if published.constraint is None:
        marked = _asked_before(published, now)
    else:
        try:
            there = uss.dss.constraint(entity_id).version
        except NotFound:
            there = 0
        except (InvalidInput, PeerTrouble):
            return False
        same = there == published.constraint.reference.version
        marked = published if same or not published.is_wanted else stale(published)
    if marked != published:
        keep_constraint(uss, marked, EntryKind.CONSTRAINT_CHANGED)
    return True
