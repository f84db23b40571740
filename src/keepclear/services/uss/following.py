"""Keep what is published true: operations change and end, answers get lost, time passes.

Everything here is looked at again until it is settled; what failed waits a little longer
each time. Whoever changes a published operation need not think of F3548.

A flight that is off its plan for too long counts as lost: its intent becomes Contingent by
itself. Its operation stays as its owner says it is, for nothing of F3548 reaches a line.

Source: ASTM F3548-21, OPIN0040 and its constants (OiMaxCancelTimeSeconds 5,
    TransitionToEndedMaxTimeSeconds 5, OiMaxUpdateTimeNonconfSeconds 5, and 60 s in which a
    Nonconforming flight may recover); interface UTM API 1.0.0, OperationalIntentState.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import msgspec

from keepclear.errors import InvalidInput
from keepclear.f3548.states import is_beyond_recovery
from keepclear.formats.documents.published import PublishedIntent
from keepclear.ledger.entries import EntryKind
from keepclear.model.operation import Operation, OperationState
from keepclear.services.uss.constraints import follow_zone
from keepclear.services.uss.ending import end
from keepclear.services.uss.keeping import keep_intent
from keepclear.services.uss.operators import tell_of_failure
from keepclear.services.uss.publishing import RECOVERY_RULE, brought_up
from keepclear.services.uss.uss import Uss
from keepclear.services.uss.verifying import Verifier
from keepclear.services.uss.wanted import Result, moved_on

SOONEST_S = 1.0
LONGEST_S = 60.0
SLOW = timedelta(seconds=1.0)
"""What took so long waited for others."""


class Follower:
    """Brings every published intent in line with its operation; one thread runs it.

    What ends, or is off its plan, has a few seconds by the standard and needs the discovery
    service alone: it comes first, and again after whatever had to wait for another USS.
    """

    def __init__(self, uss: Uss) -> None:
        self._uss = uss
        self._later: dict[str, tuple[datetime, float]] = {}
        self._verifier = Verifier(uss)

    def round(self) -> float:
        """Settle what can be settled; after how many seconds to look again."""
        is_more = self._verifier.round()
        self._settle_urgent()
        for constraint in self._uss.own.constraints():
            self._attempt(constraint.id, partial(follow_zone, self._uss, constraint.id))
        for intent in self._uss.own.intents():
            began = self._uss.now()
            self._settle(intent)
            if self._uss.now() - began >= SLOW:
                self._settle_urgent()
        return 0.0 if is_more else SOONEST_S

    def _settle_urgent(self) -> None:
        for intent in self._uss.own.intents():
            if self._is_urgent(intent):
                self._settle(intent)

    def _settle(self, intent: PublishedIntent) -> None:
        self._attempt(intent.id, partial(self._settled, intent))

    def _is_urgent(self, published: PublishedIntent) -> bool:
        operation = self._operation(published.id)
        return (
            operation is None
            or operation.state not in (OperationState.PLANNED, OperationState.ACTIVE)
            or not published.is_wanted
            or moved_on(published, self._uss.now())
        )

    def _attempt(self, entity_id: str, work: Callable[[], bool]) -> None:
        """Settle one; where that fails, not again at once.

        What ends in a fault of ours ends the round; in the next, the others have their turn.
        """
        now = self._uss.now()
        due, wait_s = self._later.get(entity_id, (now, SOONEST_S))
        if due > now:
            return
        again = now + timedelta(seconds=wait_s)
        self._later[entity_id] = (again, min(2.0 * wait_s, LONGEST_S))
        if work():
            del self._later[entity_id]

    def _settled(self, published: PublishedIntent) -> bool:
        """Whether an intent says what its operation says, or somebody else is changing it."""
        uss = self._uss
        if self._is_true(published):
            return True
        with uss.own.alone_if_free(published.id) as is_free:
            if not is_free:
                return True
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
            return self._brought_up(current, operation)

    def _brought_up(self, current: PublishedIntent, operation: Operation) -> bool:
        """Whether an intent says what its operation says, once that was tried."""
        uss = self._uss
        lost = is_beyond_recovery(current.nonconforming_since, uss.now())
        try:
            outcome = brought_up(uss, operation, actor=RECOVERY_RULE if lost else "").outcome
        except InvalidInput as fault:
            note = msgspec.structs.replace(
                current, operation_version=operation.version, note=fault.message
            )
            keep_intent(uss, note, EntryKind.INTENT_CHANGED)
        else:
            if current.intent is None and outcome.result is Result.REFUSED:
                tell_of_failure(uss, current.id, current.designator, outcome.why)
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
            and not is_beyond_recovery(published.nonconforming_since, self._uss.now())
        )

    def _operation(self, operation_id: str) -> Operation | None:
        with self._uss.node.store.view() as view:
            stored = view.operation(operation_id)
        return None if stored is None else stored.operation
