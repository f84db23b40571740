"""What this USS publishes, in memory: asked for details it answers at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Condition, Lock

from keepclear.f3548.extent import Extent, extent_of, meets
from keepclear.formats.documents.published import (
    PublishedConstraint,
    PublishedIntent,
    stored_published,
)
from keepclear.formats.f3548 import (
    Constraint,
    OperationalIntent,
    VehicleTelemetry,
    Volume4D,
    area_of,
)
from keepclear.model.node import Subject
from keepclear.ports.store import View


class OwnPublished:
    """Every live published intent and constraint, for use from any thread.

    The store is what counts: it is read once, and what is written there is put here after it.
    """

    def __init__(self, view: View) -> None:
        self._lock = Lock()
        self._changed = Condition(self._lock)
        self._alone: dict[str, tuple[Lock, int]] = {}
        self._intents = {
            each.id: stored_published(PublishedIntent, each.body)
            for each in view.declarations(Subject.INTENT)
        }
        self._constraints = {
            each.id: stored_published(PublishedConstraint, each.body)
            for each in view.declarations(Subject.CONSTRAINT)
        }
        self._extents = {each.id: _extent_of(each) for each in self._intents.values()}
        self._telemetry: dict[str, VehicleTelemetry] = {}

    def intent(self, entity_id: str) -> PublishedIntent | None:
        """One of ours; None where we publish none of that id."""
        with self._lock:
            return self._intents.get(entity_id)

    def intent_as_of(
        self, entity_id: str, version: int, *, within_s: float
    ) -> OperationalIntent | None:
        """One of ours in a version that the discovery service names, or in a later one.

        While another thread waits for the service's answer it is on its way here; it is waited
        for so long. None where we publish none of that id, or it never came.
        """

        def is_there() -> bool:
            published = self._intents.get(entity_id)
            intent = None if published is None else published.intent
            return published is None or (intent is not None and intent.reference.version >= version)

        with self._changed:
            is_known = self._changed.wait_for(is_there, within_s)
            published = self._intents.get(entity_id)
        return published.intent if is_known and published is not None else None

    def intents(self) -> tuple[PublishedIntent, ...]:
        """All of ours, by id."""
        with self._lock:
            return tuple(sorted(self._intents.values(), key=lambda each: each.id))

    def intents_near(self, volumes: Sequence[Volume4D]) -> tuple[PublishedIntent, ...]:
        """Those of ours whose bounding extents meet that of some volumes, by id."""
        asked = extent_of([area_of(each) for each in volumes])
        with self._lock:
            found = [
                self._intents[entity_id]
                for entity_id, extent in self._extents.items()
                if extent is not None and meets(extent, asked)
            ]
        return tuple(sorted(found, key=lambda each: each.id))

    def follows(self, volumes: Sequence[Volume4D]) -> bool:
        """Whether changes of what others publish there are told to us.

        A subscription goes with each intent of ours, and reaches about as far as it does; where
        nothing of ours is, what was learnt stays as it was.
        """
        return bool(self.intents_near(volumes))

    def put_intent(self, published: PublishedIntent) -> None:
        """It was written."""
        extent = _extent_of(published)
        with self._lock:
            self._intents[published.id] = published
            self._extents[published.id] = extent
            self._changed.notify_all()

    def drop_intent(self, entity_id: str) -> None:
        """It is published no more."""
        with self._lock:
            self._intents.pop(entity_id, None)
            self._extents.pop(entity_id, None)
            self._telemetry.pop(entity_id, None)
            self._changed.notify_all()

    def constraint(self, entity_id: str) -> PublishedConstraint | None:
        """One of ours; None where we publish none of that id."""
        with self._lock:
            return self._constraints.get(entity_id)

    def constraint_as_of(
        self, entity_id: str, version: int, *, within_s: float
    ) -> Constraint | None:
        """As `intent_as_of`, of a constraint."""

        def is_there() -> bool:
            published = self._constraints.get(entity_id)
            constraint = None if published is None else published.constraint
            return published is None or (
                constraint is not None and constraint.reference.version >= version
            )

        with self._changed:
            is_known = self._changed.wait_for(is_there, within_s)
            published = self._constraints.get(entity_id)
        return published.constraint if is_known and published is not None else None

    def constraints(self) -> tuple[PublishedConstraint, ...]:
        """All of ours, by id."""
        with self._lock:
            return tuple(sorted(self._constraints.values(), key=lambda each: each.id))

    def put_constraint(self, published: PublishedConstraint) -> None:
        """It was written."""
        with self._lock:
            self._constraints[published.id] = published
            self._changed.notify_all()

    def drop_constraint(self, entity_id: str) -> None:
        """It is published no more."""
        with self._lock:
            self._constraints.pop(entity_id, None)
            self._changed.notify_all()

    def telemetry(self, entity_id: str) -> VehicleTelemetry | None:
        """The newest report of an intent's aircraft; None where there is none."""
        with self._lock:
            return self._telemetry.get(entity_id)

    def put_telemetry(self, entity_id: str, telemetry: VehicleTelemetry) -> None:
        """A report came in; an older one than the last changes nothing, nor one of no intent."""
        with self._lock:
            if entity_id not in self._intents:
                return
            last = self._telemetry.get(entity_id)
            if last is None or last.time_measured.value <= telemetry.time_measured.value:
                self._telemetry[entity_id] = telemetry

    @contextmanager
    def alone(self, entity_id: str) -> Iterator[None]:
        """Have nobody else change the same intent or constraint while the block runs.

        What decides about a change is to be read inside the block. Whoever needs a zone and its
        constraint alone takes the zone first.
        """
        with self._turn(entity_id) as turn, turn:
            yield

    @contextmanager
    def alone_if_free(self, entity_id: str) -> Iterator[bool]:
        """The same without waiting: whether nobody else has it; the block runs in any case."""
        with self._turn(entity_id) as turn:
            is_ours = turn.acquire(blocking=False)
            try:
                yield is_ours
            finally:
                if is_ours:
                    turn.release()

    @contextmanager
    def _turn(self, entity_id: str) -> Iterator[Lock]:
        """The lock of one thing, there for as long as anybody needs it."""
        with self._lock:
            lock, users = self._alone.get(entity_id, (Lock(), 0))
            self._alone[entity_id] = (lock, users + 1)
        try:
            yield lock
        finally:
            with self._lock:
                lock, users = self._alone[entity_id]
                if users == 1:
                    del self._alone[entity_id]
                else:
                    self._alone[entity_id] = (lock, users - 1)


def _extent_of(published: PublishedIntent) -> Extent | None:
    """Everywhere an intent may be; None while the discovery service has not taken it."""
    if published.intent is None:
        return None
    details = published.intent.details
    volumes = (*(details.volumes or ()), *(details.off_nominal_volumes or ()))
    return extent_of([area_of(each) for each in volumes]) if volumes else None
