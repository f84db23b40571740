"""Keep what is published true: operations change and end, answers get lost, time passes.

Everything here is looked at again until it is settled; what failed waits a little longer
each time. Whoever changes a published operation need not think of F3548.

Source: ASTM F3548-21, OPIN0040 and its constants (OiMaxCancelTimeSeconds 5,
    TransitionToEndedMaxTimeSeconds 5, OiMaxUpdateTimeNonconfSeconds 5).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import msgspec

from keepclear.errors import InvalidInput, NotFound, PeerTrouble
from keepclear.formats.documents.published import PublishedIntent
from keepclear.ledger.entries import EntryKind
from keepclear.model.operation import Operation, OperationState
from keepclear.services.uss.constraints import follow_zone
from keepclear.services.uss.keeping import keep_intent
from keepclear.services.uss.publishing import brought_up
from keepclear.services.uss.sharing import end
from keepclear.services.uss.uss import Uss
from keepclear.services.uss.wanted import Result, moved_on

SOONEST_S = 1.0
LONGEST_S = 60.0


class Follower:
    """Brings every published intent in line with its operation; one thread runs it."""

    def __init__(self, uss: Uss) -> None:
        self._uss = uss
        self._later: dict[str, tuple[datetime, float]] = {}
        self._verified = False

    def round(self) -> float:
        """Settle what can be settled; after how many seconds to look again."""
        if not self._verified:
            self._verified = self._verify_all()
        for intent in self._uss.own.intents():
            self._attempt(intent.id, partial(self._settled, intent))
        for constraint in self._uss.own.constraints():
            self._attempt(constraint.id, partial(follow_zone, self._uss, constraint))
        return SOONEST_S

    def _attempt(self, entity_id: str, work: Callable[[], bool]) -> None:
        """Settle one; where that fails, not again at once."""
        now = self._uss.now()
        due, wait_s = self._later.get(entity_id, (now, SOONEST_S))
        if due > now:
            return
        if work():
            self._later.pop(entity_id, None)
        else:
            again = now + timedelta(seconds=wait_s)
            self._later[entity_id] = (again, min(2.0 * wait_s, LONGEST_S))

    def _settled(self, published: PublishedIntent) -> bool:
        """Whether an intent says what its operation says, now or before."""
        uss = self._uss
        if self._is_true(published):
            return True
        with uss.own.alone(published.id):
            current = uss.own.intent(published.id)
            if current is None or self._is_true(current):
                return True
            operation = self._operation(current.id)
            if (
                operation is None
                or operation.state is OperationState.ENDED
                or not current.is_wanted
                or moved_on(current, uss.now())
            ):
                return end(uss, current.id).result is Result.DONE
            try:
                brought_up(uss, operation, actor="")
            except InvalidInput as fault:
                note = msgspec.structs.replace(
                    current, operation_version=operation.version, note=fault.message
                )
                keep_intent(uss, note, EntryKind.INTENT_CHANGED)
            after = uss.own.intent(current.id)
            return after is None or self._is_true(after)

    def _is_true(self, published: PublishedIntent) -> bool:
        operation = self._operation(published.id)
        return (
            operation is not None
            and operation.state is not OperationState.ENDED
            and operation.version == published.operation_version
            and published.is_wanted
            and not published.is_tried
            and not moved_on(published, self._uss.now())
        )

    def _operation(self, operation_id: str) -> Operation | None:
        with self._uss.node.store.view() as view:
            stored = view.operation(operation_id)
        return None if stored is None else stored.operation

    def _verify_all(self) -> bool:
        """After a start: whether the discovery service has what we know it to have.

        An answer that was lost with the process leaves another version there than here; what
        others would then ask us for we could not show, so that it is published anew.
        """
        for published in self._uss.own.intents():
            with self._uss.own.alone(published.id):
                if not self._verified_one(published):
                    return False
        return True

    def _verified_one(self, published: PublishedIntent) -> bool:
        uss = self._uss
        if published.intent is None:
            return True
        try:
            reference = uss.dss.intent(published.id)
        except NotFound:
            gone = msgspec.structs.replace(published, intent=None, is_wanted=False)
            keep_intent(uss, gone, EntryKind.INTENT_CHANGED)
            return True
        except (InvalidInput, PeerTrouble):
            return False
        if reference.version != published.intent.reference.version:
            intent = msgspec.structs.replace(published.intent, reference=reference)
            stale = msgspec.structs.replace(published, intent=intent, operation_version=0)
            keep_intent(uss, stale, EntryKind.INTENT_CHANGED)
        return True
